#include "tests/promises/crash/shared/verdict.h"

#include <algorithm>
#include <chrono>

namespace obverse::mortal {
namespace {

constexpr std::uint64_t kills_a_life = 100;
constexpr std::uint64_t aims_enough = 8;  // told so often to die there, a server has died there

std::string number(std::uint64_t count) { return std::to_string(count); }

}  // namespace

Found live_and_die(promises::Trial& trial, const Means& means, std::uint64_t kills) {
  Found found;
  const auto loop = std::make_shared<ClientLoop>();
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t life = 0; found.kills < kills; ++life) {
    Life one(means, loop, trial.seed() + life, found);
    const bool went_on = one.run(std::min(kills_a_life, kills - found.kills), [&] {
      trial.progress(found.kills, kills, number(found.acknowledged) + " answers compared");
    });
    if (!went_on) break;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  trial.say("  " + number(found.kills) + " kills in " + promises::fixed(took.count(), 1) +
            " s: " + number(found.under_load) + " under load, " + number(found.in_recovery) +
            " in recovery, " + number(found.rows_of_five) + " rows of five; " +
            number(found.at_points) + " at named points; " + number(found.acknowledged) +
            " acknowledged, " + number(found.unanswered) + " unanswered; " + number(found.records) +
            " records read again");
  return found;
}

void judge(promises::Trial& trial, const Found& found, std::uint64_t kills) {
  const std::string seed =
      "; seed " + number(trial.seed()) + ", after " + number(found.kills) + " kills";
  const auto none = [&](const std::string& what, std::uint64_t count) {
    trial.check(what, count == 0, number(count) + " were; " + found.first_fault + seed);
  };
  none("no acknowledged answer is gone", found.lost);
  none("no retry got another answer than the first", found.changed);
  none("no first answer was out of order", found.unexpected);
  none("no attempt has two records", found.twice);
  none("every acknowledged attempt is at its receipt's place", found.missing);
  trial.check("wallets hold what the answers say", found.wrong_yen == 0, found.first_fault + seed);
  trial.check("the server came back after " + number(kills) + " kills, and both copies are whole",
              found.kills >= kills && found.stopped == 0, found.first_fault + seed);
  trial.check("a server that lives serves (a busy machine may make it late now and then)",
              found.turned_away * 20 <= kills, number(found.turned_away) + " were late" + seed);
  trial.check("every kill found work to compare", found.acknowledged > found.kills || kills < 10,
              number(found.acknowledged) + " answers" + seed);
  std::string never, table;
  std::uint64_t points = 0;
  for (const auto& [name, point] : found.points) {
    table +=
        (table.empty() ? "" : ", ") + name + " " + number(point.died) + "/" + number(point.aimed);
    points += point.died > 0 ? 1U : 0U;
    if (point.aimed >= aims_enough && point.died == 0) never += " " + name;
  }
  trial.say("  died at, of so many told to: " + table);
  trial.check("servers died at each named point (" + number(points) + " of them)",
              never.empty() && points >= std::min<std::uint64_t>(kills / 6, 30),
              "never at:" + never + seed);
}

}  // namespace obverse::mortal
