// Which payouts a bank's statement speaks of. By the text that the transfer carried; else by
// amount, day and payee; else, for what went out, by amount and day, where only one fits.
#pragma once

#include <vector>

#include "ledger/rules/money/payouts.h"

namespace obverse {

// Each entry with the payout it confirms (money out) or brings back (money in), if any; no payout
// twice in one direction. What the entries say of people is not in the result.
std::vector<ImportedEntry> match(const Payouts&, const Terms&, BankId, Currency,
                                 const std::vector<StatementEntry>&);

}  // namespace obverse
