// What ten thousand terminals cost that have logged in and wait for somebody to come.
#include <sys/resource.h>

#include <thread>

#include "tests/promises/kit/terminal_fleet.h"
#include "tests/promises/kit/terminal_server.h"
#include "tests/promises/kit/trial.h"

namespace {

using namespace obverse;
using namespace obverse::promises;

constexpr double kib_max = 40;
constexpr std::size_t warm = 64;

// One call of each.
std::vector<Sample> one_each(std::size_t count) {
  std::vector<Sample> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    all[i].attempt = i;
    all[i].ship = static_cast<std::uint32_t>(i);
  }
  return all;
}

void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(500)); }

// `half_said`: each has begun a message, and does not go on.
void wait_together(Trial& trial, const Settings& changed, bool half_said) {
  const house::Estate estate;
  TerminalServer server(estate, changed);
  server.start();
  const Town town = found_town(estate, server.port(), 4, 16);
  const std::size_t many = trial.dial("terminals");
  const Fleet::Book pings{Phrase::ping()};
  const Fleet::Book pays{Phrase::pay(house::photo(1, 3), 1)};
  // What the first connections cost once is not the terminals'.
  Fleet first(server.port(), town.tills, warm);
  first.repeat(pings, warm, one_each(warm));
  settle();
  const std::uint64_t before = server.resident_bytes();
  Fleet fleet(server.port(), town.tills, many);
  settle();
  const auto each_kib = [&] {
    const std::uint64_t now = server.resident_bytes();
    const double grew = now > before ? static_cast<double>(now - before) : 0;
    return grew / 1024 / static_cast<double>(many);
  };
  // Of a few hundred, what the server takes once weighs more.
  const double bound = trial.brief() ? kib_max * 1.2 : kib_max;
  const double silent = each_kib();
  trial.check("an idle terminal's memory is at most " + fixed(bound, 0) + " KiB", silent <= bound,
              fixed(silent, 1) + " KiB");
  trial.figure("memory of an idle terminal, of " + std::to_string(many), fixed(silent, 1) + " KiB",
               fixed(kib_max, 0) + " KiB", silent <= kib_max);
  if (half_said) fleet.whisper(32 * 1024);
  std::size_t answered = 0, paid = 0;
  if (!half_said) {
    for (const Sample& each : fleet.repeat(pings, 64, one_each(many)))
      if (each.verdict == Verdict::done) ++answered;
    trial.check("every one of them is still there and is answered", answered == many,
                std::to_string(answered) + " of " + std::to_string(many));
  }
  settle();
  const double later = each_kib();
  trial.check("idle again after it has spoken, at most " + fixed(bound, 0) + " KiB", later <= bound,
              fixed(later, 1) + " KiB");
  trial.figure("memory of a terminal that has spoken and waits", fixed(later, 1) + " KiB",
               fixed(kib_max, 0) + " KiB", later <= kib_max);
  if (half_said) return;
  // Last: what a payment leaves in the log's memory is not the terminal's.
  for (const Sample& each : fleet.repeat(pays, 16, one_each(many)))
    if (each.verdict == Verdict::done) ++paid;
  trial.check("every one of them can take a payment", paid == many,
              std::to_string(paid) + " of " + std::to_string(many));
}

}  // namespace

int main(int count, char** arguments) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Trial trial({.name = "idle",
               .promise = "10,000 terminals that are logged in over TLS 1.3 and wait cost at most "
                          "40 KiB each, and each is answered when it speaks",
               .dials = {{"terminals", "that wait", 10'000, 500}},
               .mutants = {"half-said"}},
              count, arguments);
  if (trial.mutants().empty()) wait_together(trial, {}, false);
  // Each holds a message that is not said to its end, and nobody ends it.
  for (const std::string& each : trial.mutants()) {
    trial.expect_caught(each,
                        [&] { wait_together(trial, {{"bounds.message_ms_max", "600000"}}, true); });
  }
  return trial.close();
}
