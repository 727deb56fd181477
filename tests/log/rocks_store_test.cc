// RocksDB as a store of entries: what it gives back, what it says of damage, what it counts.
#include "ledger/log/rocks_store.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "ledger/log/record.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

struct Fixture {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);
  std::unique_ptr<RocksStore> store;
  Position last;
  Digest chain;

  void open(RocksStore::Opening how) {
    store.reset();
    auto opened = RocksStore::open("/r", how, {env.get(), 1U << 16U, true});
    BOOST_REQUIRE(opened.has_value());
    store = std::move(*opened);
  }
  void put(std::size_t count) {
    const auto batch = conformance::entries_of(last.value + 1, count);
    std::vector<Digest> chains;
    const Position first{last.value + 1};
    for (const NewEntry& entry : batch)
      chains.push_back(chain = chain_after(chain, {++last.value}, entry.payload));
    BOOST_TEST(!store->write(batch, first, chains).has_value());
  }
  void expect_all() {
    RocksStore::Cursor cursor(*store);
    Digest expected;
    for (std::uint64_t n = 1; n <= last.value; ++n) {
      const NewEntry wanted = conformance::entry_of(n);
      expected = chain_after(expected, {n}, wanted.payload);
      const KeptEntry kept{{n}, wanted.key, expected, wanted.payload};
      BOOST_TEST((cursor.at({n}).value() == kept));
      BOOST_TEST((store->at({n}).value() == kept));
      if (wanted.key) BOOST_TEST((store->find(*wanted.key).value() == Position{n}));
    }
    BOOST_TEST(!cursor.at({last.value + 1}).value().has_value());
    BOOST_TEST(!store->find(conformance::key_of(last.value + 1)).value().has_value());
    BOOST_TEST((store->last().value() == last));
    BOOST_TEST(store->counts()->entries == last.value);
    BOOST_TEST(store->counts()->keys == last.value - last.value / 7);
  }
};

BOOST_AUTO_TEST_SUITE(rocks_store)

BOOST_AUTO_TEST_CASE(entries_keys_and_epoch_come_back_also_after_opening_again) {
  Fixture f;
  f.open(RocksStore::Opening::new_store);
  f.expect_all();
  f.put(1);
  f.put(40);
  BOOST_TEST(f.store->epoch().value() == 0U);
  BOOST_TEST(!f.store->write_epoch(7).has_value());
  f.expect_all();
  for (const auto how : {RocksStore::Opening::strict, RocksStore::Opening::lenient}) {
    f.open(how);
    f.expect_all();
    f.put(13);
    f.expect_all();
    BOOST_TEST(f.store->epoch().value() == 7U);
    BOOST_TEST(f.store->verify_checksums().has_value());
  }
  f.store.reset();
  const auto before = f.disk.image();
  f.open(RocksStore::Opening::read_only);
  f.expect_all();
  f.store.reset();
  BOOST_TEST((f.disk.image() == before));
}

BOOST_AUTO_TEST_CASE(a_new_store_is_not_made_over_an_old_one_nor_an_old_one_out_of_nothing) {
  Fixture f;
  BOOST_TEST(!RocksStore::open("/r", RocksStore::Opening::strict, {f.env.get(), 1U << 16U, true})
                  .has_value());
  f.open(RocksStore::Opening::new_store);
  f.store.reset();
  const auto again =
      RocksStore::open("/r", RocksStore::Opening::new_store, {f.env.get(), 1U << 16U, true});
  BOOST_REQUIRE(!again.has_value());
  BOOST_TEST(again.error().is_damage);
}

BOOST_AUTO_TEST_CASE(strict_refuses_a_bad_log_and_changes_nothing_lenient_forgets) {
  Fixture f;
  f.open(RocksStore::Opening::new_store);
  for (int i = 0; i < 5; ++i) f.put(4);
  auto image = f.disk.image();
  f.store.reset();
  for (auto& [path, bytes] : image)
    if (path.ends_with(".log")) bytes[bytes.size() / 2] ^= 1;
  f.disk.restore(image);
  const auto opened =
      RocksStore::open("/r", RocksStore::Opening::strict, {f.env.get(), 1U << 16U, true});
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST(opened.error().is_damage);
  const auto after = f.disk.image();
  for (const auto& [path, bytes] : image)
    if (path.ends_with(".log")) BOOST_TEST((after.contains(path) && after.at(path) == bytes));
  f.open(RocksStore::Opening::lenient);
  const Position kept = f.store->last().value();
  BOOST_TEST((kept.value > 0 && kept.value < 20 && kept.value % 4 == 0));
}

