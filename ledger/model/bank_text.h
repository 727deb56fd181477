// What a bank's file may carry of a name: JIS X 0201, one byte a character, in the strict set
// 0-9 A-Z ｱ-ﾝ ﾞ ﾟ ( ) - . / and space. Small kana become large, the long vowel becomes a hyphen, a
// voiced mark is a byte of its own, full-width letters become half-width. What cannot be mapped is
// refused, never dropped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace obverse {

inline constexpr std::size_t bank_name_bytes_max = 15;  // of a bank, and of a branch
inline constexpr std::size_t holder_bytes_max = 30;
inline constexpr std::size_t originator_bytes_max = 40;
inline constexpr std::size_t reference_bytes_max = 20;  // what a transfer says to its receiver

// The bytes, or nothing if a character has no place in the set.
std::optional<std::string> bank_text(std::string_view utf8);
// Half-width UTF-8 of bytes that a bank wrote: any of JIS X 0201 that is printed.
std::optional<std::string> utf8_of_bank_text(std::string_view bytes);

}  // namespace obverse
