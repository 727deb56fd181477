#include "ledger/gtfs/checks.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/small_feed.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::small_network;
using obverse::gtfs::tests::Texts;

namespace {

Texts with_fares() {
  Texts texts = small_network();
  texts["fare_attributes.txt"] =
      "fare_id,price,currency_type,payment_method,transfers\nf1,2.00,EUR,0,0\n";
  texts["fare_rules.txt"] = "fare_id,route_id,origin_id,destination_id\nf1,R1,ZA,ZB\n";
  return texts;
}

Report checked(const Texts& texts) {
  const Read<Feed> feed = feed_of(texts);
  BOOST_REQUIRE(feed.has_value());
  Report report = check_against_standard(*feed);
  if (is_japanese(*feed)) report.add(check_against_japanese_standard(*feed));
  return report;
}

Texts changed(Texts texts, const std::string& file, const std::string& from,
              const std::string& to) {
  std::string& text = texts.at(file);
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
  text.replace(at, from.size(), to);
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(a_good_feed_has_no_findings) {
  BOOST_TEST(checked(with_fares()).findings().empty());
}

BOOST_AUTO_TEST_CASE(each_kind_of_wrong_is_found_once) {
  const Texts good = with_fares();
  const auto count = [&](const char* file, const char* from, const char* to, const char* kind) {
    return checked(changed(good, file, from, to)).count(kind);
  };
  BOOST_TEST(count("fare_rules.txt", "f1,", "f9,", "dangling_reference") == 1u);
  BOOST_TEST(count("fare_rules.txt", "R1", "R9", "dangling_reference") == 1u);
  BOOST_TEST(count("fare_rules.txt", "ZA", "ZX", "dangling_reference") == 1u);
  BOOST_TEST(count("fare_attributes.txt", "f1,2", ",2", "missing_value") == 1u);
  BOOST_TEST(count("fare_attributes.txt", "price", "cost", "missing_column") == 1u);
  BOOST_TEST(count("fare_attributes.txt", "price", "cost", "unknown_column") == 1u);
  BOOST_TEST(count("stops.txt", "B,Birch", "A,Birch", "duplicate_row") == 1u);
  BOOST_TEST(count("stops.txt", "ZB,0,\n", "ZB,0,nowhere\n", "dangling_reference") == 1u);
}

BOOST_AUTO_TEST_CASE(missing_and_unknown_files) {
  Texts texts = with_fares();
  texts.erase("agency.txt");
  texts["fares_of_ours.txt"] = "a\n";
  texts["README.md"] = "a\n";
  const Report report = checked(texts);
  BOOST_TEST(report.count("missing_file") == 1u);
  BOOST_TEST(report.count("unknown_file") == 1u);
}

BOOST_AUTO_TEST_CASE(gtfs_jp_asks_for_more) {
  Texts texts = changed(with_fares(), "agency.txt", "Europe/Berlin", "Asia/Tokyo");
  Report report = checked(texts);
  BOOST_TEST(report.count("jp_agency_id") == 1u);
  BOOST_TEST(report.count("jp_missing_file") == 5u);  // trips, stop_times, feed_info, ...
  texts = changed(texts, "agency.txt", "AG,", "1060001027696,");
  texts = changed(texts, "stops.txt", "B,Birch,ZB", "B,Birch,ZA");
  texts = changed(texts, "stops.txt", "C,Cedar,ZC", "C,Cedar,");
  for (const char* file : {"trips.txt", "stop_times.txt", "translations.txt"}) texts[file] = "a\n";
  texts["feed_info.txt"] = "feed_publisher_name,feed_publisher_url,feed_lang\nx,y,ja\n";
  texts["calendar.txt"] =
      "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n";
  report = checked(texts);
  BOOST_TEST(report.count("jp_agency_id") == 0u);
  BOOST_TEST(report.count("jp_missing_file") == 0u);
  BOOST_TEST(report.count("jp_zone_of_many_stops") == 1u);
  BOOST_TEST(report.count("jp_stop_without_zone") == 1u);
  BOOST_TEST(report.count("jp_timezone") == 0u);

  texts = with_fares();
  texts["office_jp.txt"] = "a\n";
  BOOST_TEST(checked(texts).count("jp_timezone") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
