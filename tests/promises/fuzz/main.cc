// The corpus of every fuzz target again, and as many inputs made from it with this seed, in the
// build at hand; with a defect, until a property fails.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "tests/fuzz/target.h"
#include "tests/promises/kit/trial.h"

namespace {

using namespace obverse::fuzz;
using obverse::promises::Trial;

// The same numbers everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t roll(std::uint64_t sides) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % sides;
  }

 private:
  std::uint64_t state_;
};

std::vector<std::string> corpus_of(const Target& target) {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path("tests/fuzz/corpus") / target.name;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

void change_once(std::string& bytes, const std::vector<std::string>& corpus, Dice& dice) {
  const std::size_t at = bytes.empty() ? 0 : dice.roll(bytes.size());
  switch (dice.roll(8)) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.roll(8)));
      return;
    case 1:
      if (!bytes.empty()) bytes[at] = static_cast<char>(dice.roll(256));
      return;
    case 2:
      bytes.resize(at);
      return;
    case 3:
      bytes.insert(at, 1 + dice.roll(16), static_cast<char>(dice.roll(2) * 255));
      return;
    case 4:
      bytes.append(1 + dice.roll(16), static_cast<char>(dice.roll(3) == 0 ? dice.roll(256) : 0));
      return;
    case 5:
      if (!bytes.empty()) bytes.erase(at, 1 + dice.roll(16));
      return;
    case 6: {
      const std::string& other = corpus[dice.roll(corpus.size())];
      bytes = bytes.substr(0, at) + other.substr(other.empty() ? 0 : dice.roll(other.size()));
      return;
    }
    default:
      bytes.insert(at, noise(dice.roll(1U << 30U), 1 + dice.roll(24)));
  }
}

std::string made_from(const std::vector<std::string>& corpus, std::size_t bytes_max, Dice& dice) {
  std::string bytes = corpus[dice.roll(corpus.size())];
  for (auto changes = 1 + dice.roll(4); changes > 0; --changes) change_once(bytes, corpus, dice);
  if (bytes.size() > bytes_max) bytes.resize(bytes_max);
  return bytes;
}

// What runs, for the last words of a process that an assertion ends.
char at_work[160] = "";

void say_and_die(int signal) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, at_work, std::strlen(at_work));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char each : bytes.substr(0, 200)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(each));
    out += two;
  }
  return out + (bytes.size() > 200 ? "..." : "");
}

std::optional<std::string> failure_of(const Target& target, std::string_view bytes) {
  try {
    target.run(input_of(bytes));
    return std::nullopt;
  } catch (const std::exception& fault) {
    return std::string(fault.what()) + ", with the " + std::to_string(bytes.size()) + " bytes " +
           hex_of(bytes);
  } catch (...) {
    return "an exception of another kind, with the bytes " + hex_of(bytes);
  }
}

// The corpus, then `more` inputs made from it. Ends at the first that fails.
void try_target(Trial& trial, const Target& target, std::uint64_t more) {
  const auto corpus = corpus_of(target);
  trial.check(std::string(target.name) + " has a corpus", !corpus.empty());
  if (corpus.empty()) return;
  Dice dice(trial.seed());
  std::optional<std::string> failure;
  for (std::uint64_t i = 0; i < corpus.size() + more && !failure; ++i) {
    const bool kept = i < corpus.size();
    std::snprintf(at_work, sizeof at_work, "%s: input %llu of seed %llu ended the process\n",
                  target.name, static_cast<unsigned long long>(i),
                  static_cast<unsigned long long>(trial.seed()));
    const std::string input = kept ? corpus[i] : made_from(corpus, target.bytes_max, dice);
    failure = failure_of(target, input);
    if (failure) *failure += kept ? " of the corpus" : ", made with this seed";
  }
  trial.check(std::string(target.name) + ": " + target.holds + ", " +
                  std::to_string(corpus.size()) + " inputs kept and " + std::to_string(more) +
                  " made",
              !failure, failure.value_or(""));
}

std::vector<std::string> all_mutants() {
  std::vector<std::string> all;
  for (const Target& target : targets())
    for (const auto mutant : target.mutants) all.emplace_back(mutant);
  return all;
}

const Target& target_of(std::string_view mutant) {
  for (const Target& target : targets())
    if (std::ranges::count(target.mutants, mutant) > 0) return target;
  std::abort();
}

}  // namespace

int main(int count, char** arguments) {
  Trial trial({.name = "fuzz",
               .promise = "every decoder, the RPC stream, the session and the engine hold their "
                          "properties whatever the bytes",
               .dials = {{.name = "times",
                          .what = "inputs made anew, of each target's own number",
                          .full = 10,
                          .brief = 1}},
               .mutants = all_mutants(),
               .examples = {"ops/prove fuzz --seconds 60", "ops/prove fuzz --target frame_body"}},
              count, arguments);
  std::signal(SIGABRT, say_and_die);
  if (trial.mutants().empty()) {
    std::uint64_t done = 0;
    trial.check("at least 20 targets", targets().size() >= 20);
    for (const Target& target : targets()) {
      try_target(trial, target, target.brief * trial.dial("times"));
      trial.progress(++done, targets().size());
    }
  }
  for (const std::string& mutant : trial.mutants()) {
    const Target& target = target_of(mutant);
    break_as(mutant);
    trial.expect_caught(mutant,
                        [&] { try_target(trial, target, target.brief * trial.dial("times") * 4); });
    break_as("");
  }
  return trial.close();
}
