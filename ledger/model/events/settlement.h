// What can have happened to money on its way to those who earned it: published terms, windows,
// batches, payouts, statements, clearing, safeguarding. As everywhere, only Posted moves money.
#pragma once

#include "ledger/model/digest.h"
#include "ledger/model/outcome.h"
#include "ledger/model/settlement.h"

namespace obverse {

// --- published
struct SettlementCalendarPublished {
  CalendarVersion version;
  SettlementCalendar calendar;
  friend bool operator==(const SettlementCalendarPublished&,
                         const SettlementCalendarPublished&) = default;
};
struct FeeSchedulePublished {
  FeeScheduleVersion version;
  FeeSchedule schedule;
  friend bool operator==(const FeeSchedulePublished&, const FeeSchedulePublished&) = default;
};
struct AgreementPublished {
  AgreementVersion version;
  Agreement agreement;
  friend bool operator==(const AgreementPublished&, const AgreementPublished&) = default;
};
struct SafeguardingTermsPublished {
  SafeguardingVersion version;
  SafeguardingTerms terms;
  BaseDate next;
  friend bool operator==(const SafeguardingTermsPublished&,
                         const SafeguardingTermsPublished&) = default;
};
struct OwnAccountSet {
  BankId bank;
  OwnAccount account;
  friend bool operator==(const OwnAccountSet&, const OwnAccountSet&) = default;
};
struct PayoutAccountSet {
  PayoutAccountId id;
  Party payee;
  PayoutAccount account;
  Instant usable_from;
  std::optional<PayoutAccountId> until_then;  // which one is used meanwhile
  friend bool operator==(const PayoutAccountSet&, const PayoutAccountSet&) = default;
};

// --- windows: a cut through the log. What is posted belongs to the one that was opened last.
struct SettlementWindowOpened {
  WindowId window;
  Instant from;     // the one before is cut off here
  Instant cut_off;  // unless a processor ends it before
  Instant closes;   // to what came late, if it was cut off in time
  std::int64_t last_day = 0;
  CalendarVersion calendar;
  friend bool operator==(const SettlementWindowOpened&, const SettlementWindowOpened&) = default;
};
struct SettlementWindowClosed {
  WindowId window;
  Instant at;
  std::int64_t last_day = 0;
  friend bool operator==(const SettlementWindowClosed&, const SettlementWindowClosed&) = default;
};
// The posting that follows was captured before this window was cut off.
struct SettlementItemAssigned {
  WindowId window;
  friend bool operator==(const SettlementItemAssigned&, const SettlementItemAssigned&) = default;
};
struct SettlementWindowSettled {
  WindowId window;
  friend bool operator==(const SettlementWindowSettled&, const SettlementWindowSettled&) = default;
};

// --- batches: one a window, payee and currency
struct BatchLine {
  TenderClass tender;
  std::int64_t sales = 0;
  std::int64_t refunds = 0;
  std::int64_t fee = 0;  // of sales less refunds, with its sign
  std::int64_t reserve = 0;
  friend bool operator==(const BatchLine&, const BatchLine&) = default;
};
// Sales - refunds + adjusted + released + carried_in
//   = fees + reserve + recovered + payout_fee + payout_tax + paid + carried_out.
struct SettlementBatchFormed {
  BatchId batch;
  WindowId window;
  Party payee;
  Currency currency = Currency::jpy;
  FeeScheduleVersion schedule;  // 0: an operator without one pays nothing
  std::vector<BatchLine> lines;
  std::int64_t adjusted = 0;    // what is neither sale nor refund, with its sign
  std::int64_t released = 0;    // of reserves withheld before
  std::int64_t carried_in = 0;  // was too little, or could not be paid out, last time
  std::int64_t recovered = 0;   // of what the payee owes
  std::int64_t payout_fee = 0;
  std::int64_t payout_tax = 0;
  std::int64_t paid = 0;
  std::int64_t carried_out = 0;  // negative: the payee owes it from here on
  friend bool operator==(const SettlementBatchFormed&, const SettlementBatchFormed&) = default;
};
// The payee owes it.
struct SettlementCarriedForward {
  BatchId batch;
  Party payee;
  Money amount;
  friend bool operator==(const SettlementCarriedForward&,
                         const SettlementCarriedForward&) = default;
};
// No batch could be formed: everything waits for the window that is open.
struct SettlementDeferred {
  WindowId window;
  Party payee;
  Currency currency = Currency::jpy;
  Refusal refusal = Refusal::amount_must_be_positive;
  friend bool operator==(const SettlementDeferred&, const SettlementDeferred&) = default;
};
struct ReserveWithheld {
  BatchId batch;
  Party payee;
  Money amount;
  Instant release_at;
  friend bool operator==(const ReserveWithheld&, const ReserveWithheld&) = default;
};
struct ReserveReleased {
  BatchId batch;
  Instant due;
  Party payee;
  Money amount;  // zero where chargebacks took it
  friend bool operator==(const ReserveReleased&, const ReserveReleased&) = default;
};

// --- payouts
struct PayoutInstructed {
  PayoutId payout;
  WindowId window;
  Party payee;
  Money amount;
  PayoutAccountId account;
  Label reference;  // what the transfer says to its receiver; of no other payout, ever
  std::int64_t due_day = 0;
  friend bool operator==(const PayoutInstructed&, const PayoutInstructed&) = default;
};
// Was under way before this ledger began: its money is in the opening.
struct PayoutMigrated {
  PayoutId payout;
  Party payee;
  Money amount;
  PayoutAccountId account;
  Label reference;
  BankId bank;
  std::int64_t day = 0;
  friend bool operator==(const PayoutMigrated&, const PayoutMigrated&) = default;
};
struct PayoutFileProduced {
  PayoutFileId file;
  Code code;
  BankId bank;
  std::int64_t day = 0;
  Money total;
  std::vector<PayoutId> payouts;
  Digest digest;  // SHA-256 of its bytes
  friend bool operator==(const PayoutFileProduced&, const PayoutFileProduced&) = default;
};
struct PayoutConfirmed {
  PayoutId payout;
  friend bool operator==(const PayoutConfirmed&, const PayoutConfirmed&) = default;
};
struct PayoutReturned {
  PayoutId payout;
  friend bool operator==(const PayoutReturned&, const PayoutReturned&) = default;
};
struct PayoutRejected {
  PayoutId payout;
  friend bool operator==(const PayoutRejected&, const PayoutRejected&) = default;
};

// --- the bank's word
struct StatementImported {
  StatementId statement;
  Digest digest;           // of the file
  std::uint32_t part = 0;  // of a file that is too long for one record
  BankId bank;
  Instant at;
  Money opening;
  Money closing;
  std::vector<ImportedEntry> entries;
  friend bool operator==(const StatementImported&, const StatementImported&) = default;
};
struct StatementEntryMatched {
  StatementLine line;
  PayoutId payout;
  MatchKey key = MatchKey::reference;
  friend bool operator==(const StatementEntryMatched&, const StatementEntryMatched&) = default;
};
struct StatementEntryUnmatched {
  StatementLine line;
  BankId bank;
  Money amount;  // positive: money in
  std::int64_t value_day = 0;
  friend bool operator==(const StatementEntryUnmatched&, const StatementEntryUnmatched&) = default;
};
struct BreakResolved {
  StatementLine line;
  std::optional<PayoutId> payout;
  friend bool operator==(const BreakResolved&, const BreakResolved&) = default;
};

// --- clearing between operators
struct ApportionedPart {
  OperatorId transit;
  std::int64_t minor = 0;
  friend bool operator==(const ApportionedPart&, const ApportionedPart&) = default;
};
struct ApportionmentComputed {
  AgreementVersion agreement;
  OperatorId collector;
  Money total;
  std::vector<ApportionedPart> parts;
  friend bool operator==(const ApportionmentComputed&, const ApportionmentComputed&) = default;
};
struct NetPosition {
  OperatorId transit;
  std::int64_t minor = 0;  // positive: it is owed
  friend bool operator==(const NetPosition&, const NetPosition&) = default;
};
struct BilateralNet {
  OperatorId debtor;
  OperatorId creditor;
  std::int64_t minor = 0;
  friend bool operator==(const BilateralNet&, const BilateralNet&) = default;
};
struct NetPositionComputed {
  WindowId window;
  Currency currency = Currency::jpy;
  std::vector<NetPosition> positions;  // sum to zero
  std::vector<BilateralNet> bilateral;
  friend bool operator==(const NetPositionComputed&, const NetPositionComputed&) = default;
};

// --- prepaid value
struct SafeguardingRequirementComputed {
  SafeguardingVersion terms;
  BaseDate base;
  Money unused;
  Money required;
  Money deposited;
  BaseDate next;
  friend bool operator==(const SafeguardingRequirementComputed&,
                         const SafeguardingRequirementComputed&) = default;
};
struct SafeguardingDepositAdjusted {
  std::uint32_t instrument = 0;
  BankId bank;
  Money amount;  // negative: taken back
  friend bool operator==(const SafeguardingDepositAdjusted&,
                         const SafeguardingDepositAdjusted&) = default;
};

}  // namespace obverse
