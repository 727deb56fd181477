// A decision's record to bytes and back. The bytes are the canonical form of Cap'n Proto (one
// segment, no segment table) of `Record` in schemas/events.capnp: the same record is the same bytes
// on every compiler and machine.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "ledger/model/record.h"

namespace obverse {

// Why bytes are no record, for the operator. Holds none of the bytes.
struct DecodeFault {
  std::string why;
};

// Asserts that the record keeps the bounds of limits.h.
std::string encode_record(const Record& record);

// Never crashes, whatever the bytes; refuses tags, codes and sizes that this build does not know,
// and any bytes that encode_record would not have written: decode_record(b) succeeds only if
// encode_record gives b again.
std::expected<Record, DecodeFault> decode_record(std::string_view bytes);

}  // namespace obverse
