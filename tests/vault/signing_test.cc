// RFC 8032's examples, and that nothing else is taken for signed.
#include "ledger/vault/signing.h"

#include <boost/test/unit_test.hpp>

#include "ledger/vault/sha256.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

SecretBytes seed_of(const char* digits) {
  const auto digest = digest_from_hex(digits).value();
  return SecretBytes::copy_of(std::as_bytes(std::span(digest.bytes)));
}

struct Example {
  const char* seed;
  const char* verify_key;
  std::string text;
  const char* begins;  // of the signature, as two halves
  const char* ends;
};

// RFC 8032, 7.1, tests 1, 2 and 3.
const Example examples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "\xaf\x82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};

BOOST_AUTO_TEST_SUITE(vault_signing)

BOOST_AUTO_TEST_CASE(the_published_examples_come_out) {
  for (const Example& example : examples) {
    const SigningKey key(seed_of(example.seed));
    BOOST_TEST(hex(Digest{key.verify_key().bytes}) == example.verify_key);
    const Signature signature = key.sign(bytes_of(example.text));
    Digest begins, ends;
    std::copy_n(signature.begin(), 32, begins.bytes.begin());
    std::copy_n(signature.begin() + 32, 32, ends.bytes.begin());
    BOOST_TEST(hex(begins) == example.begins);
    BOOST_TEST(hex(ends) == example.ends);
    BOOST_TEST(is_signed(key.verify_key(), bytes_of(example.text), signature));
  }
}

BOOST_AUTO_TEST_CASE(every_changed_bit_is_seen) {
  const SigningKey key(seed_of(examples[1].seed));
  const std::string text = "a list of the fourth of May";
  const Signature signature = key.sign(bytes_of(text));
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    Signature other = signature;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
    BOOST_TEST(!is_signed(key.verify_key(), bytes_of(text), other), bit);
  }
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST(!is_signed(key.verify_key(), bytes_of(other), signature), bit);
  }
}

BOOST_AUTO_TEST_CASE(another_key_has_not_signed) {
  const Kek kek = fresh_kek();
  const SigningKey codes(kek, "codes"), lists(kek, "lists"), again(kek, "codes");
  const Signature signature = codes.sign(bytes_of("text"));
  BOOST_TEST((codes.verify_key() == again.verify_key()));
  BOOST_TEST(is_signed(again.verify_key(), bytes_of("text"), signature));
  BOOST_TEST(!is_signed(lists.verify_key(), bytes_of("text"), signature));
  BOOST_TEST(!is_signed(VerifyKey{}, bytes_of("text"), signature));
}

BOOST_AUTO_TEST_CASE(a_seed_has_its_length) {
  BOOST_CHECK_THROW(SigningKey(SecretBytes(31)), std::invalid_argument);
  BOOST_CHECK_THROW(SigningKey(SecretBytes(33)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
