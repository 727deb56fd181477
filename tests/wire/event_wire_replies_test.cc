// Every reply comes back whole: the same attempt gets the same answer for ever.
#include "ledger/wire/event_wire_replies.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_replies)

template <class... Ones>
void check_replies(const std::variant<Ones...>*) {
  (check_reply<Ones>(), ...);
}

BOOST_AUTO_TEST_CASE(every_reply_comes_back) {
  check_replies(static_cast<const ReplyKinds*>(nullptr));
}

BOOST_AUTO_TEST_CASE(a_reply_that_nobody_knows_is_refused) {
  Record one;
  one.reply = Registered{9};
  Record other;
  other.reply = Voided{{9}};  // the same shape: only the tag differs
  BOOST_TEST(refusal_of_code(one, other, 250) == "unknown reply");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
