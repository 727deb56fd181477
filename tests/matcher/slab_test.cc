// Blocks are aligned, apart, and clean when they come again.
#include "matcher/slab.h"

#include <cstring>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(slabs)

namespace {

bool all_zero(const void* block, std::size_t bytes) {
  const auto* byte = static_cast<const unsigned char*>(block);
  for (std::size_t i = 0; i < bytes; ++i) {
    if (byte[i] != 0) return false;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(blocks_are_aligned_apart_and_zero) {
  Slab slab(100);
  BOOST_TEST(slab.block_bytes() == 128U);
  std::set<char*> taken;
  for (int i = 0; i < 100000; ++i) {
    char* block = static_cast<char*>(slab.take());
    BOOST_REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    BOOST_REQUIRE(all_zero(block, slab.block_bytes()));
    std::memset(block, 0xff, slab.block_bytes());
    const auto next = taken.lower_bound(block);
    BOOST_REQUIRE((next == taken.end() || *next - block >= 128));
    BOOST_REQUIRE((next == taken.begin() || block - *std::prev(next) >= 128));
    taken.insert(block);
  }
  BOOST_TEST(slab.bytes_reserved() >= taken.size() * 128);
}

BOOST_AUTO_TEST_CASE(a_block_given_back_is_wiped_at_once_and_used_again) {
  Slab slab(4096);
  void* block = slab.take();
  std::memset(block, 0x5a, 4096);
  slab.give_back(block);
  BOOST_TEST(all_zero(block, 4096));
  BOOST_TEST(slab.take() == block);
}

BOOST_AUTO_TEST_CASE(a_block_may_be_larger_than_a_huge_page) {
  Slab slab(std::size_t{20} << 20);
  char* block = static_cast<char*>(slab.take());
  std::memset(block, 1, slab.block_bytes());
  BOOST_TEST(int{block[slab.block_bytes() - 1]} == 1);
}

BOOST_AUTO_TEST_SUITE_END()
