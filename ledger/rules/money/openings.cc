#include "ledger/rules/money/openings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "ledger/model/bank_text.h"
#include "ledger/model/limits.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

constexpr std::size_t opening_entries_max = 256;

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// Whose account it is must be there already.
bool has_owner(const SettlementView& view, const Account& account) {
  const auto id = static_cast<std::uint32_t>(account.owner);
  const bool is_small = id == account.owner;
  switch (account.chart) {
    case Chart::wallet:
    case Chart::wallet_bonus:
    case Chart::rider_debt:
    case Chart::refund_payable:
      return wallet_must_be_open(view.wallets, {account.owner}, account.currency).has_value();
    case Chart::merchant_payable:
    case Chart::merchant_receivable:
    case Chart::merchant_reserve:
      return is_small && find(view.parties, MerchantId{id}) != nullptr;
    case Chart::operator_payable:
    case Chart::operator_receivable:
    case Chart::operator_collateral:
      return is_small && find(view.parties, OperatorId{id}) != nullptr;
    default:
      return true;
  }
}

bool is_fit(const SettlementView& view, const Entry& entry) {
  const bool known_side = entry.side == Side::debit || entry.side == Side::credit;
  return known_side && is_known(entry.account.chart) && entry.minor > 0 &&
         entry.minor <= amount_minor_max &&
         currency_of(static_cast<std::uint16_t>(entry.account.currency)).has_value() &&
         has_owner(view, entry.account);
}

// What is in transit is exactly what was told of.
bool is_what_is_under_way(const Openings& openings, const Entries& entries) {
  std::map<Account, std::int64_t> in_transit;
  for (const Entry& entry : entries)
    if (entry.account.chart == Chart::payout_in_transit)
      in_transit[entry.account] += entry.side == Side::credit ? entry.minor : -entry.minor;
  return in_transit == openings.under_way;
}

bool is_new_reference(const Payouts& payouts, const Label& reference) {
  return is_valid(reference) && !reference.utf8.empty() &&
         reference.utf8.size() <= reference_bytes_max &&
         bank_text(reference.utf8) == reference.utf8 && !payouts.references.contains(reference);
}

}  // namespace

Decision decide(const SettlementView& view, const OpenBooks& command, const Moment&) {
  if (const auto desk = may(view.parties, command.by, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (view.settlement.openings.is_over) return refuse(Refusal::opening_must_come_first);
  const Entries& entries = command.entries;
  if (entries.size() > opening_entries_max) return refuse(Refusal::list_must_fit);
  if (!std::ranges::all_of(entries, [&](const Entry& entry) { return is_fit(view, entry); }))
    return refuse(Refusal::account_must_fit);
  if (!is_balanced(entries) || !is_what_is_under_way(view.settlement.openings, entries))
    return refuse(Refusal::opening_must_balance);
  auto posted = make_posting(view.book, PostingReason::opening, entries);
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  return {{std::move(*posted)}, Done{}};
}

Decision decide(const SettlementView& view, const MigratePayout& command, const Moment& moment) {
  if (const auto desk = may(view.parties, command.by, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (view.settlement.openings.is_over) return refuse(Refusal::opening_must_come_first);
  if (auto fit = amount_must_be_fit(command.amount); !fit) return refuse(fit.error());
  if (!currency_of(static_cast<std::uint16_t>(command.amount.currency)))
    return refuse(Refusal::currency_must_match);
  const auto account = payout_account(view.settlement.terms, command.payee, moment.now);
  if (!account) return refuse(Refusal::bank_account_must_be_set);
  if (!is_new_reference(view.settlement.payouts, command.reference))
    return refuse(Refusal::reference_must_be_new);
  // From here on it succeeds.
  const PayoutId id{moment.position.value};
  return {{PayoutMigrated{id, command.payee, command.amount, *account, command.reference,
                          command.bank, command.day}},
          Registered{id.value}};
}

void apply(Openings& openings, const Posted& event) {
  if (event.reason != PostingReason::opening)
    openings.is_over = true;
  else
    openings.under_way.clear();
}

void apply(Openings& openings, const PayoutMigrated& event) {
  openings.under_way[in_transit_to(event.payee, event.amount.currency)] += event.amount.minor;
}

}  // namespace obverse
