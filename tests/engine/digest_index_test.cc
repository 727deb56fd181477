// The index against a map, through growth and through erasures that leave no gap.
#include "ledger/engine/digest_index.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/engine/world.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(digest_index)

Digest digest_of_number(std::uint64_t number) {
  Digest digest;
  for (std::size_t i = 0; i < 8; ++i)
    digest.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return digest;
}

// Few numbers, so that digests come and go and come again.
BOOST_AUTO_TEST_CASE(it_finds_what_a_map_finds) {
  Dice dice(20261122);
  DigestIndex index;
  std::map<std::uint64_t, std::uint32_t> reference;
  std::vector<Digest> kept;
  const auto at = [&](std::uint32_t place) -> const Digest& { return kept[place]; };
  for (int step = 0; step < 40'000; ++step) {
    const std::uint64_t number = dice.roll(600);
    const Digest digest = digest_of_number(number);
    const auto known = reference.find(number);
    const auto found = index.find(digest, at);
    BOOST_REQUIRE(found.has_value() == (known != reference.end()));
    if (!found) {
      index.insert(digest, static_cast<std::uint32_t>(kept.size()), at);
      reference.emplace(number, static_cast<std::uint32_t>(kept.size()));
      kept.push_back(digest);
    } else {
      BOOST_REQUIRE(*found == known->second);
      if (dice.roll(2) == 1) {
        index.erase(digest, *found, at);
        reference.erase(known);
      }
    }
    BOOST_REQUIRE(index.size() == reference.size());
  }
}

BOOST_AUTO_TEST_CASE(an_empty_one_finds_nothing) {
  const DigestIndex index;
  BOOST_TEST(!index.find(digest_of_number(1), [](std::uint32_t) { return Digest{}; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
