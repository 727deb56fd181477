// The log of a directory that must not change: whole, crashed, or with one copy damaged.
#include "ledger/log/read_only_log.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

using Image = std::map<std::string, std::string>;

constexpr std::uint64_t entries = 400;

// Closed in good order, or as a crash left it.
Image image_of(bool closed) {
  SimulatedDisk disk;
  const auto env = simulated_env(disk);
  Image image;
  for (int life = 0; life < 2; ++life) {
    RocksLog log("/log", simulated_options(disk, *env));
    Head head = log.acquire();
    while (head.last.value < 200U * static_cast<std::uint64_t>(life + 1))
      BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 8)) ==
                  Appended::committed));
    if (life == 0) log.keep_snapshot({head.last, head.chain, "format", "state"});
    image = disk.image();
  }
  return closed ? disk.image() : image;
}

struct Opened {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);
  std::unique_ptr<const EventLog> log;
  Image before;

  explicit Opened(const Image& image, bool verify_all = false) {
    disk.restore(image);
    before = disk.image();
    RocksLogOptions options = simulated_options(disk, *env);
    options.verify_all = verify_all;
    log = open_read_only("/log", options);
  }
  void expect_all() {
    BOOST_TEST(conformance::differs(*log, entries) == "");
    BOOST_TEST(log->snapshots().size() == 1U);
    BOOST_TEST(log->read({entries}, 10).size() == 1U);
    BOOST_TEST(log->read({entries + 1}, 10).empty());
    BOOST_TEST((disk.image() == before));
  }
};

void flip_largest_table(Image& image) {
  std::string largest;
  for (const auto& [path, bytes] : image)
    if (path.ends_with(".sst") && (largest.empty() || bytes.size() > image[largest].size()))
      largest = path;
  image[largest][100] ^= 1;
}

void flip_tail(Image& image) {
  std::string& tail = image["/log/tail/000000000001.tail"];
  tail[scan_segment(tail).at(3).offset + 200] ^= 1;
}

BOOST_AUTO_TEST_SUITE(read_only_log)

BOOST_AUTO_TEST_CASE(it_reads_all_and_changes_nothing) {
  for (const bool closed : {true, false}) {
    Opened opened(image_of(closed));
    opened.expect_all();
    opened.log->verify();
    BOOST_TEST(opened.log->report().empty());
  }
}

BOOST_AUTO_TEST_CASE(the_last_batch_of_a_crash_may_be_in_one_copy_only) {
  Image image = image_of(false);
  for (auto& [path, bytes] : image)
    if (path.ends_with(".log")) bytes.resize(bytes.size() - 30);
  Opened opened(image);
  opened.expect_all();
  opened.log->verify();
  BOOST_TEST(!opened.log->report().empty());
}

BOOST_AUTO_TEST_CASE(with_rocksdb_damaged_it_reads_the_tail) {
  Image image = image_of(true);
  flip_largest_table(image);
  Opened opened(image, true);
  opened.expect_all();
  BOOST_CHECK_THROW(opened.log->verify(), LogDamage);
  Opened trusting(image);  // looked from the snapshot on: meets the damage when it reads there
  BOOST_CHECK_THROW(trusting.log->read({1}, 200), LogDamage);
  Image gone = image_of(true);
  std::erase_if(gone, [](const auto& file) { return file.first.starts_with("/log/rocks/"); });
  Opened without(gone);
  without.expect_all();
  BOOST_CHECK_THROW(without.log->verify(), LogDamage);
}

BOOST_AUTO_TEST_CASE(with_the_tail_damaged_it_reads_rocksdb) {
  Image image = image_of(true);
  flip_tail(image);
  std::erase_if(image, [](const auto& file) { return file.first.ends_with(".snapshot"); });
  Opened opened(image);
  BOOST_TEST(conformance::differs(*opened.log, entries) == "");
  BOOST_TEST(!opened.log->report().empty());
  BOOST_CHECK_THROW(opened.log->verify(), LogDamage);
}

BOOST_AUTO_TEST_CASE(with_both_damaged_it_refuses) {
  Image image = image_of(true);
  flip_tail(image);
  std::erase_if(image, [](const auto& file) { return file.first.starts_with("/log/rocks/"); });
  BOOST_CHECK_THROW(Opened{image}, LogDamage);
}

BOOST_AUTO_TEST_CASE(on_the_real_disk_it_needs_no_right_to_write) {
  TemporaryFolder folder;
  RocksLogOptions options;
  options.free_bytes_min = options.ballast_bytes = 0;
  options.tail.segment_bytes = 1U << 16U;
  {
    RocksLog log(folder.in("log"), options);
    Head head = log.acquire();
    BOOST_TEST((log.append(head, conformance::entries_of(1, 50)) == Appended::committed));
  }
  std::map<std::string, std::filesystem::file_time_type> before;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path()))
    before[file.path()] = file.last_write_time();
  {
    const auto log = open_read_only(folder.in("log"), options);
    BOOST_TEST(conformance::differs(*log, 50) == "");
    log->verify();
  }
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    ++files;
    BOOST_TEST((before.contains(file.path()) && before[file.path()] == file.last_write_time()),
               file.path().string());
  }
  BOOST_TEST(files == before.size());
  BOOST_CHECK_THROW(open_read_only(folder.in("absent"), options), DiskFault);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
