#include "ledger/gtfs/matrix.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/small_feed.h"

using namespace obverse;
using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::small_network;
using obverse::gtfs::tests::Texts;

namespace {

Texts feed_with(const std::string& attributes, const std::string& rules) {
  Texts texts = small_network();
  texts["fare_attributes.txt"] =
      "fare_id,price,currency_type,payment_method,transfers\n" + attributes;
  texts["fare_rules.txt"] = "fare_id,route_id,origin_id,destination_id,contains_id\n" + rules;
  return texts;
}

Read<Matrix> matrix(const std::string& attributes, const std::string& rules) {
  const Book book = book_from(feed_with(attributes, rules));
  return matrix_of(std::get<FaresV1>(book.fares));
}

std::string fault(const std::string& attributes, const std::string& rules) {
  const auto out = matrix(attributes, rules);
  return out ? "" : text(out.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matrix_suite)

BOOST_AUTO_TEST_CASE(pairs_with_their_cheapest_fare) {
  const auto out = matrix("f,2.00,EUR,0,0\ng,1.50,EUR,0,0\n", "f,,ZA,ZB,\ng,,ZA,ZB,\nf,,ZB,ZA,\n");
  BOOST_REQUIRE(out.has_value());
  BOOST_TEST((out->currency == Currency::eur));
  BOOST_TEST(out->stations == (std::vector<std::string>{"ZA", "ZB"}));
  BOOST_TEST(out->adult_minor.at({"ZA", "ZB"}) == 150);
  BOOST_TEST(out->adult_minor.at({"ZB", "ZA"}) == 200);
  BOOST_TEST(out->adult_minor.size() == 2u);
  BOOST_TEST(out->station_of_stop.at("A") == "ZA");
  BOOST_TEST(out->names.at("ZA") == std::vector<std::string>{"Aster"});
}

BOOST_AUTO_TEST_CASE(what_is_no_table_is_named_with_its_line) {
  BOOST_TEST(fault("f,2,EUR,0,0\n", "f,,ZA,,\n").starts_with("fare_rules.txt line 2"));
  BOOST_TEST(fault("f,2,EUR,0,0\n", "f,,ZA,ZB,ZC\n").find("zones are passed") != std::string::npos);
  BOOST_TEST(fault("f,2,EUR,0,0\n", "f,R1,ZA,ZB,\n").find("which route") != std::string::npos);
  BOOST_TEST(fault("f,?,EUR,0,0\n", "f,,ZA,ZB,\n").find("is unknown") != std::string::npos);
  BOOST_TEST(fault("f,2,EUR,0,0\ng,2,EUR,0,0\n", "f,,ZA,ZB,\n").find("no rule") !=
             std::string::npos);
  BOOST_TEST(fault("f,2,EUR,0,0\ng,2,USD,0,0\n", "f,,ZA,ZB,\ng,,ZB,ZA,\n").find("second") !=
             std::string::npos);
  BOOST_TEST(fault("f,2,EUR,0,0\n", "f,,Z A,ZB,\n").find("no station code") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
