// What the acts share: who plays, the terminals' sessions, and the record of what happened so far
// (in files, since the server dies between two acts and the acts are programs of their own).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/client/commands/output.h"
#include "ledger/client/commands/presence.h"
#include "ledger/client/commands/session.h"

namespace obverse {

// A person of the ORL face set. Their first three photos are enrolled, the other seven are what
// cameras see later.
struct Member {
  std::size_t first_row = 0;
  std::uint64_t rider = 0;  // 0 until registered; strangers stay 0
  std::string part;         // what they are there to show
};

inline constexpr std::size_t photos_each = 10;
inline constexpr std::size_t photos_enrolled = 3;

struct Play {
  Settings settings;            // server and authority; certificates are those of `keys`
  std::filesystem::path keys;   // NAME.pem, NAME.key of every terminal
  std::filesystem::path state;  // where the acts remember
  std::filesystem::path faces;  // float32 rows
  std::filesystem::path tariff;
  std::filesystem::path policy;
  std::vector<Member> cast;
  std::map<std::string, std::unique_ptr<Session>> sessions;
  std::vector<std::string> failures;

  Session& as(const std::string& terminal);  // connects on first use
  void forget_sessions() { sessions.clear(); }
};

// The cast, as first written or as kept by an earlier act.
std::vector<Member> first_cast();
void keep_cast(const Play&);
void recall_cast(Play&);

// The answer to one request, how long it took from sending to receipt, and how many looks at the
// camera it needed.
struct Scene {
  Json outcome;
  double milliseconds = 0;
  int looks = 1;
};

// At a gate or till a person looks again when the camera did not know them; each look is another
// photograph of theirs.
Scene enter(Play&, const std::string& gate, const Member&);
Scene leave(Play&, const std::string& gate, const Member&);
Scene leave_by_pin(Play&, const std::string& gate, const Member&, const std::string& pin);
struct Sale {
  std::int64_t yen = 0;
  std::string attempt;  // empty: a new key
  std::uint64_t step_up = 0;
  std::string pin;
};
Scene pay(Play&, const std::string& till, const Member&, const Sale&);

// Shows a line of the table, keeps it for the end, and notes a failure where `got` does not begin
// with `expected`.
void tell(Play&, const std::string& what, const std::string& expected, const Scene&);
// "left: fare 240 JPY, balance 4,760 JPY", "refused: PASS_BACK".
std::string in_short(const Json& outcome);
std::vector<std::string> told(const Play&);
std::vector<double> latencies(const Play&);

}  // namespace obverse
