// What can have happened to money. Only Posted changes a balance; the others say why, and what is
// held.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/account.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/outcome.h"

namespace obverse {

enum class PostingReason : std::uint16_t {
  funds_loaded = 1,
  debt_recovered,
  purchase_captured,
  purchase_reversed,
  refund_issued,
  fare_charged,
  maximum_fare_charged,
  fare_adjusted,
  pass_purchased,
  pass_revenue_recognised,
  pass_refunded,
  settlement_batch_formed,
  settlement_carried_forward,
  reserve_released,
  payout_confirmed,
  payout_returned,
  payout_rejected,
  statement_entry_unmatched,
  break_resolved,
  apportionment_computed,
  safeguarding_deposit_adjusted,
  opening,
  offline_accepted,
  scheme_funding_received,
  refund_failed,
  aggregation_charged,
  debt_written_off,
  provisional_credit_issued,
  dispute_resolved,
  chargeback_received,
  chargeback_won,
  chargeback_lost,
  misidentification_reversed,
};
std::string_view name(PostingReason);  // "FundsLoaded"

// Debits equal credits per currency; every amount is positive.
struct Posted {
  PostingReason reason;
  Entries entries;
  friend bool operator==(const Posted&, const Posted&) = default;
};

struct WalletOpened {
  RiderId rider;
  Currency currency;
  friend bool operator==(const WalletOpened&, const WalletOpened&) = default;
};
struct FundsLoaded {
  LoadId load;
  RiderId rider;
  Money amount;
  BankId bank;
  friend bool operator==(const FundsLoaded&, const FundsLoaded&) = default;
};
struct DebtRecovered {
  RiderId rider;
  Money amount;
  friend bool operator==(const DebtRecovered&, const DebtRecovered&) = default;
};

// A hold is a memorandum on a wallet, not a posting. It is resolved exactly once: captured +
// released = amount.
struct FundsReserved {
  HoldId hold;
  RiderId rider;
  Money amount;
  std::optional<Instant> expires;
  friend bool operator==(const FundsReserved&, const FundsReserved&) = default;
};
struct HoldCaptured {
  HoldId hold;
  Money amount;
  friend bool operator==(const HoldCaptured&, const HoldCaptured&) = default;
};
struct HoldReleased {
  HoldId hold;
  Money amount;
  friend bool operator==(const HoldReleased&, const HoldReleased&) = default;
};
struct HoldExpired {
  HoldId hold;
  Money amount;
  friend bool operator==(const HoldExpired&, const HoldExpired&) = default;
};

struct PurchaseAuthorised {
  PurchaseId purchase;
  Attempt attempt;  // of the till; a reversal names it
  MerchantId merchant;
  RiderId rider;
  Money amount;
  bool face_only = false;  // counts toward the face-only totals
  std::int64_t day = 0;    // which local day it counts on
  friend bool operator==(const PurchaseAuthorised&, const PurchaseAuthorised&) = default;
};
struct PurchaseCaptured {
  PurchaseId purchase;
  Money amount;
  friend bool operator==(const PurchaseCaptured&, const PurchaseCaptured&) = default;
};
struct PurchaseVoided {
  PurchaseId purchase;
  friend bool operator==(const PurchaseVoided&, const PurchaseVoided&) = default;
};
struct PurchaseDeclined {
  std::optional<RiderId> rider;
  TerminalId terminal;
  Refusal refusal;
  friend bool operator==(const PurchaseDeclined&, const PurchaseDeclined&) = default;
};
struct PurchaseReversed {
  PurchaseId purchase;
  Money amount;
  friend bool operator==(const PurchaseReversed&, const PurchaseReversed&) = default;
};
// A reversal that overtook its original: when that arrives it is declined.
struct ReversalRecorded {
  Attempt attempt;
  friend bool operator==(const ReversalRecorded&, const ReversalRecorded&) = default;
};
struct RefundIssued {
  RefundId refund;
  PurchaseId purchase;
  Money amount;
  friend bool operator==(const RefundIssued&, const RefundIssued&) = default;
};

// Bound to the rider, the terminal, the payee and the amount: a PIN given for it is good for
// nothing else.
struct StepUpRequested {
  StepUpId step_up;
  RiderId rider;  // 0: the face was ambiguous; whoever types a PIN names themselves
  TerminalId terminal;
  MerchantId merchant;
  Money amount;
  Instant expires;
  friend bool operator==(const StepUpRequested&, const StepUpRequested&) = default;
};
struct StepUpSatisfied {
  StepUpId step_up;
  RiderId rider;
  friend bool operator==(const StepUpSatisfied&, const StepUpSatisfied&) = default;
};

}  // namespace obverse
