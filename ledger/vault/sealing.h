// AES-256-GCM (NIST SP 800-38D) over whole records, and scrypt (RFC 7914) for what people type.
// Knows no file, no key's owner. A sealed record is nonce (12 bytes, random), ciphertext, tag (16
// bytes).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/vault/secret_bytes.h"

namespace obverse {

inline constexpr std::size_t key_bytes = 32;
inline constexpr std::size_t nonce_bytes = 12;
inline constexpr std::size_t tag_bytes = 16;
inline constexpr std::size_t sealing_bytes =
    nonce_bytes + tag_bytes;  // a record is this much longer than its content

// `about` is authenticated and not kept: opening needs the same bytes again.
std::vector<std::byte> seal(const SecretBytes& key, std::span<const std::byte> about,
                            std::span<const std::byte> content);

// Nothing if a single bit of key, about or record is another one.
std::optional<SecretBytes> unseal(const SecretBytes& key, std::span<const std::byte> about,
                                  std::span<const std::byte> sealed);

// The same into memory of the caller, of exactly the content's size. On failure that memory is
// zeroed.
[[nodiscard]] bool unseal_into(std::span<std::byte> content, const SecretBytes& key,
                               std::span<const std::byte> about, std::span<const std::byte> sealed);

struct StretchCost {
  unsigned log2_rounds = 12;  // with 8 blocks: 4 MiB
  unsigned blocks = 8;
};

// What a guesser must compute for each guess.
SecretBytes stretch(std::string_view secret, std::span<const std::byte> salt, StretchCost cost);

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b);

}  // namespace obverse
