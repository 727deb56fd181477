// C++ source seen as text: without its comments, without its literals, as words, as functions. Good
// enough to hold manners, and no compiler.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::tidy {

// A file of the tree; the path is relative to the root.
struct SourceFile {
  std::string path;
  std::string text;
};

using Complaints = std::vector<std::string>;  // "path:line: what is wrong"

std::string complaint(const SourceFile& file, std::size_t line, const std::string& what);

// Comments become spaces; line ends stay, so lines keep their numbers.
std::string without_comments(std::string_view text);
// Literals and preprocessor lines become spaces too.
std::string code_of(std::string_view text);

struct Word {
  std::string_view text;  // an identifier, a keyword or a number
  std::size_t line;
};
std::vector<Word> words_of(std::string_view code);

struct Line {
  std::string_view text;
  std::size_t number;
};
std::vector<Line> lines_of(std::string_view text);

struct Include {
  std::string target;
  bool quoted;
  std::size_t line;
};
std::vector<Include> includes_of(const SourceFile& file);

struct Function {
  std::size_t line;   // where its head begins
  std::size_t lines;  // to its closing brace
};
std::vector<Function> functions_of(std::string_view code);

std::size_t columns_of(std::string_view line);  // characters of UTF-8
bool is_cpp(std::string_view path);
std::string_view folder_of(std::string_view path);

}  // namespace obverse::tidy
