// A station-to-station table as a file: written and read again, it is the same; what is wrong in
// one is named.
#include "ledger/client/commands/matrix_file.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ledger/client/commands/settings.h"
#include "tests/server/house.h"

using namespace obverse;

namespace {

gtfs::Matrix made() {
  gtfs::Matrix matrix;
  matrix.currency = Currency::inr;
  matrix.stations = {"A", "B"};
  matrix.station_of_stop = {{"A", "A"}, {"B", "B"}, {"A1", "A"}};
  matrix.adult_minor = {{{"A", "B"}, 1200}, {{"B", "B"}, 0}};
  return matrix;
}

std::string wrong(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
  try {
    read_matrix(file);
  } catch (const CommandFailed& failure) {
    return failure.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matrix_file)

BOOST_AUTO_TEST_CASE(written_and_read_again) {
  const house::Folder folder;
  std::ofstream(folder / "m.json") << to_json(made()).dump();
  BOOST_TEST(is_matrix_file(folder / "m.json"));
  BOOST_TEST((read_matrix(folder / "m.json") == made()));
  BOOST_TEST(!is_matrix_file("ops/tariffs/osaka-metro.json"));
  BOOST_TEST(!is_matrix_file(folder / "none.json"));
}

BOOST_AUTO_TEST_CASE(a_pair_that_is_not_there_is_unknown_and_0_is_a_fare) {
  const auto said = [](const char* from, const char* to) {
    return price(made(), gtfs::Leg{"", from, to, {}, {}, {}}, "");
  };
  BOOST_TEST((std::get<gtfs::Price>(said("A1", "B")).amount == Money{1200, Currency::inr}));
  BOOST_TEST((std::get<gtfs::Price>(said("B", "B")).amount.minor == 0));
  BOOST_TEST((std::get<gtfs::Unknown>(said("B", "A")).why == gtfs::Why::no_rule));
  BOOST_TEST((std::get<gtfs::Unknown>(said("X", "A")).why == gtfs::Why::unknown_stop));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  const house::Folder folder;
  const auto file = folder / "m.json";
  const auto names = [&](const std::string& text, const char* word) {
    return wrong(file, text).find(word) != std::string::npos;
  };
  const std::string begin =
      R"({"form":"station-to-station","currency":"JPY","stations":["A","B"],)";
  BOOST_TEST(wrong(file, begin + R"("fares":[["A","B",150]]})").empty());
  BOOST_TEST(names("{", "JSON"));
  BOOST_TEST(names(R"({"currency":"yen"})", "currency"));
  BOOST_TEST(names(R"({"currency":"JPY"})", "stations"));
  BOOST_TEST(names(R"({"currency":"JPY","stations":["a b"]})", "1 to 32 characters"));
  BOOST_TEST(names(begin + R"("fares":{}})", "fares"));
  BOOST_TEST(names(begin + R"("fares":[["A","C",150]]})", "of its stations"));
  BOOST_TEST(names(begin + R"("fares":[["A","B",1.5]]})", "whole minor units"));
  BOOST_TEST(names(begin + R"("fares":[["A","B",-1]]})", "whole minor units"));
  BOOST_TEST(names(begin + R"("fares":[["A","B",1],["A","B",2]]})", "second time"));
  BOOST_TEST(names(begin + R"("fares":[],"stops":{"A1":"C"}})", "A1"));
}

BOOST_AUTO_TEST_SUITE_END()
