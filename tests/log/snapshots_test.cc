// Snapshots in files: all of one or nothing of it.
#include "ledger/log/snapshots.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/log/conformance.h"
#include "tests/log/simulated_disk.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

Snapshot snapshot_at(std::uint64_t n) {
  return {{n}, conformance::key_of(n), "format 3", Bytes(100 * n, static_cast<char>(n))};
}

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(it_comes_back_as_it_was_or_not_at_all) {
  const Snapshot snapshot = snapshot_at(3);
  const std::string bytes = encode_snapshot(snapshot);
  BOOST_TEST((decode_snapshot(bytes) == snapshot));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    BOOST_TEST(!decode_snapshot(flipped).has_value());
    BOOST_TEST(!decode_snapshot(bytes.substr(0, at)).has_value());
  }
  BOOST_TEST(!decode_snapshot(bytes + "x").has_value());
}

BOOST_AUTO_TEST_CASE(the_newest_two_stay_and_a_damaged_one_is_left_out_with_a_word) {
  SimulatedDisk disk;
  disk.make_folders("/s");
  for (std::uint64_t n : {9U, 10U, 11U}) store_snapshot(disk, "/s", snapshot_at(n));
  BOOST_TEST(disk.list("/s").size() == 2U);
  auto image = disk.image();
  image.at("/s/00000000000000000011.snapshot")[150] ^= 1;
  disk.restore(image);
  const FoundSnapshots found = find_snapshots(disk, "/s");
  BOOST_REQUIRE(found.good.size() == 1U);
  BOOST_TEST((found.good[0] == snapshot_at(10)));
  BOOST_REQUIRE(found.words.size() == 1U);
  BOOST_TEST(found.words[0].find("/s/00000000000000000011.snapshot at byte 8: ") == 0U);
  BOOST_TEST((found.words[0].find("position 11 ") != std::string::npos));
}

// Listed, and removed before it was read: a newer one was kept meanwhile.
BOOST_AUTO_TEST_CASE(one_that_goes_away_while_they_are_read_is_no_damage) {
  TemporaryFolder folder;
  Disk& disk = real_disk();
  store_snapshot(disk, folder.path(), snapshot_at(4));
  std::filesystem::create_symlink("nowhere", folder.path() + "/00000000000000000001.snapshot");
  const FoundSnapshots found = find_snapshots(disk, folder.path());
  BOOST_REQUIRE(found.good.size() == 1U);
  BOOST_TEST(found.words.empty());
}

// A large one is written and synced in pieces.
BOOST_AUTO_TEST_CASE(a_large_one_comes_back_too) {
  SimulatedDisk disk;
  disk.make_folders("/s");
  Snapshot large = snapshot_at(7);
  for (std::uint64_t i = 0; large.state.size() < (9U << 20U); ++i) large.state += std::to_string(i);
  store_snapshot(disk, "/s", large);
  const FoundSnapshots found = find_snapshots(disk, "/s");
  BOOST_REQUIRE(found.good.size() == 1U);
  BOOST_TEST((found.good[0] == large));
  BOOST_TEST(disk.list("/s").size() == 1U);
}

BOOST_AUTO_TEST_CASE(under_the_name_of_another_it_is_left_out) {
  SimulatedDisk disk;
  disk.make_folders("/s");
  store_snapshot(disk, "/s", snapshot_at(4));
  disk.rename("/s/00000000000000000004.snapshot", "/s/00000000000000000005.snapshot");
  BOOST_TEST(find_snapshots(disk, "/s").good.empty());
}

BOOST_AUTO_TEST_CASE(a_power_cut_leaves_the_old_or_the_new) {
  for (std::uint64_t cut = 1; cut <= 8; ++cut) {
    SimulatedDisk disk(cut);
    disk.make_folders("/s");
    store_snapshot(disk, "/s", snapshot_at(1));
    disk.lose_power_after(cut);
    try {
      store_snapshot(disk, "/s", snapshot_at(2));
    } catch (const DiskFault&) {
    }
    disk.reboot();
    const FoundSnapshots found = find_snapshots(disk, "/s");
    BOOST_TEST(found.words.empty());
    BOOST_REQUIRE(!found.good.empty());
    BOOST_TEST((found.good.back() == snapshot_at(1)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
