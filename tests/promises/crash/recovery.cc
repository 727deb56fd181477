#include "tests/promises/crash/recovery.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "ledger/log/segment.h"
#include "tests/promises/crash/shared/power.h"
#include "tests/promises/crash/shared/settings.h"
#include "tests/promises/crash/shared/terminals.h"
#include "tests/promises/crash/shared/victim.h"

namespace obverse::mortal {
namespace {

using Watch = std::chrono::steady_clock;
constexpr std::uint64_t riders = 8;
constexpr std::uint64_t never = 1'000'000'000'000;  // a snapshot

double seconds_since(Watch::time_point then) {
  return std::chrono::duration<double>(Watch::now() - then).count();
}

struct Filled {
  std::uint64_t records = 0, events = 0;
};

// By a program of its own, which says what it wrote and ends by SIGKILL.
Filled fill(const house::Estate& estate, std::uint64_t events) {
  const std::string command = std::string(LOG_FILLER) + " " + (estate / "obverse.toml").string() +
                              " " + std::to_string(events) + " " + std::to_string(riders);
  Filled filled;
  FILE* const said = popen(command.c_str(), "r");
  if (said == nullptr) throw std::runtime_error("no process");
  const int read = std::fscanf(said, "%lu %lu", &filled.records, &filled.events);
  pclose(said);
  if (read != 2 || filled.events < events) throw std::runtime_error("the log was not filled");
  return filled;
}

void found(const house::Estate& estate, Victim& victim, const std::shared_ptr<ClientLoop>& loop) {
  const auto port = victim.start({});
  house::Terminal first(loop, *port, estate.terminal("first-operator"));
  house::set_up(first, estate);
  house::Terminal desk(loop, *port, estate.terminal("enrolment"));
  for (std::uint64_t face = 1; face <= riders; ++face) house::enrol(desk, face, 900'000);
  victim.kill();
}

// As a kill in the middle of an append leaves it: RocksDB has the last batch, the tail has not.
void tear_tail(const std::string& folder) {
  Disk& disk = real_disk();
  std::vector<std::uint64_t> numbers = segment_numbers(disk, folder);
  for (; !numbers.empty(); numbers.pop_back()) {
    const std::string path = folder + "/" + segment_name(numbers.back());
    const auto pieces = scan_segment(read_whole(disk, path));
    const auto batch = std::find_if(pieces.rbegin(), pieces.rend(), [](const Piece& piece) {
      return piece.good && piece.header->kind == FrameKind::entries;
    });
    if (batch == pieces.rend()) continue;
    disk.open(path)->write(batch->offset, std::string(batch->bytes, '\0'));
    return;
  }
  throw std::runtime_error("the log has no batch");
}

}  // namespace

void measure_recovery(promises::Trial& trial, const std::string& server, std::uint64_t events,
                      std::uint64_t starts) {
  const house::Estate estate;
  write_settings(estate, never);
  const auto loop = std::make_shared<ClientLoop>();
  Victim victim(server, estate / "obverse.toml", estate / "words");
  found(estate, victim, loop);
  const auto began = Watch::now();
  const Filled filled = fill(estate, events);
  trial.say("  " + std::to_string(filled.events) + " events in " + std::to_string(filled.records) +
            " records since the snapshot, written in " + promises::fixed(seconds_since(began), 1) +
            " s");
  std::filesystem::rename(estate / "data", estate / "crashed");
  std::vector<double> serving, answered, repaired, busy;
  for (std::uint64_t i = 0; i < starts; ++i) {
    std::filesystem::remove_all(estate / "data");
    copy_folder(estate / "crashed", estate / "data");
    const bool is_torn = i % 2 == 1;
    if (is_torn) tear_tail((estate / "data/log/tail").string());
    const auto begin = Watch::now();
    const auto port = victim.start({});
    if (!port) throw std::runtime_error("the server was killed");
    serving.push_back(seconds_since(begin));
    house::Seen seen;
    Terminals terminals(loop, *port, estate, seen);
    Ask ask;
    ask.number = 7'000'000 + i;
    ask.face = 1;
    ask.yen = 1;
    const mortal::Answer answer = terminals.ask(ask).wait(terminals.wait_scope());
    answered.push_back(seconds_since(begin));
    if (is_torn) repaired.push_back(answered.back());
    trial.check("a recovered server takes money", answer.yes && answer.position > filled.records,
                answer.refusal);
    victim.kill();
    busy.push_back(victim.cpu_seconds());
    trial.progress(i + 1, starts, "starts");
  }
  const double p99 = promises::quantile(answered, 0.99);
  const auto middle = [](std::vector<double>& values) {
    return promises::fixed(promises::quantile(values, 0.5) * 1'000, 0) + " ms";
  };
  trial.figure("start to first answer, p99 of " + std::to_string(starts) + " starts with " +
                   std::to_string(filled.events) + " events since the snapshot",
               promises::fixed(p99 * 1'000, 0) + " ms (middle " + middle(answered) +
                   ", with a repair " + middle(repaired) + ", listening after " + middle(serving) +
                   ", of the processors " + middle(busy) + ")",
               "at most 1,000 ms", p99 <= 1.0);
}

}  // namespace obverse::mortal
