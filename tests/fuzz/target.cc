// The table of all targets, and what they share.
#include "tests/fuzz/target.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace obverse::fuzz {
namespace {

std::string& defect() {
  static std::string name;
  return name;
}

struct Scratch {
  Scratch() {
    // In memory where there is such a place: a sync of every input would be measured, not found.
    const auto memory = std::filesystem::path("/dev/shm");
    const auto where =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (where / "obverse-fuzz-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

std::vector<Target> all_targets() {
  std::vector<Target> all;
  for (auto some : {log_targets, tail_targets, manifest_targets, wire_targets, vault_targets,
                    vault_file_targets, matcher_targets, settings_targets, client_targets,
                    stream_targets, request_targets, engine_targets, oracle_targets,
                    session_targets, gtfs_targets, rails_targets}) {
    std::ranges::move(some(), std::back_inserter(all));
  }
  std::ranges::sort(all, {}, [](const Target& each) { return std::string_view(each.name); });
  return all;
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all = all_targets();
  return all;
}

const Target* find_target(std::string_view name) {
  for (const Target& each : targets())
    if (each.name == name) return &each;
  return nullptr;
}

void break_as(std::string_view mutant) { defect() = mutant; }
bool is_broken_as(std::string_view mutant) { return defect() == mutant; }

std::uint64_t Tap::pick(std::uint64_t max) {
  std::uint64_t number = 0;
  for (std::uint64_t reach = max; reach != 0; reach >>= 8U) number = number << 8U | byte();
  return max == UINT64_MAX ? number : number % (max + 1);
}

std::uint8_t Tap::byte() {
  if (input_.empty()) return 0;
  const std::uint8_t first = input_.front();
  input_ = input_.subspan(1);
  return first;
}

std::string Tap::bytes(std::size_t count) {
  const std::size_t taken = std::min(count, input_.size());
  std::string out(text_of(input_.first(taken)));
  input_ = input_.subspan(taken);
  return out;
}

const std::filesystem::path& scratch() {
  static const Scratch folder;
  return folder.path;
}

std::filesystem::path scratch_file(const std::string& name, std::string_view content) {
  const auto file = scratch() / name;
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  return file;
}

std::string noise(std::uint64_t seed, std::size_t bytes) {
  std::string out;
  std::uint64_t state = seed * 2 + 1;
  while (out.size() < bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    out.push_back(static_cast<char>(state >> 56U));
  }
  return out;
}

}  // namespace obverse::fuzz
