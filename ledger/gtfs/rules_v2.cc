#include "ledger/gtfs/rules_v2.h"

#include <algorithm>

#include "ledger/gtfs/amount.h"

namespace obverse::gtfs {
namespace {

void add_products(const Feed& feed, FaresV2& out, Report& report) {
  const Table& table = feed.table("fare_products.txt");
  for (const Row& row : table.rows) {
    Product product{table.at(row, "fare_product_id"), table.at(row, "rider_category_id"),
                    table.at(row, "fare_media_id"), std::nullopt, row.line};
    const std::string& letters = table.at(row, "currency");
    if (const auto currency = currency_of(letters)) {
      const std::string& words = table.at(row, "amount");
      const Amount amount = amount_of(words, *currency);
      if (!amount.odd.empty())
        report.add(amount.minor ? Weight::warning : Weight::error, "odd_amount",
                   {table.file, row.line, "amount"}, amount.odd);
      if (amount.minor) product.price = Money{*amount.minor, *currency};
    } else {
      report.add(Weight::error, "unknown_currency", {table.file, row.line, "currency"},
                 "\"" + letters + "\" is no currency that this build knows: the price is unknown");
    }
    out.products[product.id].push_back(std::move(product));
  }
}

void add_leg_rules(const Feed& feed, FaresV2& out, Report& report) {
  const Table& table = feed.table("fare_leg_rules.txt");
  out.has_priority = table.column("rule_priority").has_value();
  for (const Row& row : table.rows) {
    LegRule rule{table.at(row, "leg_group_id"),
                 table.at(row, "network_id"),
                 table.at(row, "from_area_id"),
                 table.at(row, "to_area_id"),
                 table.at(row, "from_timeframe_group_id"),
                 table.at(row, "to_timeframe_group_id"),
                 table.at(row, "fare_product_id"),
                 0,
                 table.at(row, "transfer_only") == "1",
                 row.line};
    const std::string& priority = table.at(row, "rule_priority");
    if (const auto number = whole_number(priority); number && *number >= 0) {
      rule.priority = *number;
    } else if (!priority.empty()) {
      report.add(Weight::error, "odd_number", {table.file, row.line, "rule_priority"},
                 "\"" + priority + "\" is no whole number from 0: it counts as 0");
    }
    const auto list = [](std::set<std::string>& listed, const std::string& id) {
      if (!id.empty()) listed.insert(id);
    };
    list(out.networks, rule.network);
    list(out.from_areas, rule.from_area);
    list(out.to_areas, rule.to_area);
    out.leg_rules.push_back(std::move(rule));
  }
}

// One of the values 0, 1, ... up to `most`.
std::optional<int> choice(const std::string& words, int most) {
  const auto number = whole_number(words);
  if (!number || *number < 0 || *number > most) return std::nullopt;
  return static_cast<int>(*number);
}

// What the rule says about how often and how long; a text that says nothing leaves it not whole.
void read_limits(const Table& table, const Row& row, TransferRule& rule, Report& report) {
  const auto wrong = [&](const char* column, const std::string& what) {
    report.add(Weight::error, "transfer_rule_not_whole", {table.file, row.line, column},
               what + ": a change it is for has no known price");
    rule.whole = false;
  };
  const std::string& count = table.at(row, "transfer_count");
  const bool same_group = rule.from == rule.to && !rule.from.empty();
  if (!count.empty()) {
    const auto number = whole_number(count);
    if (!number || *number == 0 || *number < -1) {
      wrong("transfer_count", "\"" + count + "\" is neither -1 nor 1 or more");
    } else if (!same_group) {
      report.add(Weight::warning, "transfer_count_forbidden",
                 {table.file, row.line, "transfer_count"},
                 "is forbidden between two groups; it is not used");
    } else if (*number > 0) {
      rule.count = number;
    }
  } else if (same_group) {
    wrong("transfer_count", "is required within one group and empty");
  }
  const std::string& seconds = table.at(row, "duration_limit");
  const std::string& type = table.at(row, "duration_limit_type");
  if (seconds.empty()) return;
  rule.seconds = whole_number(seconds);
  if (!rule.seconds || *rule.seconds <= 0)
    wrong("duration_limit", "\"" + seconds + "\" is no number of seconds");
  if (const auto between = choice(type, 3)) {
    rule.between = static_cast<Between>(*between);
  } else {
    wrong("duration_limit_type", "\"" + type + "\" is none of 0, 1, 2, 3");
  }
}

void add_transfer_rules(const Feed& feed, FaresV2& out, Report& report) {
  const Table& table = feed.table("fare_transfer_rules.txt");
  for (const Row& row : table.rows) {
    TransferRule rule;
    rule.from = table.at(row, "from_leg_group_id");
    rule.to = table.at(row, "to_leg_group_id");
    rule.product = table.at(row, "fare_product_id");
    rule.held = table.at(row, "filter_fare_product_id");
    rule.line = row.line;
    const std::string& type = table.at(row, "fare_transfer_type");
    if (const auto cost = choice(type, 2)) {
      rule.cost = static_cast<Cost>(*cost);
    } else {
      report.add(Weight::error, "transfer_rule_not_whole",
                 {table.file, row.line, "fare_transfer_type"},
                 "\"" + type + "\" is none of 0, 1, 2: a change it is for has no known price");
      rule.whole = false;
    }
    read_limits(table, row, rule, report);
    if (!rule.from.empty()) out.from_groups.insert(rule.from);
    if (!rule.to.empty()) out.to_groups.insert(rule.to);
    out.transfer_rules.push_back(std::move(rule));
  }
}

void add_timeframes(const Feed& feed, FaresV2& out, Report& report) {
  const Table& table = feed.table("timeframes.txt");
  for (const Row& row : table.rows) {
    const std::string& start = table.at(row, "start_time");
    const std::string& end = table.at(row, "end_time");
    const auto from = second_of(start.empty() ? "00:00:00" : start);
    const auto to = second_of(end.empty() ? "24:00:00" : end);
    if (!from || !to) {
      report.add(Weight::error, "unreadable_time", {table.file, row.line, "start_time, end_time"},
                 "is no time from 00:00:00 to 24:00:00: the timeframe never is");
      continue;
    }
    if (start.empty() != end.empty())
      report.add(Weight::warning, "half_a_timeframe", {table.file, row.line, ""},
                 "has one of start_time and end_time; both are required, or none");
    if (*from >= *to)
      report.add(Weight::warning, "empty_timeframe", {table.file, row.line, ""},
                 "ends before it begins: it never is");
    out.timeframes[table.at(row, "timeframe_group_id")].push_back(
        {*from, *to, table.at(row, "service_id")});
  }
}

void add_small_tables(const Feed& feed, FaresV2& out) {
  const Table& joins = feed.table("fare_leg_join_rules.txt");
  for (const Row& row : joins.rows)
    out.join_rules.push_back({joins.at(row, "from_network_id"), joins.at(row, "to_network_id"),
                              joins.at(row, "from_stop_id"), joins.at(row, "to_stop_id")});
  const Table& categories = feed.table("rider_categories.txt");
  for (const Row& row : categories.rows)
    out.categories[categories.at(row, "rider_category_id")] =
        categories.at(row, "is_default_fare_category") == "1";
  const Table& media = feed.table("fare_media.txt");
  for (const Row& row : media.rows) out.media.push_back(media.at(row, "fare_media_id"));
}

}  // namespace

bool FaresV2::in_timeframe(const std::string& group, const LocalTime& time) const {
  const auto found = timeframes.find(group);
  if (found == timeframes.end()) return false;
  return std::ranges::any_of(found->second, [&](const Timeframe& frame) {
    const std::int64_t second = time.second_of_day();
    return second >= frame.start && second < frame.end && calendar.runs(frame.service, time.day());
  });
}

bool has_fares_v2(const Feed& feed) {
  return feed.has("fare_leg_rules.txt") || feed.has("fare_products.txt");
}

FaresV2 fares_v2_of(const Feed& feed, Report& report) {
  FaresV2 out;
  out.places = places_of(feed);
  out.calendar = calendar_of(feed, report);
  add_products(feed, out, report);
  add_leg_rules(feed, out, report);
  add_transfer_rules(feed, out, report);
  add_timeframes(feed, out, report);
  add_small_tables(feed, out);
  return out;
}

Report check(const FaresV2& book) {
  Report report;
  for (const LegRule& rule : book.leg_rules)
    for (const std::string& group : {rule.from_timeframe, rule.to_timeframe})
      if (!group.empty() && !book.timeframes.contains(group))
        report.add(Weight::warning, "rule_never_matches", {"fare_leg_rules.txt", rule.line, ""},
                   "timeframe " + group + " is nowhere: the rule never matches");
  std::set<std::string> used;
  for (const LegRule& rule : book.leg_rules) used.insert(rule.product);
  for (const TransferRule& rule : book.transfer_rules) used.insert(rule.product);
  for (const auto& [id, variants] : book.products) {
    if (!used.contains(id))
      report.add(Weight::note, "product_without_rule",
                 {"fare_products.txt", variants.front().line, ""},
                 "product " + id + " is used by no rule");
    const auto is_default = [&](const Product& product) {
      const auto category = book.categories.find(product.category);
      return product.category.empty() || (category != book.categories.end() && category->second);
    };
    if (std::ranges::none_of(variants, is_default))
      report.add(Weight::warning, "product_without_default_category",
                 {"fare_products.txt", variants.front().line, ""},
                 "product " + id + " is for no default category");
  }
  std::set<std::string> with_platforms_in_areas;
  for (const auto& [id, stop] : book.places.stops)
    if (!stop.areas.empty()) with_platforms_in_areas.insert(stop.parent);
  for (const auto& [id, stop] : book.places.stops)
    if (stop.station && stop.areas.empty() && with_platforms_in_areas.contains(id))
      report.add(Weight::note, "station_without_area", {"stop_areas.txt", 0, ""},
                 "station " + id + " is in no area while platforms of it are: ask by platform");
  return report;
}

}  // namespace obverse::gtfs
