// Faces of people who do not exist: unit vectors made from a name, and the real matcher over them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/model/policy.h"
#include "ledger/model/recognition.h"
#include "matcher/matcher.h"

namespace obverse::scenarios {

// How the matcher searches: nothing that anybody decides may depend on it.
struct Searching {
  std::string kernel = {};  // the best present
  unsigned threads = 1;
};

class Faces {
 public:
  explicit Faces(const Searching&);

  void enrol(RiderId, FaceVersion, const std::string& name, Position);
  void forget(RiderId, Position);
  void reached(Position);

  // Whom the gallery shows for this person's face now; nothing below the policy's threshold, or
  // when two are too near.
  std::optional<Recognition> recognise(const std::string& name, TerminalId, const Policy&,
                                       Instant now);

  static Policy policy();  // with thresholds for these faces
  static Code model();

 private:
  Matcher matcher_;
  std::uint64_t probes_ = 0;
};

}  // namespace obverse::scenarios
