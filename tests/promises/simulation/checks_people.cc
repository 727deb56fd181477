// People and places: invariants 15 to 18, 21, 23 to 26, 42.
#include "tests/promises/simulation/checks.h"

namespace obverse::simulation {

bool Checks::may_be_matched(RiderId rider) const {
  const auto face = faces_.find(rider);
  return face != faces_.end() && face->second.enrolled && !face->second.suspended;
}

bool Checks::consents(RiderId rider, Purpose purpose, Party party) const {
  const auto mine = consents_.find(rider);
  const auto person = riders_.find(rider);
  if (mine == consents_.end() || person == riders_.end()) return false;
  for (const auto& [scope, guardian] : mine->second) {
    if (scope.first != purpose) continue;
    if (scope.second.kind != Party::Kind::everyone && scope.second != party) continue;
    const auto& [category, linked] = person->second;
    if (category != Category::child || (guardian && linked && *guardian == *linked)) return true;
  }
  return false;
}

void Checks::recognised(const Now& now, const Recognition& face) {
  if (!may_be_matched(face.rider)) fail("18: a face was recognised that must not be matched");
  if (faces_[face.rider].version != face.face) fail("18: an old face was recognised");
  if (!policy_) return fail("20: recognised without a policy");
  bool published = false;
  for (const ThresholdRow& row : policy_->thresholds) {
    if (published || row.model != face.model || row.search != face.search) continue;
    if (row.scope_max < face.scope) continue;
    published = true;
    if (face.score < row.threshold) fail("20: recognised below the threshold");
  }
  if (!published) fail("20: recognised in a search that nothing was published for");
  const std::int64_t lead = std::int64_t{face.score} - face.runner_up.value_or(-score_one);
  if (face.search == Search::one_to_many && lead < policy_->margin)
    fail("16: recognised although it was ambiguous");
  if (face.at > at_ || at_ - face.at > policy_->authorisation_life)
    fail("17: a stale face was taken");
  if (now.record.attempt && now.record.attempt->terminal != face.terminal)
    fail("17: a face of another terminal was taken");
}

void Checks::people(Now& now, const Event& event) {
  if (const auto* one = std::get_if<RiderRegistered>(&event)) {
    riders_[one->rider] = {one->category, {}};
    touched_riders_.insert(one->rider);
  }
  if (const auto* one = std::get_if<CategoryAssigned>(&event))
    riders_[one->rider].first = one->category;
  if (const auto* one = std::get_if<GuardianLinked>(&event))
    riders_[one->rider].second = one->guardian;
  if (const auto* one = std::get_if<ConsentGranted>(&event)) {
    consents_[one->rider][{one->purpose, one->party}] = one->guardian;
    touched_riders_.insert(one->rider);
  }
  if (const auto* one = std::get_if<ConsentWithdrawn>(&event)) {
    consents_[one->rider].erase({one->purpose, one->party});
    touched_riders_.insert(one->rider);
    bool any = false;
    for (const Purpose purpose : {Purpose::transit, Purpose::payment})
      for (const auto& [scope, guardian] : consents_[one->rider])
        any = any || (scope.first == purpose && consents(one->rider, purpose, scope.second));
    const bool ends = has<FaceSuspended>(now.record) || has<FaceErased>(now.record);
    if (!any && faces_[one->rider].enrolled && !erasing_.contains(one->rider) && !ends)
      fail("18: the last consent went, and the face stayed");
  }
  if (const auto* one = std::get_if<FaceRecognised>(&event)) recognised(now, one->evidence);
}

void Checks::erasure(Now& now, const Event& event) {
  const auto touch = [&](RiderId rider) -> Face& {
    touched_riders_.insert(rider);
    return faces_[rider];
  };
  if (const auto* one = std::get_if<FaceEnrolled>(&event)) {
    Face& face = touch(one->rider);
    if (one->face.value != face.version.value + 1) fail("18: a face's version is not the next");
    if (erasing_.contains(one->rider)) fail("42: enrolled while an erasure waits");
    face = {one->face, true, false};
  }
  if (const auto* one = std::get_if<FaceSuspended>(&event)) touch(one->rider).suspended = true;
  if (const auto* one = std::get_if<FaceReinstated>(&event)) {
    if (erasing_.contains(one->rider)) fail("42: a face came back before its erasure");
    touch(one->rider).suspended = false;
  }
  if (const auto* one = std::get_if<ErasureRequested>(&event)) {
    touch(one->rider);
    consents_[one->rider].clear();
  }
  if (const auto* one = std::get_if<ErasureDeferred>(&event)) erasing_.insert(one->rider);
  if (const auto* one = std::get_if<FaceErased>(&event)) touch(one->rider).enrolled = false;
  const auto* done = std::get_if<ErasureCompleted>(&event);
  if (done == nullptr) return;
  erasing_.erase(done->rider);
  if (touch(done->rider).enrolled) fail("42: an erased face is still enrolled");
  for (const auto& [id, hold] : holds_)
    if (hold.rider == done->rider && hold.amount.minor > 0) fail("42: erased while money was held");
  for (const auto& [traveller, journey] : open_)
    if (traveller.first == done->rider) fail("42: erased on the way");
  if (!has<ErasureRequested>(now.record) && !has<ConsentWithdrawn>(now.record) &&
      !has<HoldReleased>(now.record) && !has<HoldCaptured>(now.record) &&
      !has<HoldExpired>(now.record))
    fail("42: an erasure from nowhere");
}

void Checks::pins(Now& now, const Event& event) {
  const unsigned most = policy_ ? policy_->pin_failures_max : 0;
  if (const auto* set = std::get_if<PinSet>(&event)) {
    if (set->version.value != pins_[set->rider].version.value + 1)
      fail("23: a PIN's version is not the next");
    pins_[set->rider].version = set->version;
    touched_riders_.insert(set->rider);
  }
  if (const auto* right = std::get_if<PinVerified>(&event)) {
    PinHere& pin = pins_[right->rider];
    if (pin.failures >= most) fail("23: a locked PIN was taken");
    if (pin.version != right->version) fail("23: an old PIN was taken");
    pin.failures = 0;
    touched_riders_.insert(right->rider);
  }
  if (const auto* wrong = std::get_if<PinFailed>(&event)) {
    PinHere& pin = pins_[wrong->rider];
    if (pin.failures >= most) fail("23: a locked PIN was tried");
    if (++pin.failures != wrong->failures) fail("23: a failure was miscounted");
    if ((pin.failures >= most) != has<PinLocked>(now.record)) fail("23: a lock does not hold");
    touched_riders_.insert(wrong->rider);
  }
  if (const auto* reset = std::get_if<PinReset>(&event)) {
    pins_[reset->rider].failures = 0;
    touched_riders_.insert(reset->rider);
  }
}

void Checks::ride_ends(const Now& now, JourneyId journey) {
  const auto ride = rides_.find(journey);
  if (ride == rides_.end()) return fail("25: a journey ends that never began");
  if (std::exchange(ride->second.ended, true)) fail("25: a journey ended twice");
  open_.erase({ride->second.rider, ride->second.transit});
  const HoldId hold{journey.value};
  if (!now.resolved.contains(hold)) fail("6: a journey ended and its hold did not");
}

void Checks::charge(const Now& now, JourneyId journey, Money amount) {
  const auto found = rides_.find(journey);
  if (found == rides_.end()) return fail("25: a fare without a journey");
  Ride& ride = found->second;
  if (ride.fare) fail("8: a journey was charged twice");
  ride.fare = amount.minor;
  fares_ += amount.minor;
  const Tariff& tariff = tariffs_[ride.tariff];
  const std::int64_t most =
      ride.category == Category::child ? tariff.maximum_child_minor : tariff.maximum_adult_minor;
  if (amount.minor < 0 || amount.minor > most) fail("26: a fare above the maximum");
  if (has<MaximumFareCharged>(now.record) && !has<FareCharged>(now.record) && amount.minor != most)
    fail("26: the maximum is not the tariff's");
}

bool Checks::is_in_force(const JourneyOpened& journey) const {
  const auto mine = tariffs_.find(journey.tariff);
  if (mine == tariffs_.end() || mine->second.effective_from > at_) return false;
  for (const auto& [version, tariff] : tariffs_)
    if (tariff.transit == journey.transit && tariff.effective_from <= at_ &&
        tariff.effective_from > mine->second.effective_from)
      return false;
  return mine->second.transit == journey.transit;
}

void Checks::places(Now& now, const Event& event) {
  if (const auto* one = std::get_if<JourneyOpened>(&event)) {
    if (!open_.emplace(std::pair{one->rider, one->transit}, one->journey).second)
      fail("24: two journeys at once");
    if (now.proven != one->rider) fail("15: let in without evidence");
    if (!consents(one->rider, Purpose::transit,
                  {Party::Kind::transit_operator, one->transit.value}))
      fail("21: let in without consent");
    if (now.record.attempt && revoked_.contains(now.record.attempt->terminal))
      fail("17: let in at a revoked gate");
    if (!is_in_force(*one)) fail("47: a tariff that is not in force");
    if (riders_[one->rider].first != one->category) fail("26: another category than the rider's");
    rides_[one->journey] = {one->rider, one->transit,  one->tariff, one->category,
                            one->at,    one->deadline, false,       {}};
  }
  if (const auto* one = std::get_if<FareCharged>(&event)) charge(now, one->journey, one->amount);
  if (const auto* one = std::get_if<MaximumFareCharged>(&event))
    charge(now, one->journey, one->amount);
  if (const auto* one = std::get_if<JourneyClosed>(&event)) ride_ends(now, one->journey);
  if (const auto* one = std::get_if<JourneyIncomplete>(&event)) {
    // Before its time only where its rider is seen to come in elsewhere.
    const auto ride = rides_.find(one->journey);
    if (ride != rides_.end() && at_ < ride->second.deadline && !has<JourneyOpened>(now.record))
      fail("25: a journey was given up before its time");
    // The hold's end may stand behind it in the record.
    for (const Event& each : now.record.events) {
      if (const auto* taken = std::get_if<HoldCaptured>(&each)) now.resolved.insert(taken->hold);
      if (const auto* freed = std::get_if<HoldReleased>(&each)) now.resolved.insert(freed->hold);
    }
    ride_ends(now, one->journey);
  }
  if (const auto* one = std::get_if<FareAdjusted>(&event)) {
    Ride& ride = rides_[one->journey];
    if (ride.fare != one->from.minor) fail("25: an adjustment from another fare");
    fares_ += one->to.minor - one->from.minor;
    ride.fare = one->to.minor;
  }
}

}  // namespace obverse::simulation
