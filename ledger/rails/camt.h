// A bank's statement as ISO 20022 has it: camt.053, any version of it. Booked entries only; of one
// that stands for several payments each is read alone where their amounts say so.
#pragma once

#include <string_view>

#include "ledger/rails/statement.h"

namespace obverse::rails {

inline constexpr std::size_t camt_bytes_max = std::size_t{64} << 20;

// Refused: another message, a document type, amounts finer than their currency, balances and
// entries that do not add up.
Statements read_camt_053(std::string_view xml);

}  // namespace obverse::rails
