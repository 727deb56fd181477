// Who includes whom: the room(...) lines of the build file, and nothing else, grant it.
#include <algorithm>
#include <array>

#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

bool exists(const House& house, const std::string& target) {
  if (target.ends_with(".capnp.h")) {
    return house.files.contains(target.substr(0, target.size() - 2));
  }
  return house.files.contains(target);
}

bool grants(const House& house, const SourceFile& file, const Room& target) {
  const auto program = house.programs.find(file.path);
  if (program != house.programs.end()) return program->second.contains(target.folder);
  const Room* own = house.room_of(file.path);
  return own != nullptr &&
         (own->folder == target.folder || std::ranges::count(own->uses, target.folder) > 0);
}

std::string_view top_of(std::string_view folder) { return folder.substr(0, folder.find('/')); }

// benchmarks -> replay -> ledger -> matcher -> threads, and ledger -> schemas.
bool may_lean(std::string_view from, std::string_view on) {
  if (from == on) return true;
  if (on == "threads") return from == "replay" || from == "ledger" || from == "matcher";
  if (from == "replay") return on == "ledger" || on == "matcher" || on == "schemas";
  return from == "ledger" && (on == "matcher" || on == "schemas");
}

}  // namespace

Complaints rooms_lean_downward(const House& house) {
  Complaints complaints;
  std::set<std::string> below;
  for (const Room& room : house.rooms) {
    for (const std::string& use : room.uses) {
      const std::string line = "CMakeLists.txt: room(" + room.folder + ") uses " + use;
      if (!below.contains(use)) complaints.push_back(line + ", which is not a room below it");
      if (!may_lean(top_of(room.folder), top_of(use))) {
        complaints.push_back(line + ", against the direction of the top-level folders");
      }
    }
    if (!below.insert(room.folder).second) {
      complaints.push_back("CMakeLists.txt: room(" + room.folder + ") stands there twice");
    }
  }
  return complaints;
}

Complaints includes_are_granted(const House& house, const SourceFile& file) {
  Complaints complaints;
  if (!is_cpp(file.path)) return complaints;
  for (const Include& include : includes_of(file)) {
    if (!include.quoted) continue;
    const auto complain = [&](const std::string& what) {
      complaints.push_back(complaint(file, include.line, '"' + include.target + "\" " + what));
    };
    if (!exists(house, include.target)) {
      complain("is no file of the tree, named from the root");
      continue;
    }
    const Room* target = house.room_of(include.target);
    if (is_test(file.path) || (is_benchmark(file.path) && !is_test(include.target))) continue;
    if (target == nullptr) {
      complain("stands in no room");
    } else if (!grants(house, file, *target)) {
      complain("is not granted by the room(...) or program(...) line");
    }
  }
  return complaints;
}

Complaints kernels_include_next_to_nothing(const SourceFile& file) {
  constexpr std::array<std::string_view, 4> allowed{"cstdint", "cstddef", "immintrin.h",
                                                    "matcher/kernels/kernels.h"};
  Complaints complaints;
  const bool kernel = folder_of(file.path) == "matcher/kernels" && is_cpp(file.path) &&
                      !file.path.starts_with("matcher/kernels/choose.");
  if (!kernel) return complaints;
  for (const Include& include : includes_of(file)) {
    if (std::ranges::find(allowed, include.target) != allowed.end()) continue;
    complaints.push_back(complaint(file, include.line,
                                   "a kernel may not include " + include.target +
                                       ": the linker could keep its copy of an inline function"));
  }
  return complaints;
}

}  // namespace obverse::tidy
