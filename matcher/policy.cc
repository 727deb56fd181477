// Comparisons of integers; the evidence for the shipped numbers stands beside them in the header.
#include "matcher/policy.h"

#include <cassert>

namespace obverse {

const char* explain(Verdict verdict) {
  switch (verdict) {
    case Verdict::recognised:
      return "recognised";
    case Verdict::ambiguous:
      return "ambiguous";
    case Verdict::not_recognised:
      return "not recognised";
  }
  return "unknown verdict";
}

MatchScore threshold(std::span<const ThresholdStep> one_to_many, std::uint32_t scope) {
  for (const ThresholdStep& step : one_to_many) {
    if (scope <= step.scope_max) return step.threshold;
  }
  return threshold_unreachable;
}

Verdict decide(MatchScore score, std::optional<MatchScore> runner_up, MatchScore threshold,
               MatchScore margin) {
  assert(margin >= 0);
  if (score < threshold) return Verdict::not_recognised;
  // Differences of scores need 64 bits: a caller may pass numbers that no search gives.
  if (runner_up && std::int64_t{score} - *runner_up < margin) return Verdict::ambiguous;
  return Verdict::recognised;
}

const char* wrong_with(const ModelPolicy& policy) {
  if (policy.model.empty()) return "the model has no name";
  if (policy.margin < 0) return "the margin is negative";
  const ThresholdStep* before = nullptr;
  for (const ThresholdStep& step : policy.one_to_many) {
    if (before && step.scope_max <= before->scope_max) return "the scopes do not rise";
    if (before && step.threshold < before->threshold) {
      return "the threshold falls where more people are searched";
    }
    before = &step;
  }
  return nullptr;
}

ModelPolicy shipped_policy() {
  return {.model = mobilefacenet_512().id,
          .one_to_many = {{shipped_scope_small, shipped_threshold_small},
                          {shipped_scope_large, shipped_threshold_large}},
          .margin = shipped_margin,
          .one_to_one = shipped_one_to_one};
}

const ModelPolicy* find_policy(std::span<const ModelPolicy> policies, std::string_view model) {
  for (const ModelPolicy& policy : policies) {
    if (policy.model == model) return &policy;
  }
  return nullptr;
}

}  // namespace obverse
