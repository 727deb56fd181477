// Capture, void, reversal, refund and expiry of a purchase.
#include "ledger/rules/money/after_sale.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

void append(Events& events, Events more) { std::ranges::move(more, std::back_inserter(events)); }

// A purchase that this till may touch.
Outcome<const Purchase*> own_purchase(const AfterSale& state, TerminalId terminal, PurchaseId id) {
  const auto till = may(state.parties, terminal, Role::till);
  if (!till) return std::unexpected(till.error());
  const Purchase* purchase = find(state.payments, id);
  if (!purchase) return std::unexpected(Refusal::purchase_must_be_known);
  if (purchase->merchant != (*till)->merchant)
    return std::unexpected(Refusal::purchase_must_be_of_this_merchant);
  if (purchase->state == PurchaseState::reversed)
    return std::unexpected(Refusal::purchase_must_not_be_reversed);
  if (is_pending(state.cards.sales, id))
    return std::unexpected(Refusal::charge_must_not_be_pending);
  return purchase;
}

// A refusal that a till in good standing is told is remembered under its attempt, so that the same
// attempt is told the same for ever. The buyer is named to nobody but their own merchant.
template <class Command>
Decision decline(const AfterSale& state, const Command& command, const Moment& moment,
                 Refusal refusal) {
  const auto till = may(state.parties, command.terminal, Role::till);
  if (!till || !moment.attempt) return refuse(refusal);
  const Purchase* purchase = find(state.payments, command.purchase);
  std::optional<RiderId> rider;
  if (purchase && purchase->merchant == (*till)->merchant) rider = purchase->rider;
  return {{PurchaseDeclined{rider, command.terminal, refusal}}, Refused{refusal, {}}};
}

Outcome<Posted> post_to_merchant(const Book& book, const Purchase& purchase, Money amount) {
  return make_posting(
      book, PostingReason::purchase_captured,
      {{wallet_of(purchase.rider, amount.currency), Side::debit, amount.minor},
       {payable_to(purchase.merchant, amount.currency), Side::credit, amount.minor}});
}

// Back to the same purse, from the same payee.
Outcome<Posted> post_back(const Book& book, const Purchase& purchase, PostingReason reason,
                          Money amount) {
  return make_posting(book, reason,
                      {{payable_to(purchase.merchant, amount.currency), Side::debit, amount.minor},
                       {wallet_of(purchase.rider, amount.currency), Side::credit, amount.minor}});
}

// The hold of this purchase ends in this decision: was it what an erasure waited for?
Events erasure_after(const AfterSale& state, RiderId rider, HoldId ended) {
  const bool anything_open = has_open_hold_besides(state.holds, rider, ended) ||
                             state.has_open_journey(rider) || has_open_business(state.cards, rider);
  return finish_erasure(state.enrolments, rider, anything_open);
}

Decision reverse_known(const AfterSale& state, PurchaseId id, const Purchase& purchase) {
  if (find(state.cards.sales, id) != nullptr) return reverse_by_card(state, id, purchase);
  const Money amount{purchase.captured - purchase.refunded, purchase.amount.currency};
  const Reversed reply{id, amount};
  if (purchase.state == PurchaseState::reversed) return {{}, reply};
  if (is_contested(state.cards, id)) return refuse(Refusal::dispute_must_not_be_open);
  Events events{PurchaseReversed{id, amount}};
  if (purchase.state == PurchaseState::authorised) {
    const auto released = release_hold(state.holds, hold_of(id));
    if (!released) return refuse(released.error());
    events.push_back(*released);
    append(events, erasure_after(state, purchase.rider, hold_of(id)));
  }
  if (amount.minor > 0) {
    auto posted = post_back(state.book, purchase, PostingReason::purchase_reversed, amount);
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), reply};
}

}  // namespace

