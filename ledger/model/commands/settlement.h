// What can be asked of settlement. Where `by` may be absent, the ledger's own timers ask too.
#pragma once

#include "ledger/model/account.h"
#include "ledger/model/digest.h"
#include "ledger/model/settlement.h"

namespace obverse {

// --- operators publish
struct PublishSettlementCalendar {
  SettlementCalendar calendar;
};
struct PublishFeeSchedule {
  FeeSchedule schedule;
};
struct PublishAgreement {
  Agreement agreement;
};
struct PublishSafeguardingTerms {
  SafeguardingTerms terms;
};

// --- an operator desk. Who has payouts made may not say where they go.
struct SetOwnAccount {
  TerminalId by;
  BankId bank;
  OwnAccount account;
};
struct SetPayoutAccount {
  TerminalId by;
  Party payee;
  PayoutAccount account;
};
// The books as another system left them, before anything else is posted.
struct OpenBooks {
  TerminalId by;
  Entries entries;
};
struct MigratePayout {
  TerminalId by;
  Party payee;
  Money amount;
  Label reference;
  BankId bank;
  std::int64_t day = 0;  // it was sent for
};

// --- a processor
struct CloseSettlementWindow {
  std::optional<TerminalId> by;
  WindowId window;
};
struct FormSettlementBatch {
  std::optional<TerminalId> by;
  WindowId window;
  Party payee;
  Currency currency = Currency::jpy;
};
struct ProducePayoutFile {
  TerminalId by;
  Code code;
  BankId bank;
  std::int64_t day = 0;
  std::vector<PayoutId> payouts;  // rising
  Money total;
  Digest digest;  // of the bytes that were made of them
};
struct RejectPayout {
  TerminalId by;
  PayoutId payout;
};
struct ImportStatement {
  TerminalId by;
  Digest digest;
  std::uint32_t part = 0;
  BankId bank;
  Money opening;
  Money closing;
  std::vector<StatementEntry> entries;
};
// Against an account, or as a payout that nothing but a person could recognise.
struct ResolveBreak {
  TerminalId by;
  StatementLine line;
  std::optional<PayoutId> payout;
  Account against;
};
struct ApportionFares {
  TerminalId by;
  OperatorId collector;
  Code product;
  Money total;
};
struct ComputeNetPositions {
  std::optional<TerminalId> by;
  WindowId window;
};
struct AdjustSafeguardingDeposit {
  TerminalId by;
  std::uint32_t instrument = 0;
  BankId bank;
  Money amount;
};

// --- the ledger's own timers
struct OpenSettlementWindow {};
struct ReleaseReserve {
  BatchId batch;
};
struct PostStatementEntry {
  StatementId statement;
};
struct AssessSafeguarding {};

}  // namespace obverse
