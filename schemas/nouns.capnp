# What the records of the log speak of again and again (events.capnp says how they may change).
@0xfee4690d2c140c06;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");

# Whole minor units of a currency.
struct Money {
  minor @0 :Int64;
  currency @1 :UInt16;  # ISO 4217 numeric
}

# A terminal's attempt: the same key from another terminal is another attempt.
struct Attempt {
  terminal @0 :UInt32;
  key @1 :Data;  # 16 bytes
}

# Who relies on a face; whom money is owed to.
struct Party {
  kind @0 :UInt8;  # 1 everyone, 2 transit operator, 3 merchant
  id @1 :UInt32;
}
