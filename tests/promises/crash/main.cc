// ops/prove crash: the shipped server over TLS, killed at random moments and at named points, while
// it works and while it recovers.
#include "tests/promises/crash/shared/verdict.h"

using namespace obverse;

int main(int count, char** arguments) {
  promises::Trial trial(
      {.name = "crash",
       .promise =
           "the server is killed under load and in recovery, 1,000 times: every acknowledged "
           "attempt is found, once, and a retry gets the first answer",
       .dials = {{"kills", "SIGKILLs", 1'000, 45},
                 {"callers", "each with one call in flight", 12, 12}},
       .mutants = {"forgets-attempts", "answers-early"},
       .examples = {"ops/prove crash --kills 100 --seed 7"}},
      count, arguments);
  mortal::Means means{.server = OBVERSED,
                      .disk = MORTAL_DISK,
                      .defects = {},
                      .forgetful_copies = {},
                      .callers = trial.dial("callers")};
  const std::uint64_t kills = trial.dial("kills");
  for (const std::string& mutant : trial.mutants()) {
    trial.expect_caught(mutant, [&] {
      means.server = DEFECTIVE_SERVER;
      means.defects = {"OBVERSE_DEFECT=" + mutant};
      mortal::judge(trial, mortal::live_and_die(trial, means, kills), kills);
    });
  }
  if (trial.mutants().empty())
    mortal::judge(trial, mortal::live_and_die(trial, means, kills), kills);
  return trial.close();
}
