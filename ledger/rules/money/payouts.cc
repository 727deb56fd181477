#include "ledger/rules/money/payouts.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "ledger/model/limits.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

constexpr std::int64_t transfer_minor_max = 9'999'999'999;  // ten digits

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Payout& at(Payouts& payouts, PayoutId id) {
  const auto found = payouts.all.find(id);
  assert(found != payouts.all.end());
  return found->second;
}

// Every payout due and free, one currency, and exactly the total.
Outcome<void> must_make_the_total(const Payouts& payouts, const ProducePayoutFile& command) {
  std::int64_t sum = 0;
  for (const PayoutId id : command.payouts) {
    const Payout* payout = find(payouts, id);
    if (payout == nullptr) return std::unexpected(Refusal::payout_must_be_known);
    if (payout->state != PayoutState::instructed || payout->day > command.day)
      return std::unexpected(Refusal::payout_must_be_under_way);
    if (payout->amount.currency != command.total.currency)
      return std::unexpected(Refusal::currency_must_match);
    if (payout->amount.minor > transfer_minor_max)
      return std::unexpected(Refusal::payouts_must_make_the_total);
    sum += payout->amount.minor;
  }
  if (sum != command.total.minor) return std::unexpected(Refusal::payouts_must_make_the_total);
  return {};
}

bool is_rising(const std::vector<PayoutId>& payouts) {
  return std::ranges::adjacent_find(payouts, std::greater_equal<>()) == payouts.end();
}

Outcome<void> must_be_a_list(const std::vector<PayoutId>& payouts) {
  if (payouts.empty() || payouts.size() > payouts_in_file_max || !is_rising(payouts))
    return std::unexpected(Refusal::list_must_fit);
  return {};
}

// A bank takes no file for yesterday, nor for a day on which it does not work.
Outcome<void> must_be_business_day(const SettlementView& view, std::int64_t day, Instant now) {
  const CalendarVersion version = calendar_at(view.settlement.terms, now);
  const auto policy = policy_in_force(view.parties);
  if (!policy) return std::unexpected(policy.error());
  const std::int64_t today = day_number(now, (*policy)->day_offset, {});
  const Holidays none;
  const Holidays& holidays =
      version.value == 0 ? none : calendar(view.settlement.terms, version).holidays;
  if (day < today || day > today + 366 || !is_business_day(day, holidays))
    return std::unexpected(Refusal::payout_date_must_be_business_day);
  return {};
}

// The same file, as far as its name, day, account and bytes say.
Decision answer_again(const PayoutFile& known, const ProducePayoutFile& command) {
  const bool same =
      known.digest == command.digest && known.day == command.day && known.bank == command.bank;
  if (!same) return refuse(Refusal::payout_file_must_be_the_same);
  return {{}, Registered{known.id.value}};
}

}  // namespace

const Payout* find(const Payouts& payouts, PayoutId id) {
  const auto found = payouts.all.find(id);
  return found == payouts.all.end() ? nullptr : &found->second;
}

Decision decide(const SettlementView& view, const ProducePayoutFile& command,
                const Moment& moment) {
  if (auto may_make = must_be_processor(view.parties, command.by); !may_make)
    return refuse(may_make.error());
  if (!is_valid_code(command.code)) return refuse(Refusal::code_must_be_valid);
  const Payouts& payouts = view.settlement.payouts;
  const auto known = payouts.files.find(command.code);
  if (known != payouts.files.end()) return answer_again(known->second, command);
  if (!view.settlement.terms.own.contains(command.bank))
    return refuse(Refusal::bank_account_must_be_set);
  if (auto list = must_be_a_list(command.payouts); !list) return refuse(list.error());
  if (auto day = must_be_business_day(view, command.day, moment.now); !day)
    return refuse(day.error());
  if (auto total = must_make_the_total(payouts, command); !total) return refuse(total.error());
  // From here on it succeeds.
  const PayoutFileId id{moment.position.value};
  return {{PayoutFileProduced{id, command.code, command.bank, command.day, command.total,
                              command.payouts, command.digest}},
          Registered{id.value}};
}

