// Memory for templates: equal blocks cut from large pages, kept out of core dumps, wiped before
// they are used again.
#pragma once

#include <cstddef>
#include <vector>

namespace obverse {

// One thread at a time. Throws std::bad_alloc if the system gives no memory.
class Slab {
 public:
  explicit Slab(std::size_t block_bytes);  // rounded up to a multiple of 64
  ~Slab();                                 // wipes everything that was ever taken
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  void* take();  // aligned to 64, all zero
  void give_back(void* block);
  std::size_t block_bytes() const { return block_bytes_; }
  std::size_t bytes_reserved() const { return regions_.size() * region_bytes_; }

 private:
  void grow();
  std::size_t block_bytes_;
  std::size_t region_bytes_;
  std::vector<void*> regions_;
  std::size_t taken_bytes_ = 0;  // of the last region; what lies behind has never been touched
  std::vector<void*> free_;      // given back; the next to be taken last
};

}  // namespace obverse
