// Damage: a bit flipped in every so many bytes of every file, files cut short, both copies at once.
// Never silent: every acknowledged entry reads back as it was (and the report says what was
// repaired), or LogDamage names where. OBVERSE_FLIP_STEP=1 flips in every byte.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <set>

#include "ledger/log/read_only_log.h"
#include "ledger/log/segment.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

using Image = std::map<std::string, std::string>;

constexpr std::uint64_t entries = 60;

struct Bench {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);
  RocksLogOptions options() { return simulated_options(disk, *env); }
};

// A log of two lives: the first is in tables, the second in the write-ahead log. Closed in good
// order or not.
Image make_image(bool closed) {
  Bench bench;
  Image image;
  std::uint64_t next = 1;
  for (int life = 0; life < 2; ++life) {
    RocksLog log("/log", bench.options());
    Head head = log.acquire();
    for (const std::size_t count : {1U, 5U, 14U, 10U}) {
      BOOST_TEST((log.append(head, conformance::entries_of(next, count)) == Appended::committed));
      next += count;
    }
    if (life == 0)
      log.keep_snapshot({{20}, log.read({20}, 1).at(0).chain, "format", Bytes(100, 's')});
    image = bench.disk.image();
  }
  BOOST_TEST(next == entries + 1);
  return closed ? bench.disk.image() : image;
}

enum class Fate : std::uint8_t { unharmed, repaired, refused, silent };

struct Outcome {
  Fate fate = Fate::unharmed;
  std::string words;
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t first_bad = 0;
};

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// Everything that was acknowledged is there, and a snapshot is what it was or absent.
std::string wrong_with(const RocksLog& log) {
  for (const Snapshot& snapshot : log.snapshots())
    if (snapshot.at.value != 20 || snapshot.state != Bytes(100, 's')) return "the snapshot differs";
  return conformance::differs(log, entries);
}

// Damage that is seen while the log is read stops the process; the start after that must repair it.
Outcome open_on(const Image& image, bool keep_tail = true) {
  Bench bench;
  bench.disk.restore(image);
  RocksLogOptions options = bench.options();
  options.keep_tail = keep_tail;
  for (bool seen_while_reading = false;; seen_while_reading = true) {
    std::optional<RocksLog> log;
    try {
      log.emplace("/log", options);
      const std::string wrong = wrong_with(*log);
      if (!wrong.empty()) return {Fate::silent, wrong, "", 0, 0};
      const std::string words = joined(log->report());
      return {words.empty() ? Fate::unharmed : Fate::repaired, words, "", 0, 0};
    } catch (const LogDamage& damage) {
      if (!log || seen_while_reading)
        return {Fate::refused, damage.what(), damage.file, damage.offset, damage.first_bad.value};
    }
  }
}

std::uint64_t flip_step() {
  const char* wanted = std::getenv("OBVERSE_FLIP_STEP");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 29;
}

struct Tally {
  std::map<std::string, std::map<Fate, std::uint64_t>> by_kind;
  std::uint64_t silent = 0, refused = 0, repaired = 0, flips = 0;
};

std::string kind_of(const std::string& path) {
  if (path.ends_with(".log")) return "write-ahead log";
  if (path.ends_with(".sst")) return "table";
  if (path.find("MANIFEST") != std::string::npos) return "MANIFEST";
  if (path.ends_with("CURRENT")) return "CURRENT";
  if (path.ends_with(".tail")) return "tail";
  if (path.ends_with(".snapshot")) return "snapshot";
  return "other";
}

Tally flip_all(const Image& image, std::uint64_t step, bool keep_tail,
               const std::string& only = "") {
  Tally tally;
  std::uint64_t phase = 0;
  for (const auto& [path, bytes] : image) {
    const std::string kind = kind_of(path);
    if (!only.empty() && kind != only) continue;
    std::uint64_t stride = bytes.size() < 200 ? 1 + step / 8 : step;
    if (kind == "other" && step > 1) stride *= 16;  // options, identity: nothing of ours
    for (std::uint64_t at = ++phase % stride; at < bytes.size(); at += stride) {
      if (kind == "tail" && bytes[at] == '\0' && at % 8 != 0 && step > 1)
        continue;  // mostly padding
      Image flipped = image;
      flipped[path][at] = static_cast<char>(flipped[path][at] ^ (1 << (at % 8)));
      const Outcome outcome = open_on(flipped, keep_tail);
      ++tally.by_kind[kind][outcome.fate];
      ++tally.flips;
      if (outcome.fate == Fate::silent && keep_tail)
        BOOST_ERROR("silent: " << path << " byte " << at << ": " << outcome.words);
      if (tally.by_kind[kind][outcome.fate] == 1 && !outcome.words.empty())
        BOOST_TEST_MESSAGE("for example: " << path << " byte " << at << ": " << outcome.words);
      if (outcome.fate == Fate::silent) ++tally.silent;
      if (outcome.fate == Fate::refused) ++tally.refused;
      if (outcome.fate == Fate::refused && keep_tail)
        BOOST_ERROR("refused: " << path << " byte " << at << ": " << outcome.words);
      if (outcome.fate == Fate::repaired) ++tally.repaired;
    }
  }
  for (const auto& [kind, fates] : tally.by_kind) {
    std::string line = kind + ":";
    for (const auto& [fate, count] : fates)
      line +=
          std::string(" ") +
          std::array{"unharmed", "repaired", "refused", "silent"}[static_cast<std::size_t>(fate)] +
          " " + std::to_string(count);
    BOOST_TEST_MESSAGE(line);
  }
  return tally;
}

BOOST_AUTO_TEST_SUITE(damage)

BOOST_AUTO_TEST_CASE(an_unharmed_log_opens_without_a_word) {
  BOOST_TEST((open_on(make_image(true)).fate == Fate::unharmed));
  BOOST_TEST((open_on(make_image(false)).fate == Fate::unharmed));
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_is_silent_and_each_is_repaired) {
  const Tally crashed = flip_all(make_image(false), flip_step(), true);
  BOOST_TEST_MESSAGE("flips " << crashed.flips << ", repaired " << crashed.repaired);
  BOOST_TEST(crashed.silent == 0U);
  BOOST_TEST(crashed.refused == 0U);
  BOOST_TEST(crashed.repaired > 0U);
}

BOOST_AUTO_TEST_CASE(without_the_tail_flips_lose_entries) {
  const Tally tally = flip_all(make_image(false), 97, false, "write-ahead log");
  BOOST_TEST(tally.silent > 0U);  // what RocksDB alone does, and what this test can see
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
