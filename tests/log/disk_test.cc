// The operating system's disk.
#include "ledger/log/disk.h"

#include <cerrno>

#include <boost/test/unit_test.hpp>

#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(disk)

BOOST_AUTO_TEST_CASE(files) {
  TemporaryFolder folder;
  Disk& disk = real_disk();
  {
    const auto file = disk.create(folder.in("f"));
    file->write(10, "hello");
    file->sync();
    BOOST_TEST(file->size() == 15U);
    BOOST_TEST(file->read(10, 100) == "hello");
    BOOST_TEST(file->read(100, 1).empty());
  }
  BOOST_TEST(read_whole(disk, folder.in("f")) == std::string(10, '\0') + "hello");
  write_whole(disk, folder.in("f"), "other");
  BOOST_TEST(read_whole(disk, folder.in("f")) == "other");
  disk.open(folder.in("f"))->write(0, "O");
  BOOST_TEST(disk.open_to_read(folder.in("f"))->read(0, 5) == "Other");
  disk.create(folder.in("f"));
  BOOST_TEST(read_whole(disk, folder.in("f")).empty());
}

BOOST_AUTO_TEST_CASE(names) {
  TemporaryFolder folder;
  Disk& disk = real_disk();
  disk.make_folders(folder.in("a/b"));
  disk.create(folder.in("a/2"));
  disk.create(folder.in("a/1"));
  const std::vector<std::string> wanted{"1", "2", "b"};
  BOOST_TEST(disk.list(folder.in("a")) == wanted);
  BOOST_TEST(disk.list(folder.in("none")).empty());
  disk.rename(folder.in("a/1"), folder.in("a/2"));
  disk.rename(folder.in("a"), folder.in("c"));
  disk.sync_folder(folder.in("c"));
  BOOST_TEST(disk.exists(folder.in("c/2")));
  BOOST_TEST(!disk.exists(folder.in("a")));
  disk.remove(folder.in("c/2"));
  BOOST_TEST(!disk.exists(folder.in("c/2")));
}

BOOST_AUTO_TEST_CASE(faults_are_thrown_with_the_path_and_the_code) {
  TemporaryFolder folder;
  Disk& disk = real_disk();
  try {
    disk.open(folder.in("absent"));
    BOOST_ERROR("opened what is absent");
  } catch (const DiskFault& fault) {
    BOOST_TEST(fault.code == ENOENT);
    BOOST_TEST(std::string(fault.what()).find(folder.in("absent")) != std::string::npos);
  }
  BOOST_CHECK_THROW(disk.remove(folder.in("absent")), DiskFault);
  BOOST_CHECK_THROW(disk.rename(folder.in("absent"), folder.in("x")), DiskFault);
  BOOST_CHECK_THROW(disk.sync_folder(folder.in("absent")), DiskFault);
  BOOST_CHECK_THROW(disk.free_bytes(folder.in("absent")), DiskFault);
  disk.create(folder.in("file"));
  BOOST_CHECK_THROW(disk.make_folders(folder.in("file/x")), DiskFault);
  BOOST_CHECK_THROW(disk.create("/dev/full")->write(0, "x"), DiskFault);
}

BOOST_AUTO_TEST_CASE(space_and_locks) {
  TemporaryFolder folder;
  Disk& disk = real_disk();
  BOOST_TEST(disk.free_bytes(folder.path()) > 0U);
  disk.reserve(folder.in("ballast"), 12'345);
  BOOST_TEST(disk.open_to_read(folder.in("ballast"))->size() == 12'345U);
  auto held = disk.lock(folder.in("lock"));
  BOOST_TEST((held != nullptr));
  BOOST_TEST((disk.lock(folder.in("lock")) == nullptr));
  held.reset();
  BOOST_TEST((disk.lock(folder.in("lock")) != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
