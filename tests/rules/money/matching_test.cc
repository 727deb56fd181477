// Which payouts a statement speaks of.
#include "ledger/rules/money/matching.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const std::int64_t tuesday = day_of({2025, 6, 17});

struct Sent {
  Payouts payouts;
  Terms terms;
  std::uint64_t next = 0;

  PayoutId add(std::int64_t minor, const std::string& reference, const std::string& holder,
               PayoutState state = PayoutState::in_file) {
    const PayoutId id{++next};
    terms.accounts[{id.value}] = account_at(9901, holder);
    apply(payouts,
          PayoutMigrated{
              id, party_of(MerchantId{1}), yen(minor), {id.value}, {reference}, {}, tuesday});
    if (state == PayoutState::confirmed) apply(payouts, PayoutConfirmed{id});
    return id;
  }
  std::vector<ImportedEntry> match(const std::vector<StatementEntry>& entries, BankId bank = {},
                                   Currency currency = Currency::jpy) const {
    return obverse::match(payouts, terms, bank, currency, entries);
  }
  ImportedEntry one(const StatementEntry& entry) const { return match({entry}).front(); }
};

StatementEntry out(std::int64_t minor, const char* reference = "", const char* name = "",
                   std::int64_t day = tuesday) {
  return {-minor, day, {reference}, {name}};
}
StatementEntry in(std::int64_t minor, const char* reference = "", const char* name = "",
                  std::int64_t day = tuesday + 1) {
  return {minor, day, {reference}, {name}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(by_reference_first) {
  Sent sent;
  const PayoutId a = sent.add(500, "R-A", "アカ");
  const PayoutId b = sent.add(500, "R-B", "アオ");
  // The name says A, the reference B.
  const ImportedEntry found = sent.one(out(500, "R-B", "アカ"));
  BOOST_TEST((found.payout == b));
  BOOST_TEST((found.key == MatchKey::reference));
  BOOST_TEST((sent.one(out(500, " R-A  ")).payout == a));  // fields are filled with spaces
}

BOOST_AUTO_TEST_CASE(a_reference_with_another_amount_is_no_match) {
  Sent sent;
  sent.add(500, "R-A", "アカ");
  BOOST_TEST(!sent.one(out(501, "R-A")).payout.has_value());
  BOOST_TEST(!sent.one(in(500, "R-A")).payout.has_value());  // it has not gone out yet
}

BOOST_AUTO_TEST_CASE(then_by_amount_date_and_payee) {
  Sent sent;
  const PayoutId a = sent.add(500, "R-A", "アカ");
  sent.add(500, "R-B", "アオ");
  const ImportedEntry found = sent.one(out(500, "", "ｱｶ"));
  BOOST_TEST((found.payout == a));
  BOOST_TEST((found.key == MatchKey::amount_date_payee));
  BOOST_TEST(!sent.one(out(500, "", "ｱｶ", tuesday + 1)).payout.has_value());
  BOOST_TEST(!sent.one(out(500, "", "ﾐﾄﾞﾘ")).payout.has_value());
}

BOOST_AUTO_TEST_CASE(then_by_amount_and_date_where_one_alone_fits) {
  Sent sent;
  const PayoutId a = sent.add(500, "R-A", "アカ");
  const ImportedEntry found = sent.one(out(500));
  BOOST_TEST((found.payout == a));
  BOOST_TEST((found.key == MatchKey::amount_date));
  sent.add(500, "R-B", "アオ");
  BOOST_TEST(!sent.one(out(500)).payout.has_value());
  // A line that names its payout leaves one: whichever stands first.
  for (const bool first : {true, false}) {
    const auto lines =
        first ? sent.match({out(500, "R-A"), out(500)}) : sent.match({out(500), out(500, "R-A")});
    BOOST_TEST((lines[first ? 0 : 1].payout == a));
    BOOST_TEST((lines[first ? 1 : 0].payout == PayoutId{2}));
  }
}

BOOST_AUTO_TEST_CASE(no_payout_twice) {
  Sent sent;
  sent.add(500, "R-A", "アカ");
  const auto lines = sent.match({out(500, "R-A"), out(500, "R-A"), out(500, "", "ｱｶ"), out(500)});
  BOOST_TEST(lines[0].payout.has_value());
  for (std::size_t i = 1; i < 4; ++i) BOOST_TEST(!lines[i].payout.has_value());
}

BOOST_AUTO_TEST_CASE(what_comes_back_was_gone_before) {
  Sent sent;
  const PayoutId a = sent.add(500, "R-A", "アカ", PayoutState::confirmed);
  BOOST_TEST((sent.one(in(500, "R-A")).payout == a));
  BOOST_TEST((sent.one(in(500, "", "ｱｶ")).payout == a));
  // Money that comes in with the right amount alone may be anybody's.
  BOOST_TEST(!sent.one(in(500)).payout.has_value());
  BOOST_TEST(!sent.one(in(500, "", "ｱｶ", tuesday - 1)).payout.has_value());
  BOOST_TEST((sent.one(in(500, "", "ｱｶ", tuesday + 60)).payout == a));
  BOOST_TEST(!sent.one(in(500, "", "ｱｶ", tuesday + 61)).payout.has_value());
  BOOST_TEST(!sent.one(out(500, "R-A")).payout.has_value());  // it went out once
}

BOOST_AUTO_TEST_CASE(out_and_back_in_one_statement) {
  Sent sent;
  const PayoutId a = sent.add(500, "R-A", "アカ");
  const auto lines = sent.match({out(500, "R-A"), in(500, "", "ｱｶ")});
  BOOST_TEST((lines[0].payout == a));
  BOOST_TEST((lines[1].payout == a));
  const auto reversed = sent.match({in(500, "", "ｱｶ"), out(500, "R-A")});
  BOOST_TEST(!reversed[0].payout.has_value());
}

BOOST_AUTO_TEST_CASE(another_account_or_currency_is_another) {
  Sent sent;
  sent.add(500, "R-A", "アカ");
  BOOST_TEST(!sent.match({out(500, "R-A")}, {1}).front().payout.has_value());
  BOOST_TEST(!sent.match({out(500, "R-A")}, {}, Currency::gbp).front().payout.has_value());
  BOOST_TEST(!sent.one({std::numeric_limits<std::int64_t>::min(), tuesday, {"R-A"}, {}})
                  .payout.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
