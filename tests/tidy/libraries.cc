// Where each library may be spoken of: the table "Who may include what", as the house has it. A
// home is the beginning of a path.
#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

struct Library {
  std::string_view name;
  std::vector<std::string_view> headers;  // beginnings of an include's target
  std::vector<std::string_view> homes;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> table{
      {"Boost.Asio and Beast",
       {"boost/asio", "boost/beast", "boost/system"},
       {"ledger/server/", "ledger/rails/", "ledger/client/", "ledger/main.cc"}},
      {"Boost.PFR", {"boost/pfr"}, {"ledger/wire/"}},
      {"Boost.Test and RapidCheck", {"boost/test", "rapidcheck"}, {}},
      {"Google benchmark", {"benchmark/"}, {}},
      {"Cap'n Proto and its generated headers",
       {"capnp/", "kj/", "schemas/"},
       {"ledger/wire/", "ledger/server/", "ledger/client/", "replay/source"}},
      {"RocksDB", {"rocksdb/"}, {"ledger/log/rocks_"}},
      {"libzip", {"zip.h"}, {"ledger/gtfs/archive"}},
      {"OpenSSL", {"openssl/"}, {"ledger/vault/", "ledger/server/transport/", "ledger/client/"}},
      {"libxml2", {"libxml/"}, {"ledger/rails/"}},
      {"CLI11",
       {"CLI/"},
       {"ledger/client/", "replay/main.cc", "ledger/main.cc", "ledger/backup/main.cc"}},
      {"toml++", {"toml++/"}, {"ledger/server/config"}},
      {"spdlog",
       {"spdlog/"},
       {"ledger/server/", "ledger/rails/", "ledger/client/", "ledger/main.cc", "replay/main.cc"}},
      {"fmt",
       {"fmt/"},
       {"ledger/server/", "ledger/rails/", "ledger/client/", "ledger/main.cc",
        "ledger/projections/", "replay/"}},
      {"nlohmann-json",
       {"nlohmann/"},
       {"ledger/server/console_http", "ledger/client/", "ledger/backup/main.cc", "replay/"}},
      {"an embedding in the clear",
       {"matcher/embedding.h"},
       {"matcher/", "ledger/server/recognise", "ledger/server/gallery_feed",
        "ledger/server/enrolment", "ledger/server/terminal_service", "ledger/server/config",
        "ledger/client/", "replay/rematch"}},
      {"the vault",
       {"ledger/vault/template_vault.h", "ledger/vault/keyring.h", "ledger/vault/sealed_records.h"},
       {"ledger/vault/", "ledger/backup/", "ledger/server/", "ledger/main.cc", "replay/rematch"}},
  };
  return table;
}

bool starts_with_one_of(std::string_view text, const std::vector<std::string_view>& beginnings) {
  return std::ranges::any_of(beginnings,
                             [text](std::string_view one) { return text.starts_with(one); });
}

bool is_pure(std::string_view path) {
  return starts_with_one_of(path, {"ledger/model/", "ledger/rules/", "ledger/projections/"});
}

// Fares are read from texts without a binary fraction in between; files may be opened there.
bool counts_money(std::string_view path) {
  return is_pure(path) || starts_with_one_of(path, {"ledger/gtfs/", "tests/naive/"});
}

bool is_system_header(std::string_view target) {
  return target.find('/') == std::string_view::npos || target.starts_with("sys/") ||
         target.starts_with("netinet/") || target.starts_with("arpa/") ||
         target.starts_with("linux/");
}

// What looks at a clock, throws dice, starts threads or reads and writes.
const std::set<std::string_view>& impure_headers() {
  static const std::set<std::string_view> headers{
      "atomic",  "barrier",   "chrono",       "condition_variable", "cstdio",     "ctime",
      "fstream", "future",    "filesystem",   "iostream",           "latch",      "mutex",
      "random",  "semaphore", "shared_mutex", "stop_token",         "syncstream", "thread"};
  return headers;
}

const std::set<std::string_view>& impure_words() {
  static const std::set<std::string_view> words{"float",
                                                "double",
                                                "unordered_map",
                                                "unordered_set",
                                                "unordered_multimap",
                                                "unordered_multiset",
                                                "hash"};
  return words;
}

bool is_floating_literal(std::string_view word) {
  const bool number = word.front() >= '0' && word.front() <= '9';
  const bool hexadecimal = word.starts_with("0x") || word.starts_with("0X");
  if (!number) return false;
  if (word.find('.') != std::string_view::npos) return true;
  return !hexadecimal && word.find_first_of("eE") != std::string_view::npos;
}

}  // namespace

Complaints libraries_are_at_home(const SourceFile& file) {
  Complaints complaints;
  if (!is_cpp(file.path) || is_test(file.path) || is_benchmark(file.path)) return complaints;
  for (const Include& include : includes_of(file)) {
    bool known = include.quoted || is_system_header(include.target);
    for (const Library& library : libraries()) {
      if (!starts_with_one_of(include.target, library.headers)) continue;
      known = true;
      if (starts_with_one_of(file.path, library.homes)) continue;
      complaints.push_back(complaint(
          file, include.line,
          "this is no home of " + std::string(library.name) + " (" + include.target + ")"));
    }
    if (known) continue;
    complaints.push_back(
        complaint(file, include.line, include.target + " belongs to no library of the table"));
  }
  return complaints;
}

Complaints pure_rooms_are_pure(const SourceFile& file) {
  Complaints complaints;
  const bool wire = file.path.starts_with("ledger/wire/");
  if (!is_cpp(file.path)) return complaints;
  for (const Include& include : includes_of(file)) {
    const bool system =
        !include.quoted && (include.target.ends_with(".h") && is_system_header(include.target));
    const bool impure = system || impure_headers().contains(include.target);
    if (!impure || (!is_pure(file.path) && !wire)) continue;
    complaints.push_back(
        complaint(file, include.line, include.target + ": no clock, thread, chance or disk here"));
  }
  if (!counts_money(file.path)) return complaints;
  const std::string code = code_of(file.text);
  for (const Word& word : words_of(code)) {
    if (!impure_words().contains(word.text) && !is_floating_literal(word.text)) continue;
    complaints.push_back(complaint(
        file, word.line, std::string(word.text) + ": no floating point and no hash order here"));
  }
  return complaints;
}

}  // namespace obverse::tidy
