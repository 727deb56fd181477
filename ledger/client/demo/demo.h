// obverse demo: the day that ops/run plays against a running server, act by act, with real people's
// face vectors.
#pragma once

#include "ledger/client/commands/commands.h"

namespace obverse {

void add_demo(CLI::App&, Run&);

// The acts. Each throws CommandFailed where something did not happen as it should.
struct Play;
void open_service(Play&);       // parties, terminals, tariff, policy, people, faces, wallets
void play_morning(Play&);       // gates and a shop, happy and not
void rush(Play&, int seconds);  // load from several terminals until time is up or the server dies
void check_rush(
    Play&);  // every answer given is still the answer; every lost one is found or made once
void say_farewell(Play&);  // consent withdrawn inside the gates, the person erased
void close_day(Play&);     // the table, the books, the latencies

}  // namespace obverse
