// Deposits and withdrawals as banks report them in their common layout (type 03, nyūshukkin
// torihiki meisai): records of 200 bytes of JIS X 0201, dates in years of Reiwa (2019 is its
// first).
#pragma once

#include <string_view>

#include "ledger/rails/statement.h"

namespace obverse::rails {

inline constexpr std::size_t activity_record_bytes = 200;

// One statement an account. Nothing of a file is taken in which a count, a sum or a balance is not
// what its entries say.
Statements read_account_activity(std::string_view bytes);

}  // namespace obverse::rails
