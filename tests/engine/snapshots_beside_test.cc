// Snapshots made by another thread: of durable places, the state that the log makes, at a bound of
// one at a time; and the writer's life goes on whatever becomes of them.
#include "ledger/engine/snapshots_beside.h"

#include <chrono>
#include <semaphore>
#include <thread>

#include "ledger/engine/fold.h"
#include "ledger/engine/recovery.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

// Says when one was kept, and keeps the maker waiting if it is told to.
class WatchedLog final : public EventLog {
 public:
  explicit WatchedLog(EventLog& log) : log_(log) {}
  Head acquire() override { return log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    return log_.append(head, batch, chains);
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    if (refuses_reads) {
      refused.release();
      throw LogDamage("log", 0, from, "cannot be read");
    }
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot& snapshot) override {
    begun.release();
    if (is_held) go_on.acquire();
    log_.keep_snapshot(snapshot);
    kept.release();
  }
  std::vector<Snapshot> snapshots() const override {
    asked.release();
    return log_.snapshots();
  }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return {}; }

  std::atomic<bool> is_held = false;
  std::atomic<bool> refuses_reads = false;
  std::counting_semaphore<> begun{0}, go_on{0}, kept{0};
  mutable std::counting_semaphore<> asked{0}, refused{0};

 private:
  EventLog& log_;
};

constexpr unsigned never_rests = 1;

// A log with a history, and the places of it.
struct Lived {
  Lived() {
    town.found(3);
    town.live(4, 400, 3);
    town.ledger().stop();
    town.ledger().step();
  }
  Receipt at(std::uint64_t position) const {
    return {{position}, town.log.log.read({position}, 1).at(0).chain};
  }
  Digest true_state(Position until) { return digest_of(fold(log, {}, until).state); }
  Digest kept_state() { return digest_of(state_of(log.snapshots().at(0)).value()); }
  Town town;
  WatchedLog log{town.log.log};
};

BOOST_AUTO_TEST_SUITE(making_snapshots_beside)

BOOST_AUTO_TEST_CASE(what_is_kept_is_the_state_of_the_durable_place) {
  Lived lived;
  SnapshotsBeside beside(lived.log, {}, 50, never_rests);
  for (const std::uint64_t position : {60U, 130U}) {
    beside.committed(lived.at(position));
    lived.log.kept.acquire();
    BOOST_TEST(lived.log.snapshots().at(0).at.value == position);
    BOOST_TEST((lived.log.snapshots().at(0).chain == lived.at(position).chain));
    BOOST_TEST((lived.kept_state() == lived.true_state({position})));
  }
}

BOOST_AUTO_TEST_CASE(none_before_it_is_due) {
  Lived lived;
  {
    SnapshotsBeside beside(lived.log, {10}, 50, never_rests);
    beside.committed(lived.at(59));
    beside.committed(lived.at(60));
    lived.log.kept.acquire();
    beside.committed(lived.at(109));
  }
  BOOST_TEST(lived.log.snapshots().size() == 1U);
  BOOST_TEST(lived.log.snapshots().at(0).at.value == 60U);
  {
    SnapshotsBeside none(lived.log, {}, 0, never_rests);
    none.committed(lived.at(150));
  }
  BOOST_TEST(lived.log.snapshots().size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_at_a_time_and_the_latest_of_those_that_were_due_meanwhile) {
  Lived lived;
  SnapshotsBeside beside(lived.log, {}, 20, never_rests);
  lived.log.is_held = true;
  beside.committed(lived.at(20));
  lived.log.begun.acquire();
  for (const std::uint64_t position : {40U, 60U, 90U}) beside.committed(lived.at(position));
  lived.log.is_held = false;
  lived.log.go_on.release();
  lived.log.kept.acquire();
  lived.log.kept.acquire();
  BOOST_TEST(lived.log.snapshots().at(0).at.value == 90U);
  BOOST_TEST(lived.log.snapshots().at(1).at.value == 20U);
  BOOST_TEST((lived.kept_state() == lived.true_state({90})));
}

// The negative control of the chain: a place that is not the log's is never kept.
BOOST_AUTO_TEST_CASE(nothing_is_kept_of_another_history_or_of_a_log_that_cannot_be_read) {
  Lived lived;
  SnapshotsBeside beside(lived.log, {}, 50, never_rests);
  Receipt foreign = lived.at(60);
  foreign.chain.bytes[0] ^= 1;
  beside.committed(foreign);
  lived.log.asked.acquire();
  beside.committed(lived.at(120));
  lived.log.kept.acquire();
  BOOST_TEST(lived.log.snapshots().size() == 1U);
  BOOST_TEST(lived.log.snapshots().at(0).at.value == 120U);
  lived.log.refuses_reads = true;
  beside.committed(lived.at(170));
  lived.log.refused.acquire();
  lived.log.refuses_reads = false;
  beside.committed(lived.at(220));
  lived.log.kept.acquire();
  BOOST_TEST(lived.log.snapshots().at(0).at.value == 220U);
  BOOST_TEST(lived.log.snapshots().at(1).at.value == 120U);
}

BOOST_AUTO_TEST_CASE(stopping_gives_up_what_is_being_made) {
  Lived lived;
  {
    SnapshotsBeside beside(lived.log, {}, 50, 1'000'000'000);  // rests for ever after a little
    beside.committed(lived.at(150));
  }
  BOOST_TEST(lived.log.snapshots().size() <= 1U);
}

// The writer serves while a snapshot stands still in the middle of being kept.
BOOST_AUTO_TEST_CASE(the_writer_does_not_wait_for_a_snapshot) {
  Town town;
  town.found(3);
  town.ledger().stop();
  town.ledger().step();
  WatchedLog log(town.log.log);
  log.is_held = true;
  SystemClock clock;
  auto settings = test_settings();
  settings.snapshot_every = 10;
  Ledger ledger(log, clock, settings);
  std::thread writer([&] { ledger.run(); });
  const auto load = [&](int times) {
    for (int i = 0; i < times; ++i) {
      std::binary_semaphore answered{0};
      ledger.submit(asked(LoadFunds{{1}, yen(1), {}}, std::nullopt, clock.now()),
                    [&](const Answer&) { answered.release(); });
      BOOST_REQUIRE(answered.try_acquire_for(std::chrono::seconds(60)));
    }
  };
  load(15);
  log.begun.acquire();  // one is being kept, and will be for as long as we like
  load(40);
  BOOST_TEST(log.snapshots().empty());
  log.is_held = false;
  log.go_on.release();
  log.kept.acquire();
  BOOST_TEST(log.snapshots().size() == 1U);
  ledger.stop();
  writer.join();
  BOOST_TEST((log.snapshots().at(0).at == ledger.head().position));  // the one at the end
  BOOST_TEST((digest_of(state_of(log.snapshots().at(0)).value()) == ledger.state_digest()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
