// Texts of numbers, read exactly: an amount of money becomes whole minor units of its currency by
// its digits, never by way of a binary fraction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/model/money.h"

namespace obverse::gtfs {

struct Amount {
  std::optional<std::int64_t> minor;  // nothing: the text says no amount that can be paid
  std::string odd;                    // what is odd about the text; empty where nothing is
  friend bool operator==(const Amount&, const Amount&) = default;
};

// "2.40" and "2.4" USD are 240, "150" JPY is 150, "-1.00" is -100. More digits than the currency
// has are odd: zeros are left out, anything else is no amount (it is never rounded).
Amount amount_of(std::string_view text, Currency);

// "7200"; nothing where it is no whole number or beyond 10^15.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace obverse::gtfs
