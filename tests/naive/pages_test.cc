// Every `fare`, `pass` and `recog` line of the domain's scenarios, every published Osaka fare, and
// the Fukuoka cap, by the naive calculator; and that it shares nothing with the rules.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/naive/book.h"
#include "tests/naive/world.h"

using namespace obverse::naive;
using namespace obverse::naive::tests;

namespace {

using boost::unit_test::test_unit_id;

boost::test_tools::assertion_result has_page(test_unit_id) {
  return is_there("domain/scenarios.md");
}
boost::test_tools::assertion_result has_osaka(test_unit_id) {
  return is_there("data/gtfs/osaka_metro/expected_fares.csv");
}
boost::test_tools::assertion_result has_fukuoka(test_unit_id) {
  return is_there("data/gtfs/caps/fukuoka_expected.csv");
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> split(const std::string& line, char between) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string word; std::getline(in, word, between);)
    if (between != ' ' || !word.empty()) out.push_back(word);
  return out;
}

std::int64_t number(const std::string& word) { return std::stoll(word); }

// True where the line was one of ours, and held.
bool hold(const Version& version, const std::string& line) {
  const std::vector<std::string> words = split(line.substr(0, line.find('#')), ' ');
  if (words.size() >= 5 && words[0] == "fare") {
    const Fare fare = fare_of(version, words[1], words[2], words[3]);
    BOOST_TEST(fare.total == number(words[4]), line);
    if (words.size() > 5) BOOST_TEST(fare.surcharge == number(words[5].substr(10)), line);
    return true;
  }
  if (words.size() == 6 && words[0] == "pass") {
    const Pass pass{words[1], words[2], 0, 1};
    const Fare fare = fare_with_pass(version, "adult", pass, words[3], words[4]);
    BOOST_TEST(fare.total == number(words[5]), line);
    return true;
  }
  if (words.size() == 5 && words[0] == "recog") {
    BOOST_TEST(recognised(number(words[1]), number(words[2]), number(words[3])) == number(words[4]),
               line);
    return true;
  }
  return false;
}

Version osaka() {
  const auto folder = shared_file("data/gtfs/osaka_metro");
  std::vector<Edge> edges;
  const auto stations = lines_of(folder / "stations.csv");
  for (std::size_t i = 2; i < stations.size(); ++i) {
    const auto before = split(stations[i - 1], ',');
    const auto now = split(stations[i], ',');
    if (before[0] == now[0])
      edges.push_back({before[1], now[1], 100 * (number(now[3]) - number(before[3])), 0});
  }
  const auto changes = lines_of(folder / "transfers.csv");
  for (std::size_t i = 1; i < changes.size(); ++i)
    edges.push_back({split(changes[i], ',')[0], split(changes[i], ',')[1], 0, 0});
  const auto extra = split(lines_of(folder / "surcharge.csv").at(1), ',');
  for (Edge& edge : edges)
    if ((edge.a == extra[0] && edge.b == extra[1]) || (edge.b == extra[0] && edge.a == extra[1]))
      edge.surcharge = number(extra[2]);
  Version version;
  version.network = Network(edges);
  const auto sections = lines_of(folder / "tariff.csv");
  for (std::size_t i = 1; i < sections.size(); ++i) {
    const auto words = split(sections[i], ',');
    Section section{{}, number(words[3]), number(words[4])};
    if (!words[2].empty()) section.metres_max = 100 * number(words[2]);
    version.sections.push_back(section);
  }
  return version;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(every_fare_of_the_scenarios, *boost::unit_test::precondition(has_page)) {
  const Version version = omt_1();
  int held = 0;
  bool in_block = false;
  for (const std::string& line : lines_of(shared_file("domain/scenarios.md"))) {
    if (line.starts_with("```")) in_block = line == "```ledger";
    held += in_block && hold(version, line) ? 1 : 0;
  }
  BOOST_TEST(held >= 34);
}

BOOST_AUTO_TEST_CASE(every_fare_of_osaka, *boost::unit_test::precondition(has_osaka)) {
  const Version version = osaka();
  const auto rows = lines_of(shared_file("data/gtfs/osaka_metro/expected_fares.csv"));
  BOOST_TEST(rows.size() == 68u);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto words = split(rows[i], ',');
    BOOST_TEST(version.network.between(words[0], words[1]).metres == 100 * number(words[2]),
               rows[i]);
    BOOST_TEST(adult_fare(version, words[0], words[1]).total == number(words[4]), rows[i]);
  }
}

BOOST_AUTO_TEST_CASE(the_cap_of_fukuoka, *boost::unit_test::precondition(has_fukuoka)) {
  NaiveTariff tariff;
  tariff.versions["OM"].push_back({});
  tariff.versions["OM"].back().caps = {{Period::day, {640, 320}}};
  std::vector<Journey> rides;
  std::int64_t before = 0, total = 0;
  const auto rows = lines_of(shared_file("data/gtfs/caps/fukuoka_expected.csv"));
  BOOST_REQUIRE(rows.size() == 4u);
  // The table begins with the second ride of the day: 210 and 300, or any two amounts, came to it.
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto words = split(rows[i], ',');
    Version version = tariff.versions["OM"].front();
    version.effective_from = clock(8 + static_cast<int>(i), 0);
    version.flat = Amounts{number(words[3]) - before, 0};
    tariff.versions["OM"].push_back(version);
    before = number(words[3]);
    rides.push_back(ride("A", version.effective_from, "B", version.effective_from + 60'000));
    total = 0;
    for (const Charge& charge : price_all(rides, tariff)) total += charge.charged;
    BOOST_TEST(total == number(words[4]), rows[i]);
  }
}

// A second opinion that asks the first one is none.
BOOST_AUTO_TEST_CASE(it_includes_nothing_of_the_rules) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/naive")) {
    ++files;
    for (const std::string& line : lines_of(entry.path())) {
      const bool foreign = line.starts_with("#include \"") &&
                           !line.starts_with("#include \"tests/naive/") &&
                           !line.starts_with("#include \"ledger/model/");
      BOOST_TEST(!foreign, entry.path().string() << ": " << line);
    }
  }
  BOOST_TEST(files >= 8);
}

BOOST_AUTO_TEST_SUITE_END()
