// A context is made and freed for each call: freeing is what wipes the key schedule, which lies
// outside our own pages.
#include "ledger/vault/sealing.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <cassert>
#include <memory>
#include <stdexcept>

namespace obverse {
namespace {

void must(bool worked) {
  if (!worked) throw std::runtime_error("the cryptographic library refused an operation");
}

const EVP_CIPHER* algorithm() {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  must(fetched != nullptr);
  return fetched;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

int length(std::span<const std::byte> bytes) {
  assert(bytes.size() < (1U << 30U));
  return static_cast<int>(bytes.size());
}

}  // namespace

std::vector<std::byte> seal(const SecretBytes& key, std::span<const std::byte> about,
                            std::span<const std::byte> content) {
  assert(key.size() == key_bytes);
  std::vector<std::byte> sealed(content.size() + sealing_bytes);
  std::byte* const text = sealed.data() + nonce_bytes;
  must(RAND_bytes(raw(sealed.data()), nonce_bytes) == 1);
  const Context context(EVP_CIPHER_CTX_new());
  int done = 0;
  must(context != nullptr);
  must(EVP_EncryptInit_ex2(context.get(), algorithm(), raw(key.bytes().data()), raw(sealed.data()),
                           nullptr) == 1);
  must(EVP_EncryptUpdate(context.get(), nullptr, &done, raw(about.data()), length(about)) == 1);
  must(EVP_EncryptUpdate(context.get(), raw(text), &done, raw(content.data()), length(content)) ==
       1);
  must(EVP_EncryptFinal_ex(context.get(), raw(text + done), &done) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes,
                           text + content.size()) == 1);
  return sealed;
}

bool unseal_into(std::span<std::byte> content, const SecretBytes& key,
                 std::span<const std::byte> about, std::span<const std::byte> sealed) {
  assert(key.size() == key_bytes && content.size() + sealing_bytes == sealed.size());
  const auto text = sealed.subspan(nonce_bytes, content.size());
  std::vector<std::byte> tag(sealed.end() - tag_bytes, sealed.end());
  const Context context(EVP_CIPHER_CTX_new());
  int done = 0;
  must(context != nullptr);
  must(EVP_DecryptInit_ex2(context.get(), algorithm(), raw(key.bytes().data()), raw(sealed.data()),
                           nullptr) == 1);
  must(EVP_DecryptUpdate(context.get(), nullptr, &done, raw(about.data()), length(about)) == 1);
  must(EVP_DecryptUpdate(context.get(), raw(content.data()), &done, raw(text.data()),
                         length(text)) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) == 1);
  const bool genuine =
      EVP_DecryptFinal_ex(context.get(), raw(content.data() + content.size()), &done) == 1;
  if (!genuine) wipe(content);
  return genuine;
}

std::optional<SecretBytes> unseal(const SecretBytes& key, std::span<const std::byte> about,
                                  std::span<const std::byte> sealed) {
  if (sealed.size() < sealing_bytes) return std::nullopt;
  SecretBytes content(sealed.size() - sealing_bytes);
  if (!unseal_into(content.writable(), key, about, sealed)) return std::nullopt;
  return content;
}

SecretBytes stretch(std::string_view secret, std::span<const std::byte> salt, StretchCost cost) {
  constexpr std::uint64_t memory_max = std::uint64_t{1} << 26U;
  SecretBytes stretched(key_bytes);
  must(EVP_PBE_scrypt(secret.data(), secret.size(), raw(salt.data()), salt.size(),
                      std::uint64_t{1} << cost.log2_rounds, cost.blocks, 1, memory_max,
                      raw(stretched.writable().data()), stretched.size()) == 1);
  return stretched;
}

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace obverse
