// RFC 4231's test case 2, and that purposes do not share a key.
#include "ledger/vault/hmac.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "ledger/vault/sha256.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(vault_hmac)

BOOST_AUTO_TEST_CASE(the_published_example_comes_out) {
  BOOST_TEST(hex(hmac(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_CASE(another_purpose_is_another_key) {
  const Kek kek = fresh_kek();
  const SecretBytes one = key_for(kek, "one"), again = key_for(kek, "one");
  const SecretBytes two = key_for(kek, "two");
  BOOST_TEST(std::ranges::equal(one.bytes(), again.bytes()));
  BOOST_TEST(!std::ranges::equal(one.bytes(), two.bytes()));
  BOOST_TEST(!std::ranges::equal(one.bytes(), kek.key().bytes()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
