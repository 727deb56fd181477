// Invariant 43: two parties cannot join what they know by the number of a person.
#include "ledger/vault/pseudonyms.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "tests/vault/scratch.h"

namespace obverse {
namespace {

std::string digits(const Pseudonym& pseudonym) {
  std::string out;
  for (const std::uint8_t byte : pseudonym) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Kek kek_of(const std::string& text) {
  const Scratch folder;
  const auto file = folder.path() / "kek";
  std::ofstream(file) << text;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  return Kek::from_file(file);
}

BOOST_AUTO_TEST_SUITE(vault_pseudonyms)

BOOST_AUTO_TEST_CASE(every_party_knows_everybody_by_another_number) {
  const Pseudonyms pseudonyms(fresh_kek());
  std::set<Pseudonym> seen;
  std::size_t made = 0;
  for (std::uint64_t rider = 1; rider <= 50; ++rider) {
    for (std::uint32_t id = 1; id <= 20; ++id) {
      seen.insert(pseudonyms.of(party_of(OperatorId{id}), {rider}));
      seen.insert(pseudonyms.of(party_of(MerchantId{id}), {rider}));
      made += 2;
    }
  }
  BOOST_TEST(seen.size() == made);
}

BOOST_AUTO_TEST_CASE(one_party_knows_a_person_again) {
  const Kek kek = fresh_kek();
  const Party shop = party_of(MerchantId{3});
  BOOST_TEST((Pseudonyms(kek).of(shop, {7}) == Pseudonyms(kek).of(shop, {7})));
  BOOST_TEST((Pseudonyms(kek).of(shop, {7}) != Pseudonyms(fresh_kek()).of(shop, {7})));
}

// Worked out with another implementation of HMAC (Python's hmac), so that it stays what it is.
BOOST_AUTO_TEST_CASE(the_numbers_of_a_known_key) {
  const Pseudonyms pseudonyms(kek_of(std::string(64, 'a')));
  BOOST_TEST(digits(pseudonyms.of(party_of(MerchantId{3}), {7})) ==
             "4107d16e87bf0781454cc2a09c4d2512");
  BOOST_TEST(digits(pseudonyms.of(party_of(OperatorId{3}), {7})) ==
             "6d57d3d3ea1ab5fafc2d3bd196bf996d");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
