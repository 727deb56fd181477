// Knows a face again that was recorded at one terminal and is shown at another: no two captures
// become the same numbers, not even after they were rounded to a template. Keeps no face: of each
// probe a few bytes of a keyed digest (HMAC-SHA-256), whose key is this process's own and is
// written nowhere, and where it was shown. Says nothing of a recording that was altered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/vault/secret_bytes.h"
#include "threads/lock.h"

namespace obverse {

class ProbeMemory {
 public:
  // About so many of the latest; 0: none. Sixteen bytes each, taken at once.
  explicit ProbeMemory(std::size_t remembered);

  // Any thread; the numbers of a template. True: the same came from another terminal before.
  // Otherwise they are remembered as this one's: it may show them again, as a retry does.
  bool is_from_elsewhere(std::span<const std::byte> probe, TerminalId);

 private:
  struct Trace {
    std::uint64_t mark = 0;
    std::uint64_t terminal = 0;  // 0: none yet
  };
  SecretBytes key_;
  Mutex mutex_;
  std::vector<Trace> traces_
      GUARDED_BY(mutex_);  // a probe has one place, and what comes later takes it
};

}  // namespace obverse
