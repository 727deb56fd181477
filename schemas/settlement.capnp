# What the log keeps of settlement: fields in the order of ledger/model/settlement.h and
# ledger/model/events/settlement.h. Days are days since 1970-01-01, instants and durations are ms.
@0x82f1084c4759f4c0;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");

using import "nouns.capnp".Money;
using import "nouns.capnp".Party;

# --- nouns
struct SettlementCalendar {
  effectiveFrom @0 :Int64;
  lastDays @1 :List(UInt8);  # of windows, every month; 31 is its end
  payAfter @2 :UInt8;  # business days
  lateArrivals @3 :Int64;
  accountCoolingOff @4 :Int64;
  holidays @5 :List(Int64);
}

struct TenderClass {
  kind @0 :UInt8;  # 1 wallet, 2 scheme, 3 other
  scheme @1 :UInt64;
}

# Rates are in 1/10,000.
struct TenderFee { tender @0 :TenderClass; discount @1 :UInt32; reserve @2 :UInt32; }

struct FeeSchedule {
  payee @0 :Party;
  effectiveFrom @1 :Int64;
  currency @2 :UInt16;  # ISO 4217 numeric
  tenders @3 :List(TenderFee);
  reserveDays @4 :UInt32;
  payoutFeeMinor @5 :Int64;
  payoutTaxMinor @6 :Int64;
  payoutMinimumMinor @7 :Int64;
}

struct PayoutAccount {
  bank @0 :UInt32;
  bankName @1 :Text;
  branch @2 :UInt32;
  branchName @3 :Text;
  type @4 :UInt8;  # 1 ordinary, 2 current, 4 savings, 9 other
  number @5 :UInt32;
  holder @6 :Text;
}

struct OwnAccount { originator @0 :UInt64; account @1 :PayoutAccount; }
struct Share { transit @0 :UInt32; weight @1 :UInt32; }

struct Agreement {
  code @0 :Text;
  collector @1 :UInt32;
  product @2 :Text;
  effectiveFrom @3 :Int64;
  shares @4 :List(Share);
}

struct MonthDay { month @0 :UInt8; day @1 :UInt8; }

struct SafeguardingTerms {
  currency @0 :UInt16;
  thresholdMinor @1 :Int64;
  rate @2 :UInt32;  # in 1/10,000
  baseDays @3 :List(MonthDay);
}

struct BaseDate { day @0 :Int64; ends @1 :Int64; }

struct ImportedEntry {
  minor @0 :Int64;  # positive: money in
  valueDay @1 :Int64;
  payout :union { none @2 :Void; some @3 :UInt64; }
  key @4 :UInt8;  # 1 none, 2 reference, 3 amount, date and payee, 4 amount and date
}

struct StatementLine { statement @0 :UInt64; entry @1 :UInt32; }

# --- published
struct SettlementCalendarPublished { version @0 :UInt32; calendar @1 :SettlementCalendar; }
struct FeeSchedulePublished { version @0 :UInt32; schedule @1 :FeeSchedule; }
struct AgreementPublished { version @0 :UInt32; agreement @1 :Agreement; }

struct SafeguardingTermsPublished {
  version @0 :UInt32;
  terms @1 :SafeguardingTerms;
  next @2 :BaseDate;
}

struct OwnAccountSet { bank @0 :UInt32; account @1 :OwnAccount; }

struct PayoutAccountSet {
  id @0 :UInt64;
  payee @1 :Party;
  account @2 :PayoutAccount;
  usableFrom @3 :Int64;
  untilThen :union { none @4 :Void; some @5 :UInt64; }
}

# --- windows
struct SettlementWindowOpened {
  window @0 :UInt64;
  from @1 :Int64;
  cutOff @2 :Int64;
  closes @3 :Int64;
  lastDay @4 :Int64;
  calendar @5 :UInt32;
}

struct SettlementWindowClosed { window @0 :UInt64; at @1 :Int64; lastDay @2 :Int64; }
struct SettlementItemAssigned { window @0 :UInt64; }  # of the posting that follows
struct SettlementWindowSettled { window @0 :UInt64; }

