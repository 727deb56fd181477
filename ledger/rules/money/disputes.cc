// What a person disputes: opened, credited for the time being, resolved.
#include "ledger/rules/money/disputes.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// What of the purchase has not gone back yet, to whatever paid it.
std::int64_t left_of(const AfterSale& view, PurchaseId id, const Purchase& purchase) {
  const auto charged_back = view.cards.disputes.charged_back.find(id);
  const std::int64_t contested =
      charged_back == view.cards.disputes.charged_back.end()
          ? 0
          : view.cards.disputes.chargebacks.at(charged_back->second).amount.minor;
  return purchase.captured - purchase.refunded - contested;
}

Parts parts_back(const AfterSale& view, PurchaseId id, std::int64_t minor) {
  const CardSale* sale = find(view.cards.sales, id);
  if (sale == nullptr) return {minor, 0};
  CardSale free = *sale;
  const auto charged_back = view.cards.disputes.charged_back.find(id);
  if (charged_back != view.cards.disputes.charged_back.end())
    free.back_to_card += view.cards.disputes.chargebacks.at(charged_back->second).amount.minor;
  return parts_of(free, minor);
}

Decision credit_for_now(const AfterSale& view, DisputeId id, const Dispute& dispute) {
  const Currency currency = dispute.amount.currency;
  const Purchase& purchase = *find(view.payments, dispute.purchase);
  const std::int64_t minor =
      std::min(dispute.amount.minor, left_of(view, dispute.purchase, purchase));
  const std::int64_t to_wallet =
      minor == 0 ? 0 : parts_back(view, dispute.purchase, minor).to_wallet;
  Events events{ProvisionalCreditIssued{id, dispute.rider, {to_wallet, currency}}};
  if (to_wallet > 0) {
    auto posted = make_posting(view.book, PostingReason::provisional_credit_issued,
                               {{provisional_credits(currency), Side::debit, to_wallet},
                                {wallet_of(dispute.rider, currency), Side::credit, to_wallet}});
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

// The merchant gives back, to what had paid; what was credited already is that for good.
Decision uphold(const AfterSale& view, DisputeId id, const Dispute& dispute, const Moment& moment) {
  const Purchase& purchase = *find(view.payments, dispute.purchase);
  const Currency currency = dispute.amount.currency;
  const std::int64_t minor =
      std::min(dispute.amount.minor, left_of(view, dispute.purchase, purchase));
  Events events{DisputeResolved{id, dispute.rider, true, {minor, currency}}};
  if (minor > 0) {
    // What was credited stays with the wallet, also where a share worked out now is smaller.
    const std::int64_t to_wallet =
        std::max(parts_back(view, dispute.purchase, minor).to_wallet, dispute.credited);
    const Money to_card{minor - to_wallet, currency};
    assert(to_card.minor >= 0);
    const CardSale* sale = find(view.cards.sales, dispute.purchase);
    Entries entries{{payable_to(dispute.merchant, currency), Side::debit, minor}};
    const auto add = [&](const Account& account, std::int64_t amount) {
      if (amount > 0) entries.push_back({account, Side::credit, amount});
    };
    add(provisional_credits(currency), dispute.credited);
    add(wallet_of(dispute.rider, currency), to_wallet - dispute.credited);
    if (sale != nullptr) add(payable_to(sale->scheme, currency), to_card.minor);
    auto posted = make_posting(view.book, PostingReason::dispute_resolved, std::move(entries));
    if (!posted) return refuse(posted.error());
    const RefundId refund{moment.position.value};
    events.push_back(RefundIssued{refund, dispute.purchase, {minor, currency}});
    events.push_back(std::move(*posted));
    if (sale != nullptr) {
      events.push_back(TendersRefunded{refund, dispute.purchase, {to_wallet, currency}, to_card});
      if (to_card.minor > 0)
        events.push_back(refund_to_card(view.cards, events, dispute.purchase, *sale, to_card));
    }
  }
  // From here on it succeeds.
  finish_business(view, dispute.rider, {}, events);
  return {std::move(events), Done{}};
}

// What was credited is taken back as far as it is free; the rest is owed.
Decision reject(const AfterSale& view, DisputeId id, const Dispute& dispute) {
  const Currency currency = dispute.amount.currency;
  Events events{DisputeResolved{id, dispute.rider, false, {0, currency}}};
  if (dispute.credited > 0) {
    const std::int64_t free = available(view.book, view.holds, dispute.rider, currency).minor;
    const std::int64_t from_wallet = std::min(dispute.credited, free);
    Entries entries;
    if (from_wallet > 0)
      entries.push_back({wallet_of(dispute.rider, currency), Side::debit, from_wallet});
    if (from_wallet < dispute.credited)
      entries.push_back(
          {debt_of(dispute.rider, currency), Side::debit, dispute.credited - from_wallet});
    entries.push_back({provisional_credits(currency), Side::credit, dispute.credited});
    auto posted = make_posting(view.book, PostingReason::dispute_resolved, std::move(entries));
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  finish_business(view, dispute.rider, {}, events);
  return {std::move(events), Done{}};
}

}  // namespace

bool is_disputed(const Disputes& disputes, PurchaseId id) {
  return disputes.disputed.contains(id) || disputes.charged_back.contains(id);
}

Decision decide(const AfterSale& view, const OpenDispute& command, const Moment& moment) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto terms = card_terms_in_force(view.cards.methods);
  if (!terms) return refuse(terms.error());
  const Purchase* purchase = find(view.payments, command.purchase);
  if (purchase == nullptr) return refuse(Refusal::purchase_must_be_known);
  if (purchase->state != PurchaseState::captured) return refuse(Refusal::purchase_must_be_captured);
  if (is_contested(view.cards, command.purchase)) return refuse(Refusal::dispute_must_not_be_open);
  if (const auto fit = amount_must_be_fit(command.amount); !fit) return refuse(fit.error());
  if (command.amount.currency != purchase->amount.currency)
    return refuse(Refusal::currency_must_match);
  if (command.amount.minor > left_of(view, command.purchase, *purchase))
    return refuse(Refusal::refund_must_fit_purchase);
  // From here on it succeeds.
  const DisputeId id{moment.position.value};
  return {{DisputeOpened{id, command.purchase, purchase->rider, purchase->merchant, command.amount,
                         moment.now + (*terms)->provisional_within,
                         moment.now + (*terms)->resolve_within, command.desk}},
          Registered{id.value}};
}

Decision decide(const AfterSale& view, const ResolveDispute& command, const Moment& moment) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto found = view.cards.disputes.open.find(command.dispute);
  if (found == view.cards.disputes.open.end()) return refuse(Refusal::dispute_must_be_known);
  if (command.upheld) return uphold(view, command.dispute, found->second, moment);
  return reject(view, command.dispute, found->second);
}

