// Authorising a purchase: the face-only limits, the step-up, the money; and what is remembered of
// every purchase.
#include "ledger/rules/money/payments.h"

#include <cassert>
#include <utility>

namespace obverse {
namespace {

// By what right a sale may go through.
enum class Warrant : std::uint8_t { by_pin, by_face_alone, by_step_up };

Decision decline(const Accepted& buyer, const Sale& sale, Refusal refusal) {
  // Without a key nothing can be remembered, so nothing is.
  if (refusal == Refusal::attempt_must_be_given) return {{}, Refused{refusal, {}}};
  return {{PurchaseDeclined{buyer.rider, sale.terminal, refusal}}, Refused{refusal, {}}};
}

std::int64_t day_of(const Policy& policy, const Moment& moment) {
  return day_number(moment.now, policy.day_offset, {});
}

bool is_bound(const StepUp& asked, const Sale& sale, Instant now) {
  return asked.id == sale.step_up && asked.terminal == sale.terminal &&
         asked.merchant == sale.merchant && asked.amount == sale.amount && now <= asked.expires;
}

// To the buyer, or to whoever would name themselves at this till.
bool is_bound(const Payments& payments, const Accepted& buyer, const Sale& sale, Instant now) {
  const auto mine = payments.step_ups.find(buyer.rider);
  if (mine != payments.step_ups.end() && is_bound(mine->second, sale, now)) return true;
  const auto anyones = payments.step_ups_of_anyone.find(sale.terminal);
  return anyones != payments.step_ups_of_anyone.end() && is_bound(anyones->second, sale, now);
}

// The limits are in the policy's currency; in another one nothing goes by face alone.
bool is_within_face_only_limits(const Payments& payments, const Policy& policy,
                                const Accepted& buyer, const Sale& sale, const Moment& moment) {
  if (sale.amount.currency != policy.currency) return false;
  if (sale.amount.minor > policy.face_only_purchase_max) return false;
  const std::int64_t spent =
      face_only_spent(payments, buyer.rider, day_of(policy, moment), sale.amount.currency);
  return sale.amount.minor <= policy.face_only_day_max - spent;
}

Outcome<Warrant> warrant_of(const Payments& payments, const Policy& policy, const Accepted& buyer,
                            const Sale& sale, const Moment& moment) {
  // The person's app says yes to one step-up, and to nothing else.
  const bool confirms_this = buyer.confirms && buyer.confirms == sale.step_up;
  if ((sale.step_up && buyer.by_pin) || buyer.confirms) {
    if ((buyer.by_pin || confirms_this) && is_bound(payments, buyer, sale, moment.now))
      return Warrant::by_step_up;
    return std::unexpected(Refusal::step_up_must_be_bound);
  }
  if (buyer.by_pin) return Warrant::by_pin;
  if (is_within_face_only_limits(payments, policy, buyer, sale, moment))
    return Warrant::by_face_alone;
  return std::unexpected(Refusal::step_up_must_be_done);
}

Outcome<void> sale_must_be_fit(const Payments& payments, const Sale& sale, const Moment& moment) {
  if (auto stands = attempt_must_stand(payments, moment); !stands) return stands;
  if (auto fit = amount_must_be_fit(sale.amount); !fit) return fit;
  if (sale.amount.currency != sale.currency) return std::unexpected(Refusal::currency_must_match);
  return {};
}
Outcome<void> sale_must_be_fit(const Payments& payments, const Wallets& wallets,
                               const Accepted& buyer, const Sale& sale, const Moment& moment) {
  if (auto fit = sale_must_be_fit(payments, sale, moment); !fit) return fit;
  return wallet_must_be_open(wallets, buyer.rider, sale.currency);
}

Decision ask_for_step_up(const Policy& policy, const Accepted& buyer, const Sale& sale,
                         const Moment& moment) {
  const StepUpId id{moment.position.value};
  return {{StepUpRequested{id, buyer.rider, sale.terminal, sale.merchant, sale.amount,
                           moment.now + policy.step_up_life}},
          Refused{Refusal::step_up_must_be_done, id}};
}

Events authorised_events(const Policy& policy, const Accepted& buyer, const Sale& sale,
                         Warrant warrant, const Moment& moment) {
  assert(moment.attempt);  // a terminal asks for it
  Events events;
  events.reserve(4);  // what a payment adds to it
  if (warrant == Warrant::by_step_up && sale.step_up)
    events.push_back(StepUpSatisfied{*sale.step_up, buyer.rider});
  events.push_back(PurchaseAuthorised{{moment.position.value},
                                      *moment.attempt,
                                      sale.merchant,
                                      buyer.rider,
                                      sale.amount,
                                      warrant == Warrant::by_face_alone,
                                      day_of(policy, moment)});
  return events;
}

Purchase& at(Payments& payments, PurchaseId id) {
  const auto found = payments.purchases.find(id);
  assert(found != payments.purchases.end());
  return found->second;
}

// What was not spent after all no longer counts, if the round it counted in is still the running
// one.
void give_back(Payments& payments, const Purchase& purchase, std::int64_t minor) {
  if (!purchase.face_only_round) return;
  FaceOnlySpend& spend = payments.face_only.at(purchase.rider);
  if (spend.round != *purchase.face_only_round) return;
  assert(minor >= 0 && minor <= spend.minor);
  spend.minor -= minor;
}

std::uint64_t count_face_only(Payments& payments, const PurchaseAuthorised& event) {
  FaceOnlySpend& spend = payments.face_only[event.rider];
  const Currency currency = event.amount.currency;
  if (spend.round == 0 || spend.day != event.day || spend.currency != currency)
    spend = {event.day, currency, spend.round + 1, 0};
  spend.minor += event.amount.minor;
  return spend.round;
}

}  // namespace

const Purchase* find(const Payments& payments, PurchaseId id) {
  const auto found = payments.purchases.find(id);
  return found == payments.purchases.end() ? nullptr : &found->second;
}

std::int64_t face_only_spent(const Payments& payments, RiderId rider, std::int64_t day,
                             Currency currency) {
  const auto found = payments.face_only.find(rider);
  if (found == payments.face_only.end()) return 0;
  const FaceOnlySpend& spend = found->second;
  return spend.day == day && spend.currency == currency ? spend.minor : 0;
}

Outcome<void> attempt_must_stand(const Payments& payments, const Moment& moment) {
  if (!moment.attempt) return std::unexpected(Refusal::attempt_must_be_given);
  if (payments.reversed_before_arrival.contains(*moment.attempt))
    return std::unexpected(Refusal::attempt_must_not_be_reversed);
  return {};
}

Decision ask_whoever_it_is(const Policy& policy, const Sale& sale, const Moment& moment) {
  if (auto fit = amount_must_be_fit(sale.amount); !fit) return {{}, Refused{fit.error(), {}}};
  if (sale.amount.currency != sale.currency) return {{}, Refused{Refusal::currency_must_match, {}}};
  // From here on it succeeds.
  const StepUpId id{moment.position.value};
  return {{StepUpRequested{
              id, {}, sale.terminal, sale.merchant, sale.amount, moment.now + policy.step_up_life}},
          Refused{Refusal::recognition_must_be_unambiguous, id}};
}

std::expected<Events, Decision> clear_sale(const Payments& payments, const Policy& policy,
                                           const Accepted& buyer, const Sale& sale,
                                           const Moment& moment) {
  if (auto fit = sale_must_be_fit(payments, sale, moment); !fit)
    return std::unexpected(decline(buyer, sale, fit.error()));
  const auto warrant = warrant_of(payments, policy, buyer, sale, moment);
  if (!warrant && warrant.error() == Refusal::step_up_must_be_done)
    return std::unexpected(ask_for_step_up(policy, buyer, sale, moment));
  if (!warrant) return std::unexpected(decline(buyer, sale, warrant.error()));
  return authorised_events(policy, buyer, sale, *warrant, moment);
}

Decision pay(const Payments& payments, const Book& book, const Holds& holds, const Wallets& wallets,
             const Policy& policy, const Accepted& buyer, const Sale& sale, const Moment& moment) {
  if (auto fit = sale_must_be_fit(payments, wallets, buyer, sale, moment); !fit)
    return decline(buyer, sale, fit.error());
  const auto warrant = warrant_of(payments, policy, buyer, sale, moment);
  if (!warrant && warrant.error() == Refusal::step_up_must_be_done)
    return ask_for_step_up(policy, buyer, sale, moment);
  if (!warrant) return decline(buyer, sale, warrant.error());
  if (available(book, holds, buyer.rider, sale.currency).minor < sale.amount.minor)
    return decline(buyer, sale, Refusal::funds_must_cover_amount);
  const Account wallet = wallet_of(buyer.rider, sale.currency);
  auto posted =
      make_posting(book, PostingReason::purchase_captured,
                   {{wallet, Side::debit, sale.amount.minor},
                    {payable_to(sale.merchant, sale.currency), Side::credit, sale.amount.minor}});
  if (!posted) return decline(buyer, sale, posted.error());
  // From here on it succeeds.
  const PurchaseId id{moment.position.value};
  Events events = authorised_events(policy, buyer, sale, *warrant, moment);
  events.push_back(PurchaseCaptured{id, sale.amount});
  events.push_back(std::move(*posted));
  const Money after{balance(book, wallet) - sale.amount.minor, sale.currency};
  return {std::move(events), Paid{id, sale.amount, after}};
}

Decision authorise(const Payments& payments, const Book& book, const Holds& holds,
                   const Wallets& wallets, const Policy& policy, const Accepted& buyer,
                   const Sale& sale, const Moment& moment) {
  if (auto fit = sale_must_be_fit(payments, wallets, buyer, sale, moment); !fit)
    return decline(buyer, sale, fit.error());
  const auto warrant = warrant_of(payments, policy, buyer, sale, moment);
  if (!warrant && warrant.error() == Refusal::step_up_must_be_done)
    return ask_for_step_up(policy, buyer, sale, moment);
  if (!warrant) return decline(buyer, sale, warrant.error());
  const PurchaseId id{moment.position.value};
  const Instant expires = moment.now + policy.hold_life;
  const auto hold = place_hold(book, holds, hold_of(id), buyer.rider, sale.amount, expires);
  if (!hold) return decline(buyer, sale, hold.error());
  // From here on it succeeds.
  Events events = authorised_events(policy, buyer, sale, *warrant, moment);
  events.push_back(*hold);
  return {std::move(events), Authorised{id, sale.amount, expires}};
}

void apply(Payments& payments, const PurchaseAuthorised& event) {
  Purchase purchase;
  purchase.attempt = event.attempt;
  purchase.merchant = event.merchant;
  purchase.rider = event.rider;
  purchase.amount = event.amount;
  if (event.face_only) purchase.face_only_round = count_face_only(payments, event);
  // Purchases are numbered by position and attempts by time: each goes to the end, or near it.
  const std::size_t before = payments.purchases.size() + payments.attempts.size();
  payments.purchases.emplace_hint(payments.purchases.end(), event.purchase, purchase);
  payments.attempts.emplace_hint(payments.attempts.end(), event.attempt, event.purchase);
  assert(payments.purchases.size() + payments.attempts.size() == before + 2);
}

void apply(Payments& payments, const PurchaseCaptured& event) {
  Purchase& purchase = at(payments, event.purchase);
  assert(purchase.state == PurchaseState::authorised);
  assert(event.amount.minor > 0 && event.amount.minor <= purchase.amount.minor);
  purchase.state = PurchaseState::captured;
  purchase.captured = event.amount.minor;
  give_back(payments, purchase, purchase.amount.minor - purchase.captured);
}

void apply(Payments& payments, const PurchaseVoided& event) {
  Purchase& purchase = at(payments, event.purchase);
  assert(purchase.state == PurchaseState::authorised);
  purchase.state = PurchaseState::voided;
  give_back(payments, purchase, purchase.amount.minor);
}

void apply(Payments& payments, const PurchaseReversed& event) {
  Purchase& purchase = at(payments, event.purchase);
  assert(purchase.state != PurchaseState::reversed);
  if (purchase.state == PurchaseState::authorised)
    give_back(payments, purchase, purchase.amount.minor);
  if (purchase.state == PurchaseState::captured) give_back(payments, purchase, purchase.captured);
  purchase.state = PurchaseState::reversed;
}

void apply(Payments& payments, const ReversalRecorded& event) {
  [[maybe_unused]] const bool is_new =
      payments.reversed_before_arrival.insert(event.attempt).second;
  assert(is_new);
}

void apply(Payments& payments, const RefundIssued& event) {
  Purchase& purchase = at(payments, event.purchase);
  assert(purchase.state == PurchaseState::captured);
  purchase.refunded += event.amount.minor;
  assert(event.amount.minor > 0 && purchase.refunded <= purchase.captured);
}

void apply(Payments& payments, const ChargebackLost& event) {
  Purchase& purchase = at(payments, event.purchase);
  purchase.refunded += event.amount.minor;
  assert(event.amount.minor > 0 && purchase.refunded <= purchase.captured);
}

void apply(Payments& payments, const MisidentificationReversed& event) {
  Purchase& purchase = at(payments, event.purchase);
  assert(purchase.state == PurchaseState::captured);
  give_back(payments, purchase, purchase.captured);
  purchase.state = PurchaseState::reversed;
}

void apply(Payments& payments, const StepUpRequested& event) {
  const StepUp asked{event.step_up, event.terminal, event.merchant, event.amount, event.expires};
  if (event.rider == RiderId{})
    payments.step_ups_of_anyone.insert_or_assign(event.terminal, asked);
  else
    payments.step_ups.insert_or_assign(event.rider, asked);
}

void apply(Payments& payments, const StepUpSatisfied& event) {
  const auto asked = payments.step_ups.find(event.rider);
  if (asked != payments.step_ups.end() && asked->second.id == event.step_up) {
    payments.step_ups.erase(asked);
  } else {
    [[maybe_unused]] const auto gone =
        std::erase_if(payments.step_ups_of_anyone,
                      [&](const auto& one) { return one.second.id == event.step_up; });
    assert(gone == 1);
  }
  const auto spend = payments.face_only.find(event.rider);
  if (spend == payments.face_only.end()) return;
  ++spend->second.round;
  spend->second.minor = 0;
}

}  // namespace obverse
