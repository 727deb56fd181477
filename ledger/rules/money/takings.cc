#include "ledger/rules/money/takings.h"

#include <algorithm>

namespace obverse {
namespace {

enum class Flow : std::uint8_t { none, trade, adjustment, release, claims };

// Settlement's own postings empty a payable that was counted when it was filled. Whatever sells is
// a trade, also what is yet to come.
Flow flow_of(PostingReason reason) {
  switch (reason) {
    case PostingReason::settlement_batch_formed:
    case PostingReason::settlement_carried_forward:
    case PostingReason::payout_confirmed:
    case PostingReason::statement_entry_unmatched:
    case PostingReason::safeguarding_deposit_adjusted:
      return Flow::none;
    case PostingReason::payout_returned:
    case PostingReason::payout_rejected:
    case PostingReason::break_resolved:
    case PostingReason::opening:
      return Flow::adjustment;
    case PostingReason::reserve_released:
      return Flow::release;
    case PostingReason::apportionment_computed:
      return Flow::claims;
    default:
      return Flow::trade;
  }
}

Side other(Side side) { return side == Side::debit ? Side::credit : Side::debit; }

bool is_payable(const Entry& entry) {
  return entry.account.chart == Chart::merchant_payable ||
         entry.account.chart == Chart::operator_payable;
}

// How it was paid is read off the account that gave, or that got back.
TenderClass tender_of(const Account& account) {
  switch (account.chart) {
    case Chart::wallet:
    case Chart::wallet_bonus:
    case Chart::rider_debt:
      return {TenderKind::wallet, 0};
    case Chart::scheme_receivable:
    case Chart::scheme_payable:
      return {TenderKind::scheme, account.owner};
    default:
      return {TenderKind::other, 0};
  }
}

// The entries over against the payables of one side and currency, used up in their order: of a sale
// paid in two ways each part finds its own.
class Counters {
 public:
  Counters(const Entries& entries, Side side, Currency currency)
      : entries_(entries), side_(side), currency_(currency) {}

  struct Part {
    TenderClass tender;
    std::int64_t minor = 0;
  };
  Part take(std::int64_t wanted) {
    while (at_ < entries_.size() && (!is_counter(entries_[at_]) || used_ == entries_[at_].minor)) {
      ++at_;
      used_ = 0;
    }
    if (at_ == entries_.size()) return {{TenderKind::other, 0}, wanted};
    const Entry& entry = entries_[at_];
    const std::int64_t part = std::min(wanted, entry.minor - used_);
    used_ += part;
    return {tender_of(entry.account), part};
  }

 private:
  bool is_counter(const Entry& entry) const {
    return entry.side == side_ && entry.account.currency == currency_ && !is_payable(entry);
  }
  const Entries& entries_;
  Side side_;
  Currency currency_;
  std::size_t at_ = 0;
  std::int64_t used_ = 0;
};

Takings& takings_of(Lines& lines, const Account& account) {
  return lines.takings[{*payee_of(account), account.currency}];
}

void add_trades(Lines& lines, const Entries& entries, Side side, Currency currency) {
  Counters counters(entries, other(side), currency);
  for (const Entry& entry : entries) {
    if (!is_payable(entry) || entry.side != side || entry.account.currency != currency) continue;
    Takings& takings = takings_of(lines, entry.account);
    for (std::int64_t left = entry.minor; left > 0;) {
      const Counters::Part part = counters.take(left);
      Trade& trade = takings.trades[part.tender];
      (side == Side::credit ? trade.sales : trade.refunds) += part.minor;
      left -= part.minor;
    }
  }
}

std::int64_t credited(const Entry& entry) {
  return entry.side == Side::credit ? entry.minor : -entry.minor;
}

// One operator is debited what it owes all the others.
void add_claims(Lines& lines, const Entries& entries) {
  const auto debtor = std::ranges::find(entries, Side::debit, &Entry::side);
  if (debtor == entries.end()) return;
  const auto id = [](const Entry& entry) {
    return OperatorId{static_cast<std::uint32_t>(entry.account.owner)};
  };
  for (const Entry& entry : entries)
    if (entry.side == Side::credit)
      lines.claims[{entry.account.currency, id(*debtor), id(entry)}] += entry.minor;
}

// A posting of two entries is nearly every one there is.
bool is_first_of_its_kind(const Entries& entries, std::size_t at) {
  for (std::size_t i = 0; i < at; ++i)
    if (is_payable(entries[i]) && entries[i].side == entries[at].side &&
        entries[i].account.currency == entries[at].account.currency)
      return false;
  return true;
}

}  // namespace

bool is_item(const Posted& posted) {
  return flow_of(posted.reason) != Flow::none && std::ranges::any_of(posted.entries, is_payable);
}

void add(Lines& lines, const Posted& posted) {
  const Flow flow = flow_of(posted.reason);
  if (flow == Flow::none) return;
  const Entries& entries = posted.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!is_payable(entries[i])) continue;
    if (flow == Flow::trade) {
      if (is_first_of_its_kind(entries, i))
        add_trades(lines, entries, entries[i].side, entries[i].account.currency);
    } else if (flow == Flow::release) {
      takings_of(lines, entries[i].account).released += credited(entries[i]);
    } else {
      takings_of(lines, entries[i].account).adjusted += credited(entries[i]);
    }
  }
  if (flow == Flow::claims) add_claims(lines, entries);
}

void add(Takings& to, const Takings& more) {
  for (const auto& [tender, trade] : more.trades) {
    to.trades[tender].sales += trade.sales;
    to.trades[tender].refunds += trade.refunds;
  }
  to.adjusted += more.adjusted;
  to.released += more.released;
}

}  // namespace obverse
