# Stored events about what was sold without network (more in credentials.capnp).
@0xd80e35bf2a9c6417;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Money = import "nouns.capnp".Money;
using Attempt = import "nouns.capnp".Attempt;

struct OfflineEventAccepted {
  terminal @0 :UInt32;
  sequence @1 :UInt64;
  rider @2 :UInt64;
  amount @3 :Money;
  fromWallet @4 :Int64;
  debt @5 :Int64;
  borne @6 :Int64;  # by the payee
  capturedAt @7 :Int64;  # the terminal's clock
  at @8 :Int64;  # the server's
}

struct OfflineEventRejected {
  terminal @0 :UInt32;
  sequence @1 :UInt64;
  rider :union { none @2 :Void; some @3 :UInt64; }
  amount @4 :Money;
  capturedAt @5 :Int64;
  refusal @6 :UInt16;  # ledger/model/outcome.h
}

struct OfflineEventQuarantined {
  terminal @0 :UInt32;
  sequence @1 :UInt64;
  rider @2 :UInt64;
  amount @3 :Money;
  attempt @4 :Attempt;
  revoked @5 :Bool;
  faceOnly @6 :Bool;
  capturedAt @7 :Int64;
  at @8 :Int64;
  refusal @9 :UInt16;  # ledger/model/outcome.h
}
