// Each secret has pages of its own: an allocator that shared pages would have to unlock one secret
// with another's.
#include "ledger/vault/secret_bytes.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "threads/lock.h"

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

class SparePages {
 public:
  static constexpr std::size_t spares_max = 16;

  std::byte* take() {
    const Lock alone(mutex_);
    if (count_ == 0) return nullptr;
    return pages_[--count_];
  }
  bool give(std::byte* page) {
    const Lock alone(mutex_);
    if (count_ == spares_max) return false;
    pages_[count_++] = page;
    return true;
  }

 private:
  Mutex mutex_;
  std::array<std::byte*, spares_max> pages_ GUARDED_BY(mutex_){};
  std::size_t count_ GUARDED_BY(mutex_) = 0;
};

// Never destroyed: a secret may outlive whatever is destroyed at exit.
SparePages& spare_pages() {
  static auto* const spares = new SparePages;
  return *spares;
}

struct Mapping {
  std::byte* data;
  bool locked;
};

Mapping map_pages(std::size_t length) {
  void* pages = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  if (::madvise(pages, length, MADV_DONTDUMP) != 0 ||
      ::madvise(pages, length, MADV_WIPEONFORK) != 0) {
    ::munmap(pages, length);
    throw std::bad_alloc();
  }
  // Not mlock(): the sanitizers turn that into nothing, and what is tested under them is this.
  const bool locked = ::syscall(SYS_mlock, pages, length) == 0;
  if (!locked) unlocked().fetch_add(1, std::memory_order_relaxed);
  return {static_cast<std::byte*>(pages), locked};
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  if (whole_pages(size) == whole_pages(1)) data_ = spare_pages().take();
  locked_ = data_ != nullptr;
  if (locked_) return;
  const Mapping mapping = map_pages(whole_pages(size));
  data_ = mapping.data;
  locked_ = mapping.locked;
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
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      locked_(other.locked_) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    locked_ = other.locked_;
  }
  return *this;
}

SecretBytes::~SecretBytes() { release(); }

void SecretBytes::release() {
  if (data_ == nullptr) return;
  wipe(writable());
  const std::size_t length = whole_pages(size_);
  const bool kept = locked_ && length == whole_pages(1) && spare_pages().give(data_);
  if (!kept) ::munmap(data_, length);
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
