// A small feed of GTFS-Fares V2: a metro and buses, three areas, and products that a test names.
#pragma once

#include "tests/gtfs/small_feed.h"

namespace obverse::gtfs::tests {

// Routes M (metro), B and B2 (bus), X (of no network). A is in area "in", B in "out", C in "far",
// D in none.
inline Texts version_two(const std::string& products, const std::string& leg_rules,
                         const std::string& transfer_rules = "") {
  Texts texts = small_network();
  texts["routes.txt"] =
      "route_id,agency_id,route_type,network_id\nM,AG,1,metro\nB,AG,3,bus\nB2,AG,3,bus\nX,AG,3,\n";
  texts["areas.txt"] = "area_id\nin\nout\nfar\n";
  texts["stop_areas.txt"] = "area_id,stop_id\nin,A\nout,B\nfar,C\n";
  texts["fare_products.txt"] =
      "fare_product_id,fare_media_id,rider_category_id,amount,currency\n" + products;
  texts["fare_leg_rules.txt"] = leg_rules;
  if (!transfer_rules.empty())
    texts["fare_transfer_rules.txt"] =
        "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
        "fare_transfer_type,fare_product_id\n" +
        transfer_rules;
  return texts;
}

// leg_group_id, network_id, from_area_id, to_area_id, product
inline const std::string plain_rules =
    "leg_group_id,network_id,from_area_id,to_area_id,"
    "fare_product_id\n";

}  // namespace obverse::gtfs::tests
