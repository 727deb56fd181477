#include "tests/promises/simulation/faces.h"

#include <cmath>

#include "tests/promises/simulation/defects.h"

namespace obverse::simulation {
namespace {

constexpr std::uint32_t dimensions = 64;
constexpr std::uint64_t strangers = 2;
constexpr std::uint64_t doubt_every = 32;

std::vector<double> direction(std::uint64_t seed) {
  Dice dice(seed);
  std::vector<double> numbers(dimensions);
  for (double& number : numbers)  // a sum of four: enough like a bell
    for (int i = 0; i < 4; ++i) number += static_cast<double>(dice.between(-1'000, 1'000));
  return numbers;
}

Template face_from(const ModelSpec& model, const std::vector<double>& numbers) {
  double squares = 0;
  for (const double number : numbers) squares += number * number;
  const double length = std::sqrt(squares);
  std::vector<float> embedding;
  for (const double number : numbers) embedding.push_back(static_cast<float>(number / length));
  return quantise(model, embedding).value();
}

Score threshold_of(const Policy& policy, std::uint32_t scope) {
  for (const ThresholdRow& row : policy.thresholds)
    if (row.search == Search::one_to_many && row.scope_max >= scope) return row.threshold;
  return score_one;
}

Identification identified(const Matcher& matcher, const Template& face) {
  Identification found = matcher.identify(face);
  if (is(Defect::score_depends_on_others)) found.score -= static_cast<Score>(found.scope);
  return found;
}

}  // namespace

Photos::Photos(std::uint64_t seed, std::uint64_t people)
    : model_{"sim-64", dimensions, 127 / 3.0F * 8} {
  const auto own = [&](std::uint64_t person) { return direction(seed * 1'000 + person); };
  for (std::uint64_t person = 1; person <= people + strangers; ++person) {
    for (std::uint64_t photo = 0; photo < 3; ++photo) {
      std::vector<double> numbers = own(person);
      const auto noise = direction(seed * 1'000 + person * 31 + photo + 500);
      for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] += noise[i] / 3;
      const auto kind = person > people ? Probe::Kind::stranger : Probe::Kind::person;
      const std::uint64_t number = person > people ? person - people : person;
      faces_.emplace(Probe{kind, number, photo}, face_from(model_, numbers));
    }
  }
  for (std::uint64_t person = 1; person < people; ++person) {
    std::vector<double> numbers = own(person);
    const auto other = own(person + 1);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] += other[i];
    faces_.emplace(Probe{Probe::Kind::two_at_once, person, 0}, face_from(model_, numbers));
  }
}

std::vector<std::string> Photos::secrets() const {
  std::vector<std::string> out;
  for (const auto& [probe, face] : faces_)
    if (probe.kind == Probe::Kind::person)
      out.emplace_back(reinterpret_cast<const char*>(face.values.data()), 16);
  return out;
}

Directory::Directory(const Photos& photos)
    : photos_(photos),
      matcher_(std::make_unique<Matcher>(photos.model())),
      reference_(std::make_unique<Matcher>(photos.model(), "scalar")) {}

Directory Directory::blank() const {
  Directory other(photos_);
  other.vault_ = vault_;
  other.reference_.reset();  // it is compared, and never asked
  return other;
}

void Directory::enrol(const FaceEnrolled& face, std::uint64_t position) {
  const auto found = vault_.find(face.sealed);
  if (found == vault_.end()) return;
  enrolled_[face.rider] = {face.face, found->second};
  const PersonLabel label{face.rider.value, face.face.value};
  const std::vector<Template> one{photos_.of(found->second)};
  matcher_->enrol(label, one, position);
  if (reference_) reference_->enrol(label, one, position);
}

void Directory::withdraw(RiderId rider, std::uint64_t position) {
  matcher_->remove(rider.value, position);
  if (reference_) reference_->remove(rider.value, position);
}

void Directory::see(const Record& record) {
  const std::uint64_t position = record.position.value;
  for (const Event& event : record.events) {
    if (const auto* face = std::get_if<FaceEnrolled>(&event)) {
      last_face_[face->rider] = face->face;
      suspended_.erase(face->rider);
      enrol(*face, position);
    } else if (const auto* erased = std::get_if<FaceErased>(&event)) {
      enrolled_.erase(erased->rider);
      if (is(Defect::gallery_keeps_the_erased)) continue;
      withdraw(erased->rider, position);
    } else if (const auto* stopped = std::get_if<FaceSuspended>(&event)) {
      suspended_.insert(stopped->rider);
      const bool for_ever = stopped->because == Suspension::erasure;
      if (is(Defect::gallery_keeps_the_suspended)) continue;
      if (for_ever && is(Defect::gallery_keeps_the_erased)) continue;
      withdraw(stopped->rider, position);
    } else if (const auto* again = std::get_if<FaceReinstated>(&event)) {
      suspended_.erase(again->rider);
      const auto known = enrolled_.find(again->rider);
      if (known == enrolled_.end()) continue;
      const PersonLabel label{again->rider.value, known->second.first.value};
      const std::vector<Template> one{photos_.of(known->second.second)};
      matcher_->enrol(label, one, position);
      if (reference_) reference_->enrol(label, one, position);
    } else if (const auto* pin = std::get_if<PinSet>(&event)) {
      pins_[pin->rider] = pin->version;
    } else if (const auto* policy = std::get_if<PolicyPublished>(&event)) {
      policy_ = policy->policy;
    } else if (const auto* lost = std::get_if<JourneyIncomplete>(&event)) {
      incomplete.push_back(lost->journey);
    }
  }
  matcher_->reached(position);
  if (reference_) reference_->reached(position);
}

// A search that counts every enrolled face must name only faces that may be matched, give the same
// bits on the plainest kernel, and score a face the same whoever else is there.
void Directory::doubt(const Identification& found, const Probe& probe) const {
  if (!found.best) return;
  const RiderId rider{found.best->value};
  const auto known = enrolled_.find(rider);
  if (known == enrolled_.end() || suspended_.contains(rider) ||
      known->second.first.value != found.best->version)
    wrong_ = "the matcher named a face that was withdrawn: rider " + std::to_string(rider.value);
  const auto key = std::pair{probe, std::pair{found.best->value, found.best->version}};
  const auto [score, is_new] = scores_.emplace(key, found.score);
  if (!is_new && score->second != found.score)
    wrong_ = "the score of one probe and one face changed";
  if (++searches_ % doubt_every != 0) return;
  Identification plain = identified(*reference_, photos_.of(probe));
  if (is(Defect::kernels_differ) && plain.runner_up) ++*plain.runner_up;
  if (!(plain == found)) wrong_ = "two kernels of the matcher answer differently";
}

std::optional<Recognition> Directory::recognise(const Probe& probe, TerminalId terminal,
                                                Instant at) const {
  if (!policy_) return std::nullopt;
  Identification found = identified(*matcher_, photos_.of(probe));
  if (is_due(Defect::matcher_is_not_repeatable, 50)) ++found.score;
  doubt(found, probe);
  if (!found.best) return std::nullopt;
  Recognition face;
  face.rider = {found.best->value};
  face.face = {found.best->version};
  face.model = photos_.model().id;
  face.gallery = found.gallery;
  face.scope = found.scope;
  face.score = found.score;
  face.threshold = threshold_of(*policy_, found.scope);
  face.runner_up = found.runner_up;
  face.terminal = terminal;
  face.at = at;
  return face;
}

FaceVersion Directory::next_face(RiderId rider) const {
  const auto found = last_face_.find(rider);
  return {found == last_face_.end() ? 1 : found->second.value + 1};
}

PinVersion Directory::pin(RiderId rider) const {
  const auto found = pins_.find(rider);
  return found == pins_.end() ? PinVersion{} : found->second;
}

bool Directory::agrees_with(const Directory& other) const {
  if (enrolled_ != other.enrolled_ || suspended_ != other.suspended_ || pins_ != other.pins_ ||
      last_face_ != other.last_face_ || policy_ != other.policy_)
    return false;
  for (const auto& [rider, face] : enrolled_)
    if (!(matcher_->identify(photos_.of(face.second)) ==
          other.matcher_->identify(photos_.of(face.second))))
      return false;
  return true;
}

}  // namespace obverse::simulation
