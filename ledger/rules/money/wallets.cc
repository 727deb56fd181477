// Opening a wallet, and loading it.
#include "ledger/rules/money/wallets.h"

#include <algorithm>
#include <cassert>

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

Decision decide(const Wallets& wallets, const Book& book, const LoadFunds& command,
                const Moment& moment) {
  const Money amount = command.amount;
  if (auto fit = amount_must_be_fit(amount); !fit) return refuse(fit.error());
  if (auto open = wallet_must_be_open(wallets, command.rider, amount.currency); !open)
    return refuse(open.error());
  const Account wallet = wallet_of(command.rider, amount.currency);
  const Account debt = debt_of(command.rider, amount.currency);
  const Account bank = bank_account(command.bank, amount.currency);
  auto load =
      make_posting(book, PostingReason::funds_loaded,
                   {{bank, Side::debit, amount.minor}, {wallet, Side::credit, amount.minor}});
  if (!load) return refuse(load.error());
  const Money owed{std::min(amount.minor, balance(book, debt)), amount.currency};
  Outcome<Posted> recovery;
  if (owed.minor > 0) {
    recovery = make_posting(book, PostingReason::debt_recovered,
                            {{wallet, Side::debit, owed.minor}, {debt, Side::credit, owed.minor}},
                            load->entries);
    if (!recovery) return refuse(recovery.error());
  }
  // From here on it succeeds.
  const LoadId id{moment.position.value};
  const std::int64_t after =
      balance(book, wallet) + amount.minor - std::max(owed.minor, std::int64_t{0});
  Events events{FundsLoaded{id, command.rider, amount, command.bank}, std::move(*load)};
  if (owed.minor > 0) {
    events.push_back(DebtRecovered{command.rider, owed});
    events.push_back(std::move(*recovery));
  }
  return {std::move(events), Loaded{id, {after, amount.currency}}};
}

void apply(Wallets& wallets, const WalletOpened& event) {
  [[maybe_unused]] const bool is_new =
      wallets.open.insert(wallet_of(event.rider, event.currency)).second;
  assert(is_new);
}

}  // namespace obverse
