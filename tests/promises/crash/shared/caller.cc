#include "tests/promises/crash/shared/caller.h"

namespace obverse::mortal {
namespace {

using Kind = Ask::Kind;

constexpr std::int64_t newcomers_yen = 1'000;
constexpr std::size_t desk_steps = 8;

}  // namespace

Ask Caller::next(std::uint64_t number) {
  Ask ask;
  if (role_ == Role::desk) {
    ask = at_the_desk();
  } else if (role_ == Role::shopper) {
    ask.yen = 1 + static_cast<std::int64_t>(random_() % 9);
  } else {
    ask.kind = step_ % 2 == 0 ? Kind::enter : Kind::leave;
    ask.at_b = step_ % 4 == 1 || step_ % 4 == 2;
  }
  ask.number = number;
  ask.face = face_;
  ask.rider = rider_;
  return ask;
}

// Comes, is enrolled, pays; is erased, and is a stranger.
Ask Caller::at_the_desk() const {
  Ask ask;
  constexpr Kind kinds[desk_steps] = {Kind::found, Kind::consent, Kind::enrol, Kind::wallet,
                                      Kind::load,  Kind::pay,     Kind::erase, Kind::pay};
  ask.kind = kinds[step_];
  if (ask.kind == Kind::load) ask.yen = newcomers_yen;
  if (ask.kind == Kind::pay) ask.yen = 7;
  ask.remembered = step_ + 1 < desk_steps;
  return ask;
}

std::string Caller::took(const Ask& ask, const Answer& answer) {
  if (!ask.remembered && answer.yes) return "a face that was erased has paid";
  if (ask.remembered && !answer.yes) return "refused: " + answer.refusal;
  yen_ += answer.yen;
  ++step_;
  if (role_ != Role::desk) return {};
  if (ask.kind == Kind::found) rider_ = answer.id;
  if (step_ == desk_steps) {
    step_ = 0;
    ++face_;
  }
  return {};
}

}  // namespace obverse::mortal
