// What is a frame, what is a bad stretch, what is nothing.
#include "ledger/log/segment.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/simulated_disk.h"

namespace obverse {
namespace {

std::string frame_of(std::uint64_t first, std::size_t count) {
  FrameHeader header;
  header.first = {first};
  std::string bytes;
  encode_frame(header, conformance::entries_of(first, count), bytes);
  return bytes;
}

BOOST_AUTO_TEST_SUITE(segment)

BOOST_AUTO_TEST_CASE(frames_in_order_and_zeros_behind_them) {
  const std::string bytes =
      frame_of(1, 2) + frame_of(3, 60) + frame_of(63, 1) + std::string(20'000, '\0');
  const auto pieces = scan_segment(bytes);
  BOOST_REQUIRE(pieces.size() == 3U);
  BOOST_TEST(pieces[0].offset == 0U);
  BOOST_TEST(pieces[1].offset == frame_page_bytes);
  BOOST_TEST(pieces[1].bytes > frame_page_bytes);
  for (const Piece& piece : pieces) BOOST_TEST(piece.good);
  BOOST_TEST(body_of(pieces[2], bytes).size() == pieces[2].header->body_bytes);
  BOOST_TEST(scan_segment(std::string(10'000, '\0')).empty());
  BOOST_TEST(scan_segment("").empty());
}

BOOST_AUTO_TEST_CASE(a_bad_header_hides_a_page_a_bad_body_its_frame) {
  std::string bytes = frame_of(1, 2) + frame_of(3, 60) + frame_of(63, 1);
  const std::size_t second = frame_page_bytes;
  const std::size_t third = bytes.size() - frame_page_bytes;
  std::string body = bytes;
  body[second + 5000] ^= 1;
  auto pieces = scan_segment(body);
  BOOST_REQUIRE(pieces.size() == 3U);
  BOOST_TEST((pieces[1].header.has_value() && !pieces[1].good));
  BOOST_TEST(pieces[2].good);
  std::string header = bytes;
  header[second + 20] ^= 1;
  pieces = scan_segment(header);
  BOOST_REQUIRE(pieces.size() == 3U);
  BOOST_TEST(!pieces[1].header.has_value());
  BOOST_TEST(pieces[1].bytes == third - second);
  BOOST_TEST((pieces[2].good && pieces[2].offset == third));
  std::string padding = bytes;
  padding.back() = 'x';
  BOOST_TEST(!scan_segment(padding).back().good);
}

BOOST_AUTO_TEST_CASE(zeros_before_a_frame_are_a_bad_stretch) {
  const auto pieces =
      scan_segment(frame_of(1, 1) + std::string(frame_page_bytes, '\0') + frame_of(2, 1));
  BOOST_REQUIRE(pieces.size() == 3U);
  BOOST_TEST(!pieces[1].good);
  BOOST_TEST(pieces[2].good);
}

BOOST_AUTO_TEST_CASE(a_frame_cut_short_is_bad_to_the_end) {
  const std::string whole = frame_of(1, 60);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{200}, std::size_t{4096}, whole.size() - 1}) {
    const auto pieces = scan_segment(whole.substr(0, size));
    BOOST_REQUIRE(pieces.size() == 1U);
    BOOST_TEST(!pieces[0].good);
    BOOST_TEST(pieces[0].bytes == size);
  }
}

BOOST_AUTO_TEST_CASE(names) {
  BOOST_TEST(segment_name(7) == "000000000007.tail");
  BOOST_TEST(segment_number("000000000007.tail").value() == 7U);
  for (const char* other :
       {"7.tail", "000000000007.tai", "00000000000x.tail", "000000000007.tail.new", ""})
    BOOST_TEST(!segment_number(other).has_value());
  SimulatedDisk disk;
  for (const char* name :
       {"/t/000000000010.tail", "/t/000000000002.tail", "/t/000000000002.tail.new"})
    disk.create(name);
  const std::vector<std::uint64_t> wanted{2, 10};
  BOOST_TEST(segment_numbers(disk, "/t") == wanted);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
