// Thresholds are those of the published policy; the rules look at the same numbers once more.
#include "ledger/server/recognise.h"

#include "matcher/policy.h"

namespace obverse {
namespace {

Recognition evidence(const Matcher& matcher, const Showing& showing, Instant now) {
  Recognition found;
  found.model = matcher.model().id;
  found.terminal = showing.terminal;
  found.at = now;
  return found;
}

}  // namespace

Recogniser::Recogniser(const Matcher& matcher, const Vault& vault, const Directory& directory,
                       Clock& clock, Metrics& metrics, ProbeMemory* memory)
    : matcher_(matcher),
      vault_(vault),
      directory_(directory),
      clock_(clock),
      metrics_(metrics),
      memory_(memory) {}

std::expected<Presence, Refusal> Recogniser::look(const Showing& showing) const {
  Presence presence;
  presence.capture = showing.capture;
  if (showing.capture != Capture::good) {
    metrics_.add(Count::captures_rejected);
    return presence;
  }
  if (showing.face) {
    const auto probe = photo(*showing.face);
    if (!probe) return std::unexpected(probe.error());
    if (memory_ != nullptr &&
        memory_->is_from_elsewhere(std::as_bytes(std::span(probe->values)), showing.terminal)) {
      metrics_.add(Count::probes_recorded);
      return std::unexpected(Refusal::capture_must_be_live);
    }
    const auto policy = directory_.policy();
    if (!policy) return std::unexpected(Refusal::policy_must_be_published);
    metrics_.add(Count::probes_searched);
    const auto found = showing.claimed ? compare(*probe, *showing.claimed, showing, *policy)
                                       : search(*probe, showing, *policy);
    // That it could be several people is for the rules to answer: they may ask for a PIN.
    const bool is_ambiguous = !found && found.error() == Refusal::recognition_must_be_unambiguous;
    if (!found && !is_ambiguous) return std::unexpected(found.error());
    if (is_ambiguous) {
      presence.ambiguous = Ambiguity{};
    } else {
      presence.face = *found;
    }
  }
  if (showing.pin) presence.pin = check(*showing.pin);
  return presence;
}

std::expected<Template, Refusal> Recogniser::photo(const ShownFace& face) const {
  if (face.model != matcher_.model().id) {
    metrics_.add(Count::probes_invalid);
    return std::unexpected(Refusal::gallery_must_know_model);
  }
  auto quantised = quantise(matcher_.model(), face.vector);
  if (!quantised) {
    metrics_.add(Count::probes_invalid);
    return std::unexpected(Refusal::probe_must_be_valid);
  }
  return std::move(*quantised);
}

std::expected<Recognition, Refusal> Recogniser::search(const Template& probe,
                                                       const Showing& showing,
                                                       const Policy& policy) const {
  const Identification seen = matcher_.identify(probe);
  const auto threshold =
      threshold_for(policy, matcher_.model().id, Search::one_to_many, seen.scope);
  const Verdict verdict = seen.best
                              ? decide(seen.score, seen.runner_up,
                                       threshold.value_or(threshold_unreachable), policy.margin)
                              : Verdict::not_recognised;
  if (verdict == Verdict::not_recognised) {
    metrics_.add(Count::probes_unknown);
    return std::unexpected(Refusal::nobody_recognised);
  }
  if (verdict == Verdict::ambiguous) {
    metrics_.add(Count::probes_ambiguous);
    return std::unexpected(Refusal::recognition_must_be_unambiguous);
  }
  metrics_.add(Count::probes_recognised);
  Recognition found = evidence(matcher_, showing, clock_.now());
  found.rider = {seen.best->value};
  found.face = {seen.best->version};
  found.search = Search::one_to_many;
  found.gallery = seen.gallery;
  found.scope = seen.scope;
  found.score = seen.score;
  found.threshold = *threshold;
  found.runner_up = seen.runner_up;
  return found;
}

std::expected<Recognition, Refusal> Recogniser::compare(const Template& probe, RiderId claimed,
                                                        const Showing& showing,
                                                        const Policy& policy) const {
  const Verification seen = matcher_.verify(probe, claimed.value);
  const auto threshold = threshold_for(policy, matcher_.model().id, Search::one_to_one, 1);
  // Somebody who is not enrolled and somebody who is another person look the same from outside.
  if (!seen.enrolled || !threshold) {
    metrics_.add(Count::probes_unknown);
    return std::unexpected(Refusal::recognition_must_reach_threshold);
  }
  // Unlike the person too: the rules count who tries to be somebody else, and lock.
  metrics_.add(seen.score < *threshold ? Count::probes_unknown : Count::probes_recognised);
  Recognition found = evidence(matcher_, showing, clock_.now());
  found.rider = claimed;
  found.face = {seen.version};
  found.search = Search::one_to_one;
  found.gallery = seen.gallery;
  found.scope = 1;
  found.score = seen.score;
  found.threshold = *threshold;
  return found;
}

PinCheck Recogniser::check(const TypedPin& typed) const {
  metrics_.add(Count::pins_checked);
  PinCheck checked{.rider = typed.rider, .version = directory_.pin(typed.rider), .correct = false};
  const std::string_view digits(typed.digits.data(), typed.digits.size());
  if (checked.version.value > 0) {
    checked.correct = vault_.check_pin(typed.rider, checked.version, digits).value_or(false);
  }
  return checked;
}

}  // namespace obverse
