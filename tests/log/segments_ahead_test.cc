// Segments that were checked by another thread are those that one would have checked oneself.
#include "ledger/log/segments_ahead.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/rocks_log.h"
#include "tests/log/conformance.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

// A log of many small segments.
struct Kept {
  Kept() {
    RocksLogOptions options;
    options.free_bytes_min = 1;
    options.ballast_bytes = 0;
    options.tail.segment_bytes = 64U << 10U;
    RocksLog log(folder.in("log"), options);
    Head head = log.acquire();
    for (std::uint64_t n = 1; n <= 60; ++n) {
      const std::vector<NewEntry> batch{{Bytes(3'000, static_cast<char>(n)), std::nullopt},
                                        {Bytes(2, static_cast<char>(n)), conformance::key_of(n)}};
      BOOST_REQUIRE((log.append(head, batch) == Appended::committed));
    }
    chain = head.chain;
    last = head.last;
  }
  std::string tail() const { return folder.in("log/tail"); }
  std::vector<std::uint64_t> numbers() const { return segment_numbers(real_disk(), tail()); }
  std::string path(std::uint64_t number) const { return tail() + "/" + segment_name(number); }
  TemporaryFolder folder;
  Digest chain;
  Position last;
};

std::uint64_t entries_in(const CheckedSegment& segment) {
  std::uint64_t count = 0;
  for (const CheckedPiece& piece : segment.pieces) {
    BOOST_TEST(piece.chains.size() == piece.entries.size());
    count += piece.entries.size();
  }
  return count;
}

void flip(const std::string& path, std::uint64_t at) {
  const auto file = real_disk().open(path);
  std::string byte = file->read(at, 1);
  byte[0] = static_cast<char>(byte[0] ^ 1);
  file->write(at, byte);
}

BOOST_AUTO_TEST_SUITE(segments_ahead)

BOOST_AUTO_TEST_CASE(all_of_them_in_order_with_the_chain_that_was_acknowledged) {
  const Kept kept;
  SegmentsAhead ahead(real_disk(), kept.tail(), {1});
  std::uint64_t entries = 0;
  Digest chain;
  for (const std::uint64_t number : kept.numbers()) {
    const auto segment = ahead.take(number);
    BOOST_TEST(segment->bytes == check_segment(real_disk(), kept.path(number))->bytes);
    entries += entries_in(*segment);
    for (const CheckedPiece& piece : segment->pieces) {
      BOOST_TEST(piece.adds_up);
      if (!piece.chains.empty()) chain = piece.chains.back();
    }
  }
  BOOST_TEST(kept.numbers().size() > 3U);
  BOOST_TEST(entries == kept.last.value);
  BOOST_TEST((chain == kept.chain));
}

BOOST_AUTO_TEST_CASE(it_begins_where_it_is_told_and_gives_earlier_ones_all_the_same) {
  const Kept kept;
  const auto numbers = kept.numbers();
  const std::size_t begin = segment_with(real_disk(), kept.tail(), numbers, {kept.last.value / 2});
  BOOST_TEST(begin > 0U);
  SegmentsAhead ahead(real_disk(), kept.tail(), {kept.last.value / 2});
  for (std::size_t i = 0; i < numbers.size(); ++i)
    BOOST_TEST(ahead.take(numbers[i])->bytes ==
               check_segment(real_disk(), kept.path(numbers[i]))->bytes);
  // Nobody has to take anything.
  const SegmentsAhead unused(real_disk(), kept.tail(), {1});
}

BOOST_AUTO_TEST_CASE(a_changed_byte_of_a_frame_is_seen) {
  const Kept kept;
  const auto before = check_segment(real_disk(), kept.path(1));
  const Piece& piece = before->pieces.at(2).piece;
  BOOST_REQUIRE(piece.header->count > 0);
  flip(kept.path(1), piece.offset + frame_header_bytes + 700);
  SegmentsAhead ahead(real_disk(), kept.tail(), {1});
  const auto after = ahead.take(1);
  BOOST_TEST(!after->pieces.at(2).piece.good);
  BOOST_TEST(!after->pieces.at(2).adds_up);
  BOOST_TEST(after->pieces.at(1).adds_up);
  BOOST_TEST(after->pieces.at(3).adds_up);
}

// Right checksums over entries that are not those of the chain.
BOOST_AUTO_TEST_CASE(a_frame_whose_entries_do_not_give_its_chain_does_not_add_up) {
  TemporaryFolder folder;
  FrameHeader header;
  header.first = {1};
  header.after = conformance::key_of(1);
  std::string frame;
  encode_frame(header, std::vector<NewEntry>{{"entry", std::nullopt}}, frame);
  write_whole(real_disk(), folder.in("one"), frame);
  const auto segment = check_segment(real_disk(), folder.in("one"));
  BOOST_REQUIRE(segment->pieces.size() == 1U);
  BOOST_TEST(segment->pieces[0].piece.good);
  BOOST_TEST(!segment->pieces[0].adds_up);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_thrown_to_whoever_takes_it) {
  const Kept kept;
  std::filesystem::remove(kept.path(2));
  std::filesystem::create_directory(kept.path(2));
  SegmentsAhead ahead(real_disk(), kept.tail(), {1});
  BOOST_TEST(ahead.take(1)->pieces.size() > 0U);
  BOOST_CHECK_THROW(ahead.take(2), DiskFault);
  BOOST_TEST(ahead.take(3)->pieces.size() > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
