// The house as the build file describes it, and the tree as it lies on the disk.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/text.h"

namespace obverse::tidy {

struct Room {
  std::string folder;
  std::vector<std::string> uses;
};

struct House {
  std::vector<Room> rooms;                                // from the ground up, schemas first
  std::map<std::string, std::set<std::string>> programs;  // a main file, and the rooms it uses
  std::set<std::string> test_folders;                     // below tests/
  std::set<std::string> promises;                         // below tests/promises/
  std::set<std::string> benchmarks;                       // names, without .cc
  std::set<std::string> files;                            // every path of the tree

  const Room* room(std::string_view folder) const;
  // The room that a file stands in; nothing for mains, tests, and what stands in none.
  const Room* room_of(std::string_view path) const;
};

// The build files: CMakeLists.txt; cmake/tests.cmake with cmake/promises.cmake.
House house_from(std::string_view rooms, std::string_view tests);

struct Command {
  std::string name;
  std::vector<std::string> arguments;
};
std::vector<Command> commands_of(std::string_view cmake);

// Every text file of the tree that is ours: no build folders, no hidden files, nothing generated or
// binary.
std::vector<SourceFile> tree(const std::filesystem::path& root);

bool is_test(std::string_view path);
bool is_benchmark(std::string_view path);

}  // namespace obverse::tidy
