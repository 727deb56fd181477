#include "ledger/model/settlement.h"

#include <algorithm>
#include <cassert>

#include "ledger/model/bank_text.h"
#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr std::uint64_t first_operator = std::uint64_t{1} << 32;

template <class Items, class Less>
bool rises(const Items& items, Less less) {
  return std::ranges::adjacent_find(
             items, [&](const auto& a, const auto& b) { return !less(a, b); }) == items.end();
}

bool fits(const Label& name, std::size_t bytes_max) {
  if (!is_valid(name)) return false;
  const auto bytes = bank_text(name.utf8);
  return bytes && !bytes->empty() && bytes->size() <= bytes_max;
}

bool is_known(Currency currency) {
  return currency_of(static_cast<std::uint16_t>(currency)).has_value();
}

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }

bool is_valid(const TenderClass& tender) {
  return tender.kind == TenderKind::scheme ||
         ((tender.kind == TenderKind::wallet || tender.kind == TenderKind::other) &&
          tender.scheme == 0);
}

bool is_short_name(const Code& code) {
  return !code.empty() && code.size() <= code_length_max &&
         std::ranges::all_of(code, [](char c) { return c > ' ' && c <= '~'; });
}

// What every bank says of an account, whoever holds it.
bool has_place(const PayoutAccount& account) {
  const bool known_type =
      account.type == BankAccountType::ordinary || account.type == BankAccountType::current ||
      account.type == BankAccountType::savings || account.type == BankAccountType::other;
  return known_type && account.bank > 0 && account.bank <= 9'999 && account.branch <= 999 &&
         account.number > 0 && account.number <= 9'999'999 &&
         fits(account.bank_name, bank_name_bytes_max) &&
         fits(account.branch_name, bank_name_bytes_max);
}

}  // namespace

bool is_valid(const SettlementCalendar& calendar) {
  const auto& ends = calendar.last_days;
  const auto before = [](auto a, auto b) { return a < b; };
  if (ends.empty() || ends.front() == 0 || ends.back() != 31 || !rises(ends, before)) return false;
  // The next window is cut off a day later at the earliest: at most one is late at a time.
  const bool grace = calendar.late_arrivals.ms >= 0 && calendar.late_arrivals < days(1);
  const Duration cooling = calendar.account_cooling_off;
  return grace && cooling.ms >= 0 && cooling <= days(366) && calendar.pay_after >= 1 &&
         calendar.pay_after <= 30 && calendar.effective_from >= instant_min &&
         calendar.effective_from <= instant_max && calendar.holidays.size() <= holidays_max &&
         rises(calendar.holidays, before);
}

bool is_valid(const FeeSchedule& schedule) {
  if (schedule.tenders.empty() || schedule.tenders.size() > fee_rows_max) return false;
  const bool rows = std::ranges::all_of(schedule.tenders, [](const TenderFee& row) {
    return is_valid(row.tender) && row.discount <= rate_one && row.reserve <= rate_one;
  });
  return rows && is_known(schedule.currency) &&
         rises(schedule.tenders,
               [](const TenderFee& a, const TenderFee& b) { return a.tender < b.tender; }) &&
         schedule.effective_from >= instant_min && schedule.effective_from <= instant_max &&
         schedule.reserve_days <= 3'650 && is_amount(schedule.payout_fee_minor) &&
         is_amount(schedule.payout_tax_minor) && is_amount(schedule.payout_minimum_minor);
}

bool is_valid(const PayoutAccount& account) {
  return has_place(account) && fits(account.holder, holder_bytes_max);
}

bool is_valid(const OwnAccount& own) {
  return own.originator <= 9'999'999'999 && has_place(own.account) &&
         own.account.type != BankAccountType::savings &&
         fits(own.account.holder, originator_bytes_max);
}

bool is_valid(const Agreement& agreement) {
  const auto& shares = agreement.shares;
  if (!is_short_name(agreement.code) || !is_short_name(agreement.product)) return false;
  if (shares.size() < 2 || shares.size() > shares_max) return false;
  const bool bounded =
      std::ranges::all_of(shares, [](const Share& share) { return share.weight <= weight_max; });
  const bool any = std::ranges::any_of(shares, [](const Share& share) { return share.weight > 0; });
  return bounded && any && agreement.effective_from >= instant_min &&
         agreement.effective_from <= instant_max &&
         rises(shares, [](const Share& a, const Share& b) { return a.transit < b.transit; });
}

bool is_valid(const SafeguardingTerms& terms) {
  const auto& base_days = terms.base_days;
  // Every year has it: the twenty-ninth of February is no base date.
  const bool dates = std::ranges::all_of(
      base_days, [](const MonthDay& each) { return is_valid(Date{2'001, each.month, each.day}); });
  return !base_days.empty() && base_days.size() <= 12 && dates && is_known(terms.currency) &&
         is_amount(terms.threshold_minor) && terms.rate > 0 && terms.rate <= rate_one &&
         rises(base_days, [](const MonthDay& a, const MonthDay& b) { return a < b; });
}

Account payable_to(const Party& payee, Currency currency) {
  assert(payee.kind != Party::Kind::everyone);
  const bool merchant = payee.kind == Party::Kind::merchant;
  return {merchant ? Chart::merchant_payable : Chart::operator_payable, payee.id, currency};
}

Account receivable_from(const Party& payee, Currency currency) {
  assert(payee.kind != Party::Kind::everyone);
  const bool merchant = payee.kind == Party::Kind::merchant;
  return {merchant ? Chart::merchant_receivable : Chart::operator_receivable, payee.id, currency};
}

Account reserve_of(const Party& payee, Currency currency) {
  assert(payee.kind != Party::Kind::everyone);
  const bool merchant = payee.kind == Party::Kind::merchant;
  return {merchant ? Chart::merchant_reserve : Chart::operator_collateral, payee.id, currency};
}

Account in_transit_to(const Party& payee, Currency currency) {
  assert(payee.kind != Party::Kind::everyone);
  const std::uint64_t base = payee.kind == Party::Kind::merchant ? 0 : first_operator;
  return {Chart::payout_in_transit, base + payee.id, currency};
}

std::optional<Party> payee_of(const Account& account) {
  const auto id = static_cast<std::uint32_t>(account.owner);
  if (account.chart == Chart::merchant_payable) return party_of(MerchantId{id});
  if (account.chart == Chart::operator_payable) return party_of(OperatorId{id});
  return std::nullopt;
}

}  // namespace obverse
