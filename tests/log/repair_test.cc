// Repairs leave what was damaged aside, and a power cut in the middle of one is repaired by the
// next.
#include "ledger/log/repair.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

using Image = std::map<std::string, std::string>;

Image damaged_image(std::uint64_t entries, bool tail, bool tables) {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  for (int life = 0; life < 2; ++life) {
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    while (head.last.value < entries / 2 * static_cast<std::uint64_t>(life + 1))
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 10)) ==
                  Appended::committed));
  }
  Image image = disk.image();
  std::string& first = image["/log/tail/000000000001.tail"];
  if (tail) first[scan_segment(first).at(4).offset + 200] ^= 1;
  for (auto& [path, bytes] : image)
    if (tables && path.ends_with(".sst") && bytes.size() > 5000) bytes[bytes.size() / 2] ^= 1;
  return image;
}

BOOST_AUTO_TEST_SUITE(repair)

BOOST_AUTO_TEST_CASE(what_was_damaged_is_kept_aside) {
  const Image before = damaged_image(400, true, false);
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  disk.restore(before);
  {
    const RocksLog log("/log", simulated_options(disk, *env));
    BOOST_TEST(conformance::differs(log, 400) == "");
  }
  const Image after = disk.image();
  BOOST_REQUIRE(after.contains("/log/damaged/1-000000000001.tail"));
  BOOST_TEST(
      (after.at("/log/damaged/1-000000000001.tail") == before.at("/log/tail/000000000001.tail")));
  const RocksLog again("/log", simulated_options(disk, *env));
  BOOST_TEST(again.report().empty());
}

BOOST_AUTO_TEST_CASE(a_repair_cut_off_anywhere_is_repaired_by_the_next) {
  for (const auto& [tail, tables] : {std::pair{true, false}, std::pair{false, true}}) {
    const Image before = damaged_image(200, tail, tables);
    std::uint64_t cuts = 0;
    for (std::uint64_t cut = 1;; cut += 3) {
      SimulatedDisk disk(cut);
      const auto env = simulated_env(disk);
      disk.restore(before);
      disk.lose_power_after(cut);
      try {
        const RocksLog log("/log", simulated_options(disk, *env));
      } catch (const std::runtime_error& fault) {
        // Without power nothing can be read either, and damage cannot be told from that.
        BOOST_TEST(disk.dead(), fault.what());
      }
      const bool was_cut = disk.dead();
      disk.reboot();
      const RocksLog log("/log", simulated_options(disk, *env));
      BOOST_TEST(conformance::differs(log, 200) == "", "cut after " << cut);
      if (!was_cut) break;
      ++cuts;
    }
    BOOST_TEST(cuts > 10U);
  }
}

// Several segments, and in the last one the last batch has not arrived: an ordinary crash.
Image image_without_last_batch() {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  {
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    while (head.last.value < 400)
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 10)) ==
                  Appended::committed));
  }
  Image image = disk.image();
  std::string& last = std::prev(image.lower_bound("/log/tail0"))->second;
  const auto pieces = scan_segment(last);
  const auto batch = std::ranges::find(pieces.rbegin(), pieces.rend(), FrameKind::entries,
                                       [](const Piece& piece) { return piece.header->kind; });
  BOOST_REQUIRE(batch != pieces.rend());
  std::fill(last.begin() + static_cast<std::ptrdiff_t>(batch->offset), last.end(), '\0');
  return image;
}

BOOST_AUTO_TEST_CASE(a_repair_that_the_disk_did_not_keep_is_not_believed) {
  const Image image = image_without_last_batch();
  const auto last = std::prev(image.lower_bound("/log/tail0"))->first;
  BOOST_TEST(last != "/log/tail/000000000001.tail");
  for (const bool deaf : {false, true}) {
    SimulatedDisk disk;
    const auto env = simulated_env(disk);
    disk.restore(image);
    if (deaf) disk.deafen(last);
    if (deaf) {
      BOOST_CHECK_EXCEPTION(
          RocksLog("/log", simulated_options(disk, *env)), DiskFault, [](const DiskFault& fault) {
            return std::string(fault.what()).find("still damaged") != std::string::npos;
          });
    } else {
      const RocksLog log("/log", simulated_options(disk, *env));
      BOOST_TEST(conformance::differs(log, 400) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(names_aside_are_never_used_twice) {
  SimulatedDisk disk;
  disk.make_folders("/a");
  for (int i = 1; i <= 3; ++i) {
    write_whole(disk, "/a/f", std::to_string(i));
    if (i < 3)
      BOOST_TEST(copy_aside(disk, "/a/f", "/a/damaged") ==
                 "/a/damaged/" + std::to_string(i) + "-f");
  }
  BOOST_TEST(move_aside(disk, "/a/f", "/a/damaged") == "/a/damaged/3-f");
  BOOST_TEST(!disk.exists("/a/f"));
  BOOST_TEST(read_whole(disk, "/a/damaged/1-f") == "1");
  BOOST_TEST(read_whole(disk, "/a/damaged/3-f") == "3");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
