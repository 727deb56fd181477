#include "ledger/gtfs/places.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/small_feed.h"

using namespace obverse::gtfs;

namespace {

Places places() {
  const Read<Feed> feed =
      feed_of({{"agency.txt", "agency_id,agency_timezone\nAG,Asia/Tokyo\n"},
               {"stops.txt",
                "stop_id,stop_name,zone_id,location_type,parent_station\n"
                "S,Station,ignored,1,\nS1,Station,Z1,0,S\nS2,Station,Z1,0,S\n"
                "T,Terminus,,1,\nT1,Terminus,Z2,0,T\nT2,Terminus,Z3,0,T\nN,Nowhere,,0,\n"},
               {"routes.txt", "route_id,agency_id,network_id\nR1,AG,own\nR2,AG,\n"},
               {"route_networks.txt", "network_id,route_id\nnet,R2\nnet,R9\n"},
               {"stop_areas.txt", "area_id,stop_id\ncity,S\nplatform,S2\nx,none\n"}});
  BOOST_REQUIRE(feed.has_value());
  return places_of(*feed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(places_suite)

BOOST_AUTO_TEST_CASE(a_station_has_the_zone_of_its_platforms_where_they_agree) {
  const Places all = places();
  BOOST_TEST((all.zone_of("S1") == "Z1"));
  BOOST_TEST((all.zone_of("S") == "Z1"));
  BOOST_TEST(!all.zone_of("T").has_value());
  BOOST_TEST(!all.zone_of("N").has_value());
  BOOST_TEST(!all.zone_of("none").has_value());
}

BOOST_AUTO_TEST_CASE(a_platform_is_in_its_stations_areas_unless_it_has_its_own) {
  const Places all = places();
  BOOST_TEST((all.stop("S")->areas == std::set<std::string>{"city"}));
  BOOST_TEST((all.stop("S1")->areas == std::set<std::string>{"city"}));
  BOOST_TEST((all.stop("S2")->areas == std::set<std::string>{"platform"}));
  BOOST_TEST(all.stop("T1")->areas.empty());
}

BOOST_AUTO_TEST_CASE(a_route_has_a_network_of_its_own_or_by_the_list) {
  const Places all = places();
  BOOST_TEST(all.route("R1")->network == "own");
  BOOST_TEST(all.route("R2")->network == "net");
  BOOST_TEST((all.route("R9") == nullptr));
  BOOST_TEST(all.timezone == "Asia/Tokyo");
  BOOST_TEST(all.station_of("S2") == "S");
  BOOST_TEST(all.station_of("N") == "N");
  BOOST_TEST(all.named("Terminus").size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
