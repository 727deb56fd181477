// Two places; everything else can be forgotten: whoever is pushed out of the second was no better
// than both that stay.
#include "matcher/top_k.h"

namespace obverse {

void TopTwo::offer(PersonLabel label, MatchScore score) {
  const bool is_best = best_.taken() && best_.label.value == label.value;
  if (is_best) {
    if (score > best_.score) best_ = {label, score};
  } else if (best_.below(label, score)) {
    // Also right if this person was second: then the old best takes that place.
    second_ = best_;
    best_ = {label, score};
  } else if (second_.below(label, score)) {
    second_ = {label, score};
  }
}

void TopTwo::merge(const TopTwo& other) {
  if (other.best_.taken()) offer(other.best_.label, other.best_.score);
  if (other.second_.taken()) offer(other.second_.label, other.second_.score);
}

std::optional<PersonLabel> TopTwo::best() const {
  if (!best_.taken()) return std::nullopt;
  return best_.label;
}

MatchScore TopTwo::score() const { return best_.taken() ? best_.score : -match_score_one; }

std::optional<MatchScore> TopTwo::runner_up() const {
  if (!second_.taken()) return std::nullopt;
  return second_.score;
}

}  // namespace obverse
