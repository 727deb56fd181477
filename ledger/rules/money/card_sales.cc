// Selling by card: asking, what the answer does, and the way back.
#include "ledger/rules/money/card_sales.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

// Products of two amounts need more than 64 bits.
__extension__ typedef __int128 Wide;

CardSale& at(Cards& cards, PurchaseId id) {
  const auto found = cards.sales.known.find(id);
  assert(found != cards.sales.known.end());
  return found->second;
}

Decision decline(const Accepted& buyer, const Sale& sale, Refusal refusal) {
  return {{PurchaseDeclined{buyer.rider, sale.terminal, refusal}}, Refused{refusal, {}}};
}

// The wallet's part of `whole` where the wallet paid `from_wallet` of `of`, rounded to the larger
// remainder: half goes to the wallet.
std::int64_t share(std::int64_t whole, std::int64_t from_wallet, std::int64_t of) {
  const Wide twice = 2 * static_cast<Wide>(whole) * from_wallet + of;
  return static_cast<std::int64_t>(twice / (2 * static_cast<Wide>(of)));
}

void release(const AfterSale& view, PurchaseId id, Events& events) {
  if (const auto released = release_hold(view.holds, hold_of(id))) events.push_back(*released);
}

std::optional<HoldId> hold_behind(const CardSale& sale, PurchaseId id) {
  if (sale.from_wallet == 0) return {};
  return hold_of(id);
}

// What paid gives, the merchant is owed; or the other way, with the sides turned.
Entries tender_entries(const CardSale& sale, MerchantId merchant, Currency currency,
                       Chart card_chart, Parts parts, bool back) {
  const Side gives = back ? Side::credit : Side::debit;
  const Side takes = back ? Side::debit : Side::credit;
  const Account card{card_chart, static_cast<std::uint64_t>(sale.scheme), currency};
  Entries entries;
  if (parts.to_wallet > 0)
    entries.push_back({wallet_of(sale.rider, currency), gives, parts.to_wallet});
  if (parts.to_card > 0) entries.push_back({card, gives, parts.to_card});
  entries.push_back({payable_to(merchant, currency), takes, parts.to_wallet + parts.to_card});
  return entries;
}

RailRequest authorisation(const AfterSale& view, const CardSale& sale, PurchaseId id) {
  const Currency currency = find(view.payments, id)->amount.currency;
  RailRequest asked;
  asked.cause = RailCause::purchase;
  asked.about = id.value;
  asked.rider = sale.rider;
  asked.method = sale.method;
  asked.amount = {sale.by_card, currency};
  return asked;
}

bool capture(const AfterSale& view, const Answered& answered, PurchaseId id, const CardSale& sale,
             Events& events) {
  const Purchase& purchase = *find(view.payments, id);
  const Currency currency = purchase.amount.currency;
  auto posted =
      make_posting(view.book, PostingReason::purchase_captured,
                   tender_entries(sale, purchase.merchant, currency, Chart::scheme_receivable,
                                  {sale.from_wallet, sale.by_card}, false));
  if (!posted) return false;
  events.push_back(CardChargeApproved{id, answered.request, answered.approval});
  if (sale.from_wallet > 0)
    events.push_back(HoldCaptured{hold_of(id), {sale.from_wallet, currency}});
  events.push_back(PurchaseCaptured{id, purchase.amount});
  events.push_back(std::move(*posted));
  events.push_back(ask_rail(view.cards.rails, events,
                            following(RailKind::capture, answered.request, answered.asked,
                                      answered.approval, answered.asked.amount)));
  return true;
}

}  // namespace

const CardSale* find(const CardSales& sales, PurchaseId id) {
  const auto found = sales.known.find(id);
  return found == sales.known.end() ? nullptr : &found->second;
}

TenderPlan tender_plan(const Cards& cards, const Book& book, const Holds& holds, RiderId rider,
                       Money amount) {
  const auto chosen = cards.methods.tenders.find(rider);
  if (chosen == cards.methods.tenders.end()) return {{}, 0, amount.minor};
  const auto [tender, method] = chosen->second;
  const std::int64_t free = available(book, holds, rider, amount.currency).minor;
  std::int64_t from_wallet = 0;
  if (tender == Tender::wallet_then_card && free >= amount.minor) from_wallet = amount.minor;
  if (tender == Tender::wallet_and_card)
    from_wallet = std::clamp<std::int64_t>(free, 0, std::max(amount.minor, std::int64_t{0}));
  return {method, amount.minor - from_wallet, from_wallet};
}

