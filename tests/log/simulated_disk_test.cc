// RocksDB and tail on the simulated disk conform too; and the disk does forget, tear and fail as it
// promises.
#include "tests/log/simulated_disk.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(simulated_disk)

BOOST_AUTO_TEST_CASE(the_log_on_it_conforms) {
  conformance::run([] {
    auto disk = std::make_shared<SimulatedDisk>();
    auto env = std::shared_ptr<rocksdb::Env>(simulated_env(*disk));
    return conformance::Subject{
        [disk, env] { return std::make_unique<RocksLog>("/log", simulated_options(*disk, *env)); },
        true};
  });
}

BOOST_AUTO_TEST_CASE(it_keeps_what_is_synced_and_forgets_the_rest) {
  int forgotten = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimulatedDisk disk(seed);
    disk.make_folders("/a");
    auto file = disk.create("/a/f");
    file->write(0, std::string(2000, 'x'));
    file->sync();
    disk.sync_folder("/a");
    disk.create("/a/g")->write(0, "y");
    file->write(4096, std::string(4096, 'z'));
    disk.reboot();
    const std::string kept = read_whole(disk, "/a/f");
    BOOST_TEST(kept.substr(0, 2000) == std::string(2000, 'x'));
    if (!disk.exists("/a/g") || kept.find('z') == std::string::npos) ++forgotten;
  }
  BOOST_TEST(forgotten > 0);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_loses_the_bytes_once) {
  SimulatedDisk disk;
  auto file = disk.create("/f");
  file->write(0, "old");
  file->sync();
  file->write(0, "new");
  disk.fail_sync(1);
  BOOST_CHECK_THROW(file->sync(), DiskFault);
  BOOST_TEST(file->read(0, 3) == "old");
  file->write(0, "two");
  file->sync();
  disk.reboot();
}

BOOST_AUTO_TEST_CASE(a_misdirected_write_is_read_back_until_the_cache_is_gone) {
  SimulatedDisk disk;
  disk.make_folders("/a");
  for (const std::uint64_t lands : {std::uint64_t{512}, SimulatedDisk::nowhere}) {
    for (const bool is_open : {true, false}) {  // what nobody has open is not copied
      auto file = disk.create("/a/f");
      file->write(0, std::string(1024, 'o'));
      file->sync();
      disk.sync_folder("/a");
      disk.misdirect_next_write("/a/f", lands);
      file->write(0, std::string(512, 'n'));
      file->sync();
      BOOST_TEST(file->read(0, 1024) == std::string(512, 'n') + std::string(512, 'o'));
      if (!is_open) file.reset();
      disk.reboot();
      const std::string second(512, lands == 512 ? 'n' : 'o');
      BOOST_TEST(read_whole(disk, "/a/f") == std::string(512, 'o') + second);
      if (is_open) file->write(0, "of the time before");
      disk.reboot();
      BOOST_TEST(read_whole(disk, "/a/f") == std::string(512, 'o') + second);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bit_turns_over_in_what_is_synced) {
  SimulatedDisk disk;
  disk.make_folders("/a");
  auto file = disk.create("/a/f");
  file->write(0, "abc");
  file->sync();
  disk.sync_folder("/a");
  disk.flip("/a/f", 1, 0);
  disk.flip("/a/f", 9, 0);
  disk.flip("/a/none", 0, 0);
  BOOST_TEST(file->read(0, 3) == "acc");
  disk.reboot();
  BOOST_TEST(read_whole(disk, "/a/f") == "acc");
  BOOST_TEST(disk.durable_bytes("/a/f") == 3U);
}

// Every byte that the log wrote, every operation in the same order.
BOOST_AUTO_TEST_CASE(one_thread_does_the_same_twice) {
  for (const bool tail_first : {false, true}) {
    std::vector<std::uint64_t> operations;
    for (int run = 0; run < 2; ++run) {
      SimulatedDisk disk(7);
      const auto env = simulated_env(disk);
      for (std::uint64_t life = 0; life < 8; ++life) {
        RocksLog log("/log", one_thread_options(disk, *env, tail_first));
        Head head = log.acquire();
        BOOST_TEST((head.last.value == life * 5));
        BOOST_TEST(
            (log.append(head, conformance::entries_of(life * 5 + 1, 5)) == Appended::committed));
        operations.push_back(disk.operations());
      }
    }
    const auto half = static_cast<std::ptrdiff_t>(operations.size() / 2);
    BOOST_TEST(std::vector(operations.begin(), operations.begin() + half) ==
                   std::vector(operations.begin() + half, operations.end()),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
