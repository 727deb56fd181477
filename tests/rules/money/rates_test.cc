// Parts of amounts: rates and shares.
#include "ledger/rules/money/rates.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <numeric>

#include "ledger/model/limits.h"

using namespace obverse;

namespace {

std::vector<std::int64_t> split(std::int64_t total, std::vector<std::uint32_t> weights) {
  return divide(total, weights);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rates)

// The `rate` lines of the domain's scenarios.
BOOST_AUTO_TEST_CASE(rates_of_the_domain) {
  BOOST_TEST(part_of(10'000, 324) == 324);
  BOOST_TEST(part_of(-3'000, 324) == -97);
  BOOST_TEST(part_of(5'000, 324) == 162);
  BOOST_TEST(part_of(100'000, 270) == 2'700);
  BOOST_TEST(part_of(8'000, 270) == 216);
  BOOST_TEST(part_of(1'620, 324) == 52);
  BOOST_TEST(part_of(1'080, 740) == 79);
  BOOST_TEST(part_of(100'000, 500) == 5'000);
  BOOST_TEST(part_rounded_up(24'600'000, 5'000) == 12'300'000);
  BOOST_TEST(part_rounded_up(10'000'001, 5'000) == 5'000'001);
}

BOOST_AUTO_TEST_CASE(shares_of_the_domain) {
  BOOST_TEST((split(430, {55, 45}) == std::vector<std::int64_t>{237, 193}));
  BOOST_TEST((split(100, {1, 1, 1}) == std::vector<std::int64_t>{34, 33, 33}));
  BOOST_TEST((split(0, {1, 1}) == std::vector<std::int64_t>{0, 0}));
  BOOST_TEST((split(5, {0, 1, 1}) == std::vector<std::int64_t>{0, 3, 2}));
}

// Invariant 37, and no amount is too large.
BOOST_AUTO_TEST_CASE(a_rate_is_monotone_symmetric_and_never_more_than_exact) {
  BOOST_TEST(part_of(std::numeric_limits<std::int64_t>::max(), rate_one) ==
             std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(part_of(std::numeric_limits<std::int64_t>::min(), rate_one) ==
             std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(rc::check("37 fees", [] {
    const auto rate = *rc::gen::inRange<std::uint32_t>(0, rate_one + 1);
    const auto a = *rc::gen::inRange<std::int64_t>(0, amount_minor_max);
    const auto b = *rc::gen::inRange<std::int64_t>(0, a + 1);
    RC_ASSERT(part_of(0, rate) == 0);
    RC_ASSERT(part_of(b, rate) <= part_of(a, rate));
    RC_ASSERT(part_of(-a, rate) == -part_of(a, rate));
    const std::int64_t exact_tenthousandths = a % 10'000 * rate + a / 10'000 * rate * 10'000;
    RC_ASSERT(part_of(a, rate) * 10'000 <= exact_tenthousandths);
    RC_ASSERT((part_of(a, rate) + 1) * 10'000 > exact_tenthousandths);
    RC_ASSERT(part_rounded_up(a, rate) * 10'000 >= exact_tenthousandths);
    RC_ASSERT((part_rounded_up(a, rate) - 1) * 10'000 < exact_tenthousandths);
  }));
}

// Invariant 14.
BOOST_AUTO_TEST_CASE(parts_sum_to_the_total_each_within_one_unit) {
  BOOST_TEST(rc::check("14 largest remainder", [] {
    const auto total = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    auto weights = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1'000)));
    weights.back() += 1;
    const auto parts = divide(total, weights);
    const auto sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    RC_ASSERT(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == total);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      RC_ASSERT(parts[i] * sum > total * weights[i] - sum);
      RC_ASSERT(parts[i] * sum < total * weights[i] + sum);
      // Who weighs no more gets no more, unless it stands first.
      for (std::size_t j = i + 1; j < parts.size(); ++j)
        if (weights[i] >= weights[j]) RC_ASSERT(parts[i] >= parts[j]);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
