// One world: its plan, its people and terminals, the network between them and the engine, and the
// order in which everything happens. One thread, one queue, a clock that jumps from one happening
// to the next.
#pragma once

#include <queue>
#include <vector>

#include "tests/promises/simulation/crowd.h"
#include "tests/promises/simulation/engine.h"

namespace obverse::simulation {

struct Ending {
  Tally tally;
  std::string wrong;  // empty if everything held
};

class World {
 public:
  explicit World(const Plan& plan);
  Ending live();

 private:
  enum class Kind : std::uint8_t {
    arrive,   // a sending reaches the server
    step,     // the engine takes what waits
    told,     // an answer reaches its terminal
    give_up,  // a terminal has waited long enough, and sends again
    rush,     // people come
    cut,      // the power goes
    stop,     // a clean stop
    back,     // the machine is switched on again
    fault,    // the disk does something
    room,     // somebody empties the disk
    jump,     // the clock is set
    tick,     // nothing: timers may be due
  };
  struct Happening {
    std::int64_t at = 0;
    std::uint64_t order = 0;
    Kind kind = Kind::tick;
    std::size_t errand = 0;
    bool clone = false;
    std::shared_ptr<const Answer> answer;
    bool operator>(const Happening& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  bool found();
  bool settled();
  void happen(const Happening& one);
  void arrive(const Happening& one);
  void step();
  void hear(const Happening& one);
  void give_up(const Happening& one);
  void rush();
  void cut(bool clean);
  void begin(Errand errand);
  void send(std::size_t errand, bool clone);
  void step_soon();
  void go_down();
  Command command_of(const Errand& errand) const;
  Command spoiled(Command command);
  void after(Duration wait, Kind kind, std::size_t errand = 0, bool clone = false,
             std::shared_ptr<const Answer> answer = nullptr);
  Duration travel();
  std::int64_t part_of_day(std::uint64_t times);
  bool ended() const { return engine_.is_wrong(); }

  Plan plan_;
  Swarm swarm_;
  Dice dice_;
  Tally tally_;
  Trace trace_;
  Photos photos_;
  Engine engine_;
  Crowd crowd_;
  std::priority_queue<Happening, std::vector<Happening>, std::greater<>> queue_;
  std::vector<Errand> errands_;
  std::map<std::size_t, Command> clones_;
  std::int64_t now_ = 1'760'000'000'000;  // true time; the engine's clock may be off
  std::int64_t clock_error_ = 0;
  std::int64_t end_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t open_ = 0;
  bool step_is_due_ = false;
  bool calm_ = false;
};

Ending live(const Plan& plan);

}  // namespace obverse::simulation
