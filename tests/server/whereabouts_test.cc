#include "ledger/server/whereabouts.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;
using Heard = Whereabouts::Heard;

namespace {

constexpr TerminalId gate{3}, other{4};
constexpr Whereabouts::Time start{};
constexpr auto later = start + 10 * Whereabouts::grace;

}  // namespace

BOOST_AUTO_TEST_SUITE(server_whereabouts)

BOOST_AUTO_TEST_CASE(many_connections_from_one_address_are_one_terminal) {
  Whereabouts whereabouts;
  const auto first = whereabouts.arrive(gate, "10.0.0.1", start);
  const auto second = whereabouts.arrive(gate, "10.0.0.1", later);
  BOOST_TEST((whereabouts.speaks(first, later + Whereabouts::grace * 2) == Heard::alone));
  BOOST_TEST((whereabouts.speaks(second, later + Whereabouts::grace * 2) == Heard::alone));
}

BOOST_AUTO_TEST_CASE(a_terminal_may_move_and_move_back) {
  Whereabouts whereabouts;
  auto stay = whereabouts.arrive(gate, "10.0.0.1", start);
  BOOST_TEST((whereabouts.speaks(stay, start) == Heard::alone));
  stay = whereabouts.arrive(gate, "10.0.0.2", later);
  BOOST_TEST((whereabouts.speaks(stay, later + Whereabouts::grace * 2) == Heard::alone));
  stay = whereabouts.arrive(gate, "10.0.0.1", later + Whereabouts::grace * 3);
  BOOST_TEST((whereabouts.speaks(stay, later + Whereabouts::grace * 9) == Heard::alone));
}

BOOST_AUTO_TEST_CASE(who_speaks_from_where_it_left_is_a_copy) {
  Whereabouts whereabouts;
  const auto old = whereabouts.arrive(gate, "10.0.0.1", start);
  const auto fresh = whereabouts.arrive(gate, "10.0.0.2", later);
  const auto neighbour = whereabouts.arrive(other, "10.0.0.1", later);
  BOOST_TEST((whereabouts.speaks(old, later + Whereabouts::grace) == Heard::alone));  // on its way
  BOOST_TEST((whereabouts.speaks(fresh, later + Whereabouts::grace * 2) == Heard::alone));
  BOOST_TEST((whereabouts.speaks(old, later + Whereabouts::grace * 2) == Heard::copied_now));
  BOOST_TEST((whereabouts.speaks(old, later + Whereabouts::grace * 2) == Heard::copied));
  BOOST_TEST((whereabouts.speaks(fresh, later + Whereabouts::grace * 2) == Heard::copied));
  const auto next = whereabouts.arrive(gate, "10.0.0.2", later + Whereabouts::grace * 3);
  BOOST_TEST((whereabouts.speaks(next, later + Whereabouts::grace * 3) == Heard::copied));
  BOOST_TEST((whereabouts.speaks(neighbour, later + Whereabouts::grace * 3) == Heard::alone));
}

BOOST_AUTO_TEST_CASE(it_is_said_once_unless_nobody_could_see_to_it) {
  Whereabouts whereabouts;
  const auto old = whereabouts.arrive(gate, "10.0.0.1", start);
  whereabouts.arrive(gate, "10.0.0.2", start);
  BOOST_TEST((whereabouts.speaks(old, later) == Heard::copied_now));
  whereabouts.say_again(old);
  BOOST_TEST((whereabouts.speaks(old, later) == Heard::copied_now));
  BOOST_TEST((whereabouts.speaks(old, later) == Heard::copied));
  BOOST_TEST((whereabouts.speaks({}, later) == Heard::alone));
}

BOOST_AUTO_TEST_SUITE_END()
