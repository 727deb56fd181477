// Memory for what must not be seen: pages of their own, locked, left out of core dumps, blank in a
// forked child, wiped before they are given back. Moved, never copied. While it lives it is plain
// text: this hides nothing from root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace obverse {

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zeros; throws std::bad_alloc
  static SecretBytes copy_of(std::span<const std::byte> bytes);
  static SecretBytes random(std::size_t size);  // from the library's private generator

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  std::size_t size() const { return size_; }
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::span<std::byte> writable() { return {data_, size_}; }

 private:
  void release();
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = false;
};

// How many secrets of this process could not be locked into memory and might be swapped out (the
// limit is RLIMIT_MEMLOCK). The vault's report says so.
std::uint64_t unlocked_secrets();

void wipe(std::span<std::byte> bytes);  // zeros that the compiler may not leave out

// No core dump, no debugger of the same user, no /proc/PID/mem: for a main, before it opens a
// vault. Throws std::system_error where the kernel refuses.
void harden_process();

}  // namespace obverse
