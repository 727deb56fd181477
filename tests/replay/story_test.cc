// Whose story a record belongs to.
#include "replay/story.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

namespace {
Record with(Events events) {
  Record record;
  record.events = std::move(events);
  return record;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_journey_a_hold_and_a_purchase_remember_their_person) {
  Story story;
  JourneyOpened opened;
  opened.journey = JourneyId{5};
  opened.rider = RiderId{7};
  FundsReserved held{HoldId{6}, RiderId{8}, {}, {}};
  PurchaseAuthorised sale;
  sale.purchase = PurchaseId{9};
  sale.rider = RiderId{10};
  BOOST_TEST((story.people_of(with({opened, held, sale})) == std::set<RiderId>{{7}, {8}, {10}}));
  BOOST_TEST((story.people_of(with({JourneyClosed{{5}, {}, {}, {}}})) == std::set<RiderId>{{7}}));
  BOOST_TEST((story.people_of(with({HoldReleased{{6}, {}}})) == std::set<RiderId>{{8}}));
  BOOST_TEST((story.people_of(with({RefundIssued{{1}, {9}, {}}})) == std::set<RiderId>{{10}}));
  BOOST_TEST(story.people_of(with({TerminalRevoked{{1}}})).empty());
  const PurchaseDeclined nobody{std::nullopt, {1}, Refusal::capture_must_be_live};
  BOOST_TEST(story.people_of(with({nobody})).empty());
}
