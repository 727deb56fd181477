// CMake's own words are few: a command, its arguments, and comments. Nothing is evaluated.
#include "tests/tidy/house.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>

namespace obverse::tidy {
namespace {

// The arguments after a keyword, up to the next keyword.
std::vector<std::string> after(const std::vector<std::string>& arguments, std::string_view word) {
  std::vector<std::string> found;
  bool inside = false;
  for (const std::string& argument : arguments) {
    if (argument == "USES" || argument == "LINKS" || argument == "SERVERS" || argument == "PCH") {
      inside = argument == word;
    } else if (inside) {
      found.push_back(argument);
    }
  }
  return found;
}

std::string without_hashes(std::string_view cmake) {
  std::string text;
  for (const Line& line : lines_of(cmake)) {
    text += line.text.substr(0, line.text.find('#'));
    text += '\n';
  }
  return text;
}

void take(House& house, const Command& command) {
  const std::vector<std::string> uses = after(command.arguments, "USES");
  const std::string& first = command.arguments.empty() ? command.name : command.arguments.front();
  if (first.find('$') != std::string::npos || command.arguments.empty()) return;
  if (command.name == "schemas") house.rooms.push_back({first, {}});
  if (command.name == "room") house.rooms.push_back({first, uses});
  if (command.name == "program") {
    house.programs[command.arguments.at(1)] = {uses.begin(), uses.end()};
  }
  if (command.name == "tests") house.test_folders.insert(first);
  if (command.name == "promise") house.promises.insert(first);
  if (command.name == "bench") house.benchmarks.insert(first);
}

bool ours(const std::filesystem::path& path, const std::string& name) {
  if (name.starts_with(".") || name.starts_with("build")) return false;
  if (name == "node_modules" || name == "var") return false;
  return !std::filesystem::is_symlink(path);
}

bool is_text(std::string_view text) { return text.find('\0') == std::string_view::npos; }

}  // namespace

const Room* House::room(std::string_view folder) const {
  const auto found = std::ranges::find(rooms, folder, &Room::folder);
  return found == rooms.end() ? nullptr : &*found;
}

const Room* House::room_of(std::string_view path) const {
  if (programs.contains(std::string(path))) return nullptr;
  const std::string_view folder = folder_of(path);
  if (const Room* exact = room(folder)) return exact;
  if (folder.ends_with("/events") || folder == "ledger/model/commands")
    return room(folder_of(folder));
  return nullptr;
}

std::vector<Command> commands_of(std::string_view cmake) {
  std::vector<Command> commands;
  const std::string text = without_hashes(cmake);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('(', at);
    if (open == std::string::npos) break;
    std::size_t name = open;
    while (name > at && (std::isalnum(static_cast<unsigned char>(text[name - 1])) != 0 ||
                         text[name - 1] == '_')) {
      --name;
    }
    std::size_t close = open;
    for (std::size_t depth = 0; close < text.size(); ++close) {
      depth += text[close] == '(' ? 1 : 0;
      depth -= text[close] == ')' ? 1 : 0;
      if (depth == 0) break;
    }
    std::istringstream inside(text.substr(open + 1, close - open - 1));
    commands.push_back(
        {text.substr(name, open - name), {std::istream_iterator<std::string>(inside), {}}});
    at = close + 1;
  }
  return commands;
}

House house_from(std::string_view rooms, std::string_view tests) {
  House house;
  for (const Command& command : commands_of(rooms)) take(house, command);
  for (const Command& command : commands_of(tests)) {
    if (command.name == "tests" || command.name == "bench" || command.name == "promise")
      take(house, command);
  }
  return house;
}

std::vector<SourceFile> tree(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  auto at = std::filesystem::recursive_directory_iterator(root);
  for (; at != std::filesystem::recursive_directory_iterator(); ++at) {
    if (!ours(at->path(), at->path().filename().string())) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file()) continue;
    std::ifstream stream(at->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string path = std::filesystem::relative(at->path(), root).generic_string();
    if (is_text(text)) files.push_back({path, std::move(text)});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

bool is_test(std::string_view path) { return path.starts_with("tests/"); }
bool is_benchmark(std::string_view path) { return path.starts_with("benchmarks/"); }

}  // namespace obverse::tidy
