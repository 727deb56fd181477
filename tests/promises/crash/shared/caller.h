// Somebody who does one thing after the other, whatever becomes of the server: a shopper, a rider,
// or the desk through which people come and are erased again. Keeps what was asked since the last
// restart, so that all of it can be asked once more.
#pragma once

#include <random>
#include <vector>

#include "tests/promises/crash/shared/terminals.h"

namespace obverse::mortal {

struct Asked {
  Ask ask;
  std::optional<Answer> answer;  // the first one
};

class Caller {
 public:
  enum class Role : std::uint8_t { shopper, rider, desk };

  // `face` and `rider` are of somebody enrolled; for a desk, `face` is the first of its newcomers'.
  Caller(Role role, std::uint64_t face, std::uint64_t rider, std::int64_t yen, std::uint64_t seed)
      : role_(role), face_(face), rider_(rider), yen_(yen), random_(seed) {}

  Ask next(std::uint64_t number);  // the same until it was answered
  // The first answer: what it says that was not to be expected, if anything.
  std::string took(const Ask& ask, const Answer& answer);

  std::uint64_t rider() const { return role_ == Role::desk ? 0 : rider_; }
  std::int64_t yen() const { return yen_; }  // what must be in the wallet, once all is answered

  std::vector<Asked> book;

 private:
  Ask at_the_desk() const;

  Role role_;
  std::uint64_t face_, rider_;
  std::int64_t yen_;
  std::size_t step_ = 0;
  std::mt19937_64 random_;
};

}  // namespace obverse::mortal
