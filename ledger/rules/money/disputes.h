// A person says that a purchase was wrong. Until that is settled the wallet's part may be credited
// for the time being; silence favours the person. What a card's bank says is in chargebacks.h.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"

namespace obverse {

struct AfterSale;
struct Cards;

struct Dispute {
  PurchaseId purchase;
  RiderId rider;
  MerchantId merchant;
  Money amount;
  std::int64_t credited = 0;  // minor units, for the time being
  Instant next;               // when it is credited, and then when it is upheld
  Instant resolved;
  friend bool operator==(const Dispute&, const Dispute&) = default;
};
// A bank wants a card's money back. `scheme` is the card's.
struct Chargeback {
  PurchaseId purchase;
  RiderId rider;
  MerchantId merchant;
  Scheme scheme = Scheme::visa;
  Money amount;
  bool represented = false;
  Instant next;  // lost then, or won once it was represented
  friend bool operator==(const Chargeback&, const Chargeback&) = default;
};
struct DisputeDue {
  Instant at;
  DisputeId dispute;
  friend constexpr auto operator<=>(const DisputeDue&, const DisputeDue&) = default;
};
struct Disputes {
  std::map<DisputeId, Dispute> open;
  std::map<DisputeId, Chargeback> chargebacks;
  std::map<PurchaseId, DisputeId> disputed;      // by `open`
  std::map<PurchaseId, DisputeId> charged_back;  // by `chargebacks`
  std::set<DisputeDue> due;                      // of both
  friend bool operator==(const Disputes&, const Disputes&) = default;
};

// Neither by the person nor by a bank.
bool is_disputed(const Disputes&, PurchaseId);

Decision decide(const AfterSale&, const OpenDispute&, const Moment&);     // Registered
Decision decide(const AfterSale&, const ResolveDispute&, const Moment&);  // Done
// The timer of a dispute or of a chargeback.
Decision decide(const AfterSale&, const AdvanceDispute&, const Moment&);  // Done

void apply(Cards&, const DisputeOpened&);
void apply(Cards&, const ProvisionalCreditIssued&);
void apply(Cards&, const DisputeResolved&);

}  // namespace obverse
