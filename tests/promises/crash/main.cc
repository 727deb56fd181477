// ops/prove crash: the shipped server over TLS, killed at random moments and at named points, while
// it works and while it recovers.
#include "tests/promises/crash/recovery.h"
#include "tests/promises/crash/shared/verdict.h"

using namespace obverse;

namespace {

// In memory, where there is such a file system: a process that is killed leaves its files behind on
// any, and the waiting for a disk is no part of this.
void choose_place() {
  setenv("TMPDIR", std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp", 0);
}

}  // namespace

int main(int count, char** arguments) {
  promises::Trial trial(
      {.name = "crash",
       .promise =
           "the server is killed under load and in recovery, 1,000 times: every acknowledged "
           "attempt is found, once, and a retry gets the first answer",
       .dials = {{"kills", "SIGKILLs", 1'000, 30},
                 {"callers", "each with one call in flight", 12, 12},
                 {"recovery-events", "since the snapshot, for the time to the first answer",
                  1'000'000, 20'000},
                 {"recovery-starts", "of which the 99th percentile is taken", 40, 3}},
       .mutants = {"forgets-attempts", "forgets-attempts-at-gates", "answers-early",
                   "answers-early-to-the-trusting"},
       .examples = {"ops/prove crash --kills 100 --recovery-events 0 --seed 7"}},
      count, arguments);
  choose_place();
  const mortal::Means means{
      .server = OBVERSED, .disk = MORTAL_DISK, .callers = trial.dial("callers")};
  const std::uint64_t kills = trial.dial("kills");
  for (const std::string& mutant : trial.mutants()) {
    mortal::Means broken = means;
    broken.server = DEFECTIVE_SERVER;
    broken.defects = {"OBVERSE_DEFECT=" + std::string(mutant.starts_with("forgets")
                                                          ? "forgets-attempts"
                                                          : "answers-early")};
    broken.has_shoppers = mutant != "forgets-attempts-at-gates";
    broken.shows_receipts = mutant != "answers-early-to-the-trusting";
    trial.expect_caught(
        mutant, [&] { mortal::judge(trial, mortal::live_and_die(trial, broken, kills), kills); });
  }
  if (!trial.mutants().empty()) return trial.close();
  mortal::judge(trial, mortal::live_and_die(trial, means, kills), kills);
  if (trial.dial("recovery-events") == 0) return trial.close();
  try {
    mortal::measure_recovery(trial, OBVERSED, trial.dial("recovery-events"),
                             trial.dial("recovery-starts"));
  } catch (const std::exception& fault) {
    trial.check("the time to the first answer could be measured", false, fault.what());
  }
  return trial.close();
}
