# What callers were told, as the log keeps it beside the events of its decision.
@0xe05b8d7249c3f1a6;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Money = import "nouns.capnp".Money;
using Credentials = import "credentials.capnp";

struct Reply {
  union {
    refused @0 :Refused;
    done @1 :Done;
    registered @2 :Registered;
    enrolled @3 :Enrolled;
    erased @4 :Erased;
    loaded @5 :Loaded;
    entered @6 :Entered;
    left @7 :Left;
    corrected @8 :Corrected;
    paid @9 :Paid;
    authorised @10 :Authorised;
    voided @11 :Voided;
    reversed @12 :Reversed;
    refunded @13 :Refunded;
    passSold @14 :PassSold;
    passReturned @15 :PassReturned;
    uploaded @16 :Uploaded;
    exitToken @17 :Credentials.ExitToken;
    pending @18 :Pending;
  }
}

struct Refused {
  refusal @0 :UInt16;  # ledger/model/outcome.h
  stepUp :union { none @1 :Void; some @2 :UInt64; }
}

struct Done {}
struct Registered { id @0 :UInt64; }
struct Enrolled { rider @0 :UInt64; face @1 :UInt32; }
struct Erased { rider @0 :UInt64; deferred @1 :Bool; }
struct Loaded { load @0 :UInt64; balance @1 :Money; }
struct Entered { journey @0 :UInt64; available @1 :Money; }
struct Left { journey @0 :UInt64; fare @1 :Money; balance @2 :Money; }
struct Corrected { journey @0 :UInt64; from @1 :Money; to @2 :Money; }
struct Paid { purchase @0 :UInt64; amount @1 :Money; balance @2 :Money; }

struct Authorised {
  purchase @0 :UInt64;
  amount @1 :Money;
  expires @2 :Int64;  # ms since 1970-01-01T00:00:00Z
}

struct Voided { purchase @0 :UInt64; }
struct Reversed { purchase :union { none @0 :Void; some @1 :UInt64; } amount @2 :Money; }
struct Pending { purchase @0 :UInt64; amount @1 :Money; deadline @2 :Int64; }
struct Refunded { refund @0 :UInt64; purchase @1 :UInt64; amount @2 :Money; }
struct PassSold { pass @0 :UInt64; price @1 :Money; balance @2 :Money; }
struct PassReturned { pass @0 :UInt64; amount @1 :Money; fee @2 :Money; }

struct Uploaded {
  sequence @0 :UInt64;
  verdict @1 :UInt8;  # 1 accepted, 2 rejected, 3 quarantined
  paid @2 :Money;
}
