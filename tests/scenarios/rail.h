// A card rail for the scenarios: it answers as the script says, knows every order by its number,
// and gives an order that comes again the answer that it gave before.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "ledger/engine/rail.h"
#include "ledger/model/commands.h"

namespace obverse::scenarios {

class ScriptedRail final : public Rail {
 public:
  enum class Mood { silent, approves, declines, away };

  void send(const RailOrder&) override;
  void be(Mood mood) { mood_ = mood; }
  // Approves now whatever it was silent about, however late.
  void answer_late();
  // Says everything once more that it has ever said.
  void repeat_itself();
  std::vector<TakeRailAnswer> take_answers();

 private:
  void answer(const RailOrder&, RailOutcome);

  Mood mood_ = Mood::silent;
  std::map<RailRequestId, RailOrder> unanswered_;
  std::map<RailRequestId, TakeRailAnswer> answered_;
  std::vector<TakeRailAnswer> answers_;
};

}  // namespace obverse::scenarios
