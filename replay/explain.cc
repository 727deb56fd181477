#include "replay/explain.h"

#include <fmt/format.h>

#include "ledger/engine/fold.h"
#include "replay/story.h"
#include "replay/words.h"

namespace obverse {
namespace {

void tell(const Record& record, const State& after, std::ostream& out) {
  out << fmt::format("#{}  {}  at {}\n", record.position.value, in_words(record.recorded_at, after),
                     in_words(record.actor, after));
  for (const Event& event : record.events) out << "      " << in_words(event, after) << '\n';
  out << "   -> answered: " << in_words(record.reply) << '\n';
}

// Folds by hand, since a record is told with the state right after it.
class Teller {
 public:
  Teller(const Question& question, std::ostream& out) : question_(question), out_(out) {}

  void hear(const Record& record) {
    apply(state_, record);
    const auto people = story_.people_of(record);
    const bool asked = question_.position ? record.position == *question_.position
                                          : question_.rider && people.contains(*question_.rider);
    if (!asked) return;
    tell(record, state_, out_);
    ++told_;
  }
  std::size_t told() const { return told_; }
  const State& state() const { return state_; }

 private:
  const Question& question_;
  std::ostream& out_;
  State state_;
  Story story_;
  std::size_t told_ = 0;
};

void tell_balances(RiderId rider, const State& state, std::ostream& out) {
  for (const auto& [account, turnover] : state.book.accounts)
    if (account.owner == rider.value &&
        (account.chart == Chart::wallet || account.chart == Chart::rider_debt))
      out << fmt::format("Now: {} {}\n", name(account.chart),
                         text(Money{balance(state.book, account), account.currency}));
}

}  // namespace

std::size_t explain(const EventLog& log, const Question& question, std::ostream& out) {
  Teller teller(question, out);
  fold(log, {}, question.position,
       [&](const Record& record, const Digest&) { teller.hear(record); });
  if (question.rider && teller.told() > 0) tell_balances(*question.rider, teller.state(), out);
  return teller.told();
}

}  // namespace obverse
