// Reading facts, and comparing them with what happened and with the domain's own blocks.
#include "tests/scenarios/facts.h"

#include <algorithm>
#include <sstream>

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view line) {
  std::istringstream in{std::string(line.substr(0, line.find('#')))};
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::optional<Leg> read_leg(const Words& words) {
  if (words.size() != 3 && words.size() != 4) return {};
  if (words[1] != "DR" && words[1] != "CR") return {};
  const std::int64_t minor = read_amount(words[2]);
  if (minor < 0) return {};
  return Leg{words[0], words[1] == "DR", minor, words.size() == 4 ? words[3] : "JPY"};
}

bool read_post(Fact& fact, const Words& words) {
  if (words.size() < 3) return false;
  fact.kind = Fact::Kind::post;
  fact.id = words[1];
  fact.reason = words[2];
  Words leg;
  for (std::size_t i = 3; i <= words.size(); ++i) {
    if (i < words.size() && words[i] != "/") {
      leg.push_back(words[i]);
      continue;
    }
    if (leg.empty()) continue;
    const auto read = read_leg(leg);
    if (!read) return false;
    fact.legs.push_back(*read);
    leg.clear();
  }
  return true;
}

bool read_figure(Fact& fact, const Words& words) {
  const bool is_balance = words[0] == "bal";
  if (words.size() < (is_balance ? 4u : 3u)) return false;
  fact.kind = is_balance ? Fact::Kind::bal : Fact::Kind::avail;
  fact.account = words[1];
  fact.debit = is_balance && words[2] == "DR";
  fact.amount = read_amount(words[is_balance ? 3 : 2]);
  return fact.amount >= 0;
}

bool read_hold(Fact& fact, const Words& words) {
  fact.kind = words[0] == "hold" ? Fact::Kind::hold : Fact::Kind::unhold;
  if (words.size() != (fact.kind == Fact::Kind::hold ? 4u : 2u)) return false;
  fact.id = words[1];
  if (fact.kind == Fact::Kind::unhold) return true;
  fact.account = words[2];
  fact.amount = read_amount(words[3]);
  return fact.amount >= 0;
}

bool read_fare(Fact& fact, const Words& words) {
  if (words.size() != 5 && words.size() != 6) return false;
  fact.kind = Fact::Kind::fare;
  fact.category = words[1];
  fact.from = words[2];
  fact.to = words[3];
  fact.amount = read_amount(words[4]);
  if (words.size() == 6) {
    if (!words[5].starts_with("surcharge=")) return false;
    fact.surcharge = read_amount(words[5].substr(10));
  }
  return fact.amount >= 0;
}

bool read_fact(Fact& fact, const Words& words) {
  if (words[0] == "post") return read_post(fact, words);
  if (words[0] == "hold" || words[0] == "unhold") return read_hold(fact, words);
  if (words[0] == "bal" || words[0] == "avail") return read_figure(fact, words);
  if (words[0] == "fare") return read_fare(fact, words);
  fact.kind = Fact::Kind::tb;
  return words[0] == "tb" && words.size() == 1;
}

std::string amount_text(std::int64_t amount) {
  std::string digits = std::to_string(amount < 0 ? -amount : amount);
  for (auto at = static_cast<std::int64_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return (amount < 0 ? "-" : "") + digits;
}

std::vector<Leg> sorted(std::vector<Leg> legs) {
  std::ranges::sort(legs);
  return legs;
}

// Walks the expected facts along what was seen.
class Comparison {
 public:
  Comparison(const Course& course, const FareOf& fare_of) : course_(course), fare_of_(fare_of) {}

  void expect(const Fact& fact) {
    switch (fact.kind) {
      case Fact::Kind::post:
      case Fact::Kind::hold:
      case Fact::Kind::unhold:
        return happened(fact);
      case Fact::Kind::bal:
        return figure(fact, picture().balances, fact.debit ? 1 : -1);
      case Fact::Kind::avail:
        return figure(fact, picture().available, 1);
      case Fact::Kind::tb:
        return trial_balance();
      case Fact::Kind::fare:
        return fare(fact);
    }
  }
  std::vector<std::string> finish() {
    for (; next_ < course_.seen.size(); ++next_)
      problems_.push_back("not expected: " + text(course_.seen[next_].fact));
    return std::move(problems_);
  }

 private:
  const Picture& picture() const {
    return course_.pictures[next_ == 0 ? 0 : course_.seen[next_ - 1].record];
  }
  void happened(const Fact& fact) {
    if (next_ == course_.seen.size()) {
      problems_.push_back("did not happen: " + text(fact));
      return;
    }
    const Fact& seen = course_.seen[next_++].fact;
    bool same = seen.kind == fact.kind && seen.reason == fact.reason &&
                sorted(seen.legs) == sorted(fact.legs);
    if (same && fact.kind == Fact::Kind::hold) {
      same = seen.account == fact.account && seen.amount == fact.amount &&
             holds_.emplace(fact.id, seen.id).second;
    }
    if (same && fact.kind == Fact::Kind::unhold)
      same = holds_.contains(fact.id) && holds_[fact.id] == seen.id;
    if (!same) problems_.push_back("expected: " + text(fact) + "  but happened: " + text(seen));
  }
  void figure(const Fact& fact, const std::map<std::string, std::int64_t>& figures, int sign) {
    const auto found = figures.find(fact.account);
    const std::int64_t is = found == figures.end() ? 0 : sign * found->second;
    if (is != fact.amount) problems_.push_back(text(fact) + "  but is " + amount_text(is));
  }
  void trial_balance() {
    std::int64_t sum = 0;
    for (const auto& [account, balance] : picture().balances) sum += balance;
    if (sum != 0) problems_.push_back("tb  but the balances sum to " + amount_text(sum));
  }
  void fare(const Fact& fact) {
    const auto is = fare_of_(fact.category, fact.from, fact.to);
    if (!is || is->first != fact.amount || (fact.surcharge && is->second != *fact.surcharge))
      problems_.push_back(
          text(fact) + "  but is " +
          (is ? amount_text(is->first) + " with surcharge " + amount_text(is->second) : "unknown"));
  }

  const Course& course_;
  const FareOf& fare_of_;
  std::size_t next_ = 0;
  std::map<std::string, std::string> holds_;  // the scenario's name -> the ledger's number
  std::vector<std::string> problems_;
};

// Posts of one id become one: legs of an account and side are summed.
std::vector<Fact> with_parts_joined(const std::vector<Fact>& facts) {
  std::vector<Fact> joined;
  for (const Fact& fact : facts) {
    if (fact.also) continue;
    const auto whole = std::ranges::find_if(joined, [&](const Fact& earlier) {
      return fact.kind == Fact::Kind::post && earlier.kind == Fact::Kind::post &&
             earlier.id == fact.id && earlier.reason == fact.reason;
    });
    if (whole == joined.end()) {
      joined.push_back(fact);
      continue;
    }
    for (const Leg& leg : fact.legs) {
      const auto same = std::ranges::find_if(whole->legs, [&](const Leg& other) {
        return other.account == leg.account && other.debit == leg.debit &&
               other.currency == leg.currency;
      });
      if (same == whole->legs.end())
        whole->legs.push_back(leg);
      else
        same->minor += leg.minor;
    }
  }
  for (Fact& fact : joined) fact.legs = sorted(fact.legs);
  return joined;
}

}  // namespace

std::int64_t read_amount(std::string_view word) {
  std::int64_t amount = 0;
  if (word.empty()) return -1;
  for (const char c : word) {
    if (c == ',') continue;
    if (c < '0' || c > '9') return -1;
    amount = amount * 10 + (c - '0');
  }
  return amount;
}

Facts read_facts(std::string_view text) {
  Facts out;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    Words words = words_of(line);
    if (words.empty()) continue;
    if (line.starts_with(' ')) {  // a leg of the post above
      const auto leg = read_leg(words);
      if (leg && !out.facts.empty() && out.facts.back().kind == Fact::Kind::post)
        out.facts.back().legs.push_back(*leg);
      else
        out.problems.push_back("cannot read: " + line);
      continue;
    }
    if (words[0] == "rate" || words[0] == "split") {
      out.sums.push_back(std::move(words));
      continue;
    }
    Fact fact;
    fact.also = words[0] == "also";
    if (fact.also) words.erase(words.begin());
    if (!words.empty() && read_fact(fact, words))
      out.facts.push_back(fact);
    else
      out.problems.push_back("cannot read: " + line);
  }
  return out;
}

