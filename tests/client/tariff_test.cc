// `obverse tariff import`, `check`, `diff`, `price` as a transit planner types them, on feeds of
// our own, on the tariff that ships, and on every published fare where the tables are at hand.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/client/shell.h"

using namespace obverse;
namespace fs = std::filesystem;

namespace {

const std::string osaka = "ops/tariffs/osaka-metro.json";

shell::Said typed(const std::string& command) {
  std::vector<std::string> words{"tariff"};
  std::istringstream in(command);
  for (std::string word; in >> word;) words.push_back(word);
  return shell::run(words);
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

// Two stations and fares of version one between them.
void write_feed(const fs::path& folder, const std::string& price) {
  fs::create_directories(folder);
  write(folder / "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone\nAG,a,b,Europe/Berlin\n");
  write(folder / "stops.txt", "stop_id,stop_name,zone_id\nA1,Aster,A\nB1,Birch,B\n");
  write(folder / "routes.txt", "route_id,agency_id,route_type\nR,AG,1\n");
  write(folder / "fare_attributes.txt",
        "fare_id,price,currency_type,payment_method,transfers\nf," + price + ",EUR,1,0\n");
  write(folder / "fare_rules.txt", "fare_id,origin_id,destination_id\nf,A,B\n");
}

fs::path shared(const std::string& name) {
  const char* folder = std::getenv("OBVERSE_SHARED");
  return fs::path(folder == nullptr ? "../shared" : folder) / "data" / "gtfs" / name;
}

boost::test_tools::assertion_result has_osaka(boost::unit_test::test_unit_id) {
  const bool there = fs::exists(shared("osaka_metro/expected_fares.csv"));
  if (!there) std::cout << "skipped: fares of osaka_metro, no data/gtfs/osaka_metro\n";
  return there;
}

const std::string at = " --at 2025-10-01T08:30:00+09:00";

}  // namespace

BOOST_AUTO_TEST_SUITE(tariff_tools)

BOOST_AUTO_TEST_CASE(a_ride_by_the_tariff_that_ships) {
  const auto said = typed("price M16 C09 --file " + osaka + at);
  BOOST_TEST((said.ended == Ended::done));
  BOOST_TEST(said.json["outcome"] == "priced");
  BOOST_TEST(said.json["amount"]["minor"] == 430);
  BOOST_TEST(typed("price M16 C09 --category child --file " + osaka + at).json["amount"]["text"] ==
             "220 JPY");
  BOOST_TEST(typed("price M16 M16 --arrive 2025-10-01T08:45:00+09:00 --file " + osaka + at)
                 .json["amount"]["minor"] == 0);
  BOOST_TEST(typed("price M16 M16 --arrive 2025-10-01T08:45:01+09:00 --file " + osaka + at)
                 .json["amount"]["minor"] == 190);
}

BOOST_AUTO_TEST_CASE(what_the_tariff_does_not_say_is_unknown) {
  const auto reason = [](const std::string& command) {
    const auto said = typed(command);
    BOOST_TEST((said.ended == Ended::refused));
    BOOST_TEST(said.json["outcome"] == "unknown");
    BOOST_TEST(!said.json.contains("amount"));
    BOOST_TEST(!said.json["way_out"].get<std::string>().empty());
    return said.json["reason"].get<std::string>();
  };
  BOOST_TEST(reason("price M16 X9 --file " + osaka + at) == "UNKNOWN_STOP");
  BOOST_TEST(reason("price M16 C09 --category senior --file " + osaka + at) == "UNKNOWN_CATEGORY");
  BOOST_TEST(reason("price M16 M16 --file " + osaka + at) == "FACT_MISSING");
  BOOST_TEST(reason("price M16 C09 --file " + osaka + " --at 2025-01-18T23:59:59+09:00") ==
             "NOT_IN_FORCE");
}

BOOST_AUTO_TEST_CASE(every_fare_of_osaka, *boost::unit_test::precondition(has_osaka)) {
  std::ifstream in(shared("osaka_metro/expected_fares.csv"));
  std::string line;
  std::getline(in, line);
  int rows = 0;
  for (; std::getline(in, line); ++rows) {
    std::vector<std::string> cells;
    std::istringstream words(line);
    for (std::string word; std::getline(words, word, ',');) cells.push_back(word);
    const auto said = typed("price " + cells[0] + " " + cells[1] + " --file " + osaka + at);
    BOOST_TEST(said.json["amount"]["minor"] == std::stoi(cells[4]), line);
  }
  BOOST_TEST(rows == 67);
}

BOOST_AUTO_TEST_CASE(a_feed_becomes_a_table_that_is_priced_alike) {
  const house::Folder folder;
  write_feed(folder / "feed", "2.50");
  const std::string feed = (folder / "feed").string();
  const std::string table = (folder / "table.json").string();
  const auto imported = typed("import " + feed + " --format json --write " + table);
  BOOST_TEST((imported.ended == Ended::done));
  BOOST_TEST(imported.json["kind"] == "GTFS Fares V1");
  BOOST_TEST(imported.json["tariff"]["pairs"] == 1);
  BOOST_TEST(imported.json["report"]["errors"] == 0);
  for (const std::string& source : {"--feed " + feed, "--file " + table, "--file " + feed}) {
    const auto said = typed("price A1 B1 " + source + at);
    BOOST_TEST(said.json["amount"]["text"] == "2.50 EUR", source);
    BOOST_TEST(typed("price B1 A1 " + source + at).json["reason"] == "NO_RULE", source);
    BOOST_TEST(
        typed("price A1 B1 --category child " + source + at).json["reason"] == "UNKNOWN_CATEGORY",
        source);
    BOOST_TEST(typed("price A1 B1 --category adult " + source + at).json["outcome"] == "priced");
  }
  // A name instead of an id: the ids of that name.
  BOOST_TEST(
      typed("price Aster B1 --feed " + feed + at).json["cause"].get<std::string>().find("A1") !=
      std::string::npos);
  // A further ride.
  BOOST_TEST(typed("price A1 B1 --feed " + feed + at + " --then A1,B1,2025-10-01T09:00:00+09:00")
                 .json["rule"] == "separate");
}

BOOST_AUTO_TEST_CASE(a_feed_that_is_no_table_says_why) {
  const house::Folder folder;
  write_feed(folder / "feed", "2.50");
  write(folder / "feed" / "fare_rules.txt", "fare_id,origin_id\nf,A\n");
  const std::string feed = (folder / "feed").string();
  const auto said = typed("import " + feed + " --write " + (folder / "table.json").string());
  BOOST_TEST((said.ended == Ended::refused));
  BOOST_TEST(said.json["tariff"]["because"].get<std::string>().find("fare_rules.txt line 2") !=
             std::string::npos);
  BOOST_TEST(!fs::exists(folder / "table.json"));
  BOOST_TEST((typed("import " + feed).ended == Ended::done));
}

BOOST_AUTO_TEST_CASE(a_check_names_what_is_wrong) {
  const house::Folder folder;
  BOOST_TEST(typed("check " + osaka).json["outcome"] == "sound");
  write_feed(folder / "feed", "2.505");
  const auto feed = typed("check " + (folder / "feed").string());
  BOOST_TEST((feed.ended == Ended::refused));
  BOOST_TEST(feed.json["report"]["findings"][0]["file"] == "fare_attributes.txt");
  BOOST_TEST(feed.json["report"]["findings"][0]["line"] == 2);
  BOOST_TEST(feed.json["report"]["findings"][0]["column"] == "price");

  // The ledger's own rules: what the server would refuse.
  std::ifstream in(osaka);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string sound = "\"adult\": 240, \"child\": 120";
  text.replace(text.find(sound), sound.size(), "\"adult\": 120, \"child\": 240");
  write(folder / "wrong.json", text);
  const auto file = typed("check " + (folder / "wrong.json").string());
  BOOST_TEST((file.ended == Ended::refused));
  BOOST_TEST(!file.json["cause"].get<std::string>().empty());
  BOOST_TEST((typed("price M16 C09 --file " + (folder / "wrong.json").string() + at).ended ==
              Ended::refused));
}

BOOST_AUTO_TEST_CASE(a_diff_names_what_changes) {
  const house::Folder folder;
  write_feed(folder / "old", "2.50");
  write_feed(folder / "new", "2.60");
  const std::string both = (folder / "old").string() + " " + (folder / "new").string();
  const auto said = typed("diff " + both);
  BOOST_TEST((said.ended == Ended::done));
  BOOST_TEST(said.json["outcome"] == "different");
  BOOST_TEST(said.json["differences"][0]["before"].get<std::string>().starts_with("2.50 EUR"));
  BOOST_TEST(typed("diff " + osaka + " " + osaka).json["outcome"] == "same");

  std::ifstream in(osaka);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string old_fare = "\"adult\": 390, \"child\": 200";
  text.replace(text.find(old_fare), old_fare.size(), "\"adult\": 400, \"child\": 200");
  write(folder / "dearer.json", text);
  const auto dearer = typed("diff " + osaka + " " + (folder / "dearer.json").string());
  BOOST_TEST(dearer.json["number"].get<int>() > 0);
  // A child's fare changes only where it is half of a sum with a surcharge: to and from C09.
  for (const auto& each : dearer.json["differences"]) {
    const auto what = each["what"].get<std::string>();
    BOOST_TEST((what.ends_with("adult") || what.find("C09") != std::string::npos), what);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_told_the_right_one) {
  BOOST_TEST(typed("price M16 C09" + at).error.find("--feed") != std::string::npos);
  BOOST_TEST(typed("price M16 C09 --file " + osaka + " --at now").error.find("2025-10-01") !=
             std::string::npos);
  BOOST_TEST((typed("import ops/none.zip").ended == Ended::usage));
  BOOST_TEST(typed("import ops/none.zip").error.find("is not there") != std::string::npos);
  BOOST_TEST(typed("price M16 C09 --file " + osaka + at + " --then M16,C09")
                 .error.find("FROM,TO,DEPART") != std::string::npos);
  BOOST_TEST((typed("price M16 C09 --medium card --file " + osaka + at).ended == Ended::usage));
}

BOOST_AUTO_TEST_SUITE_END()
