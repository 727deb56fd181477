// One batch: the next command sees the one before, a twin waits for its elder's commit, no decision
// leaves half of itself, and nothing is written for nothing.
#include "ledger/engine/batch.h"

#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(the_next_command_of_a_batch_sees_the_one_before) {
  Town town;
  town.found(1);
  const auto pay = [&](std::uint64_t number) {
    town.submit(Pay{till, seen({1}, till, town.clock.now()), yen(3'000), {}},
                attempt_at(till, number));
  };
  pay(1);
  pay(2);  // 5,000 are there: one of the two can be paid
  const std::size_t batches = town.log.batches.size();
  town.ledger().step();
  BOOST_TEST(town.log.batches.size() == batches + 1);
  BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
  BOOST_TEST(std::holds_alternative<Paid>(town.answers[0].reply));
  BOOST_TEST((refusal_of(town.answers[1]) == Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_CASE(twins_in_one_batch_are_decided_once) {
  Town town;
  town.found(1);
  const Position before = town.ledger().head().position;
  for (int i = 0; i < 3; ++i)
    town.submit(Pay{till, seen({1}, till, town.clock.now()), yen(400), {}}, attempt_at(till, 1));
  town.submit(Pay{till, seen({1}, till, town.clock.now()), yen(401), {}}, attempt_at(till, 1));
  town.ledger().step();
  BOOST_REQUIRE_EQUAL(town.answers.size(), 4U);
  BOOST_TEST(!town.answers[0].repeated);
  for (std::size_t twin : {1U, 2U}) {
    BOOST_TEST(town.answers[twin].repeated);
    BOOST_TEST((town.answers[twin].reply == town.answers[0].reply));
    BOOST_TEST((town.answers[twin].receipt == town.answers[0].receipt));
  }
  BOOST_TEST((refusal_of(town.answers[3]) == Refusal::attempt_must_have_same_content));
  BOOST_TEST(town.ledger().head().position.value == before.value + 1);
}

BOOST_AUTO_TEST_CASE(exits_beside_others_are_given_back_once_and_are_no_more_in_the_batch) {
  Town town;
  town.found(2);
  const Instant now = town.clock.now();
  town.ask(EnterGate{gate_a, seen({1}, gate_a, now)}, attempt_at(gate_a, 1));
  const auto settings = test_settings();
  const Dedup dedup(town.log, 10);
  const auto batch_of = [&](std::vector<Command> commands, std::vector<int>& told) {
    State state = town.ledger().state();
    Batch batch(state, {town.log, dedup, settings, true});
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const bool at_gate = lane_of(commands[i]) == Lane::leave;
      Waiting waiting{
          asked(std::move(commands[i]), attempt_at(at_gate ? gate_a : till, 50 + i), now),
          [&told, i](const Answer&) { told.push_back(static_cast<int>(i)); }};
      batch.add(waiting, now);
    }
    auto exits = batch.take_back_exits();
    for (const Waiting& exit : exits) BOOST_TEST((lane_of(exit.asked.command) == Lane::leave));
    batch.answer_fault(Answer::Fault::disk_full, seconds(5), {});
    for (const Waiting& exit : exits) exit.done({});
    return exits.size();
  };
  const LeaveGate leave{gate_a, seen({1}, gate_a, now)};
  const Pay pay{till, seen({2}, till, now), yen(10), {}};
  std::vector<int> told;
  BOOST_TEST(batch_of({leave, pay}, told) == 1U);
  BOOST_TEST(told == (std::vector<int>{1, 0}), boost::test_tools::per_element());
  told.clear();
  BOOST_TEST(batch_of({leave}, told) == 1U);
  BOOST_TEST(told == (std::vector<int>{0}), boost::test_tools::per_element());
}

// The twin of a write that failed must not be told what its elder would have been told.
BOOST_AUTO_TEST_CASE(twins_share_the_fault_of_their_batch) {
  Town town;
  town.found(1);
  town.log.fail = Appended::disk_full;
  for (int i = 0; i < 2; ++i)
    town.submit(Pay{till, seen({1}, till, town.clock.now()), yen(400), {}}, attempt_at(till, 1));
  town.ledger().step();
  BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
  for (const Answer& answer : town.answers) BOOST_TEST((answer.fault == Answer::Fault::disk_full));
}

BOOST_AUTO_TEST_CASE(a_decision_without_events_and_without_an_attempt_leaves_no_record) {
  Town town;
  town.found(1);
  const Receipt head = town.ledger().head();
  const std::size_t batches = town.log.batches.size();
  const Answer answer = town.ask(RevokeTerminal{{99}});
  BOOST_TEST(std::holds_alternative<Refused>(answer.reply));
  BOOST_TEST((answer.receipt == head));
  BOOST_TEST((town.ledger().head() == head));
  BOOST_TEST(town.log.batches.size() == batches);
}

BOOST_AUTO_TEST_CASE(under_an_attempt_its_reply_alone_is_kept) {
  Town town;
  town.found(1);
  const Digest state_before = digest_of(town.ledger().state());
  const Answer answer = town.ask(RevokeTerminal{{99}}, attempt_at(till, 1));
  const auto stored = stored_at(town.log, answer.receipt.position);
  BOOST_REQUIRE(stored.has_value());
  BOOST_TEST(stored->record.events.empty());
  BOOST_TEST((stored->record.reply == answer.reply));
  BOOST_TEST((town.ledger().lookup(attempt_at(till, 1))->reply == answer.reply));
  State state = town.ledger().state();  // nothing in it has changed but how far it is
  --state.position.value;
  BOOST_TEST((digest_of(state) == state_before));
}

BOOST_AUTO_TEST_CASE(a_decision_is_one_record_with_all_its_events) {
  Town town;
  town.found(1);
  const Answer paid =
      town.ask(Pay{till, seen({1}, till, town.clock.now()), yen(400), {}}, attempt_at(till, 1));
  const auto stored = stored_at(town.log, paid.receipt.position);
  BOOST_REQUIRE(stored.has_value());
  std::size_t evidence = 0;
  std::size_t authorisations = 0;
  std::size_t postings = 0;
  for (const Event& event : stored->record.events) {
    evidence += std::holds_alternative<FaceRecognised>(event) ? 1 : 0;
    authorisations += std::holds_alternative<PurchaseAuthorised>(event) ? 1 : 0;
    postings += std::holds_alternative<Posted>(event) ? 1 : 0;
  }
  BOOST_TEST(evidence == 1U);
  BOOST_TEST(authorisations == 1U);
  BOOST_TEST(postings == 1U);
  BOOST_TEST((stored->record.reply == paid.reply));
  BOOST_TEST((stored->chain == paid.receipt.chain));
  BOOST_TEST(stored->record.business_date == (morning.ms + hours(9).ms) / days(1).ms);
}

BOOST_AUTO_TEST_CASE(a_terminal_clock_out_of_all_bounds_is_not_believed) {
  Town town;
  town.found(1);
  Asked mad = asked(LoadFunds{{1}, yen(1), {}}, attempt_at(desk, 1), {INT64_MAX});
  const Answer answer = town.ask(mad);
  BOOST_TEST((stored_at(town.log, answer.receipt.position)->record.occurred_at == answer.at));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
