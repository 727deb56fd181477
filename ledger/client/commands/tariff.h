// obverse tariff import, check, diff, price: for a transit planner, without a server.
#pragma once

#include "ledger/client/commands/commands.h"

namespace obverse {

void add_tariff_tools(CLI::App& noun, Run&);

}  // namespace obverse
