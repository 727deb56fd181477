// The door: answers over threads and restarts, questions, receipts that a client kept, and commands
// that nobody sane would send.
#include "ledger/engine/ledger.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "ledger/engine/fold.h"
#include "tests/engine/world.h"
#include "tests/wire/made_values.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(door)

BOOST_AUTO_TEST_CASE(a_row_has_an_end_and_says_so_at_once) {
  auto settings = test_settings();
  settings.lane_max = 2;
  Town town(settings);
  for (const char* code : {"a", "b", "c"}) town.submit(RegisterOperator{code});
  BOOST_REQUIRE_EQUAL(town.answers.size(), 1U);
  BOOST_TEST((town.answers[0].fault == Answer::Fault::busy));
  BOOST_TEST((town.answers[0].retry_after > Duration{}));
  town.ledger().step();
  BOOST_TEST(town.answers.size() == 3U);
}

BOOST_AUTO_TEST_CASE(questions_see_what_is_durable) {
  Town town;
  town.found(1);
  town.submit(RegisterOperator{"another"});
  std::optional<Receipt> seen_at;
  std::size_t operators = 0;
  BOOST_TEST(town.ledger().ask([&](const State& state, const Receipt& head) {
    operators = state.parties.operators.size();
    seen_at = head;
    BOOST_TEST((state.position == head.position));
  }));
  town.ledger().step();
  BOOST_TEST((seen_at == town.ledger().head()));
  BOOST_TEST(operators == 2U);
}

BOOST_AUTO_TEST_CASE(whoever_waits_at_the_end_is_told) {
  Town town;
  town.submit(RegisterOperator{"a"});
  town.ledger().stop();
  BOOST_TEST(!town.ledger().step());
  BOOST_REQUIRE_EQUAL(town.answers.size(), 1U);
  BOOST_TEST((town.answers[0].fault == Answer::Fault::stopped));
  {
    Ledger other(town.log, town.clock, test_settings());
    other.submit(asked(RegisterOperator{"b"}),
                 [&](const Answer& answer) { town.answers.push_back(answer); });
  }
  BOOST_REQUIRE_EQUAL(town.answers.size(), 2U);
  BOOST_TEST((town.answers[1].fault == Answer::Fault::stopped));
}

BOOST_AUTO_TEST_CASE(a_receipt_tells_a_log_that_was_rolled_back) {
  Town town;
  town.found(2);
  const Receipt early{{3}, town.log.log.read({3}, 1)[0].chain};
  const Receipt head = town.ledger().head();
  BOOST_TEST((town.ledger().standing({}) == Standing::same));
  BOOST_TEST((town.ledger().standing(early) == Standing::same));
  BOOST_TEST((town.ledger().standing(head) == Standing::same));
  Receipt forged = early;
  forged.chain.bytes[0] ^= 1;
  BOOST_TEST((town.ledger().standing(forged) == Standing::differs));
  Town rolled_back;
  rolled_back.found(1);
  BOOST_TEST((rolled_back.ledger().standing(head) == Standing::behind));
  Town other;
  other.ask(RegisterOperator{"someone-else"});
  for (int i = 0; i < 3; ++i) other.ask(RegisterRider{});
  BOOST_TEST((other.ledger().standing(early) == Standing::differs));
}

