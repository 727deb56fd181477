// A receipt is known again by its mark, and no other receipt, key or mark will do.
#include "ledger/vault/receipt_seal.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/vault/scratch.h"

namespace obverse {
namespace {

Digest chain_of(std::uint8_t fill) {
  Digest chain;
  chain.bytes.fill(fill);
  return chain;
}

BOOST_AUTO_TEST_SUITE(receipt_seal)

BOOST_AUTO_TEST_CASE(a_mark_is_known_again_and_is_the_same_after_a_restart) {
  const Scratch scratch;
  Kek::make_file(scratch / "kek");
  const ReceiptSeal before(Kek::from_file(scratch / "kek"));
  const ReceiptSeal after(Kek::from_file(scratch / "kek"));
  const ReceiptMark mark = before.mark({7}, chain_of(1));
  BOOST_TEST((mark == after.mark({7}, chain_of(1))));
  BOOST_TEST(after.is_ours({7}, chain_of(1), mark));
}

BOOST_AUTO_TEST_CASE(another_place_chain_key_or_mark_is_not_ours) {
  const ReceiptSeal seal(fresh_kek());
  const ReceiptMark mark = seal.mark({7}, chain_of(1));
  BOOST_TEST(!seal.is_ours({8}, chain_of(1), mark));
  BOOST_TEST(!seal.is_ours({7}, chain_of(2), mark));
  BOOST_TEST(!ReceiptSeal(fresh_kek()).is_ours({7}, chain_of(1), mark));
  BOOST_TEST(!seal.is_ours({7}, chain_of(1), {}));
  BOOST_TEST(!seal.is_ours({7}, chain_of(1), std::span(mark).first(15)));
  for (std::size_t i = 0; i < mark.size(); ++i) {
    ReceiptMark other = mark;
    other[i] ^= 1U;
    BOOST_TEST(!seal.is_ours({7}, chain_of(1), other));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
