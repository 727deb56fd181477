// See the header. The time of a move is written before its number, so that who sees the number sees
// the time too.
#include "ledger/server/whereabouts.h"

namespace obverse {

Whereabouts::Stay Whereabouts::arrive(TerminalId terminal, const std::string& address, Time now) {
  const Lock lock(mutex_);
  auto& home = homes_[terminal];
  if (!home) home = std::make_shared<Home>();
  // Without one it has gone already.
  if (!address.empty() && home->address != address) {
    home->address = address;
    home->moved = now;
    ++home->moves;
  }
  Stay stay;
  stay.home = home;
  stay.move = home->moves;
  return stay;
}

Whereabouts::Heard Whereabouts::speaks(const Stay& stay, Time now) {
  if (!stay.home) return Heard::alone;
  Home& home = *stay.home;
  if (stay.move != home.moves && now - home.moved.load() > grace) home.is_copied = true;
  if (!home.is_copied) return Heard::alone;
  return home.was_said.exchange(true) ? Heard::copied : Heard::copied_now;
}

void Whereabouts::say_again(const Stay& stay) {
  if (stay.home) stay.home->was_said = false;
}

}  // namespace obverse
