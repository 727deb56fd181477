#include "ledger/engine/feed.h"

#include "ledger/engine/fold.h"

namespace obverse {
namespace {

constexpr std::size_t chunk_records = 256;

}  // namespace

void replay(const EventLog& log, Position after, Follower& follower) {
  for (;;) {
    std::vector<Record> records;
    Receipt last;
    for (Stored& stored : stored_from(log, {after.value + 1}, chunk_records)) {
      last = {stored.record.position, stored.chain};
      records.push_back(std::move(stored.record));
    }
    if (records.empty()) return;
    follower.committed(records, last);
    after = last.position;
  }
}

void Feed::committed(std::span<const Record> records, const Receipt& head) {
  for (Follower* follower : followers_) follower->committed(records, head);
}

}  // namespace obverse
