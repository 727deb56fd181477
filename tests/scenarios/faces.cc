// Made-up faces for the scenarios, searched by the real matcher.
#include "tests/scenarios/faces.h"

#include <cmath>
#include <vector>

#include "matcher/embedding.h"
#include "matcher/policy.h"

namespace obverse::scenarios {
namespace {

constexpr std::uint32_t dimensions = 128;
constexpr double noise = 0.02;  // of a picture, against the person's own vector

ModelSpec model_spec() { return {"made-up-128", dimensions, 127.0F / 0.4F}; }

std::uint64_t next(std::uint64_t& seed) {
  seed += 0x9e3779b97f4a7c15U;
  std::uint64_t z = seed;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::uint64_t seed_of(const std::string& name) {
  std::uint64_t seed = 1469598103934665603U;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return seed;
}

double number(std::uint64_t& seed) {  // about normal, mean 0
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += static_cast<double>(next(seed) >> 11) * 0x1p-53;
  return sum - 6;
}

// One picture of a person: always the same person, never the same picture.
Template picture(const std::string& name, std::uint64_t picture_number) {
  std::uint64_t person = seed_of(name);
  std::uint64_t shot = seed_of(name) + 0x5851f42d4c957f2dU * (picture_number + 1);
  std::vector<double> exact(dimensions);
  double length = 0;
  for (double& x : exact) {
    x = number(person) + number(shot) * noise * std::sqrt(dimensions) / 2;
    length += x * x;
  }
  std::vector<float> embedding;
  for (const double x : exact) embedding.push_back(static_cast<float>(x / std::sqrt(length)));
  return quantise(model_spec(), embedding).value();
}

}  // namespace

Faces::Faces(const Searching& searching)
    : matcher_(model_spec(), searching.kernel, searching.threads),
      vault_(model_spec(), searching.kernel, searching.threads) {}

void Faces::enrol(RiderId rider, FaceVersion face, const std::string& name, Position at) {
  const std::vector<Template> photos{picture(name, 0), picture(name, 1), picture(name, 2)};
  matcher_.enrol({rider.value, face.value}, photos, at.value);
  vault_.enrol({rider.value, face.value}, photos, at.value);
}

void Faces::hide(RiderId rider, Position at) { matcher_.remove(rider.value, at.value); }

void Faces::forget(RiderId rider, Position at) {
  hide(rider, at);
  vault_.remove(rider.value, at.value);
}

void Faces::reached(Position at) { matcher_.reached(at.value); }

Faces::Seen Faces::recognise(const std::string& name, TerminalId terminal, const Policy& policy,
                             Instant now) {
  const Identification found = matcher_.identify(picture(name, 1000 + probes_++));
  const Score threshold = policy.thresholds.at(0).threshold;
  const Verdict verdict = decide(found.score, found.runner_up, threshold, policy.margin);
  if (found.best && verdict == Verdict::ambiguous) return {{}, Ambiguity{2}};
  if (!found.best || verdict != Verdict::recognised) return {};
  return {Recognition{.rider = {found.best->value},
                      .face = {found.best->version},
                      .model = model(),
                      .search = Search::one_to_many,
                      .gallery = found.gallery,
                      .scope = found.scope,
                      .score = found.score,
                      .threshold = threshold,
                      .runner_up = found.runner_up,
                      .terminal = terminal,
                      .at = now},
          {}};
}

std::optional<Recognition> Faces::compare(const std::string& name, RiderId rider,
                                          TerminalId terminal, const Policy& policy, Instant now) {
  const Verification seen = vault_.verify(picture(name, 1000 + probes_++), rider.value);
  if (!seen.enrolled) return {};
  return Recognition{.rider = rider,
                     .face = {seen.version},
                     .model = model(),
                     .search = Search::one_to_one,
                     .gallery = seen.gallery,
                     .scope = 1,
                     .score = seen.score,
                     .threshold = policy.thresholds.at(1).threshold,
                     .runner_up = {},
                     .terminal = terminal,
                     .at = now};
}

Policy Faces::policy() {
  Policy policy;
  policy.thresholds = {{model(), Search::one_to_many, 1'000, score_one / 2},
                       {model(), Search::one_to_one, 1, score_one / 2}};
  policy.margin = score_one / 8;
  return policy;
}

Code Faces::model() { return model_spec().id; }

}  // namespace obverse::scenarios
