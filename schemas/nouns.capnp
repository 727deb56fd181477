@0xf09ba88598c44e12;
# Nouns that every part of the stored schema shares.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");

# Whole minor units of a currency.
struct Money {
  minor @0 :Int64;
  currency @1 :UInt16;  # ISO 4217 numeric
}
