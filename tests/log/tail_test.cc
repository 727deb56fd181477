// The writer of the tail: segments follow each other, are prepared ahead, and a full disk is
// noticed before a write.
#include "ledger/log/tail.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/segment.h"
#include "ledger/log/tail_reader.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_disk.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

struct Writer {
  Head head;
  std::uint64_t keys = 0;

  bool put(Tail& tail, std::size_t count) {
    const auto batch = conformance::entries_of(head.last.value + 1, count);
    if (!tail.make_room(body_bytes(batch), UINT64_MAX)) return false;
    FrameHeader header;
    header.first = {head.last.value + 1};
    header.keys_before = keys;
    header.before = head.chain;
    for (const NewEntry& entry : batch)
      head.chain = chain_after(head.chain, {++head.last.value}, entry.payload);
    header.after = head.chain;
    keys += keys_in(batch);
    tail.write(header, batch);
    return true;
  }
};

void expect(const TailReader& reader, std::uint64_t last) {
  const auto entries = reader.read({1}, 100'000);
  BOOST_REQUIRE(entries.size() == last);
  for (std::uint64_t n = 1; n <= last; ++n) {
    BOOST_TEST(entries[n - 1].position.value == n);
    BOOST_TEST(entries[n - 1].payload == conformance::entry_of(n).payload);
    BOOST_TEST((entries[n - 1].key == conformance::entry_of(n).key));
  }
}

BOOST_AUTO_TEST_SUITE(tail)

BOOST_AUTO_TEST_CASE(segments_follow_each_other_and_each_opens_with_its_own_frame) {
  for (const bool ahead : {false, true}) {
    TemporaryFolder folder;
    Writer writer;
    {
      Tail tail(real_disk(), folder.path(), {1U << 15U, ahead}, 1, 0);
      for (int i = 0; i < 40; ++i) BOOST_TEST(writer.put(tail, 7));
      BOOST_TEST(writer.put(tail, 600));  // longer than a segment
      BOOST_TEST(writer.put(tail, 1));
    }
    const auto numbers = segment_numbers(real_disk(), folder.path());
    BOOST_TEST(numbers.size() >= 6U);
    Position next{1};
    for (const std::uint64_t number : numbers) {
      const std::string bytes = read_whole(real_disk(), folder.in(segment_name(number)));
      const auto pieces = scan_segment(bytes);
      if (pieces.empty()) continue;  // prepared ahead
      BOOST_TEST((pieces.front().header->kind == FrameKind::segment));
      BOOST_TEST((pieces.front().header->first == next));
      for (const Piece& piece : pieces) {
        BOOST_TEST(piece.good);
        next.value += piece.header->count;
      }
    }
    BOOST_TEST((next.value == writer.head.last.value + 1));
    expect(TailReader(real_disk(), folder.path()), writer.head.last.value);
  }
}

BOOST_AUTO_TEST_CASE(it_goes_on_where_it_is_told) {
  SimulatedDisk disk;
  disk.make_folders("/t");
  Writer writer;
  std::uint64_t end = 0;
  {
    Tail tail(disk, "/t", {1U << 15U, false}, 1, 0);
    BOOST_TEST(writer.put(tail, 3));
  }
  for (const Piece& piece : scan_segment(read_whole(disk, "/t/000000000001.tail")))
    end = piece.offset + piece.bytes;
  Tail tail(disk, "/t", {1U << 15U, false}, 1, end);
  BOOST_TEST(writer.put(tail, 4));
  expect(TailReader(disk, "/t"), 7);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_seen_before_anything_is_written) {
  SimulatedDisk disk;
  disk.make_folders("/t");
  disk.set_capacity(1U << 16U);
  Writer writer;
  Tail tail(disk, "/t", {1U << 15U, false}, 1, 0);
  while (writer.put(tail, 10)) BOOST_REQUIRE(writer.head.last.value < 10'000);
  const auto before = disk.image();
  BOOST_TEST(!tail.make_room(40'000, UINT64_MAX));
  const std::uint64_t last = writer.head.last.value;
  expect(TailReader(disk, "/t"), last);
  disk.set_capacity(1U << 20U);  // space has come back
  BOOST_TEST(writer.put(tail, 10));
  expect(TailReader(disk, "/t"), last + 10);
}

BOOST_AUTO_TEST_CASE(segments_grow_by_no_more_than_can_be_spared) {
  SimulatedDisk disk;
  disk.make_folders("/t");
  Writer writer;
  Tail tail(disk, "/t", {1U << 15U, false}, 1, 0);
  for (int i = 0; i < 7; ++i) BOOST_TEST(writer.put(tail, 1));  // eight pages: it is full
  const auto before = disk.image();
  BOOST_TEST(!tail.make_room(10, (1U << 15U) - 1));
  BOOST_TEST((disk.image() == before));
  BOOST_TEST(tail.make_room(10, 1U << 15U));
  BOOST_TEST(tail.make_room(10, 0));  // there is room in it now
}

BOOST_AUTO_TEST_CASE(a_failed_sync_is_thrown) {
  SimulatedDisk disk;
  disk.make_folders("/t");
  Writer writer;
  Tail tail(disk, "/t", {1U << 15U, false}, 1, 0);
  BOOST_TEST(writer.put(tail, 1));
  disk.fail_sync(1);
  BOOST_CHECK_THROW(writer.put(tail, 1), DiskFault);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
