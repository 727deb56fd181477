#include "ledger/gtfs/sheet.h"

#include <optional>
#include <set>

namespace obverse::gtfs {
namespace {

std::string words(const std::optional<Money>& price) {
  return price ? obverse::text(*price) : "unknown";
}

std::string number(const std::optional<std::int64_t>& value, const char* none) {
  return value ? std::to_string(*value) : none;
}

std::string any(const std::string& id) { return id.empty() ? "any" : id; }

void add(Sheet& sheet, std::string what, const std::string& how) {
  std::string& known = sheet[std::move(what)];
  known = known.empty() ? how : known + "; " + how;
}

Sheet sheet_of(const FaresV1& book) {
  Sheet sheet;
  for (const FareClass& fare : book.fares) {
    const std::string changes =
        number(fare.transfers, "any number of") + " changes" +
        (fare.transfer_seconds ? " within " + std::to_string(*fare.transfer_seconds) + " s" : "");
    const auto rules = book.rules.find(fare.id);
    if (rules == book.rules.end()) add(sheet, "everywhere", words(fare.price) + ", " + changes);
    if (rules == book.rules.end()) continue;
    for (const ZoneRule& rule : rules->second) {
      std::string zones;
      for (const std::string& zone : rule.contains) zones += " " + zone;
      add(sheet,
          "route " + any(rule.route) + ", " + any(rule.origin) + " to " + any(rule.destination) +
              (zones.empty() ? "" : ", passing" + zones),
          words(fare.price) + ", " + changes);
    }
  }
  return sheet;
}

std::string limits(const TransferRule& rule) {
  static constexpr const char* between[] = {"departure to arrival", "departure to departure",
                                            "arrival to departure", "arrival to arrival"};
  static constexpr const char* cost[] = {"first leg and", "both legs and", "instead of them"};
  std::string out = std::string(cost[static_cast<int>(rule.cost)]) + " " +
                    (rule.product.empty() ? "nothing" : rule.product);
  if (rule.count) out += ", " + std::to_string(*rule.count) + " changes";
  if (rule.seconds)
    out += ", within " + std::to_string(*rule.seconds) + " s, " +
           between[static_cast<int>(rule.between)];
  return out;
}

Sheet sheet_of(const FaresV2& book) {
  Sheet sheet;
  for (const auto& [id, variants] : book.products)
    for (const Product& product : variants)
      add(sheet,
          "product " + id + ", medium " + any(product.medium) + ", category " +
              any(product.category),
          words(product.price));
  for (const LegRule& rule : book.leg_rules) {
    std::string what = "network " + any(rule.network) + ", area " + any(rule.from_area) + " to " +
                       any(rule.to_area);
    if (!rule.from_timeframe.empty()) what += ", from in " + rule.from_timeframe;
    if (!rule.to_timeframe.empty()) what += ", to in " + rule.to_timeframe;
    if (rule.transfer_only) what += ", behind a change";
    add(sheet, what,
        rule.product + (book.has_priority ? " (" + std::to_string(rule.priority) + ")" : "") +
            (rule.group.empty() ? "" : " of group " + rule.group));
  }
  for (const TransferRule& rule : book.transfer_rules)
    add(sheet,
        "change " + any(rule.from) + " to " + any(rule.to) +
            (rule.held.empty() ? "" : " with " + rule.held),
        limits(rule));
  return sheet;
}

}  // namespace

Sheet sheet_of(const Book& book) {
  if (const auto* first = std::get_if<FaresV1>(&book.fares)) return sheet_of(*first);
  if (const auto* second = std::get_if<FaresV2>(&book.fares)) return sheet_of(*second);
  return {};
}

Sheet sheet_of(const Matrix& matrix) {
  Sheet sheet;
  for (const auto& [pair, minor] : matrix.adult_minor)
    sheet[pair.first + " to " + pair.second] = obverse::text(Money{minor, matrix.currency});
  return sheet;
}

std::vector<Difference> differences(const Sheet& before, const Sheet& after) {
  std::set<std::string> all;
  for (const auto& [what, how] : before) all.insert(what);
  for (const auto& [what, how] : after) all.insert(what);
  std::vector<Difference> out;
  for (const std::string& what : all) {
    const auto old_one = before.find(what);
    const auto new_one = after.find(what);
    const std::string was = old_one == before.end() ? "" : old_one->second;
    const std::string is = new_one == after.end() ? "" : new_one->second;
    if (was != is) out.push_back({what, was, is});
  }
  return out;
}

}  // namespace obverse::gtfs
