// What is read ahead comes in order, and damage comes to light where it stands.
#include "ledger/engine/ahead.h"

#include "ledger/engine/fold.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

// A log of some chunks and a rest.
struct LongLog {
  explicit LongLog(std::size_t entries) {
    town.found(1);
    auto settings = test_settings();
    settings.batch_max = 512;
    while (town.log.log.read({1}, SIZE_MAX).size() < entries) {
      for (int i = 0; i < 64; ++i) town.submit(LoadFunds{{1}, yen(1), {}});
      town.ledger().step();
    }
    count = town.log.log.read({1}, SIZE_MAX).size();
  }
  Town town;
  std::size_t count = 0;
};

BOOST_AUTO_TEST_SUITE(ahead)

BOOST_AUTO_TEST_CASE(chunks_come_in_order_and_end_short) {
  const LongLog log(3 * chunk_entries + 5);
  Ahead ahead(log.town.log.log, {1});
  std::uint64_t position = 0;
  for (;;) {
    const Chunk chunk = ahead.next();
    BOOST_REQUIRE(!chunk.fault);
    for (const Stored& stored : chunk.records)
      BOOST_REQUIRE_EQUAL(stored.record.position.value, ++position);
    if (chunk.entries < chunk_entries) break;
  }
  BOOST_TEST(position == log.count);
}

BOOST_AUTO_TEST_CASE(the_fold_of_a_long_log_is_the_state_in_memory) {
  LongLog log(3 * chunk_entries);
  std::uint64_t visited = 0;
  const Folded end =
      fold(log.town.log.log, {}, std::nullopt, [&](const Record&, const Digest&) { ++visited; });
  BOOST_TEST((end.state == log.town.ledger().state()));
  BOOST_TEST((end.chain == log.town.ledger().head().chain));
  BOOST_TEST(visited == log.count);
  BOOST_TEST(fold(log.town.log.log, {}, Position{2'000}).state.position.value == 2'000U);
}

BOOST_AUTO_TEST_CASE(damage_is_named_where_it_stands_and_nothing_after_it_is_applied) {
  LongLog log(4 * chunk_entries);
  for (const std::uint64_t bad : {1'025U, 1'026U, 2'500U, 3'072U, 3'073U}) {
    class Rotten final : public EventLog {
     public:
      Rotten(const EventLog& log_, Position bad_) : log(log_), bad(bad_) {}
      Head acquire() override { return {}; }
      Appended append(Head&, std::span<const NewEntry>, std::vector<Digest>*) override {
        return Appended::fenced;
      }
      std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
        auto entries = log.read(from, entries_max);
        for (StoredEntry& entry : entries)
          if (entry.position == bad) entry.payload.back() ^= 1;
        return entries;
      }
      std::optional<Position> find(const Digest&) const override { return std::nullopt; }
      void keep_snapshot(const Snapshot&) override {}
      std::vector<Snapshot> snapshots() const override { return {}; }
      void verify() const override {}
      std::vector<std::string> report() const override { return {}; }
      const EventLog& log;
      Position bad;
    };
    const Rotten rotten(log.town.log.log, {bad});
    std::uint64_t last = 0;
    const auto all = [&] {
      fold(rotten, {}, std::nullopt,
           [&](const Record& record, const Digest&) { last = record.position.value; });
    };
    BOOST_CHECK_EXCEPTION(all(), LogDamage,
                          [&](const LogDamage& damage) { return damage.first_bad.value == bad; });
    BOOST_TEST(last == bad - 1);
    BOOST_TEST(fold(rotten, {}, Position{bad - 1}).state.position.value == bad - 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
