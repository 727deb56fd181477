# Stored events about sponsors, interchanges, caps and passes.
@0xcc41a76e0b93f852;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Money = import "nouns.capnp".Money;

struct SponsorRegistered { sponsor @0 :UInt32; code @1 :Text; }
struct OutOfStationInterchangeJoined { journey @0 :UInt64; joined @1 :UInt64; }

struct FareCapReached {
  journey @0 :UInt64;
  period @1 :UInt8;  # 1 day, 2 week, 3 month: the one that takes the most off
  discount @2 :Money;
}

struct PassPurchased {
  pass @0 :UInt64;
  rider @1 :UInt64;
  transit @2 :UInt32;
  tariff @3 :UInt32;
  category @4 :UInt8;
  from @5 :UInt16;  # stations of that tariff
  to @6 :UInt16;
  firstDay @7 :Int64;  # fare days since 1970-01-01, the last one included
  lastDay @8 :Int64;
  price @9 :Money;
}

struct PassRevenueRecognised { pass @0 :UInt64; day @1 :Int64; amount @2 :Money; }
struct PassRefunded { pass @0 :UInt64; amount @1 :Money; fee @2 :Money; }
struct FareSponsored { journey @0 :UInt64; sponsor @1 :UInt32; from @2 :Money; to @3 :Money; }
struct PassUsed { journey @0 :UInt64; pass @1 :UInt64; direct @2 :Money; }
