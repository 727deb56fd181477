#include "ledger/gtfs/sheet.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/version_two.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::plain_rules;
using obverse::gtfs::tests::small_network;
using obverse::gtfs::tests::Texts;
using obverse::gtfs::tests::version_two;

namespace {

Texts version_one(const std::string& attributes, const std::string& rules) {
  Texts texts = small_network();
  texts["fare_attributes.txt"] =
      "fare_id,price,currency_type,payment_method,transfers,transfer_duration\n" + attributes;
  texts["fare_rules.txt"] = "fare_id,route_id,origin_id,destination_id,contains_id\n" + rules;
  return texts;
}

std::vector<Difference> between(const Texts& before, const Texts& after) {
  return differences(sheet_of(book_from(before)), sheet_of(book_from(after)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sheet)

BOOST_AUTO_TEST_CASE(the_order_and_the_names_of_fares_do_not_matter) {
  BOOST_TEST(between(version_one("a,1.00,EUR,0,0,\nb,2.00,EUR,0,0,\n", "a,,ZA,ZB,\nb,,ZB,ZA,\n"),
                     version_one("y,2.0,EUR,0,0,\nx,1,EUR,0,0,\n", "y,,ZB,ZA,\nx,,ZA,ZB,\n"))
                 .empty());
}

BOOST_AUTO_TEST_CASE(what_is_dearer_new_and_gone) {
  const auto found = between(version_one("a,1.00,EUR,0,0,\n", "a,,ZA,ZB,\na,,ZB,ZA,\n"),
                             version_one("a,1.20,EUR,0,,90\n", "a,,ZA,ZB,\na,,ZB,ZC,\n"));
  BOOST_REQUIRE(found.size() == 3u);
  const std::string now = "1.20 EUR, any number of changes within 90 s";
  BOOST_TEST((found[0] == Difference{"route any, ZA to ZB", "1.00 EUR, 0 changes", now}));
  BOOST_TEST((found[1] == Difference{"route any, ZB to ZA", "1.00 EUR, 0 changes", ""}));
  BOOST_TEST((found[2] == Difference{"route any, ZB to ZC", "", now}));
}

BOOST_AUTO_TEST_CASE(products_and_rules_of_version_two) {
  const Texts before =
      version_two("p,,,1.00,EUR\n", plain_rules + "g,metro,in,,p\n", "g,g,1,60,1,0,\n");
  Texts after = version_two("p,,,1.10,EUR\n", plain_rules + "g,metro,out,,p\n", "g,g,2,60,2,1,\n");
  const auto found = between(before, after);
  BOOST_REQUIRE(found.size() == 4u);
  BOOST_TEST(found[0].what == "change g to g");
  BOOST_TEST(found[0].before ==
             "first leg and nothing, 1 changes, within 60 s, departure to departure");
  BOOST_TEST(found[0].after ==
             "both legs and nothing, 2 changes, within 60 s, arrival to departure");
  BOOST_TEST(found[1].what == "network metro, area in to any");
  BOOST_TEST(found[1].after.empty());
  BOOST_TEST(found[2].before.empty());
  BOOST_TEST(found[3].after == "1.10 EUR");
  BOOST_TEST(between(before, before).empty());
}

BOOST_AUTO_TEST_CASE(a_table_of_pairs) {
  Matrix before, after;
  before.adult_minor[{"A", "B"}] = 150;
  after.adult_minor[{"A", "B"}] = 160;
  const auto found = differences(sheet_of(before), sheet_of(after));
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST((found[0] == Difference{"A to B", "150 JPY", "160 JPY"}));
}

BOOST_AUTO_TEST_SUITE_END()
