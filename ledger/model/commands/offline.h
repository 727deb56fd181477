// What a terminal that was without network asks once it is back, and what staff decide about what
// it brings. UploadOffline itself is in model/commands.h, with all that shows a face.
#pragma once

#include <cstdint>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/offline.h"

namespace obverse {

struct PublishTerminalLimits {
  TerminalLimits limits;
};
struct OpenOfflineBatch {
  TerminalId terminal;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  Instant since;      // by the terminal's clock
  Instant list_made;  // as the list says
  LimitsVersion limits;
  Instant said;  // the terminal's clock when it asks
};
// What is missing before this number will never come.
struct GiveUpOffline {
  TerminalId desk;
  TerminalId terminal;
  std::uint64_t before = 0;
};
struct ReleaseOffline {
  TerminalId desk;
  TerminalId terminal;
  std::uint64_t sequence = 0;
  bool accept = false;
};

}  // namespace obverse
