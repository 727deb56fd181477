// ops/prove latency: from a face to a receipt, over mutual TLS on loopback, with people enrolled
// through the same door: one at a time, and offered at 25, 50 and 80 % of what the server can do.
#include <algorithm>
#include <chrono>

#include "tests/promises/kit/trial.h"
#include "tests/promises/latency/day.h"
#include "tests/promises/latency/open_loop.h"

namespace obverse::promises {
namespace {

constexpr std::size_t capacity_width = 64;  // in flight, where the capacity is measured
constexpr double p99_ms_max = 25;

std::string quantiles(Answers& answers) {
  return "p50 " + fixed(quantile(answers.milliseconds, 0.5), 2) + ", p99 " +
         fixed(quantile(answers.milliseconds, 0.99), 2) + ", most " +
         fixed(quantile(answers.milliseconds, 1), 2) + " ms";
}

// Approved purchases, counted where they are asked for.
class Till {
 public:
  explicit Till(Day& day) : day_(day) {}
  Call known() {
    return [this](std::uint64_t number) {
      return day_.pay(number).then([this](bool approved) {
        approved_ += approved ? 1 : 0;
        return approved;
      });
    };
  }
  Call stranger() {
    return [this](std::uint64_t number) {
      return day_.pay_by_stranger(number).then([](bool approved) { return !approved; });
    };
  }
  Call ping() {
    return [this](std::uint64_t) { return day_.ping().then([] { return true; }); };
  }
  std::uint64_t approved() const { return approved_; }

 private:
  Day& day_;
  std::uint64_t approved_ = 0;
};

void measure_alone(Trial& trial, Day& day, Till& till) {
  const std::uint64_t calls = trial.dial("calls");
  Answers pings = closed_loop(day.wait_scope(), calls, 1, till.ping());
  trial.figure("one at a time: ping, network and RPC alone", quantiles(pings), "", std::nullopt);
  Answers strangers = closed_loop(day.wait_scope(), calls / 4, 1, till.stranger());
  trial.figure("one at a time: a stranger, search and no record", quantiles(strangers), "",
               std::nullopt);
  trial.check(
      "no stranger paid", strangers.wrong == 0,
      std::to_string(strangers.wrong) + " of " + std::to_string(strangers.milliseconds.size()));
  Answers known = closed_loop(day.wait_scope(), calls, 1, till.known());
  trial.figure("one at a time: a face to a receipt", quantiles(known), "", std::nullopt);
  trial.check("every known face paid, one at a time", known.wrong == 0,
              std::to_string(known.wrong));
}

void measure_offered(Trial& trial, Day& day, Till& till) {
  Answers most =
      closed_loop(day.wait_scope(), trial.dial("calls") * 4, capacity_width, till.known());
  const double capacity = static_cast<double>(most.milliseconds.size()) / most.seconds;
  trial.figure("capacity, " + std::to_string(capacity_width) + " in flight",
               fixed(capacity, 0) + " faces a second; " + quantiles(most), "", std::nullopt);
  trial.check("every known face paid, many at once", most.wrong == 0, std::to_string(most.wrong));
  for (const unsigned percent : {25U, 50U, 80U}) {
    trial.progress(percent, 80, "percent of capacity");
    const Offered offered{capacity * percent / 100,
                          static_cast<double>(trial.dial("milliseconds")) / 1e3,
                          trial.seed() + percent};
    Answers answers = open_loop(day.wait_scope(), offered, till.known());
    const std::string name = std::to_string(percent) + " % of capacity, open loop";
    const double p99 = quantile(answers.milliseconds, 0.99);
    trial.figure(name,
                 std::to_string(answers.milliseconds.size()) + " faces, " +
                     fixed(offered.per_second, 0) + "/s: " + quantiles(answers),
                 "p99 < " + fixed(p99_ms_max, 0) + " ms", p99 < p99_ms_max);
    trial.check(name + ": every known face paid", answers.wrong == 0,
                std::to_string(answers.wrong) + ", seed " + std::to_string(trial.seed()));
  }
}

void measure(Trial& trial, std::uint64_t people, Defect defect) {
  const auto begin = std::chrono::steady_clock::now();
  Day day(people, defect);
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (defect == Defect::none)
    trial.say("  " + std::to_string(people) + " people enrolled in " + fixed(took, 1) + " s");
  Till till(day);
  measure_alone(trial, day, till);
  if (defect == Defect::none) measure_offered(trial, day, till);
  const std::uint64_t kept = day.purchases();
  trial.check("every approval is a record of the log, and every record an approval",
              kept == till.approved(),
              std::to_string(till.approved()) + " approved, " + std::to_string(kept) + " kept");
}

int run(int count, char** arguments) {
  Trial trial({.name = "latency",
               .promise = "from a face to a durable receipt over TLS 1.3, 10,000 people enrolled, "
                          "offered at 25, 50 and 80 % of capacity: p99 < 25 ms",
               .dials = {{"people", "enrolled", 10'000, 300},
                         {"calls", "one at a time, of each kind", 2'000, 200},
                         {"milliseconds", "of each open loop", 20'000, 500}},
               .mutants = {"forgetful_log", "lenient_policy"}},
              count, arguments);
  if (trial.mutants().empty()) measure(trial, trial.dial("people"), Defect::none);
  for (const std::string& mutant : trial.mutants()) {
    const Defect defect = mutant == "forgetful_log" ? Defect::forgetful : Defect::lenient;
    trial.expect_caught(mutant, [&] { measure(trial, 50, defect); });
  }
  return trial.close();
}

}  // namespace
}  // namespace obverse::promises

int main(int count, char** arguments) { return obverse::promises::run(count, arguments); }
