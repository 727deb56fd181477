// Reading the tail back by position, and refusing a bad frame. (tail_test reads back whole tails.)
#include "ledger/log/tail_reader.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(tail_reader)

BOOST_AUTO_TEST_CASE(any_stretch_can_be_read) {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  {
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    for (int i = 0; i < 30; ++i)
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 30)) ==
                  Appended::committed));
  }
  const TailReader reader(disk, "/log/tail");
  BOOST_TEST(segment_numbers(disk, "/log/tail").size() > 2U);
  for (const std::uint64_t from : {1U, 2U, 30U, 31U, 455U, 900U}) {
    const auto entries = reader.read({from}, 50);
    BOOST_TEST(entries.size() == std::min<std::uint64_t>(50, 901 - from));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      BOOST_TEST(entries[i].position.value == from + i);
      BOOST_TEST(entries[i].payload == conformance::entry_of(from + i).payload);
    }
  }
  BOOST_TEST(reader.read({901}, 50).empty());
  BOOST_TEST(TailReader(disk, "/nowhere").read({1}, 50).empty());
}

BOOST_AUTO_TEST_CASE(a_bad_frame_is_named) {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  {
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    for (int i = 0; i < 3; ++i)
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 2)) ==
                  Appended::committed));
  }
  auto image = disk.image();
  const std::string path = "/log/tail/000000000001.tail";
  const Piece frame = scan_segment(image[path]).at(3);  // segment, epoch, 1 to 2, 3 to 4
  image[path][frame.offset + 200] ^= 1;
  disk.restore(image);
  const TailReader reader(disk, "/log/tail");
  BOOST_TEST(reader.read({1}, 2).size() == 2U);
  try {
    reader.read({1}, 100);
    BOOST_ERROR("a bad frame was read");
  } catch (const LogDamage& damage) {
    BOOST_TEST(damage.file == path);
    BOOST_TEST(damage.offset == frame.offset);
    BOOST_TEST(damage.first_bad.value == 3U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
