// Events in words, for people who were charged and for those who have to answer them. Numbers, no
// names: who a number is, only the person and the desk that enrolled them know.
#pragma once

#include <string>

#include "ledger/model/record.h"
#include "ledger/rules/machine.h"

namespace obverse {

// "fare 240 JPY: 5,200 m, section 2, tariff OMT-1". The state gives terminals and tariffs their
// short names.
std::string in_words(const Event&, const State&);
std::string in_words(const Reply&);
// "2025-06-17 08:15:03.120", in the local time of the policy in force.
std::string in_words(Instant, const State&);
// "gate G1", "the ledger's own timer".
std::string in_words(const Actor&, const State&);

}  // namespace obverse
