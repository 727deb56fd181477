@0xf14a8e2b6c7d3095;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What an operator's desk may hold: who takes part, tariffs, policy, corrections. It can neither
# sell nor admit.

using Common = import "common.capnp";
using Desk = import "desk.capnp";

interface OperatorDesk extends(Desk.Desk) {
  registerOperator @0 (attempt :Common.AttemptKey, code :Text) -> (outcome :Common.Outcome);
  registerMerchant @1 (attempt :Common.AttemptKey, code :Text,
      currency :UInt16) -> (outcome :Common.Outcome);
  registerTerminal @2 (attempt :Common.AttemptKey,
      terminal :NewTerminal) -> (outcome :Common.Outcome);
  revokeTerminal @3 (attempt :Common.AttemptKey, code :Text) -> (outcome :Common.Outcome);
  publishTariff @4 (attempt :Common.AttemptKey, tariff :Tariff) -> (outcome :Common.Outcome);
  publishPolicy @5 (attempt :Common.AttemptKey, policy :Policy) -> (outcome :Common.Outcome);
  policy @6 () -> (policy :Policy, refused :Common.Refusal);           # in force
  correctJourney @7 (attempt :Common.AttemptKey, journey :UInt64,
      exit :Text) -> (outcome :Common.Outcome);
  status @8 () -> (status :Status);
}

struct NewTerminal {
  code @0 :Text;
  role @1 :Role;
  transitOperator @2 :Text;       # of a gate
  station @3 :Text;               # of a gate
  merchant @4 :Text;              # of a till
  certificate @5 :Data;           # SHA-256 of its DER form
  enum Role { gate @0; till @1; enrolmentDesk @2; operatorDesk @3; auditor @4; processor @5; }
}

struct Tariff {
  code @0 :Text;
  transitOperator @1 :Text;
  effectiveFrom @2 :Int64;
  currency @3 :UInt16;
  stations @4 :List(Text);
  tracks @5 :List(Track);
  sections @6 :List(Section);
  childRounding @7 :Int64;
  maximumAdult @8 :Int64;
  maximumChild @9 :Int64;
  entryMinimumAdult @10 :Int64;
  entryMinimumChild @11 :Int64;
  journeyWindowMs @12 :Int64;
  sameStationFreeMs @13 :Int64;
  travelTimeMinMs @14 :Int64;
  struct Track { a @0 :UInt16; b @1 :UInt16; metres @2 :Int64; surcharge @3 :Int64; }
  struct Section { metresMax @0 :Int64; adult @1 :Int64; child @2 :Int64; }
}

struct Policy {
  currency @0 :UInt16;
  authorisationLifeMs @1 :Int64;
  stepUpLifeMs @2 :Int64;
  holdLifeMs @3 :Int64;
  faceOnlyPurchaseMax @4 :Int64;
  faceOnlyDayMax @5 :Int64;
  pinFailuresMax @6 :UInt8;
  photosMin @7 :UInt8;
  dayOffsetMs @8 :Int64;
  correctionWindowMs @9 :Int64;
  thresholds @10 :List(Threshold);
  margin @11 :Int32;
  struct Threshold { model @0 :Text; oneToMany @1 :Bool; scopeMax @2 :UInt32; threshold @3 :Int32; }
}

struct Status {
  head @0 :Common.Receipt;
  people @1 :UInt32;              # faces that can be matched
  kernel @2 :Text;
  waiting @3 :UInt32;             # commands in the queue
  connections @4 :UInt32;
  uptimeMs @5 :UInt64;
  report @6 :List(Text);          # what recovery found and repaired
  counters @7 :List(Counter);
  struct Counter { name @0 :Text; value @1 :UInt64; }
}
