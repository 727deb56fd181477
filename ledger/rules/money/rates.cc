#include "ledger/rules/money/rates.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "ledger/model/limits.h"

namespace obverse {

namespace {

constexpr std::int64_t one = rate_one;

}  // namespace

// Whole ten-thousands first: no product is larger than the amount itself, or a hundred million.
std::int64_t part_of(std::int64_t minor, std::uint32_t rate) {
  assert(rate <= one);
  return minor / one * rate + minor % one * rate / one;  // the rest has the amount's sign
}

std::int64_t part_rounded_up(std::int64_t minor, std::uint32_t rate) {
  assert(minor >= 0 && rate <= one);
  return minor / one * rate + (minor % one * rate + one - 1) / one;
}

std::vector<std::int64_t> divide(std::int64_t total, std::span<const std::uint32_t> weights) {
  assert(total >= 0 && total <= amount_minor_max);
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  assert(sum > 0 && std::ranges::max(weights) <= weight_max);
  std::vector<std::int64_t> parts;
  std::vector<std::size_t> by_remainder(weights.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  for (const std::uint32_t weight : weights) parts.push_back(total * weight / sum);
  // The greatest remainder first; of equal ones the first.
  std::ranges::sort(by_remainder, [&](std::size_t a, std::size_t b) {
    const std::int64_t of_a = total * weights[a] % sum;
    const std::int64_t of_b = total * weights[b] % sum;
    return of_a != of_b ? of_a > of_b : a < b;
  });
  const std::int64_t left = total - std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  assert(left >= 0 && left < static_cast<std::int64_t>(weights.size()));
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++parts[by_remainder[i]];
  return parts;
}

}  // namespace obverse
