// What a start has in hand is read as from the log itself, and not beyond what it has.
#include "ledger/log/verified_entries.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "ledger/log/rocks_log.h"
#include "tests/log/conformance.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

// Frames of one, two and three entries, from position 1 on: 60 entries in one segment.
std::shared_ptr<const CheckedSegment> segment_of_sixty(const TemporaryFolder& folder) {
  std::string bytes, frame;
  FrameHeader header;
  std::uint64_t position = 1;
  for (std::size_t i = 0; i < 30; ++i) {
    std::vector<NewEntry> batch;
    header.first = {position};
    header.before = header.after;
    for (std::size_t j = 0; j < 1 + i % 3; ++j, ++position) {
      batch.push_back({"entry " + std::to_string(position), std::nullopt});
      header.after = chain_after(header.after, {position}, batch.back().payload);
    }
    encode_frame(header, batch, frame);
    bytes += frame;
  }
  BOOST_REQUIRE_EQUAL(position, 61U);
  write_whole(real_disk(), folder.in("segment"), bytes);
  return check_segment(real_disk(), folder.in("segment"));
}

BOOST_AUTO_TEST_SUITE(verified_entries)

BOOST_AUTO_TEST_CASE(from_anywhere_as_many_as_are_asked_for_and_none_after_the_last) {
  const TemporaryFolder folder;
  const auto segment = segment_of_sixty(folder);
  VerifiedEntries verified;
  for (const CheckedPiece& piece : segment->pieces) verified.add(segment, piece);
  for (std::uint64_t from = 1; from <= 62; ++from)
    for (const std::uint64_t max : {1U, 2U, 7U, 100U})
      for (const std::uint64_t last : {30U, 60U}) {
        const auto entries = verified.read({from}, max, {last});
        const std::uint64_t there = from > last ? 0 : last - from + 1;
        BOOST_REQUIRE_EQUAL(entries.size(), std::min(max, there));
        for (std::size_t i = 0; i < entries.size(); ++i) {
          BOOST_REQUIRE_EQUAL(entries[i].position.value, from + i);
          BOOST_REQUIRE_EQUAL(entries[i].payload, "entry " + std::to_string(from + i));
          const Digest before = i > 0 ? entries[i - 1].chain : Digest{};
          if (i > 0 || from == 1)
            BOOST_REQUIRE(chain_after(before, {from + i}, entries[i].payload) == entries[i].chain);
        }
      }
}

// What a frame says of the chain before it is for the reader to check.
BOOST_AUTO_TEST_CASE(all_but_the_first_of_a_frame_are_known_to_follow) {
  const TemporaryFolder folder;
  const auto segment = segment_of_sixty(folder);
  VerifiedEntries verified;
  for (const CheckedPiece& piece : segment->pieces) verified.add(segment, piece);
  std::set<Position> firsts;
  for (const CheckedPiece& piece : segment->pieces) firsts.insert(piece.piece.header->first);
  for (const std::uint64_t from : {1U, 5U, 6U})
    for (const StoredEntry& entry : verified.read({from}, 100, {60}))
      BOOST_TEST(entry.follows == !firsts.contains(entry.position));
}

BOOST_AUTO_TEST_CASE(a_gap_ends_what_is_read) {
  const TemporaryFolder folder;
  const auto segment = segment_of_sixty(folder);
  VerifiedEntries verified;
  for (std::size_t i = 3; i < segment->pieces.size(); ++i)
    if (i != 10) verified.add(segment, segment->pieces[i]);
  const Position missing = segment->pieces[10].piece.header->first;
  BOOST_TEST(verified.read({1}, 100, {60}).empty());
  BOOST_TEST(verified.read({7}, 100, {60}).size() == missing.value - 7);
  BOOST_TEST(verified.read(missing, 100, {60}).empty());
  BOOST_TEST(!verified.read({missing.value + 3}, 100, {60}).empty());
}

BOOST_AUTO_TEST_CASE(no_more_memory_than_it_may_have) {
  const TemporaryFolder folder;
  const auto first = segment_of_sixty(folder);
  VerifiedEntries verified(first->bytes.size() + 1);
  verified.add(first, first->pieces.at(0));
  const auto second = segment_of_sixty(folder);
  verified.add(second, second->pieces.at(1));
  BOOST_TEST(verified.read({1}, 100, {60}).size() == 1U);
  BOOST_TEST(second.use_count() == 1);
}

// After a start the whole log reads the same three times: in hand, to its end, and without it.
BOOST_AUTO_TEST_CASE(a_log_reads_the_same_with_it_and_after_it) {
  const TemporaryFolder folder;
  RocksLogOptions options;
  options.free_bytes_min = 1;
  options.ballast_bytes = 0;
  std::vector<StoredEntry> expected;
  {
    RocksLog log(folder.in("log"), options);
    Head head = log.acquire();
    for (std::uint64_t n = 1; n <= 300; ++n)
      log.append(head, std::vector<NewEntry>{{"entry " + std::to_string(n), std::nullopt}});
    expected = log.read({1}, 1'000);
  }
  BOOST_REQUIRE_EQUAL(expected.size(), 300U);
  RocksLog log(folder.in("log"), options);
  BOOST_TEST((log.read({1}, 300) == expected));    // in hand
  BOOST_TEST((log.read({1}, 1'000) == expected));  // and to the end: it is given up
  BOOST_TEST((log.read({1}, 1'000) == expected));  // from RocksDB
  Head head = log.acquire();
  log.append(head, std::vector<NewEntry>{{"one more", std::nullopt}});
  BOOST_TEST(log.read({301}, 10).at(0).payload == "one more");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
