@0xb5f0c3a1d2e49786;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse");
# What the transport tests call: nothing of the product's. A stand-in for an entrance and a till.

interface Echo {
  login @0 () -> (till :EchoTill);
  echo @1 (payload :Data) -> (payload :Data);
  grow @2 (bytes :UInt32) -> (payload :Data);
  who @3 () -> (subject :Text);
  nest @4 (value :Nested) -> (depth :UInt32);
  fail @5 (kind :Kind) -> ();

  enum Kind { standard @0; rpc @1; overloaded @2; guarded @3; }
  struct Nested { inner @0 :Nested; }
}

interface EchoTill {
  pay @0 (amount :Int64) -> (total :Int64);   # is answered when the test says so
  total @1 () -> (total :Int64);
}
