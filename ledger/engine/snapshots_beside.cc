#include "ledger/engine/snapshots_beside.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <iostream>

#include "ledger/engine/recovery.h"
#include "ledger/engine/snapshot.h"

namespace obverse {
namespace {

using Watch = std::chrono::steady_clock;

constexpr int lowest_priority = 19;
constexpr std::uint64_t records_without_rest = 1'024;

struct GivenUp {};

// Of this thread and those that it starts. Where that is not allowed, it rests all the same.
void yield_to_all_others() {
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowest_priority));
}

}  // namespace

// Works for a while, then rests for as long as its share of the time asks for.
class SnapshotsBeside::Paced {
 public:
  explicit Paced(SnapshotsBeside& beside) : beside_(beside) {}

  // GivenUp if the ledger stops.
  void rest() {
    const auto now = Watch::now();
    const auto until = now + (now - since_) * (beside_.parts_ - 1);
    const Lock lock(beside_.mutex_);
    while (!beside_.over_ && beside_.changed_.wait_until(beside_.mutex_, until)) {
    }
    if (beside_.over_) throw GivenUp{};
    since_ = Watch::now();
  }
  void after_a_record() {
    if (++records_ % records_without_rest == 0) rest();
  }

 private:
  SnapshotsBeside& beside_;
  Watch::time_point since_ = Watch::now();
  std::uint64_t records_ = 0;
};

SnapshotsBeside::SnapshotsBeside(EventLog& log, Position last, std::uint64_t every, unsigned parts)
    : log_(log), every_(every), parts_(parts), last_(last) {
  if (every_ > 0) thread_ = std::thread([this] { run(); });
}

SnapshotsBeside::~SnapshotsBeside() {
  {
    const Lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SnapshotsBeside::committed(const Receipt& durable) {
  if (every_ == 0 || durable.position.value - last_.value < every_) return;
  last_ = durable.position;
  {
    const Lock lock(mutex_);
    due_ = durable;
  }
  changed_.notify_all();
}

void SnapshotsBeside::run() {
  yield_to_all_others();
  const Lock lock(mutex_);
  for (;;) {
    while (!over_ && !due_) changed_.wait(mutex_);
    if (over_ || !due_) return;
    const Receipt at = *due_;
    due_.reset();
    const Unlock open(mutex_);
    make(at);
  }
}

// Only a cache: if it cannot be kept, the next start reads more records, and that is all. Damage
// that is met here is met by the next start too, which says what it did about it.
void SnapshotsBeside::make(const Receipt& at) {
  try {
    Paced paced(*this);
    const Head until{0, at.position, at.chain};
    const Recovered made =
        recover_until(log_, until, [&](const Record&, const Digest&) { paced.after_a_record(); });
    paced.rest();
    log_.keep_snapshot(snapshot_of(made.folded.state, at.chain));
    paced.rest();
  } catch (const GivenUp&) {
    return;  // the ledger stops
  } catch (const std::exception& fault) {
    std::cerr << "no snapshot at " << at.position.value << ": " << fault.what() << "\n";
  }
}

}  // namespace obverse
