// A feed of fares that somebody sent: texts of its files, as one input of "@file.txt" lines.
#include <sstream>

#include "ledger/gtfs/archive.h"
#include "ledger/gtfs/book.h"
#include "ledger/gtfs/sheet.h"
#include "ledger/model/limits.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

using Texts = std::map<std::string, std::string>;

Texts texts_of(Input input) {
  Texts texts;
  std::istringstream in{std::string(text_of(input))};
  std::string file;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('@')) {
      file = line.substr(1);
    } else {
      texts[file] += line + '\n';
    }
  }
  return texts;
}

// The rows of a file the other way round: what a feed says does not hang on their order.
std::string reversed(const std::string& text) {
  std::istringstream in(text);
  std::string header, rows;
  std::getline(in, header);
  for (std::string line; std::getline(in, line);) rows = line + '\n' + rows;
  return header + '\n' + rows;
}

std::vector<gtfs::Ask> asks_of(const gtfs::Places& places) {
  std::vector<std::string> stops, routes{""};
  for (const auto& [id, stop] : places.stops)
    if (stops.size() < 3) stops.push_back(id);
  for (const auto& [id, route] : places.routes)
    if (routes.size() < 3) routes.push_back(id);
  std::vector<gtfs::Ask> asks;
  const auto time = gtfs::local_time("2024-10-07T08:00:00");
  for (const std::string& from : stops)
    for (const std::string& to : stops)
      for (const std::string& route : routes) {
        const gtfs::Leg leg{route, from, to, time, time, {}};
        asks.push_back({{leg}, "", ""});
        asks.push_back({{leg, leg}, "", ""});
      }
  return asks;
}

