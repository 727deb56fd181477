// RocksDB and tail together on the real disk: conformance, the lock, what is seen of a failed
// write.
#include "ledger/log/rocks_log.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "ledger/log/segment.h"
#include "ledger/log/snapshots.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

RocksLogOptions small() {
  RocksLogOptions options;
  options.free_bytes_min = 1U << 20U;
  options.ballast_bytes = 1U << 16U;
  options.tail.segment_bytes = 1U << 18U;
  options.rocks.write_buffer_bytes = 1U << 18U;
  return options;
}

BOOST_AUTO_TEST_SUITE(rocks_log)

BOOST_AUTO_TEST_CASE(conforms) {
  TemporaryFolder folder;
  int n = 0;
  conformance::run([&] {
    const std::string path = folder.in(std::to_string(++n));
    return conformance::Subject{[path] { return std::make_unique<RocksLog>(path, small()); }, true};
  });
}

BOOST_AUTO_TEST_CASE(conforms_on_a_disk_that_fills_up) {
  std::vector<std::unique_ptr<SimulatedDisk>> disks;
  std::vector<std::unique_ptr<rocksdb::Env>> envs;
  conformance::run([&] {
    SimulatedDisk& disk = *disks.emplace_back(std::make_unique<SimulatedDisk>());
    rocksdb::Env& env = *envs.emplace_back(simulated_env(disk));
    RocksLogOptions options = simulated_options(disk, env);
    const auto leave = [&disk, min = options.free_bytes_min](conformance::Space space) {
      disk.set_capacity(std::uint64_t{1} << 40U);
      const std::uint64_t used = (std::uint64_t{1} << 40U) - disk.free_bytes("/");
      if (space == conformance::Space::reserve_only) disk.set_capacity(used + min - 1);
      if (space == conformance::Space::none) disk.set_capacity(used + min / 2 - 1);
    };
    return conformance::Subject{[options] { return std::make_unique<RocksLog>("/log", options); },
                                true, leave};
  });
}

BOOST_AUTO_TEST_CASE(one_process_at_a_time) {
  TemporaryFolder folder;
  const RocksLog log(folder.in("log"), small());
  BOOST_CHECK_THROW(RocksLog(folder.in("log"), small()), LogInUse);
}

BOOST_AUTO_TEST_CASE(the_real_disks_free_space_is_what_the_watermark_is_held_to) {
  TemporaryFolder folder;
  const auto with_free_min = [&](std::uint64_t bytes) {
    RocksLogOptions options = small();
    options.free_bytes_min = bytes;
    return std::make_unique<RocksLog>(folder.in("log"), options);
  };
  auto log = with_free_min(std::filesystem::space(folder.path()).free + (1ULL << 40U));
  Head head = log->acquire();
  BOOST_TEST((log->append(head, conformance::entries_of(1, 5)) == Appended::disk_full));
  BOOST_TEST(head.last.value == 0U);
  log.reset();
  log = with_free_min(0);
  head = log->acquire();
  BOOST_TEST((log->append(head, conformance::entries_of(1, 5)) == Appended::committed));
  BOOST_TEST(conformance::differs(*log, 5) == "");
}

// The chain of a log that has 20 entries, on a simulated disk.
struct Simulated {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);
  std::unique_ptr<RocksLog> log;
  Head head;

  Simulated() {
    open();
    BOOST_TEST((log->append(head, conformance::entries_of(1, 20)) == Appended::committed));
  }
  void open(bool verify_all = false) {
    log.reset();
    RocksLogOptions options = simulated_options(disk, *env);
    options.verify_all = verify_all;
    log = std::make_unique<RocksLog>("/log", options);
    head = log->acquire();
  }
};

BOOST_AUTO_TEST_CASE(a_failed_sync_of_either_copy_stops_the_log) {
  for (std::uint64_t which = 1; which <= 2; ++which) {
    Simulated s;
    s.disk.fail_sync(which);  // the two copies sync in parallel: one of them is hit
    const Head before = s.head;
    BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 5)) == Appended::unknown));
    BOOST_TEST((s.head == before));
    BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 5)) == Appended::unknown));
    BOOST_CHECK_THROW(s.log->acquire(), DiskFault);
    BOOST_TEST(conformance::differs(*s.log, 20) ==
               "");  // what may or may not be on disk is not shown
    BOOST_TEST(s.log->report().size() == 1U);
    s.open();
    BOOST_TEST((s.head.last.value == 20U || s.head.last.value == 25U));
    BOOST_TEST(conformance::differs(*s.log, s.head.last.value) == "");
  }
}

