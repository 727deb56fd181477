// Faces of people who do not exist: unit vectors made from a name, and the real matcher over them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/model/credential.h"
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
  void hide(RiderId, Position);    // nobody finds this face any more; a comparison still does
  void forget(RiderId, Position);  // erased
  void reached(Position);

  // Whom the gallery shows for this person's face now: one, or that it could be several, or nobody
  // at all.
  struct Seen {
    std::optional<Recognition> face;
    std::optional<Ambiguity> ambiguous;
  };
  Seen recognise(const std::string& name, TerminalId, const Policy&, Instant now);
  // With this rider's own template only, alike or not.
  std::optional<Recognition> compare(const std::string& name, RiderId, TerminalId, const Policy&,
                                     Instant now);

  static Policy policy();  // with thresholds for these faces
  static Code model();

 private:
  Matcher matcher_;
  Matcher vault_;  // of all that is enrolled
  std::uint64_t probes_ = 0;
};

}  // namespace obverse::scenarios
