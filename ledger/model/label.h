// Words that are printed as they are: the name of a payee on a bank file, of a product on a
// receipt. UTF-8, at most 120 bytes, no control characters. Never a person's name.
#pragma once

#include <compare>
#include <cstddef>
#include <string>

namespace obverse {

inline constexpr std::size_t label_bytes_max = 120;

struct Label {
  std::string utf8;
  friend auto operator<=>(const Label&, const Label&) = default;
};

bool is_valid(const Label&);

}  // namespace obverse
