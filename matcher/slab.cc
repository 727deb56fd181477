// Regions come from mmap, so that the kernel can be told about huge pages and core dumps.
#include "matcher/slab.h"

#include <sys/mman.h>

#include <cassert>
#include <new>

#include "matcher/embedding.h"

namespace obverse {
namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Slab::Slab(std::size_t block_bytes)
    : block_bytes_(rounded_up(block_bytes, 64)),
      region_bytes_(rounded_up(4 * huge_page_bytes + block_bytes_, huge_page_bytes)) {}

// Of the youngest region only what was taken: the rest has never been memory, and would become
// some.
Slab::~Slab() {
  for (void* region : regions_) {
    wipe(region, region == regions_.back() ? taken_bytes_ : region_bytes_);
    munmap(region, region_bytes_);
  }
}

void* Slab::take() {
  if (free_.empty()) {
    if (regions_.empty() || region_bytes_ - taken_bytes_ < block_bytes_) grow();
    void* fresh = static_cast<char*>(regions_.back()) + taken_bytes_;
    taken_bytes_ += block_bytes_;
    return fresh;
  }
  void* block = free_.back();
  free_.pop_back();
  return block;
}

void Slab::give_back(void* block) {
  wipe(block, block_bytes_);
  free_.push_back(block);
}

void Slab::grow() {
  // Asked for with one huge page more, so that an aligned region lies inside; the rest is returned.
  const std::size_t asked = region_bytes_ + huge_page_bytes;
  void* memory = mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  char* start = static_cast<char*>(memory);
  const std::size_t before =
      (huge_page_bytes - reinterpret_cast<std::uintptr_t>(start) % huge_page_bytes) %
      huge_page_bytes;
  if (before > 0) munmap(start, before);
  char* region = start + before;
  if (before < huge_page_bytes) munmap(region + region_bytes_, huge_page_bytes - before);
  // A template in a core dump would be a leak: without this the memory is not used. Huge pages are
  // only a hope.
  if (madvise(region, region_bytes_, MADV_DONTDUMP) != 0) {
    munmap(region, region_bytes_);
    throw std::bad_alloc();
  }
  madvise(region, region_bytes_, MADV_HUGEPAGE);
  regions_.push_back(region);
  taken_bytes_ = 0;
}

}  // namespace obverse
