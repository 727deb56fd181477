// A list comes back whole, and nothing else is one.
#include "ledger/vault/allow_list.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

const SigningKey& key() {
  static const SigningKey made(fresh_kek(), list_key_purpose);
  return made;
}

AllowList some_list() {
  AllowList list;
  list.made = {1'760'000'000'000};
  list.version = {3};
  list.limits.sale_max = 999;
  list.limits.travel_time_min = seconds(61);
  list.allowed = {{{1}, {1}}, {{7}, {2}}, {{0xffffffffffffffff}, {4}}};
  list.lost = {{{7}, {91}}, {{7}, {95}}};
  return list;
}

std::string signed_body(std::string body) {
  const Signature signature = key().sign(std::as_bytes(std::span(body)));
  return body.append(signature.begin(), signature.end());
}

BOOST_AUTO_TEST_SUITE(vault_allow_list)

BOOST_AUTO_TEST_CASE(a_list_comes_back_whole) {
  for (const AllowList& list : {some_list(), AllowList{}}) {
    const auto back = verify_list(key().verify_key(), make_list(key(), list));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((*back == list));
  }
}

BOOST_AUTO_TEST_CASE(every_changed_bit_is_a_forgery) {
  const std::string bytes = make_list(key(), some_list());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string forged = bytes;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST(!verify_list(key().verify_key(), forged).has_value(), bit);
  }
  BOOST_TEST(!verify_list(SigningKey(fresh_kek(), list_key_purpose).verify_key(), bytes));
}

BOOST_AUTO_TEST_CASE(neither_cut_nor_longer) {
  const std::string bytes = make_list(key(), some_list());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_TEST(!verify_list(key().verify_key(), bytes.substr(0, length)).has_value(), length);
  BOOST_TEST(!verify_list(key().verify_key(), bytes + "x"));
  // Signed by us, and still no list.
  const std::string body = bytes.substr(0, bytes.size() - std::tuple_size_v<Signature>);
  BOOST_TEST(verify_list(key().verify_key(), signed_body(body)).has_value());
  BOOST_TEST(!verify_list(key().verify_key(), signed_body(body + '\0')));
  for (std::size_t length = 0; length < body.size(); ++length)
    BOOST_TEST(!verify_list(key().verify_key(), signed_body(body.substr(0, length))), length);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_although_it_is_signed) {
  AllowList list = some_list();
  const std::string bytes = make_list(key(), list);
  const std::string body = bytes.substr(0, bytes.size() - std::tuple_size_v<Signature>);
  const auto with = [&](std::size_t place, char byte) {
    std::string other = body;
    other[place] = byte;
    return verify_list(key().verify_key(), signed_body(other)).has_value();
  };
  BOOST_TEST(!with(3, 'T'));      // a code
  BOOST_TEST(!with(4, 2));        // a later version
  BOOST_TEST(!with(8, '\x7f'));   // no instant
  BOOST_TEST(!with(21, 1));       // no currency
  BOOST_TEST(!with(22, '\x80'));  // an amount below zero
  BOOST_TEST(!with(86, '\x7f'));  // more people than there are bytes
  std::string swapped = body;     // by falling rider
  std::swap_ranges(swapped.begin() + 90, swapped.begin() + 102, swapped.begin() + 102);
  BOOST_TEST(!verify_list(key().verify_key(), signed_body(swapped)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
