#include "ledger/gtfs/standard.h"

#include <algorithm>
#include <array>
#include <utility>

namespace obverse::gtfs {
namespace {

using Text = std::string_view;

const std::vector<Text> networks{"routes.txt:network_id", "networks.txt:network_id"};

std::vector<Described> of_the_network() {
  return {
      {"agency.txt",
       {"agency_name", "agency_url", "agency_timezone"},
       {"agency_id", "agency_lang", "agency_phone", "agency_fare_url", "agency_email",
        "cemv_support"},
       {"agency_id"},
       {}},
      {"stops.txt",
       {"stop_id"},
       {"stop_code", "stop_name", "tts_stop_name", "stop_desc", "stop_lat", "stop_lon", "zone_id",
        "stop_url", "location_type", "parent_station", "stop_timezone", "wheelchair_boarding",
        "level_id", "platform_code", "stop_access"},
       {"stop_id"},
       {{"parent_station", {"stops.txt:stop_id"}}}},
      {"routes.txt",
       {"route_id", "route_type"},
       {"agency_id", "route_short_name", "route_long_name", "route_desc", "route_url",
        "route_color", "route_text_color", "route_sort_order", "continuous_pickup",
        "continuous_drop_off", "network_id", "cemv_support", "jp_parent_route_id"},
       {"route_id"},
       {{"agency_id", {"agency.txt:agency_id"}}}},
      {"calendar.txt",
       {"service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "start_date", "end_date"},
       {},
       {"service_id"},
       {}},
      {"calendar_dates.txt",
       {"service_id", "date", "exception_type"},
       {},
       {"service_id", "date"},
       {}},
      {"feed_info.txt",
       {"feed_publisher_name", "feed_publisher_url", "feed_lang"},
       {"default_lang", "feed_start_date", "feed_end_date", "feed_version", "feed_contact_email",
        "feed_contact_url", "feed_id"},
       {},
       {}},
  };
}

std::vector<Described> of_version_one() {
  return {
      {"fare_attributes.txt",
       {"fare_id", "price", "currency_type", "payment_method"},
       {"transfers", "agency_id", "transfer_duration"},
       {"fare_id"},
       {{"agency_id", {"agency.txt:agency_id"}}}},
      {"fare_rules.txt",
       {"fare_id"},
       {"route_id", "origin_id", "destination_id", "contains_id"},
       {"fare_id", "route_id", "origin_id", "destination_id", "contains_id"},
       {{"fare_id", {"fare_attributes.txt:fare_id"}},
        {"route_id", {"routes.txt:route_id"}},
        {"origin_id", {"stops.txt:zone_id"}},
        {"destination_id", {"stops.txt:zone_id"}},
        {"contains_id", {"stops.txt:zone_id"}}}},
  };
}

std::vector<Described> of_version_two() {
  return {
      {"areas.txt", {"area_id"}, {"area_name"}, {"area_id"}, {}},
      {"stop_areas.txt",
       {"area_id", "stop_id"},
       {},
       {"area_id", "stop_id"},
       {{"area_id", {"areas.txt:area_id"}}, {"stop_id", {"stops.txt:stop_id"}}}},
      {"networks.txt", {"network_id"}, {"network_name"}, {"network_id"}, {}},
      {"route_networks.txt",
       {"network_id", "route_id"},
       {},
       {"route_id"},
       {{"network_id", {"networks.txt:network_id"}}, {"route_id", {"routes.txt:route_id"}}}},
      {"timeframes.txt",
       {"timeframe_group_id", "service_id"},
       {"start_time", "end_time"},
       {"timeframe_group_id", "start_time", "end_time", "service_id"},
       {{"service_id", {"calendar.txt:service_id", "calendar_dates.txt:service_id"}}}},
      {"rider_categories.txt",
       {"rider_category_id", "rider_category_name"},
       {"is_default_fare_category", "eligibility_url"},
       {"rider_category_id"},
       {}},
      {"fare_media.txt",
       {"fare_media_id", "fare_media_type"},
       {"fare_media_name"},
       {"fare_media_id"},
       {}},
      {"fare_products.txt",
       {"fare_product_id", "amount", "currency"},
       {"fare_product_name", "rider_category_id", "fare_media_id"},
       {"fare_product_id", "rider_category_id", "fare_media_id"},
       {{"rider_category_id", {"rider_categories.txt:rider_category_id"}},
        {"fare_media_id", {"fare_media.txt:fare_media_id"}}}},
  };
}

std::vector<Described> of_version_two_rules() {
  return {
      {"fare_leg_rules.txt",
       {"fare_product_id"},
       {"leg_group_id", "network_id", "from_area_id", "to_area_id", "from_timeframe_group_id",
        "to_timeframe_group_id", "rule_priority"},
       {"network_id", "from_area_id", "to_area_id", "from_timeframe_group_id",
        "to_timeframe_group_id", "fare_product_id", "transfer_only"},
       {{"network_id", networks},
        {"from_area_id", {"areas.txt:area_id"}},
        {"to_area_id", {"areas.txt:area_id"}},
        {"from_timeframe_group_id", {"timeframes.txt:timeframe_group_id"}},
        {"to_timeframe_group_id", {"timeframes.txt:timeframe_group_id"}},
        {"fare_product_id", {"fare_products.txt:fare_product_id"}}}},
      {"fare_leg_join_rules.txt",
       {"from_network_id", "to_network_id"},
       {"from_stop_id", "to_stop_id"},
       {"from_network_id", "to_network_id", "from_stop_id", "to_stop_id"},
       {{"from_network_id", networks},
        {"to_network_id", networks},
        {"from_stop_id", {"stops.txt:stop_id"}},
        {"to_stop_id", {"stops.txt:stop_id"}}}},
      {"fare_transfer_rules.txt",
       {"fare_transfer_type"},
       {"from_leg_group_id", "to_leg_group_id", "transfer_count", "duration_limit",
        "duration_limit_type", "fare_product_id"},
       {"from_leg_group_id", "to_leg_group_id", "fare_product_id", "transfer_count",
        "duration_limit", "filter_fare_product_id"},
       {{"from_leg_group_id", {"fare_leg_rules.txt:leg_group_id"}},
        {"to_leg_group_id", {"fare_leg_rules.txt:leg_group_id"}},
        {"fare_product_id", {"fare_products.txt:fare_product_id"}},
        {"filter_fare_product_id", {"fare_products.txt:fare_product_id"}}}},
  };
}

}  // namespace

const std::vector<Described>& described_files() {
  static const std::vector<Described> files = [] {
    std::vector<Described> all;
    for (auto part : {of_the_network(), of_version_one(), of_version_two(), of_version_two_rules()})
      for (Described& each : part) all.push_back(std::move(each));
    return all;
  }();
  return files;
}

std::set<std::string> described_names() {
  std::set<std::string> names;
  for (const Described& each : described_files()) names.emplace(each.file);
  return names;
}

bool is_other_file_of_the_standard(Text file) {
  constexpr std::array<Text, 18> names{
      "trips.txt",           "stop_times.txt",   "shapes.txt",        "frequencies.txt",
      "transfers.txt",       "pathways.txt",     "levels.txt",        "locations.geojson",
      "location_groups.txt", "translations.txt", "booking_rules.txt", "location_group_stops.txt",
      "attributions.txt",    "agency_jp.txt",    "office_jp.txt",     "pattern_jp.txt",
      "routes_jp.txt",       "stops_jp.txt"};
  return std::ranges::find(names, file) != names.end();
}

bool is_understood_extension(Text file, Text column) {
  constexpr std::array<std::pair<Text, Text>, 2> known{
      {{"fare_leg_rules.txt", "transfer_only"},
       {"fare_transfer_rules.txt", "filter_fare_product_id"}}};
  return std::ranges::find(known, std::pair(file, column)) != known.end();
}

}  // namespace obverse::gtfs
