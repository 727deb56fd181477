// What can be asked about cards on file, their rails, and disputes.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/card.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/recognition.h"

namespace obverse {

struct PublishCardTerms {
  CardTerms terms;
};

// --- people, of their own cards
struct LinkPaymentMethod {
  RiderId rider;
  Scheme scheme = Scheme::visa;
  Code token;
  std::optional<Instant> expires;
};
struct UnlinkPaymentMethod {
  RiderId rider;
  PaymentMethodId method;
};
struct ChooseTender {
  RiderId rider;
  Tender tender = Tender::wallet;
  std::optional<PaymentMethodId> method;
};  // of purchases
struct ChooseFareTender {
  RiderId rider;
  std::optional<PaymentMethodId> method;
};  // of fares; none: the wallet
struct SetAutoLoad {
  RiderId rider;
  PaymentMethodId method;
  Money threshold;
  Money amount;
};
struct StopAutoLoad {
  RiderId rider;
};

// --- card rails
struct TakeRailAnswer {
  RailRequestId request;
  RailOutcome outcome = RailOutcome::unavailable;
  Code approval;  // of an authorisation that was approved
};
struct ReceiveSchemeFunding {
  TerminalId desk;
  Scheme scheme = Scheme::visa;
  Code statement;
  Money gross;
  Money deducted;
  Money fee;
  BankId bank;
};

// --- disputes, at an operator desk
struct OpenDispute {
  TerminalId desk;
  PurchaseId purchase;
  Money amount;
};
struct ResolveDispute {
  TerminalId desk;
  DisputeId dispute;
  bool upheld = false;
};
struct ReceiveChargeback {
  TerminalId desk;
  PurchaseId purchase;
  Money amount;
  Code reason;
};
struct RepresentChargeback {
  TerminalId desk;
  DisputeId chargeback;
  Digest evidence;
};
struct RuleChargeback {
  TerminalId desk;
  DisputeId chargeback;
  bool won = false;  // by the merchant
};
// One desk asks and another decides. The evidence is that of the purchase's own record.
struct ClaimMisidentification {
  TerminalId requested_by;
  PurchaseId purchase;
  Recognition evidence;
};
struct ApproveMisidentification {
  TerminalId approved_by;
  ClaimId claim;
};
struct RejectMisidentification {
  TerminalId rejected_by;
  ClaimId claim;
};
struct ClearDenyList {
  TerminalId desk;
  RiderId rider;
};

// --- the ledger's own timers
struct ExpirePaymentMethod {
  PaymentMethodId method;
};
struct ExpireRailRequest {
  RailRequestId request;
};
struct AdvanceAggregation {
  AggregationId aggregation;
};
struct AdvanceDispute {
  DisputeId dispute;
};

}  // namespace obverse
