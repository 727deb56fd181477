// Damage: a bit flipped in every so many bytes of every file, files cut short, both copies at once.
// Never silent: every acknowledged entry reads back as it was (and the report says what was
// repaired), or LogDamage names where. OBVERSE_FLIP_STEP=1 flips in every byte.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <set>

#include "ledger/log/segment.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

using Image = std::map<std::string, std::string>;

constexpr std::uint64_t entries = 60;
constexpr const char* tail_path = "/log/tail/000000000001.tail";

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
      if (keep_tail) log->verify();  // nothing is left that the next start would not repair
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

BOOST_AUTO_TEST_CASE(no_flipped_bit_is_silent_and_each_is_repaired,
                     *boost::unit_test::label("exhaustive")) {
  const Tally crashed = flip_all(make_image(false), flip_step(), true);
  BOOST_TEST_MESSAGE("flips " << crashed.flips << ", repaired " << crashed.repaired);
  BOOST_TEST(crashed.silent == 0U);
  BOOST_TEST(crashed.refused == 0U);
  BOOST_TEST(crashed.repaired > 0U);
}

// Frames with entries, from the second life on: RocksDB has those in its write-ahead log.
std::vector<Piece> young_frames(const Image& image) {
  std::vector<Piece> frames;
  for (const Piece& piece : scan_segment(image.at(tail_path)))
    if (piece.header->kind == FrameKind::entries && piece.header->first.value > 30)
      frames.push_back(piece);
  BOOST_TEST(frames.size() == 4U);
  return frames;
}

void flip(Image& image, const std::string& path, std::uint64_t at) {
  image.at(path).at(at) = static_cast<char>(image.at(path).at(at) ^ 4);
}

// The longest of its kind.
std::string path_of(const Image& image, const std::string& kind) {
  std::string longest;
  for (const auto& [path, bytes] : image)
    if (kind_of(path) == kind && (longest.empty() || bytes.size() > image.at(longest).size()))
      longest = path;
  return longest;
}

// Exact in content; whether a word had to be said is another matter.
bool mended(const Image& image) {
  const Outcome outcome = open_on(image);
  return outcome.fate == Fate::repaired || outcome.fate == Fate::unharmed;
}

