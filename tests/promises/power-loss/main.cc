// ops/prove power-loss: the shipped server over TLS, on a disk that keeps what is not synced in the
// memory of the process: its death is a power cut.
#include "tests/promises/crash/shared/verdict.h"

using namespace obverse;

int main(int count, char** arguments) {
  promises::Trial trial(
      {.name = "power-loss",
       .promise = "the power is cut under load and in recovery, 1,000 times, and what was not "
                  "synced is gone or torn: every acknowledged attempt is found, once, and a retry "
                  "gets the first answer, even where one copy's syncs were forgotten",
       .dials = {{"kills", "power cuts", 1'000, 30},
                 {"callers", "each with one call in flight", 12, 12}},
       .mutants = {"log-not-synced", "log-not-synced-to-the-trusting", "names-not-synced",
                   "vault-not-synced", "no-tail", "forgets-attempts", "answers-early"},
       .examples = {"ops/prove power-loss --kills 100 --seed 7"}},
      count, arguments);
  // The medium is simulated: it needs no disk beneath it.
  setenv("TMPDIR", std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp", 0);
  const std::uint64_t kills = trial.dial("kills");
  mortal::Means means{.server = OBVERSED,
                      .disk = MORTAL_DISK,
                      .defects = {},
                      .loses_power = true,
                      .forgetful_copies = {"wal", "tail"},
                      .callers = trial.dial("callers")};
  for (const std::string& mutant : trial.mutants()) {
    const auto is = [&mutant](std::string_view name) { return mutant.starts_with(name); };
    mortal::Means broken = means;
    broken.shows_receipts = !mutant.ends_with("-to-the-trusting");
    broken.broken_from_the_start = is("names");
    if (is("log")) broken.defects = {"OBVERSE_DISK_LIES=wal,tail"};
    if (is("names")) broken.defects = {"OBVERSE_DISK_LIES=names"};
    if (is("vault")) broken.defects = {"OBVERSE_DISK_LIES=keys,records"};
    if (!broken.defects.empty()) {
      broken.forgetful_copies.clear();
    } else {
      broken.server = DEFECTIVE_SERVER;
      broken.defects = {"OBVERSE_DEFECT=" + (is("no-tail") ? "no-tail" : mutant)};
    }
    trial.expect_caught(
        mutant, [&] { mortal::judge(trial, mortal::live_and_die(trial, broken, kills), kills); });
  }
  if (trial.mutants().empty())
    mortal::judge(trial, mortal::live_and_die(trial, means, kills), kills);
  return trial.close();
}
