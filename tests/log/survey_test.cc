// What a survey says of two copies: where it begins, what it calls torn, what it calls damaged,
// what it refuses. (damage_test.cc surveys and repairs thousands of damaged logs.)
#include "ledger/log/survey.h"

#include <rocksdb/db.h>

#include <boost/test/unit_test.hpp>

#include "ledger/log/snapshots.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

const std::string tail_folder = "/log/tail";

struct Fixture {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);
  std::unique_ptr<RocksStore> store;

  // `batches` of 20 entries each, of which every third is followed by a snapshot.
  explicit Fixture(int batches) {
    std::map<std::string, std::string> image;
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    for (int i = 0; i < batches; ++i) {
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 20)) ==
                  Appended::committed));
      if (i % 3 == 2) log.keep_snapshot({head.last, head.chain, "", ""});
      image = disk.image();
    }
    crashed_ = image;
  }
  void open(std::map<std::string, std::string> image) {
    store.reset();
    disk.restore(image);
    auto opened =
        RocksStore::open("/log/rocks", RocksStore::Opening::lenient, {env.get(), 1U << 16U, true});
    if (opened) store = std::move(*opened);
  }
  Survey look(bool everything = false) {
    return survey({disk,
                   tail_folder,
                   "/log/rocks",
                   store.get(),
                   {"/log/rocks", 0, "refused"},
                   find_snapshots(disk, "/log/snapshots").good,
                   everything,
                   std::nullopt});
  }
  std::map<std::string, std::string> crashed() const { return crashed_; }
  std::string last_segment() const {
    std::string last;
    for (const auto& [path, bytes] : crashed_)
      if (path.ends_with(".tail") && !scan_segment(bytes).empty()) last = path;
    return last;
  }

 private:
  std::map<std::string, std::string> crashed_;
};

// Key and position; no position: the key goes.
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string bytes_of(const Digest& digest) { return {digest.bytes.begin(), digest.bytes.end()}; }

std::string position_bytes(std::uint64_t position) {
  return std::string(7, '\0') + static_cast<char>(position);
}

