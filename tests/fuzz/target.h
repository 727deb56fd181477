// What a fuzz target is: bytes in, and a property that must hold whatever they are. The same
// functions run under libFuzzer, over the corpus in ops/test, and over decoders that were broken on
// purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::fuzz {

using Input = std::span<const std::uint8_t>;

// A property does not hold. Says nothing of the input.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void hold(bool held, const char* what) {
  if (!held) throw Broken(what);
}

struct Target {
  const char* name;   // of its folder in corpus/
  const char* holds;  // the property
  std::size_t bytes_max;
  void (*run)(Input);                          // throws Broken
  std::vector<std::string> (*seeds)();         // inputs made of real values
  std::vector<std::string_view> mutants = {};  // defects of what it calls, each to be caught
  unsigned brief = 1'000;  // inputs made anew in ops/test: fewer where one takes long
};

const std::vector<Target>& targets();  // by name
const Target* find_target(std::string_view name);

// Runs from here on with that defect; empty: with none.
void break_as(std::string_view mutant);
bool is_broken_as(std::string_view mutant);

// The numbers and bytes that an input stands for, in order; zeros when it is at its end.
class Tap {
 public:
  explicit Tap(Input input) : input_(input) {}

  static constexpr std::size_t enumerators_max = SIZE_MAX;
  std::uint64_t pick(std::uint64_t max);  // 0 to max, both included
  std::uint8_t byte();
  std::string bytes(std::size_t count);  // fewer at the end
  std::string rest() { return bytes(input_.size()); }
  bool empty() const { return input_.empty(); }
  std::size_t left() const { return input_.size(); }

 private:
  Input input_;
};

inline std::string_view text_of(Input input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}
inline Input input_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A folder of this process for targets that read files, removed at its end.
const std::filesystem::path& scratch();
std::filesystem::path scratch_file(const std::string& name, std::string_view content);

// The same numbers everywhere, for seeds that are made.
std::string noise(std::uint64_t seed, std::size_t bytes);

// One a source file of this folder.
std::vector<Target> log_targets();
std::vector<Target> tail_targets();
std::vector<Target> manifest_targets();
std::vector<Target> wire_targets();
std::vector<Target> vault_targets();
std::vector<Target> vault_file_targets();
std::vector<Target> matcher_targets();
std::vector<Target> settings_targets();
std::vector<Target> client_targets();
std::vector<Target> stream_targets();
std::vector<Target> request_targets();
std::vector<Target> engine_targets();
std::vector<Target> oracle_targets();
std::vector<Target> session_targets();
std::vector<Target> gtfs_targets();
std::vector<Target> rails_targets();

}  // namespace obverse::fuzz
