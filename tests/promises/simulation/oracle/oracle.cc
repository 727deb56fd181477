#include "tests/promises/simulation/oracle/oracle.h"

#include <cassert>
#include <deque>

#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

// Nobody was identified, or two desks raced: the same attempt may be tried again.
bool is_forgotten(const Reply& reply) {
  static const std::set<Refusal> forgotten{Refusal::capture_must_be_live,
                                           Refusal::capture_must_be_clear,
                                           Refusal::capture_must_have_quality,
                                           Refusal::recognition_must_be_present,
                                           Refusal::recognition_must_reach_threshold,
                                           Refusal::recognition_must_be_unambiguous,
                                           Refusal::nobody_recognised,
                                           Refusal::probe_must_be_valid,
                                           Refusal::face_version_must_be_next};
  const auto* refused = std::get_if<Refused>(&reply);
  return refused != nullptr && forgotten.contains(refused->refusal);
}

std::string words(const Effects& effects) {
  std::string out;
  for (const auto& [what, much] : effects)
    out += (out.empty() ? "" : ", ") + what + " " + std::to_string(much);
  return out.empty() ? "nothing" : out;
}

struct Says {
  std::string operator()(const Refused& r) const {
    return "refused " + std::string(explain(r.refusal).name) +
           (r.step_up ? " (step-up " + std::to_string(r.step_up->value) + ")" : "");
  }
  std::string operator()(const Done&) const { return "done"; }
  std::string operator()(const Registered& r) const { return "registered " + std::to_string(r.id); }
  std::string operator()(const Enrolled& r) const {
    return "enrolled version " + std::to_string(r.face.value);
  }
  std::string operator()(const Erased& r) const { return r.deferred ? "erased later" : "erased"; }
  std::string operator()(const Loaded& r) const { return "loaded, balance " + text(r.balance); }
  std::string operator()(const Entered& r) const {
    return "entered " + std::to_string(r.journey.value) + ", available " + text(r.available);
  }
  std::string operator()(const Left& r) const {
    return "left " + std::to_string(r.journey.value) + ", fare " + text(r.fare) + ", balance " +
           text(r.balance);
  }
  std::string operator()(const Corrected& r) const {
    return "corrected from " + text(r.from) + " to " + text(r.to);
  }
  std::string operator()(const Paid& r) const {
    return "paid " + std::to_string(r.purchase.value) + ", " + text(r.amount) + ", balance " +
           text(r.balance);
  }
  std::string operator()(const Authorised& r) const {
    return "authorised " + std::to_string(r.purchase.value) + ", " + text(r.amount) + ", until " +
           std::to_string(r.expires.ms);
  }
  std::string operator()(const Voided& r) const {
    return "voided " + std::to_string(r.purchase.value);
  }
  std::string operator()(const Reversed& r) const {
    return "reversed " + (r.purchase ? std::to_string(r.purchase->value) : "early") + ", " +
           text(r.amount);
  }
  std::string operator()(const Refunded& r) const {
    return "refunded " + std::to_string(r.purchase.value) + ", " + text(r.amount);
  }
};
std::string words(const Reply& reply) {
  return std::visit(
      [](const auto& each) -> std::string {
        if constexpr (requires { Says{}(each); })
          return Says{}(each);
        else
          throw std::logic_error("the oracle has no words for a reply that it never expects");
      },
      reply);
}

std::string words(const Expected& expected) {
  std::string out;
  if (expected.answer) out = words(*expected.answer);
  for (const Refusal refusal : expected.refusals)
    out += std::string(out.empty() ? "" : " or ") + "refused " + std::string(explain(refusal).name);
  return out;
}

bool may_be(const Expected& expected, const Reply& reply) {
  const auto* refused = std::get_if<Refused>(&reply);
  if (refused == nullptr) return expected.answer == reply;
  const bool names_step_up = refused->refusal == Refusal::step_up_must_be_done;
  const std::optional<StepUpId> step_up =
      names_step_up && expected.step_up ? std::optional(StepUpId{*expected.step_up}) : std::nullopt;
  return expected.refusals.contains(refused->refusal) && refused->step_up == step_up;
}

struct Judgement {
  std::string difference;
  std::string open;  // the kind and what it may be, where that is more than one answer
};

