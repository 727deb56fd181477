// One pass over the characters knows code, comment and literal apart; everything else is built on
// what it leaves.
#include "tests/tidy/text.h"

#include <algorithm>
#include <cctype>

namespace obverse::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// The end of an identifier or a number that begins at `at`; 1'000 and 0x1p-3 are one number each.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  const bool number = is_digit(text[at]);
  std::size_t end = at + 1;
  while (end < text.size()) {
    const bool inside =
        is_word(text[end]) || (number && text[end] == '.') ||
        (number && text[end] == '\'' && end + 1 < text.size() && is_word(text[end + 1]));
    if (!inside) break;
    ++end;
  }
  return end;
}

// The end of the literal whose quote stands at `at`.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
  if (text[at] == '"' && at > 0 && text[at - 1] == 'R') {
    const std::size_t open = text.find('(', at);
    const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  std::size_t end = at + 1;
  while (end < text.size() && text[end] != text[at] && text[end] != '\n') {
    end += text[end] == '\\' ? 2 : 1;
  }
  return std::min(end + 1, text.size());
}

// The end of the comment that begins at `at`, or `at` if none does.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
  if (text.substr(at, 2) != "/*") return at;
  const std::size_t end = text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end && at < text.size(); ++at) {
    if (text[at] != '\n') text[at] = ' ';
  }
}

std::string stripped(std::string_view text, bool literals_too) {
  std::string result(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comment = end_of_comment(text, at);
    if (comment > at) {
      blank(result, at, comment);
      at = comment;
    } else if (text[at] == '"' || text[at] == '\'') {
      const std::size_t end = end_of_literal(text, at);
      if (literals_too) blank(result, at, end);
      at = end;
    } else {
      at = is_word(text[at]) ? end_of_word(text, at) : at + 1;
    }
  }
  return result;
}

std::size_t line_at(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// What stands before a brace: from the last statement's end, or the last empty line.
struct Head {
  std::size_t begin;
  std::string_view text;
};

Head head_before(std::string_view code, std::size_t begin, std::size_t brace) {
  const std::size_t gap = code.substr(0, brace).rfind("\n\n");
  if (gap != std::string_view::npos && gap > begin) begin = gap;
  while (begin < brace && std::isspace(static_cast<unsigned char>(code[begin])) != 0) ++begin;
  return {begin, code.substr(begin, brace - begin)};
}

bool opens_function(std::string_view head) {
  const std::size_t parenthesis = head.find('(');
  if (parenthesis == std::string_view::npos) return false;
  for (const Word& word : words_of(head.substr(0, parenthesis))) {
    for (const std::string_view scope : {"namespace", "class", "struct", "union", "enum"}) {
      if (word.text == scope) return false;
    }
  }
  return true;
}

}  // namespace

std::string complaint(const SourceFile& file, std::size_t line, const std::string& what) {
  return file.path + ":" + std::to_string(line) + ": " + what;
}

std::string without_comments(std::string_view text) { return stripped(text, false); }

std::string code_of(std::string_view text) {
  std::string code = stripped(text, true);
  bool directive = false;
  for (const Line& line : lines_of(code)) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    directive = directive || (first != std::string_view::npos && line.text[first] == '#');
    const bool goes_on = directive && line.text.ends_with('\\');
    const auto begin = static_cast<std::size_t>(line.text.data() - code.data());
    if (directive) blank(code, begin, begin + line.text.size());
    directive = goes_on;
  }
  return code;
}

std::vector<Word> words_of(std::string_view code) {
  std::vector<Word> words;
  std::size_t line = 1;
  for (std::size_t at = 0; at < code.size();) {
    if (!is_word(code[at])) {
      line += code[at++] == '\n' ? 1 : 0;
      continue;
    }
    const std::size_t end = end_of_word(code, at);
    words.push_back({code.substr(at, end - at), line});
    at = end;
  }
  return words;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back({text.substr(0, end), lines.size() + 1});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  const std::string text = without_comments(file.text);
  for (const Line& line : lines_of(text)) {
    const std::size_t hash = line.text.find_first_not_of(" \t");
    if (hash == std::string_view::npos || line.text[hash] != '#') continue;
    const std::size_t word = line.text.find_first_not_of(" \t", hash + 1);
    if (word == std::string_view::npos || !line.text.substr(word).starts_with("include")) continue;
    const std::size_t open = line.text.find_first_of("<\"", word);
    if (open == std::string_view::npos) continue;
    const bool quoted = line.text[open] == '"';
    const std::size_t close = line.text.find(quoted ? '"' : '>', open + 1);
    includes.push_back(
        {std::string(line.text.substr(open + 1, close - open - 1)), quoted, line.number});
  }
  return includes;
}

std::vector<Function> functions_of(std::string_view code) {
  std::vector<Function> functions;
  std::size_t statement = 0;  // where the present statement begins
  std::size_t depth = 0;      // braces open inside a function, 0 outside all
  std::size_t function = 0;   // where the present one's head begins
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (depth > 0) {
      depth += c == '{' ? 1 : 0;
      depth -= c == '}' ? 1 : 0;
      if (depth > 0 || c != '}') continue;
      const std::size_t first = line_at(code, function);
      functions.push_back({first, line_at(code, at) - first + 1});
    } else if (c == '{') {
      const Head head = head_before(code, statement, at);
      if (opens_function(head.text)) {
        depth = 1;
        function = head.begin;
      }
    }
    if (c == '{' || c == '}' || c == ';') statement = at + 1;
  }
  return functions;
}

std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cc"); }

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace obverse::tidy
