// Every scenario file on the whole engine; where the domain's own pages are at hand, the files are
// also held to them. Then the runner itself: it must notice what is wrong.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "ledger/vault/sha256.h"
#include "matcher/kernels/choose.h"
#include "tests/scenarios/stage.h"
#include "tests/scenarios/sums.h"

namespace fs = std::filesystem;
using namespace obverse;
using namespace obverse::scenarios;

namespace {

const fs::path folder = "tests/scenarios";

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".scenario") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string words(const std::vector<std::string>& problems) {
  std::string out;
  for (const std::string& problem : problems) out += "\n  " + problem;
  return out;
}

std::vector<std::string> all_problems(const Script& script) {
  const Facts facts = read_facts(script.facts);
  if (!facts.problems.empty()) return facts.problems;
  Stage stage;
  std::vector<std::string> problems = stage.play(script);
  for (const auto& sum : facts.sums)
    if (const std::string wrong = wrong_in_sum(sum); !wrong.empty()) problems.push_back(wrong);
  for (std::string& problem : stage.compare_facts(facts.facts)) problems.push_back(problem);
  return problems;
}

fs::path domain_page() {
  const char* shared = std::getenv("OBVERSE_SHARED");
  return fs::path(shared == nullptr ? "../shared" : shared) / "domain" / "scenarios.md";
}

boost::test_tools::assertion_result domain_is_there(boost::unit_test::test_unit_id) {
  const bool there = fs::exists(domain_page());
  if (!there)
    std::cout << "skipped: files_say_what_the_domain_says, no domain/scenarios.md "
                 "(OBVERSE_SHARED names its folder)\n";
  return there;
}

Script script_of(const char* name) {
  return read_script(folder / (std::string(name) + ".scenario"));
}

// Log and state of every scenario, with this way of searching.
std::string digests(const Searching& searching) {
  std::string lines;
  for (const std::string& name : scenario_names()) {
    Stage stage(searching);
    stage.play(read_script(folder / (name + ".scenario")));
    const Receipt head = stage.house().head();
    lines += name + " " + std::to_string(head.position.value) + " " + hex(head.chain) + " " +
             hex(stage.house().digest()) + "\n";
  }
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenarios_suite)

BOOST_DATA_TEST_CASE(plays_as_written, boost::unit_test::data::make(scenario_names()), name) {
  const Script script = read_script(folder / (name + ".scenario"));
  const auto problems = all_problems(script);
  BOOST_TEST(problems.empty(), script.title << words(problems));
}

