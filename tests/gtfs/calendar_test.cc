#include "ledger/gtfs/calendar.h"

#include <boost/test/unit_test.hpp>

using namespace obverse::gtfs;

namespace {

Calendar calendar(const std::string& weeks, const std::string& dates, Report& report) {
  const Read<Feed> feed =
      feed_of({{"calendar.txt",
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
                "end_date\n" +
                    weeks},
               {"calendar_dates.txt", "service_id,date,exception_type\n" + dates}});
  BOOST_REQUIRE(feed.has_value());
  return calendar_of(*feed, report);
}

std::int64_t day(const char* text) { return day_of(text).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(calendar_suite)

BOOST_AUTO_TEST_CASE(weeks_and_dates) {
  Report report;
  const Calendar all =
      calendar("weekdays,1,1,1,1,1,0,0,20241001,20241031\n",
               "weekdays,20241009,2\nweekdays,20241012,1\nfair,20241013,1\n", report);
  BOOST_TEST(all.runs("weekdays", day("20241001")));
  BOOST_TEST(!all.runs("weekdays", day("20240930")));
  BOOST_TEST(all.runs("weekdays", day("20241031")));
  BOOST_TEST(!all.runs("weekdays", day("20241101")));
  BOOST_TEST(!all.runs("weekdays", day("20241009")));  // taken out
  BOOST_TEST(all.runs("weekdays", day("20241012")));   // put in, a Saturday
  BOOST_TEST(!all.runs("weekdays", day("20241013")));  // a Sunday
  BOOST_TEST(all.runs("fair", day("20241013")));
  BOOST_TEST(!all.runs("fair", day("20241014")));
  BOOST_TEST(!all.runs("none", day("20241014")));
  BOOST_TEST(report.findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_date_never_runs_and_is_named) {
  Report report;
  const Calendar all = calendar("s,1,1,1,1,1,1,1,20240230,20241231\n", "s,20241301,1\n", report);
  BOOST_TEST(!all.runs("s", day("20240301")));
  BOOST_TEST(report.count("unreadable_date") == 2u);
}

BOOST_AUTO_TEST_CASE(times_of_day) {
  BOOST_TEST((second_of("08:00:00") == 28'800));
  BOOST_TEST((second_of("8:00:00") == 28'800));
  BOOST_TEST((second_of("24:00:00") == 86'400));
  for (const char* text : {"", "24:00:01", "08:60:00", "08:00", "a8:00:00", "008:00:00"})
    BOOST_TEST(!second_of(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(moments_with_and_without_an_offset) {
  const LocalTime tokyo = local_time("2025-01-19T00:00:00+09:00").value();
  BOOST_TEST(tokyo.utc() == 1'737'212'400);
  BOOST_TEST(tokyo.second_of_day() == 0);
  BOOST_TEST(tokyo.day() == day("20250119"));
  const LocalTime early = local_time("1969-12-31T23:59:59").value();
  BOOST_TEST(early.day() == -1);
  BOOST_TEST(early.second_of_day() == 86'399);
  BOOST_TEST(local_time("2024-10-07T08:00:00-04:00").value().utc() ==
             local_time("2024-10-07T12:00:00Z").value().utc());
  for (const char* text :
       {"", "2024-10-07", "2024-02-30T08:00:00", "2024-10-07T24:00:00", "2024-10-07T08:00:00+0900",
        "2024-10-07T08:00:00+15:00", "2024-10-07 08:00:00", "2024-10-07T08:00:00+09:00x"})
    BOOST_TEST(!local_time(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
