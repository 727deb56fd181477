// Sales that were made while nobody could be asked. The terminal announces them as a batch, one
// time without network, and brings them one by one in the order of its own numbers, without gaps;
// each is judged as it would have been then, against the limits of the list that the terminal went
// by, and what the wallet does not cover any more becomes a debt, or the seller's loss. Until the
// debt is paid the person is on the deny-list.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/cards.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/payments.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/acceptance.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

struct LimitsInForce {
  TerminalLimits limits;
  Instant from;
  friend bool operator==(const LimitsInForce&, const LimitsInForce&) = default;
};

struct OfflineBatch {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive
  Instant since;
  Instant list_made;
  LimitsVersion limits;
  std::int64_t skew_ms = 0;
  std::int64_t spent = 0;  // accepted or quarantined
  std::map<RiderId, std::int64_t> spent_by;
  friend bool operator==(const OfflineBatch&, const OfflineBatch&) = default;
};
struct OfflineTerminal {
  std::uint64_t next = 1;  // the number of the sale that must come now
  std::optional<OfflineBatch> batch;
  std::optional<std::uint64_t> gap;  // the number that was reported as missing
  friend bool operator==(const OfflineTerminal&, const OfflineTerminal&) = default;
};

struct OfflineName {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  friend constexpr auto operator<=>(const OfflineName&, const OfflineName&) = default;
};
struct LastUse {
  TerminalId terminal;
  Instant at;
  friend bool operator==(const LastUse&, const LastUse&) = default;
};

struct Offline {
  std::vector<LimitsInForce> limits;  // a version is a place here, plus one
  std::map<TerminalId, OfflineTerminal> terminals;
  std::map<OfflineName, OfflineEventQuarantined> quarantined;
  std::map<RiderId, LastUse> last_use;
  friend bool operator==(const Offline&, const Offline&) = default;
};

// All that a decision about such a sale may look at.
struct OfflineView {
  const Parties& parties;
  const Enrolments& enrolments;
  const Payments& payments;
  const Book& book;
  const Holds& holds;
  const Wallets& wallets;
};

Decision decide(const Offline&, const PublishTerminalLimits&, const Moment&);
Decision decide(const Offline&, const Parties&, const OpenOfflineBatch&, const Moment&);
// Uploaded, also of a sale that is rejected: it is the seller's loss, and need not come again.
Decision decide(const Offline&, const OfflineView&, const UploadOffline&, const Moment&);
Decision decide(const Offline&, const Parties&, const GiveUpOffline&, const Moment&);
Decision decide(const Offline&, const OfflineView&, const ReleaseOffline&, const Moment&);

// What a decision appends that pays the last of such a debt, whatever it was otherwise about.
Events cleared_by(const Enrolments&, const Book&, const Cards&, const Events&);

void apply(Offline&, const TerminalLimitsPublished&);
void apply(Offline&, const OfflineBatchReceived&);
void apply(Offline&, const OfflineGapReported&);
void apply(Offline&, const OfflineItemsGivenUp&);
void apply(Offline&, const OfflineEventAccepted&);
void apply(Offline&, const OfflineEventRejected&);
void apply(Offline&, const OfflineEventQuarantined&);

}  // namespace obverse
