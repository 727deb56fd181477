@0xb1f6a2c47e905d13;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What every kind of caller uses: money, attempts, probes, receipts, refusals.
# Fields and enumerants are only ever added. An unknown union tag means refusal.

struct Money {
  minor @0 :Int64;                # whole minor units
  currency @1 :UInt16;            # ISO 4217 numeric
}

struct AttemptKey {
  high @0 :UInt64;                # a UUIDv7 made by the terminal, as two big-endian halves;
  low @1 :UInt64;                 # scoped by the terminal that sends it
}

struct Probe {
  model @0 :Text;                 # id of the embedding model that made it
  vector @1 :Data;
  # float32 little-endian, normalised, as many as the model has dimensions
  capturedAt @2 :Int64;           # milliseconds since 1970, the terminal's clock
  capture @3 :Capture;            # what the camera and its attack detector said
  enum Capture { good @0; occluded @1; lowQuality @2; attackSuspected @3; }
}

struct PinClaim {
  rider @0 :UInt64;               # the account the person named
  pin @1 :Text;                   # 4 to 12 digits; checked against the vault, never kept
}

struct Presence {
  probe @0 :Probe;                # null if no face was shown
  pin @1 :PinClaim;               # null if no PIN was typed
  claimed @2 :UInt64;
  # rider named by a token: compare 1:1 with that face; 0 searches 1:N
}

struct Receipt {
  position @0 :UInt64;
  # of the record in the log (0 where nothing was recorded: then the durable head's chain)
  chain @1 :Data;                 # 32 bytes: the hash chain up to that record
  at @2 :Int64;                   # when it was recorded, milliseconds since 1970
  headPosition @3 :UInt64;        # how far the log was durable when the answer left
  headChain @4 :Data;
  mark @5 :Data;                  # 16 bytes over headPosition and headChain, for the ledger to know
                                  # its own receipt by: proof to nobody else
}

struct Refusal {
  reason @0 :Text;                # of the closed list: "INSUFFICIENT_AT_EXIT"
  name @1 :Text;                  # what had to hold: "funds_must_cover_fare"
  cause @2 :Text;
  wayOut @3 :Text;
  retryAfterMs @4 :UInt32;        # with BUSY and OUT_OF_SERVICE
  stepUp @5 :UInt64;              # with STEP_UP_REQUIRED: name it with the PIN
}

struct Hello {
  software @0 :Text;
  highestPosition @1 :UInt64;
  # headPosition of the highest receipt this client has seen; a server that is behind it, or
  highestChain @2 :Data;          # has another chain there, refuses to serve: this client, or,
  highestMark @3 :Data;           # where the receipt's mark proves that it gave it, everybody
}

# Answer to anything that registers, changes or publishes.
struct Outcome {
  union {
    unknown @0 :Void;
    done :group { id @1 :UInt64; }   # of what was registered or published; 0 if nothing was
    refused @2 :Refusal;
  }
  receipt @3 :Receipt;
}