BOOST_AUTO_TEST_CASE(below_the_watermark_it_refuses_reads_and_goes_on_when_space_is_back) {
  Simulated s;
  const std::uint64_t used = (std::uint64_t{1} << 40U) - s.disk.free_bytes("/");
  s.disk.set_capacity(used + (1U << 20U) - 1);
  const Head before = s.head;
  const auto image = s.disk.image();
  BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 5)) == Appended::disk_full));
  BOOST_TEST((s.head == before));
  BOOST_TEST((s.disk.image() == image));
  BOOST_TEST(conformance::differs(*s.log, 20) == "");
  s.log->keep_snapshot({s.head.last, s.head.chain, "", ""});
  BOOST_TEST(s.log->snapshots().empty());
  BOOST_TEST(s.log->report().size() == 1U);
  s.disk.set_capacity(used + (8U << 20U));
  BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 5)) == Appended::committed));
  BOOST_TEST(conformance::differs(*s.log, 25) == "");
}

BOOST_AUTO_TEST_CASE(the_ballast_is_given_back_when_the_disk_is_full_and_made_again_later) {
  Simulated s;
  RocksLogOptions options = simulated_options(s.disk, *s.env);
  options.ballast_bytes = 1U << 19U;
  const auto open = [&] {
    s.log.reset();
    s.log = std::make_unique<RocksLog>("/log", options);
  };
  open();
  BOOST_TEST(s.disk.exists("/log/ballast"));
  s.log.reset();
  const std::uint64_t used = (std::uint64_t{1} << 40U) - s.disk.free_bytes("/");
  s.disk.set_capacity(used + 500);  // full: opening needs more
  open();
  BOOST_TEST(!s.disk.exists("/log/ballast"));
  BOOST_TEST(conformance::differs(*s.log, 20) == "");
  BOOST_TEST(s.log->report().size() == 1U);
  s.head = s.log->acquire();
  BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 1)) == Appended::disk_full));
  s.disk.set_capacity(std::uint64_t{1} << 40U);
  BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 1)) == Appended::committed));
  open();
  BOOST_TEST(s.disk.exists("/log/ballast"));
}

BOOST_AUTO_TEST_CASE(a_disk_without_room_for_the_write_ahead_log_is_refused_before_it_is_opened) {
  Simulated s;
  s.log.reset();
  const auto image = s.disk.image();
  s.disk.set_capacity((std::uint64_t{1} << 40U) - s.disk.free_bytes("/") + 1'000);
  try {
    const RocksLog log("/log", simulated_options(s.disk, *s.env));
    BOOST_ERROR("opened");
  } catch (const DiskFault& fault) {
    BOOST_TEST(std::string(fault.what()).find("Way out") != std::string::npos);
  }
  BOOST_TEST((s.disk.image() == image));
}

BOOST_AUTO_TEST_CASE(
    without_the_ballast_a_full_disk_cannot_be_opened) {  // so the test above can fail
  Simulated s;
  s.log.reset();
  s.disk.set_capacity((std::uint64_t{1} << 40U) - s.disk.free_bytes("/") + 500);
  BOOST_CHECK_THROW(RocksLog("/log", simulated_options(s.disk, *s.env)), DiskFault);
}

BOOST_AUTO_TEST_CASE(damage_that_is_met_while_running_is_told_and_repaired_at_the_next_start) {
  Simulated s;
  s.open();  // the entries are in tables now
  s.log->keep_snapshot({s.head.last, s.head.chain, "", ""});
  s.log->verify();
  for (const auto& [path, bytes] : s.disk.image()) {  // the disk rots beneath the running log
    if (!path.ends_with(".tail")) continue;
    const auto content = s.disk.find(path);
    for (const Piece& piece : scan_segment(bytes))
      if (piece.header->kind == FrameKind::entries) content->live[piece.offset + 300] ^= 1;
  }
  try {
    s.log->verify();
    BOOST_ERROR("verified a damaged log");
  } catch (const LogDamage& damage) {
    BOOST_TEST(damage.file == "/log/tail/000000000001.tail");
    BOOST_TEST(damage.first_bad.value == 1U);
  }
  BOOST_TEST(s.disk.exists("/log/check-everything"));
  s.open();
  BOOST_TEST(!s.disk.exists("/log/check-everything"));
  BOOST_TEST(!s.log->report().empty());
  BOOST_TEST(conformance::differs(*s.log, 20) == "");
  s.log->verify();
  BOOST_TEST((s.log->append(s.head, conformance::entries_of(21, 5)) == Appended::committed));
  s.open(true);
  BOOST_TEST(conformance::differs(*s.log, 25) == "");
  BOOST_TEST(s.log->report().empty());
}

BOOST_AUTO_TEST_CASE(a_snapshot_of_another_log_is_left_out) {
  Simulated s;
  store_snapshot(s.disk, "/log/snapshots", {{10}, conformance::key_of(5), "", "wrong"});
  BOOST_TEST(s.log->snapshots().empty());
  BOOST_TEST(s.log->report().size() == 1U);
  s.open();
  BOOST_TEST(conformance::differs(*s.log, 20) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
