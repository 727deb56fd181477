// Batches: what a closed window owes one payee in one currency, less fees, reserve and what the
// payee owes; and the reserve's way back. One decision a payee, so that no record grows with their
// number.
#pragma once

#include <map>
#include <optional>

#include "ledger/rules/money/windows.h"

namespace obverse {

struct ReleaseDue {
  Instant at;
  BatchId batch;
  friend constexpr auto operator<=>(const ReleaseDue&, const ReleaseDue&) = default;
};
struct Withheld {
  Payee payee;
  std::int64_t minor = 0;
  friend bool operator==(const Withheld&, const Withheld&) = default;
};
struct Batches {
  std::map<Payee, std::int64_t> carried;  // stays on the payable for the next batch; no zero
  std::map<ReleaseDue, Withheld> reserves;
  std::map<BatchId, Instant> releases;     // when each of them is due
  std::map<Payee, std::int64_t> withheld;  // their sum; no zero
  friend bool operator==(const Batches&, const Batches&) = default;
};

// By the timer, or by a processor who does not want to wait for it.
Decision decide(const SettlementView&, const FormSettlementBatch&, const Moment&);
// Into the window that is open then. What chargebacks took of the reserve is taken from what is due
// first.
Decision decide(const SettlementView&, const ReleaseReserve&, const Moment&);

struct BatchDue {
  Instant at;
  WindowId window;
  std::optional<Payee> payee;  // none: net positions come first
};
std::optional<BatchDue> next_batch_due(const Windows&);
std::optional<ReleaseDue> next_release_due(const Batches&);

// What a bank tells the payee: of no other payout, and 20 bytes at most.
Label reference_of(const Parties&, const Window&, const Party& payee, Position);

void apply(Batches&, const SettlementBatchFormed&);
void apply(Batches&, const ReserveWithheld&);
void apply(Batches&, const ReserveReleased&);

}  // namespace obverse
