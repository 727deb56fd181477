// Parts of an amount, in whole minor units: a rate of it, and its division among several. Every
// rounding of settlement is one of these.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace obverse {

// rate / 10,000 of the amount, its magnitude rounded down: a refund never brings back more of a fee
// than its sale cost. The rate is at most 10,000.
std::int64_t part_of(std::int64_t minor, std::uint32_t rate);
// The same rounded up, of an amount that is not negative.
std::int64_t part_rounded_up(std::int64_t minor, std::uint32_t rate);

// By largest remainder, a tie to the lower index: the parts sum to the total, each within one unit
// of its exact share. The total is 0 to amount_minor_max, weights at most weight_max, one of them
// above zero.
std::vector<std::int64_t> divide(std::int64_t total, std::span<const std::uint32_t> weights);

}  // namespace obverse
