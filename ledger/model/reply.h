// What a caller is told, as data. It is kept beside the events of its decision, so that the same
// attempt gets the same answer for ever.
#pragma once

#include <optional>
#include <variant>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/offline.h"
#include "ledger/model/outcome.h"

namespace obverse {

struct Refused {
  Refusal refusal = Refusal::amount_must_be_positive;
  std::optional<StepUpId> step_up;  // with step_up_must_be_done: what a PIN would satisfy
  friend bool operator==(const Refused&, const Refused&) = default;
};
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};
struct Registered {
  std::uint64_t id = 0;
  friend bool operator==(const Registered&, const Registered&) = default;
};  // of whatever was registered or published
struct Enrolled {
  RiderId rider;
  FaceVersion face;
  friend bool operator==(const Enrolled&, const Enrolled&) = default;
};
struct Erased {
  RiderId rider;
  bool deferred = false;
  friend bool operator==(const Erased&, const Erased&) = default;
};
struct Loaded {
  LoadId load;
  Money balance;
  friend bool operator==(const Loaded&, const Loaded&) = default;
};
struct Entered {
  JourneyId journey;
  Money available;
  friend bool operator==(const Entered&, const Entered&) = default;
};
struct Left {
  JourneyId journey;
  Money fare;
  Money balance;
  friend bool operator==(const Left&, const Left&) = default;
};
struct Corrected {
  JourneyId journey;
  Money from;
  Money to;
  friend bool operator==(const Corrected&, const Corrected&) = default;
};
struct Paid {
  PurchaseId purchase;
  Money amount;
  Money balance;
  friend bool operator==(const Paid&, const Paid&) = default;
};
struct Authorised {
  PurchaseId purchase;
  Money amount;
  Instant expires;
  friend bool operator==(const Authorised&, const Authorised&) = default;
};
struct Voided {
  PurchaseId purchase;
  friend bool operator==(const Voided&, const Voided&) = default;
};
struct Reversed {
  std::optional<PurchaseId> purchase;
  Money amount;
  friend bool operator==(const Reversed&, const Reversed&) = default;
};  // no purchase: it will be declined when it arrives
struct Refunded {
  RefundId refund;
  PurchaseId purchase;
  Money amount;
  friend bool operator==(const Refunded&, const Refunded&) = default;
};
// A card is asked: how it ends is known by the deadline, and `status` tells.
struct Pending {
  PurchaseId purchase;
  Money amount;
  Instant deadline;
  friend bool operator==(const Pending&, const Pending&) = default;
};

struct PassSold {
  EntitlementId pass;
  Money price;
  Money balance;
  friend bool operator==(const PassSold&, const PassSold&) = default;
};
struct PassReturned {
  EntitlementId pass;
  Money amount;
  Money fee;
  friend bool operator==(const PassReturned&, const PassReturned&) = default;
};
// Of one sale that was made without network; it need not be sent again.
struct Uploaded {
  std::uint64_t sequence = 0;
  OfflineVerdict verdict = OfflineVerdict::accepted;
  Money paid;  // what the payee gets
  friend bool operator==(const Uploaded&, const Uploaded&) = default;
};
// An exit code may be signed with this serial.
struct ExitToken {
  std::uint64_t serial = 0;
  Instant expires;
  friend bool operator==(const ExitToken&, const ExitToken&) = default;
};

using ReplyKinds = std::variant<Refused, Done, Registered, Enrolled, Erased, Loaded, Entered, Left,
                                Corrected, Paid, Authorised, Voided, Reversed, Refunded, PassSold,
                                PassReturned, Uploaded, ExitToken, Pending>;

// Like Event: copied in one place.
struct Reply : ReplyKinds {
  using Kinds = ReplyKinds;
  using Kinds::Kinds;
  Reply();
  Reply(const Reply&);
  Reply(Reply&&) noexcept;
  Reply& operator=(const Reply&);
  Reply& operator=(Reply&&) noexcept;
  ~Reply() = default;
  friend bool operator==(const Reply&, const Reply&);
};

}  // namespace obverse
