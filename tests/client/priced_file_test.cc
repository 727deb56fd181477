// The tariff that ships, by the ledger's own rules: its sheet is whole and its prices are those of
// gates.
#include "ledger/client/commands/priced_file.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(priced_file)

BOOST_AUTO_TEST_CASE(a_sheet_has_every_pair_for_both_categories) {
  const PricedFile file("ops/tariffs/osaka-metro.json");
  BOOST_TEST(!file.refused().has_value());
  const std::size_t stations = file.tariff().stations.size();
  const auto sheet = file.sheet();
  BOOST_TEST(sheet.size() == stations * (stations - 1) + 6);
  BOOST_TEST(sheet.at("M11 - C09, adult") == "480 JPY");
  BOOST_TEST(sheet.at("maximum, child") == "240 JPY");
}

BOOST_AUTO_TEST_CASE(a_price_is_in_the_tariffs_currency_and_names_it) {
  const PricedFile file("ops/tariffs/osaka-metro.json");
  gtfs::Leg leg{"", "M11", "M22", gtfs::local_time("2025-10-01T08:00:00+09:00"), {}, {}};
  const auto answer = file.price(leg, "");
  BOOST_TEST((answer ==
              gtfs::Answer(gtfs::Price{{290, Currency::jpy}, {"OSAKA-METRO-2025"}, "", "single"})));
}

BOOST_AUTO_TEST_SUITE_END()
