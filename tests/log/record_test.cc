// The chain, the checksum and the frame: known values, round trips, and no flipped bit that goes
// unseen.
#include "ledger/log/record.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "ledger/vault/sha256.h"
#include "tests/log/conformance.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(the_chain_is_what_its_definition_says) {
  const Digest zero;
  std::string first(32, '\0');
  first += std::string("\1\0\0\0\0\0\0\0", 8) + "payload";
  BOOST_TEST((chain_after(zero, {1}, "payload") == sha256(first)));
  const Digest one = chain_after(zero, {1}, "payload");
  BOOST_TEST((chain_after(one, {2}, "") != one));
  BOOST_TEST((chain_after(zero, {1}, "payload") != chain_after(zero, {2}, "payload")));
  BOOST_TEST((chain_after(zero, {1}, "payload") != chain_after(one, {1}, "payload")));
}

BOOST_AUTO_TEST_CASE(the_checksum_has_the_published_values) {
  BOOST_TEST(crc32c("123456789") == 0xE3069283U);
  BOOST_TEST(crc32c(std::string(32, '\0')) == 0x8A9136AAU);  // RFC 3720 B.4
  BOOST_TEST(crc32c(std::string(32, '\xff')) == 0x62A8AB43U);
  BOOST_TEST(crc32c("") == 0U);
}

BOOST_AUTO_TEST_CASE(the_fast_checksum_equals_the_portable_one) {
  BOOST_TEST(rc::check("crc32c", [](const std::string& bytes) {
    RC_ASSERT(crc32c(bytes) == crc32c_portable(bytes));
  }));
}

FrameHeader header_of(std::uint64_t first) {
  FrameHeader header;
  header.epoch = 3;
  header.first = {first};
  header.keys_before = 5;
  header.before = conformance::key_of(first);
  header.after = conformance::key_of(first + 1);
  return header;
}

BOOST_AUTO_TEST_CASE(a_frame_comes_back_as_it_was) {
  for (const std::size_t count : {0U, 1U, 2U, 30U}) {
    FrameHeader header = header_of(11);
    const auto batch = conformance::entries_of(11, count);
    std::string bytes;
    encode_frame(header, batch, bytes);
    BOOST_TEST(bytes.size() == frame_bytes(header.body_bytes));
    BOOST_TEST(bytes.size() % frame_page_bytes == 0U);
    const auto back = decode_frame_header(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((*back == header));
    const std::string_view body =
        std::string_view(bytes).substr(frame_header_bytes, back->body_bytes);
    const auto entries = decode_frame_body(*back, body);
    BOOST_REQUIRE(entries.has_value());
    BOOST_TEST(entries->size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST((*entries)[i].payload == batch[i].payload);
      BOOST_TEST(((*entries)[i].key == batch[i].key));
    }
    BOOST_TEST(keys_in(batch) == count - count / 7);
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_frame_goes_unseen) {
  FrameHeader header = header_of(1);
  std::string bytes;
  encode_frame(header, conformance::entries_of(1, 3), bytes);
  for (std::size_t at = 0; at < frame_header_bytes + header.body_bytes; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const auto back = decode_frame_header(flipped);
      if (!back) continue;
      BOOST_TEST(at >= frame_header_bytes);
      BOOST_TEST(!decode_frame_body(
          *back, std::string_view(flipped).substr(frame_header_bytes, back->body_bytes)));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_entry_has_one_spelling) {
  std::string body("\0\0\0\0\1", 5);
  body.append(32, 'k');
  for (const bool is_spelt_right : {true, false}) {
    std::string spelt = body;
    if (!is_spelt_right) spelt[4] = '\2';
    FrameHeader header;
    header.count = 1;
    header.body_bytes = spelt.size();
    header.body_crc = crc32c(spelt);
    BOOST_TEST(decode_frame_body(header, spelt).has_value() == is_spelt_right);
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_may_be_read) {
  BOOST_TEST(rc::check("no bytes crash the decoder", [](const std::string& bytes) {
    RC_ASSERT(!decode_frame_header(bytes).has_value());
    FrameHeader header;  // a body with a right checksum and wrong content
    header.body_bytes = bytes.size();
    header.body_crc = crc32c(bytes);
    header.count = static_cast<std::uint32_t>(bytes.size());
    const auto entries = decode_frame_body(header, bytes);
    RC_ASSERT(!entries || bytes.empty());
  }));
}

BOOST_AUTO_TEST_CASE(the_frame_that_opens_a_segment_has_no_entries_and_does_not_move_the_chain) {
  const FrameHeader next = header_of(9);
  const FrameHeader opening = segment_header(next);
  BOOST_TEST((opening.kind == FrameKind::segment));
  BOOST_TEST((opening.first == next.first));
  BOOST_TEST((opening.before == next.before && opening.after == next.before));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
