// ops/prove flip: every byte of every file of a small data directory and of the settings, damaged
// in seven ways, one at a time. Nothing may be gone or different without a word; what the other
// copy holds is repaired at the start.
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "tests/promises/flip/judge.h"
#include "tests/promises/flip/named.h"
#include "tests/promises/flip/settings.h"
#include "tests/promises/flip/workers.h"
#include "tests/promises/flip/yard.h"
#include "tests/promises/kit/trial.h"

using namespace obverse;
using namespace obverse::flip;
using promises::Trial;

namespace {

const std::map<std::string, Mutant> mutants{
    {"no-tail", Mutant::no_tail},
    {"snapshot-unchecked", Mutant::snapshot_unchecked},
    {"vault-one-copy", Mutant::vault_one_copy},
    {"no-seal", Mutant::no_seal},
    {"asserts", Mutant::asserts},
    {"no-offset", Mutant::no_offset},
    {"no-position", Mutant::no_position},
};

// Without every number that follows the word.
std::string without_numbers(const std::string& words, const std::string& before) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t found; (found = words.find(before, at)) != std::string::npos;) {
    found += before.size();
    out.append(words, at, found - at);
    at = std::min(words.find_first_not_of("0123456789", found), words.size());
  }
  return out.append(words, at);
}

std::string vague(const std::string& words, Mutant mutant) {
  if (mutant == Mutant::no_offset) return without_numbers(words, " at byte ");
  if (mutant != Mutant::no_position) return words;
  std::string out = words;
  for (const char* before : {"position ", "positions ", "position is "})
    out = without_numbers(out, before);
  return out;
}