// Two threads ask the same 200 attempts each, in their own order, while a third writes: every
// attempt is decided once, and both are told the same.
BOOST_AUTO_TEST_CASE(two_threads_get_one_decision_an_attempt) {
  constexpr std::uint64_t attempts = 200;
  Town town;
  town.found(1);
  const Position before = town.ledger().head().position;
  std::thread writer([&] { town.ledger().run(); });
  std::mutex mutex;
  std::map<std::uint64_t, std::vector<Answer>> told;
  std::atomic<std::size_t> answers = 0;
  const auto caller = [&](bool backwards) {
    for (std::uint64_t i = 0; i < attempts; ++i) {
      const std::uint64_t number = backwards ? attempts - 1 - i : i;
      town.ledger().submit(asked(LoadFunds{{1}, yen(static_cast<std::int64_t>(number) + 1), {}},
                                 attempt_at(desk, number)),
                           [&, number](const Answer& answer) {
                             const std::scoped_lock lock(mutex);
                             told[number].push_back(answer);
                             ++answers;
                           });
    }
  };
  std::thread forth(caller, false);
  std::thread back(caller, true);
  forth.join();
  back.join();
  while (answers < 2 * attempts) std::this_thread::yield();
  town.ledger().stop();
  writer.join();
  BOOST_TEST(town.ledger().head().position.value == before.value + attempts);
  for (const auto& [number, both] : told) {
    BOOST_REQUIRE_EQUAL(both.size(), 2U);
    BOOST_TEST((both[0].reply == both[1].reply));
    BOOST_TEST((both[0].receipt == both[1].receipt));
    BOOST_TEST(both[0].repeated != both[1].repeated);
  }
  BOOST_TEST((fold(town.log).state == town.ledger().state()));
}

// Whoever asks for the head while others write is shown a place that the log has, whole: never one
// record's position with another's chain.
BOOST_AUTO_TEST_CASE(the_head_seen_from_another_thread_is_always_of_one_record) {
  constexpr std::uint64_t attempts = 300;
  Town town;
  town.found(1);
  const Position before = town.ledger().head().position;
  std::thread writer([&] { town.ledger().run(); });
  std::atomic<std::uint64_t> answers = 0;
  std::set<std::pair<std::uint64_t, std::array<std::uint8_t, 32>>> seen;
  std::thread reader([&] {
    while (answers < attempts) {
      const Receipt head = town.ledger().head();
      seen.emplace(head.position.value, head.chain.bytes);
    }
  });
  for (std::uint64_t i = 0; i < attempts; ++i)
    town.ledger().submit(asked(LoadFunds{{1}, yen(1), {}}, attempt_at(desk, i)),
                         [&](const Answer&) { ++answers; });
  reader.join();
  town.ledger().stop();
  writer.join();
  std::map<std::uint64_t, Digest> chains;
  fold(town.log, {}, std::nullopt,
       [&](const Record& record, const Digest& chain) { chains[record.position.value] = chain; });
  for (const auto& [position, chain] : seen) {
    BOOST_TEST(position >= before.value);
    BOOST_TEST((chains.at(position).bytes == chain));
  }
}

// Numbers from nowhere in every field of every command, also of the right people at the right
// places: whatever the rules make of it, no bound that the log asserts is reached, and the log
// folds to what memory holds.
BOOST_AUTO_TEST_CASE(no_command_can_break_the_writer) {
  std::size_t recorded = 0;
  const bool held = rc::check("commands from nowhere", [&] {
    Town town;
    town.found(2);
    const Position founded = town.ledger().head().position;
    for (int i = 0; i < 20; ++i) {
      auto command = any<Command>();
      if (auto* tariff = std::get_if<PublishTariff>(&command);
          tariff != nullptr && *rc::gen::arbitrary<bool>()) {
        const Tariff wild = tariff->tariff;
        tariff->tariff = town_tariff();
        tariff->tariff.maximum_adult_minor = wild.maximum_adult_minor;
        tariff->tariff.journey_window.ms = *rc::gen::arbitrary<std::int64_t>();
      }
      if (auto* policy = std::get_if<PublishPolicy>(&command); policy != nullptr) {
        policy->policy.day_offset.ms = *rc::gen::arbitrary<std::int64_t>();
        policy->policy.hold_life.ms = *rc::gen::arbitrary<std::int64_t>();
      }
      Asked what = asked(std::move(command), any<std::optional<Attempt>>(),
                         {*rc::gen::arbitrary<std::int64_t>()});
      if (*rc::gen::arbitrary<bool>() && what.attempt) what.attempt->terminal = till;
      town.ask(std::move(what));
    }
    recorded += town.ledger().head().position.value - founded.value;
    RC_ASSERT(fold(town.log).state == town.ledger().state());
  });
  BOOST_TEST(held);
  BOOST_TEST(recorded > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
