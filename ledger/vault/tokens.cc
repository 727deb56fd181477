#include "ledger/vault/tokens.h"

#include <algorithm>
#include <cassert>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr std::string_view beginning{"OBVT\1", 5};
constexpr std::string_view zero{"\0\0", 2};

void put(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

std::uint64_t take(std::string_view& in) {
  std::uint64_t number = 0;
  for (const char byte : in.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(byte);
  in.remove_prefix(8);
  return number;
}

std::optional<Instant> take_instant(std::string_view& in) {
  const std::uint64_t ms = take(in);
  if (ms > static_cast<std::uint64_t>(instant_max.ms)) return std::nullopt;
  return Instant{static_cast<std::int64_t>(ms)};
}

std::string body_of(const Token& token) {
  assert(token.issued >= instant_min && token.issued <= instant_max);
  assert(token.expires >= instant_min && token.expires <= instant_max);
  std::string body(beginning);
  body.push_back(static_cast<char>(token.purpose));
  body += zero;
  for (const std::uint64_t number :
       {token.rider.value, token.device.value, token.serial, token.bound})
    put(body, number);
  put(body, static_cast<std::uint64_t>(token.issued.ms));
  put(body, static_cast<std::uint64_t>(token.expires.ms));
  assert(body.size() == token_body_bytes);
  return body;
}

std::optional<Token> read_body(std::string_view body) {
  if (!body.starts_with(beginning) || body.substr(6, 2) != zero) return std::nullopt;
  const auto purpose = static_cast<TokenPurpose>(body[5]);
  if (purpose < TokenPurpose::ride || purpose > TokenPurpose::session) return std::nullopt;
  body.remove_prefix(8);
  Token token;
  token.purpose = purpose;
  token.rider.value = take(body);
  token.device.value = take(body);
  token.serial = take(body);
  token.bound = take(body);
  const auto issued = take_instant(body);
  const auto expires = take_instant(body);
  if (!issued || !expires) return std::nullopt;
  token.issued = *issued;
  token.expires = *expires;
  return token;
}

}  // namespace

std::string make_token(const SigningKey& key, const Token& token) {
  std::string code = body_of(token);
  const Signature signature = key.sign(std::as_bytes(std::span(code)));
  code.append(signature.begin(), signature.end());
  return code;
}

std::optional<Token> verify_token(const VerifyKey& key, std::string_view bytes) {
  if (bytes.size() != token_bytes) return std::nullopt;
  const std::string_view body = bytes.substr(0, token_body_bytes);
  Signature signature;
  std::ranges::copy(bytes.substr(token_body_bytes), signature.begin());
  if (!is_signed(key, std::as_bytes(std::span(body)), signature)) return std::nullopt;
  return read_body(body);
}

}  // namespace obverse
