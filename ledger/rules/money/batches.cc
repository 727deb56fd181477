#include "ledger/rules/money/batches.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>

#include "ledger/model/bank_text.h"
#include "ledger/model/limits.h"
#include "ledger/rules/money/rates.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// A batch while it is formed: the event, and what is still to be given out.
struct Forming {
  SettlementBatchFormed batch;
  Payee payee;
  std::int64_t left = 0;
  std::int64_t fees = 0;
  std::int64_t reserve = 0;
  std::optional<PayoutAccountId> account;
};

// Nothing, where a merchant has no schedule; operators need none.
std::optional<FeeScheduleVersion> schedule_for(const SettlementView& view, const Payee& payee,
                                               Instant cut_off) {
  const FeeScheduleVersion version =
      schedule_at(view.settlement.terms, payee.party, payee.currency, cut_off);
  if (version.value == 0 && payee.party.kind == Party::Kind::merchant) return std::nullopt;
  return version;
}

FeeSchedule rules_of(const SettlementView& view, FeeScheduleVersion version) {
  if (version.value == 0) return {};
  return view.settlement.terms.schedules[version.value - 1];
}

// The reserve is withheld of what is there: nobody is put into debt by it.
void charge(Forming& forming, const FeeSchedule& rules, const Takings& takings) {
  for (const auto& [tender, trade] : takings.trades) {
    const std::int64_t net = trade.sales - trade.refunds;
    const TenderFee rate = fee_of(rules, tender);
    const std::int64_t fee = part_of(net, rate.discount);
    forming.left += net - fee;
    forming.fees += fee;
    forming.batch.lines.push_back({tender, trade.sales, trade.refunds, fee, 0});
  }
  for (BatchLine& line : forming.batch.lines) {
    const std::int64_t net = std::max<std::int64_t>(line.sales - line.refunds, 0);
    const std::int64_t wanted = part_of(net, fee_of(rules, line.tender).reserve);
    line.reserve = std::min(wanted, std::max<std::int64_t>(forming.left, 0));
    forming.left -= line.reserve;
    forming.reserve += line.reserve;
  }
}

// Our own bank asks nothing for moving money within itself.
bool is_within_our_bank(const Terms& terms, PayoutAccountId account) {
  const auto own = terms.own.find(BankId{});
  return own != terms.own.end() && own->second.account.bank == terms.accounts.at(account).bank;
}

void pay_out(Forming& forming, const SettlementView& view, const FeeSchedule& rules, Instant now) {
  const Terms& terms = view.settlement.terms;
  forming.account = payout_account(terms, forming.payee.party, now);
  if (!forming.account) return;
  SettlementBatchFormed& batch = forming.batch;
  const bool free = is_within_our_bank(terms, *forming.account);
  const std::int64_t fee = free ? 0 : rules.payout_fee_minor;
  const std::int64_t tax = free ? 0 : rules.payout_tax_minor;
  const std::int64_t pays = forming.left - fee - tax;
  if (pays < std::max<std::int64_t>(rules.payout_minimum_minor, 1)) return;
  batch.payout_fee = fee;
  batch.payout_tax = tax;
  batch.paid = pays;
  forming.left = 0;
}

Forming form(const SettlementView& view, const FormSettlementBatch& command, const Takings& takings,
             FeeScheduleVersion version, const Moment& moment) {
  Forming forming;
  forming.payee = {command.payee, command.currency};
  SettlementBatchFormed& batch = forming.batch;
  batch.batch = {moment.position.value};
  batch.window = command.window;
  batch.payee = command.payee;
  batch.currency = command.currency;
  batch.schedule = version;
  batch.adjusted = takings.adjusted;
  batch.released = takings.released;
  const auto carried = view.settlement.batches.carried.find(forming.payee);
  if (carried != view.settlement.batches.carried.end()) batch.carried_in = carried->second;
  forming.left = batch.adjusted + batch.released + batch.carried_in;
  const FeeSchedule rules = rules_of(view, version);
  charge(forming, rules, takings);
  const std::int64_t owed = balance(view.book, receivable_from(command.payee, command.currency));
  batch.recovered = std::clamp<std::int64_t>(forming.left, 0, std::max<std::int64_t>(owed, 0));
  forming.left -= batch.recovered;
  pay_out(forming, view, rules, moment.now);
  batch.carried_out = forming.left;
  return forming;
}

