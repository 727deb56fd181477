#include "ledger/rules/money/matching.h"

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/model/bank_text.h"
#include "ledger/model/limits.h"

namespace obverse {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

class Matching {
 public:
  Matching(const Payouts& payouts, const Terms& terms, BankId bank, Currency currency)
      : payouts_(payouts), terms_(terms), bank_(bank), currency_(currency) {}

  // What names its payout goes first, so that no other line of that amount takes it away.
  std::vector<ImportedEntry> match(const std::vector<StatementEntry>& entries) {
    std::vector<ImportedEntry> found;
    for (const StatementEntry& entry : entries)
      found.push_back({entry.minor, entry.value_day, std::nullopt, MatchKey::none});
    for (const MatchKey key :
         {MatchKey::reference, MatchKey::amount_date_payee, MatchKey::amount_date}) {
      for (line_ = 0; line_ < entries.size(); ++line_)
        if (!found[line_].payout) try_key(key, entries[line_], found[line_]);
    }
    return found;
  }

 private:
  void try_key(MatchKey key, const StatementEntry& entry, ImportedEntry& found) {
    const bool out = entry.minor < 0;
    if (entry.minor == 0 || entry.minor == std::numeric_limits<std::int64_t>::min()) return;
    if (key == MatchKey::reference) found.payout = by_reference(entry);
    if (key == MatchKey::amount_date_payee) found.payout = by_payee(entry);
    if (key == MatchKey::amount_date && out) found.payout = by_amount(entry);
    if (!found.payout) return;
    found.key = key;
    if (out)
      leaving_.emplace(*found.payout, line_);
    else
      returning_.insert(*found.payout);
  }

  bool leaves_before(PayoutId id) const {
    const auto line = leaving_.find(id);
    return line != leaving_.end() && line->second < line_;
  }

  // Money out: in a file and not yet confirmed. Money in: confirmed, also by an earlier line.
  bool is_open(const Payout& payout, PayoutId id, const StatementEntry& entry) const {
    if (payout.bank != bank_ || payout.amount.currency != currency_) return false;
    const bool out = entry.minor < 0;
    if (payout.amount.minor != (out ? -entry.minor : entry.minor)) return false;
    if (out) return payout.state == PayoutState::in_file && !leaving_.contains(id);
    const bool gone = payout.state == PayoutState::confirmed ||
                      payout.state == PayoutState::matched || leaves_before(id);
    return gone && !returning_.contains(id);
  }

  std::optional<PayoutId> by_reference(const StatementEntry& entry) const {
    const auto known = payouts_.references.find(Label{std::string(trimmed(entry.reference.utf8))});
    if (known == payouts_.references.end()) return std::nullopt;
    if (!is_open(*find(payouts_, known->second), known->second, entry)) return std::nullopt;
    return known->second;
  }

  // Calls `look(id, payout)` for every open payout of the entry's amount.
  template <class Look>
  void each_candidate(const StatementEntry& entry, Look look) const {
    const std::int64_t minor = entry.minor < 0 ? -entry.minor : entry.minor;
    const auto in = [&](const std::set<AmountOf>& amounts) {
      for (auto at = amounts.lower_bound({minor, {}}); at != amounts.end() && at->minor == minor;
           ++at) {
        const Payout& payout = *find(payouts_, at->payout);
        if (is_open(payout, at->payout, entry)) look(at->payout, payout);
      }
    };
    in(payouts_.in_file);
    if (entry.minor > 0) in(payouts_.confirmed);
  }

  bool is_of_its_day(const Payout& payout, const StatementEntry& entry) const {
    if (entry.minor < 0) return entry.value_day == payout.day;
    return entry.value_day >= payout.day && entry.value_day <= payout.day + payout_return_days;
  }

  // Two that are alike in all of it are the same to everybody: the older one.
  std::optional<PayoutId> by_payee(const StatementEntry& entry) const {
    const auto name = bank_text(trimmed(entry.name.utf8));
    if (!name || name->empty()) return std::nullopt;
    std::optional<PayoutId> found;
    each_candidate(entry, [&](PayoutId id, const Payout& payout) {
      if (found || !is_of_its_day(payout, entry)) return;
      const PayoutAccount& account = terms_.accounts.at(payout.account);
      if (bank_text(trimmed(account.holder.utf8)) == name) found = id;
    });
    return found;
  }

  std::optional<PayoutId> by_amount(const StatementEntry& entry) const {
    std::optional<PayoutId> found;
    bool is_only = true;
    each_candidate(entry, [&](PayoutId id, const Payout& payout) {
      if (!is_of_its_day(payout, entry)) return;
      is_only = !found;
      found = id;
    });
    return is_only ? found : std::nullopt;
  }

  const Payouts& payouts_;
  const Terms& terms_;
  BankId bank_;
  Currency currency_;
  std::size_t line_ = 0;  // which is looked at
  std::map<PayoutId, std::size_t> leaving_;
  std::set<PayoutId> returning_;
};

}  // namespace

std::vector<ImportedEntry> match(const Payouts& payouts, const Terms& terms, BankId bank,
                                 Currency currency, const std::vector<StatementEntry>& entries) {
  return Matching(payouts, terms, bank, currency).match(entries);
}

}  // namespace obverse