// What was asked of one set of books, and what came of it.
class Judge {
 public:
  Judge(Books& books, const Asked& asked, const Reply& reply, const std::optional<Record>& record,
        std::uint64_t next)
      : books_(books), asked_(asked), reply_(reply), record_(record), next_(next) {}

  Judgement give() {
    books_.effects.clear();
    if (asked_.attempt && books_.answered.contains(*asked_.attempt) &&
        !books_.broken("retries_are_decided_anew"))
      return {again(books_.answered.at(*asked_.attempt)), ""};
    const std::uint64_t position = record_ ? record_->position.value : next_;
    const Expected expected = expect(books_, {asked_.command, asked_.at, position, asked_.attempt});
    const bool agreed = may_be(expected, reply_);
    follow(expected, agreed ? reply_ : first_of(expected));
    const std::string wrong = agreed ? about_record() : "";
    remember();
    const bool is_open = expected.refusals.size() + (expected.answer ? 1 : 0) > 1;
    const std::string open = is_open ? kind_of(asked_.command) + ": " + words(expected) : "";
    if (!agreed) return {differs(words(expected), words(reply_)), open};
    return {wrong, open};
  }

 private:
  std::string differs(const std::string& expected, const std::string& was) const {
    return kind_of(asked_.command) + ": expected " + expected + ", but was " + was;
  }
  Reply first_of(const Expected& expected) const {
    if (expected.answer) return *expected.answer;
    return Refused{*expected.refusals.begin(), std::nullopt};
  }
  void follow(const Expected& expected, const Reply& reply) {
    const auto* refused = std::get_if<Refused>(&reply);
    if (refused == nullptr && expected.then) expected.then(books_);
    if (refused != nullptr && expected.otherwise) expected.otherwise(books_, refused->refusal);
  }
  // The first answer for the same wish, a conflict for another; nothing new either way.
  std::string again(const Answered& before) const {
    if (record_) return differs("no second record of this attempt", "a record");
    const bool same = before.wish == wish_of(asked_.command);
    const Reply expected =
        same ? before.reply : Reply(Refused{Refusal::attempt_must_have_same_content, std::nullopt});
    return expected == reply_ ? "" : differs(words(expected), words(reply_));
  }
  std::string about_record() const {
    // What changes nothing is kept only where its answer must be given again.
    const bool must = !books_.effects.empty() || (asked_.attempt && !is_forgotten(reply_));
    if (!record_) return must ? differs(words(reply_) + " with a record", "one without") : "";
    if (record_->position.value != next_)
      return differs("the next position, " + std::to_string(next_),
                     std::to_string(record_->position.value));
    if (record_->reply != reply_)
      return differs("the reply of the record, " + words(record_->reply), words(reply_));
    if (record_->attempt != asked_.attempt || record_->recorded_at != asked_.at)
      return differs("a record of this attempt and time", "another");
    const Effects was = effects_of(record_->events);
    if (was == books_.effects) return "";
    return differs(words(reply_) + " with " + words(books_.effects), words(was));
  }
  void remember() {
    if (asked_.attempt && record_ && !is_forgotten(reply_))
      books_.answered[*asked_.attempt] = {wish_of(asked_.command), reply_};
  }

  Books& books_;
  const Asked& asked_;
  const Reply& reply_;
  const std::optional<Record>& record_;
  std::uint64_t next_;
};

}  // namespace

Expected refuse(Refusal refusal) {
  Expected expected;
  expected.refusals = {refusal};
  return expected;
}

Expected refuse(const Trouble& trouble) {
  Expected expected;
  expected.refusals = trouble.first();
  return expected;
}

Expected agree(Reply reply, std::function<void(Books&)> then) {
  Expected expected;
  expected.answer = std::move(reply);
  expected.then = std::move(then);
  return expected;
}

// A command that it has no opinion of is none that a life may hold.
Expected expect(const Books& books, const Case& at) {
  return std::visit(
      [&](const auto& asked) -> Expected {
        if constexpr (requires { expect(books, at, asked); })
          return expect(books, at, asked);
        else
          throw std::logic_error("the oracle has no opinion of " + kind_of(at.command));
      },
      at.command);
}