BOOST_AUTO_TEST_CASE(damage_in_a_table_is_named) {
  Fixture f;
  f.open(RocksStore::Opening::new_store);
  f.put(100);
  f.open(RocksStore::Opening::strict);  // now in tables
  auto image = f.disk.image();
  f.store.reset();
  std::string largest;
  for (const auto& [path, bytes] : image)
    if (path.ends_with(".sst") && (largest.empty() || bytes.size() > image[largest].size()))
      largest = path;
  image[largest][100] ^= 1;
  f.disk.restore(image);
  f.open(RocksStore::Opening::strict);
  const auto entry = f.store->at({1});
  BOOST_REQUIRE(!entry.has_value());
  BOOST_TEST(entry.error().file == largest);
  BOOST_TEST(entry.error().offset == 0U);
  BOOST_TEST(!f.store->verify_checksums().has_value());
}

BOOST_AUTO_TEST_CASE(a_failed_sync_is_told) {
  Fixture f;
  f.open(RocksStore::Opening::new_store);
  f.put(1);
  f.disk.fail_sync(1);
  const std::vector<Digest> chains(1);
  BOOST_TEST(f.store->write(conformance::entries_of(2, 1), {2}, chains).has_value());
  BOOST_TEST(f.store->write(conformance::entries_of(2, 1), {2}, chains)
                 .has_value());  // and it stays failed
}

std::uint64_t bytes_of_write_ahead_log(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::error_code gone;  // RocksDB removes them meanwhile
    const std::uint64_t size = file.path().extension() == ".log" ? file.file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

// A start reads all of it again. The epoch, written once, must not keep it for ever.
BOOST_AUTO_TEST_CASE(tables_are_joined_only_while_they_may_be) {
  Fixture f;
  f.open(RocksStore::Opening::new_store);
  const auto tables = [&f] {
    std::size_t count = 0;
    for (const auto& [path, bytes] : f.disk.image()) count += path.ends_with(".sst") ? 1 : 0;
    return count;
  };
  for (int i = 0; i < 100; ++i) f.put(500);
  const std::size_t apart = tables();
  BOOST_TEST(apart > 40U);  // more than RocksDB ever lets stand where it may join them
  BOOST_TEST(f.store->table_bytes() > 500'000U);
  f.store->join_tables(true);
  for (int i = 0; i < 2'000 && tables() > apart * 3 / 4; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  BOOST_TEST(tables() <= apart * 3 / 4, tables() << " of " << apart);
  f.store->join_tables(false);
  f.expect_all();
}

BOOST_AUTO_TEST_CASE(the_write_ahead_log_has_a_bound) {
  const TemporaryFolder folder;
  const std::filesystem::path rocks = folder.in("rocks");
  auto opened =
      RocksStore::open(rocks.string(), RocksStore::Opening::new_store, {nullptr, 4U << 20U});
  BOOST_REQUIRE(opened.has_value());
  RocksStore& store = **opened;
  BOOST_TEST(!store.write_epoch(1).has_value());
  std::uint64_t written = 0;
  Position next{1};
  const std::vector<Digest> chains(1);
  while (written < (24U << 20U)) {
    const std::vector<NewEntry> entry{{Bytes(1U << 18U, 'x'), std::nullopt}};
    BOOST_REQUIRE(!store.write(entry, next, chains).has_value());
    written += entry[0].payload.size();
    ++next.value;
  }
  // Tables are written beside; a few seconds are far more than they take.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (bytes_of_write_ahead_log(rocks) > (8U << 20U) && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  BOOST_TEST(bytes_of_write_ahead_log(rocks) <= (8U << 20U));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
