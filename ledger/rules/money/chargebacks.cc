#include "ledger/rules/money/chargebacks.h"

#include <algorithm>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// The fee is of the terms' currency; who settles in another one is charged none.
struct DisputeFee {
  std::int64_t fee = 0;
  std::int64_t tax = 0;
};
DisputeFee fee_of(const AfterSale& view, Currency currency) {
  const auto terms = card_terms_in_force(view.cards.methods);
  if (!terms || (*terms)->currency != currency) return {};
  return {(*terms)->dispute_fee_minor, (*terms)->dispute_tax_minor};
}

Decision win(const AfterSale& view, DisputeId id, const Chargeback& chargeback) {
  const Currency currency = chargeback.amount.currency;
  auto posted = make_posting(
      view.book, PostingReason::chargeback_won,
      {{payable_to(chargeback.scheme, currency), Side::debit, chargeback.amount.minor},
       {chargebacks_of(chargeback.scheme, currency), Side::credit, chargeback.amount.minor}});
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{ChargebackWon{id, chargeback.purchase, chargeback.rider, chargeback.amount},
                std::move(*posted)};
  finish_business(view, chargeback.rider, {}, events);
  return {std::move(events), Done{}};
}

// The reserve first, then what the merchant is owed, then a debt of the merchant.
Decision lose(const AfterSale& view, DisputeId id, const Chargeback& chargeback) {
  const Currency currency = chargeback.amount.currency;
  const DisputeFee fee = fee_of(view, currency);
  const Account reserve = reserve_of(chargeback.merchant, currency);
  const Account payable = payable_to(chargeback.merchant, currency);
  Entries entries;
  std::int64_t left = chargeback.amount.minor + fee.fee + fee.tax;
  const auto take = [&](const Account& account, std::int64_t minor) {
    if (minor <= 0) return;
    entries.push_back({account, Side::debit, minor});
    left -= minor;
  };
  take(reserve, std::min(left, balance(view.book, reserve)));
  take(payable, std::min(left, balance(view.book, payable)));
  take(receivable_from(chargeback.merchant, currency), left);
  entries.push_back(
      {chargebacks_of(chargeback.scheme, currency), Side::credit, chargeback.amount.minor});
  if (fee.fee > 0)
    entries.push_back({{Chart::dispute_fee_income, 0, currency}, Side::credit, fee.fee});
  if (fee.tax > 0) entries.push_back({{Chart::tax_payable, 0, currency}, Side::credit, fee.tax});
  auto posted = make_posting(view.book, PostingReason::chargeback_lost, std::move(entries));
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{ChargebackLost{id,
                               chargeback.purchase,
                               chargeback.rider,
                               chargeback.amount,
                               {fee.fee + fee.tax, currency}},
                std::move(*posted)};
  finish_business(view, chargeback.rider, {}, events);
  return {std::move(events), Done{}};
}

void ends(Cards& cards, DisputeId id) {
  Disputes& disputes = cards.disputes;
  const Chargeback chargeback = disputes.chargebacks.at(id);
  disputes.due.erase({chargeback.next, id});
  disputes.charged_back.erase(chargeback.purchase);
  disputes.chargebacks.erase(id);
  business_ends(cards, chargeback.rider);
}

}  // namespace