Decision decide(const AfterSale& state, const CapturePurchase& command, const Moment& moment) {
  const auto no = [&](Refusal refusal) { return decline(state, command, moment, refusal); };
  const auto purchase = own_purchase(state, command.terminal, command.purchase);
  if (!purchase) return no(purchase.error());
  if ((*purchase)->state != PurchaseState::authorised)
    return no(Refusal::purchase_must_be_authorised);
  if (auto fit = amount_must_be_fit(command.amount); !fit) return no(fit.error());
  auto captured = capture_hold(state.holds, hold_of(command.purchase), command.amount);
  if (!captured) return no(captured.error());
  auto posted = post_to_merchant(state.book, **purchase, command.amount);
  if (!posted) return no(posted.error());
  // From here on it succeeds.
  const RiderId rider = (*purchase)->rider;
  const Currency currency = command.amount.currency;
  const Money after{balance(state.book, wallet_of(rider, currency)) - command.amount.minor,
                    currency};
  Events events = std::move(*captured);
  events.push_back(PurchaseCaptured{command.purchase, command.amount});
  events.push_back(std::move(*posted));
  append(events, erasure_after(state, rider, hold_of(command.purchase)));
  return {std::move(events), Paid{command.purchase, command.amount, after}};
}

Decision decide(const AfterSale& state, const VoidPurchase& command, const Moment& moment) {
  const auto no = [&](Refusal refusal) { return decline(state, command, moment, refusal); };
  const auto purchase = own_purchase(state, command.terminal, command.purchase);
  if (!purchase) return no(purchase.error());
  if ((*purchase)->state != PurchaseState::authorised)
    return no(Refusal::purchase_must_be_authorised);
  const auto released = release_hold(state.holds, hold_of(command.purchase));
  if (!released) return no(released.error());
  // From here on it succeeds.
  Events events{PurchaseVoided{command.purchase}, *released};
  append(events, erasure_after(state, (*purchase)->rider, hold_of(command.purchase)));
  return {std::move(events), Voided{command.purchase}};
}

Decision decide(const AfterSale& state, const RefundPurchase& command, const Moment& moment) {
  const auto no = [&](Refusal refusal) { return decline(state, command, moment, refusal); };
  const auto purchase = own_purchase(state, command.terminal, command.purchase);
  if (!purchase) return no(purchase.error());
  const Purchase& sold = **purchase;
  if (sold.state != PurchaseState::captured) return no(Refusal::purchase_must_be_captured);
  if (auto fit = amount_must_be_fit(command.amount); !fit) return no(fit.error());
  if (command.amount.currency != sold.amount.currency) return no(Refusal::currency_must_match);
  if (command.amount.minor > sold.captured - sold.refunded)
    return no(Refusal::refund_must_fit_purchase);
  if (is_contested(state.cards, command.purchase)) return no(Refusal::dispute_must_not_be_open);
  if (find(state.cards.sales, command.purchase) != nullptr) {
    auto refunded = refund_by_card(state, command.purchase, sold, command.amount, moment);
    return refunded ? std::move(*refunded) : no(refunded.error());
  }
  auto posted = post_back(state.book, sold, PostingReason::refund_issued, command.amount);
  if (!posted) return no(posted.error());
  // From here on it succeeds.
  const RefundId id{moment.position.value};
  return {{RefundIssued{id, command.purchase, command.amount}, std::move(*posted)},
          Refunded{id, command.purchase, command.amount}};
}

Decision decide(const AfterSale& state, const ReversePurchase& command, const Moment&) {
  const auto till = may(state.parties, command.terminal, Role::till);
  if (!till) return refuse(till.error());
  const Attempt original{command.terminal, command.original};
  const auto known = state.payments.attempts.find(original);
  if (known != state.payments.attempts.end()) {
    const Purchase* purchase = find(state.payments, known->second);
    assert(purchase);
    return reverse_known(state, known->second, *purchase);
  }
  const Merchant* merchant = find(state.parties, (*till)->merchant);
  assert(merchant);
  // From here on it succeeds.
  Events events;
  if (!state.payments.reversed_before_arrival.contains(original))
    events.push_back(ReversalRecorded{original});
  return {std::move(events), Reversed{{}, {0, merchant->currency}}};
}

Decision decide(const AfterSale& state, const ExpireHold& command, const Moment& moment) {
  const auto expired = expire_hold(state.holds, command.hold, moment.now);
  if (!expired) return refuse(expired.error());
  const PurchaseId id{command.hold.value};
  const Purchase* purchase = find(state.payments, id);
  // From here on it succeeds.
  const RiderId rider = find(state.holds, command.hold)->rider;
  Events events{*expired};
  if (purchase && purchase->state == PurchaseState::authorised)
    events.push_back(PurchaseVoided{id});
  append(events, erasure_after(state, rider, command.hold));
  return {std::move(events), Done{}};
}

}  // namespace obverse
