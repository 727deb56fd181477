// Whether the log still holds what this server once answered. What a client says it was shown may
// be untrue, and then only that client is turned away; with the ledger's own mark on it, it is
// proof that the log was rolled back or replaced, and from then on nothing is decided for anybody.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ledger/engine/ledger.h"
#include "ledger/server/metrics.h"
#include "ledger/vault/receipt_seal.h"

namespace obverse {

class RollbackGuard {
 public:
  RollbackGuard(const Ledger& ledger, const ReceiptSeal& seal, Metrics& metrics)
      : ledger_(ledger), seal_(seal), metrics_(metrics) {}

  // Any thread. The highest receipt that a client was shown, and the mark it came with; position 0
  // is none. Gives what is wrong, in words, where the log does not hold it.
  std::optional<std::string> doubt(const Receipt& seen, std::span<const std::uint8_t> mark);

  // Any thread; once true, true until the log was mended and the server started anew.
  bool is_proven() const { return is_proven_.load(std::memory_order_relaxed); }

 private:
  const Ledger& ledger_;
  const ReceiptSeal& seal_;
  Metrics& metrics_;
  std::atomic<bool> is_proven_ = false;
};

}  // namespace obverse