struct Oracle::Memory {
  struct Heard {
    Asked asked;
    Reply reply;
    std::optional<Record> record;
  };
  Books now;
  Books safe;               // as of what is durable
  std::deque<Heard> heard;  // since then; only what left a record changes anything
  bool rewinds = true;
  std::uint64_t last = 0, last_safe = 0;
  std::uint64_t judged = 0, open = 0;
  std::map<std::string, std::uint64_t> open_by_kind;
};

Oracle::Oracle(const std::string& mutant) : memory_(std::make_unique<Memory>()) {
  memory_->now.mutant = mutant;
  memory_->safe.mutant = mutant;
}
Oracle::~Oracle() = default;

const std::vector<std::string>& Oracle::mutants() {
  static const std::vector<std::string> all{"holds_ignored",
                                            "consent_ignored",
                                            "threshold_ignored",
                                            "ambiguity_ignored",
                                            "binding_ignored",
                                            "freshness_ignored",
                                            "suspension_ignored",
                                            "versions_ignored",
                                            "pin_never_locks",
                                            "face_never_locks",
                                            "failures_add_up_for_ever",
                                            "revocation_ignored",
                                            "guardian_ignored",
                                            "erasure_at_once",
                                            "surcharge_ignored",
                                            "section_ends_exclusive",
                                            "children_pay_as_adults",
                                            "missed_exit_is_free",
                                            "pass_back_ignored",
                                            "travel_time_ignored",
                                            "tariff_of_exit",
                                            "same_station_is_charged",
                                            "corrections_start_from_the_maximum",
                                            "step_up_is_not_bound",
                                            "purchase_limit_ignored",
                                            "day_limit_ignored",
                                            "early_reversals_forgotten",
                                            "reversals_keep_the_money",
                                            "refunds_without_limit",
                                            "given_back_still_counts",
                                            "debts_are_not_recovered",
                                            "retries_are_decided_anew",
                                            "late_corrections"};
  return all;
}

std::string Oracle::judge(const Asked& asked, const Reply& reply,
                          const std::optional<Record>& record) {
  Memory& m = *memory_;
  const Judgement judgement = Judge(m.now, asked, reply, record, m.last + 1).give();
  ++m.judged;
  if (!judgement.open.empty()) ++m.open;
  if (!judgement.open.empty()) ++m.open_by_kind[judgement.open];
  if (record) {
    m.last = record->position.value;
    if (m.rewinds) m.heard.push_back({asked, reply, record});
  }
  return judgement.difference;
}

void Oracle::never_rewinds() { memory_->rewinds = false; }

void Oracle::durable_to(Position position) {
  Memory& m = *memory_;
  while (!m.heard.empty() && m.heard.front().record->position <= position) {
    const Memory::Heard& one = m.heard.front();
    Judge(m.safe, one.asked, one.reply, one.record, m.last_safe + 1).give();
    m.last_safe = one.record->position.value;
    m.heard.pop_front();
  }
}

void Oracle::rewind_to(Position position) {
  Memory& m = *memory_;
  assert(m.rewinds && position.value >= m.last_safe);
  while (!m.heard.empty() && m.heard.back().record->position > position) m.heard.pop_back();
  m.now = m.safe;
  m.last = m.last_safe;
  for (const Memory::Heard& one : m.heard) {
    Judge(m.now, one.asked, one.reply, one.record, m.last + 1).give();
    m.last = one.record->position.value;
  }
}

std::map<std::string, std::int64_t> Oracle::balances() const {
  std::map<std::string, std::int64_t> out;
  for (const auto& [account, balance] : memory_->now.balances)
    if (balance != 0) out[text(account)] = balance;
  return out;
}

std::set<RiderId> Oracle::matchable() const {
  std::set<RiderId> out;
  for (const auto& [rider, who] : memory_->now.people)
    if (who.has_face && !who.suspended && !who.face_locked) out.insert(rider);
  return out;
}

std::uint64_t Oracle::open_holds() const { return memory_->now.holds.size(); }

std::uint64_t Oracle::open_journeys() const { return memory_->now.open_rides.size(); }

std::uint64_t Oracle::judged() const { return memory_->judged; }
std::uint64_t Oracle::left_open() const { return memory_->open; }
std::map<std::string, std::uint64_t> Oracle::left_open_by_kind() const {
  return memory_->open_by_kind;
}

}  // namespace obverse::oracle