struct Silent final : rocksdb::Logger {
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

void change_keys(Fixture& f, const Pairs& pairs) {
  f.store.reset();
  rocksdb::Options options;
  options.env = f.env.get();
  options.info_log = std::make_shared<Silent>();  // the simulated disk has none of its own
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(
      options, "/log/rocks", {{"default", options}, {"entries", options}, {"keys", options}},
      &families, &opened);
  BOOST_REQUIRE_MESSAGE(status.ok(), status.ToString());
  const std::unique_ptr<rocksdb::DB> database(opened);
  for (const auto& [key, position] : pairs) {
    const auto done = position.empty() ? database->Delete({}, families.at(2), key)
                                       : database->Put({}, families.at(2), key, position);
    BOOST_TEST(done.ok());
  }
  BOOST_TEST(database->CompactRange({}, families.at(2), nullptr, nullptr).ok());
  for (auto* family : families) BOOST_TEST(database->DestroyColumnFamilyHandle(family).ok());
}

BOOST_AUTO_TEST_SUITE(survey_of_two_copies)

BOOST_AUTO_TEST_CASE(a_good_log_begins_at_the_snapshots_segment_or_at_the_beginning) {
  Fixture f(60);
  f.open(f.crashed());
  const Survey part = f.look();
  BOOST_TEST(part.partial);
  BOOST_TEST(!part.needs_repair());
  BOOST_TEST(part.findings.empty());
  BOOST_TEST(part.head.last.value == 1200U);
  BOOST_TEST(part.head.epoch == 1U);
  const Survey whole = f.look(true);
  BOOST_TEST(!whole.partial);
  BOOST_TEST(whole.segments.size() > part.segments.size());
  BOOST_TEST((whole.head == part.head));
  BOOST_TEST(whole.keys == part.keys);
  BOOST_TEST(whole.keys == 1200U - 1200U / 7U);
}

BOOST_AUTO_TEST_CASE(old_damage_is_seen_by_the_whole_survey_only) {
  Fixture f(60);
  auto image = f.crashed();
  const std::string first = "/log/tail/000000000001.tail";
  const Piece frame = scan_segment(image[first]).at(3);
  image[first][frame.offset + 300] ^= 1;
  f.open(image);
  BOOST_TEST(!f.look().needs_repair());
  const Survey whole = f.look(true);
  BOOST_TEST(whole.damaged);
  BOOST_REQUIRE(whole.findings.size() == 1U);
  BOOST_TEST(whole.findings[0].file == first);
  BOOST_TEST(whole.findings[0].offset == frame.offset);
  BOOST_TEST((whole.findings[0].first == frame.header->first));
}

BOOST_AUTO_TEST_CASE(a_torn_tail_is_what_nobody_acknowledged) {
  Fixture f(4);
  auto image = f.crashed();
  const std::string path = f.last_segment();
  const auto pieces = scan_segment(image[path]);
  const std::uint64_t end = pieces.back().offset + pieces.back().bytes;
  image[path].replace(end, 6000, 6000, 'g');  // garbage of a frame that was under way
  f.open(image);
  const Survey found = f.look();
  BOOST_TEST(!found.damaged);
  BOOST_TEST(found.torn_bytes == 2 * frame_page_bytes);
  BOOST_TEST(found.end_offset == end);
  BOOST_TEST(found.head.last.value == 80U);
  BOOST_REQUIRE(found.findings.size() == 1U);
  BOOST_TEST(found.findings[0].words.find("torn") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_batch_in_one_copy_only_counts) {
  Fixture f(4);
  auto image = f.crashed();
  const std::string path = f.last_segment();
  const Piece last = scan_segment(image[path]).back();
  for (std::uint64_t at = last.offset; at < last.offset + last.bytes; ++at) image[path][at] = '\0';
  f.open(image);
  const Survey only_rocks = f.look();
  BOOST_TEST(only_rocks.head.last.value == 80U);
  BOOST_TEST(only_rocks.tail_last.value == 60U);
  BOOST_TEST(only_rocks.needs_repair());
  BOOST_TEST(!only_rocks.damaged);
  image = f.crashed();
  for (auto& [name, bytes] : image)
    if (name.ends_with(".log")) bytes.resize(bytes.size() - 10);
  f.open(image);
  const Survey only_tail = f.look();
  BOOST_TEST(only_tail.head.last.value == 80U);
  BOOST_REQUIRE(only_tail.rocks_short_from.has_value());
  BOOST_TEST(only_tail.rocks_short_from->value == 61U);
  BOOST_TEST((only_tail.head == only_rocks.head));
}

BOOST_AUTO_TEST_CASE(the_same_position_bad_in_both_is_refused) {
  Fixture f(4);
  auto image = f.crashed();
  const std::string path = f.last_segment();
  const Piece frame = scan_segment(image[path]).at(2);
  image[path][frame.offset + 300] ^= 1;
  for (auto& [name, bytes] : image)
    if (name.ends_with(".log")) bytes[20] ^= 1;
  f.open(image);
  try {
    f.look();
    BOOST_ERROR("the survey passed");
  } catch (const LogDamage& damage) {
    BOOST_TEST(damage.file == path);
    BOOST_TEST(damage.offset == frame.offset);
    BOOST_TEST((damage.first_bad == frame.header->first));
  }
}

// Where frames are missing at the end of a segment, no bad byte stands in the next one.
BOOST_AUTO_TEST_CASE(frames_lost_at_the_end_of_a_segment_are_named_there) {
  Fixture f(60);
  auto image = f.crashed();
  const std::string first = "/log/tail/000000000001.tail";
  const Piece last = scan_segment(image[first]).back();
  image[first].replace(last.offset, last.bytes, last.bytes, '\0');
  f.open(image);
  const Survey found = f.look(true);
  BOOST_TEST(found.damaged);
  BOOST_REQUIRE(found.findings.size() == 1U);
  BOOST_TEST(found.findings[0].file == first);
  BOOST_TEST(found.findings[0].offset == last.offset);
  BOOST_TEST((found.findings[0].first == last.header->first));
  image[first].resize(last.offset);  // cut where a frame ends
  f.open(image);
  const Survey cut = f.look(true);
  BOOST_REQUIRE(cut.findings.size() == 1U);
  BOOST_TEST(cut.findings[0].file == first);
  BOOST_TEST(cut.findings[0].offset == last.offset);
  image = f.crashed();
  const std::string second = "/log/tail/000000000002.tail";
  const Position lost = scan_segment(image[second]).front().header->first;
  image.erase(second);
  f.open(image);
  const Survey without = f.look(true);
  BOOST_REQUIRE(without.findings.size() == 1U);
  BOOST_TEST(without.findings[0].file == second);
  BOOST_TEST(without.findings[0].offset == 0U);
  BOOST_TEST((without.findings[0].first == lost));
}

// The chain holds over frames without entries wherever they stand.
BOOST_AUTO_TEST_CASE(a_frame_without_entries_that_stands_twice_or_too_late_is_bad) {
  Fixture f(2);
  f.open(f.crashed());
  f.store.reset();
  std::map<std::string, std::string> image;
  for (int life = 0; life < 2; ++life) {
    RocksLog log("/log", simulated_options(f.disk, *f.env));
    Head head = log.acquire();
    BOOST_TEST(
        (log.append(head, conformance::entries_of(head.last.value + 1, 5)) == Appended::committed));
    image = f.disk.image();
  }
  const std::string path = f.last_segment();
  const auto pieces = scan_segment(image[path]);
  const auto closed = std::ranges::find_if(
      pieces, [](const Piece& piece) { return piece.header->kind == FrameKind::closed; });
  BOOST_REQUIRE((closed != pieces.end() && (closed + 1)->header->kind == FrameKind::epoch));
  const std::string ending = image[path].substr(closed->offset, closed->bytes);
  const std::string beginning = image[path].substr((closed + 1)->offset, (closed + 1)->bytes);
  BOOST_REQUIRE(ending.size() == beginning.size());
  f.open(image);
  BOOST_TEST(!f.look(true).needs_repair());
  auto twice = image;
  twice[path].replace((closed + 1)->offset, ending.size(), ending);
  auto swapped = twice;
  swapped[path].replace(closed->offset, beginning.size(), beginning);
  const Piece& entries = *(closed + 2);  // of the epoch that the frame before it begins
  BOOST_REQUIRE(entries.header->count == 5U);
  auto behind = image;
  behind[path].replace((closed + 1)->offset, entries.bytes,
                       image[path].substr(entries.offset, entries.bytes));
  behind[path].replace((closed + 1)->offset + entries.bytes, beginning.size(), beginning);
  for (const auto& [damaged, from] :
       {std::pair(twice, closed + 1), std::pair(swapped, closed), std::pair(behind, closed + 1)}) {
    f.open(damaged);
    const Survey found = f.look(true);
    BOOST_TEST(found.damaged);
    BOOST_REQUIRE(found.findings.size() == 1U);
    BOOST_TEST(found.findings[0].offset == from->offset);
    BOOST_TEST((found.findings[0].first == from->header->first));
    BOOST_TEST(found.head.last.value == 50U);
    f.store.reset();
    const RocksLog repaired("/log", simulated_options(f.disk, *f.env));
    BOOST_TEST(repaired.report().size() > 0U);
    repaired.verify();
  }
}

BOOST_AUTO_TEST_CASE(a_segment_that_begins_with_another_frame_is_bad_from_its_beginning) {
  Fixture f(2);
  auto image = f.crashed();
  const std::string path = f.last_segment();
  const auto pieces = scan_segment(image[path]);
  BOOST_REQUIRE(pieces.at(0).header->kind == FrameKind::segment);
  const auto other = std::ranges::find_if(pieces, [&](const Piece& piece) {
    return piece.header->count != 0 && piece.header->first.value == 1;
  });
  BOOST_REQUIRE(other != pieces.end());
  const std::string first = image[path].substr(0, pieces[0].bytes);
  const std::string entries = image[path].substr(other->offset, other->bytes);
  image[path].replace(other->offset, other->bytes, other->bytes, '\0');
  image[path].replace(other->offset, first.size(), first);
  image[path].replace(0, entries.size(), entries);
  f.open(image);
  const Survey found = f.look(true);
  BOOST_TEST(found.damaged);
  BOOST_REQUIRE(!found.findings.empty());
  BOOST_TEST(found.findings[0].offset == 0U);
  BOOST_TEST(found.head.last.value == 40U);
  f.store.reset();
  const RocksLog repaired("/log", simulated_options(f.disk, *f.env));
  repaired.verify();
}

// RocksDB's keys with good checksums and in the right number: only their sense is wrong.
BOOST_AUTO_TEST_CASE(a_key_that_leads_elsewhere_or_nowhere_is_damage) {
  Fixture f(4);
  f.open(f.crashed());
  const auto key_of = [&](std::uint64_t position) {
    return bytes_of(f.store->at({position})->value().key.value());
  };
  const std::string other(32, 'k');
  struct Case {
    Pairs changes;
    std::uint64_t first_bad;
  };
  const std::vector<Case> cases{
      {{}, 0},
      {{{key_of(31), position_bytes(44)}, {key_of(44), position_bytes(31)}}, 31},
      {{{key_of(50), position_bytes(51)}}, 50},
      {{{key_of(50), "short"}}, 50},
      {{{key_of(50), ""}, {other, position_bytes(50)}}, 50},
      {{{key_of(50), ""}, {other, position_bytes(90)}}, 50},
  };
  for (const auto& [changes, first_bad] : cases) {
    f.open(f.crashed());
    change_keys(f, changes);
    f.open(f.disk.image());
    BOOST_TEST(!f.look().needs_repair());  // a start that has no doubts reads no keys
    const Survey found = f.look(true);
    BOOST_TEST(found.rocks_rebuild == (first_bad != 0));
    BOOST_REQUIRE(found.findings.size() == (first_bad != 0 ? 1U : 0U));
    if (first_bad != 0) BOOST_TEST((found.findings[0].first == Position{first_bad}));
  }
}

BOOST_AUTO_TEST_CASE(without_rocksdb_the_tail_says_all) {
  Fixture f(60);
  auto image = f.crashed();
  std::erase_if(image, [](const auto& file) { return file.first.starts_with("/log/rocks/"); });
  f.open(image);
  BOOST_TEST((f.store == nullptr));
  const Survey found = f.look();
  BOOST_TEST(found.rocks_rebuild);
  BOOST_TEST(found.head.last.value == 1200U);
  BOOST_TEST(found.keys == 1200U - 1200U / 7U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
