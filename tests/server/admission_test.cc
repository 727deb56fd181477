#include "ledger/server/admission.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

namespace {

// So many answers of one length, one a millisecond.
void answer(Throttle& throttle, int answers, std::chrono::milliseconds took, Throttle::Time& now) {
  for (int i = 0; i < answers; ++i) throttle.answered(took, now += std::chrono::milliseconds(1));
}

std::shared_ptr<Admission::Share> somebody(Admission& admission, std::uint8_t number) {
  Digest digest;
  digest.bytes.fill(number);
  return admission.share_of(digest);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_admission)

BOOST_AUTO_TEST_CASE(late_answers_let_fewer_in_but_never_less_than_the_least) {
  Throttle throttle({.least = 64, .most = 256, .aim = std::chrono::milliseconds(20)});
  Throttle::Time now{};
  BOOST_TEST(throttle.limit() == 256U);
  answer(throttle, 21, std::chrono::milliseconds(21), now);
  BOOST_TEST(throttle.limit() == 205U);
  answer(throttle, 2'000, std::chrono::milliseconds(500), now);
  BOOST_TEST(throttle.limit() == 64U);
}

BOOST_AUTO_TEST_CASE(answers_in_time_let_more_in_only_where_more_came) {
  Throttle throttle({.least = 64, .most = 256, .aim = std::chrono::milliseconds(20)});
  Throttle::Time now{};
  answer(throttle, 2'000, std::chrono::milliseconds(500), now);
  answer(throttle, 2'000, std::chrono::milliseconds(20), now);
  BOOST_TEST(throttle.limit() == 64U);
  throttle.reached();
  answer(throttle, 21, std::chrono::milliseconds(20), now);
  BOOST_TEST(throttle.limit() == 73U);
  for (int i = 0; i < 100; ++i) {
    throttle.reached();
    answer(throttle, 21, std::chrono::milliseconds(1), now);
  }
  BOOST_TEST(throttle.limit() == 256U);
}

BOOST_AUTO_TEST_CASE(few_answers_decide_nothing) {
  Throttle throttle({.least = 1, .most = 256, .aim = std::chrono::milliseconds(20)});
  Throttle::Time now{};
  for (int i = 0; i < 7; ++i)
    throttle.answered(std::chrono::milliseconds(900), now += std::chrono::milliseconds(100));
  BOOST_TEST(throttle.limit() == 256U);
}

BOOST_AUTO_TEST_CASE(who_wants_out_finds_room_when_who_wants_to_pay_does_not) {
  Admission admission({.least = 2, .most = 2, .aim = std::chrono::milliseconds(20)});
  const auto share = somebody(admission, 1);
  const auto first = admission.enter(Lane::pay, share), second = admission.enter(Lane::pay, share);
  BOOST_TEST((first && second));
  BOOST_TEST(!admission.enter(Lane::pay, share));
  const auto third = admission.enter(Lane::enter, share);
  BOOST_TEST(third.get() != nullptr);
  BOOST_TEST(!admission.enter(Lane::enter, share));
  const auto fourth = admission.enter(Lane::leave, share);
  BOOST_TEST(fourth.get() != nullptr);
  BOOST_TEST(!admission.enter(Lane::leave, share));
}

BOOST_AUTO_TEST_CASE(a_visit_ends_with_its_last_copy) {
  Admission admission({.least = 1, .most = 1, .aim = std::chrono::milliseconds(20)});
  const auto share = somebody(admission, 1);
  auto visit = admission.enter(Lane::pay, share);
  auto copy = visit;
  visit = nullptr;
  BOOST_TEST(admission.at_work() == 1U);
  BOOST_TEST(share->at_work == 1U);
  copy = nullptr;
  BOOST_TEST(admission.at_work() == 0U);
  BOOST_TEST(share->at_work == 0U);
  BOOST_TEST((admission.enter(Lane::pay, share) != nullptr));
}

BOOST_AUTO_TEST_CASE(room_that_is_kept_free_is_promised_once) {
  Admission admission({.least = 2, .most = 2, .aim = std::chrono::milliseconds(20)});
  const auto share = somebody(admission, 1);
  admission.keep_free(2);
  BOOST_TEST(admission.turns_away(Lane::pay, *share));
  const auto first = admission.enter(Lane::pay, share);  // one of those for whom it is kept
  BOOST_TEST(first.get() != nullptr);
  admission.give_free(2);
  BOOST_TEST(!admission.turns_away(Lane::pay, *share));
}

BOOST_AUTO_TEST_CASE(one_terminal_does_not_fill_it_alone) {
  Admission admission({.least = 64, .most = 64, .aim = std::chrono::milliseconds(20)});
  const auto greedy = somebody(admission, 1), other = somebody(admission, 2);
  BOOST_TEST(somebody(admission, 1) == greedy);
  std::vector<Admission::Visit> visits;
  while (auto visit = admission.enter(Lane::pay, greedy)) visits.push_back(std::move(visit));
  BOOST_TEST(visits.size() == 32U);
  BOOST_TEST(!admission.enter(Lane::leave, greedy));
  BOOST_TEST((admission.enter(Lane::pay, other) != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
