// What is given back is zeros by then; and everything that comes from a terminal is kept so.
#include "ledger/server/transport/wiped_memory.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>

using namespace obverse;

namespace {

bool was_zeros = false;

void look(void* memory) {
  const auto* const bytes = static_cast<const unsigned char*>(memory);
  was_zeros = std::all_of(bytes, bytes + 64, [](unsigned char byte) { return byte == 0; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_wiped_memory)

BOOST_AUTO_TEST_CASE(it_is_overwritten_before_it_is_released) {
  unsigned char secret[64];
  std::memset(secret, 'x', sizeof secret);
  wipe_and_release(secret, sizeof secret, look);
  BOOST_TEST(was_zeros);
  std::memset(secret, 'x', sizeof secret);
  wipe_and_release(secret, sizeof secret - 1, look);
  BOOST_TEST(!was_zeros);
}

BOOST_AUTO_TEST_CASE(its_words_can_be_written_moved_and_dropped) {
  auto words = wiped_words(100);
  BOOST_TEST(words.size() == 100U);
  std::memset(static_cast<void*>(words.begin()), 'x', words.asBytes().size());
  const auto moved = kj::mv(words);
  BOOST_TEST(moved.asBytes()[799] == 'x');
  WipedStream stream(10, std::byte{7});
  stream.insert(stream.end(), 10'000, std::byte{8});
  BOOST_TEST((stream[9] == std::byte{7} && stream[10'009] == std::byte{8}));
  BOOST_TEST(wiped_words(0).size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
