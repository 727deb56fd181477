#include "ledger/rules/money/misidentification.h"

#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// The claim, for a desk that is not the one that filed it.
Outcome<const Claim*> may_decide(const AfterSale& view, TerminalId terminal, ClaimId id) {
  const auto desk = may(view.parties, terminal, Role::operator_desk);
  if (!desk) return std::unexpected(desk.error());
  const auto found = view.cards.claims.open.find(id);
  if (found == view.cards.claims.open.end()) return std::unexpected(Refusal::dispute_must_be_known);
  if (found->second.requested_by == terminal)
    return std::unexpected(Refusal::second_person_must_decide);
  return &found->second;
}

void ends(Cards& cards, ClaimId id) {
  const Claim claim = cards.claims.open.at(id);
  cards.claims.claimed.erase(claim.purchase);
  cards.claims.open.erase(id);
  business_ends(cards, claim.rider);
}

}  // namespace

// The evidence is the one of the purchase: of this person, at this till.
Decision decide(const AfterSale& view, const ClaimMisidentification& command,
                const Moment& moment) {
  const auto desk = may(view.parties, command.requested_by, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const Purchase* purchase = find(view.payments, command.purchase);
  if (purchase == nullptr) return refuse(Refusal::purchase_must_be_known);
  if (purchase->state != PurchaseState::captured) return refuse(Refusal::purchase_must_be_captured);
  if (purchase->captured == purchase->refunded) return refuse(Refusal::refund_must_fit_purchase);
  if (is_contested(view.cards, command.purchase)) return refuse(Refusal::dispute_must_not_be_open);
  const Recognition& seen = command.evidence;
  if (seen.rider != purchase->rider || seen.terminal != purchase->attempt.terminal ||
      !is_valid_code(seen.model) || seen.score < seen.threshold || seen.face.value == 0)
    return refuse(Refusal::evidence_must_be_of_purchase);
  // From here on it succeeds. A purchase is numbered by the record that recognised its buyer.
  const ClaimId id{moment.position.value};
  const RecognisedBy by{
      {command.purchase.value}, seen.model, seen.face, seen.threshold, seen.gallery};
  return {
      {MisidentificationClaimed{id, command.purchase, purchase->rider, by, command.requested_by}},
      Registered{id.value}};
}

// The merchant has sold and keeps what it was paid; what the person paid is given back from the
// house's own pocket.
Decision decide(const AfterSale& view, const ApproveMisidentification& command, const Moment&) {
  const auto found = may_decide(view, command.approved_by, command.claim);
  if (!found) return refuse(found.error());
  const Claim& claim = **found;
  const Purchase& purchase = *find(view.payments, claim.purchase);
  const Currency currency = purchase.amount.currency;
  const Money amount{purchase.captured - purchase.refunded, currency};
  const CardSale* sale = find(view.cards.sales, claim.purchase);
  const Parts parts = sale == nullptr ? Parts{amount.minor, 0} : parts_of(*sale, amount.minor);
  Entries entries{{{Chart::misidentification_loss, 0, currency}, Side::debit, amount.minor}};
  if (parts.to_wallet > 0)
    entries.push_back({wallet_of(claim.rider, currency), Side::credit, parts.to_wallet});
  if (parts.to_card > 0)
    entries.push_back({payable_to(sale->scheme, currency), Side::credit, parts.to_card});
  auto posted =
      make_posting(view.book, PostingReason::misidentification_reversed, std::move(entries));
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{MisidentificationReversed{command.claim, claim.purchase, claim.rider, amount,
                                          claim.by, claim.requested_by, command.approved_by},
                std::move(*posted)};
  if (parts.to_card > 0)
    events.push_back(
        refund_to_card(view.cards, events, claim.purchase, *sale, {parts.to_card, currency}));
  finish_business(view, claim.rider, {}, events);
  return {std::move(events), Done{}};
}

Decision decide(const AfterSale& view, const RejectMisidentification& command, const Moment&) {
  const auto found = may_decide(view, command.rejected_by, command.claim);
  if (!found) return refuse(found.error());
  // From here on it succeeds.
  const Claim& claim = **found;
  Events events{
      MisidentificationRejected{command.claim, claim.purchase, claim.rider, command.rejected_by}};
  finish_business(view, claim.rider, {}, events);
  return {std::move(events), Done{}};
}

void apply(Cards& cards, const MisidentificationClaimed& event) {
  cards.claims.open[event.claim] = {event.purchase, event.rider, event.by, event.requested_by};
  cards.claims.claimed[event.purchase] = event.claim;
  business_begins(cards, event.rider);
}

void apply(Cards& cards, const MisidentificationReversed& event) {
  ends(cards, event.claim);
  const auto sale = cards.sales.known.find(event.purchase);
  if (sale != cards.sales.known.end()) sale->second.stage = CardSaleStage::reversed;
}

void apply(Cards& cards, const MisidentificationRejected& event) { ends(cards, event.claim); }

}  // namespace obverse
