#include "ledger/model/label.h"

#include <string_view>

namespace obverse {
namespace {

// How many bytes the character takes that begins here; 0 if none begins (RFC 3629: the shortest
// form, no surrogates, at most U+10FFFF).
std::size_t length_of_first(std::string_view in) {
  const auto at = [&](std::size_t i) -> unsigned {
    return i < in.size() ? static_cast<unsigned char>(in[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const unsigned first = at(0);
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return follows(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    if (first == 0xE0U && at(1) < 0xA0U) return 0;
    if (first == 0xEDU && at(1) >= 0xA0U) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    if (first == 0xF0U && at(1) < 0x90U) return 0;
    if (first == 0xF4U && at(1) >= 0x90U) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_valid(const Label& label) {
  std::string_view left = label.utf8;
  if (left.size() > label_bytes_max) return false;
  while (!left.empty()) {
    const auto first = static_cast<unsigned char>(left.front());
    if (first < 0x20U || first == 0x7FU) return false;
    if (first == 0xC2U && left.size() > 1 && static_cast<unsigned char>(left[1]) < 0xA0U)
      return false;  // C1 controls
    const std::size_t length = length_of_first(left);
    if (length == 0) return false;
    left.remove_prefix(length);
  }
  return true;
}

}  // namespace obverse
