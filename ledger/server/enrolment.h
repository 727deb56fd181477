// Enrolling a face and setting a PIN, where two stores must agree: the vault keeps first, durably,
// then the ledger is asked; what the ledger did not take is destroyed again. No words of the wire.
#pragma once

#include <memory>
#include <vector>

#include "ledger/server/common_service.h"
#include "ledger/server/rider_turns.h"

namespace obverse {

// Both run on the pool and answer through the letter, once.
struct FaceWish {
  TerminalId desk;
  Caller::Wish wish;
  RiderId rider;
  std::vector<ShownFace> photos;
};
void enrol_face(Household&, const std::shared_ptr<const FaceWish>&,
                const Crossing::Letter<Answer>&);

struct PinWish {
  TerminalId desk;
  Caller::Wish wish;
  RiderId rider;
  Wiped<char> digits;
};
void set_pin(Household&, const std::shared_ptr<const PinWish>&, const Crossing::Letter<Answer>&);

}  // namespace obverse
