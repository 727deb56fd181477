// The writer under every outcome of a write: what is in memory never stands ahead of the log.
#include "ledger/engine/sequencer.h"

#include "ledger/engine/fold.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

Pay pay(const Town& town, std::int64_t minor) {
  return {till, seen({1}, till, const_cast<Town&>(town).clock.now()), yen(minor), {}};
}
bool memory_equals_log(Town& town) { return fold(town.log).state == town.ledger().state(); }

BOOST_AUTO_TEST_SUITE(sequencer)

BOOST_AUTO_TEST_CASE(nobody_is_answered_before_the_sync) {
  Town town;
  town.found(1);
  std::size_t answered_before_sync = 0;
  town.log.before_append = [&] { answered_before_sync += town.answers.size(); };
  for (std::uint64_t i = 0; i < 5; ++i) town.submit(pay(town, 10), attempt_at(till, i));
  town.submit(VoidPurchase{till, {999}});  // a refusal that saw what is not yet written
  town.ledger().step();
  BOOST_TEST(answered_before_sync == 0U);
  BOOST_TEST(town.answers.size() == 6U);
  for (const Answer& answer : town.answers)
    BOOST_TEST((answer.receipt.position <= town.ledger().head().position));
}

BOOST_AUTO_TEST_CASE(one_sync_serves_all_who_wait_up_to_the_limit) {
  auto settings = test_settings();
  settings.batch_max = 4;
  Town town(settings);
  town.found(1);
  town.log.batches.clear();
  for (std::uint64_t i = 0; i < 10; ++i) town.submit(pay(town, 10), attempt_at(till, i));
  while (town.ledger().step()) {
  }
  BOOST_TEST(town.log.batches == (std::vector<std::size_t>{4, 4, 2}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(exits_are_decided_before_purchases) {
  auto settings = test_settings();
  settings.batch_max = 1;
  Town town(settings);
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  town.submit(pay(town, 10), attempt_at(till, 1));
  town.submit(LeaveGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 2));
  while (town.ledger().step()) {
  }
  BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
  BOOST_TEST(std::holds_alternative<Left>(town.answers[0].reply));
  BOOST_TEST(std::holds_alternative<Paid>(town.answers[1].reply));
}

BOOST_AUTO_TEST_CASE(a_full_disk_changes_nothing_and_passes) {
  Town town;
  town.found(2);
  const Digest before = town.ledger().state_digest();
  town.log.fail = Appended::disk_full;
  for (int round = 0; round < 3; ++round) {
    for (std::uint64_t i = 0; i < 3; ++i) town.submit(pay(town, 100), attempt_at(till, i));
    while (town.ledger().step()) {
    }
    BOOST_TEST((town.ledger().state_digest() == before));
    BOOST_TEST(memory_equals_log(town));
  }
  BOOST_REQUIRE_EQUAL(town.answers.size(), 9U);
  for (const Answer& answer : town.answers) {
    BOOST_TEST((answer.fault == Answer::Fault::disk_full));
    BOOST_TEST((answer.retry_after > Duration{}));
  }
  bool asked_anyway = false;
  BOOST_TEST(town.ledger().ask([&](const State&, const Receipt&) { asked_anyway = true; }));
  town.ledger().step();
  BOOST_TEST(asked_anyway);  // questions need no room
  town.log.fail = Appended::committed;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Answer answer = town.ask(pay(town, 1), attempt_at(till, i));
    BOOST_TEST((answer.fault == Answer::Fault::none));
    BOOST_TEST(!answer.repeated);  // what was refused for room was not remembered
  }
  BOOST_TEST(memory_equals_log(town));
}

// Riders 1 to 3 are inside; two of them want out in one batch with a purchase.
BOOST_AUTO_TEST_CASE(on_a_full_disk_exits_are_served_until_the_reserve_is_used_up) {
  Town town;
  town.found(4);
  for (std::uint64_t rider = 1; rider <= 3; ++rider)
    town.ask(EnterGate{gate_a, seen({rider}, gate_a, town.clock.now())}, attempt_at(gate_a, rider));
  const auto leave = [&](std::uint64_t rider) {
    return LeaveGate{gate_a, seen({rider}, gate_a, town.clock.now())};
  };
  town.log.fail = Appended::disk_full;
  town.log.reserve = 2;
  town.submit(Pay{till, seen({4}, till, town.clock.now()), yen(10), {}}, attempt_at(till, 1));
  town.submit(leave(1), attempt_at(gate_a, 11));
  town.submit(leave(2), attempt_at(gate_a, 12));
  while (town.ledger().step()) {
  }
  BOOST_REQUIRE_EQUAL(town.answers.size(), 3U);
  BOOST_TEST((town.answers[0].fault == Answer::Fault::disk_full));
  for (const std::size_t exit : {1U, 2U})
    BOOST_TEST(std::holds_alternative<Left>(town.answers[exit].reply));
  BOOST_TEST(memory_equals_log(town));
  BOOST_TEST((town.ask(leave(3), attempt_at(gate_a, 13)).fault == Answer::Fault::disk_full));
  town.log.reserve = 1;
  BOOST_TEST(std::holds_alternative<Left>(town.ask(leave(3), attempt_at(gate_a, 13)).reply));
  BOOST_TEST(memory_equals_log(town));
  const std::size_t reads = town.log.reads;
  for (std::uint64_t i = 0; i < 100; ++i) {  // a long time of exits only: no state is read again
    town.log.reserve = 1;
    town.ask(leave(3), attempt_at(gate_a, 20 + i));
    town.ask(LoadFunds{{4}, yen(1), {}}, attempt_at(desk, 20 + i));
  }
  BOOST_TEST(town.log.reads == reads);
  town.log.fail = Appended::committed;
  BOOST_TEST(
      (town.ask(LoadFunds{{4}, yen(1), {}}, attempt_at(desk, 1)).fault == Answer::Fault::none));
  BOOST_TEST(memory_equals_log(town));
}

BOOST_AUTO_TEST_CASE(what_was_answered_before_is_still_told_on_a_full_disk) {
  Town town;
  town.found(1);
  const Answer first = town.ask(pay(town, 100), attempt_at(till, 1));
  town.log.fail = Appended::disk_full;
  town.submit(pay(town, 100), attempt_at(till, 1));
  town.submit(pay(town, 100), attempt_at(till, 2));
  town.ledger().step();
  BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
  BOOST_TEST((town.answers[0].reply == first.reply));
  BOOST_TEST(town.answers[0].repeated);
  BOOST_TEST((town.answers[1].fault == Answer::Fault::disk_full));
}

BOOST_AUTO_TEST_CASE(a_full_disk_does_not_spin_on_timers) {
  Town town;
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  town.clock.advance(hours(5));
  town.log.fail = Appended::disk_full;
  BOOST_TEST(town.ledger().step());
  BOOST_TEST(!town.ledger().step());
  town.log.fail = Appended::committed;
  town.clock.advance(seconds(5));
  BOOST_TEST(town.ledger().step());
  BOOST_TEST(!next_due(town.ledger().state()).has_value());
  BOOST_TEST(memory_equals_log(town));
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_stops_everything) {
  for (const Appended outcome : {Appended::unknown, Appended::fenced}) {
    Town town;
    town.found(1);
    town.log.fail = outcome;
    town.submit(pay(town, 100), attempt_at(till, 1));
    town.submit(pay(town, 100), attempt_at(till, 2));
    BOOST_CHECK_THROW(town.ledger().step(), Broken);
    town.log.fail = Appended::committed;
    BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
    for (const Answer& answer : town.answers) BOOST_TEST((answer.fault == Answer::Fault::stopped));
    town.submit(pay(town, 100), attempt_at(till, 3));
    BOOST_REQUIRE_EQUAL(town.answers.size(), 3U);
    BOOST_TEST((town.answers[2].fault == Answer::Fault::stopped));
    BOOST_TEST(!town.ledger().ask([](const State&, const Receipt&) {}));
    BOOST_TEST(!town.ledger().step());
    town.open();  // the truth is what the log holds
    BOOST_TEST(memory_equals_log(town));
    BOOST_TEST(std::holds_alternative<Paid>(town.ask(pay(town, 100), attempt_at(till, 1)).reply));
  }
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_stops_everything_and_everybody_is_told) {
  Town town;
  town.found(1);
  const Answer first = town.ask(pay(town, 100), attempt_at(till, 1));
  town.log.tamper = [](std::vector<StoredEntry>& entries) { entries.at(0).payload = "rot"; };
  town.submit(pay(town, 100), attempt_at(till, 2));
  town.submit(pay(town, 100), attempt_at(till, 1));  // its stored answer is what cannot be read
  town.submit(pay(town, 100), attempt_at(till, 3));
  BOOST_CHECK_THROW(town.ledger().step(), Broken);
  BOOST_REQUIRE_EQUAL(town.answers.size(), 3U);
  for (const Answer& answer : town.answers) BOOST_TEST((answer.fault == Answer::Fault::stopped));
  town.log.tamper = nullptr;
  town.open();
  BOOST_TEST((town.ledger().head() == first.receipt));  // nothing of that batch was written
}

BOOST_AUTO_TEST_CASE(time_never_goes_back) {
  Town town;
  town.found(1);
  town.clock.set(morning + hours(1));
  const Answer first = town.ask(pay(town, 1), attempt_at(till, 1));
  town.clock.set(morning + days(-3));
  const Answer second = town.ask(LoadFunds{{1}, yen(1), {}}, attempt_at(desk, 2));
  BOOST_TEST((second.at == first.at));
  town.open();
  BOOST_TEST((town.ask(LoadFunds{{1}, yen(1), {}}, attempt_at(desk, 3)).at == first.at));
  BOOST_TEST(memory_equals_log(town));  // the fold refuses a log that goes back
}

BOOST_AUTO_TEST_CASE(an_expired_command_is_never_executed) {
  Town town;
  town.found(1);
  Asked late = asked(pay(town, 100), attempt_at(till, 1), town.clock.now());
  late.deadline = town.clock.now();
  std::optional<Answer> got;
  town.ledger().submit(late, [&](const Answer& answer) { got = answer; });
  town.clock.advance(milliseconds(1));
  const Digest before = town.ledger().state_digest();
  town.ledger().step();
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST((got->fault == Answer::Fault::busy));
  BOOST_TEST((got->retry_after > Duration{}));
  BOOST_TEST((town.ledger().state_digest() == before));
  late.deadline = town.clock.now();
  BOOST_TEST((town.ask(late).fault == Answer::Fault::none));
}

BOOST_AUTO_TEST_CASE(snapshots_are_kept_on_the_way_and_at_the_end) {
  auto settings = test_settings();
  settings.snapshot_every = 10;
  Town town(settings);
  town.found(4);
  BOOST_TEST(!town.log.log.snapshots().empty());
  const Position last = town.ledger().head().position;
  town.ledger().stop();
  BOOST_TEST(!town.ledger().step());
  BOOST_TEST((town.log.log.snapshots().at(0).at == last));
  town.log.refuse_snapshots = true;  // only a cache: life goes on
  town.open();
  for (std::uint64_t i = 0; i < 12; ++i) town.ask(LoadFunds{{1}, yen(1), {}});
  BOOST_TEST(memory_equals_log(town));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
