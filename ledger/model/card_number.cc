#include "ledger/model/card_number.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace obverse {
namespace {

constexpr std::size_t digits_min = 12;
constexpr std::size_t digits_max = 19;
constexpr std::size_t separators_max = 2;  // between two digits

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_separator(char c) { return c == ' ' || c == '-' || c == '.' || c == '_'; }

// Digits of double width as digits, and what stands for a space or a dash in UTF-8 as one.
std::string plain(std::string_view text) {
  static constexpr std::array<std::string_view, 6> separators{"\u00a0", "\u2010", "\u2011",
                                                              "\u2212", "\u3000", "\uff0d"};
  constexpr std::string_view wide_digits = "\xef\xbc";  // and the digit's own byte, from 0x90
  std::string out;
  while (!text.empty()) {
    const auto separator = std::ranges::find_if(
        separators, [&](std::string_view each) { return text.starts_with(each); });
    const auto third = text.size() > 2 ? static_cast<unsigned char>(text[2]) : 0U;
    if (separator != separators.end()) {
      out.push_back(' ');
      text.remove_prefix(separator->size());
    } else if (text.starts_with(wide_digits) && third >= 0x90U && third <= 0x99U) {
      out.push_back(static_cast<char>('0' + (third - 0x90U)));
      text.remove_prefix(3);
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

// The last of `text` is a digit. Backwards from it, every second digit counts double.
bool ends_in_card_number(std::string_view text) {
  int sum = 0;
  std::size_t digits = 0;
  std::size_t separators = 0;
  for (std::size_t at = text.size(); at > 0 && digits < digits_max; --at) {
    const char c = text[at - 1];
    if (is_separator(c) && separators < separators_max) {
      ++separators;
      continue;
    }
    if (!is_digit(c)) return false;
    separators = 0;
    const int digit = c - '0';
    const int weighed = digits % 2 == 0 ? digit : 2 * digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
    ++digits;
    if (digits >= digits_min && digit != 0 && sum % 10 == 0) return true;
  }
  return false;
}

bool holds_plainly(std::string_view text) {
  for (std::size_t end = digits_min; end <= text.size(); ++end)
    if (is_digit(text[end - 1]) && ends_in_card_number(text.substr(0, end))) return true;
  return false;
}

}  // namespace

bool holds_card_number(std::string_view text) {
  if (text.size() < digits_min) return false;
  return is_ascii(text) ? holds_plainly(text) : holds_plainly(plain(text));
}

}  // namespace obverse
