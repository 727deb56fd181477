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
inline constexpr std::size_t category_terms_max = 16;
inline constexpr std::size_t interchanges_max = 1'024;
inline constexpr std::size_t caps_max = 3;
inline constexpr std::size_t passes_max = 1'024;
inline constexpr std::size_t photos_max = 8;
inline constexpr std::size_t thresholds_max = 256;
inline constexpr std::size_t events_in_record_max = 256;
inline constexpr std::size_t pin_digits_min = 4;
inline constexpr std::size_t pin_digits_max = 12;
inline constexpr std::size_t lookalikes_max = 8;            // of one group
inline constexpr std::size_t devices_max = 8;               // of one person, lost ones too
inline constexpr std::size_t categories_max = 16;           // of one person; an older one gives way
inline constexpr std::uint64_t offline_items_max = 10'000;  // of one batch
// The clock of a record must lie in these years (1970 to 2200), so that adding any configured
// duration cannot wrap.
inline constexpr Instant instant_min{0};
inline constexpr Instant instant_max{7'258'118'400'000};
inline constexpr Duration duration_max = days(36'500);
// Settlement.
inline constexpr std::uint32_t rate_one = 10'000;  // rates are in 1/10,000
inline constexpr std::size_t fee_rows_max = 64;
inline constexpr std::size_t holidays_max = 2'000;
inline constexpr std::size_t shares_max = 64;
inline constexpr std::uint32_t weight_max = 1'000'000;
inline constexpr std::size_t claims_max = 2'000;  // pairs of operators in one window
inline constexpr std::size_t payouts_in_file_max = 4'000;
inline constexpr std::size_t statement_entries_max = 2'000;
inline constexpr std::int64_t payout_return_days = 60;  // how late a payout may come back by name
// Work for many payees that comes due at once is done one by one at this pace, so that terminals
// are served in between.
inline constexpr Duration settlement_pace = milliseconds(10);

}  // namespace obverse
