// The nouns of `obverse`. Each adds its verbs to the command line; a verb sets the exit status when
// it ran.
#pragma once

#include <CLI/CLI.hpp>

#include "ledger/client/commands/settings.h"

namespace obverse {

// Shared by the verbs of one run.
struct Run {
  Settings settings;
  Ended ended = Ended::done;
};

void add_person(CLI::App&,
                Run&);  // register, consent, withdraw, enrol, suspend, reinstate, erase, pin, show
void add_wallet(CLI::App&, Run&);   // open, load
void add_gate(CLI::App&, Run&);     // enter, leave, status
void add_till(CLI::App&, Run&);     // pay, authorise, capture, void, reverse, refund, status
void add_operate(CLI::App&, Run&);  // operator, merchant, terminal, tariff, policy, journey
void add_desk(CLI::App&, Run&);     // whatever else a desk may ask
void add_key(CLI::App&, Run&);      // authority, issue, revoke, fingerprint
void add_server(CLI::App&, Run&);   // status

}  // namespace obverse
