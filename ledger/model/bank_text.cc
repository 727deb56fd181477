#include "ledger/model/bank_text.h"

#include <array>
#include <cstdint>

namespace obverse {
namespace {

constexpr char32_t none = 0;

// The character that begins here, and how long it is; `none` if these are no UTF-8 of up to three
// bytes (the longer ones are no kana).
struct Character {
  char32_t code = none;
  std::size_t length = 0;
};

Character first_of(std::string_view in) {
  const auto at = [&](std::size_t i) -> char32_t {
    return i < in.size() ? static_cast<unsigned char>(in[i]) : 0;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  if (at(0) < 0x80U) return {at(0), 1};
  Character found;
  if ((at(0) & 0xE0U) == 0xC0U && follows(1)) found = {(at(0) & 0x1FU) << 6U | (at(1) & 0x3FU), 2};
  if ((at(0) & 0xF0U) == 0xE0U && follows(1) && follows(2))
    found = {(at(0) & 0x0FU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU), 3};
  const bool is_shortest = found.code >= (found.length == 2 ? 0x80U : 0x800U);
  return is_shortest ? found : Character{};
}

// From U+30A1 on: the half-width byte, and a mark where the kana is voiced. Small ones stand as
// their large ones; 0 has no place in the set.
struct Half {
  std::uint8_t kana;
  std::uint8_t mark = 0;
};
constexpr std::uint8_t voiced = 0xDE;
constexpr std::uint8_t half_voiced = 0xDF;
constexpr char32_t first_full = 0x30A1;

constexpr std::array<Half, 86> full_kana{{
    {0xB1},
    {0xB1},
    {0xB2},
    {0xB2},
    {0xB3},
    {0xB3},
    {0xB4},
    {0xB4},
    {0xB5},
    {0xB5},  // ァ ア .. オ
    {0xB6},
    {0xB6, voiced},
    {0xB7},
    {0xB7, voiced},
    {0xB8},
    {0xB8, voiced},  // カ ガ ..
    {0xB9},
    {0xB9, voiced},
    {0xBA},
    {0xBA, voiced},  // ケ .. ゴ
    {0xBB},
    {0xBB, voiced},
    {0xBC},
    {0xBC, voiced},
    {0xBD},
    {0xBD, voiced},  // サ ..
    {0xBE},
    {0xBE, voiced},
    {0xBF},
    {0xBF, voiced},  // セ .. ゾ
    {0xC0},
    {0xC0, voiced},
    {0xC1},
    {0xC1, voiced},
    {0xC2},
    {0xC2},
    {0xC2, voiced},  // タ .. ッ ツ ヅ
    {0xC3},
    {0xC3, voiced},
    {0xC4},
    {0xC4, voiced},  // テ .. ド
    {0xC5},
    {0xC6},
    {0xC7},
    {0xC8},
    {0xC9},  // ナ .. ノ
    {0xCA},
    {0xCA, voiced},
    {0xCA, half_voiced},
    {0xCB},
    {0xCB, voiced},
    {0xCB, half_voiced},
    {0xCC},
    {0xCC, voiced},
    {0xCC, half_voiced},
    {0xCD},
    {0xCD, voiced},
    {0xCD, half_voiced},
    {0xCE},
    {0xCE, voiced},
    {0xCE, half_voiced},  // ハ .. ポ
    {0xCF},
    {0xD0},
    {0xD1},
    {0xD2},
    {0xD3},  // マ .. モ
    {0xD4},
    {0xD4},
    {0xD5},
    {0xD5},
    {0xD6},
    {0xD6},  // ャ ヤ .. ヨ
    {0xD7},
    {0xD8},
    {0xD9},
    {0xDA},
    {0xDB},  // ラ .. ロ
    {0xDC},
    {0xDC},
    {0},
    {0},
    {0},
    {0xDD},  // ヮ ワ ヰ ヱ ヲ ン
    {0xB3, voiced},
    {0xB6},
    {0xB9},  // ヴ ヵ ヶ
}};

// ｧ ｨ ｩ ｪ ｫ ｬ ｭ ｮ ｯ, from U+FF67 on.
constexpr std::array<std::uint8_t, 9> small_half{0xB1, 0xB2, 0xB3, 0xB4, 0xB5,
                                                 0xD4, 0xD5, 0xD6, 0xC2};

bool is_in_set(char32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || code == '(' ||
         code == ')' || code == '-' || code == '.' || code == '/' || code == ' ';
}

// Full-width forms of what ASCII has.
char32_t narrow(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFF00 + 0x20;
  return code == 0x3000 ? U' ' : code;
}

std::optional<Half> half_of(char32_t code) {
  if (code >= first_full && code < first_full + full_kana.size()) {
    const Half half = full_kana[code - first_full];
    return half.kana == 0 ? std::nullopt : std::optional(half);
  }
  if (code >= 0xFF67 && code <= 0xFF6F) return Half{small_half[code - 0xFF67]};
  if (code >= 0xFF71 && code <= 0xFF9F)
    return Half{static_cast<std::uint8_t>(code - 0xFF71 + 0xB1)};
  switch (code) {
    case 0x3099:  // combining, and alone
    case 0x309B:
      return Half{voiced};
    case 0x309A:
    case 0x309C:
      return Half{half_voiced};
    case 0x30FC:  // the long vowel
    case 0xFF70:
      return Half{'-'};
    default:
      break;
  }
  const char32_t plain = narrow(code);
  return is_in_set(plain) ? std::optional(Half{static_cast<std::uint8_t>(plain)}) : std::nullopt;
}

}  // namespace

std::optional<std::string> bank_text(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const Character next = first_of(utf8);
    if (next.length == 0) return std::nullopt;
    const auto half = half_of(next.code);
    if (!half) return std::nullopt;
    out.push_back(static_cast<char>(half->kana));
    if (half->mark != 0) out.push_back(static_cast<char>(half->mark));
    utf8.remove_prefix(next.length);
  }
  return out;
}

std::optional<std::string> utf8_of_bank_text(std::string_view bytes) {
  std::string out;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte <= 0x7E) {
      out.push_back(each);
    } else if (byte >= 0xA1 && byte <= 0xDF) {
      const unsigned code = 0xFF61U + (byte - 0xA1U);
      out.push_back(static_cast<char>(0xE0U | code >> 12U));
      out.push_back(static_cast<char>(0x80U | (code >> 6U & 0x3FU)));
      out.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace obverse
