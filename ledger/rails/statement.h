// A bank's statement of one account, whatever format it came in, and what may be wrong with it.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/model/money.h"
#include "ledger/model/settlement.h"

namespace obverse::rails {

struct BankStatement {
  std::string account;  // as the bank writes it: bank, branch and number, or an IBAN
  Money opening;
  Money closing;
  std::vector<StatementEntry> entries;
};

// Holds none of the file's words.
struct StatementFault {
  std::size_t place = 0;  // record of 200 bytes, or entry, from 1; 0: the file itself
  std::string_view why;
};
using Statements = std::expected<std::vector<BankStatement>, StatementFault>;

}  // namespace obverse::rails
