// Scenario files into lines of words.
#include "tests/scenarios/script.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace obverse::scenarios {
namespace {

std::vector<std::string> words_of(std::string text) {
  std::ranges::replace(text, ',', ' ');
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// "5,000" is a number with a comma, "X, no trace" is not.
std::string without_thousands(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between_digits = text[i] == ',' && i > 0 && i + 1 < text.size() &&
                                std::isdigit(static_cast<unsigned char>(text[i - 1])) &&
                                std::isdigit(static_cast<unsigned char>(text[i + 1]));
    if (!between_digits) out += text[i];
  }
  return out;
}

Line read_line(const std::string& where, const std::string& text) {
  Line line{where, {}, {}, {}, {}};
  const auto arrow = text.find("->");
  line.words = words_of(without_thousands(text.substr(0, arrow)));
  if (arrow != std::string::npos)
    line.expected = words_of(without_thousands(text.substr(arrow + 2)));
  if (line.words.size() >= 2 && line.words[0] == "at") {
    line.at = line.words[1];
    line.words.erase(line.words.begin(), line.words.begin() + 2);
  }
  return line;
}

void read_into(Script& script, const std::filesystem::path& file) {
  std::istringstream in(read_file(file));
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    const std::string where = file.filename().string() + ":" + std::to_string(number);
    if (text == "facts") {
      script.facts.assign(std::istreambuf_iterator<char>(in), {});
      return;
    }
    const std::string said = text.substr(0, text.find('#'));
    const auto words = words_of(said);
    if (words.empty()) continue;
    if (said.starts_with(' ')) {
      if (script.lines.empty()) throw std::runtime_error(where + ": nothing stands above");
      script.lines.back().below.push_back(words_of(without_thousands(said)));
    } else if (words[0] == "use" && words.size() == 2) {
      read_into(script, file.parent_path() / (words[1] + ".fixture"));
    } else {
      script.lines.push_back(read_line(where, said));
    }
  }
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + file.filename().string());
  return {std::istreambuf_iterator<char>(in), {}};
}

Script read_script(const std::filesystem::path& file) {
  Script script;
  const std::string text = read_file(file);
  script.title = text.substr(0, text.find('\n'));
  if (script.title.starts_with("# ")) script.title.erase(0, 2);
  read_into(script, file);
  return script;
}

}  // namespace obverse::scenarios
