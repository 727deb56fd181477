#include "ledger/log/key_sum.h"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace obverse {
namespace {

Digest digest_of(std::uint8_t first) {
  Digest digest;
  digest.bytes[0] = first;
  return digest;
}

struct Pair {
  std::uint8_t key;
  std::uint64_t position;
};

KeySum sum_of(const std::vector<Pair>& pairs, std::uint64_t secret = 1) {
  KeySum sum(secret);
  for (const Pair& pair : pairs) sum.add(digest_of(pair.key), {pair.position});
  return sum;
}

BOOST_AUTO_TEST_SUITE(key_sums)

BOOST_AUTO_TEST_CASE(the_order_does_not_matter_and_all_else_does) {
  const KeySum whole = sum_of({{1, 10}, {2, 20}, {3, 30}});
  BOOST_TEST((whole == sum_of({{3, 30}, {1, 10}, {2, 20}})));
  BOOST_TEST(!(whole == sum_of({{1, 10}, {2, 20}})));
  BOOST_TEST(!(whole == sum_of({{1, 20}, {2, 10}, {3, 30}})));
  BOOST_TEST(!(whole == sum_of({{1, 10}, {2, 20}, {3, 31}})));
  BOOST_TEST(!(whole == sum_of({{1, 10}, {2, 20}, {4, 30}})));
  BOOST_TEST(!(whole == sum_of({{1, 10}, {2, 20}, {3, 30}, {3, 30}})));
  BOOST_TEST(!(whole == sum_of({{1, 10}, {2, 20}, {3, 30}}, 2)));
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_key_and_of_a_position_counts) {
  const KeySum whole = sum_of({{1, 10}});
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Digest other = digest_of(1);
    other.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    KeySum sum(1);
    sum.add(other, {10});
    BOOST_TEST(!(sum == whole));
  }
  for (std::size_t bit = 0; bit < 64; ++bit)
    BOOST_TEST(!(sum_of({{1, 10U ^ std::uint64_t{1} << bit}}) == whole));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