Decision decide(const AfterSale& view, const ReceiveChargeback& command, const Moment& moment) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto terms = card_terms_in_force(view.cards.methods);
  if (!terms) return refuse(terms.error());
  if (!is_valid_code(command.reason)) return refuse(Refusal::code_must_be_valid);
  const Purchase* purchase = find(view.payments, command.purchase);
  if (purchase == nullptr) return refuse(Refusal::purchase_must_be_known);
  const CardSale* sale = find(view.cards.sales, command.purchase);
  if (sale == nullptr) return refuse(Refusal::purchase_must_be_by_card);
  if (purchase->state != PurchaseState::captured) return refuse(Refusal::purchase_must_be_captured);
  if (view.cards.disputes.charged_back.contains(command.purchase) ||
      view.cards.claims.claimed.contains(command.purchase))
    return refuse(Refusal::dispute_must_not_be_open);
  if (const auto fit = amount_must_be_fit(command.amount); !fit) return refuse(fit.error());
  const Currency currency = purchase->amount.currency;
  if (command.amount.currency != currency) return refuse(Refusal::currency_must_match);
  if (command.amount.minor > sale->by_card - sale->back_to_card)
    return refuse(Refusal::refund_must_fit_purchase);
  auto posted =
      make_posting(view.book, PostingReason::chargeback_received,
                   {{chargebacks_of(sale->scheme, currency), Side::debit, command.amount.minor},
                    {payable_to(sale->scheme, currency), Side::credit, command.amount.minor}});
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  const DisputeId id{moment.position.value};
  return {
      {ChargebackReceived{id, command.purchase, purchase->rider, purchase->merchant, sale->scheme,
                          command.amount, command.reason, moment.now + (*terms)->represent_within},
       std::move(*posted)},
      Registered{id.value}};
}

Decision decide(const AfterSale& view, const RepresentChargeback& command, const Moment& moment) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto terms = card_terms_in_force(view.cards.methods);
  if (!terms) return refuse(terms.error());
  const auto found = view.cards.disputes.chargebacks.find(command.chargeback);
  if (found == view.cards.disputes.chargebacks.end()) return refuse(Refusal::dispute_must_be_known);
  if (found->second.represented || moment.now >= found->second.next)
    return refuse(Refusal::dispute_must_allow_this);
  // From here on it succeeds.
  return {{ChargebackRepresented{command.chargeback, command.evidence,
                                 moment.now + (*terms)->rule_within, command.desk}},
          Done{}};
}

// A scheme rules on what was represented; it may be given up, and lost, before that.
Decision decide(const AfterSale& view, const RuleChargeback& command, const Moment&) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto found = view.cards.disputes.chargebacks.find(command.chargeback);
  if (found == view.cards.disputes.chargebacks.end()) return refuse(Refusal::dispute_must_be_known);
  if (command.won && !found->second.represented) return refuse(Refusal::dispute_must_allow_this);
  return command.won ? win(view, command.chargeback, found->second)
                     : lose(view, command.chargeback, found->second);
}

Decision advance_chargeback(const AfterSale& view, DisputeId id, const Moment& moment) {
  const auto found = view.cards.disputes.chargebacks.find(id);
  if (found == view.cards.disputes.chargebacks.end()) return refuse(Refusal::timer_must_be_due);
  if (moment.now < found->second.next) return refuse(Refusal::timer_must_be_due);
  return found->second.represented ? win(view, id, found->second) : lose(view, id, found->second);
}

void apply(Cards& cards, const ChargebackReceived& event) {
  Disputes& disputes = cards.disputes;
  disputes.chargebacks[event.chargeback] = {event.purchase, event.rider,  event.merchant,
                                            event.scheme,   event.amount, false,
                                            event.answered};
  disputes.charged_back[event.purchase] = event.chargeback;
  disputes.due.insert({event.answered, event.chargeback});
  business_begins(cards, event.rider);
}

void apply(Cards& cards, const ChargebackRepresented& event) {
  Chargeback& chargeback = cards.disputes.chargebacks.at(event.chargeback);
  cards.disputes.due.erase({chargeback.next, event.chargeback});
  chargeback.represented = true;
  chargeback.next = event.ruled;
  cards.disputes.due.insert({chargeback.next, event.chargeback});
}

void apply(Cards& cards, const ChargebackWon& event) { ends(cards, event.chargeback); }

void apply(Cards& cards, const ChargebackLost& event) {
  ends(cards, event.chargeback);
  cards.sales.known.at(event.purchase).back_to_card += event.amount.minor;
}

}  // namespace obverse
