// Each secret has pages of its own: an allocator that shared pages would have to unlock one secret
// with another's.
#include "ledger/vault/secret_bytes.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace obverse {
namespace {

std::atomic<std::uint64_t>& unlocked() {
  static std::atomic<std::uint64_t> count = 0;
  return count;
}

std::size_t whole_pages(std::size_t size) {
  static const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  const std::size_t length = whole_pages(size);
  void* pages = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<std::byte*>(pages);
  if (::mlock(pages, length) != 0) unlocked().fetch_add(1, std::memory_order_relaxed);
  if (::madvise(pages, length, MADV_DONTDUMP) != 0 ||
      ::madvise(pages, length, MADV_WIPEONFORK) != 0) {
    release();
    throw std::bad_alloc();
  }
}

SecretBytes SecretBytes::copy_of(std::span<const std::byte> bytes) {
  SecretBytes copy(bytes.size());
  std::ranges::copy(bytes, copy.data_);
  return copy;
}

SecretBytes SecretBytes::random(std::size_t size) {
  SecretBytes made(size);
  auto* const data = reinterpret_cast<unsigned char*>(made.data_);
  if (RAND_priv_bytes(data, static_cast<int>(size)) != 1) {
    throw std::runtime_error("the cryptographic library has no random bytes to give");
  }
  return made;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretBytes::~SecretBytes() { release(); }

void SecretBytes::release() {
  if (data_ == nullptr) return;
  wipe(writable());
  ::munmap(data_, whole_pages(size_));
  data_ = nullptr;
  size_ = 0;
}

std::uint64_t unlocked_secrets() { return unlocked().load(std::memory_order_relaxed); }

void wipe(std::span<std::byte> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

void harden_process() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot forbid core dumps");
  }
}

}  // namespace obverse
