#include "ledger/model/account.h"

#include <array>
#include <cassert>

namespace obverse {
namespace {

struct Line {
  Chart chart;
  std::string_view name;
  Side side;
};

constexpr std::array<Line, 40> chart_of_accounts{{
    {Chart::bank, "Bank", Side::debit},
    {Chart::safeguard, "Safeguard", Side::debit},
    {Chart::load_in_transit, "LoadInTransit", Side::debit},
    {Chart::cash_drawer, "CashDrawer", Side::debit},
    {Chart::scheme_receivable, "SchemeReceivable", Side::debit},
    {Chart::rider_debt, "RiderDebt", Side::debit},
    {Chart::merchant_receivable, "MerchantReceivable", Side::debit},
    {Chart::operator_receivable, "OperatorReceivable", Side::debit},
    {Chart::sponsor_receivable, "SponsorReceivable", Side::debit},
    {Chart::chargeback_pending, "ChargebackPending", Side::debit},
    {Chart::suspense, "Suspense", Side::debit},
    {Chart::fx_position, "FxPosition", Side::debit},
    {Chart::wallet, "Wallet", Side::credit},
    {Chart::wallet_bonus, "WalletBonus", Side::credit},
    {Chart::merchant_payable, "MerchantPayable", Side::credit},
    {Chart::payout_in_transit, "PayoutInTransit", Side::credit},
    {Chart::operator_payable, "OperatorPayable", Side::credit},
    {Chart::merchant_reserve, "MerchantReserve", Side::credit},
    {Chart::operator_collateral, "OperatorCollateral", Side::credit},
    {Chart::deferred_pass, "DeferredPass", Side::credit},
    {Chart::deferred_ticket, "DeferredTicket", Side::credit},
    {Chart::refund_payable, "RefundPayable", Side::credit},
    {Chart::tax_payable, "TaxPayable", Side::credit},
    {Chart::scheme_payable, "SchemePayable", Side::credit},
    {Chart::deposit_mirror, "DepositMirror", Side::credit},
    {Chart::points, "Points", Side::credit},
    {Chart::dormant_value, "DormantValue", Side::credit},
    {Chart::equity, "Equity", Side::credit},
    {Chart::migration_opening, "MigrationOpening", Side::credit},
    {Chart::mdr_income, "MdrIncome", Side::credit},
    {Chart::payout_fee_income, "PayoutFeeIncome", Side::credit},
    {Chart::dispute_fee_income, "DisputeFeeIncome", Side::credit},
    {Chart::breakage, "Breakage", Side::credit},
    {Chart::rounding_difference, "RoundingDifference", Side::credit},
    {Chart::fx_gain, "FxGain", Side::credit},
    {Chart::scheme_fee, "SchemeFee", Side::debit},
    {Chart::bank_charge, "BankCharge", Side::debit},
    {Chart::misidentification_loss, "MisidentificationLoss", Side::debit},
    {Chart::bad_debt, "BadDebt", Side::debit},
    {Chart::promotion_cost, "PromotionCost", Side::debit},
}};

const Line* find(Chart chart) {
  for (const Line& line : chart_of_accounts)
    if (line.chart == chart) return &line;
  return nullptr;
}

}  // namespace

bool is_known(Chart chart) { return find(chart) != nullptr; }

std::string_view name(Chart chart) {
  const Line* line = find(chart);
  assert(line != nullptr);
  return line->name;
}

Side normal_side(Chart chart) {
  const Line* line = find(chart);
  assert(line != nullptr);
  return line->side;
}

bool touches_outside(Chart chart) {
  switch (chart) {
    case Chart::bank:
    case Chart::load_in_transit:
    case Chart::cash_drawer:
    case Chart::scheme_receivable:
    case Chart::equity:
    case Chart::migration_opening:
      return true;
    default:
      return false;
  }
}

std::string text(const Account& account) {
  return std::to_string(static_cast<int>(account.chart)) + "." + std::string(name(account.chart)) +
         ":" + std::to_string(account.owner) + " " + std::string(alphabetic(account.currency));
}

}  // namespace obverse