// In memory where there is such a file system: what is tried is what the bytes say, not the disk.
class Folder {
 public:
  Folder() {
    const std::filesystem::path shm = "/dev/shm";
    std::string pattern =
        ((std::filesystem::exists(shm) ? shm : std::filesystem::temp_directory_path()) /
         "obverse-flip-XXXXXX")
            .string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Campaign {
 public:
  explicit Campaign(Trial& trial) : trial_(trial) {
    in_a_process([&] {
      build(folder_.path());
      make_settings(folder_.path() / "settings");
    });
    times_ = {load(folder_.path() / "first"), load(folder_.path() / "second"),
              load(folder_.path() / "last")};
    settings_ = load(folder_.path() / "settings");
    named_.emplace(times_);
  }

  void run(Mutant mutant) {
    std::vector<Case> cases = wanted(mutant);
    say_size(cases);
    Tally tally;
    std::vector<std::string> wrong;
    std::uint64_t done = 0;
    each_in_processes(
        static_cast<unsigned>(trial_.dial("workers")), cases.size(),
        [&](unsigned number) { return worker(number, cases, mutant); },
        [&](std::size_t index, const Verdict& verdict) {
          const Case& one = cases[index];
          ++tally[part_of(one.path)][one.blow][verdict.fate];
          if (const std::string why = against(one, verdict); !why.empty()) {
            wrong.push_back(words_of(one) + ": " + name_of(verdict.fate) + " (" + why +
                            "): " + verdict.words);
            if (wrong.size() <= (mutant == Mutant::none ? 20 : 3)) trial_.say("  " + wrong.back());
          }
          trial_.progress(++done, cases.size(), std::to_string(wrong.size()) + " violations");
        });
    report(tally, cases.size(), wrong);
  }

 private:
  using Tally = std::map<Part, std::map<Blow, std::map<Fate, std::uint64_t>>>;

  std::vector<Case> wanted(Mutant mutant) const {
    std::vector<Case> cases = cases_of(times_, trial_.seed(), trial_.dial("step"));
    Times settings;
    settings.last = settings_;
    const auto of_settings = cases_of_settings(settings_, trial_.seed(),
                                               std::max<std::uint64_t>(1, trial_.dial("step") / 8));
    cases.insert(cases.end(), of_settings.begin(), of_settings.end());
    const auto of_no_use = [mutant](const Case& one) {
      const Part part = part_of(one.path);
      switch (mutant) {
        case Mutant::none:
          return false;
        case Mutant::no_tail:
        case Mutant::asserts:
          return part != Part::write_ahead;
        case Mutant::snapshot_unchecked:
          return part != Part::snapshot;
        case Mutant::vault_one_copy:
          return part != Part::keys && part != Part::records;
        case Mutant::no_seal:
          return part != Part::settings;
        case Mutant::no_offset:
        case Mutant::no_position:
          return part != Part::write_ahead && part != Part::tail && part != Part::table;
      }
      return false;
    };
    std::erase_if(cases, of_no_use);
    return cases;
  }

  Worker worker(unsigned number, const std::vector<Case>& cases, Mutant mutant) const {
    const std::filesystem::path own = folder_.path() / ("worker-" + std::to_string(number));
    const std::filesystem::path data = own / "data";
    auto yard = std::make_shared<Yard>(times_.last, data);
    yard->make_whole();
    auto settings_yard = std::make_shared<Yard>(settings_, own / "settings");
    auto judge = std::make_shared<Judge>(data, folder_.path() / "kek", mutant);
    return [=, this, &cases](std::size_t index) {
      const Case& one = cases[index];
      if (part_of(one.path) == Part::settings)
        return judge_settings(one, *settings_yard, settings_, mutant != Mutant::no_seal);
      const bool touched = yard->make_whole("vault/");
      strike(one, times_, data);
      if (mutant == Mutant::vault_one_copy) lose_second_copies(data);
      if (mutant == Mutant::no_tail) std::filesystem::remove_all(data / "log" / "snapshots");
      const bool same_vault = !touched && one.path.starts_with("log/");
      Verdict verdict = judge->open((trial_.seed() + index) % 8 == 0, same_vault);
      verdict.words = vague(verdict.words, mutant);
      return verdict;
    };
  }

  static void lose_second_copies(const std::filesystem::path& data) {
    for (const char* file : {"keys", "records"}) {
      const auto path = data / "vault" / file;
      std::filesystem::copy_file(path.string() + ".a", path.string() + ".b",
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }

  static std::string file_name(const Case& one) {
    return std::filesystem::path(one.path).filename().string();
  }

  // Why a verdict breaks the promise; empty where it does not.
  std::string against(const Case& one, const Verdict& verdict) const {
    const Fate fate = verdict.fate;
    if (fate == Fate::silent || fate == Fate::aborted) return "nobody is told";
    const Part part = part_of(one.path);
    if (part == Part::settings) {
      if (fate == Fate::unharmed && one.path == "settings/kek") return "";
      if (fate != Fate::refused) return "it is not refused";
      // A seal has one digest a file: it cannot say where in it.
      // Another key of the right form is told by the vault, which knows no file of it.
      const bool is_named = verdict.words.find(file_name(one)) != std::string::npos ||
                            (one.path == "settings/kek" &&
                             verdict.words.find("key-encryption key") != std::string::npos);
      return is_named ? "" : "the file is not named";
    }
    if (one.set.size() > 1 || one.path.find('/') == std::string::npos)
      return against_set(one, verdict);
    if (one.blow == Blow::both) return against_both(one, verdict);
    if (fate != Fate::unharmed && fate != Fate::repaired) return "it is not repaired";
    if (fate == Fate::repaired) return named_->lacks(one, verdict.words);
    return part == Part::own || met_nothing(one, times_.last)
               ? ""
               : "nobody is told, though all is equal";
  }

  // Of the last batch nothing but the receipts of those who were told shows that it was there.
  std::string against_both(const Case& one, const Verdict& verdict) const {
    if (verdict.fate == Fate::refused) return named_->lacks_refusal(one, verdict.words);
    const bool is_last = one.position >= named_->last_batch();
    return is_last && verdict.fate == Fate::rolled_back ? "" : "it is not refused";
  }

  std::string against_set(const Case& one, const Verdict& verdict) const {
    const std::map<std::string, std::vector<Fate>> allowed{
        {"RocksDB", {Fate::repaired}},
        {"the tail", {Fate::repaired}},
        {"the snapshots", {Fate::unharmed, Fate::repaired}},
        {"both copies of the log", {Fate::refused}},
        {"the log", {Fate::refused}},
        {"the keys", {Fate::told}},
        {"the records", {Fate::told}},
        {"the vault", {Fate::told}},
        {"everything", {Fate::rolled_back}}};
    const auto& good = allowed.at(one.path);
    if (std::ranges::count(good, verdict.fate) == 0) return "not what must become of it";
    const bool has_entries = one.path != "the snapshots" && verdict.fate != Fate::told;
    return has_entries ? named_->lacks_end(one, verdict.words) : "";
  }

  void say_size(const std::vector<Case>& cases) {
    std::uint64_t bytes = 0;
    for (const auto& [path, content] : times_.last) bytes += content.size();
    trial_.say(std::to_string(times_.last.size()) + " files of data, " + std::to_string(bytes) +
               " bytes; " + std::to_string(settings_.size()) + " files of settings; " +
               std::to_string(cases.size()) + " cases");
  }

  void report(const Tally& tally, std::size_t count, const std::vector<std::string>& wrong) {
    std::map<Fate, std::uint64_t> sums;
    std::map<Blow, std::uint64_t> met;
    for (const auto& [part, by_blow] : tally)
      for (const auto& [blow, by_fate] : by_blow) {
        std::string line = std::string("    ") + name_of(part) + ", " + name_of(blow) + ":";
        for (const auto& [fate, number] : by_fate) {
          line += std::string(" ") + name_of(fate) + " " + std::to_string(number);
          sums[fate] += number;
          met[blow] += number;
        }
        trial_.say(line);
      }
    std::string line = "  in all:";
    for (const auto& [fate, number] : sums)
      line += std::string(" ") + name_of(fate) + " " + std::to_string(number);
    trial_.say(line);
    trial_.check("0 of " + std::to_string(count) + " cases are silent, unnamed or left unrepaired",
                 wrong.empty(),
                 std::to_string(wrong.size()) + " are, seed " + std::to_string(trial_.seed()) +
                     (wrong.empty() ? "" : "; the first: " + wrong[0]));
    if (trial_.mutants().empty()) trial_.check("each way of damage was met", met.size() == blows);
  }

  Trial& trial_;
  Folder folder_;
  Times times_;
  Image settings_;
  std::optional<Named> named_;  // after what it reads
};

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> names;
  for (const auto& [name, mutant] : mutants) names.push_back(name);
  Trial trial(
      {.name = "flip",
       .promise = "a flipped bit, cut, lost page or older copy of any file is never silent: "
                  "it is named, and repaired from the other copy",
       .dials = {{"step", "of written bytes, one in so many is flipped", 4, 600},
                 {"workers", "processes", 2, 2}},
       .mutants = names,
       .examples = {"ops/prove flip --short", "ops/prove flip --step 1"}},
      count, arguments);
  Campaign campaign(trial);
  if (trial.mutants().empty()) campaign.run(Mutant::none);
  for (const std::string& name : trial.mutants())
    trial.expect_caught(name, [&] { campaign.run(mutants.at(name)); });
  return trial.close();
}
