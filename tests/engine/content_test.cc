// What counts as the same request: everything but the probe and what became of it.
#include "ledger/engine/content.h"

#include "tests/engine/world.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(content)

BOOST_AUTO_TEST_CASE(a_retry_may_look_again) {
  const Pay first{till, seen({1}, till, morning), yen(100), {}};
  Pay again = first;
  again.presence = seen({2}, till, morning + seconds(3));
  again.presence.capture = Capture::occluded;
  BOOST_TEST((content_of(first) == content_of(again)));
  again.presence.face.reset();
  BOOST_TEST((content_of(first) == content_of(again)));
}

BOOST_AUTO_TEST_CASE(all_else_counts) {
  const Pay pay{till, seen({1}, till, morning), yen(100), {}};
  std::set<Digest> contents{content_of(pay)};
  const auto is_new = [&](const Command& command) {
    return contents.insert(content_of(command)).second;
  };
  Pay other = pay;
  other.amount.minor = 101;
  BOOST_TEST(is_new(other));
  other = pay;
  other.amount.currency = Currency::usd;
  BOOST_TEST(is_new(other));
  other = pay;
  other.terminal = {9};
  BOOST_TEST(is_new(other));
  other = pay;
  other.step_up = StepUpId{4};
  BOOST_TEST(is_new(other));
  other = pay;
  other.presence.pin = PinCheck{{1}, {1}, true};
  BOOST_TEST(is_new(other));
  other.presence.pin = PinCheck{{2}, {1}, true};  // another person is named
  BOOST_TEST(is_new(other));
  BOOST_TEST(is_new(AuthorisePurchase{till, pay.presence, yen(100), {}}));
  BOOST_TEST(is_new(EnterGate{gate_a, pay.presence}));
  BOOST_TEST(is_new(LeaveGate{gate_a, pay.presence}));
}

BOOST_AUTO_TEST_CASE(whether_the_pin_was_right_does_not_count) {
  Pay pay{till, {}, yen(100), {}};
  pay.presence.pin = PinCheck{{1}, {1}, true};
  const Digest before = content_of(pay);
  pay.presence.pin =
      PinCheck{{1}, {2}, false};  // the PIN was changed before the lost answer was asked for again
  BOOST_TEST((content_of(pay) == before));
}

// The vault seals anew, under the next version, each time it is asked.
BOOST_AUTO_TEST_CASE(what_the_vault_made_for_one_try_does_not_count) {
  const EnrolFace first{{1}, {1}, "r50-1", 3, {{1}}};
  BOOST_TEST((content_of(first) == content_of(EnrolFace{{1}, {2}, "r50-1", 3, {{9}}})));
  BOOST_TEST((content_of(first) != content_of(EnrolFace{{2}, {1}, "r50-1", 3, {{1}}})));
  BOOST_TEST((content_of(first) != content_of(EnrolFace{{1}, {1}, "r100-1", 3, {{1}}})));
  BOOST_TEST((content_of(SetPin{{1}, {1}}) == content_of(SetPin{{1}, {2}})));
  BOOST_TEST((content_of(SetPin{{1}, {1}}) != content_of(SetPin{{2}, {1}})));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
