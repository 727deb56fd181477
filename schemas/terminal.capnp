@0xd27c5b0e93f1a864;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What a gate or a till may hold. The bootstrap object of every connection is an Entrance, made for
# the identity in the client certificate; login gives only the capabilities that its role allows,
# and null for the others.

using Common = import "common.capnp";
using Enrolment = import "enrolment.capnp";
using Operator = import "operator.capnp";
using Audit = import "audit.capnp";
using Desk = import "desk.capnp";

interface Entrance {
  login @0 (hello :Common.Hello)
      -> (welcome :Welcome, session :Session, gate :Gate, checkout :Checkout,
          enrolment :Enrolment.EnrolmentDesk, operator :Operator.OperatorDesk,
          auditor :Audit.Auditor, refused :Common.Refusal, processor :Desk.Desk);
  # `refused` where nobody may serve here: not registered, revoked, or this server was rolled
  # back; all else is null.
}

struct Welcome {
  terminal @0 :Text;              # the short name this certificate is registered under
  role @1 :Text;
  model @2 :Text;                 # embedding model of the gallery
  dimensions @3 :UInt32;
  head @4 :Common.Receipt;        # how far the log is durable
  serverTime @5 :Int64;
}

# Dropping it ends the session.
interface Session {
  ping @0 () -> (serverTime :Int64);
}

# Can only admit: has no method that names a wallet or an amount.
interface Gate {
  enter @0 (attempt :Common.AttemptKey, presence :Common.Presence,
      occurredAt :Int64) -> (outcome :GateOutcome);
  leave @1 (attempt :Common.AttemptKey, presence :Common.Presence,
      occurredAt :Int64) -> (outcome :GateOutcome);
  status @2 (attempt :Common.AttemptKey) -> (outcome :GateOutcome);
  # for a gate that lost the answer
}

struct GateOutcome {
  union {
    unknown @0 :Void;             # also: a reader that meets a newer tag must not open the gate
    entered :group { journey @1 :UInt64; available @2 :Common.Money; }
    left :group { leftJourney @3 :UInt64; fare @4 :Common.Money; balance @5 :Common.Money; }
    refused @6 :Common.Refusal;
  }
  receipt @7 :Common.Receipt;
}

# Can only sell, for the merchant it was registered with: a caller cannot name another one.
interface Checkout {
  pay @0 (attempt :Common.AttemptKey, presence :Common.Presence, amount :Common.Money,
      stepUp :UInt64,
          occurredAt :Int64) -> (outcome :PayOutcome);
  authorise @1 (attempt :Common.AttemptKey, presence :Common.Presence, amount :Common.Money,
      stepUp :UInt64,
                occurredAt :Int64) -> (outcome :PayOutcome);
  capture @2 (attempt :Common.AttemptKey, purchase :UInt64,
      amount :Common.Money) -> (outcome :PayOutcome);
  voidPurchase @3 (attempt :Common.AttemptKey, purchase :UInt64) -> (outcome :PayOutcome);
  reverse @4 (attempt :Common.AttemptKey, original :Common.AttemptKey) -> (outcome :PayOutcome);
  refund @5 (attempt :Common.AttemptKey, purchase :UInt64,
      amount :Common.Money) -> (outcome :PayOutcome);
  status @6 (attempt :Common.AttemptKey) -> (outcome :PayOutcome);
  # for a till that lost the answer
}

struct PayOutcome {
  union {
    unknown @0 :Void;
    approved :group { purchase @1 :UInt64; amount @2 :Common.Money; balance @3 :Common.Money; }
    authorised :group { held @4 :UInt64; holdAmount @5 :Common.Money; expires @6 :Int64; }
    reversed :group { original @7 :UInt64; returned @8 :Common.Money; }
    # original 0: declined when it arrives
    refunded :group { refund @9 :UInt64; refundedAmount @10 :Common.Money; }
    voided @11 :UInt64;
    declined @12 :Common.Refusal;
    pending @13 :UInt64;          # handed to an outside processor: ask status
  }
  receipt @14 :Common.Receipt;
}
