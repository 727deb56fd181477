#include "ledger/model/reply.h"

namespace obverse {

Reply::Reply() = default;
Reply::Reply(const Reply&) = default;
Reply::Reply(Reply&&) noexcept = default;
Reply& Reply::operator=(const Reply&) = default;
Reply& Reply::operator=(Reply&&) noexcept = default;

bool operator==(const Reply& one, const Reply& other) {
  return static_cast<const ReplyKinds&>(one) == static_cast<const ReplyKinds&>(other);
}

}  // namespace obverse
