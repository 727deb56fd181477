// A claim turns away whoever makes it; a proof, everybody. See entrance_service_test.cc for what
// that means at the door.
#include "ledger/server/rollback_guard.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/memory_log.h"
#include "tests/server/house.h"
#include "tests/server/inside.h"

using namespace obverse;

namespace {

struct Guarded {
  Guarded() { inside.set_up(); }
  Receipt head() { return inside.household().ledger.head(); }
  ReceiptMark mark(const Receipt& receipt) const {
    return seal.mark(receipt.position, receipt.chain);
  }
  house::Inside inside;
  const ReceiptSeal& seal = inside.vault().receipt_seal();
  Metrics metrics;
  RollbackGuard guard{inside.household().ledger, seal, metrics};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_rollback_guard)

BOOST_AUTO_TEST_CASE(what_the_log_holds_and_nothing_at_all_are_no_reason_for_doubt) {
  Guarded own;
  BOOST_TEST(!own.guard.doubt(own.head(), own.mark(own.head())));
  BOOST_TEST(!own.guard.doubt(own.head(), {}));
  BOOST_TEST(!own.guard.doubt({}, {}));
  BOOST_TEST(!own.guard.is_proven());
}

BOOST_AUTO_TEST_CASE(a_claim_is_doubted_and_a_marked_one_proves) {
  for (const bool is_behind : {true, false}) {
    Guarded own;
    Receipt lost = own.head();
    if (is_behind)
      ++lost.position.value;
    else
      lost.chain.bytes[31] ^= 1;
    const ReceiptMark of_another = own.mark(own.head());
    const auto doubt = own.guard.doubt(lost, of_another);
    BOOST_REQUIRE(doubt.has_value());
    BOOST_TEST(doubt->find(is_behind ? "ends at position" : "another history") !=
               std::string::npos);
    BOOST_TEST(!own.guard.is_proven());
    BOOST_TEST(own.guard.doubt(lost, own.mark(lost)).has_value());
    BOOST_TEST(own.guard.is_proven());
    BOOST_TEST(own.metrics.value(Count::rollbacks_noticed) == 2U);
    BOOST_TEST(own.metrics.value(Count::rollbacks_proven) == 1U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