BOOST_AUTO_TEST_CASE(both_copies_of_an_entry_damaged_is_refused_by_name) {
  const Image image = make_image(true);
  for (const Piece& frame : young_frames(image)) {
    for (const std::uint64_t at :
         {std::uint64_t{20}, frame_header_bytes + std::uint64_t{30}}) {  // header, body
      Image damaged = image;
      flip(damaged, tail_path, frame.offset + at);
      flip(damaged, path_of(image, "write-ahead log"), 20);
      const Outcome outcome = open_on(damaged);
      BOOST_TEST((outcome.fate == Fate::refused));
      BOOST_TEST(outcome.file == tail_path);
      BOOST_TEST(outcome.offset == frame.offset);
      BOOST_TEST(outcome.first_bad == frame.header->first.value);
      BOOST_TEST(outcome.words.find("Way out") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(different_entries_damaged_in_the_two_copies_are_joined) {
  const Image image = make_image(false);
  for (const Piece& frame :
       young_frames(image)) {  // RocksDB has these, and has lost the first life
    Image damaged = image;
    flip(damaged, tail_path, frame.offset + 200);
    flip(damaged, path_of(image, "table"), 100);
    BOOST_TEST((open_on(damaged).fate == Fate::repaired));
  }
}

BOOST_AUTO_TEST_CASE(files_cut_short_or_gone_are_repaired) {
  const Image image = make_image(false);
  std::map<Fate, int> fates;
  for (const auto& [path, bytes] : image) {
    const std::string kind = kind_of(path);
    if (kind == "other" || bytes.empty()) continue;
    for (int i = 0; i <= 8; ++i) {
      Image damaged = image;
      damaged[path].resize(bytes.size() * static_cast<std::size_t>(i) / 9 + (i % 2 == 0 ? 0U : 1U));
      const Outcome outcome = open_on(damaged);
      BOOST_TEST((outcome.fate == Fate::repaired || outcome.fate == Fate::unharmed),
                 path << " cut to " << damaged[path].size() << ": " << outcome.words);
      ++fates[outcome.fate];
    }
    Image gone = image;
    gone.erase(path);
    const Outcome outcome = open_on(gone);
    BOOST_TEST((outcome.fate == Fate::repaired || outcome.fate == Fate::unharmed),
               path << ": " << outcome.words);
  }
  BOOST_TEST(fates[Fate::repaired] > 20);
}

BOOST_AUTO_TEST_CASE(either_copy_gone_or_of_an_older_day_is_made_again) {
  const Image image = make_image(false);
  for (const std::string folder : {"/log/rocks", "/log/tail"}) {
    Image gone = image;
    std::erase_if(gone, [&](const auto& file) { return file.first.starts_with(folder + "/"); });
    BOOST_TEST((open_on(gone).fate == Fate::repaired), folder);
  }
  Image old_tail = image;  // the frames of the second life were never written
  for (std::size_t at = young_frames(image).front().offset; at < old_tail[tail_path].size(); ++at)
    old_tail[tail_path][at] = '\0';
  BOOST_TEST((open_on(old_tail).fate == Fate::repaired));
  Image old_rocks = image;
  old_rocks[path_of(image, "write-ahead log")].clear();
  BOOST_TEST((open_on(old_rocks).fate == Fate::repaired));
}

BOOST_AUTO_TEST_CASE(pages_of_the_tail_zeroed_doubled_or_exchanged_are_repaired) {
  const Image image = make_image(false);
  const std::size_t used = young_frames(image).back().offset + frame_page_bytes;
  for (std::size_t page = 0; page < used; page += frame_page_bytes) {
    Image zeroed = image;
    zeroed[tail_path].replace(page, frame_page_bytes, frame_page_bytes, '\0');
    BOOST_TEST((open_on(zeroed).fate == Fate::repaired), "zeroed " << page);
    Image doubled = image;
    doubled[tail_path].replace(page + frame_page_bytes, frame_page_bytes, image.at(tail_path), page,
                               frame_page_bytes);
    BOOST_TEST(mended(doubled), "doubled " << page);
    Image exchanged = doubled;
    exchanged[tail_path].replace(page, frame_page_bytes, image.at(tail_path),
                                 page + frame_page_bytes, frame_page_bytes);
    BOOST_TEST(mended(exchanged), "exchanged " << page);
  }
}

// What a start looks for again after a repair is what it had looked for before: damage that only a
// thorough look finds must not be taken for a repair that failed.
BOOST_AUTO_TEST_CASE(rot_that_is_not_looked_for_does_not_spoil_the_repair_of_a_lost_batch) {
  Image image = make_image(false);
  std::erase_if(image, [](const auto& file) { return kind_of(file.first) == "snapshot"; });
  std::string& wal = image.at(path_of(image, "write-ahead log"));
  wal.resize(wal.size() - 200);
  int tables = 0;
  for (const auto& [path, bytes] : image) {
    if (kind_of(path) != "table") continue;
    Image damaged = image;
    flip(damaged, path, 100);
    const Outcome outcome = open_on(damaged);
    BOOST_TEST((outcome.fate == Fate::repaired), path << ": " << outcome.words);
    ++tables;
  }
  BOOST_TEST(tables >= 2);  // of entries, and of keys
}

BOOST_AUTO_TEST_CASE(a_log_that_ends_before_its_snapshot_is_refused) {
  Image image = make_image(false);
  Bench other;
  other.disk.restore(image);
  {
    RocksLog log("/log", other.options());
    const Head head = log.acquire();
    log.keep_snapshot({head.last, head.chain, "format", "state"});
  }
  for (const auto& [path, bytes] : other.disk.image())
    if (kind_of(path) == "snapshot") image[path] = bytes;
  for (std::size_t at = young_frames(image).front().offset; at < image[tail_path].size(); ++at)
    image[tail_path][at] = '\0';
  image[path_of(image, "write-ahead log")].clear();
  const Outcome outcome = open_on(image);
  BOOST_TEST((outcome.fate == Fate::refused));
  BOOST_TEST(outcome.first_bad == 31U);
}

BOOST_AUTO_TEST_CASE(without_the_tail_flips_lose_entries, *boost::unit_test::label("exhaustive")) {
  const Tally tally = flip_all(make_image(false), 97, false, "write-ahead log");
  BOOST_TEST(tally.silent > 0U);  // what RocksDB alone does, and what this test can see
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