void hold_answer(const gtfs::Answer& answer, const gtfs::Ask& ask) {
  const auto* price = std::get_if<gtfs::Price>(&answer);
  if (price == nullptr) return;
  const std::int64_t minor = price->amount.minor - (is_broken_as("feed-any-amount") ? 1'000 : 0);
  hold(minor >= 0 && minor <= amount_minor_max * 2, "a price is an amount that can be paid");
  hold(!price->products.empty() && price->products.size() <= ask.legs.size(),
       "a price names what it is the price of");
  hold(!price->rule.empty(), "a price says by which rule");
}

std::string amount_of(const gtfs::Answer& answer) {
  const auto* price = std::get_if<gtfs::Price>(&answer);
  return price == nullptr ? "unknown" : text(price->amount);
}

void hold_book(const gtfs::Book& book, Texts texts) {
  const gtfs::Places* places = book.places();
  if (places == nullptr) return;
  const bool has_line_ends_in_values = book.report.count("line_end_in_value") > 0;
  for (const char* file : {"fare_rules.txt", "fare_leg_rules.txt", "fare_transfer_rules.txt"})
    if (texts.contains(file)) texts[file] = reversed(texts[file]);
  const auto other = gtfs::book_of(texts);
  for (const gtfs::Ask& ask : asks_of(*places)) {
    const gtfs::Answer answer = gtfs::price(book, ask);
    hold_answer(answer, ask);
    if (!other || has_line_ends_in_values) continue;
    hold(amount_of(gtfs::price(*other, ask)) == amount_of(answer),
         "a price does not hang on the order of rules");
  }
  const auto sheet = gtfs::sheet_of(book);
  hold(gtfs::differences(sheet, sheet).empty(), "a feed is like itself");
}

void feed(Input input) {
  const Texts texts = texts_of(input);
  const auto book = gtfs::book_of(texts);
  if (!book) {
    hold(texts.contains(book.error().place.file), "a fault names a file of the feed");
    hold(!book.error().what.empty(), "and what is wrong with it");
    return;
  }
  for (const gtfs::Finding& finding : book->report.findings())
    hold(!finding.kind.empty() && !finding.place.file.empty(), "a finding names its place");
  hold_book(*book, texts);
}

const char* small =
    "@agency.txt\nagency_id,agency_name,agency_url,agency_timezone\nAG,a,b,Asia/Tokyo\n"
    "@stops.txt\nstop_id,stop_name,zone_id,location_type,parent_station\nA,a,ZA,0,\nB,b,ZB,0,S\n"
    "S,s,,1,\n@routes.txt\nroute_id,agency_id,route_type,network_id\nR,AG,1,n\nQ,AG,3,m\n";

std::vector<std::string> feed_seeds() {
  const std::string begin = small;
  return {
      begin +
          "@fare_attributes.txt\nfare_id,price,currency_type,payment_method,transfers,"
          "transfer_duration\nf,150,JPY,0,,60\ng,200,JPY,0,0,\n"
          "@fare_rules.txt\nfare_id,route_id,origin_id,destination_id,contains_id\n"
          "f,R,ZA,ZB,\ng,,ZB,ZA,ZA\ng,,ZB,ZA,ZB\n",
      begin +
          "@areas.txt\narea_id\nx\ny\n@stop_areas.txt\narea_id,stop_id\nx,A\ny,S\n"
          "@fare_media.txt\nfare_media_id,fare_media_type\ncard,2\n"
          "@rider_categories.txt\nrider_category_id,rider_category_name,is_default_fare_category\n"
          "adult,Adult,1\n"
          "@fare_products.txt\nfare_product_id,rider_category_id,fare_media_id,amount,currency\n"
          "p,adult,card,2.40,USD\nq,,,-1.00,USD\n"
          "@timeframes.txt\ntimeframe_group_id,start_time,end_time,service_id\nt,07:00:00,9:00:00,"
          "s\n@calendar.txt\nservice_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
          "start_date,end_date\ns,1,1,1,1,1,0,0,20241001,20241031\n"
          "@fare_leg_rules.txt\nleg_group_id,network_id,from_area_id,to_area_id,fare_product_id,"
          "from_timeframe_group_id,rule_priority\nl,n,x,,p,t,1\nm,,,,p,,\n"
          "@fare_transfer_rules.txt\nfrom_leg_group_id,to_leg_group_id,transfer_count,"
          "duration_limit,duration_limit_type,fare_transfer_type,fare_product_id\nl,l,1,60,1,1,q\n"
          ",m,,,,0,\n@fare_leg_join_rules.txt\nfrom_network_id,to_network_id,from_stop_id,"
          "to_stop_id\nn,n,,\n",
      begin, "@stops.txt\nstop_id\n\"A\n",
      "@fare_rules.txt\n\xEF\xBB\xBF"
      "fare_id\r\nf\r\n"};
}

// Whatever the bytes: an archive is refused, or has files within bounds.
void archive(Input input) {
  const auto file = scratch_file("feed.zip", text_of(input));
  const auto files = gtfs::read_files(file, {"stops.txt", "routes.txt"});
  if (!files) {
    hold(!files.error().what.empty() && !is_broken_as("archive-silent"), "a fault says what it is");
    return;
  }
  for (const auto& [name, bytes] : files->wanted)
    hold(bytes.size() <= gtfs::file_bytes_max, "a file is within its bound");
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part);
  return out;
}

// "stops.txt" with "a\n" in it, stored.
std::vector<std::string> archive_seeds() {
  using namespace std::string_view_literals;
  // Version, flags, method, time, date; the sum; twice the size; how long name and extra are.
  const std::string about = joined({"\x14\0\0\0\0\0\0\0\x21\0"sv, "\x07\xA1\xEA\xDD"sv,
                                    "\x02\0\0\0\x02\0\0\0"sv, "\x09\0\0\0"sv});
  const std::string local = joined({"PK\x03\x04"sv, about, "stops.txt"sv, "a\n"sv});
  const std::string central =
      joined({"PK\x01\x02\x14\0"sv, about, std::string(14, '\0'), "stops.txt"sv});
  const std::string sizes{
      static_cast<char>(central.size()), 0, 0, 0, static_cast<char>(local.size()), 0, 0, 0, 0, 0};
  const std::string end = joined({"PK\x05\x06\0\0\0\0\x01\0\x01\0"sv, sizes});
  return {joined({local, central, end}), local, "PK", ""};
}

}  // namespace

std::vector<Target> gtfs_targets() {
  return {{"feed",
           "a feed is refused by name, or its prices are whole and hang on no order",
           8'192,
           feed,
           feed_seeds,
           {"feed-any-amount"}},
          {"feed_archive",
           "an archive is refused by name, or its files are within bounds",
           4'096,
           archive,
           archive_seeds,
           {"archive-silent"}}};
}

}  // namespace obverse::fuzz
