// What must happen to one command: an answer with its effect, or a refusal out of few.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "tests/promises/simulation/oracle/books.h"

namespace obverse::oracle {

// What had to hold and did not, by the stage of an authorisation in which it is asked (DOMAIN 1.0):
// the first stage that fails gives the reason. Within a stage the documents name no order.
class Trouble {
 public:
  void if_not(bool holds, int stage, Refusal refusal) {
    if (!holds) found_[stage].insert(refusal);
  }
  void add(const Trouble& other) {
    for (const auto& [stage, refusals] : other.found_)
      found_[stage].insert(refusals.begin(), refusals.end());
  }
  bool any() const { return !found_.empty(); }
  bool before(int stage) const { return any() && found_.begin()->first < stage; }
  std::set<Refusal> first() const { return any() ? found_.begin()->second : std::set<Refusal>{}; }

 private:
  std::map<int, std::set<Refusal>> found_;
};

// The stages. Where DOMAIN 1.0 says "credential, consent" in one breath, the face comes before the
// PIN that helps it out, and both before what the person agreed to. "Match, then unique or
// ambiguous": whom a face is not similar to, it cannot be confused with. Whose PIN it is comes
// before what it is, and whether a terminal still is one before what it may do.
// Whether a face is that of the one person it was compared with is asked once it is known whose
// face counts.
inline constexpr int revoked = 5, who_asks = 10, seen = 20, shown = 25, similar = 27, unique = 28,
                     matched = 30, credential = 38, alike = 40, whose_pin = 41, pin_given = 42,
                     consented = 45, entitled = 50, sensible = 54, compared = 55, risk = 60,
                     money = 70;

struct Case {
  Command command;
  Instant now;
  std::uint64_t position = 0;  // where the record will stand
  std::optional<Attempt> attempt;
};

struct Expected {
  std::set<Refusal> refusals;   // one of these, or ...
  std::optional<Reply> answer;  // ... exactly this
  std::function<void(Books&)> then;
  std::function<void(Books&, Refusal)> otherwise;  // what a refusal leaves behind
  std::optional<std::uint64_t> step_up;            // that a refusal names
};

Expected refuse(Refusal);
Expected refuse(const Trouble&);
Expected agree(Reply, std::function<void(Books&)>);

Expected expect(const Books&, const Case&);

// --- people
Expected expect(const Books&, const Case&, const RegisterRider&);
Expected expect(const Books&, const Case&, const AssignCategory&);
Expected expect(const Books&, const Case&, const GrantConsent&);
Expected expect(const Books&, const Case&, const WithdrawConsent&);
Expected expect(const Books&, const Case&, const EnrolFace&);
Expected expect(const Books&, const Case&, const SuspendFace&);
Expected expect(const Books&, const Case&, const ReinstateFace&);
Expected expect(const Books&, const Case&, const EraseRider&);
Expected expect(const Books&, const Case&, const SetPin&);
Expected expect(const Books&, const Case&, const ResetPin&);
Expected expect(const Books&, const Case&, const OpenWallet&);
Expected expect(const Books&, const Case&, const LoadFunds&);

// --- operators
Expected expect(const Books&, const Case&, const RegisterOperator&);
Expected expect(const Books&, const Case&, const RegisterMerchant&);
Expected expect(const Books&, const Case&, const RegisterTerminal&);
Expected expect(const Books&, const Case&, const RevokeTerminal&);
Expected expect(const Books&, const Case&, const PublishTariff&);
Expected expect(const Books&, const Case&, const PublishPolicy&);

// --- gates
Expected expect(const Books&, const Case&, const EnterGate&);
Expected expect(const Books&, const Case&, const LeaveGate&);
Expected expect(const Books&, const Case&, const CorrectJourney&);
Expected expect(const Books&, const Case&, const ExpireJourney&);

// --- tills
Expected expect(const Books&, const Case&, const Pay&);
Expected expect(const Books&, const Case&, const AuthorisePurchase&);
Expected expect(const Books&, const Case&, const CapturePurchase&);
Expected expect(const Books&, const Case&, const VoidPurchase&);
Expected expect(const Books&, const Case&, const ReversePurchase&);
Expected expect(const Books&, const Case&, const RefundPurchase&);
Expected expect(const Books&, const Case&, const ExpireHold&);

// --- who stands there
struct Seen {
  Trouble trouble;
  RiderId rider;
  bool with_pin = false;  // and it is right
  // What face and PIN leave behind, and the stage until which all must have held for it: a failure
  // is counted, and locks at the limit; a success zeroes the count.
  std::vector<std::pair<int, std::function<void(Books&)>>> tried;
  void tell(Books& now, const Trouble& whole = {}) const {
    for (const auto& [stage, happened] : tried)
      if (!whole.before(stage)) happened(now);
  }
};
// Without a purpose no consent is asked for.
// A refusal, and what was tried before it.
Expected refuse(const Trouble&, const Seen&);
Seen look(const Books&, const Case&, const Presence&, TerminalId, std::optional<Purpose>, Party);
Trouble ask_terminal(const Books&, TerminalId, Role);
// For this purpose and party; without a purpose, for any.
Trouble ask_consent(const Books&, const Person&, std::optional<Purpose>, Party);
Trouble ask_face(const Person&);  // is there one
// One wallet a currency.
Trouble ask_wallet(const Person&, Currency);

// --- fares
struct Fare {
  std::int64_t minor = 0;
  std::int64_t surcharge = 0;
};
std::optional<StationId> station_called(const Tariff&, const Code&);
std::optional<Fare> fare_between(const Books&, const Tariff&, Category, StationId, StationId);
bool is_sound(const Tariff&);
bool is_sound(const Policy&);
bool is_sound(const Code&);

}  // namespace obverse::oracle
