// Signed codes (QR codes, sessions of an app) as bytes: made by the server, verified by any gate
// that has the public key, with the network or without. Whether a genuine code is still good (in
// its time, unused, its device not lost) is for the rules.
//
//   code      = body signature             120 bytes
//   body      = "OBVT" version purpose zero rider device serial bound issued expires
//   version   = %x01
//   purpose   = %x01-04                    TokenPurpose
//   zero      = %x00 %x00
//   rider, device, serial, bound           8 bytes each, most significant first
//   issued, expires                        the same, ms since 1970-01-01T00:00:00Z
//   signature = Ed25519 of body            64 bytes
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/model/credential.h"
#include "ledger/vault/signing.h"

namespace obverse {

inline constexpr std::size_t token_body_bytes = 56;
inline constexpr std::size_t token_bytes = token_body_bytes + std::tuple_size_v<Signature>;
inline constexpr std::string_view token_key_purpose = "obverse codes";

std::string make_token(const SigningKey& key, const Token& token);

// Nothing where a single bit is another, or a byte is missing or too much.
std::optional<Token> verify_token(const VerifyKey& key, std::string_view bytes);

}  // namespace obverse
