// Where a write-ahead log goes wrong: against logs that RocksDB itself wrote.
#include "ledger/log/rocks_wal.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

std::string a_wal(std::vector<std::uint64_t>& ends) {  // ends: its length after each batch
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  RocksLogOptions options = simulated_options(disk, *env);
  options.rocks.write_buffer_bytes = 8U << 20U;
  RocksLog log("/log", options);
  Head head = log.acquire();
  std::string wal;
  for (int i = 0; i < 12; ++i) {
    BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 50)) ==
                Appended::committed));
    for (const auto& [path, bytes] : disk.image())
      if (path.ends_with(".log")) wal = bytes;
    ends.push_back(wal.size());
  }
  return wal;
}

BOOST_AUTO_TEST_SUITE(rocks_wal)

BOOST_AUTO_TEST_CASE(a_good_log_has_none_and_a_flipped_bit_is_found_in_its_record) {
  std::vector<std::uint64_t> ends;
  const std::string wal = a_wal(ends);
  BOOST_TEST(wal.size() > 3U * 32768U);  // records that go over blocks
  BOOST_TEST(!first_bad_record(wal).has_value());
  BOOST_TEST(!first_bad_record(wal + std::string(70'000, '\0')).has_value());
  for (std::size_t at = 0; at < wal.size(); at += 501) {
    std::string flipped = wal;
    flipped[at] = static_cast<char>(flipped[at] ^ 8);
    const auto bad = first_bad_record(flipped);
    BOOST_REQUIRE(bad.has_value());
    BOOST_TEST(*bad <= at);
    std::uint64_t begin = 0;  // of the batch that was hit
    for (const std::uint64_t end : ends)
      if (end <= at) begin = end;
    BOOST_TEST(*bad >= begin);
  }
}

BOOST_AUTO_TEST_CASE(a_log_cut_short_is_bad_where_its_last_record_begins) {
  std::vector<std::uint64_t> ends;
  const std::string wal = a_wal(ends);
  BOOST_TEST(!first_bad_record(wal.substr(0, ends[2])).has_value());
  const auto bad = first_bad_record(wal.substr(0, ends[2] + 100));
  BOOST_REQUIRE(bad.has_value());
  BOOST_TEST(*bad == ends[2]);
  BOOST_TEST(!first_bad_record("").has_value());
}

BOOST_AUTO_TEST_CASE(its_numbers_only_rise_and_what_goes_back_is_found_where_it_does) {
  std::vector<std::uint64_t> ends;
  const std::string wal = a_wal(ends);
  const auto whole = numbers_of(wal);
  BOOST_REQUIRE(whole.has_value());
  BOOST_TEST(!whole->goes_back.has_value());
  BOOST_TEST(whole->last - whole->first >= 12U * 50U);
  const auto half = numbers_of(std::string_view(wal).substr(0, ends[5]));
  BOOST_REQUIRE(half.has_value());
  BOOST_TEST(half->first == whole->first);
  BOOST_TEST(half->last < whole->last);
  // An older life of the same file behind the younger one, at the border of a block.
  std::string twice = wal.substr(0, ends[5]);
  twice.resize((twice.size() + 32767) / 32768 * 32768);
  const std::size_t border = twice.size();
  const auto back = numbers_of(twice + wal);
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST((back->goes_back == border));
  BOOST_TEST(!numbers_of("").has_value());
  BOOST_TEST(!numbers_of(wal.substr(0, 20)).has_value());
}

// RocksDB itself would end the process here, at every start.
BOOST_AUTO_TEST_CASE(a_start_over_numbers_that_go_back_rebuilds_from_the_tail) {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  const RocksLogOptions options = simulated_options(disk, *env);
  Head head;
  std::map<std::string, std::string> image;
  {
    RocksLog log("/log", options);
    head = log.acquire();
    for (int i = 0; i < 4; ++i)
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 3)) ==
                  Appended::committed));
    image = disk.image();  // as a power cut leaves it
  }
  for (auto& [path, bytes] : image) {
    if (!path.ends_with(".log") || bytes.empty()) continue;
    const std::string older = bytes;
    bytes.resize((bytes.size() + 32767) / 32768 * 32768);
    bytes += older;
  }
  SimulatedDisk after;
  const auto env_after = simulated_env(after);
  after.restore(image);
  RocksLog log("/log", simulated_options(after, *env_after));
  BOOST_TEST((log.read(head.last, 1).at(0).chain == head.chain));
  BOOST_TEST(log.read({1}, 100).size() == head.last.value);
  BOOST_TEST(std::ranges::any_of(log.report(), [](const std::string& words) {
    return words.find("begins before the one before it ends") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
