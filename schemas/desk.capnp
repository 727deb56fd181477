@0x9d5ea1c03f7b2864;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What desks ask besides what has a method of its own: one struct a command, with the fields that
# the command has (ledger/model/commands.h), in that order. Operators, merchants, terminals and
# sponsors are named by their short names; who asks is not said (Void): it is the caller. The
# capability of each desk takes only the kinds that are its own.
# Days are days since 1970-01-01, local; instants ms since 1970-01-01T00:00:00Z.

using Common = import "common.capnp";
using Replies = import "replies.capnp";
using Nouns = import "nouns.capnp";
using Credentials = import "credentials.capnp";
using Settlement = import "settlement.capnp";

interface Desk {
  act @0 (attempt :Common.AttemptKey,
      command :DeskCommand) -> (outcome :Common.Outcome, reply :Replies.Reply);
  # `reply` says in full what `outcome` says in short; null where nothing was decided.
}

struct DeskCommand {
  union {
    registerSponsor @0 :RegisterSponsor;  # operator's desk
    sellPass @1 :SellPass;                # enrolment desk
    refundPass @2 :RefundPass;            # enrolment desk

    # People, at an enrolment desk.
    formLookalikeGroup @3 :FormLookalikeGroup;
    dissolveLookalikeGroup @4 :DissolveLookalikeGroup;
    unlockFace @5 :UnlockFace;
    chooseCustody @6 :ChooseCustody;
    linkDevice @7 :LinkDevice;
    reportDeviceLost @8 :ReportDeviceLost;
    issueExitToken @9 :IssueExitToken;
    grantCategory @10 :GrantCategory;
    endGuardianship @11 :EndGuardianship;
    readPersonalData @12 :ReadPersonalData;

    # What all terminals go by, and what was sold without network, at the operator's desk.
    publishTerminalLimits @13 :PublishTerminalLimits;
    giveUpOffline @14 :GiveUpOffline;
    releaseOffline @15 :ReleaseOffline;

    # How the takings become payouts, at the operator's desk.
    publishSettlementCalendar @16 :PublishSettlementCalendar;
    publishFeeSchedule @17 :PublishFeeSchedule;
    publishAgreement @18 :PublishAgreement;
    publishSafeguardingTerms @19 :PublishSafeguardingTerms;
    setOwnAccount @20 :SetOwnAccount;
    setPayoutAccount @21 :SetPayoutAccount;
    openBooks @22 :OpenBooks;
    adjustSafeguardingDeposit @23 :AdjustSafeguardingDeposit;

    # A processor.
    closeSettlementWindow @24 :CloseSettlementWindow;
    rejectPayout @25 :RejectPayout;
    resolveBreak @26 :ResolveBreak;
    apportionFares @27 :ApportionFares;
  }
}

# Who pays part of some riders' fares.
struct RegisterSponsor { code @0 :Text; }

# A commuter pass, from the wallet.
struct SellPass {
  rider @0 :UInt64;
  transit @1 :Text;
  from @2 :Text;      # stations
  to @3 :Text;
  firstDay @4 :Int64;
  months @5 :UInt8;
}

# What the months begun have cost is kept, and the tariff's fee.
struct RefundPass { pass @0 :UInt64; }

# --- people
struct FormLookalikeGroup { desk @0 :Void; members @1 :List(UInt64); }
struct DissolveLookalikeGroup { desk @0 :Void; group @1 :UInt64; }
struct UnlockFace { rider @0 :UInt64; desk @1 :Void; }
struct ChooseCustody { rider @0 :UInt64; custody @1 :UInt8; }
# custody: 1 held by the device, 2 under the rider's own key, 3 under the operator's key
struct LinkDevice { rider @0 :UInt64; key @1 :Data; }  # 32 bytes: SHA-256 of its public key
struct ReportDeviceLost { rider @0 :UInt64; device @1 :UInt64; }
struct IssueExitToken { rider @0 :UInt64; }            # for somebody who is inside

struct GrantCategory {
  rider @0 :UInt64;
  category @1 :UInt8;  # 1 adult, 2 child, 3 infant, 4 senior, 5 disabled, 6 student
  from @2 :Int64;
  until :union { none @3 :Void; some @4 :Int64; }
}
struct EndGuardianship { rider @0 :UInt64; at @1 :Int64; }
struct ReadPersonalData { reader @0 :Void; rider @1 :UInt64; what @2 :UInt8; }
# what: 1 person, 2 history, 3 statement, 4 the person's own export; the look is recorded

# --- terminals without network
struct PublishTerminalLimits { limits @0 :Credentials.TerminalLimits; }
struct GiveUpOffline { desk @0 :Void; terminal @1 :Text; before @2 :UInt64; }
struct ReleaseOffline {
  desk @0 :Void;
  terminal @1 :Text;
  sequence @2 :UInt64;
  accept @3 :Bool;
}

# --- settlement
struct PublishSettlementCalendar { calendar @0 :Settlement.SettlementCalendar; }
struct PublishFeeSchedule { schedule @0 :Settlement.FeeSchedule; }
struct PublishAgreement { agreement @0 :Settlement.Agreement; }
struct PublishSafeguardingTerms { terms @0 :Settlement.SafeguardingTerms; }
struct SetOwnAccount { by @0 :Void; bank @1 :UInt32; account @2 :Settlement.OwnAccount; }

struct SetPayoutAccount {
  by @0 :Void;
  payee @1 :Nouns.Party;
  account @2 :Settlement.PayoutAccount;
}
struct OpenBooks { by @0 :Void; entries @1 :List(Nouns.Entry); }

struct AdjustSafeguardingDeposit {
  by @0 :Void;
  instrument @1 :UInt32;
  bank @2 :UInt32;
  amount @3 :Nouns.Money;
}

struct Account { chart @0 :UInt16; owner @1 :UInt64; currency @2 :UInt16; }

struct CloseSettlementWindow { by @0 :Void; window @1 :UInt64; }
struct RejectPayout { by @0 :Void; payout @1 :UInt64; }

struct ResolveBreak {
  by @0 :Void;
  line @1 :Settlement.StatementLine;
  payout :union { none @2 :Void; some @3 :UInt64; }
  against @4 :Account;
}

struct ApportionFares {
  by @0 :Void;
  collector @1 :Text;
  product @2 :Text;
  total @3 :Nouns.Money;
}
