// The engine, watched from outside.
#include "tests/scenarios/house.h"

#include <boost/core/demangle.hpp>
#include <stdexcept>
#include <thread>
#include <typeinfo>
#include <utility>

namespace obverse::scenarios {
namespace {

constexpr Duration rail_is_asked_again = seconds(3);
constexpr Instant first_morning{1'748'700'000'000};  // 2025-05-31, before every scenario

Fact posted_fact(const Posted& posted, const House::NameOf& name) {
  Fact fact;
  fact.kind = Fact::Kind::post;
  fact.reason = obverse::name(posted.reason);
  for (const Entry& entry : posted.entries)
    fact.legs.push_back({name(entry.account), entry.side == Side::debit, entry.minor,
                         std::string(alphabetic(entry.account.currency))});
  return fact;
}

// Posts as they come, then what was freed, then what was newly held: a record is one moment.
class RecordFacts {
 public:
  RecordFacts(std::map<HoldId, std::int64_t>& open, const House::NameOf& name)
      : open_(open), name_(name) {}
  void operator()(const Posted& e) { posts_.push_back(posted_fact(e, name_)); }
  void operator()(const FundsReserved& e) {
    open_[e.hold] = e.amount.minor;
    Fact fact;
    fact.kind = Fact::Kind::hold;
    fact.id = std::to_string(e.hold.value);
    fact.account = name_(wallet_of(e.rider, e.amount.currency));
    fact.amount = e.amount.minor;
    holds_.push_back(fact);
  }
  void operator()(const HoldCaptured& e) { resolve(e.hold, e.amount); }
  void operator()(const HoldReleased& e) { resolve(e.hold, e.amount); }
  void operator()(const HoldExpired& e) { resolve(e.hold, e.amount); }
  void operator()(const auto&) {}

  std::vector<Fact> all() const {
    std::vector<Fact> out = posts_;
    out.insert(out.end(), unholds_.begin(), unholds_.end());
    out.insert(out.end(), holds_.begin(), holds_.end());
    return out;
  }

 private:
  void resolve(HoldId hold, Money amount) {
    if ((open_[hold] -= amount.minor) > 0) return;
    Fact fact;
    fact.kind = Fact::Kind::unhold;
    fact.id = std::to_string(hold.value);
    unholds_.push_back(fact);
  }
  std::map<HoldId, std::int64_t>& open_;
  const House::NameOf& name_;
  std::vector<Fact> posts_, unholds_, holds_;
};

Picture picture_of(const State& state, const House::NameOf& name) {
  Picture picture;
  for (const auto& [account, turnover] : state.book.accounts) {
    picture.balances[name(account)] = turnover.debits - turnover.credits;
    if (account.chart == Chart::wallet)
      picture.available[name(account)] =
          available(state.book, state.holds, {account.owner}, account.currency).minor;
  }
  return picture;
}

}  // namespace

House::House(const Searching& searching) : clock_(first_morning), faces_(searching) { restart(); }

void House::restart() {
  outbox_.reset();
  ledger_.reset();
  ledger_ = std::make_unique<Ledger>(log_, clock_);
  ledger_->follow(*this);
  outbox_ = std::make_unique<Outbox>(rail_, ledger_->state(), rail_is_asked_again);
  ledger_->follow(*outbox_);
}

void House::serve_rail() {
  for (;;) {
    outbox_->deliver(clock_.now());
    const auto answers = rail_.take_answers();
    if (answers.empty()) return;
    for (const TakeRailAnswer& answer : answers) {
      ledger_->submit({{}, std::nullopt, clock_.now(), answer, {}}, [](const Answer&) {});
      while (ledger_->step()) {
      }
    }
  }
}

Answer House::submit(Actor actor, std::optional<Attempt> attempt, Command command) {
  return submit_at_once(actor, attempt, std::move(command), 1).at(0);
}

std::vector<Answer> House::submit_at_once(Actor actor, std::optional<Attempt> attempt,
                                          Command command, std::size_t times) {
  std::vector<std::optional<Answer>> answers(times);
  std::vector<std::thread> callers;
  const Instant captured = std::exchange(captured_at_, std::nullopt).value_or(clock_.now());
  for (std::optional<Answer>& answer : answers)
    callers.emplace_back([&, asked = Asked{actor, attempt, captured, command, {}}]() mutable {
      ledger_->submit(std::move(asked), [&answer](const Answer& given) { answer = given; });
    });
  for (std::thread& caller : callers) caller.join();
  while (ledger_->step()) {
  }
  std::vector<Answer> out;
  for (const auto& answer : answers) {
    if (!answer) throw std::runtime_error("a command was not answered");
    if (answer->fault != Answer::Fault::none) throw std::runtime_error("the ledger did not decide");
    out.push_back(*answer);
  }
  serve_rail();
  return out;
}

void House::advance_to(Instant to) {
  if (to < clock_.now()) throw std::runtime_error("time does not run backwards");
  for (auto due = next_due(ledger_->state()); due && due->at <= to;
       due = next_due(ledger_->state())) {
    if (due->at > clock_.now()) clock_.set(due->at);
    const std::size_t before = records_.size();
    while (ledger_->step()) {
    }
    if (records_.size() == before) throw std::runtime_error("a timer that is due did not run");
    serve_rail();
  }
  clock_.set(to);
  serve_rail();
}

void House::committed(std::span<const Record> records, const Receipt&) {
  for (const Record& record : records) {
    records_.push_back(record);
    keep_gallery(record);
  }
}

void House::keep_gallery(const Record& record) {
  const auto show = [&](RiderId rider) {
    faces_.enrol(rider, enrolled_.at(rider), face_names_.at(rider), record.position);
  };
  for (const Event& event : record.events) {
    if (const auto* enrolled = std::get_if<FaceEnrolled>(&event)) {
      enrolled_[enrolled->rider] = enrolled->face;
      show(enrolled->rider);
    } else if (const auto* reinstated = std::get_if<FaceReinstated>(&event)) {
      show(reinstated->rider);
    } else if (const auto* suspended = std::get_if<FaceSuspended>(&event)) {
      faces_.hide(suspended->rider, record.position);
    } else if (const auto* locked = std::get_if<FaceLocked>(&event)) {
      faces_.hide(locked->rider, record.position);
    } else if (const auto* unlocked = std::get_if<FaceUnlocked>(&event)) {
      show(unlocked->rider);
    } else if (const auto* erased = std::get_if<FaceErased>(&event)) {
      faces_.forget(erased->rider, record.position);
    }
  }
  faces_.reached(record.position);
}

Course House::course(const NameOf& name) const {
  Course course;
  State fold;
  std::map<HoldId, std::int64_t> open;
  course.pictures.push_back(picture_of(fold, name));
  for (const Record& record : records_) {
    RecordFacts facts(open, name);
    for (const Event& event : record.events) std::visit(facts, event);
    apply(fold, record);
    course.pictures.push_back(picture_of(fold, name));
    for (Fact& fact : facts.all())
      course.seen.push_back({std::move(fact), course.pictures.size() - 1});
  }
  return course;
}

std::string name_of(const Event& event) {
  const std::string full =
      std::visit([](const auto& e) { return boost::core::demangle(typeid(e).name()); }, event);
  return full.substr(full.rfind(':') + 1);
}

}  // namespace obverse::scenarios
