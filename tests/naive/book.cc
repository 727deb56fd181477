#include "tests/naive/book.h"

#include <algorithm>
#include <stdexcept>

namespace obverse::naive {

void Book::post(const std::vector<Line>& lines) {
  std::map<std::string, std::int64_t> sums;
  for (const Line& line : lines) sums[line.asset] += line.debit - line.credit;
  for (const auto& [asset, sum] : sums)
    if (sum != 0) throw std::logic_error("a posting in " + asset + " does not add up");
  for (const Line& line : lines) debits_[{line.account, line.asset}] += line.debit - line.credit;
}

void Book::hold(const std::string& name, const std::string& account, std::int64_t amount) {
  holds_[name] = {account, amount};
}

void Book::release(const std::string& name) { holds_.erase(name); }

std::int64_t Book::debit_of(const std::string& account, const std::string& asset) const {
  const auto found = debits_.find({account, asset});
  return found == debits_.end() ? 0 : found->second;
}

std::int64_t Book::credit_of(const std::string& account, const std::string& asset) const {
  return -debit_of(account, asset);
}

std::int64_t Book::available(const std::string& account) const {
  std::int64_t out = credit_of(account);
  for (const auto& [name, held] : holds_)
    if (held.account == account) out -= held.amount;
  return out;
}

bool Book::adds_up() const {
  std::map<std::string, std::int64_t> sums;
  for (const auto& [account, debit] : debits_) sums[account.second] += debit;
  return std::all_of(sums.begin(), sums.end(), [](const auto& each) { return each.second == 0; });
}

void Book::load(const std::string& rider, std::int64_t amount) {
  post({{"1010.Bank:settle", amount, 0}, {"2010.Wallet:" + rider, 0, amount}});
}

void Book::charge(const std::string& rider, const std::string& transit, const Charge& charge,
                  const std::string& sponsor) {
  const std::int64_t whole = charge.charged + charge.sponsored;
  if (whole != 0) {
    std::vector<Line> lines{{"2010.Wallet:" + rider, charge.charged, 0},
                            {"2030.OperatorPayable:" + transit, 0, whole}};
    if (charge.sponsored != 0)
      lines.push_back({"1150.SponsorReceivable:" + sponsor, charge.sponsored, 0});
    post(lines);
  }
  if (charge.points != 0)
    post({{"5050.PromotionCost:points", charge.points, 0, "PT"},
          {"2120.Points:" + rider, 0, charge.points, "PT"}});
}

void Book::adjust(const std::string& rider, const std::string& transit, std::int64_t from,
                  std::int64_t to) {
  const std::int64_t more = to - from;
  post({{"2010.Wallet:" + rider, more, 0}, {"2030.OperatorPayable:" + transit, 0, more}});
}

std::int64_t recognised(std::int64_t total, std::int64_t days, std::int64_t day) {
  return total * day / days - total * (day - 1) / days;
}

std::int64_t entry_hold(std::int64_t maximum, std::int64_t available) {
  return std::min(maximum, available);
}

bool may_enter(std::int64_t minimum, std::int64_t available) { return available >= minimum; }

}  // namespace obverse::naive
