// The seam to the matcher and to the vault's PINs: turns what was shown at a terminal into evidence
// for a command, or into the refusal of somebody who is nobody here, of which nothing is kept. Runs
// on the pool; authority is inside the writer, not here.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ledger/engine/clock.h"
#include "ledger/model/commands.h"
#include "ledger/model/outcome.h"
#include "ledger/server/directory.h"
#include "ledger/server/metrics.h"
#include "ledger/server/probe_memory.h"
#include "ledger/vault/template_vault.h"
#include "matcher/matcher.h"

namespace obverse {

template <class Value>
using Wiped = std::vector<Value, WipingAllocator<Value>>;

// A face as it came from a terminal.
struct ShownFace {
  Code model;
  Wiped<float> vector;
};
struct TypedPin {
  RiderId rider;
  Wiped<char> digits;
};
struct Showing {
  TerminalId terminal;
  Capture capture = Capture::good;
  std::optional<ShownFace> face;
  std::optional<TypedPin> pin;
  std::optional<RiderId> claimed;  // compare with this person only
};

class Recogniser {
 public:
  // Without `memory` no probe is remembered.
  Recogniser(const Matcher&, const Vault&, const Directory&, Clock&, Metrics&,
             ProbeMemory* memory = nullptr);

  // Any thread. A capture that was not good is not matched: the command says so, and its denial is
  // remembered. Refusals: capture_must_be_live (of a recorded probe), gallery_must_know_model,
  // probe_must_be_valid, policy_must_be_published, nobody_recognised,
  // recognition_must_reach_threshold (1:1, of whoever is not in the gallery). A face that could be
  // several people's, and one that is not the named person's, go to the rules.
  std::expected<Presence, Refusal> look(const Showing&) const;

  // One photo of an enrolment.
  std::expected<Template, Refusal> photo(const ShownFace&) const;

 private:
  std::expected<Recognition, Refusal> search(const Template&, const Showing&, const Policy&) const;
  std::expected<Recognition, Refusal> compare(const Template&, RiderId claimed, const Showing&,
                                              const Policy&) const;
  PinCheck check(const TypedPin&) const;

  const Matcher& matcher_;
  const Vault& vault_;
  const Directory& directory_;
  Clock& clock_;
  Metrics& metrics_;
  ProbeMemory* memory_;
};

}  // namespace obverse
