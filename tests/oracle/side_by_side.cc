#include "tests/oracle/side_by_side.h"

#include <utility>

#include "ledger/rules/machine.h"

namespace obverse::oracle {

SideBySide::SideBySide(const std::string& mutant) : oracle(mutant) {
  oracle.never_rewinds();
  start();
}

void SideBySide::start() {
  Ledger::Settings settings;
  settings.snapshot_every = 0;
  ledger_ = std::make_unique<Ledger>(log_, clock_, settings);
  ledger_->follow(*this);
}

void SideBySide::restart() {
  ledger_.reset();
  start();
}

void SideBySide::found(Life& life) {
  for (const Command& command : life.founding()) ask(life, {std::nullopt, command});
}

void SideBySide::pass(Life& life) {
  clock_.advance(life.pause());
  ask(life, life.next(clock_.now()));
  compare();
}

void SideBySide::committed(std::span<const Record> records, const Receipt&) {
  records_.insert(records_.end(), records.begin(), records.end());
}

void SideBySide::differ(const std::string& how) {
  differences_.push_back("at " + std::to_string(ledger_->head().position.value) + ": " + how);
}

void SideBySide::judge(const Asked& asked, const Reply& reply,
                       const std::optional<Record>& record) {
  const std::string difference = oracle.judge(asked, reply, record);
  heard.push_back({asked, reply, record});
  if (!difference.empty()) differ(difference);
}

void SideBySide::ask(Life& life, const Said& said) {
  records_.clear();
  const Actor actor = said.attempt ? Actor{Actor::Kind::terminal, said.attempt->terminal} : Actor{};
  std::optional<Answer> answer;
  ledger_->submit({actor, said.attempt, clock_.now(), said.command, std::nullopt},
                  [&](const Answer& given) { answer = given; });
  while (!answer) ledger_->step();
  std::optional<Record> own;
  for (const Record& record : records_) {
    const auto timer = timer_of(record);
    const bool is_own = answer->receipt.position == record.position &&
                        record.attempt == said.attempt && record.reply == answer->reply &&
                        (!timer || timer->index() == said.command.index());
    const bool is_timer = timer && !is_own;
    if (is_timer)
      judge({record.actor, {}, record.occurred_at, record.recorded_at, *timer}, record.reply,
            record);
    else
      own = record;
  }
  judge({actor, said.attempt, clock_.now(), answer->at, said.command}, answer->reply, own);
  life.heard(said, answer->reply, own);
  const auto* refused = std::get_if<Refused>(&answer->reply);
  if (refused == nullptr) ++approved;
  const std::string kind =
      refused ? std::string(explain(refused->refusal).name) : std::string("agreed");
  ++answers[std::to_string(said.command.index()) + " " + kind];
}

void SideBySide::compare() {
  const State& state = ledger_->state();
  std::map<std::string, std::int64_t> theirs;
  for (const auto& [account, turnover] : state.book.accounts) {
    const std::int64_t debits = turnover.debits - turnover.credits;
    const std::int64_t balance = normal_side(account.chart) == Side::debit ? debits : -debits;
    if (balance != 0) theirs[text(account)] = balance;
  }
  const bool same = theirs == oracle.balances() && state.holds.open.size() == oracle.open_holds() &&
                    state.journeys.open.size() == oracle.open_journeys();
  if (!same && !std::exchange(books_differ_, true))
    differ("the balances differ, or what is open does");
}

}  // namespace obverse::oracle
