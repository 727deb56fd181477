// AES-256-GCM and scrypt: published vectors where the interface lets one choose, and that any one
// bit counts.
#include "ledger/vault/sealing.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/vault/scratch.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(sealing)

BOOST_AUTO_TEST_CASE(opens_the_published_vector) {
  // Test case 16 of "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega: AES-256 with
  // additional data.
  const auto from_hex = [](std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes.push_back(
          static_cast<std::byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
  };
  const auto key = SecretBytes::copy_of(
      from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const Bytes sealed = from_hex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto content = unseal(key, from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"), sealed);
  BOOST_REQUIRE(content.has_value());
  const Bytes expected = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  BOOST_TEST(std::ranges::equal(content->bytes(), expected));
}

BOOST_AUTO_TEST_CASE(gives_back_what_was_sealed) {
  const SecretBytes key = SecretBytes::random(key_bytes);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 512U, 5000U}) {
    const Bytes content = noise(size, size);
    const Bytes sealed = seal(key, bytes_of("rider 7"), content);
    BOOST_TEST(sealed.size() == size + sealing_bytes);
    const auto opened = unseal(key, bytes_of("rider 7"), sealed);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(std::ranges::equal(opened->bytes(), content));
  }
}

BOOST_AUTO_TEST_CASE(no_bit_of_it_may_change) {
  const SecretBytes key = SecretBytes::random(key_bytes);
  const Bytes about = bytes_of("rider 7, version 1, face");
  const Bytes sealed = seal(key, about, noise(1, 200));
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    Bytes damaged = sealed;
    damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    BOOST_TEST(!unseal(key, about, damaged).has_value());
  }
  for (std::size_t bit = 0; bit < 8 * about.size(); ++bit) {
    Bytes other = about;
    other[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    BOOST_TEST(!unseal(key, other, sealed).has_value());
  }
  for (std::size_t bit = 0; bit < 8 * key_bytes; ++bit) {
    SecretBytes other = SecretBytes::copy_of(key.bytes());
    other.writable()[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    BOOST_TEST(!unseal(other, about, sealed).has_value());
  }
  BOOST_TEST(unseal(key, about, sealed).has_value());
}

BOOST_AUTO_TEST_CASE(no_length_of_it_may_change) {
  const SecretBytes key = SecretBytes::random(key_bytes);
  const Bytes sealed = seal(key, {}, noise(1, 64));
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    BOOST_TEST(!unseal(key, {}, std::span(sealed).first(size)).has_value());
    BOOST_TEST(!unseal(key, {}, std::span(sealed).subspan(sealed.size() - size)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(what_did_not_open_leaves_nothing_behind) {
  const SecretBytes key = SecretBytes::random(key_bytes);
  Bytes sealed = seal(key, {}, noise(1, 64));
  sealed.back() ^= std::byte{1};
  Bytes content(64, std::byte{7});
  BOOST_TEST(!unseal_into(content, key, {}, sealed));
  BOOST_TEST(std::ranges::count(content, std::byte{0}) == 64);
}

BOOST_AUTO_TEST_CASE(the_same_content_is_never_sealed_to_the_same_bytes) {
  const SecretBytes key = SecretBytes::random(key_bytes);
  std::set<Bytes> nonces;
  for (int i = 0; i < 1000; ++i) {
    Bytes sealed = seal(key, {}, bytes_of("the same"));
    sealed.resize(nonce_bytes);
    nonces.insert(sealed);
  }
  BOOST_TEST(nonces.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(stretching_depends_on_everything) {
  // RFC 7914, section 12: its second vector has other block counts, so the properties are tested
  // here instead.
  const Bytes salt = noise(1, 16);
  const SecretBytes one = stretch("123456", salt, {.log2_rounds = 4, .blocks = 8});
  const auto same = [&one](const SecretBytes& other) {
    return equal_in_constant_time(one.bytes(), other.bytes());
  };
  BOOST_TEST(same(stretch("123456", salt, {.log2_rounds = 4, .blocks = 8})));
  BOOST_TEST(!same(stretch("123457", salt, {.log2_rounds = 4, .blocks = 8})));
  BOOST_TEST(!same(stretch("123456", noise(2, 16), {.log2_rounds = 4, .blocks = 8})));
  BOOST_TEST(!same(stretch("123456", salt, {.log2_rounds = 5, .blocks = 8})));
  BOOST_TEST(!same(stretch("123456", salt, {.log2_rounds = 4, .blocks = 9})));
}

BOOST_AUTO_TEST_CASE(different_lengths_are_not_equal) {
  BOOST_TEST(!equal_in_constant_time(noise(1, 16), noise(1, 15)));
  BOOST_TEST(equal_in_constant_time(noise(1, 16), noise(1, 16)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
