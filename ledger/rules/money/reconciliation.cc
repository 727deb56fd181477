#include "ledger/rules/money/reconciliation.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "ledger/model/limits.h"
#include "ledger/rules/money/matching.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

void append(Events& events, Events more) { std::ranges::move(more, std::back_inserter(events)); }

bool is_fit(const StatementEntry& entry) {
  return entry.minor != 0 && entry.minor >= -amount_minor_max && entry.minor <= amount_minor_max &&
         is_valid(entry.reference) && is_valid(entry.name);
}

// Checked sums throughout: a bank's file is bytes from outside.
Outcome<void> must_add_up(const ImportStatement& command) {
  const Currency currency = command.opening.currency;
  if (!currency_of(static_cast<std::uint16_t>(currency)) || command.closing.currency != currency)
    return std::unexpected(Refusal::currency_must_match);
  if (command.entries.size() > statement_entries_max)
    return std::unexpected(Refusal::list_must_fit);
  if (!std::ranges::all_of(command.entries, is_fit))
    return std::unexpected(Refusal::statement_must_add_up);
  std::optional<std::int64_t> sum = command.opening.minor;
  for (const StatementEntry& entry : command.entries) {
    sum = add(*sum, entry.minor);
    if (!sum) return std::unexpected(Refusal::statement_must_add_up);
  }
  if (*sum != command.closing.minor) return std::unexpected(Refusal::statement_must_add_up);
  return {};
}

Account suspense(BankId bank, Currency currency) { return {Chart::suspense, bank.value, currency}; }

// Money in is a debit of the bank.
Outcome<Posted> post_unmatched(const Book& book, BankId bank, Money amount) {
  const bool in = amount.minor > 0;
  const std::int64_t minor = in ? amount.minor : -amount.minor;
  return make_posting(
      book, PostingReason::statement_entry_unmatched,
      {{bank_account(bank, amount.currency), in ? Side::debit : Side::credit, minor},
       {suspense(bank, amount.currency), in ? Side::credit : Side::debit, minor}});
}

// Confirmed, or come back. `side` stands for the bank's: its account, or the suspense that it was
// posted to.
Outcome<Events> end_payout(const SettlementView& view, PayoutId id, const Account& side, bool out) {
  const Payout& payout = *find(view.settlement.payouts, id);
  auto posted =
      out ? post_confirmed(view.book, payout, side) : post_returned(view.book, payout, side);
  if (!posted) return std::unexpected(posted.error());
  Events events;
  if (out)
    events.push_back(PayoutConfirmed{id});
  else
    events.push_back(PayoutReturned{id});
  events.push_back(std::move(*posted));
  if (out) append(events, settled_after_payout(view.settlement.windows, payout.window));
  return events;
}

// What may stand against something that only a person can explain.
bool may_explain(Chart chart) {
  switch (chart) {
    case Chart::load_in_transit:
    case Chart::scheme_receivable:
    case Chart::merchant_receivable:
    case Chart::operator_receivable:
    case Chart::merchant_payable:
    case Chart::operator_payable:
    case Chart::refund_payable:
    case Chart::scheme_payable:
    case Chart::scheme_fee:
    case Chart::bank_charge:
      return true;
    default:
      return false;
  }
}

bool has_owner(const Parties& parties, const Account& account) {
  const auto id = static_cast<std::uint32_t>(account.owner);
  if (id != account.owner) return false;
  if (account.chart == Chart::merchant_payable || account.chart == Chart::merchant_receivable)
    return find(parties, MerchantId{id}) != nullptr;
  if (account.chart == Chart::operator_payable || account.chart == Chart::operator_receivable)
    return find(parties, OperatorId{id}) != nullptr;
  return true;
}

Outcome<Events> explain_by_account(const SettlementView& view, const Break& open,
                                   const Account& against) {
  if (!may_explain(against.chart) || against.currency != open.amount.currency ||
      !has_owner(view.parties, against))
    return std::unexpected(Refusal::account_must_fit);
  const bool in = open.amount.minor > 0;
  const std::int64_t minor = in ? open.amount.minor : -open.amount.minor;
  auto posted = make_posting(
      view.book, PostingReason::break_resolved,
      {{suspense(open.bank, open.amount.currency), in ? Side::debit : Side::credit, minor},
       {against, in ? Side::credit : Side::debit, minor}});
  if (!posted) return std::unexpected(posted.error());
  return Events{std::move(*posted)};
}

