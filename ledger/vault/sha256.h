// SHA-256 (FIPS 180-4) by OpenSSL's EVP: in one call, or piece by piece. Not keyed: nothing here
// authenticates anybody.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/model/digest.h"

struct evp_md_ctx_st;

namespace obverse {

Digest sha256(std::span<const std::byte> bytes);
Digest sha256(std::string_view bytes);

// The digest of all that was added, in order. After finish() it begins anew, empty.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept = default;
  Sha256& operator=(Sha256&&) noexcept = default;
  ~Sha256() = default;

  Sha256& add(std::span<const std::byte> bytes);
  Sha256& add(std::string_view bytes);
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string hex(const Digest&);  // 64 characters of 0-9 a-f

// Exactly 64 characters of 0-9 a-f; anything else, upper case too, gives nothing: one digest has
// one spelling.
std::optional<Digest> digest_from_hex(std::string_view text);

}  // namespace obverse
