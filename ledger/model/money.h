// Money: whole minor units of an ISO 4217 currency, in 64 bits. Arithmetic is checked: what would
// overflow, or would mix currencies, gives nothing instead of a wrong amount.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace obverse {

// The currencies this build knows, by their ISO 4217 numeric code. The exponent (digits after the
// point) is theirs.
enum class Currency : std::uint16_t {
  jpy = 392,
  cny = 156,
  eur = 978,
  gbp = 826,
  usd = 840,
  rub = 643,
  inr = 356
};

std::optional<Currency> currency_of(
    std::string_view alphabetic);  // "JPY", upper case; nothing if unknown
std::optional<Currency> currency_of(std::uint16_t numeric);
std::string_view alphabetic(Currency);
int exponent(Currency);  // 0 for JPY, 2 for GBP

struct Money {
  std::int64_t minor = 0;
  Currency currency = Currency::jpy;
  friend constexpr bool operator==(const Money&, const Money&) = default;
};

std::optional<Money> add(Money, Money);
std::optional<Money> subtract(Money, Money);
std::optional<std::int64_t> add(std::int64_t, std::int64_t);
std::optional<std::int64_t> subtract(std::int64_t, std::int64_t);

// "1,620 JPY", "12.50 GBP": for people and for messages, never parsed back.
std::string text(Money);

}  // namespace obverse