std::string text(const Fact& fact) {
  switch (fact.kind) {
    case Fact::Kind::post: {
      std::string out = "post " + fact.id + " " + fact.reason;
      for (const Leg& leg : sorted(fact.legs))
        out += (leg.debit ? " | " + leg.account + " DR " : " | " + leg.account + " CR ") +
               amount_text(leg.minor) + " " + leg.currency;
      return out;
    }
    case Fact::Kind::hold:
      return "hold " + fact.id + " " + fact.account + " " + amount_text(fact.amount);
    case Fact::Kind::unhold:
      return "unhold " + fact.id;
    case Fact::Kind::bal:
      return "bal " + fact.account + (fact.debit ? " DR " : " CR ") + amount_text(fact.amount);
    case Fact::Kind::avail:
      return "avail " + fact.account + " " + amount_text(fact.amount);
    case Fact::Kind::tb:
      return "tb";
    case Fact::Kind::fare:
      return "fare " + fact.category + " " + fact.from + " " + fact.to + " " +
             amount_text(fact.amount) +
             (fact.surcharge ? " surcharge=" + amount_text(*fact.surcharge) : "");
  }
  return "";
}

std::optional<std::string> block_of(std::string_view markdown, std::string_view section) {
  const std::string heading = "\n## " + std::string(section) + " ";
  const auto start = markdown.find(heading);
  if (start == std::string_view::npos) return {};
  const std::string_view body = markdown.substr(start, markdown.find("\n## ", start + 1) - start);
  constexpr std::string_view fence = "```ledger\n";
  const auto open = body.find(fence);
  if (open == std::string_view::npos) return {};
  const auto close = body.find("```", open + fence.size());
  return std::string(body.substr(open + fence.size(), close - open - fence.size()));
}

std::vector<std::string> compare(const std::vector<Fact>& expected, const Course& course,
                                 const FareOf& fare_of) {
  Comparison comparison(course, fare_of);
  for (const Fact& fact : expected) comparison.expect(fact);
  return comparison.finish();
}

std::vector<std::string> compare_with_block(const std::vector<Fact>& own,
                                            const std::vector<Fact>& block) {
  std::vector<std::string> problems;
  const auto ours = with_parts_joined(own);
  const auto theirs = with_parts_joined(block);
  for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    const std::string left = i < ours.size() ? text(ours[i]) : "nothing";
    const std::string right = i < theirs.size() ? text(theirs[i]) : "nothing";
    if (left != right)
      problems.push_back("the scenario file says: " + left + "  the domain says: " + right);
  }
  return problems;
}

}  // namespace obverse::scenarios
