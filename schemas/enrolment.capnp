@0xe83f4d6a1b27c095;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What an enrolment desk may hold: people, consent, faces, PINs, wallets, loads. It names no
# till and opens no gate.
# `attempt` makes each call safe to repeat.

using Common = import "common.capnp";
using Desk = import "desk.capnp";

interface EnrolmentDesk extends(Desk.Desk) {
  register @0 (attempt :Common.AttemptKey, category :Category,
      guardian :UInt64) -> (outcome :Common.Outcome);
  consent @1 (attempt :Common.AttemptKey, rider :UInt64, purpose :Purpose, party :Party,
      textVersion :UInt32,
              guardian :UInt64) -> (outcome :Common.Outcome);
  withdraw @2 (attempt :Common.AttemptKey, rider :UInt64, purpose :Purpose,
      party :Party) -> (outcome :Common.Outcome);
  enrol @3 (attempt :Common.AttemptKey, rider :UInt64,
      photos :List(Common.Probe)) -> (outcome :Common.Outcome);
  suspend @4 (attempt :Common.AttemptKey, rider :UInt64) -> (outcome :Common.Outcome);
  reinstate @5 (attempt :Common.AttemptKey, rider :UInt64) -> (outcome :Common.Outcome);
  erase @6 (attempt :Common.AttemptKey, rider :UInt64) -> (outcome :Common.Outcome);
  # done.id 1: when what is open ends
  setPin @7 (attempt :Common.AttemptKey, rider :UInt64, pin :Text) -> (outcome :Common.Outcome);
  resetPin @8 (attempt :Common.AttemptKey, rider :UInt64) -> (outcome :Common.Outcome);
  openWallet @9 (attempt :Common.AttemptKey, rider :UInt64,
      currency :UInt16) -> (outcome :Common.Outcome);
  load @10 (attempt :Common.AttemptKey, rider :UInt64, amount :Common.Money,
      bank :UInt32) -> (outcome :Common.Outcome);
  person @11 (rider :UInt64) -> (person :Person, refused :Common.Refusal);
  assignCategory @12 (attempt :Common.AttemptKey, rider :UInt64,
      category :Category) -> (outcome :Common.Outcome);

  enum Category { adult @0; child @1; }
  enum Purpose { transit @0; payment @1; }
}

struct Party {
  union {
    everyone @0 :Void;
    transitOperator @1 :Text;     # short name
    merchant @2 :Text;
  }
}

struct Person {
  rider @0 :UInt64;
  category @1 :EnrolmentDesk.Category;
  face @2 :Text;                  # "none", "enrolled", "suspended", "erased"
  faceVersion @3 :UInt32;
  pin @4 :Text;                   # "none", "set", "locked"
  balance @5 :Common.Money;
  available @6 :Common.Money;
  openJourney @7 :UInt64;
  consents @8 :List(Consent);
  struct Consent { purpose @0 :EnrolmentDesk.Purpose; party @1 :Party; textVersion @2 :UInt32; }
}
