#include "ledger/gtfs/journey_v2.h"

#include <algorithm>
#include <compare>
#include <limits>
#include <map>

#include "ledger/model/limits.h"

namespace obverse::gtfs {
namespace {

// What a further change may depend on.
struct Situation {
  std::size_t choice = 0;     // of the last leg
  bool in_chain = false;      // the last leg was reached by a change that a rule is for
  std::string run;            // the group within which changes follow each other; empty: none
  std::size_t run_first = 0;  // the first leg of that run
  std::int64_t run_count = 0;
  friend auto operator<=>(const Situation&, const Situation&) = default;
};

struct Way {
  std::int64_t minor = 0;
  std::vector<std::string> products;
  std::vector<std::string> changes;
};

using Ways = std::map<Situation, Way>;

enum class Holds { no, unsaid, yes };

class Walk {
 public:
  Walk(const FaresV2& book, const std::vector<Leg>& legs, std::string medium, std::string category)
      : book_(book),
        legs_(legs),
        joined_(joined_legs(book, legs)),
        medium_(std::move(medium)),
        category_(std::move(category)) {}

  Answer price() {
    for (const JoinedLeg& leg : joined_) {
      Choices found = choices(book_, legs_, leg, medium_, category_);
      if (found.why) return *found.why;
      choices_.push_back(std::move(found.all));
    }
    for (const auto& of_leg : choices_)
      for (const Choice& choice : of_leg)
        if (choice.price.currency != currency()) return Unknown{Why::currencies_differ, ""};
    begin();
    for (std::size_t leg = 1; leg < joined_.size() && !trouble_; ++leg) step(leg);
    if (trouble_) return *trouble_;
    return cheapest();
  }

 private:
  Currency currency() const { return choices_.front().front().price.currency; }

  void begin() {
    for (std::size_t i = 0; i < choices_[0].size(); ++i) {
      const Choice& choice = choices_[0][i];
      ways_[Situation{i, false, "", 0, 0}] = {choice.price.minor, {choice.rule->product}, {}};
    }
  }

  void step(std::size_t leg) {
    Ways next;
    for (const auto& [situation, way] : ways_)
      for (std::size_t i = 0; i < choices_[leg].size(); ++i) change(situation, way, leg, i, next);
    ways_ = std::move(next);
  }

  static void keep(Ways& ways, const Situation& situation, Way way) {
    const auto [known, is_new] = ways.try_emplace(situation, way);
    if (!is_new && way.minor < known->second.minor) known->second = std::move(way);
  }

  void change(const Situation& before, const Way& way, std::size_t leg, std::size_t index,
              Ways& next) {
    const Choice& from = choices_[leg - 1][before.choice];
    const Choice& to = choices_[leg][index];
    const std::vector<const TransferRule*> rules = rules_for(before, from, to, leg);
    bool changed = false;
    for (const TransferRule* rule : rules) {
      const auto fee = fee_of(*rule);
      if (!fee) continue;
      changed = true;
      Situation after{index, true, "", 0, 0};
      if (rule->from == rule->to && !rule->from.empty())
        after = {index, true, rule->from, first_of(before, *rule, leg), count_of(before, *rule)};
      Way longer = with_product(way, to);
      longer.minor += *fee;
      if (rule->cost == Cost::both_and_change) longer.minor += to.price.minor;
      // The first leg's own price is in there only where this is the first change.
      if (rule->cost == Cost::change && !before.in_chain) longer.minor -= from.price.minor;
      longer.changes.push_back("transfer:" + from.rule->group + ">" + to.rule->group);
      keep(next, after, std::move(longer));
    }
    if (changed || trouble_ || to.rule->transfer_only) return;
    Way longer = with_product(way, to);
    longer.minor += to.price.minor;
    longer.changes.emplace_back("separate");
    keep(next, {index, false, "", 0, 0}, std::move(longer));
  }

  static Way with_product(const Way& way, const Choice& to) {
    Way longer = way;
    longer.products.push_back(to.rule->product);
    return longer;
  }

