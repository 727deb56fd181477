// The people of a world as cameras see them, and the server's side of it: the real matcher over a
// gallery that follows the log, with a vault in memory (the real one's files are not simulated).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/record.h"
#include "matcher/matcher.h"
#include "tests/promises/simulation/dice.h"

namespace obverse::simulation {

// What stands before a camera.
struct Probe {
  enum class Kind : std::uint8_t { person, stranger, two_at_once } kind = Kind::person;
  std::uint64_t person = 0;
  std::uint64_t photo = 0;
  friend auto operator<=>(const Probe&, const Probe&) = default;
};

// Everybody's photographs, made once from the seed.
class Photos {
 public:
  Photos(std::uint64_t seed, std::uint64_t people);
  const Template& of(const Probe& probe) const { return faces_.at(probe); }
  const ModelSpec& model() const { return model_; }
  std::vector<std::string> secrets() const;  // bytes that must be found nowhere

 private:
  ModelSpec model_;
  std::map<Probe, Template> faces_;
};

// What a server knows beside the ledger's state, kept by following the log.
class Directory {
 public:
  explicit Directory(const Photos& photos);

  void hand_in(const Digest& sealed, const Probe& probe) { vault_[sealed] = probe; }
  void see(const Record& record);
  // One that has seen nothing yet, over the same vault.
  Directory blank() const;

  // Evidence for this probe at this terminal, as the server makes it; nothing if it does not single
  // anybody out.
  std::optional<Recognition> recognise(const Probe& probe, TerminalId terminal, Instant at) const;
  FaceVersion next_face(RiderId rider) const;
  PinVersion pin(RiderId rider) const;
  std::vector<JourneyId> incomplete;  // journeys that a desk may correct

  // Whether this is what another directory knows, which followed another way.
  bool agrees_with(const Directory& other) const;
  // Empty, or what the matcher did that it must not (invariants 18 to 20).
  const std::string& wrong() const { return wrong_; }

 private:
  void enrol(const FaceEnrolled& face, std::uint64_t position);
  void withdraw(RiderId rider, std::uint64_t position);
  void doubt(const Identification& found, const Probe& probe) const;

  const Photos& photos_;
  std::unique_ptr<Matcher> matcher_, reference_;
  std::map<Digest, Probe> vault_;
  std::map<RiderId, std::pair<FaceVersion, Probe>> enrolled_;
  std::set<RiderId> suspended_;
  std::map<RiderId, FaceVersion> last_face_;
  std::map<RiderId, PinVersion> pins_;
  std::optional<Policy> policy_;
  mutable std::map<std::pair<Probe, std::pair<std::uint64_t, std::uint32_t>>, Score> scores_;
  mutable std::uint64_t searches_ = 0;
  mutable std::string wrong_;
};

}  // namespace obverse::simulation
