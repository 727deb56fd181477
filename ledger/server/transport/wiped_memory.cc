#include "ledger/server/transport/wiped_memory.h"

#include "ledger/vault/secret_bytes.h"

namespace obverse {
namespace {

class WipingDisposer final : public kj::ArrayDisposer {
 public:
  void disposeImpl(void* first, std::size_t element_bytes, std::size_t, std::size_t capacity,
                   void (*)(void*)) const override {
    wipe_and_release(first, element_bytes * capacity,
                     [](void* block) { ::operator delete(block); });
  }
};

constexpr WipingDisposer disposer;

}  // namespace

void wipe_and_release(void* memory, std::size_t bytes, void (*release)(void*)) {
  wipe({static_cast<std::byte*>(memory), bytes});
  release(memory);
}

kj::Array<capnp::word> wiped_words(std::size_t count) {
  auto* const words = static_cast<capnp::word*>(::operator new(count * sizeof(capnp::word)));
  return {words, count, disposer};
}

}  // namespace obverse
