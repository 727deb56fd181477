// Payouts as a bank takes them: the file of a bulk transfer (sōgō furikomi) in the banks' common
// layout, records of 120 bytes of JIS X 0201. A pure function: the same payouts are the same bytes,
// for ever. What the layout cannot carry is refused before any byte is written.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "ledger/model/outcome.h"
#include "ledger/model/settlement.h"

namespace obverse::rails {

inline constexpr std::size_t transfer_record_bytes = 120;

struct Transfer {
  PayoutAccount to;
  std::int64_t minor = 0;
  Label reference;  // up to 20 characters for the receiver; none: two empty customer codes
};
struct TransferFile {
  OwnAccount from;
  std::int64_t day = 0;  // the banks move the money on
  std::vector<Transfer> transfers;
  std::int64_t total_minor = 0;  // what whoever ordered it thinks that they sum to
};
// Banks take both; a line end of one character alone is none.
enum class LineEnds : std::uint8_t { none = 1, crlf };

struct TransferFault {
  Refusal refusal = Refusal::list_must_fit;
  std::size_t transfer = 0;  // from 1; 0: the file itself
  friend bool operator==(const TransferFault&, const TransferFault&) = default;
};

std::expected<std::string, TransferFault> write_transfers(const TransferFile&, const Holidays&,
                                                          LineEnds);

}  // namespace obverse::rails
