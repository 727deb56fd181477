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

// What ships for the 512-dimensional MobileFaceNet, chosen from counts on the development half of
// the face set (benchmarks/faces.cc counts them again). Up to 1,000 people: 840 enrolled with 3,372
// photos. Greatest score of a wrong best person: clean 0.565 (of 2,837 searches by strangers), dim
// 0.547, masked 0.530, low resolution 0.506 (2,452 searches). If that tail falls on as it does
// above 0.50, one stranger in about 10,000 (dim) to 45,000 (clean) reaches 0.62. Recognised there:
// 77 % clean, 50 % dim, 4 % low resolution, 2 % masked; everybody else steps up. Up to 3,000: 2,847
// enrolled with 5,379 photos; greatest wrong score 0.581, so 0.64 (73 % clean). Above that nothing
// was counted: nobody is recognised among more people by this model alone. Margin: wrong and right
// are told apart by the threshold in this set; 0.08 costs nothing there, and is for twins, of whom
// it holds none. One to one: at 0.50 3.3 false matches in a million pairs of single clean
// photos, 8.4 % non-matches (fewer with several templates).
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