Decision decide(const AfterSale& view, const AdvanceDispute& command, const Moment& moment) {
  const auto found = view.cards.disputes.open.find(command.dispute);
  if (found == view.cards.disputes.open.end())
    return advance_chargeback(view, command.dispute, moment);
  const Dispute& dispute = found->second;
  if (moment.now < dispute.next) return refuse(Refusal::timer_must_be_due);
  if (moment.now >= dispute.resolved) return uphold(view, command.dispute, dispute, moment);
  return credit_for_now(view, command.dispute, dispute);
}

void apply(Cards& cards, const DisputeOpened& event) {
  Disputes& disputes = cards.disputes;
  disputes.open[event.dispute] = {event.purchase, event.rider,   event.merchant, event.amount, 0,
                                  event.credited, event.resolved};
  disputes.disputed[event.purchase] = event.dispute;
  disputes.due.insert({event.credited, event.dispute});
  business_begins(cards, event.rider);
}

void apply(Cards& cards, const ProvisionalCreditIssued& event) {
  Dispute& dispute = cards.disputes.open.at(event.dispute);
  cards.disputes.due.erase({dispute.next, event.dispute});
  dispute.credited += event.amount.minor;
  dispute.next = dispute.resolved;
  cards.disputes.due.insert({dispute.next, event.dispute});
}

void apply(Cards& cards, const DisputeResolved& event) {
  Disputes& disputes = cards.disputes;
  const Dispute dispute = disputes.open.at(event.dispute);
  disputes.due.erase({dispute.next, event.dispute});
  disputes.disputed.erase(dispute.purchase);
  disputes.open.erase(event.dispute);
  business_ends(cards, dispute.rider);
}

}  // namespace obverse
