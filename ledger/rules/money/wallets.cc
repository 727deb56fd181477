// Opening a wallet, and loading it.
#include "ledger/rules/money/wallets.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

}  // namespace

Outcome<void> wallet_must_be_open(const Wallets& wallets, RiderId rider, Currency currency) {
  if (wallets.open.contains(wallet_of(rider, currency))) return {};
  return std::unexpected(Refusal::wallet_must_be_open);
}

Outcome<void> amount_must_be_fit(Money amount) {
  if (amount.minor <= 0) return std::unexpected(Refusal::amount_must_be_positive);
  if (amount.minor > amount_minor_max) return std::unexpected(Refusal::amount_must_fit);
  return {};
}

Decision decide(const Wallets& wallets, const Enrolments& enrolments, const OpenWallet& command,
                const Moment&) {
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  if (!currency_of(static_cast<std::uint16_t>(command.currency)))
    return refuse(Refusal::currency_must_match);
  if (wallet_must_be_open(wallets, command.rider, command.currency))
    return refuse(Refusal::wallet_must_not_be_open);
  // From here on it succeeds.
  return {{WalletOpened{command.rider, command.currency}}, Done{}};
}

Outcome<Events> load_wallet(const Book& book, const Load& load) {
  const Money amount = load.amount;
  const Account wallet = wallet_of(load.rider, amount.currency);
  auto posted = make_posting(
      book, PostingReason::funds_loaded,
      {{load.source, Side::debit, amount.minor}, {wallet, Side::credit, amount.minor}});
  if (!posted) return std::unexpected(posted.error());
  const Entries loaded = posted->entries;
  Events events{FundsLoaded{load.id, load.rider, amount, load.bank}, std::move(*posted)};
  const Money owed{std::min(amount.minor, load.due_minor), amount.currency};
  if (owed.minor <= 0) return events;
  const Account debt = debt_of(load.rider, amount.currency);
  auto recovery =
      make_posting(book, PostingReason::debt_recovered,
                   {{wallet, Side::debit, owed.minor}, {debt, Side::credit, owed.minor}}, loaded);
  if (!recovery) return std::unexpected(recovery.error());
  // From here on it succeeds.
  events.push_back(DebtRecovered{load.rider, owed});
  events.push_back(std::move(*recovery));
  return events;
}

Decision decide(const Wallets& wallets, const Book& book, const LoadFunds& command,
                const Moment& moment, std::int64_t not_due_minor) {
  const Money amount = command.amount;
  if (auto fit = amount_must_be_fit(amount); !fit) return refuse(fit.error());
  if (auto open = wallet_must_be_open(wallets, command.rider, amount.currency); !open)
    return refuse(open.error());
  const LoadId id{moment.position.value};
  const std::int64_t due = balance(book, debt_of(command.rider, amount.currency)) - not_due_minor;
  auto events = load_wallet(book, {id, command.rider, amount,
                                   bank_account(command.bank, amount.currency), command.bank, due});
  if (!events) return refuse(events.error());
  // From here on it succeeds.
  const std::int64_t recovered = std::clamp<std::int64_t>(due, 0, amount.minor);
  const std::int64_t before = balance(book, wallet_of(command.rider, amount.currency));
  return {std::move(*events), Loaded{id, {before + amount.minor - recovered, amount.currency}}};
}

void apply(Wallets& wallets, const WalletOpened& event) {
  [[maybe_unused]] const bool is_new =
      wallets.open.insert(wallet_of(event.rider, event.currency)).second;
  assert(is_new);
}

}  // namespace obverse
