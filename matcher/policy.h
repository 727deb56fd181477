// When a score is good enough: thresholds by model, kind of search and number of people searched,
// and the margin to the next person. Pure functions of numbers given from outside; what follows
// from a verdict is not decided here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/embedding.h"

namespace obverse {

enum class Verdict : std::uint8_t {
  recognised,      // score >= threshold, and the next person is at least the margin below
  ambiguous,       // score >= threshold, but someone else is too near
  not_recognised,  // score < threshold
};
const char* explain(Verdict);

// Holds for searches of up to scope_max people.
struct ThresholdStep {
  std::uint32_t scope_max;
  MatchScore threshold;
  friend bool operator==(const ThresholdStep&, const ThresholdStep&) = default;
};

// A threshold that no score reaches: a search that the policy does not vouch for recognises nobody.
inline constexpr MatchScore threshold_unreachable = match_score_one + 1;

struct ModelPolicy {
  std::string model;
  std::vector<ThresholdStep> one_to_many;  // scope_max strictly rising; thresholds never falling
  MatchScore margin;  // 1:N only: best person's score minus the next one's; >= 0
  MatchScore one_to_one;
  friend bool operator==(const ModelPolicy&, const ModelPolicy&) = default;
};

// Of the first step that covers the scope; threshold_unreachable above the last.
MatchScore threshold(std::span<const ThresholdStep> one_to_many, std::uint32_t scope);

Verdict decide(MatchScore score, std::optional<MatchScore> runner_up, MatchScore threshold,
               MatchScore margin);

// Null if the policy is fit for use, otherwise what is wrong with it.
const char* wrong_with(const ModelPolicy&);

// What ships for the 512-dimensional MobileFaceNet. Counted by benchmarks/faces.cc; see there.
inline constexpr std::uint32_t shipped_scope_small = 1000;
inline constexpr MatchScore shipped_threshold_small = match_score(0.62);
inline constexpr std::uint32_t shipped_scope_large = 3000;
inline constexpr MatchScore shipped_threshold_large = match_score(0.64);
inline constexpr MatchScore shipped_margin = match_score(0.08);
inline constexpr MatchScore shipped_one_to_one = match_score(0.50);
ModelPolicy shipped_policy();

// Null if there is none for the model.
const ModelPolicy* find_policy(std::span<const ModelPolicy>, std::string_view model);

}  // namespace obverse
