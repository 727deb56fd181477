// Memory for bytes as they come from terminals: faces and PINs are among them, so it is wiped
// before it is given back. What is freed with a face in it lies in the heap for hours.
#pragma once

#include <capnp/common.h>
#include <kj/array.h>

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace obverse {

// Overwrites, then calls `release`.
void wipe_and_release(void* memory, std::size_t bytes, void (*release)(void*));

template <class T>
struct WipedMemory {
  using value_type = T;
  WipedMemory() = default;
  template <class U>
  explicit WipedMemory(const WipedMemory<U>&) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    wipe_and_release(memory, count * sizeof(T), [](void* block) { ::operator delete(block); });
  }
  friend bool operator==(const WipedMemory&, const WipedMemory&) { return true; }
};

using WipedStream = std::vector<std::byte, WipedMemory<std::byte>>;

// Not filled. Wiped with the array's end.
kj::Array<capnp::word> wiped_words(std::size_t count);

}  // namespace obverse
