// Postings, holds, sales, step-ups: invariants 1 to 6, 9 to 11, 13, 15, 17, 22.
#include "tests/promises/simulation/checks.h"

namespace obverse::simulation {
namespace {

// Which side a wallet is on: a credit is money in it.
std::int64_t signed_minor(const Entry& entry) {
  return entry.side == Side::debit ? entry.minor : -entry.minor;
}

bool is_outside(Chart chart) {
  return chart == Chart::bank || chart == Chart::load_in_transit || chart == Chart::cash_drawer ||
         chart == Chart::scheme_receivable || chart == Chart::equity ||
         chart == Chart::migration_opening;
}

}  // namespace

void Checks::posted(Now& now, const Posted& posted) {
  std::map<Currency, std::int64_t> sums;
  for (const Entry& entry : posted.entries) {
    if (entry.minor <= 0) fail("1: an entry is not positive");
    sums[entry.account.currency] += signed_minor(entry);
    const bool loads = posted.reason == PostingReason::funds_loaded;
    if (is_outside(entry.account.chart) && !loads) fail("11: money from outside without a load");
    std::int64_t& balance = balances_[entry.account];
    std::int64_t after = 0;
    if (__builtin_add_overflow(balance, signed_minor(entry), &after)) fail("13: a balance wrapped");
    balance = after;
    trial_[entry.account.currency] += signed_minor(entry);
    touched_.insert(entry.account);
    if (entry.account.chart == Chart::operator_payable) earned_ -= signed_minor(entry);
    if (entry.account.chart == Chart::merchant_payable) merchants_ -= signed_minor(entry);
    if (entry.account.chart == Chart::bank) bank_ += signed_minor(entry);
  }
  for (const auto& [currency, sum] : sums)
    if (sum != 0) fail("1: a posting does not balance");
  for (const Entry& entry : posted.entries)
    if (entry.account.chart == Chart::wallet && balances_[entry.account] > 0)
      fail("4: a wallet is below zero");
  reason_of(now, posted.reason);
}

// 15: in one decision with the money stands what allowed it.
void Checks::reason_of(Now& now, PostingReason reason) {
  const Record& r = now.record;
  const bool proven = now.proven.has_value();
  if (!now.moved.insert(reason).second && reason != PostingReason::maximum_fare_charged)
    fail("8: money moved twice in one decision");
  bool allowed = false;
  switch (reason) {
    case PostingReason::funds_loaded:
      allowed = has<FundsLoaded>(r);
      break;
    case PostingReason::debt_recovered:
      allowed = has<DebtRecovered>(r) && has<FundsLoaded>(r);
      break;
    case PostingReason::purchase_captured:
      allowed = has<PurchaseCaptured>(r) && (proven || has<HoldCaptured>(r));
      break;
    case PostingReason::purchase_reversed:
      allowed = has<PurchaseReversed>(r);
      break;
    case PostingReason::refund_issued:
      allowed = has<RefundIssued>(r);
      break;
    case PostingReason::fare_charged:
      allowed = has<FareCharged>(r) && proven;
      break;
    case PostingReason::maximum_fare_charged:
      allowed = has<MaximumFareCharged>(r) && has<JourneyIncomplete>(r);
      break;
    case PostingReason::fare_adjusted:
      allowed = has<JourneyCorrected>(r) && has<FareAdjusted>(r);
      break;
    default:  // no life here gives money another reason
      break;
  }
  if (!allowed) fail("15: money moved without its reason");
}

void Checks::resolve(Now& now, HoldId id, Money amount) {
  const auto hold = holds_.find(id);
  touched_holds_.insert(id);
  if (hold == holds_.end()) return fail("6: a hold that is not open ends");
  if (amount.minor <= 0 || amount.minor > hold->second.amount.minor)
    fail("6: more was taken than was held");
  hold->second.amount.minor -= amount.minor;
  held_[wallet_of(hold->second.rider, amount.currency)] -= amount.minor;
  now.resolved.insert(id);
}

void Checks::money(Now& now, const Event& event) {
  if (const auto* journal = std::get_if<Posted>(&event)) posted(now, *journal);
  if (const auto* taken = std::get_if<HoldCaptured>(&event))
    resolve(now, taken->hold, taken->amount);
  if (const auto* freed = std::get_if<HoldReleased>(&event))
    resolve(now, freed->hold, freed->amount);
  if (const auto* over = std::get_if<HoldExpired>(&event)) {
    const auto hold = holds_.find(over->hold);
    if (hold != holds_.end() && (!hold->second.expires || *hold->second.expires > at_))
      fail("6: a hold expired before its time");
    resolve(now, over->hold, over->amount);
  }
  if (const auto* load = std::get_if<FundsLoaded>(&event)) loads_ += load->amount.minor;
  const auto* placed = std::get_if<FundsReserved>(&event);
  if (placed == nullptr) return;
  touched_holds_.insert(placed->hold);
  if (placed->amount.minor <= 0) fail("5: a hold of nothing");
  if (!holds_.emplace(placed->hold, HoldHere{placed->rider, placed->amount, placed->expires})
           .second)
    fail("6: a hold placed twice");
  const Account wallet = wallet_of(placed->rider, placed->amount.currency);
  held_[wallet] += placed->amount.minor;
  if (held_[wallet] > -balances_[wallet]) fail("5: more is held than is there");
  if (!now.proven) fail("15: a hold without evidence");
  if (now.proven && *now.proven != placed->rider) fail("15: a hold on somebody else");
}

void Checks::sold(Now& now, const PurchaseAuthorised& sale) {
  if (!now.proven || *now.proven != sale.rider) fail("17: sold to somebody else");
  if (!sold_.emplace(sale.attempt, sale.purchase).second) fail("8: one attempt sold twice");
  if (now.record.attempt != sale.attempt) fail("17: a sale of another attempt");
  if (reversed_early_.contains(sale.attempt)) fail("9: sold although it was reversed before");
  const auto till = terminals_.find(sale.attempt.terminal);
  if (till == terminals_.end() || till->second.role != Role::till ||
      till->second.merchant != sale.merchant)
    fail("17: sold at a terminal that is no till of this merchant");
  if (revoked_.contains(sale.attempt.terminal)) fail("17: sold at a revoked terminal");
  if (!consents(sale.rider, Purpose::payment, {Party::Kind::merchant, sale.merchant.value}))
    fail("21: sold without consent");
  Sale here;
  here.attempt = sale.attempt;
  here.merchant = sale.merchant;
  here.rider = sale.rider;
  here.amount = sale.amount;
  here.face_only = sale.face_only;
  sales_.emplace(sale.purchase, here);
  if (sale.face_only == now.by_pin) fail("22: by face alone is not what the evidence says");
  if (!sale.face_only || !policy_) return;
  Spent& mine = spent_[sale.rider];
  if (mine.day != sale.day) mine = {sale.day, {}};
  mine.of[sale.purchase] = sale.amount.minor;
  std::int64_t sum = 0;
  for (const auto& [purchase, minor] : mine.of) sum += minor;
  if (sum > policy_->face_only_day_max) fail("22: too much in one day by face alone");
  if (sale.amount.minor > policy_->face_only_purchase_max)
    fail("22: a sale too large for a face alone");
}

void Checks::sales(Now& now, const Event& event) {
  const auto at = [&](PurchaseId id) -> Sale& {
    if (!sales_.contains(id)) fail("10: a purchase that nobody authorised");
    return sales_[id];
  };
  const auto counts = [&](const Sale& sale, PurchaseId id, std::int64_t minor) {
    Spent& mine = spent_[sale.rider];
    if (mine.of.contains(id)) mine.of[id] = minor;
  };
  if (const auto* sale = std::get_if<PurchaseAuthorised>(&event)) sold(now, *sale);
  if (const auto* taken = std::get_if<PurchaseCaptured>(&event)) {
    Sale& sale = at(taken->purchase);
    if (++sale.ends > 1) fail("6: a purchase ended twice");
    sale.captured = taken->amount.minor;
    sold_sum_ += sale.captured;
    if (sale.captured > sale.amount.minor) fail("6: more was captured than authorised");
    counts(sale, taken->purchase, sale.captured);
  }
  if (const auto* gone = std::get_if<PurchaseVoided>(&event)) {
    Sale& sale = at(gone->purchase);
    if (++sale.ends > 1) fail("6: a purchase ended twice");
    counts(sale, gone->purchase, 0);
  }
  if (const auto* back = std::get_if<RefundIssued>(&event)) {
    Sale& sale = at(back->purchase);
    sale.refunded += back->amount.minor;
    sold_sum_ -= back->amount.minor;
    if (sale.refunded > sale.captured) fail("10: more was given back than was captured");
    if (sale.is_reversed) fail("10: a refund of what was reversed");
  }
  if (const auto* undone = std::get_if<PurchaseReversed>(&event)) {
    Sale& sale = at(undone->purchase);
    if (std::exchange(sale.is_reversed, true)) fail("9: reversed twice");
    sale.reversed = undone->amount.minor;
    sold_sum_ -= sale.reversed;
    if (sale.reversed != sale.captured - sale.refunded) fail("9: a reversal of another amount");
    counts(sale, undone->purchase, 0);
  }
  if (const auto* early = std::get_if<ReversalRecorded>(&event)) {
    if (sold_.contains(early->attempt)) fail("9: a reversal forgot the sale that it is of");
    reversed_early_.insert(early->attempt);
  }
}

// 17: a PIN that was asked for is good for that rider, terminal, payee and amount, once, in time.
void Checks::step_ups(Now& now, const Event& event) {
  if (const auto* request = std::get_if<StepUpRequested>(&event))
    asked_[request->step_up] = *request;
  const auto* done = std::get_if<StepUpSatisfied>(&event);
  if (done == nullptr) return;
  spent_[done->rider].of.clear();
  const auto found = asked_.find(done->step_up);
  if (found == asked_.end()) return fail("17: a step-up that nobody asked for, or used twice");
  const StepUpRequested request = found->second;
  asked_.erase(found);
  const PurchaseAuthorised* sale = nullptr;
  for (const Event& each : now.record.events)
    if (const auto* one = std::get_if<PurchaseAuthorised>(&each)) sale = one;
  if (sale == nullptr || request.rider != sale->rider || request.merchant != sale->merchant ||
      request.amount != sale->amount || request.terminal != sale->attempt.terminal)
    return fail("17: a step-up for something else");
  if (at_ > request.expires) fail("17: a step-up after its time");
  if (!now.by_pin) fail("17: a step-up without a PIN");
}

}  // namespace obverse::simulation
