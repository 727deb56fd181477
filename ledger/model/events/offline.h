// What can have happened to sales that were made without network, once the terminal has told of
// them; and to whoever owes money because of them.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/credential.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/offline.h"
#include "ledger/model/outcome.h"

namespace obverse {

struct TerminalLimitsPublished {
  LimitsVersion version;
  TerminalLimits limits;
  Instant from;
  friend bool operator==(const TerminalLimitsPublished&, const TerminalLimitsPublished&) = default;
};

// One time without network, as the terminal announces it; its sales follow one by one.
struct OfflineBatchReceived {
  TerminalId terminal;
  std::uint64_t first = 0;  // sequence number; a terminal counts from 1, without gaps
  std::uint64_t count = 0;
  Instant since;      // when the network was lost, by the server's clock
  Instant list_made;  // of the list that the terminal went by
  LimitsVersion limits;
  std::int64_t skew_ms = 0;  // taken off every time of the batch
  friend bool operator==(const OfflineBatchReceived&, const OfflineBatchReceived&) = default;
};
struct ClockSkewDetected {
  TerminalId terminal;
  Instant said;
  Instant is;
  friend bool operator==(const ClockSkewDetected&, const ClockSkewDetected&) = default;
};
struct OfflineGapReported {
  TerminalId terminal;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  friend bool operator==(const OfflineGapReported&, const OfflineGapReported&) = default;
};
struct OfflineItemsGivenUp {
  TerminalId terminal;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  TerminalId desk;
  friend bool operator==(const OfflineItemsGivenUp&, const OfflineItemsGivenUp&) = default;
};

// amount = from_wallet + debt + borne. What is borne is the payee's loss; the rest is in Posted.
struct OfflineEventAccepted {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  RiderId rider;
  Money amount;
  std::int64_t from_wallet = 0;
  std::int64_t debt = 0;
  std::int64_t borne = 0;
  Instant captured_at;  // as the terminal said
  Instant at;           // the same by the server's clock
  friend bool operator==(const OfflineEventAccepted&, const OfflineEventAccepted&) = default;
};
struct OfflineEventRejected {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  std::optional<RiderId> rider;
  Money amount;
  Instant captured_at;
  Refusal refusal;
  friend bool operator==(const OfflineEventRejected&, const OfflineEventRejected&) = default;
};
// Nothing is posted until two people have looked at it.
struct OfflineEventQuarantined {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  RiderId rider;
  Money amount;
  Attempt attempt;
  bool revoked = false;  // the code it was paid with had been revoked when it was shown
  bool face_only = false;
  Instant captured_at;
  Instant at;
  Refusal refusal;
  friend bool operator==(const OfflineEventQuarantined&, const OfflineEventQuarantined&) = default;
};

struct DenyListed {
  RiderId rider;
  DenyCause because;
  std::optional<PaymentMethodId> method = {};  // that declined
  friend bool operator==(const DenyListed&, const DenyListed&) = default;
};
struct DenyListCleared {
  RiderId rider;
  DenyCause because;
  std::optional<TerminalId> desk = {};  // none: what was owed has been paid
  friend bool operator==(const DenyListCleared&, const DenyListCleared&) = default;
};

}  // namespace obverse
