// The names that statements and scenarios use for postings.
#include "ledger/model/events/money.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_CASE(postings_are_named_as_the_domain_names_them) {
  BOOST_TEST(name(PostingReason::funds_loaded) == "FundsLoaded");
  BOOST_TEST(name(PostingReason::maximum_fare_charged) == "MaximumFareCharged");
  BOOST_TEST(name(PostingReason::fare_adjusted) == "FareAdjusted");
  BOOST_TEST(name(PostingReason::settlement_batch_formed) == "SettlementBatchFormed");
  BOOST_TEST(name(PostingReason::break_resolved) == "BreakResolved");
  BOOST_TEST(name(PostingReason::opening) == "Opening");
}
