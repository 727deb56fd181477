#include "ledger/engine/feed.h"

namespace obverse {

void Feed::committed(std::span<const Record> records, const Receipt& head) {
  for (Follower* follower : followers_) follower->committed(records, head);
}

}  // namespace obverse
