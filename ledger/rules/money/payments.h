// Purchases from a wallet, once the buyer is identified: authorise, pay, the face-only limits and
// the step-up that goes beyond them. What happens to a purchase afterwards is decided in
// after_sale.h; who the buyer is, in places/purchases.h.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/policy.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/acceptance.h"

namespace obverse {

enum class PurchaseState : std::uint8_t { authorised = 1, captured, voided, reversed };

struct Purchase {
  Attempt attempt;
  MerchantId merchant;
  RiderId rider;
  Money amount;  // authorised
  PurchaseState state = PurchaseState::authorised;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::optional<std::uint64_t> face_only_round;  // which round of the rider's total it counts in
  friend bool operator==(const Purchase&, const Purchase&) = default;
};
struct StepUp {
  StepUpId id;
  TerminalId terminal;
  MerchantId merchant;
  Money amount;
  Instant expires;
  friend bool operator==(const StepUp&, const StepUp&) = default;
};
// What a rider has spent by face alone on one local day since the last step-up. A round ends with
// its day or with a step-up; what is given back later lowers only the round it was spent in.
struct FaceOnlySpend {
  std::int64_t day = 0;
  Currency currency = Currency::jpy;
  std::uint64_t round = 0;
  std::int64_t minor = 0;
  friend bool operator==(const FaceOnlySpend&, const FaceOnlySpend&) = default;
};

struct Payments {
  std::map<PurchaseId, Purchase> purchases;
  std::map<Attempt, PurchaseId> attempts;
  std::set<Attempt> reversed_before_arrival;
  std::map<RiderId, StepUp> step_ups;  // asked for and not yet done; a newer one replaces an older
  std::map<RiderId, FaceOnlySpend> face_only;
  // At a till where nobody was named, because the face was ambiguous; a newer one replaces an
  // older.
  std::map<TerminalId, StepUp> step_ups_of_anyone;
  friend bool operator==(const Payments&, const Payments&) = default;
};

// One sale at a till. `currency` is the merchant's.
struct Sale {
  TerminalId terminal;
  MerchantId merchant;
  Currency currency = Currency::jpy;
  Money amount;
  std::optional<StepUpId> step_up;
};

const Purchase* find(const Payments&, PurchaseId);
// The hold that stands behind an authorised purchase: both are numbered by the same position.
inline HoldId hold_of(PurchaseId purchase) { return {purchase.value}; }
// Spent by face alone on this day since the last step-up, minor units of `currency`.
std::int64_t face_only_spent(const Payments&, RiderId, std::int64_t day, Currency);

// attempt_must_be_given; attempt_must_not_be_reversed if its reversal came first. To be asked
// before the buyer is identified, so that a late original leaves nothing but its denial.
Outcome<void> attempt_must_stand(const Payments&, const Moment&);

// The face was ambiguous: StepUpRequested to nobody in particular. Whoever types a PIN for this
// amount at this till names themselves.
Decision ask_whoever_it_is(const Policy&, const Sale&, const Moment&);

// Refusals leave PurchaseDeclined, or StepUpRequested where a PIN would do; the evidence of
// `buyer` is prepended by the caller. A buyer by PIN is never face-only.
// What comes before any money: the attempt, the amount, the limits. The events that authorise the
// sale, PurchaseAuthorised among them, or how it is refused.
std::expected<Events, Decision> clear_sale(const Payments&, const Policy&, const Accepted& buyer,
                                           const Sale&, const Moment&);
// PurchaseAuthorised, PurchaseCaptured, Posted; replies Paid.
Decision pay(const Payments&, const Book&, const Holds&, const Wallets&, const Policy&,
             const Accepted& buyer, const Sale&, const Moment&);
// PurchaseAuthorised, FundsReserved until now + hold_life; replies Authorised.
Decision authorise(const Payments&, const Book&, const Holds&, const Wallets&, const Policy&,
                   const Accepted& buyer, const Sale&, const Moment&);

void apply(Payments&, const PurchaseAuthorised&);
void apply(Payments&, const PurchaseCaptured&);
void apply(Payments&, const PurchaseVoided&);
void apply(Payments&, const PurchaseReversed&);
void apply(Payments&, const ReversalRecorded&);
void apply(Payments&, const RefundIssued&);
void apply(Payments&, const ChargebackLost&);             // as a refund that nobody asked for
void apply(Payments&, const MisidentificationReversed&);  // it was never this person's
void apply(Payments&, const StepUpRequested&);
void apply(Payments&, const StepUpSatisfied&);

}  // namespace obverse