// The file holds for g++ and clang, every optimisation level, every machine; here it is held
// against every kernel that this one has. It changes only when the rules or the scenarios do.
BOOST_AUTO_TEST_CASE(every_kernel_and_thread_count_writes_the_same_log_and_state) {
  const fs::path golden = "tests/golden/scenario-digests.txt";
  if (std::getenv("OBVERSE_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << digests({});
  const std::string expected = read_file(golden);
  for (const Kernel* kernel : kernels_present())
    for (const unsigned threads : {1U, 2U}) {
      const Searching searching{std::string(kernel->name), threads};
      BOOST_TEST(digests(searching) == expected, kernel->name << " with " << threads << " threads");
    }
}

BOOST_AUTO_TEST_CASE(all_that_the_first_house_promises_are_there) {
  const auto names = scenario_names();
  for (const char* name :
       {"S01", "S02", "S03", "S04", "S07", "S09", "S10", "S11", "S12", "S13",     "S14",
        "S16", "S17", "S18", "S19", "S20", "S21", "S22", "S23", "S24", "S25",     "S26",
        "S27", "S29", "S30", "S33", "S34", "S36", "S37", "S39", "S40", "S24-late"})
    BOOST_TEST((std::find(names.begin(), names.end(), name) != names.end()), name);
}

BOOST_AUTO_TEST_CASE(files_say_what_the_domain_says,
                     *boost::unit_test::precondition(domain_is_there)) {
  const std::string page = read_file(domain_page());
  std::size_t sums = 0;
  for (const std::string& name : scenario_names()) {
    if (name.find('-') != std::string::npos) continue;  // beside the domain's own
    const Facts own = read_facts(read_script(folder / (name + ".scenario")).facts);
    const Facts block = read_facts(block_of(page, name).value_or(""));
    BOOST_TEST(block.problems.empty(), name << words(block.problems));
    const auto problems = compare_with_block(own.facts, block.facts);
    BOOST_TEST(problems.empty(), name << words(problems));
    for (const auto& sum : block.sums) BOOST_TEST(wrong_in_sum(sum) == "", name);
    sums += block.sums.size();
  }
  BOOST_TEST(sums > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_runner_notices)

BOOST_AUTO_TEST_CASE(an_altered_amount) {
  Script script = script_of("S01");
  script.facts.replace(script.facts.find("DR 240"), 6, "DR 250");
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_posting_that_nobody_expects) {
  Script script = script_of("S01");
  const auto from = script.facts.find("post T2");
  script.facts.erase(from, script.facts.find('\n', from) - from);
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_posting_at_the_end_that_nobody_expects) {
  Script script = script_of("S16");
  script.lines.push_back({"here", {"alice", "loads", "1"}, {}, {}, {}});
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_posting_that_never_came) {
  Script script = script_of("S16");
  script.facts += "post T9 FundsLoaded 1010.Bank:settle DR 1 / 2010.Wallet:alice CR 1\n";
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(another_reason_for_the_same_money) {
  Script script = script_of("S11");
  script.facts.replace(script.facts.find("MaximumFareCharged"), 18, "FareCharged");
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_hold_that_is_another) {
  Script script = script_of("S04");
  script.facts.replace(script.facts.find("Wallet:bob 300"), 14, "Wallet:bob 390");
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_balance_and_what_is_free) {
  for (const auto* figure : {"bal 2010.Wallet:alice CR 4,760", "avail 2010.Wallet:alice 4,610"}) {
    Script script = script_of("S01");
    script.facts.replace(script.facts.find(figure) + std::string(figure).size() - 1, 1, "1");
    BOOST_TEST(!all_problems(script).empty(), figure);
  }
}

BOOST_AUTO_TEST_CASE(a_fare_and_its_surcharge) {
  for (const auto* figure : {"A0 A2 100", "surcharge=40"}) {
    Script script = script_of("S02");
    script.facts.replace(script.facts.find(figure) + std::string(figure).size() - 1, 1, "1");
    BOOST_TEST(!all_problems(script).empty(), figure);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_that_nobody_expects) {
  Script script = script_of("S12");
  for (Line& line : script.lines) line.expected.clear();
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_that_never_came) {
  Script script = script_of("S16");
  script.lines.back().words = {"alice", "pays", "1", "at", "T1"};
  script.lines.back().expected = {"refused", "PIN_LOCKED"};
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(another_order_of_events) {
  Script script = script_of("S01");
  std::swap(script.lines.back().words[1], script.lines.back().words[2]);
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(an_answer_too_many) {
  Script script = script_of("S19");
  for (Line& line : script.lines)
    if (line.words.size() == 10 && line.words[3] == "had") line.words[4] = "3";
  BOOST_TEST(!all_problems(script).empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_differs_from_the_domain) {
  const auto own = read_facts("post T1 FundsLoaded 1010.Bank:settle DR 5 / 2010.Wallet:a CR 5\n");
  const auto other =
      read_facts("post T1 FundsLoaded\n  1010.Bank:settle DR 6\n  2010.Wallet:a CR 6\n");
  BOOST_TEST(compare_with_block(own.facts, own.facts).empty());
  BOOST_TEST(!compare_with_block(own.facts, other.facts).empty());
  BOOST_TEST(!compare_with_block(own.facts, {}).empty());
}

BOOST_AUTO_TEST_CASE(sums_that_do_not_come_out) {
  for (const char* sum : {"S22", "S27", "S34"}) {
    const Facts facts = read_facts(script_of(sum).facts);
    BOOST_REQUIRE(!facts.sums.empty());
    for (auto words : facts.sums) {
      BOOST_TEST(wrong_in_sum(words) == "");
      words.back() += "1";
      BOOST_TEST(wrong_in_sum(words) != "");
    }
  }
  BOOST_TEST(wrong_in_sum({"rate", "1", "2", "half_up", "0"}) != "");
}

BOOST_AUTO_TEST_CASE(a_file_of_other_bytes_and_other_net_positions) {
  Script file = script_of("S25");
  for (Line& line : file.lines)
    if (line.words[0] == "file") line.words[5][0] = '0';
  BOOST_TEST(all_problems(file).size() == 2U);
  Script nets = script_of("S27");
  for (Line& line : nets.lines)
    if (line.words[0] == "net") line.below[0][2] = "1";
  BOOST_TEST(all_problems(nets).size() == 1U);
  Script base = script_of("S34");
  for (Line& line : base.lines)
    if (line.words[0] == "required") line.words[1] = "1";
  BOOST_TEST(!all_problems(base).empty());
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_read) {
  BOOST_TEST(!read_facts("pst T1 X 1 DR 2\n").problems.empty());
  BOOST_TEST(!read_facts("post T1 X 2010.Wallet:a DR x\n").problems.empty());
  Stage stage;
  Script script;
  script.lines.push_back({"here", {"alice", "dances"}, {}, {}, {}});
  BOOST_CHECK_THROW(stage.play(script), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
