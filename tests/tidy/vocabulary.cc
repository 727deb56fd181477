// Words that may not stand where they stand. They are put together from halves here, so that this
// file keeps the rule too.
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

std::string halves(std::string_view first, std::string_view second) {
  return std::string(first) + std::string(second);
}

// Of unfinished work: nowhere in code.
const std::vector<std::string>& unfinished() {
  static const std::vector<std::string> words{
      halves("to", "do"),        halves("fix", "me"),
      halves("xx", "x"),         halves("not impl", "emented"),
      halves("st", "ub"),        halves("place", "holder"),
      halves("for n", "ow"),     halves("dum", "my"),
      halves("lorem ", "ipsum"), halves("ha", "ck"),
      halves("work", "around")};
  return words;
}

// Of the workplace, not of the work: nowhere at all.
const std::vector<std::string>& workplace() {
  static const std::vector<std::string> words{
      halves("fa", "rm"),      halves("/wo", "rk"),     halves("bash_", "jobs"),
      halves("/ro", "ot"),     halves("/ho", "me"),     halves("sub", "agent"),
      halves("sub", "agents"), halves("cla", "ude"),    halves("anth", "ropic"),
      halves("ll", "m"),       halves("chat", "gpt"),   halves("co", "pilot"),
      halves("ai ", "agent"),  halves("ai ", "agents"), halves("issues ", "show")};
  return words;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whole words only: what is a part of a longer word is another word.
bool stands_in(const std::string& line, const std::string& word) {
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(line[at - 1]) || !is_word(word.front());
    const bool ends = end == line.size() || !is_word(line[end]);
    if (begins && ends) return true;
  }
  return false;
}

bool is_prose(std::string_view path) { return path.ends_with(".md"); }

// A host that only one network knows: a bare name, a private address, a private ending.
bool names_private_host(const std::string& line) {
  for (std::size_t at = line.find("://"); at != std::string::npos; at = line.find("://", at + 1)) {
    const std::string host =
        line.substr(at + 3, line.find_first_of("/:\"'` )>,;", at + 3) - at - 3);
    for (const std::string_view ending : {".internal", ".local", ".lan", ".corp", ".svc"}) {
      if (host.ends_with(ending)) return true;
    }
    for (const std::string_view beginning : {"10.", "192.168.", "172.16."}) {
      if (host.starts_with(beginning)) return true;
    }
  }
  return false;
}

}  // namespace

Complaints words_are_ours(const SourceFile& file) {
  Complaints complaints;
  for (const Line& line : lines_of(file.text)) {
    std::string lower(line.text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    const auto complain = [&](const std::string& what) {
      complaints.push_back(complaint(file, line.number, what));
    };
    for (const std::string& word : unfinished()) {
      if (!is_prose(file.path) && stands_in(lower, word)) complain('"' + word + "\" in code");
    }
    for (const std::string& word : workplace()) {
      if (stands_in(lower, word)) complain('"' + word + "\" is of the workplace");
    }
    if (names_private_host(lower)) complain("names a host of a private network");
  }
  return complaints;
}

Complaints rules_never_throw(const SourceFile& file) {
  Complaints complaints;
  const bool rule =
      file.path.starts_with("ledger/rules/") || file.path.starts_with("ledger/model/");
  if (!is_cpp(file.path) || !rule) return complaints;
  const std::string code = code_of(file.text);
  for (const Word& word : words_of(code)) {
    if (word.text != "throw" && word.text != "catch") continue;
    complaints.push_back(complaint(file, word.line, "rules refuse, they never throw or catch"));
  }
  return complaints;
}

}  // namespace obverse::tidy
