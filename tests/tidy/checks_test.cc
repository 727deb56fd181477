// Each check is given what it must complain of, and what it must let pass.
#include "tests/tidy/checks.h"

#include <boost/test/unit_test.hpp>

namespace obverse::tidy {
namespace {

constexpr char rooms[] =
    "schemas(schemas)\n"
    "room(matcher/kernels)\n"
    "room(matcher USES matcher/kernels LINKS Threads::Threads)  # room(matcher/none)\n"
    "room(ledger/model)\n"
    "room(ledger/rules/money USES ledger/model)\n"
    "room(ledger/wire USES ledger/model\n"
    "                      schemas\n"
    "     LINKS CapnProto::capnp)\n"
    "room(ledger/server USES ledger/model ledger/rules/money ledger/wire matcher)\n"
    "program(obversed ledger/main.cc USES ledger/server)\n";
constexpr char tests[] =
    "tests(server USES ledger/server)\n"
    "bench(match_bench USES matcher)\n"
    "promise(crash USES ledger/server SERVERS mortal_server)\n"
    "function(tests folder)\n  add_test(NAME ${folder})\nendfunction()\n";

House house() {
  House made = house_from(rooms, tests);
  made.files = {"ledger/model/money.h",       "ledger/model/events/people.h",
                "ledger/rules/money/book.h",  "ledger/server/server.h",
                "matcher/matcher.h",          "matcher/kernels/kernels.h",
                "schemas/terminal.capnp",     "tests/server/house.h",
                "tests/server/server_test.cc"};
  return made;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::size_t about_includes(const std::string& path, const std::string& target) {
  return includes_are_granted(house(), {path, joined({"#include \"", target, "\"\n"})}).size();
}

std::size_t about_library(const std::string& path, const std::string& target) {
  return libraries_are_at_home({path, joined({"#include <", target, ">\n"})}).size();
}

std::size_t about_purity(const std::string& path, const std::string& text) {
  return pure_rooms_are_pure({path, text}).size();
}

std::size_t about_words(const std::string& path, const std::string& text) {
  return words_are_ours({path, text}).size();
}

std::string repeated(std::size_t times, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += line;
  return text;
}

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(the_build_file_is_understood) {
  const House made = house();
  BOOST_TEST(made.rooms.size() == 7U);
  BOOST_REQUIRE(made.room("ledger/wire") != nullptr);
  BOOST_TEST(made.room("ledger/wire")->uses.size() == 2U);
  BOOST_TEST(made.room("matcher")->uses.size() == 1U);
  BOOST_TEST(made.room("matcher/none") == nullptr);
  BOOST_TEST(made.room_of("ledger/model/events/people.h") == made.room("ledger/model"));
  BOOST_TEST(made.room_of("ledger/model/other/people.h") == nullptr);
  BOOST_TEST(made.programs.contains("ledger/main.cc"));
  BOOST_TEST(made.test_folders.contains("server"));
  BOOST_TEST(made.benchmarks.contains("match_bench"));
}

BOOST_AUTO_TEST_CASE(rooms_that_lean_upward_are_seen) {
  BOOST_TEST(rooms_lean_downward(house()).empty());
  BOOST_TEST(rooms_lean_downward(house_from("room(a USES b)\nroom(b)\n", "")).size() == 2U);
  BOOST_TEST(rooms_lean_downward(house_from("room(ledger/a USES ledger/a)\n", "")).size() == 1U);
  BOOST_TEST(rooms_lean_downward(house_from("room(ledger/a)\nroom(ledger/a)\n", "")).size() == 1U);
  BOOST_TEST(
      rooms_lean_downward(house_from("room(ledger/a)\nroom(matcher USES ledger/a)\n", "")).size() ==
      1U);
  BOOST_TEST(
      rooms_lean_downward(house_from("room(replay)\nroom(ledger/a USES replay)\n", "")).size() ==
      1U);
}

BOOST_AUTO_TEST_CASE(includes_that_nobody_granted_are_seen) {
  BOOST_TEST(about_includes("ledger/rules/money/book.cc", "ledger/model/money.h") == 0U);
  BOOST_TEST(about_includes("ledger/rules/money/book.cc", "ledger/model/events/people.h") == 0U);
  BOOST_TEST(about_includes("ledger/rules/money/book.cc", "ledger/rules/money/book.h") == 0U);
  BOOST_TEST(about_includes("ledger/wire/a.cc", "schemas/terminal.capnp.h") == 0U);
  BOOST_TEST(about_includes("ledger/main.cc", "ledger/server/server.h") == 0U);
  BOOST_TEST(about_includes("benchmarks/match_bench.cc", "matcher/matcher.h") == 0U);
  BOOST_TEST(about_includes("tests/server/server_test.cc", "tests/server/house.h") == 0U);

  BOOST_TEST(about_includes("ledger/rules/money/book.cc", "matcher/matcher.h") == 1U);
  BOOST_TEST(about_includes("ledger/model/money.cc", "ledger/rules/money/book.h") == 1U);
  BOOST_TEST(about_includes("ledger/server/server.cc", "matcher/kernels/kernels.h") == 1U);
  BOOST_TEST(about_includes("ledger/server/server.cc", "schemas/terminal.capnp.h") == 1U);
  BOOST_TEST(about_includes("ledger/wire/a.cc", "schemas/other.capnp.h") == 1U);
  BOOST_TEST(about_includes("ledger/main.cc", "matcher/matcher.h") == 1U);
  BOOST_TEST(about_includes("ledger/server/server.cc", "tests/server/house.h") == 1U);
  BOOST_TEST(about_includes("benchmarks/match_bench.cc", "tests/server/house.h") == 1U);
  BOOST_TEST(about_includes("ledger/server/server.cc", "server.h") == 1U);
}

BOOST_AUTO_TEST_CASE(kernels_stand_alone) {
  const auto count = [](const std::string& path, const std::string& target) {
    return kernels_include_next_to_nothing({path, joined({"#include <", target, ">\n"})}).size();
  };
  BOOST_TEST(count("matcher/kernels/avx2.cc", "cstdint") == 0U);
  BOOST_TEST(count("matcher/kernels/avx2.cc", "immintrin.h") == 0U);
  BOOST_TEST(count("matcher/kernels/avx2.cc", "vector") == 1U);
  BOOST_TEST(count("matcher/kernels/kernels.h", "vector") == 1U);
  BOOST_TEST(count("matcher/kernels/choose.cc", "vector") == 0U);
  BOOST_TEST(count("matcher/scan.cc", "vector") == 0U);
}

BOOST_AUTO_TEST_CASE(libraries_away_from_home_are_seen) {
  for (const auto& [home, away, target] :
       {std::tuple("ledger/server/a.cc", "ledger/engine/a.cc", "boost/asio.hpp"),
        std::tuple("ledger/wire/a.cc", "ledger/engine/a.cc", "capnp/message.h"),
        std::tuple("ledger/client/a.cc", "ledger/rules/a.cc", "kj/async.h"),
        std::tuple("ledger/log/rocks_log.cc", "ledger/log/tail.cc", "rocksdb/db.h"),
        std::tuple("ledger/vault/a.cc", "ledger/engine/a.cc", "openssl/evp.h"),
        std::tuple("ledger/server/transport/tls.cc", "ledger/server/config.cc", "openssl/ssl.h"),
        std::tuple("replay/main.cc", "replay/verify.cc", "CLI/CLI.hpp"),
        std::tuple("ledger/server/config.cc", "ledger/main.cc", "toml++/toml.h"),
        std::tuple("ledger/main.cc", "ledger/engine/a.cc", "spdlog/spdlog.h"),
        std::tuple("ledger/projections/a.cc", "ledger/rules/a.cc", "fmt/format.h"),
        std::tuple("replay/export.cc", "ledger/wire/a.cc", "nlohmann/json.hpp"),
        std::tuple("matcher/a.cc", "ledger/engine/a.cc", "matcher/embedding.h"),
        std::tuple("ledger/server/a.cc", "ledger/engine/a.cc", "ledger/vault/template_vault.h"),
        std::tuple("tests/log/a_test.cc", "ledger/log/a.cc", "boost/test/unit_test.hpp"),
        std::tuple("benchmarks/a.cc", "matcher/a.cc", "benchmark/benchmark.h"),
        std::tuple("tests/log/a_test.cc", "ledger/log/a.cc", "unheard/of.h")}) {
    BOOST_TEST(about_library(home, target) == 0U, target << " in " << home);
    BOOST_TEST(about_library(away, target) == 1U, target << " in " << away);
  }
  BOOST_TEST(about_library("matcher/a.cc", "vector") == 0U);
  BOOST_TEST(about_library("matcher/a.cc", "sys/mman.h") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_impure_is_seen_where_purity_counts) {
  for (const std::string room :
       {"ledger/model/a.h", "ledger/rules/b.cc", "ledger/projections/c.cc"}) {
    BOOST_TEST(about_purity(room, "#include <map>\nstd::map<int, int> a; // float 1.5\n") == 0U);
    for (const std::string text : {"float a;", "double a;", "auto a = 1.5;", "auto a = 1e3;",
                                   "std::unordered_map<int, int> a;", "#include <thread>",
                                   "#include <chrono>", "#include <random>", "#include <fstream>",
                                   "#include <unistd.h>", "#include <sys/mman.h>"}) {
      BOOST_TEST(about_purity(room, joined({text, "\n"})) == 1U, text);
    }
  }
  BOOST_TEST(about_purity("ledger/wire/a.cc", "#include <thread>\n") == 1U);
  BOOST_TEST(about_purity("ledger/wire/a.cc", "double a;\n") == 0U);
  BOOST_TEST(about_purity("ledger/log/a.cc", "#include <thread>\n") == 0U);
  BOOST_TEST(about_purity("matcher/a.cc", "float a = 1.5F;\n") == 0U);
  BOOST_TEST(about_purity("ledger/rules/a.cc", "auto a = 0xE3 + 1'000;\n") == 0U);
  BOOST_TEST(about_purity("ledger/gtfs/a.cc", "#include <fstream>\n") == 0U);
  BOOST_TEST(about_purity("ledger/gtfs/a.cc", "double a;\n") == 1U);
  BOOST_TEST(about_purity("tests/naive/a.cc", "auto a = 0.5;\n") == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_or_wide_is_seen) {
  const auto count = [](const std::string& path, const std::string& text) {
    return sizes_are_kept({path, text}).size();
  };
  for (const std::string path :
       {"a.cc", "tests/a_test.cc", "cmake/a.cmake", "ops/a.sh", "a.capnp"}) {
    BOOST_TEST(count(path, repeated(500, "\n")) == 0U);
    BOOST_TEST(count(path, repeated(501, "\n")) == 1U);
    BOOST_TEST(count(path, joined({std::string(100, 'a'), "\n"})) == 0U);
    BOOST_TEST(count(path, joined({"\n", std::string(101, 'a'), "\n"})) == 1U);
  }
  BOOST_TEST(count("ops/run", joined({"#!/bin/sh\n", repeated(500, "\n")})) == 1U);
  BOOST_TEST(count("a.cc", joined({"void a() {\n", repeated(58, "b();\n"), "}\n"})) == 0U);
  BOOST_TEST(count("a.cc", joined({"void a() {\n", repeated(59, "b();\n"), "}\n"})) == 1U);
  BOOST_TEST(count("a.cc", joined({"namespace a {\n", repeated(59, "int b;\n"), "}\n"})) == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_without_an_opening_is_seen) {
  const auto count = [](const std::string& path, const std::string& text) {
    return files_open_with_a_comment({path, text}).size();
  };
  BOOST_TEST(count("a/b.h", "// What it is.\n#pragma once\n") == 0U);
  BOOST_TEST(count("a/b.h", "#pragma once\n") == 1U);
  BOOST_TEST(count("a/b.h", "// What it is.\n") == 1U);
  BOOST_TEST(count("a/b.h", "// What it is.\n// #pragma once\n") == 1U);
  BOOST_TEST(count("a/b.cc", "#include \"a/b.h\"\n") == 0U);
  BOOST_TEST(count("a/b.cc", "#include \"a/c.h\"\n") == 1U);
  BOOST_TEST(count("a/b.cc", "#include <a/b.h>\n") == 1U);
  BOOST_TEST(count("tests/a/b_test.cc", "#include \"a/b.h\"\n") == 0U);
  BOOST_TEST(count("tests/a/b_test.cc", "#include \"a/c.h\"\n") == 1U);
  BOOST_TEST(count("a/b.h", "#include \"a/b.h\"\n#pragma once\n") == 1U);
  BOOST_TEST(count("a/b.cc", "//\n") == 1U);
  BOOST_TEST(count("a.cmake", "set(A b)\n") == 1U);
  BOOST_TEST(count("a.capnp", "@0x1;\nusing A = b;\n# What it is.\n") == 0U);
  BOOST_TEST(count("a.capnp", "@0x1;\nstruct A {}\n") == 1U);
  BOOST_TEST(count("ops/run", "#!/bin/sh\n# What it is.\n") == 0U);
  BOOST_TEST(count("ops/run", "#!/bin/sh\nset -e\n") == 1U);
}

// Put together from halves, as in the check itself.
BOOST_AUTO_TEST_CASE(words_out_of_place_are_seen) {
  for (const std::string& word :
       {joined({"TO", "DO"}), joined({"FIX", "ME"}), joined({"Not ", "implemented"}),
        joined({"for", " now"}), joined({"st", "ub"})}) {
    BOOST_TEST(about_words("ledger/a.cc", joined({"int a;\n// ", word, ": b\n"})) >= 1U);
    BOOST_TEST(about_words("README.md", joined({"b ", word, "\n"})) == 0U);
    BOOST_TEST(about_words("ledger/a.cc", joined({"// x", word, "x\n"})) == 0U);
  }
  for (const std::string& word :
       {joined({"/wo", "rk/main"}), joined({"Fa", "rm"}), joined({"/ro", "ot/.ssh"}),
        joined({"Cla", "ude"}), joined({"https:/", "/index.mirror.inter", "nal/simple"}),
        joined({"http:/", "/10.1.2.3:80/"})}) {
    BOOST_TEST(about_words("ledger/a.cc", joined({"// ", word, "\n"})) == 1U, word);
    BOOST_TEST(about_words("README.md", joined({"b ", word, "\n"})) == 1U, word);
  }
  BOOST_TEST(about_words("a.cc", "// matcher/workers.h, pharmacy, https://obverse.example/a\n") ==
             0U);
}

BOOST_AUTO_TEST_CASE(rules_that_throw_are_seen) {
  BOOST_TEST(rules_never_throw({"ledger/rules/a.cc", "void a() { throw 1; }\n"}).size() == 1U);
  BOOST_TEST(rules_never_throw({"ledger/rules/a.cc", "// never throw\n"}).empty());
  BOOST_TEST(rules_never_throw({"ledger/log/a.cc", "void a() { throw 1; }\n"}).empty());
}

BOOST_AUTO_TEST_CASE(tests_stand_at_their_sources_addresses) {
  BOOST_TEST(test_of("ledger/log/tail.cc") == "tests/log/tail_test.cc");
  BOOST_TEST(test_of("ledger/rules/money/book.cc") == "tests/rules/money/book_test.cc");
  BOOST_TEST(test_of("matcher/scan.cc") == "tests/matcher/scan_test.cc");
  BOOST_TEST(test_of("matcher/kernels/avx2.cc") == "tests/matcher/kernels_test.cc");
  BOOST_TEST(test_of("ledger/client/terminal_client.cc") == "tests/client/terminal_client_test.cc");
  BOOST_TEST(test_of("ledger/client/commands/till.cc") == "tests/client/till_test.cc");
  BOOST_TEST(test_of("replay/verify.cc") == "tests/replay/verify_test.cc");
  BOOST_TEST(sources_have_tests(house(), {"ledger/server/server.cc", ""}).empty());
  BOOST_TEST(sources_have_tests(house(), {"ledger/server/other.cc", ""}).size() == 1U);
  BOOST_TEST(sources_have_tests(house(), {"ledger/main.cc", ""}).empty());
}

BOOST_AUTO_TEST_CASE(what_nobody_builds_is_seen) {
  const auto count = [](const std::string& path, const std::string& text) {
    return files_are_built(house(), {path, text}).size();
  };
  BOOST_TEST(count("ledger/server/a.cc", "") == 0U);
  BOOST_TEST(count("ledger/model/events/a.h", "") == 0U);
  BOOST_TEST(count("ledger/cellar/a.cc", "") == 1U);
  BOOST_TEST(count("tests/server/a_test.cc", "BOOST_AUTO_TEST_CASE(a) {}") == 0U);
  BOOST_TEST(count("tests/server/a_test.cc", "") == 1U);
  BOOST_TEST(count("tests/cellar/a_test.cc", "BOOST_AUTO_TEST_CASE(a) {}") == 1U);
  BOOST_TEST(count("benchmarks/match_bench.cc", "") == 0U);
  BOOST_TEST(count("benchmarks/other.cc", "") == 1U);
  BOOST_TEST(count("tests/promises/crash/a.cc", "") == 0U);
  BOOST_TEST(count("tests/promises/kit/a.cc", "") == 0U);
  BOOST_TEST(count("tests/promises/cellar/a.cc", "") == 1U);
  BOOST_TEST(count("cellar/a.cc", "") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse::tidy