Decision decide(const SettlementView& view, const RejectPayout& command, const Moment&) {
  if (auto may_reject = must_be_processor(view.parties, command.by); !may_reject)
    return refuse(may_reject.error());
  const Payout* payout = find(view.settlement.payouts, command.payout);
  if (payout == nullptr) return refuse(Refusal::payout_must_be_known);
  if (payout->state != PayoutState::instructed && payout->state != PayoutState::in_file)
    return refuse(Refusal::payout_must_be_under_way);
  auto posted = make_posting(
      view.book, PostingReason::payout_rejected,
      {{in_transit_to(payout->payee, payout->amount.currency), Side::debit, payout->amount.minor},
       {payable_to(payout->payee, payout->amount.currency), Side::credit, payout->amount.minor}});
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{PayoutRejected{command.payout}, std::move(*posted)};
  std::ranges::move(settled_after_payout(view.settlement.windows, payout->window),
                    std::back_inserter(events));
  return {std::move(events), Done{}};
}

Outcome<Posted> post_confirmed(const Book& book, const Payout& payout, const Account& from) {
  const Money amount = payout.amount;
  return make_posting(book, PostingReason::payout_confirmed,
                      {{in_transit_to(payout.payee, amount.currency), Side::debit, amount.minor},
                       {from, Side::credit, amount.minor}});
}

Outcome<Posted> post_returned(const Book& book, const Payout& payout, const Account& from) {
  const Money amount = payout.amount;
  return make_posting(book, PostingReason::payout_returned,
                      {{from, Side::debit, amount.minor},
                       {payable_to(payout.payee, amount.currency), Side::credit, amount.minor}});
}

void apply(Payouts& payouts, const PayoutInstructed& event) {
  payouts.all.emplace_hint(payouts.all.end(), event.payout,
                           Payout{event.window,
                                  event.payee,
                                  event.amount,
                                  event.account,
                                  event.reference,
                                  event.due_day,
                                  {},
                                  PayoutState::instructed});
  [[maybe_unused]] const bool is_new =
      payouts.references.emplace(event.reference, event.payout).second;
  assert(is_new);
  payouts.instructed.insert(event.payout);
}

void apply(Payouts& payouts, const PayoutMigrated& event) {
  payouts.all.emplace(event.payout, Payout{{},
                                           event.payee,
                                           event.amount,
                                           event.account,
                                           event.reference,
                                           event.day,
                                           event.bank,
                                           PayoutState::in_file});
  payouts.references.emplace(event.reference, event.payout);
  payouts.in_file.insert({event.amount.minor, event.payout});
}

void apply(Payouts& payouts, const PayoutFileProduced& event) {
  payouts.files.emplace(event.code, PayoutFile{event.file, event.bank, event.day, event.digest});
  for (const PayoutId id : event.payouts) {
    Payout& payout = at(payouts, id);
    assert(payout.state == PayoutState::instructed);
    payout.state = PayoutState::in_file;
    payout.day = event.day;
    payout.bank = event.bank;
    payouts.instructed.erase(id);
    payouts.in_file.insert({payout.amount.minor, id});
  }
}

// From here on no other statement speaks of it.
void apply(Payouts& payouts, const StatementImported& event) {
  for (const ImportedEntry& entry : event.entries) {
    if (!entry.payout) continue;
    Payout& payout = at(payouts, *entry.payout);
    const AmountOf amount{payout.amount.minor, *entry.payout};
    payouts.in_file.erase(amount);
    payouts.confirmed.erase(amount);
    payout.state = entry.minor < 0 ? PayoutState::matched : PayoutState::coming_back;
  }
}

void apply(Payouts& payouts, const PayoutConfirmed& event) {
  Payout& payout = at(payouts, event.payout);
  const AmountOf amount{payout.amount.minor, event.payout};
  payouts.in_file.erase(amount);
  // A later line of the same statement may have brought it back already.
  if (payout.state == PayoutState::coming_back) return;
  payout.state = PayoutState::confirmed;
  payouts.confirmed.insert(amount);
}

void apply(Payouts& payouts, const PayoutReturned& event) {
  Payout& payout = at(payouts, event.payout);
  payouts.confirmed.erase({payout.amount.minor, event.payout});
  payout.state = PayoutState::returned;
}

void apply(Payouts& payouts, const PayoutRejected& event) {
  Payout& payout = at(payouts, event.payout);
  payouts.instructed.erase(event.payout);
  payouts.in_file.erase({payout.amount.minor, event.payout});
  payout.state = PayoutState::rejected;
}

}  // namespace obverse
