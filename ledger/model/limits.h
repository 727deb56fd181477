// Every bound of the model, in one place. What is over a bound is refused, never cut.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/model/instant.h"

namespace obverse {

inline constexpr std::size_t code_length_max = 32;
inline constexpr std::int64_t amount_minor_max =
    1'000'000'000'000;  // of one command, far under 2^63
inline constexpr std::size_t stations_max = 4'096;
inline constexpr std::size_t tracks_max = 16'384;
inline constexpr std::size_t sections_max = 256;
inline constexpr std::size_t pair_fares_max = 32'768;
inline constexpr std::size_t time_fares_max = 64;
inline constexpr std::size_t categories_max = 16;
inline constexpr std::size_t interchanges_max = 1'024;
inline constexpr std::size_t caps_max = 3;
inline constexpr std::size_t passes_max = 1'024;
inline constexpr std::size_t photos_max = 8;
inline constexpr std::size_t thresholds_max = 256;
inline constexpr std::size_t events_in_record_max = 256;
inline constexpr std::size_t pin_digits_min = 4;
inline constexpr std::size_t pin_digits_max = 12;
// The clock of a record must lie in these years (1970 to 2200), so that adding any configured
// duration cannot wrap.
inline constexpr Instant instant_min{0};
inline constexpr Instant instant_max{7'258'118'400'000};
inline constexpr Duration duration_max = days(36'500);

}  // namespace obverse
