// A code comes back as it was made, byte for byte of the grammar, and nothing else is a code.
#include "ledger/vault/tokens.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

SigningKey key_of(std::uint8_t fill) {
  SecretBytes seed(seed_bytes);
  std::ranges::fill(seed.writable(), std::byte{fill});
  return SigningKey(seed);
}

const Token made{{0x0102030405060708}, {9}, 0xffffffffffffffff,
                 TokenPurpose::leave,  77,  {1'760'000'000'000},
                 {1'760'000'060'000}};

// Signed by us, over a body that is not one.
std::string signed_body(const SigningKey& key, std::string body) {
  const Signature signature = key.sign(std::as_bytes(std::span(body)));
  return body.append(signature.begin(), signature.end());
}

BOOST_AUTO_TEST_SUITE(vault_tokens)

BOOST_AUTO_TEST_CASE(a_code_comes_back_whole) {
  const SigningKey key = key_of(1);
  for (const TokenPurpose purpose :
       {TokenPurpose::ride, TokenPurpose::leave, TokenPurpose::confirm, TokenPurpose::session}) {
    Token token = made;
    token.purpose = purpose;
    const std::string code = make_token(key, token);
    BOOST_TEST(code.size() == token_bytes);
    BOOST_TEST((verify_token(key.verify_key(), code) == token));
  }
}

BOOST_AUTO_TEST_CASE(its_bytes_are_those_of_the_grammar) {
  const std::string code = make_token(key_of(1), made);
  const std::string body(
      "OBVT\x01\x02\x00\x00"
      "\x01\x02\x03\x04\x05\x06\x07\x08"
      "\x00\x00\x00\x00\x00\x00\x00\x09"
      "\xff\xff\xff\xff\xff\xff\xff\xff"
      "\x00\x00\x00\x00\x00\x00\x00\x4d"
      "\x00\x00\x01\x99\xc8\x2c\xc0\x00"
      "\x00\x00\x01\x99\xc8\x2d\xaa\x60",
      token_body_bytes);
  BOOST_TEST(code.substr(0, token_body_bytes) == body);
}

BOOST_AUTO_TEST_CASE(every_changed_bit_is_a_forgery) {
  const SigningKey key = key_of(1);
  const std::string code = make_token(key, made);
  for (std::size_t bit = 0; bit < 8 * code.size(); ++bit) {
    std::string forged = code;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST(!verify_token(key.verify_key(), forged).has_value(), bit);
  }
  BOOST_TEST(!verify_token(key_of(2).verify_key(), code).has_value());
}

BOOST_AUTO_TEST_CASE(neither_cut_nor_longer) {
  const SigningKey key = key_of(1);
  const std::string code = make_token(key, made);
  for (std::size_t length = 0; length < code.size(); ++length)
    BOOST_TEST(!verify_token(key.verify_key(), code.substr(0, length)).has_value(), length);
  BOOST_TEST(!verify_token(key.verify_key(), code + '\0').has_value());
}

// Our own signature does not make a code of what is none.
BOOST_AUTO_TEST_CASE(what_is_signed_for_something_else_is_no_code) {
  const SigningKey key = key_of(1);
  const std::string body = make_token(key, made).substr(0, token_body_bytes);
  BOOST_TEST(verify_token(key.verify_key(), signed_body(key, body)).has_value());
  const auto is_none = [&](std::size_t place, char byte) {
    std::string other = body;
    other[place] = byte;
    return !verify_token(key.verify_key(), signed_body(key, other)).has_value();
  };
  BOOST_TEST(is_none(0, 'P'));                                         // another kind of text
  BOOST_TEST(is_none(4, 2));                                           // a later version
  BOOST_TEST((is_none(5, 0) && is_none(5, 5) && is_none(5, '\x81')));  // no purpose
  BOOST_TEST((is_none(6, 1) && is_none(7, 1)));                        // zeros
  BOOST_TEST((is_none(40, '\x7f') && is_none(48, '\xff')));            // no instants
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