void add(Entries& entries, Chart chart, std::uint64_t owner, Currency currency,
         std::int64_t credit) {
  if (credit == 0) return;
  entries.push_back({{chart, owner, currency},
                     credit > 0 ? Side::credit : Side::debit,
                     credit > 0 ? credit : -credit});
}

void add(Entries& entries, const Account& account, std::int64_t credit) {
  add(entries, account.chart, account.owner, account.currency, credit);
}

// What leaves the payable goes where the batch says.
Entries entries_of(const Forming& forming) {
  const SettlementBatchFormed& batch = forming.batch;
  const std::int64_t out = forming.fees + forming.reserve + batch.recovered + batch.payout_fee +
                           batch.payout_tax + batch.paid;
  const Currency currency = batch.currency;
  Entries entries;
  add(entries, payable_to(batch.payee, currency), -out);
  add(entries, Chart::mdr_income, 0, currency, forming.fees);
  add(entries, reserve_of(batch.payee, currency), forming.reserve);
  add(entries, receivable_from(batch.payee, currency), batch.recovered);
  add(entries, Chart::payout_fee_income, 0, currency, batch.payout_fee);
  add(entries, Chart::tax_payable, 0, currency, batch.payout_tax);
  add(entries, in_transit_to(batch.payee, currency), batch.paid);
  return entries;
}

Outcome<Events> post(const SettlementView& view, const Forming& forming) {
  const SettlementBatchFormed& batch = forming.batch;
  Events events{batch};
  const Entries entries = entries_of(forming);
  if (!entries.empty()) {
    auto posted = make_posting(view.book, PostingReason::settlement_batch_formed, entries);
    if (!posted) return std::unexpected(posted.error());
    events.push_back(std::move(*posted));
  }
  if (batch.carried_out >= 0) return events;
  const std::int64_t owed = -batch.carried_out;
  auto carried = make_posting(view.book, PostingReason::settlement_carried_forward,
                              {{receivable_from(batch.payee, batch.currency), Side::debit, owed},
                               {payable_to(batch.payee, batch.currency), Side::credit, owed}},
                              entries);
  if (!carried) return std::unexpected(carried.error());
  events.push_back(SettlementCarriedForward{batch.batch, batch.payee, {owed, batch.currency}});
  events.push_back(std::move(*carried));
  return events;
}

void instruct(const SettlementView& view, const Forming& forming, const Moment& moment,
              Events& events) {
  const SettlementBatchFormed& batch = forming.batch;
  const Window& window = *find(view.settlement.windows, batch.window);
  const SettlementCalendar& rules =
      calendar(view.settlement.terms, calendar_at(view.settlement.terms, moment.now));
  if (forming.reserve > 0) {
    const Duration days_held = days(rules_of(view, batch.schedule).reserve_days);
    events.push_back(ReserveWithheld{
        batch.batch, batch.payee, {forming.reserve, batch.currency}, moment.now + days_held});
  }
  if (batch.paid == 0) return;
  assert(forming.account);
  events.push_back(
      PayoutInstructed{{moment.position.value},
                       batch.window,
                       batch.payee,
                       {batch.paid, batch.currency},
                       *forming.account,
                       reference_of(view.parties, window, batch.payee, moment.position),
                       business_day_after(window.last_day, rules.pay_after, rules.holidays)});
}

Instant due_of(const Window& window) {
  return window.closed_at + Duration{settlement_pace.ms * window.batches};
}

// Letters and digits of a position: nine are enough for more entries than any log will have.
std::string base_36(std::uint64_t number) {
  std::string out;
  for (int i = 0; i < 9; ++i) {
    const auto digit = static_cast<char>(number % 36);
    out.insert(out.begin(), static_cast<char>(digit < 10 ? '0' + digit : 'A' + digit - 10));
    number /= 36;
  }
  return out;
}

std::string digits(std::int64_t number, std::size_t width) {
  const std::string out = std::to_string(number);
  return std::string(width - std::min(width, out.size()), '0') + out;
}

}  // namespace

// SB20250615-M1: the window's last day and the merchant's short name; an operator's stands behind a
// full stop. Where that is too long, or a second window ended on the day, it is the payout's number
// behind a stroke, which no short name has.
Label reference_of(const Parties& parties, const Window& window, const Party& payee,
                   Position position) {
  const Date date = date_of(window.last_day);
  const std::string day = "SB" + digits(date.year, 4) + digits(date.month, 2) + digits(date.day, 2);
  const bool merchant = payee.kind == Party::Kind::merchant;
  const Code& code = merchant ? find(parties, MerchantId{payee.id})->code
                              : find(parties, OperatorId{payee.id})->code;
  const std::string named = day + (merchant ? "-" : ".") + code;
  const bool fits = named.size() <= reference_bytes_max && bank_text(named) == named;
  if (fits && !window.shares_its_day) return {named};
  return {day + "/" + base_36(position.value)};
}

