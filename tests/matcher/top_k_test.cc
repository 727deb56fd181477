// The best two persons against sorting everything, in any order and however divided; and ties.
#include "matcher/top_k.h"

#include <rapidcheck.h>

#include <map>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(top_two)

namespace {

using Offer = std::pair<std::uint64_t, MatchScore>;

// Persons from few labels and few scores, so that ties and repeats are common.
rc::Gen<std::vector<Offer>> some_offers() {
  return rc::gen::container<std::vector<Offer>>(
      rc::gen::pair(rc::gen::inRange<std::uint64_t>(0, 6), rc::gen::inRange<MatchScore>(-4, 5)));
}

struct Answer {
  std::optional<std::uint64_t> best;
  MatchScore score = -match_score_one;
  std::optional<MatchScore> runner_up;
  friend bool operator==(const Answer&, const Answer&) = default;
};

Answer by_sorting(const std::vector<Offer>& offers) {
  std::map<std::uint64_t, MatchScore> greatest;
  for (const auto& [label, score] : offers) {
    const auto [place, fresh] = greatest.emplace(label, score);
    if (!fresh) place->second = std::max(place->second, score);
  }
  std::vector<Offer> people(greatest.begin(), greatest.end());
  std::ranges::sort(people, [](const Offer& one, const Offer& other) {
    return one.second != other.second ? one.second > other.second : one.first < other.first;
  });
  Answer answer;
  if (!people.empty()) answer = {people[0].first, people[0].second, std::nullopt};
  if (people.size() > 1) answer.runner_up = people[1].second;
  return answer;
}

Answer answer_of(const TopTwo& top) {
  const auto best = top.best();
  return {best ? std::optional(best->value) : std::nullopt, top.score(), top.runner_up()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(nobody_offered) { BOOST_TEST((answer_of(TopTwo()) == Answer{})); }

BOOST_AUTO_TEST_CASE(the_runner_up_is_another_person) {
  TopTwo top;
  top.offer({7, 1}, 90);
  top.offer({7, 1}, 80);
  BOOST_TEST(!top.runner_up().has_value());
  top.offer({8, 1}, 50);
  top.offer({7, 1}, 95);
  BOOST_TEST((answer_of(top) == Answer{7, 95, 50}));
  top.offer({8, 1}, 99);
  BOOST_TEST((answer_of(top) == Answer{8, 99, 95}));
}

BOOST_AUTO_TEST_CASE(of_equal_persons_the_lowest_label) {
  for (const bool reversed : {false, true}) {
    TopTwo top;
    top.offer({reversed ? 9U : 3U, 1}, 50);
    top.offer({reversed ? 3U : 9U, 1}, 50);
    BOOST_TEST((answer_of(top) == Answer{3, 50, 50}));
  }
}

BOOST_AUTO_TEST_CASE(the_version_comes_along) {
  TopTwo top;
  top.offer({3, 12}, 50);
  BOOST_TEST(top.best().value().version == 12U);
}

BOOST_AUTO_TEST_CASE(any_order_and_any_division_gives_the_sorted_answer) {
  const bool held = rc::check("top two persons", [] {
    const std::vector<Offer> offers = *some_offers();
    TopTwo whole;
    std::array<TopTwo, 3> parts;
    for (const auto& [label, score] : offers) {
      whole.offer({label, 1}, score);
      parts[*rc::gen::inRange<std::size_t>(0, 3)].offer({label, 1}, score);
    }
    TopTwo merged;
    for (const TopTwo& part : parts) merged.merge(part);
    RC_ASSERT(answer_of(whole) == by_sorting(offers));
    RC_ASSERT(answer_of(merged) == by_sorting(offers));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(what_is_below_the_floor_changes_nothing) {
  const bool held = rc::check("floor", [] {
    TopTwo top;
    for (const auto& [label, score] : *some_offers()) {
      const Answer before = answer_of(top);
      const bool below = score < top.floor();
      top.offer({label, 1}, score);
      RC_ASSERT(!below || answer_of(top) == before);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()