# --- batches
struct BatchLine {
  tender @0 :TenderClass;
  sales @1 :Int64;
  refunds @2 :Int64;
  fee @3 :Int64;
  reserve @4 :Int64;
}

struct SettlementBatchFormed {
  batch @0 :UInt64;
  window @1 :UInt64;
  payee @2 :Party;
  currency @3 :UInt16;
  schedule @4 :UInt32;
  lines @5 :List(BatchLine);
  adjusted @6 :Int64;
  released @7 :Int64;
  carriedIn @8 :Int64;
  recovered @9 :Int64;
  payoutFee @10 :Int64;
  payoutTax @11 :Int64;
  paid @12 :Int64;
  carriedOut @13 :Int64;  # negative: owed by the payee
}

struct SettlementCarriedForward { batch @0 :UInt64; payee @1 :Party; amount @2 :Money; }

struct SettlementDeferred {
  window @0 :UInt64;
  payee @1 :Party;
  currency @2 :UInt16;
  refusal @3 :UInt16;  # ledger/model/outcome.h
}

struct ReserveWithheld { batch @0 :UInt64; payee @1 :Party; amount @2 :Money; releaseAt @3 :Int64; }

struct ReserveReleased {
  batch @0 :UInt64;
  due @1 :Int64;
  payee @2 :Party;
  amount @3 :Money;
}

# --- payouts
struct PayoutInstructed {
  payout @0 :UInt64;
  window @1 :UInt64;
  payee @2 :Party;
  amount @3 :Money;
  account @4 :UInt64;
  reference @5 :Text;
  dueDay @6 :Int64;
}

struct PayoutMigrated {
  payout @0 :UInt64;
  payee @1 :Party;
  amount @2 :Money;
  account @3 :UInt64;
  reference @4 :Text;
  bank @5 :UInt32;
  day @6 :Int64;
}

struct PayoutFileProduced {
  file @0 :UInt64;
  code @1 :Text;
  bank @2 :UInt32;
  day @3 :Int64;
  total @4 :Money;
  payouts @5 :List(UInt64);
  digest @6 :Data;  # SHA-256 of its bytes
}

struct PayoutConfirmed { payout @0 :UInt64; }
struct PayoutReturned { payout @0 :UInt64; }
struct PayoutRejected { payout @0 :UInt64; }

# --- the bank's word
struct StatementImported {
  statement @0 :UInt64;
  digest @1 :Data;
  part @2 :UInt32;
  bank @3 :UInt32;
  at @4 :Int64;
  opening @5 :Money;
  closing @6 :Money;
  entries @7 :List(ImportedEntry);
}

struct StatementEntryMatched { line @0 :StatementLine; payout @1 :UInt64; key @2 :UInt8; }

struct StatementEntryUnmatched {
  line @0 :StatementLine;
  bank @1 :UInt32;
  amount @2 :Money;
  valueDay @3 :Int64;
}

struct BreakResolved {
  line @0 :StatementLine;
  payout :union { none @1 :Void; some @2 :UInt64; }
}

# --- clearing
struct ApportionedPart { transit @0 :UInt32; minor @1 :Int64; }

struct ApportionmentComputed {
  agreement @0 :UInt32;
  collector @1 :UInt32;
  total @2 :Money;
  parts @3 :List(ApportionedPart);
}

struct NetPosition { transit @0 :UInt32; minor @1 :Int64; }
struct BilateralNet { debtor @0 :UInt32; creditor @1 :UInt32; minor @2 :Int64; }

struct NetPositionComputed {
  window @0 :UInt64;
  currency @1 :UInt16;
  positions @2 :List(NetPosition);
  bilateral @3 :List(BilateralNet);
}

# --- prepaid value
struct SafeguardingRequirementComputed {
  terms @0 :UInt32;
  base @1 :BaseDate;
  unused @2 :Money;
  required @3 :Money;
  deposited @4 :Money;
  next @5 :BaseDate;
}

struct SafeguardingDepositAdjusted { instrument @0 :UInt32; bank @1 :UInt32; amount @2 :Money; }