  // Rules for the change that are within their limits; of the same two groups, the one with the
  // smallest count that is enough.
  std::vector<const TransferRule*> rules_for(const Situation& before, const Choice& from,
                                             const Choice& to, std::size_t leg) {
    std::vector<const TransferRule*> out;
    for (const TransferRule& rule : book_.transfer_rules) {
      if (!groups_hold(rule, from, to)) continue;
      if (!rule.held.empty() && rule.held != from.rule->product) continue;
      if (!rule.whole) {
        trouble_ = Unknown{Why::feed_contradicts, line_of(rule)};
        return {};
      }
      if (rule.count && count_of(before, rule) > *rule.count) continue;
      const Holds in_time = in_limit(rule, first_of(before, rule, leg), leg);
      if (in_time == Holds::unsaid) {
        trouble_ = Unknown{Why::fact_missing, "the times that " + line_of(rule) + " asks for"};
        return {};
      }
      if (in_time == Holds::yes) out.push_back(&rule);
    }
    const auto most = std::numeric_limits<std::int64_t>::max();
    std::int64_t least = most;
    for (const TransferRule* rule : out) least = std::min(least, rule->count.value_or(most));
    std::erase_if(out,
                  [&](const TransferRule* rule) { return rule->count.value_or(most) > least; });
    return out;
  }

  bool groups_hold(const TransferRule& rule, const Choice& from, const Choice& to) const {
    const auto holds = [](const std::string& field, const std::string& group,
                          const std::set<std::string>& listed) {
      return field.empty() ? !listed.contains(group) : field == group;
    };
    if (from.rule->group.empty() || to.rule->group.empty()) return false;
    return holds(rule.from, from.rule->group, book_.from_groups) &&
           holds(rule.to, to.rule->group, book_.to_groups);
  }

  static bool goes_on(const Situation& before, const TransferRule& rule) {
    return rule.from == rule.to && !rule.from.empty() && before.run == rule.from;
  }
  static std::int64_t count_of(const Situation& before, const TransferRule& rule) {
    return goes_on(before, rule) ? before.run_count + 1 : 1;
  }
  static std::size_t first_of(const Situation& before, const TransferRule& rule, std::size_t leg) {
    return goes_on(before, rule) ? before.run_first : leg - 1;
  }

  // A limit is inclusive.
  Holds in_limit(const TransferRule& rule, std::size_t first, std::size_t last) const {
    if (!rule.seconds) return Holds::yes;
    const Leg& entered = legs_[joined_[first].first];
    const Leg& left = legs_[joined_[first].last];
    const Leg& entered_last = legs_[joined_[last].first];
    const Leg& left_last = legs_[joined_[last].last];
    const bool from_departure =
        rule.between == Between::depart_arrive || rule.between == Between::depart_depart;
    const bool to_arrival =
        rule.between == Between::depart_arrive || rule.between == Between::arrive_arrive;
    const auto& from = from_departure ? entered.depart : left.arrive;
    const auto& to = to_arrival ? left_last.arrive : entered_last.depart;
    if (!from || !to) return Holds::unsaid;
    return to->utc() - from->utc() <= *rule.seconds ? Holds::yes : Holds::no;
  }

  // What the change itself costs; nothing where it cannot be had with this medium and category.
  std::optional<std::int64_t> fee_of(const TransferRule& rule) {
    if (rule.product.empty()) return 0;
    const Offers found = offers(book_, rule.product, medium_, category_);
    if (found.why == Why::feed_contradicts) trouble_ = Unknown{found.why, line_of(rule)};
    std::optional<std::int64_t> least;
    for (const Product* product : found.all) {
      if (!product->price || product->price->currency != currency()) {
        trouble_ = Unknown{product->price ? Why::currencies_differ : Why::amount_unreadable,
                           "fare_products.txt line " + std::to_string(product->line)};
        return std::nullopt;
      }
      least = std::min(least.value_or(product->price->minor), product->price->minor);
    }
    return least;
  }

  static std::string line_of(const TransferRule& rule) {
    return "fare_transfer_rules.txt line " + std::to_string(rule.line);
  }

  Answer cheapest() const {
    const Way* best = nullptr;
    for (const auto& [situation, way] : ways_)
      if (best == nullptr || way.minor < best->minor) best = &way;
    if (best == nullptr) return Unknown{Why::no_rule, "fares that count behind a change only"};
    if (best->minor < 0 || best->minor > amount_minor_max)
      return Unknown{Why::feed_contradicts, "the sum is no fare"};
    std::string rule;
    for (const std::string& change : best->changes) rule += (rule.empty() ? "" : ";") + change;
    return Price{
        {best->minor, currency()}, best->products, medium_, rule.empty() ? "single" : rule};
  }

  const FaresV2& book_;
  const std::vector<Leg>& legs_;
  std::vector<JoinedLeg> joined_;
  std::string medium_;
  std::string category_;
  std::vector<std::vector<Choice>> choices_;
  Ways ways_;
  std::optional<Unknown> trouble_;
};

}  // namespace

Answer price_with(const FaresV2& book, const std::vector<Leg>& legs, const std::string& medium,
                  const std::string& category) {
  return Walk(book, legs, medium, category).price();
}

}  // namespace obverse::gtfs
