#include "ledger/gtfs/amount.h"

#include <algorithm>

#include "ledger/model/limits.h"

namespace obverse::gtfs {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

constexpr std::int64_t number_max = 1'000'000'000'000'000;

// Of digits only; nothing where it is beyond the bound.
std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char digit : digits) {
    value = 10 * value + (digit - '0');
    if (value > number_max) return std::nullopt;
  }
  return value;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || !all_digits(digits)) return std::nullopt;
  const auto value = number(digits);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

Amount amount_of(std::string_view text, Currency currency) {
  const bool negative = text.starts_with('-');
  const std::string_view magnitude = text.substr(negative ? 1 : 0);
  const std::size_t point = magnitude.find('.');
  const std::string_view whole = magnitude.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : magnitude.substr(point + 1);
  const bool point_alone = point != std::string_view::npos && fraction.empty();
  if (whole.empty() || point_alone || !all_digits(whole) || !all_digits(fraction))
    return {std::nullopt, quoted(text) + " is no amount: write it as 2.40, digits only"};

  const auto digits = static_cast<std::size_t>(exponent(currency));
  const std::string_view surplus = fraction.substr(std::min(digits, fraction.size()));
  const std::string has = " has more digits than " + std::string(alphabetic(currency)) + " (" +
                          std::to_string(digits) + ")";
  if (surplus.find_first_not_of('0') != std::string_view::npos)
    return {std::nullopt, quoted(text) + has + "; it is not rounded, so the amount is unknown"};

  std::string minor_digits(whole);
  minor_digits += fraction.substr(0, std::min(digits, fraction.size()));
  minor_digits.append(digits - std::min(digits, fraction.size()), '0');
  const auto minor = number(minor_digits);
  if (!minor || *minor > amount_minor_max)
    return {std::nullopt, quoted(text) + " is more than a fare can be"};
  return {negative ? -*minor : *minor, surplus.empty() ? "" : quoted(text) + has};
}

}  // namespace obverse::gtfs