Outcome<Events> explain_by_payout(const SettlementView& view, const Break& open, PayoutId id) {
  const Payout* payout = find(view.settlement.payouts, id);
  if (payout == nullptr) return std::unexpected(Refusal::payout_must_be_known);
  const bool out = open.amount.minor < 0;
  const Money amount{out ? -open.amount.minor : open.amount.minor, open.amount.currency};
  const PayoutState wanted = out ? PayoutState::in_file : PayoutState::confirmed;
  if (payout->state != wanted || payout->amount != amount || payout->bank != open.bank)
    return std::unexpected(Refusal::payout_must_be_under_way);
  return end_payout(view, id, suspense(open.bank, amount.currency), out);
}

}  // namespace

Decision decide(const SettlementView& view, const ImportStatement& command, const Moment& moment) {
  if (auto may_import = must_be_processor(view.parties, command.by); !may_import)
    return refuse(may_import.error());
  const Reconciliation& known = view.settlement.reconciliation;
  const auto before = known.imported.find({command.digest, command.part});
  if (before != known.imported.end()) return {{}, Registered{before->second.value}};
  if (auto sound = must_add_up(command); !sound) return refuse(sound.error());
  const Currency currency = command.opening.currency;
  const auto last = known.closing.find({command.bank, currency});
  if (last != known.closing.end() && last->second != command.opening.minor)
    return refuse(Refusal::statement_must_follow_the_last);
  // From here on it succeeds.
  const StatementId id{moment.position.value};
  return {{StatementImported{id, command.digest, command.part, command.bank, moment.now,
                             command.opening, command.closing,
                             match(view.settlement.payouts, view.settlement.terms, command.bank,
                                   currency, command.entries)}},
          Registered{id.value}};
}

Decision decide(const SettlementView& view, const PostStatementEntry& command,
                const Moment& moment) {
  const auto due = next_due(view.settlement.reconciliation);
  if (!due || due->statement != command.statement || moment.now < due->at)
    return refuse(Refusal::timer_must_be_due);
  const Posting& posting = view.settlement.reconciliation.posting.at(command.statement);
  const ImportedEntry& entry = posting.entries[posting.next];
  const StatementLine line{command.statement, posting.next};
  const AccountOf& account = posting.account;
  Events events;
  if (entry.payout) {
    auto ended = end_payout(view, *entry.payout, bank_account(account.bank, account.currency),
                            entry.minor < 0);
    if (!ended) return refuse(ended.error());
    events.push_back(StatementEntryMatched{line, *entry.payout, entry.key});
    append(events, std::move(*ended));
  } else {
    const Money amount{entry.minor, account.currency};
    auto posted = post_unmatched(view.book, account.bank, amount);
    if (!posted) return refuse(posted.error());
    events.push_back(StatementEntryUnmatched{line, account.bank, amount, entry.value_day});
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

Decision decide(const SettlementView& view, const ResolveBreak& command, const Moment&) {
  if (auto may_resolve = must_be_processor_or_desk(view.parties, command.by); !may_resolve)
    return refuse(may_resolve.error());
  const auto& breaks = view.settlement.reconciliation.breaks;
  const auto open = breaks.find(command.line);
  if (open == breaks.end()) return refuse(Refusal::break_must_be_open);
  auto explained = command.payout ? explain_by_payout(view, open->second, *command.payout)
                                  : explain_by_account(view, open->second, command.against);
  if (!explained) return refuse(explained.error());
  // From here on it succeeds.
  Events events{BreakResolved{command.line, command.payout}};
  append(events, std::move(*explained));
  return {std::move(events), Done{}};
}

std::optional<PostingDue> next_due(const Reconciliation& known) {
  if (known.posting.empty()) return std::nullopt;
  const auto& [id, posting] = *known.posting.begin();
  return PostingDue{posting.imported_at + Duration{settlement_pace.ms * posting.next}, id};
}

void apply(Reconciliation& known, const StatementImported& event) {
  known.imported.emplace(StatementPart{event.digest, event.part}, event.statement);
  const AccountOf account{event.bank, event.opening.currency};
  known.closing[account] = event.closing.minor;
  if (!event.entries.empty())
    known.posting.emplace(event.statement, Posting{account, event.at, event.entries, 0});
}

namespace {

void take_next(Reconciliation& known, const StatementLine& line) {
  const auto found = known.posting.find(line.statement);
  assert(found != known.posting.end() && found->second.next == line.entry);
  if (++found->second.next == found->second.entries.size()) known.posting.erase(found);
}

}  // namespace

void apply(Reconciliation& known, const StatementEntryMatched& event) {
  take_next(known, event.line);
}

void apply(Reconciliation& known, const StatementEntryUnmatched& event) {
  take_next(known, event.line);
  known.breaks.emplace(event.line, Break{event.bank, event.amount, event.value_day});
}

void apply(Reconciliation& known, const BreakResolved& event) { known.breaks.erase(event.line); }

}  // namespace obverse
