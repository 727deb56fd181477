#include "ledger/model/money.h"

#include <array>

namespace obverse {
namespace {

struct Known {
  Currency currency;
  std::string_view alphabetic;
  int exponent;
};

constexpr std::array<Known, 7> known{{{Currency::jpy, "JPY", 0},
                                      {Currency::cny, "CNY", 2},
                                      {Currency::eur, "EUR", 2},
                                      {Currency::gbp, "GBP", 2},
                                      {Currency::usd, "USD", 2},
                                      {Currency::rub, "RUB", 2},
                                      {Currency::inr, "INR", 2}}};

const Known& entry(Currency currency) {
  for (const Known& each : known)
    if (each.currency == currency) return each;
  return known[0];
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

}  // namespace

std::optional<Currency> currency_of(std::string_view letters) {
  for (const Known& each : known)
    if (each.alphabetic == letters) return each.currency;
  return std::nullopt;
}

std::optional<Currency> currency_of(std::uint16_t numeric) {
  for (const Known& each : known)
    if (static_cast<std::uint16_t>(each.currency) == numeric) return each.currency;
  return std::nullopt;
}

std::string_view alphabetic(Currency currency) { return entry(currency).alphabetic; }
int exponent(Currency currency) { return entry(currency).exponent; }

std::optional<std::int64_t> add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<std::int64_t> subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) return std::nullopt;
  return difference;
}

std::optional<Money> add(Money a, Money b) {
  if (a.currency != b.currency) return std::nullopt;
  const auto sum = add(a.minor, b.minor);
  if (!sum) return std::nullopt;
  return Money{*sum, a.currency};
}

std::optional<Money> subtract(Money a, Money b) {
  if (a.currency != b.currency) return std::nullopt;
  const auto difference = subtract(a.minor, b.minor);
  if (!difference) return std::nullopt;
  return Money{*difference, a.currency};
}

std::string text(Money money) {
  const bool negative = money.minor < 0;
  // Negating in unsigned arithmetic is right for the smallest number too.
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(money.minor)
                                  : static_cast<std::uint64_t>(money.minor);
  std::uint64_t unit = 1;
  for (int i = 0; i < exponent(money.currency); ++i) unit *= 10;
  std::string out = (negative ? "-" : "") + grouped(magnitude / unit);
  if (unit > 1) out += "." + std::to_string(unit + magnitude % unit).substr(1);
  return out + " " + std::string(alphabetic(money.currency));
}

}  // namespace obverse
