// What every program behind `ops/prove NAME` shares: its options, its progress, its figures, and
// the line with which it closes. A promise is a list of checks; a mutant is the same list run over
// something that was broken on purpose, of which at least one check must say so.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace obverse::promises {

// An option that is a number: `--NAME N`.
struct Dial {
  std::string name;  // without the dashes
  std::string what;  // for --help
  std::uint64_t full = 0;
  std::uint64_t brief = 0;  // its value under --short
};

struct About {
  std::string name;                  // as in `ops/prove NAME`
  std::string promise;               // one sentence: what holds, with its figure
  std::vector<Dial> dials;           // besides --seed
  std::vector<std::string> mutants;  // names of the defects that it must catch
  std::vector<std::string> examples = {};
};

class Trial {
 public:
  // Reads the command line; --help and wrong options end the process (0 and 2).
  Trial(About about, int count, char** arguments);

  bool brief() const { return brief_; }  // --short
  std::uint64_t seed() const { return seed_; }
  std::uint64_t dial(const std::string& name) const { return dials_.at(name); }
  // Which defects to run with: none without --mutant; one with --mutant NAME; all of them with
  // --mutant all.
  const std::vector<std::string>& mutants() const { return mutants_; }

  // At most one line a second, on standard error.
  void progress(std::uint64_t done, std::uint64_t all, const std::string& words = {});
  void say(const std::string& words);  // a line of the report; nothing under --json

  // Counted; `detail` is printed where it fails, and must name what to look at and how to see it
  // again.
  void check(const std::string& what, bool held, const std::string& detail = {});
  // A measured value beside the one that was to be reached. Printed whichever holds. It counts as a
  // check, except under --short and where `held` is nothing: then it is printed only.
  void figure(const std::string& what, const std::string& measured, const std::string& target,
              std::optional<bool> held);
  // What cannot be tried here. It is counted by itself, and is not a pass.
  void skip(const std::string& what, const std::string& why);

  // Runs `body` as under the defect: its checks are not counted, only whether one of them failed
  // (or it threw, which counts as caught if `throwing_counts`). Then one check of its own: "NAME is
  // caught", with what caught it.
  void expect_caught(const std::string& mutant, const std::function<void()>& body,
                     bool throwing_counts = false);

  // Prints `N passed, N failed[, N skipped]`, and gives the exit status: 0 if nothing failed and
  // something passed.
  int close();

 private:
  struct Told {
    std::string kind, what, measured, target, detail;
    bool held = false;
  };
  void tell(Told told);
  void count(const std::string& what, bool held, const std::string& detail);

  About about_;
  bool brief_ = false;
  bool json_ = false;
  std::uint64_t seed_ = 0;
  std::map<std::string, std::uint64_t> dials_;
  std::vector<std::string> mutants_;
  std::uint64_t passed_ = 0, failed_ = 0, skipped_ = 0;
  std::optional<std::string> caught_by_;  // inside expect_caught
  bool under_mutant_ = false;
  std::int64_t last_progress_ms_ = 0;
  std::int64_t began_ms_ = 0;
  std::vector<Told> told_;  // for --json
};

std::string fixed(double value, int places);
// The p-th part (0 to 1) of the values, which are sorted here; 0 if there are none.
double quantile(std::vector<double>& values, double part);

}  // namespace obverse::promises
