// What is published must hold together; what a payee's accounts are.
#include "ledger/model/settlement.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"

using namespace obverse;

namespace {

SettlementCalendar halves() {
  SettlementCalendar calendar;
  calendar.effective_from = {1'000};
  calendar.last_days = {15, 31};
  return calendar;
}
FeeSchedule fees() {
  FeeSchedule schedule;
  schedule.tenders = {{{TenderKind::wallet, 0}, 324, 0}, {{TenderKind::scheme, 0}, 270, 500}};
  return schedule;
}
PayoutAccount account() {
  return {9901, {"ナニワ"}, 101, {"キタ"}, BankAccountType::ordinary, 7'654'321, {"カ)エム"}};
}
Agreement shares() { return {"A-1", {1}, "through", {}, {{{1}, 55}, {{2}, 45}}}; }
SafeguardingTerms terms() {
  SafeguardingTerms out;
  out.base_days = {{3, 31}, {9, 30}};
  return out;
}

// Changes one thing, and asks again.
template <class T, class Change>
bool holds(T value, Change change) {
  change(value);
  return is_valid(value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settlement_nouns)

BOOST_AUTO_TEST_CASE(calendars) {
  BOOST_TEST(is_valid(halves()));
  BOOST_TEST(holds(halves(), [](auto& c) { c.last_days = {31}; }));
  BOOST_TEST(holds(halves(), [](auto& c) { c.holidays = {20'000, 20'001}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.last_days = {}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.last_days = {15}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.last_days = {0, 31}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.last_days = {15, 15, 31}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.last_days = {15, 31, 32}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.late_arrivals = hours(24); }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.late_arrivals = {-1}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.account_cooling_off = days(367); }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.pay_after = 0; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.pay_after = 31; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.effective_from = {-1}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) { c.holidays = {20'001, 20'000}; }));
  BOOST_TEST(!holds(halves(), [](auto& c) {
    for (std::int64_t day = 0; day <= static_cast<std::int64_t>(holidays_max); ++day)
      c.holidays.push_back(day);
  }));
}

BOOST_AUTO_TEST_CASE(fee_schedules) {
  BOOST_TEST(is_valid(fees()));
  BOOST_TEST(!is_valid(FeeSchedule{}));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.tenders[0].discount = rate_one + 1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.tenders[0].reserve = rate_one + 1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.tenders[0].tender.scheme = 1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { std::swap(f.tenders[0], f.tenders[1]); }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.tenders.push_back(f.tenders[1]); }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.payout_fee_minor = -1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.payout_tax_minor = amount_minor_max + 1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.payout_minimum_minor = -1; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.reserve_days = 3'651; }));
  BOOST_TEST(!holds(fees(), [](auto& f) { f.currency = static_cast<Currency>(1); }));
  BOOST_TEST(
      !holds(fees(), [](auto& f) { f.tenders[0].tender.kind = static_cast<TenderKind>(9); }));
}

BOOST_AUTO_TEST_CASE(bank_accounts) {
  BOOST_TEST(is_valid(account()));
  BOOST_TEST(!is_valid(PayoutAccount{}));
  BOOST_TEST(!holds(account(), [](auto& a) { a.bank = 0; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.bank = 10'000; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.branch = 1'000; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.number = 0; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.number = 10'000'000; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.type = static_cast<BankAccountType>(3); }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.holder = {"漢字"}; }));
  BOOST_TEST(!holds(account(), [](auto& a) { a.holder = {""}; }));
  BOOST_TEST(
      !holds(account(), [](auto& a) { a.bank_name = {"アイウエオカキクケコサシスセソタ"}; }));
  const OwnAccount own{123, account()};
  BOOST_TEST(is_valid(own));
  BOOST_TEST(!holds(own, [](auto& o) { o.originator = 10'000'000'000; }));
  BOOST_TEST(!holds(own, [](auto& o) { o.account.type = BankAccountType::savings; }));
  BOOST_TEST(holds(account(), [](auto& a) { a.type = BankAccountType::savings; }));
}

BOOST_AUTO_TEST_CASE(agreements) {
  BOOST_TEST(is_valid(shares()));
  BOOST_TEST(!holds(shares(), [](auto& a) { a.shares.pop_back(); }));
  BOOST_TEST(!holds(shares(), [](auto& a) { std::swap(a.shares[0], a.shares[1]); }));
  BOOST_TEST(!holds(shares(), [](auto& a) { a.shares[0].weight = weight_max + 1; }));
  BOOST_TEST(!holds(shares(), [](auto& a) { a.shares[0].weight = a.shares[1].weight = 0; }));
  BOOST_TEST(holds(shares(), [](auto& a) { a.shares[0].weight = 0; }));
  BOOST_TEST(!holds(shares(), [](auto& a) { a.code.clear(); }));
  BOOST_TEST(!holds(shares(), [](auto& a) { a.product = "a b"; }));
}

BOOST_AUTO_TEST_CASE(safeguarding_terms) {
  BOOST_TEST(is_valid(terms()));
  BOOST_TEST(!is_valid(SafeguardingTerms{}));
  BOOST_TEST(!holds(terms(), [](auto& t) { std::swap(t.base_days[0], t.base_days[1]); }));
  BOOST_TEST(!holds(terms(), [](auto& t) { t.base_days = {{2, 29}}; }));
  BOOST_TEST(!holds(terms(), [](auto& t) { t.base_days = {{13, 1}}; }));
  BOOST_TEST(!holds(terms(), [](auto& t) { t.rate = 0; }));
  BOOST_TEST(!holds(terms(), [](auto& t) { t.rate = rate_one + 1; }));
  BOOST_TEST(!holds(terms(), [](auto& t) { t.threshold_minor = -1; }));
}

BOOST_AUTO_TEST_CASE(a_payee_is_its_payable) {
  const Party shop = party_of(MerchantId{7});
  const Party metro = party_of(OperatorId{7});
  for (const Party& payee : {shop, metro})
    BOOST_TEST((payee_of(payable_to(payee, Currency::jpy)) == payee));
  BOOST_TEST(!payee_of(bank_account({}, Currency::jpy)).has_value());
  BOOST_TEST((in_transit_to(shop, Currency::jpy) != in_transit_to(metro, Currency::jpy)));
  BOOST_TEST((receivable_from(shop, Currency::jpy).chart == Chart::merchant_receivable));
  BOOST_TEST((receivable_from(metro, Currency::jpy).chart == Chart::operator_receivable));
  BOOST_TEST((reserve_of(shop, Currency::jpy).chart == Chart::merchant_reserve));
  BOOST_TEST((reserve_of(metro, Currency::jpy).chart == Chart::operator_collateral));
}

BOOST_AUTO_TEST_SUITE_END()
