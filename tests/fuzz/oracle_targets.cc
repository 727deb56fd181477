// The engine against a second opinion: a town lives as the bytes say, every reply, effect and
// balance is what the oracle says, and a restart in between changes nothing.
#include <algorithm>
#include <limits>

#include "ledger/model/limits.h"
#include "tests/fuzz/target.h"
#include "tests/oracle/side_by_side.h"

namespace obverse::fuzz {
namespace {

using oracle::Dice;
using oracle::Life;
using oracle::Said;
using oracle::SideBySide;

// The oracle's own mistakes, each to be seen.
const std::vector<std::string>& mistakes() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const std::string& each : oracle::Oracle::mutants()) names.push_back("oracle-" + each);
    return names;
  }();
  return all;
}

std::string mistake() {
  const auto found = std::ranges::find_if(mistakes(), is_broken_as);
  return found == mistakes().end() ? "" : found->substr(found->find('-') + 1);
}

std::int64_t extreme(Dice& dice) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t ends[] = {most,  -most - 1, most - 1,          -1,
                                   0,     1,         1'000'000'000'000, 1'000'000'000'001,
                                   -most, most / 2,  most / 2 + 1,      -1'000'000'000'000};
  if (!dice.one_in(4)) return ends[dice.roll(std::size(ends))];
  std::uint64_t any = 0;
  for (int i = 0; i < 8; ++i) any = any << 8U | dice.roll(256);
  return static_cast<std::int64_t>(any);
}

// What no life asks for: sums and numbers at their ends.
void strain(Command& command, Dice& dice) {
  const auto number = [&] { return static_cast<std::uint64_t>(extreme(dice)); };
  const auto change = [&](auto& asked) {
    const bool first = dice.one_in(2);
    if constexpr (requires { asked.amount; }) {
      if (first) asked.amount.minor = extreme(dice);
    }
    if constexpr (requires { asked.rider; }) {
      if (!first) asked.rider = {number()};
    }
    if constexpr (requires { asked.purchase; }) {
      if (!first) asked.purchase = {number()};
    }
    if constexpr (requires { asked.journey; }) asked.journey = {number()};
    if constexpr (requires { asked.presence; }) {
      if (!first && asked.presence.face)
        asked.presence.face->at = {std::clamp(extreme(dice), instant_min.ms, instant_max.ms)};
    }
  };
  std::visit(change, static_cast<Command::Kinds&>(command));
}

void oracle_beside(Input input) {
  constexpr int asked_max = 400;
  Tap tap(input);
  const std::uint64_t seed = tap.pick(UINT8_MAX);
  std::uint64_t more = tap.pick(UINT8_MAX);  // is asked when the bytes have ended
  SideBySide town(mistake());
  Life life{Dice(seed, input.last(tap.left()))};
  town.found(life);
  for (int i = 0; i < asked_max && town.differences().empty(); ++i) {
    if (!life.dice().has_bytes() && more-- == 0) break;
    const std::uint64_t what = life.dice().roll(32);
    if (what == 1) town.keep_snapshot();
    if (what == 2) town.restart();
    if (what == 3) {
      Said said = life.next(town.now());
      strain(said.command, life.dice());
      town.ask(life, said);
      town.compare();
    } else {
      town.pass(life);
    }
  }
  if (!town.differences().empty()) throw Broken(town.differences().front());
}

// Some of a seed only, which live long and in which every mistake shows; some of many bytes.
std::vector<std::string> lives() {
  std::vector<std::string> out;
  for (const int seed : {0x00, 0x01, 0x02, 0x05, 0x07, 0x09, 0x25, 0x48, 0x71})
    out.push_back({static_cast<char>(seed), '\xff'});
  for (std::uint64_t seed = 1; seed < 16; ++seed)
    out.push_back(noise(seed + 400, 1) + '\0' + noise(seed + 500, 120 * seed));
  return out;
}

}  // namespace

std::vector<Target> oracle_targets() {
  return {{"oracle",
           "the engine answers, and keeps its books, as the oracle says",
           2'048,
           oracle_beside,
           lives,
           {mistakes().begin(), mistakes().end()},
           100}};
}

}  // namespace obverse::fuzz
