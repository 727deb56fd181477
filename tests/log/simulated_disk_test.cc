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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