Decision decide(const SettlementView& view, const FormSettlementBatch& command,
                const Moment& moment) {
  if (command.by) {
    if (auto may_form = must_be_processor(view.parties, *command.by); !may_form)
      return refuse(may_form.error());
  }
  const Windows& windows = view.settlement.windows;
  const Window* window = find(windows, command.window);
  if (window == nullptr || window->state != WindowState::closed)
    return refuse(Refusal::window_must_be_closed);
  const auto takings = window->lines.takings.find({command.payee, command.currency});
  if (takings == window->lines.takings.end()) return refuse(Refusal::payee_must_have_takings);
  if (!command.by && moment.now < due_of(*window)) return refuse(Refusal::timer_must_be_due);
  const auto version = schedule_for(view, takings->first, window->cut_off);
  if (!version) {
    Events events{SettlementDeferred{command.window, command.payee, command.currency,
                                     Refusal::fee_schedule_must_be_published}};
    std::ranges::move(settled_after_batch(windows, command.window, false),
                      std::back_inserter(events));
    return {std::move(events), Done{}};
  }
  const Forming forming = form(view, command, takings->second, *version, moment);
  auto events = post(view, forming);
  if (!events) return refuse(events.error());
  // From here on it succeeds.
  instruct(view, forming, moment, *events);
  std::ranges::move(settled_after_batch(windows, command.window, forming.batch.paid > 0),
                    std::back_inserter(*events));
  return {std::move(*events), Registered{forming.batch.batch.value}};
}

Decision decide(const SettlementView& view, const ReleaseReserve& command, const Moment& moment) {
  const Batches& batches = view.settlement.batches;
  const auto due = batches.releases.find(command.batch);
  if (due == batches.releases.end() || moment.now < due->second)
    return refuse(Refusal::timer_must_be_due);
  const Withheld& withheld = batches.reserves.at({due->second, command.batch});
  const Payee& payee = withheld.payee;
  const std::int64_t others = batches.withheld.at(payee) - withheld.minor;
  const Account reserve = reserve_of(payee.party, payee.currency);
  const std::int64_t minor =
      std::clamp<std::int64_t>(balance(view.book, reserve) - others, 0, withheld.minor);
  Events events{ReserveReleased{command.batch, due->second, payee.party, {minor, payee.currency}}};
  if (minor > 0) {
    auto posted = make_posting(view.book, PostingReason::reserve_released,
                               {{reserve, Side::debit, minor},
                                {payable_to(payee.party, payee.currency), Side::credit, minor}});
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

std::optional<BatchDue> next_batch_due(const Windows& windows) {
  if (windows.closed.empty()) return std::nullopt;
  const WindowId id = *windows.closed.begin();
  const Window& window = *find(windows, id);
  if (!window.lines.claims.empty()) return BatchDue{window.closed_at, id, std::nullopt};
  return BatchDue{due_of(window), id, window.lines.takings.begin()->first};
}

std::optional<ReleaseDue> next_release_due(const Batches& batches) {
  if (batches.reserves.empty()) return std::nullopt;
  return batches.reserves.begin()->first;
}

void apply(Batches& batches, const SettlementBatchFormed& event) {
  const Payee payee{event.payee, event.currency};
  if (event.carried_out > 0)
    batches.carried[payee] = event.carried_out;
  else
    batches.carried.erase(payee);
}

void apply(Batches& batches, const ReserveWithheld& event) {
  batches.reserves.emplace(ReleaseDue{event.release_at, event.batch},
                           Withheld{{event.payee, event.amount.currency}, event.amount.minor});
  batches.releases.emplace(event.batch, event.release_at);
  batches.withheld[{event.payee, event.amount.currency}] += event.amount.minor;
}

void apply(Batches& batches, const ReserveReleased& event) {
  const auto reserve = batches.reserves.find({event.due, event.batch});
  assert(reserve != batches.reserves.end());
  const auto withheld = batches.withheld.find(reserve->second.payee);
  withheld->second -= reserve->second.minor;
  if (withheld->second == 0) batches.withheld.erase(withheld);
  batches.reserves.erase(reserve);
  batches.releases.erase(event.batch);
}

}  // namespace obverse
