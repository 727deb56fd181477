@0xa5c9037e4d1f8b62;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What an auditor may hold: reading, and nothing else. narrow() gives a weaker one away.

using Common = import "common.capnp";

interface Auditor {
  head @0 () -> (head :Common.Receipt);
  # Every record from `from` on, in chunks, then done() with how far it went. No done means
  # incomplete.
  history @1 (from :UInt64, sink :Sink) -> ();
  # State questions, answered from durable state only.
  balances @2 () -> (at :Common.Receipt, balances :List(Balance), refused :Common.Refusal);
  # refused: an auditor that was narrowed, or more accounts than one message holds
  narrow @3 (to :UInt64) -> (auditor :Auditor);    # may read up to that position only

  interface Sink {
    chunk @0 (first :UInt64, records :List(Record)) -> ();
    done @1 (next :UInt64, chain :Data) -> ();
  }
}

struct Record {
  payload @0 :Data;               # the bytes that the chain covers: a Record of events.capnp
  chain @1 :Data;                 # after it
}

struct Balance {
  chart @0 :UInt16;
  owner @1 :UInt64;
  currency @2 :UInt16;
  debits @3 :Int64;
  credits @4 :Int64;
}
