// The chart of accounts (DOMAIN 4.1) and what a posting is made of. An account is a chart code, its
// owner and its currency; the owner's number means what the chart code says (a rider, a merchant,
// an operator, a bank account).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/model/money.h"

namespace obverse {

enum class Chart : std::uint16_t {
  bank = 1010,
  safeguard = 1020,
  load_in_transit = 1040,
  cash_drawer = 1050,
  scheme_receivable = 1110,
  rider_debt = 1120,
  merchant_receivable = 1130,
  operator_receivable = 1140,
  sponsor_receivable = 1150,
  chargeback_pending = 1210,
  suspense = 1290,
  fx_position = 1310,
  wallet = 2010,
  wallet_bonus = 2015,
  merchant_payable = 2020,
  payout_in_transit = 2025,
  operator_payable = 2030,
  merchant_reserve = 2040,
  operator_collateral = 2045,
  deferred_pass = 2050,
  deferred_ticket = 2060,
  refund_payable = 2070,
  tax_payable = 2080,
  scheme_payable = 2090,
  deposit_mirror = 2110,
  points = 2120,
  dormant_value = 2130,
  equity = 3010,
  migration_opening = 3090,
  mdr_income = 4010,
  payout_fee_income = 4020,
  dispute_fee_income = 4030,
  breakage = 4050,
  rounding_difference = 4090,
  fx_gain = 4095,
  scheme_fee = 5010,
  bank_charge = 5020,
  misidentification_loss = 5030,
  bad_debt = 5040,
  promotion_cost = 5050,
};

enum class Side : std::uint8_t { debit = 1, credit = 2 };

std::string_view name(Chart);  // "OperatorPayable"
Side normal_side(Chart);
bool is_known(Chart);
// Money may come into being only against these (invariant 11): bank, load in transit, cash, scheme,
// equity.
bool touches_outside(Chart);

struct Account {
  Chart chart = Chart::equity;
  std::uint64_t owner = 0;
  Currency currency = Currency::jpy;
  friend constexpr auto operator<=>(const Account&, const Account&) = default;
};

// One line of a posting; the amount is always positive, in minor units of the account's currency.
struct Entry {
  Account account;
  Side side = Side::debit;
  std::int64_t minor = 0;
  friend constexpr bool operator==(const Entry&, const Entry&) = default;
};
using Entries = std::vector<Entry>;

inline Account wallet_of(RiderId rider, Currency c) { return {Chart::wallet, rider.value, c}; }
inline Account debt_of(RiderId rider, Currency c) { return {Chart::rider_debt, rider.value, c}; }
inline Account payable_to(MerchantId merchant, Currency c) {
  return {Chart::merchant_payable, merchant.value, c};
}
inline Account payable_to(OperatorId transit, Currency c) {
  return {Chart::operator_payable, transit.value, c};
}
inline Account receivable_from(SponsorId sponsor, Currency c) {
  return {Chart::sponsor_receivable, sponsor.value, c};
}
inline Account deferred_pass(EntitlementId pass, Currency c) {
  return {Chart::deferred_pass, pass.value, c};
}
inline Account bank_account(BankId bank, Currency c) { return {Chart::bank, bank.value, c}; }

std::string text(const Account&);  // "2010.Wallet:17 JPY"

}  // namespace obverse
