// The invariants of DOMAIN 4.3 that concern the rules, each as a check over a whole history. A
// check does its own sums: it reads events, and asks the state only what it compares them with.
#pragma once

#include <string>

#include "tests/rules/history.h"

namespace obverse::laws {

// Empty, or what is wrong and at which position.
using Verdict = std::string;

Verdict entries_sum_to_zero(const Chronicle&);           // 1
Verdict trial_balance_is_zero(const Chronicle&);         // 2
Verdict balances_are_the_fold(const Chronicle&);         // 3
Verdict wallets_are_not_negative(const Chronicle&);      // 4
Verdict holds_are_covered(const Chronicle&);             // 5
Verdict holds_end_once(const Chronicle&);                // 6
Verdict refunds_fit(const Chronicle&);                   // 10
Verdict money_comes_only_from_loads(const Chronicle&);   // 11
Verdict money_moves_with_a_reason(const Chronicle&);     // 15, the rules' half
Verdict unclear_probes_debit_nobody(const Chronicle&);   // 16
Verdict authorisations_are_used_once(const Chronicle&);  // 17
Verdict consent_is_in_force(const Chronicle&);           // 21
Verdict face_only_spend_is_bounded(const Chronicle&);    // 22
Verdict pins_lock_and_unlock(const Chronicle&);          // 23
Verdict journeys_are_single(const Chronicle&);           // 24
Verdict journeys_end_and_add_up(const Chronicle&);       // 25
Verdict nobody_is_trapped(const Chronicle&);             // 31
Verdict erasure_leaves_the_books(const Chronicle&);      // 42

}  // namespace obverse::laws
