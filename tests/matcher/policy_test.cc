// Thresholds by scope, verdicts at their borders, and that raising a threshold or a margin never
// makes a match.
#include <rapidcheck.h>

#include "matcher/policy.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(policies)

namespace {

const std::vector<ThresholdStep> steps{{10, 100}, {1000, 200}, {50000, 300}};

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_step_that_covers_the_scope_holds) {
  BOOST_TEST(threshold(steps, 0) == 100);
  BOOST_TEST(threshold(steps, 10) == 100);
  BOOST_TEST(threshold(steps, 11) == 200);
  BOOST_TEST(threshold(steps, 1000) == 200);
  BOOST_TEST(threshold(steps, 1001) == 300);
  BOOST_TEST(threshold(steps, 50000) == 300);
}

BOOST_AUTO_TEST_CASE(beyond_the_last_step_nobody_is_recognised) {
  BOOST_TEST(threshold(steps, 50001) == threshold_unreachable);
  BOOST_TEST(threshold({}, 1) == threshold_unreachable);
  BOOST_TEST((decide(match_score_one, std::nullopt, threshold(steps, 50001), 0) ==
              Verdict::not_recognised));
}

BOOST_AUTO_TEST_CASE(verdicts_at_the_borders) {
  BOOST_TEST((decide(300, std::nullopt, 300, 50) == Verdict::recognised));
  BOOST_TEST((decide(299, std::nullopt, 300, 50) == Verdict::not_recognised));
  BOOST_TEST((decide(300, 250, 300, 50) == Verdict::recognised));
  BOOST_TEST((decide(300, 251, 300, 50) == Verdict::ambiguous));
  BOOST_TEST((decide(300, 300, 300, 0) == Verdict::recognised));
  BOOST_TEST((decide(299, 299, 300, 50) == Verdict::not_recognised));
}

BOOST_AUTO_TEST_CASE(a_stricter_policy_never_makes_a_match) {
  const bool held = rc::check("raising threshold or margin", [] {
    const auto number = rc::gen::inRange<MatchScore>(-match_score_one, match_score_one + 1);
    const MatchScore score = *number;
    const MatchScore second = *number;
    const bool alone = *rc::gen::arbitrary<bool>();
    const std::optional<MatchScore> runner_up =
        alone ? std::nullopt : std::optional(std::min(score, second));
    const MatchScore limit = *number;
    const MatchScore margin = *rc::gen::inRange<MatchScore>(0, match_score_one);
    const MatchScore more = *rc::gen::inRange<MatchScore>(0, match_score_one);
    if (decide(score, runner_up, limit, margin) == Verdict::recognised) return;
    RC_ASSERT(decide(score, runner_up, limit + more, margin) != Verdict::recognised);
    RC_ASSERT(decide(score, runner_up, limit, margin + more) != Verdict::recognised);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(an_unfit_policy_is_named) {
  BOOST_TEST(wrong_with(shipped_policy()) == nullptr);
  ModelPolicy policy = shipped_policy();
  policy.model.clear();
  BOOST_TEST(wrong_with(policy) != nullptr);
  policy = shipped_policy();
  policy.margin = -1;
  BOOST_TEST(wrong_with(policy) != nullptr);
  policy = shipped_policy();
  policy.one_to_many = {{10, 100}, {10, 200}};
  BOOST_TEST(wrong_with(policy) != nullptr);
  policy.one_to_many = {{10, 100}, {20, 99}};
  BOOST_TEST(wrong_with(policy) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_policy_is_found_by_its_model_only) {
  const std::vector<ModelPolicy> all{shipped_policy()};
  BOOST_TEST(find_policy(all, mobilefacenet_512().id) == all.data());
  BOOST_TEST(find_policy(all, "mobilefacenet-513") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_shipped_policy_is_stricter_among_more_people) {
  const ModelPolicy policy = shipped_policy();
  BOOST_TEST(threshold(policy.one_to_many, 840) == match_score(0.62));
  BOOST_TEST(threshold(policy.one_to_many, 2847) == match_score(0.64));
  BOOST_TEST(threshold(policy.one_to_many, 1200000) == threshold_unreachable);
  for (std::uint32_t scope = 1; scope < 5000; scope += 7) {
    BOOST_TEST(threshold(policy.one_to_many, scope) <= threshold(policy.one_to_many, scope + 7));
  }
}

BOOST_AUTO_TEST_CASE(every_verdict_can_be_said) {
  BOOST_TEST(std::string(explain(Verdict::recognised)) == "recognised");
  BOOST_TEST(std::string(explain(Verdict::ambiguous)) == "ambiguous");
  BOOST_TEST(std::string(explain(Verdict::not_recognised)) == "not recognised");
}

BOOST_AUTO_TEST_SUITE_END()
