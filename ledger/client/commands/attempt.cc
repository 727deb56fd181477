#include "ledger/client/commands/attempt.h"

#include <sys/random.h>

#include <chrono>
#include <span>
#include <system_error>

namespace obverse {
namespace {

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

bool is_version_7(const AttemptKey& key) {
  return key.bytes[6] >> 4 == 7 && key.bytes[8] >> 6 == 2;
}

}  // namespace

Instant now_by_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

AttemptKey new_attempt(Instant now) {
  AttemptKey key;
  const std::span random = std::span(key.bytes).subspan(6);
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    throw std::system_error(errno, std::generic_category(), "no random bytes from the system");
  for (std::size_t i = 0; i < 6; ++i)
    key.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(now.ms) >> (8 * (5 - i)));
  key.bytes[6] = static_cast<std::uint8_t>((key.bytes[6] & 0x0f) | 0x70);
  key.bytes[8] = static_cast<std::uint8_t>((key.bytes[8] & 0x3f) | 0x80);
  return key;
}

std::string text(const AttemptKey& key) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < key.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += digits[key.bytes[i] >> 4];
    out += digits[key.bytes[i] & 15];
  }
  return out;
}

std::optional<AttemptKey> attempt_from_text(std::string_view words) {
  AttemptKey key;
  std::size_t nibbles = 0;
  for (const char c : words) {
    if (c == '-') continue;
    const auto digit = hex_digit(c);
    if (!digit || nibbles == 32) return std::nullopt;
    auto& byte = key.bytes[nibbles / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | *digit);
    ++nibbles;
  }
  if (nibbles != 32 || !is_version_7(key)) return std::nullopt;
  return key;
}

}  // namespace obverse
