// Deciding while the disk works: what is decided on top of a batch in flight is seen by nobody, and
// shares its fate. The disk is a gate here, which opens when the test says so.
#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>

#include "ledger/engine/fold.h"
#include "ledger/engine/sequencer.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

class Heard final : public Follower {
 public:
  void committed(std::span<const Record> records, const Receipt& head) override {
    told += records.size();
    last = head;
  }
  std::size_t told = 0;
  Receipt last;
};

// After a cut nobody knows what became of the last write; `written` decides what did.
class CutLog final : public EventLog {
 public:
  explicit CutLog(FaultyLog& log) : log_(log) {}
  Head acquire() override { return log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    if (cut && !written) log_.fail = Appended::unknown;
    const Head before = head;
    const Appended appended = log_.append(head, batch, chains);
    if (!cut || appended != Appended::committed) return appended;
    head = before;
    return Appended::unknown;
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot& snapshot) override { log_.keep_snapshot(snapshot); }
  std::vector<Snapshot> snapshots() const override { return log_.snapshots(); }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return {}; }

  std::atomic<bool> cut = false;
  bool written = false;

 private:
  FaultyLog& log_;
};

// A writer whose turns are taken by hand, on a log whose appends wait for open_gate().
class Writer {
 public:
  explicit Writer(std::uint64_t riders = 1) {
    town_.found(riders);
    town_.ledger().stop();
    town_.ledger().step();
    log().batches.clear();
    sequencer = std::make_unique<Sequencer>(cut_log, town_.clock, settings_, lanes_);
    sequencer->feed().follow(heard);
    sequencer->append_beside();
    log().before_append = [this, writer = std::this_thread::get_id()] {
      if (std::this_thread::get_id() != writer) gate_.acquire();  // else it is not beside
    };
  }
  ~Writer() {
    gate_.release(1'000);
    sequencer->finish();
  }

  Town& town() { return town_; }
  FaultyLog& log() { return town_.log; }
  ManualClock& clock() { return town_.clock; }

  void submit(Command command, std::optional<Attempt> attempt = std::nullopt) {
    Waiting waiting{asked(std::move(command), attempt, clock().now()),
                    [this](const Answer& answer) { answers.push_back(answer); }};
    BOOST_REQUIRE((lanes_.push(waiting) == Lanes::Pushed::waiting));
  }
  void pay(std::uint64_t number, std::int64_t minor = 10) {
    submit(Pay{till, seen({1}, till, clock().now()), yen(minor), {}}, attempt_at(till, number));
  }
  void ask(Question question) { BOOST_REQUIRE((lanes_.push(question) == Lanes::Pushed::waiting)); }
  // Two wait, so that the first batch is handed over.
  void put_in_flight() {
    pay(1);
    pay(2);
    sequencer->turn();
  }
  // The batch in flight comes down; the next turn hears of it.
  void land() {
    gate_.release();
    lanes_.wait(std::chrono::hours(1), false);
  }
  // Until nothing is left to do.
  void drain() {
    gate_.release(1'000);
    while (sequencer->turn() || sequencer->durable().position != sequencer->state().position)
      lanes_.wait(std::chrono::milliseconds(1), false);
    while (gate_.try_acquire()) {
    }
  }
  void open_gate_once() { gate_.release(); }
  bool memory_equals_log() { return fold(log().log).state == sequencer->state(); }

  Heard heard;
  std::vector<Answer> answers;

 private:
  Ledger::Settings settings_ = test_settings();
  Town town_;
  Lanes lanes_{4'096};
  std::counting_semaphore<> gate_{0};

 public:
  CutLog cut_log{town_.log};
  std::unique_ptr<Sequencer> sequencer;
};

BOOST_AUTO_TEST_SUITE(pipeline)

BOOST_AUTO_TEST_CASE(the_next_batch_is_decided_while_one_is_in_flight_and_nobody_hears_of_it) {
  Writer writer;
  const Receipt before = writer.sequencer->durable();
  writer.put_in_flight();
  writer.pay(3);
  writer.pay(4);
  BOOST_TEST(writer.sequencer->turn());
  BOOST_TEST(writer.sequencer->state().position.value == before.position.value + 4);
  BOOST_TEST((writer.sequencer->durable() == before));
  BOOST_TEST(writer.answers.empty());
  BOOST_TEST(writer.heard.told == 0U);
  writer.land();
  BOOST_TEST(writer.sequencer->turn());
  BOOST_TEST(writer.answers.size() == 2U);
  BOOST_TEST(writer.heard.told == 2U);
  BOOST_TEST(writer.sequencer->durable().position.value == before.position.value + 2);
  writer.land();
  BOOST_TEST(writer.sequencer->turn());
  BOOST_TEST(writer.log().batches == (std::vector<std::size_t>{2, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(writer.answers.size() == 4U);
  BOOST_TEST((writer.heard.last == writer.sequencer->durable()));
  BOOST_TEST(writer.memory_equals_log());
}

BOOST_AUTO_TEST_CASE(a_twin_of_what_is_in_flight_waits_for_it) {
  Writer writer;
  writer.put_in_flight();
  writer.pay(1);
  writer.pay(2, 11);  // the same attempt, another amount
  writer.sequencer->turn();
  BOOST_TEST(writer.answers.empty());
  writer.land();
  writer.sequencer->turn();
  BOOST_REQUIRE_EQUAL(writer.answers.size(), 4U);
  BOOST_TEST(writer.answers[2].repeated);
  BOOST_TEST((writer.answers[2].reply == writer.answers[0].reply));
  BOOST_TEST((writer.answers[2].receipt == writer.answers[0].receipt));
  BOOST_TEST((refusal_of(writer.answers[3]) == Refusal::attempt_must_have_same_content));
  BOOST_TEST(writer.log().batches.size() == 1U);  // a twin writes nothing
  BOOST_TEST(writer.memory_equals_log());
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_what_was_decided_on_top_too) {
  Writer writer;
  const State before = writer.sequencer->state();
  writer.put_in_flight();
  writer.pay(3);
  writer.pay(1);                               // the twin of a write that fails
  writer.submit(VoidPurchase{till, {9'999}});  // refused from a state that is never written
  writer.sequencer->turn();
  writer.log().fail = Appended::disk_full;
  writer.land();
  writer.sequencer->turn();
  BOOST_REQUIRE_EQUAL(writer.answers.size(), 5U);
  for (const Answer& answer : writer.answers) {
    // What may use the reserve was decided again, from what is true.
    const bool again = answer.fault == Answer::Fault::none;
    BOOST_TEST((again ? refusal_of(answer) == Refusal::purchase_must_be_known
                      : answer.fault == Answer::Fault::disk_full));
  }
  BOOST_TEST(std::ranges::count(writer.answers, Answer::Fault::none, &Answer::fault) == 1);
  BOOST_TEST((writer.sequencer->state() == before));
  writer.log().fail = Appended::committed;
  writer.answers.clear();
  for (std::uint64_t number = 1; number <= 100; ++number) writer.pay(number, 1);
  writer.drain();
  BOOST_REQUIRE_EQUAL(writer.answers.size(), 100U);
  for (const Answer& answer : writer.answers) {
    BOOST_TEST((answer.fault == Answer::Fault::none));
    BOOST_TEST(!answer.repeated);
  }
  BOOST_TEST(writer.memory_equals_log());
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_stops_what_was_decided_on_top_too) {
  for (const Appended outcome : {Appended::unknown, Appended::fenced}) {
    Writer writer;
    writer.put_in_flight();
    writer.pay(3);
    writer.sequencer->turn();
    writer.log().fail = outcome;
    writer.land();
    BOOST_CHECK_THROW(writer.sequencer->turn(), Broken);
    BOOST_REQUIRE_EQUAL(writer.answers.size(), 3U);
    for (const Answer& answer : writer.answers)
      BOOST_TEST((answer.fault == Answer::Fault::stopped));
    BOOST_TEST(writer.heard.told == 0U);
    BOOST_TEST(writer.log().batches.size() == 1U);  // nothing is written on top of it
  }
}

BOOST_AUTO_TEST_CASE(what_was_in_flight_is_told_as_it_went_when_the_log_cannot_be_read) {
  Writer writer;
  writer.put_in_flight();
  writer.land();
  writer.sequencer->turn();
  writer.answers.clear();
  writer.pay(3);
  writer.pay(4);
  writer.sequencer->turn();  // 3 and 4 are in flight
  writer.log().tamper = [](std::vector<StoredEntry>& entries) { entries.at(0).payload = "rot"; };
  writer.pay(5);
  writer.pay(1);  // its stored answer is what cannot be read
  std::thread disk([&] { writer.land(); });
  BOOST_CHECK_THROW(writer.sequencer->turn(), Broken);
  disk.join();
  BOOST_REQUIRE_EQUAL(writer.answers.size(), 4U);
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_TEST((writer.answers[i].fault == Answer::Fault::none));
    BOOST_TEST((writer.answers[i + 2].fault == Answer::Fault::stopped));
  }
  writer.log().tamper = nullptr;
}

BOOST_AUTO_TEST_CASE(a_question_sees_only_what_is_durable) {
  Writer writer;
  writer.put_in_flight();
  writer.pay(3);
  writer.sequencer->turn();
  bool was_asked = false;
  writer.ask([&](const State& state, const Receipt& head) {
    was_asked = true;
    BOOST_TEST((state.position == head.position));
    BOOST_TEST((head == writer.sequencer->durable()));
    BOOST_TEST(state.position.value == writer.log().log.read({1}, SIZE_MAX).size());
  });
  writer.pay(4);
  BOOST_TEST(!writer.sequencer->turn());  // the question goes before it
  BOOST_TEST(!was_asked);
  writer.land();
  writer.sequencer->turn();
  BOOST_TEST(!was_asked);
  writer.land();
  writer.sequencer->turn();
  BOOST_TEST(was_asked);
  writer.drain();
  BOOST_TEST(writer.answers.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_stop_finishes_what_was_decided) {
  Writer writer;
  writer.put_in_flight();
  writer.pay(3);
  writer.sequencer->turn();
  writer.pay(4);  // not decided yet
  std::thread disk([&] {
    writer.land();
    writer.land();
  });
  writer.sequencer->finish();
  disk.join();
  BOOST_REQUIRE_EQUAL(writer.answers.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((writer.answers[i].fault == Answer::Fault::none));
  BOOST_TEST((writer.answers[3].fault == Answer::Fault::stopped));
  BOOST_TEST(writer.memory_equals_log());
}

// However the disk's pace falls between the decisions, the log is the one that steps write.
BOOST_AUTO_TEST_CASE(the_pace_of_the_disk_changes_no_decision) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto live = [&](bool pipelined) {
      Writer writer(4);
      Dice dice(seed);
      Dice pace(seed + 1'000);
      for (int i = 0; i < 60; ++i) {
        const Command command = anything(dice, 4, writer.clock().now(), 40);
        const std::uint64_t number = dice.roll(40);
        writer.submit(command, attempt_at(till, number));
        if (pipelined && pace.roll(8) != 0) {
          if (pace.roll(3) == 0) writer.open_gate_once();
          writer.sequencer->turn();
        } else {
          writer.drain();
        }
      }
      writer.drain();
      BOOST_TEST(writer.answers.size() == 60U);
      BOOST_TEST(writer.memory_equals_log());
      return writer.log().log.read({1}, SIZE_MAX);
    };
    BOOST_TEST_CONTEXT("seed " << seed) { BOOST_TEST((live(false) == live(true))); }
  }
}

// Whoever was answered is in the log; whoever was not may ask again and is decided once.
BOOST_AUTO_TEST_CASE(a_cut_with_one_batch_in_flight_and_one_on_top_loses_and_doubles_nothing) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Writer writer;
      Dice dice(seed);
      const std::uint64_t cut_at = 5 + dice.roll(30);
      std::uint64_t asked_for = 0;
      const auto live = [&] {
        for (;;) {
          if (asked_for == cut_at) {
            writer.cut_log.written = seed % 2 == 0;
            writer.cut_log.cut = true;
          }
          writer.pay(++asked_for, 1);
          if (dice.roll(3) == 0) writer.open_gate_once();
          if (dice.roll(4) != 0) writer.sequencer->turn();
          if (asked_for > cut_at + 20) writer.drain();
        }
      };
      BOOST_CHECK_THROW(live(), Broken);
      writer.log().fail = Appended::committed;
      BOOST_TEST(writer.answers.size() == asked_for);
      for (const Answer& answer : writer.answers) {
        if (answer.fault != Answer::Fault::none) continue;
        const auto stored = stored_at(writer.log(), answer.receipt.position);
        BOOST_REQUIRE(stored.has_value());
        BOOST_TEST((stored->chain == answer.receipt.chain));
      }
      writer.log().before_append = nullptr;
      writer.town().open();
      for (std::uint64_t number = 1; number <= asked_for; ++number) {
        const Pay again{till, seen({1}, till, writer.clock().now()), yen(1), {}};
        BOOST_TEST(
            (writer.town().ask(again, attempt_at(till, number)).fault == Answer::Fault::none));
      }
      std::uint64_t paid = 0;
      const Folded end =
          fold(writer.log(), {}, std::nullopt, [&](const Record& record, const Digest&) {
            paid += std::holds_alternative<Paid>(record.reply) ? 1U : 0U;
          });
      BOOST_TEST(paid == asked_for);
      BOOST_TEST((end.state == writer.town().ledger().state()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
