// Feeds of our own making, a few lines each, that a test changes where it needs to.
#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "ledger/gtfs/book.h"

namespace obverse::gtfs::tests {

using Texts = std::map<std::string, std::string>;

// Four stops in a row, one zone each; two lines; one agency.
inline Texts small_network() {
  return {{"agency.txt",
           "agency_id,agency_name,agency_url,agency_timezone\n"
           "AG,Agency,https://example.org/,Europe/Berlin\n"},
          {"stops.txt",
           "stop_id,stop_name,zone_id,location_type,parent_station\n"
           "A,Aster,ZA,0,\nB,Birch,ZB,0,\nC,Cedar,ZC,0,\nD,Dill,ZD,0,\n"},
          {"routes.txt", "route_id,agency_id,route_type\nR1,AG,3\nR2,AG,3\n"}};
}

inline Book book_from(const Texts& texts) {
  Read<Book> book = book_of(texts);
  BOOST_REQUIRE_MESSAGE(book.has_value(), (book ? "" : text(book.error())));
  return *book;
}

// A leg on Monday, 7 October 2024; times are of the clock, empty where they are not said.
inline Leg leg(const std::string& route, const std::string& from, const std::string& to,
               const std::string& depart = "", const std::string& arrive = "") {
  Leg out{route, from, to, {}, {}, {}};
  if (!depart.empty()) out.depart = local_time("2024-10-07T" + depart);
  if (!arrive.empty()) out.arrive = local_time("2024-10-07T" + arrive);
  return out;
}

// "150 f1", or the name of the reason.
inline std::string said(const Answer& answer) {
  if (const auto* unknown = std::get_if<Unknown>(&answer)) return std::string(name(unknown->why));
  const Price& price = std::get<Price>(answer);
  std::string out = std::to_string(price.amount.minor);
  for (const std::string& product : price.products) out += " " + product;
  return out;
}

inline std::string said(const Texts& texts, const Ask& ask) {
  return said(price(book_from(texts), ask));
}

inline std::size_t found(const Texts& texts, const std::string& kind) {
  return book_from(texts).report.count(kind);
}

}  // namespace obverse::gtfs::tests