Decision sell_by_card(const CardTill& till, const Policy& policy, const Accepted& buyer,
                      const Sale& sale, const TenderPlan& plan, const Moment& moment) {
  auto cleared = clear_sale(till.payments, policy, buyer, sale, moment);
  if (!cleared) return std::move(cleared.error());
  const auto terms = card_terms_in_force(till.cards.methods);
  if (!terms) return decline(buyer, sale, terms.error());
  const auto method = must_be_usable(till.cards.methods, buyer.rider, plan.method, moment.now);
  if (!method) return decline(buyer, sale, method.error());
  const PurchaseId id{moment.position.value};
  const Currency currency = sale.amount.currency;
  const Instant deadline = moment.now + (*terms)->answer_within;
  std::optional<FundsReserved> reserved;
  if (plan.from_wallet > 0) {
    const auto hold = place_hold(till.book, till.holds, hold_of(id), buyer.rider,
                                 {plan.from_wallet, currency}, {});
    if (!hold) return decline(buyer, sale, hold.error());
    reserved = *hold;
  }
  // From here on it succeeds.
  Events events = std::move(*cleared);
  RailRequest asked;
  asked.about = id.value;
  asked.rider = buyer.rider;
  asked.method = plan.method;
  asked.amount = {plan.by_card, currency};
  asked.deadline = deadline;
  const RailRequested request = ask_rail(till.cards.rails, events, asked);
  events.push_back(CardChargePending{id,
                                     request.request,
                                     buyer.rider,
                                     plan.method,
                                     (*method)->card.scheme,
                                     sale.terminal,
                                     {plan.by_card, currency},
                                     {plan.from_wallet, currency}});
  if (reserved) events.push_back(*reserved);
  events.push_back(request);
  return {std::move(events), Pending{id, sale.amount, deadline}};
}

// In proportion of all that went back, so that many small refunds come to the same as one.
Parts parts_of(const CardSale& sale, std::int64_t back) {
  const std::int64_t wallet_left = sale.from_wallet - sale.back_to_wallet;
  const std::int64_t card_left = sale.by_card - sale.back_to_card;
  assert(back > 0 && back <= wallet_left + card_left);
  const std::int64_t all_back = sale.back_to_wallet + sale.back_to_card + back;
  const std::int64_t due =
      share(all_back, sale.from_wallet, sale.from_wallet + sale.by_card) - sale.back_to_wallet;
  const std::int64_t to_wallet =
      std::clamp(due, std::max(back - card_left, std::int64_t{0}), std::min(back, wallet_left));
  return {to_wallet, back - to_wallet};
}

void sale_answered(const AfterSale& view, const Answered& answered, const Moment&, Events& events) {
  const PurchaseId id{answered.asked.about};
  const CardSale& sale = view.cards.sales.known.at(id);
  const bool approved = answered.outcome == RailOutcome::approved;
  if (!approved || !capture(view, answered, id, sale, events)) {
    Refusal why = Refusal::method_must_be_approved;
    if (answered.outcome == RailOutcome::unavailable) why = Refusal::rail_must_answer;
    if (approved) {
      // The books are full: what was authorised is let go.
      why = Refusal::amount_must_fit;
      events.push_back(ask_rail(view.cards.rails, events,
                                following(RailKind::reverse, answered.request, answered.asked,
                                          answered.approval, answered.asked.amount)));
    }
    events.push_back(CardChargeDeclined{id, answered.request, why});
    events.push_back(PurchaseVoided{id});
    release(view, id, events);
    events.push_back(PurchaseDeclined{sale.rider, sale.terminal, why});
  }
  finish_business(view, sale.rider, hold_behind(sale, id), events);
}

void sale_unanswered(const AfterSale& view, PurchaseId id, Events& events) {
  const CardSale& sale = view.cards.sales.known.at(id);
  events.push_back(PurchaseReversed{id, {0, find(view.payments, id)->amount.currency}});
  release(view, id, events);
  finish_business(view, sale.rider, hold_behind(sale, id), events);
}

