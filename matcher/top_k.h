// The best person and the best score of anybody else, kept while scores come in any order. Knows
// scores and labels only.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "matcher/matcher.h"

namespace obverse {

// Scores of one person count once, by their greatest. The result does not depend on the order of
// offers, nor on how they were divided among several TopTwo that are then merged. A person is
// offered with one version only.
class TopTwo {
 public:
  // Offers below this change nothing that can be asked.
  MatchScore floor() const { return second_.score; }

  void offer(PersonLabel label, MatchScore score);
  void merge(const TopTwo& other);

  std::optional<PersonLabel> best() const;
  MatchScore score() const;  // -2^22 if there is nobody
  std::optional<MatchScore> runner_up() const;

 private:
  struct Place {
    PersonLabel label{0, 0};
    MatchScore score = std::numeric_limits<MatchScore>::min();  // nobody
    bool taken() const { return score != std::numeric_limits<MatchScore>::min(); }
    bool below(PersonLabel other, MatchScore other_score) const {
      return other_score > score || (other_score == score && other.value < label.value);
    }
  };
  Place best_;
  Place second_;  // always another person than best_
};

}  // namespace obverse
