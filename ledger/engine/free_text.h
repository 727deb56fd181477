// No card's number comes in, in whatever words of a command it may stand. Asked before anything of
// the command is kept, its digest among it: a digest of so few possible numbers would tell the
// number.
#pragma once

#include "ledger/model/commands.h"

namespace obverse {

bool says_card_number(const Command& command);

}  // namespace obverse
