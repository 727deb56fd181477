// Every fare that lies beside the feeds of real operators, as the feeds say it: amounts, products
// and rules, and that what they do not price is unknown.
#include <boost/test/unit_test.hpp>

#include "tests/gtfs/shared_feeds.h"

using namespace obverse;
using namespace obverse::gtfs;
using obverse::gtfs::tests::is_there;
using obverse::gtfs::tests::shared_feed;
using obverse::gtfs::tests::shared_table;

namespace {

boost::test_tools::assertion_result has_utsunomiya(boost::unit_test::test_unit_id) {
  return is_there("utsunomiya_lrt");
}
boost::test_tools::assertion_result has_hyderabad(boost::unit_test::test_unit_id) {
  return is_there("hyderabad_metro");
}
boost::test_tools::assertion_result has_mbta(boost::unit_test::test_unit_id) {
  return is_there("mbta_fall2024");
}

Book shared_book(const std::string& name) {
  Read<Book> book = read_book(shared_feed(name));
  BOOST_REQUIRE_MESSAGE(book.has_value(), (book ? "" : text(book.error())));
  return *book;
}

// "150 JPY" in minor units, or the reason why it is not known.
std::string words(const Answer& answer) {
  if (const auto* unknown = std::get_if<Unknown>(&answer))
    return std::string(name(unknown->why)) + " " + unknown->about;
  const Price& price = std::get<Price>(answer);
  std::string out = std::to_string(price.amount.minor) + " " +
                    std::string(alphabetic(price.amount.currency)) + " ";
  for (std::size_t i = 0; i < price.products.size(); ++i)
    out += (i == 0 ? "" : "+") + price.products[i];
  return out + " " + price.rule;
}

// V1: one leg a row.
std::size_t hold_to_pairs(const std::string& feed) {
  const Book book = shared_book(feed);
  const Table table = shared_table(shared_feed(feed) / "expected_fares.csv");
  std::size_t unknown = 0;
  for (const Row& row : table.rows) {
    const std::string& from = table.at(row, "origin_stop_id");
    const std::string& to = table.at(row, "destination_stop_id");
    const Answer answer =
        price(book, {{{table.at(row, "route_id"), from, to, {}, {}, {}}}, "", ""});
    if (table.at(row, "expect") == "no_fare") {
      ++unknown;
      BOOST_TEST(std::holds_alternative<Unknown>(answer), from << " to " << to << words(answer));
      continue;
    }
    const std::string expected = table.at(row, "expect_minor_units") + " " +
                                 table.at(row, "currency") + " " + table.at(row, "expect_fare_id") +
                                 " single";
    BOOST_TEST(words(answer) == expected, from << " to " << to << ": " << words(answer));
  }
  BOOST_TEST(table.rows.size() == 60u);
  return unknown;
}

LocalTime on_a_monday(const std::string& clock) {
  const auto time = local_time("2024-10-07T" + clock + "-04:00");
  BOOST_REQUIRE(time.has_value());
  return *time;
}

Ask asked(const Table& table, const Row& row) {
  Ask ask;
  ask.medium = table.at(row, "fare_media_id");
  for (const std::string leg : {"leg1_", "leg2_"}) {
    if (table.at(row, leg + "from").empty()) continue;
    ask.legs.push_back({table.at(row, leg + "route"),
                        table.at(row, leg + "from"),
                        table.at(row, leg + "to"),
                        on_a_monday(table.at(row, leg + "depart")),
                        on_a_monday(table.at(row, leg + "arrive")),
                        {}});
  }
  return ask;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expected)

BOOST_AUTO_TEST_CASE(utsunomiya, *boost::unit_test::precondition(has_utsunomiya)) {
  BOOST_TEST(hold_to_pairs("utsunomiya_lrt") == 7u);
}

BOOST_AUTO_TEST_CASE(hyderabad, *boost::unit_test::precondition(has_hyderabad)) {
  BOOST_TEST(hold_to_pairs("hyderabad_metro") == 4u);
}

BOOST_AUTO_TEST_CASE(mbta, *boost::unit_test::precondition(has_mbta)) {
  const Book book = shared_book("mbta_fall2024");
  const Table table = shared_table(shared_feed("mbta_fall2024") / "expected_fares.csv");
  for (const Row& row : table.rows) {
    const Answer answer = price(book, asked(table, row));
    const std::string what = table.at(row, "case") + " with " + table.at(row, "fare_media_id");
    const std::string& rule = table.at(row, "rule");
    if (rule == "no_fare_with_this_medium") {
      const auto* unknown = std::get_if<Unknown>(&answer);
      BOOST_TEST((unknown != nullptr && unknown->why == Why::not_with_medium),
                 what << ": " << words(answer));
      continue;
    }
    const std::string expected = table.at(row, "expect_minor_units") + " " +
                                 table.at(row, "currency") + " " +
                                 table.at(row, "expect_products") + " " + rule;
    BOOST_TEST(words(answer) == expected, what << ": " << words(answer));
  }
  BOOST_TEST(table.rows.size() == 42u);
}

// What the README beside the feeds says of them, found again by reading them.
BOOST_AUTO_TEST_CASE(what_mbta_contradicts, *boost::unit_test::precondition(has_mbta)) {
  const Book book = shared_book("mbta_fall2024");
  BOOST_TEST(book.kind == "GTFS Fares V2");
  BOOST_TEST(book.report.count("extension") == 2u);
  BOOST_TEST(book.report.count("rule_never_matches") > 0u);
  const auto& findings = book.report.findings();
  BOOST_TEST(std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.kind == "dangling_reference" &&
           finding.what.find("timeframe_systemwide_free") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(what_hyderabad_lacks, *boost::unit_test::precondition(has_hyderabad)) {
  const Book book = shared_book("hyderabad_metro");
  std::vector<std::string> zones;
  for (const Finding& finding : book.report.findings())
    if (finding.kind == "zone_without_fare") zones.push_back(finding.what.substr(5, 5));
  BOOST_TEST(zones == (std::vector<std::string>{"JBS h", "MGB_G"}));
}

BOOST_AUTO_TEST_CASE(what_utsunomiya_lacks, *boost::unit_test::precondition(has_utsunomiya)) {
  const Book book = shared_book("utsunomiya_lrt");
  BOOST_TEST(book.kind == "GTFS-JP");
  BOOST_TEST(book.report.count("space_around_value") > 0u);
  BOOST_TEST(book.report.count("jp_agency_id") == 1u);
  BOOST_TEST(book.report.count("jp_missing_file") == 1u);  // stop_times.txt
}

BOOST_AUTO_TEST_SUITE_END()
