#include "ledger/model/events.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(copies_and_moves_are_whole) {
  const Event one = TariffPublished{};
  Event copy = one;
  BOOST_TEST((copy == one));
  const Event moved = std::move(copy);
  BOOST_TEST((moved == one));
  Event other = FaceErased{};
  BOOST_TEST(!(other == one));
  other = one;
  BOOST_TEST((other == one));
  other = Event(FaceErased{});
  BOOST_TEST(std::holds_alternative<FaceErased>(other));
  BOOST_TEST(std::visit([](const auto& each) { return sizeof each > 0; }, other));
}

BOOST_AUTO_TEST_SUITE_END()
