#include "ledger/gtfs/report.h"

#include <boost/test/unit_test.hpp>

using namespace obverse::gtfs;

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_finding_says_where_and_what) {
  const Finding finding{Weight::error, "k", {"a.txt", 7, "c"}, "is wrong"};
  BOOST_TEST(text(finding) == "a.txt line 7, c: is wrong");
  BOOST_TEST(text(Fault{{"a.txt", 0, ""}, "is gone"}) == "a.txt: is gone");
  BOOST_TEST(name(Weight::warning) == "warning");
}

BOOST_AUTO_TEST_CASE(of_each_kind_so_many_are_kept_and_all_are_counted) {
  Report report;
  for (std::size_t i = 0; i < findings_of_kind_max + 5; ++i)
    report.add(Weight::error, "many", {"a.txt", i, ""}, "");
  report.add(Weight::note, "one", {}, "");
  BOOST_TEST(report.findings().size() == findings_of_kind_max + 1);
  BOOST_TEST(report.count("many") == findings_of_kind_max + 5);
  BOOST_TEST(report.count(Weight::error) == findings_of_kind_max + 5);
  BOOST_TEST(report.count(Weight::warning) == 0u);

  Report both;
  both.add(Weight::note, "one", {}, "");
  both.add(report);
  BOOST_TEST(both.count("many") == findings_of_kind_max + 5);
  BOOST_TEST(both.count("one") == 2u);
  BOOST_TEST(both.count(Weight::note) == 2u);
  BOOST_TEST(both.findings().size() == findings_of_kind_max + 2);
}

BOOST_AUTO_TEST_SUITE_END()
