@0x9d5ea1c03f7b2864;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::rpc");
# What desks ask besides what has a method of its own: one struct a command, with the fields that
# the command has (ledger/model/commands.h), in that order. Operators, merchants, terminals and
# sponsors are named by their short names; who asks is not said: it is the caller. Each desk's
# capability takes only the kinds that are its own.
# Days are days since 1970-01-01, local; instants ms since 1970-01-01T00:00:00Z.

using Common = import "common.capnp";
using Replies = import "replies.capnp";

interface Desk {
  act @0 (attempt :Common.AttemptKey,
      command :DeskCommand) -> (outcome :Common.Outcome, reply :Replies.Reply);
  # `reply` says in full what `outcome` says in short; null where nothing was decided.
}

struct DeskCommand {
  union {
    registerSponsor @0 :RegisterSponsor;  # operator's desk
    sellPass @1 :SellPass;                # enrolment desk
    refundPass @2 :RefundPass;            # enrolment desk
  }
}

# Who pays part of some riders' fares.
struct RegisterSponsor { code @0 :Text; }

# A commuter pass, from the wallet.
struct SellPass {
  rider @0 :UInt64;
  transit @1 :Text;
  from @2 :Text;      # stations
  to @3 :Text;
  firstDay @4 :Int64;
  months @5 :UInt8;
}

# What the months begun have cost is kept, and the tariff's fee.
struct RefundPass { pass @0 :UInt64; }
