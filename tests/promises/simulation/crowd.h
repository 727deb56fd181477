// What the people of a town want next, and what they learn from the answers. It knows what a
// terminal could know, and what the server's directory tells.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "tests/promises/simulation/errand.h"
#include "tests/promises/simulation/plan.h"

namespace obverse::simulation {

// What has to be there before the first rider.
std::vector<Command> founding(std::uint64_t riders);

class Crowd {
 public:
  Crowd(const Plan& plan, const Swarm& swarm, Dice& dice);

  Errand next(const Directory& directory, Instant now);
  // The definite answer to an errand; what follows at once, if something does.
  std::optional<Errand> learn(const Errand& errand, const Reply& reply);
  // A till that waits too long takes its sale back, under the sale's key.
  static std::optional<Errand> take_back(const Errand& errand);
  // The same wish and another picture: a retry after the terminal forgot what it had seen.
  void look_again(Errand& errand);
  // Another wish under the key of this one, as a cloned terminal makes it.
  Command cloned(const Errand& errand);
  void hand_in(Directory& directory, const Errand& errand) const;

 private:
  struct Sale {
    TerminalId till;
    PurchaseId purchase;
    Money amount;
  };
  Errand at(TerminalId terminal, Command wish);
  Errand shown(TerminalId terminal, Command wish, std::uint64_t person);
  Errand gate(bool sensible);
  Errand till(bool holds);
  Errand after_sale(std::uint64_t what);
  Errand desk(std::uint64_t what, const Directory& directory);
  Errand visit(const Directory& directory, RiderId rider);
  Errand office(std::uint64_t what, const Directory& directory, Instant now);
  Errand extreme();
  Showing showing(std::uint64_t person);
  RiderId anybody();
  TerminalId some(const std::vector<TerminalId>& terminals);
  Money amount(std::int64_t most);

  const Plan& plan_;
  const Swarm& swarm_;
  Dice& dice_;
  std::uint64_t people_;  // registered riders as far as anybody knows
  std::uint64_t total_weight_ = 0;
  std::vector<TerminalId> gates_, tills_, revoked_;
  std::set<std::uint64_t> inside_;
  std::vector<Sale> held_, sold_;
  std::vector<Attempt> tried_;  // at tills, for reversals
  std::uint64_t codes_ = 0;
  std::uint64_t secrets_ = 0;
  std::map<std::size_t, Probe> handed_in_;
};

inline constexpr TerminalId enrolment_desk{9};
inline constexpr TerminalId operator_desk{10};

}  // namespace obverse::simulation