Decision reverse_by_card(const AfterSale& view, PurchaseId id, const Purchase& purchase) {
  const CardSale& sale = *find(view.cards.sales, id);
  const Currency currency = purchase.amount.currency;
  const Money amount{purchase.captured - purchase.refunded, currency};
  const Reversed reply{id, amount};
  if (sale.stage == CardSaleStage::reversed) return {{}, reply};
  Events events;
  const auto let_go = [&](Money by_card) {
    events.push_back(
        ask_rail(view.cards.rails, events,
                 following(RailKind::reverse, sale.asked, authorisation(view, sale, id),
                           approval_of(view.cards.rails, sale.asked), by_card)));
  };
  if (sale.stage == CardSaleStage::pending) {
    events.push_back(RailAbandoned{sale.asked});
    let_go({sale.by_card, currency});
    sale_unanswered(view, id, events);
    return {std::move(events), reply};
  }
  if (is_contested(view.cards, id)) return {{}, Refused{Refusal::dispute_must_not_be_open, {}}};
  const Parts parts{sale.from_wallet - sale.back_to_wallet, sale.by_card - sale.back_to_card};
  events.push_back(PurchaseReversed{id, amount});
  if (amount.minor > 0) {
    auto posted = make_posting(
        view.book, PostingReason::purchase_reversed,
        tender_entries(sale, purchase.merchant, currency, Chart::scheme_receivable, parts, true));
    if (!posted) return {{}, Refused{posted.error(), {}}};
    events.push_back(std::move(*posted));
    if (parts.to_card > 0) let_go({parts.to_card, currency});
  }
  return {std::move(events), reply};
}

RailRequested refund_to_card(const Cards& cards, const Events& so_far, PurchaseId id,
                             const CardSale& sale, Money amount) {
  RailRequest refund;
  refund.kind = RailKind::refund;
  refund.cause = RailCause::purchase;
  refund.about = id.value;
  refund.rider = sale.rider;
  refund.method = sale.method;
  refund.amount = amount;
  refund.original = sale.asked;
  refund.approval = approval_of(cards.rails, sale.asked);
  return ask_rail(cards.rails, so_far, refund);
}

// What goes back to the card is owed to its scheme until the scheme keeps it from what it pays.
Outcome<Decision> refund_by_card(const AfterSale& view, PurchaseId id, const Purchase& purchase,
                                 Money amount, const Moment& moment) {
  const CardSale& sale = *find(view.cards.sales, id);
  const Parts parts = parts_of(sale, amount.minor);
  auto posted = make_posting(
      view.book, PostingReason::refund_issued,
      tender_entries(sale, purchase.merchant, amount.currency, Chart::scheme_payable, parts, true));
  if (!posted) return std::unexpected(posted.error());
  // From here on it succeeds.
  const RefundId refund{moment.position.value};
  const Money to_card{parts.to_card, amount.currency};
  Events events{RefundIssued{refund, id, amount},
                TendersRefunded{refund, id, {parts.to_wallet, amount.currency}, to_card},
                std::move(*posted)};
  if (parts.to_card > 0) events.push_back(refund_to_card(view.cards, events, id, sale, to_card));
  return Decision{std::move(events), Refunded{refund, id, amount}};
}

void apply(Cards& cards, const CardChargePending& event) {
  CardSale sale;
  sale.rider = event.rider;
  sale.method = event.method;
  sale.scheme = event.scheme;
  sale.terminal = event.terminal;
  sale.asked = event.request;
  sale.by_card = event.by_card.minor;
  sale.from_wallet = event.from_wallet.minor;
  cards.sales.known.emplace_hint(cards.sales.known.end(), event.purchase, sale);
  business_begins(cards, event.rider);
}

void apply(Cards& cards, const CardChargeApproved& event) {
  CardSale& sale = at(cards, event.purchase);
  assert(sale.stage == CardSaleStage::pending);
  sale.stage = CardSaleStage::captured;
  business_ends(cards, sale.rider);
}

void apply(Cards& cards, const CardChargeDeclined& event) {
  CardSale& sale = at(cards, event.purchase);
  assert(sale.stage == CardSaleStage::pending);
  sale.stage = CardSaleStage::declined;
  business_ends(cards, sale.rider);
}

void apply(Cards& cards, const PurchaseReversed& event) {
  const auto found = cards.sales.known.find(event.purchase);
  if (found == cards.sales.known.end()) return;
  CardSale& sale = found->second;
  if (sale.stage == CardSaleStage::pending) business_ends(cards, sale.rider);
  sale.stage = CardSaleStage::reversed;
}

void apply(Cards& cards, const TendersRefunded& event) {
  CardSale& sale = at(cards, event.purchase);
  sale.back_to_wallet += event.to_wallet.minor;
  sale.back_to_card += event.to_card.minor;
  assert(sale.back_to_wallet <= sale.from_wallet && sale.back_to_card <= sale.by_card);
}

}  // namespace obverse
