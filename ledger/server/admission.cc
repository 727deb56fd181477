// See the header. A window is long enough to hold a few commits.
#include "ledger/server/admission.h"

#include <algorithm>

namespace obverse {
namespace {

constexpr std::chrono::milliseconds window{20};
constexpr std::size_t answers_min = 8;       // of a window
constexpr std::size_t forgotten_after = 64;  // shares, before those that ended are let go of
// A terminal that is alone may have this much of the room that is then half empty; one that is not
// alone has it too, and the others the rest.
constexpr std::size_t share_least = 32;

std::size_t room(Lane lane, std::size_t limit) {
  if (lane == Lane::leave) return 2 * limit;
  if (lane == Lane::enter) return limit + limit / 2;
  return limit;
}

}  // namespace

void Throttle::answered(std::chrono::nanoseconds took, Time now) {
  if (count_ == 0) began_ = now;
  sum_ += took;
  ++count_;
  if (count_ < answers_min || now - began_ < window) return;
  const bool is_late = sum_ / count_ > bounds_.aim;
  if (is_late) {
    limit_ = std::max(bounds_.least, limit_ - limit_ / 5);
  } else if (was_reached_) {
    limit_ = std::min(bounds_.most, limit_ + limit_ / 8 + 1);
  }
  sum_ = {};
  count_ = 0;
  was_reached_ = false;
}

// Coming again does not make a terminal rested: its share is kept until it is.
std::shared_ptr<Admission::Share> Admission::share_of(const Digest& certificate) {
  const Lock lock(mutex_);
  if (const auto known = shares_.find(certificate); known != shares_.end()) return known->second;
  if (shares_.size() % forgotten_after == 0) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(shares_, [now](const auto& one) {
      return one.second.use_count() == 1 && one.second->pace.is_rested(now);
    });
  }
  return shares_[certificate] = std::make_shared<Share>(calls_a_second_max_);
}

// The way of most calls when there are too many: takes no lock.
bool Admission::is_full(Lane lane, const Share& share, std::size_t all) {
  const std::size_t limit = limit_;
  const bool is_greedy = all >= limit / 2 && share.at_work >= std::max(share_least, limit / 4);
  if (all < room(lane, limit) && !is_greedy) return false;
  if (!was_reached_) was_reached_ = true;
  return true;
}

bool Admission::turns_away(Lane lane, const Share& share) {
  return is_full(lane, share, at_work_ + awaited_);
}

Admission::Visit Admission::enter(Lane lane, const std::shared_ptr<Share>& share) {
  if (is_full(lane, *share, at_work_)) return nullptr;
  ++at_work_;
  ++share->at_work;
  return {new Throttle::Time(std::chrono::steady_clock::now()),
          [this, share](const Throttle::Time* entered) {
            leave(*share, *entered);
            delete entered;
          }};
}

void Admission::leave(Share& share, Throttle::Time entered) {
  --at_work_;
  --share.at_work;
  const auto now = std::chrono::steady_clock::now();
  const Lock lock(mutex_);
  if (was_reached_.exchange(false)) throttle_.reached();
  throttle_.answered(now - entered, now);
  limit_ = throttle_.limit();
}

}  // namespace obverse
