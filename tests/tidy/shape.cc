// How long, how wide, and how a file begins.
#include <algorithm>
#include <array>

#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

constexpr std::size_t file_lines_max = 500;
constexpr std::size_t function_lines_max = 60;
constexpr std::size_t columns_max = 100;

// Everything that somebody writes as code: sources, schemas, build files, programs of ops.
bool is_written(const SourceFile& file) {
  constexpr std::array<std::string_view, 12> endings{".h",  ".cc",  ".capnp",   ".cmake",
                                                     ".sh", ".py",  ".js",      ".mjs",
                                                     ".ts", ".yml", ".service", "CMakeLists.txt"};
  for (const std::string_view ending : endings) {
    if (file.path.ends_with(ending)) return true;
  }
  return file.text.starts_with("#!");
}

// The first line that says something: after a program's #!, and after what a schema must begin
// with.
std::string_view first_words(const SourceFile& file) {
  std::string_view text = file.text;
  const auto drop_line = [&text] {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  };
  if (text.starts_with("#!")) drop_line();
  while (file.path.ends_with(".capnp") &&
         (text.starts_with("@") || text.starts_with("using ") || text.starts_with("$"))) {
    drop_line();
  }
  return text;
}

// A source is opened by a comment, or by the header that has one: its own, or that of what it
// tests.
bool says_what_it_is(const SourceFile& file) {
  const std::string_view text = first_words(file);
  if (!is_cpp(file.path)) {
    return text.starts_with("# ") || text.starts_with("// ") || text.starts_with("\"\"\"");
  }
  if (text.starts_with("// ")) return true;
  const std::vector<Include> includes = includes_of(file);
  if (includes.empty() || includes.front().line != 1 || !includes.front().quoted) return false;
  const std::string source =
      includes.front().target.substr(0, includes.front().target.rfind('.')) + ".cc";
  return file.path == source || file.path == test_of(source);
}

}  // namespace

Complaints sizes_are_kept(const SourceFile& file) {
  Complaints complaints;
  if (!is_written(file)) return complaints;
  const std::vector<Line> lines = lines_of(file.text);
  if (lines.size() > file_lines_max) {
    complaints.push_back(complaint(file, lines.size(), "a file has 500 lines at most"));
  }
  for (const Line& line : lines) {
    if (columns_of(line.text) <= columns_max) continue;
    complaints.push_back(complaint(file, line.number, "a line has 100 columns at most"));
  }
  if (!is_cpp(file.path)) return complaints;
  const std::string code = code_of(file.text);
  for (const Function& function : functions_of(code)) {
    if (function.lines <= function_lines_max) continue;
    complaints.push_back(
        complaint(file, function.line,
                  "a function of " + std::to_string(function.lines) + " lines: 60 fit a screen"));
  }
  return complaints;
}

Complaints files_open_with_a_comment(const SourceFile& file) {
  Complaints complaints;
  if (!is_written(file)) return complaints;
  if (!says_what_it_is(file)) {
    complaints.push_back(complaint(file, 1, "a file opens by saying what it is"));
  }
  if (file.path.ends_with(".h") &&
      without_comments(file.text).find("#pragma once\n") == std::string::npos) {
    complaints.push_back(complaint(file, 1, "a header says #pragma once"));
  }
  return complaints;
}

}  // namespace obverse::tidy
