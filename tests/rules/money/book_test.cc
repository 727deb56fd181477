// Double entry: what can be posted, what cannot, and that nothing wraps.
#include "ledger/rules/money/book.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <tuple>

#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
const Account bank = bank_account({0}, Currency::jpy);
const Account wallet = wallet_of(RiderId{1}, Currency::jpy);
const Account shop = payable_to(MerchantId{1}, Currency::jpy);

Entries move(const Account& from, const Account& to, std::int64_t minor) {
  return {{from, Side::debit, minor}, {to, Side::credit, minor}};
}

// All of the book's own promises at once; the tests below show that it can fail.
bool is_sound(const Book& book) {
  for (const auto& [currency, sum] : trial_balance(book)) {
    const auto total = book.totals.find(currency);
    if (sum.debits != sum.credits || total == book.totals.end() || total->second != sum)
      return false;
  }
  for (const auto& [account, turnover] : book.accounts)
    if (account.chart == Chart::wallet && balance(book, account) < 0) return false;
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(book)

BOOST_AUTO_TEST_CASE(balances_stand_on_their_normal_side) {
  Book book;
  apply(book, *make_posting(book, PostingReason::funds_loaded, move(bank, wallet, 5'000)));
  apply(book, *make_posting(book, PostingReason::purchase_captured, move(wallet, shop, 1'620)));
  BOOST_TEST(balance(book, bank) == 5'000);
  BOOST_TEST(balance(book, wallet) == 3'380);
  BOOST_TEST(balance(book, shop) == 1'620);
  BOOST_TEST(balance(book, wallet_of(RiderId{2}, Currency::jpy)) == 0);
  BOOST_TEST(balance(book, wallet_of(RiderId{1}, Currency::gbp)) == 0);
  const auto sums = trial_balance(book);
  BOOST_TEST(sums.size() == 1U);
  BOOST_TEST((sums.at(Currency::jpy) == Turnover{6'620, 6'620}));
  BOOST_TEST(is_sound(book));
}

BOOST_AUTO_TEST_CASE(only_balanced_entries_are_balanced) {
  BOOST_TEST(is_balanced(move(bank, wallet, 1)));
  BOOST_TEST(!is_balanced({}));
  BOOST_TEST(!is_balanced({{bank, Side::debit, 1}}));
  BOOST_TEST(!is_balanced({{bank, Side::debit, 2}, {wallet, Side::credit, 1}}));
  BOOST_TEST(!is_balanced({{bank, Side::debit, 1}, {wallet, Side::debit, 1}}));
  BOOST_TEST(!is_balanced(move(bank, wallet, 0)));
  BOOST_TEST(!is_balanced(move(bank, wallet, -1)));
  const Account pounds = wallet_of(RiderId{1}, Currency::gbp);
  BOOST_TEST(!is_balanced(move(bank, pounds, 1)));
  BOOST_TEST(!is_balanced({{bank, Side::debit, most},
                           {bank, Side::debit, 1},
                           {wallet, Side::credit, most},
                           {wallet, Side::credit, 1}}));
  Entries two = move(bank, wallet, 7);
  two.push_back({pounds, Side::debit, 3});
  two.push_back({payable_to(MerchantId{1}, Currency::gbp), Side::credit, 3});
  BOOST_TEST(is_balanced(two));
}

// Invariant 11.
BOOST_AUTO_TEST_CASE(money_comes_from_outside_only_by_loading) {
  using enum PostingReason;
  BOOST_TEST(is_allowed(funds_loaded, move(bank, wallet, 1)));
  for (const PostingReason reason :
       {debt_recovered, purchase_captured, purchase_reversed, refund_issued, fare_charged,
        maximum_fare_charged, fare_adjusted}) {
    BOOST_TEST(!is_allowed(reason, move(bank, wallet, 1)));
    BOOST_TEST(!is_allowed(reason, move(wallet, Account{Chart::equity, 0, Currency::jpy}, 1)));
    BOOST_TEST(is_allowed(reason, move(wallet, shop, 1)));
  }
}

BOOST_AUTO_TEST_CASE(amounts_are_positive) {
  const Book book;
  for (const std::int64_t minor : {std::int64_t{0}, std::int64_t{-1}, -most - 1}) {
    const auto posted = make_posting(book, PostingReason::funds_loaded, move(bank, wallet, minor));
    BOOST_TEST((posted.error() == Refusal::amount_must_be_positive));
  }
}

BOOST_AUTO_TEST_CASE(a_wallet_never_falls_below_zero) {
  Book book;
  apply(book, *make_posting(book, PostingReason::funds_loaded, move(bank, wallet, 100)));
  const auto too_much =
      make_posting(book, PostingReason::purchase_captured, move(wallet, shop, 101));
  BOOST_TEST((too_much.error() == Refusal::funds_must_cover_amount));
  Entries twice = move(wallet, shop, 60);
  twice.push_back({wallet, Side::debit, 60});
  twice.push_back({shop, Side::credit, 60});
  const auto together = make_posting(book, PostingReason::purchase_captured, twice);
  BOOST_TEST((together.error() == Refusal::funds_must_cover_amount));
  BOOST_TEST(
      make_posting(book, PostingReason::purchase_captured, move(wallet, shop, 100)).has_value());
  // A merchant may owe: a refund after the payout.
  BOOST_TEST(make_posting(book, PostingReason::refund_issued, move(shop, wallet, 5)).has_value());
  const Account bonus{Chart::wallet_bonus, 1, Currency::jpy};
  const auto free_value =
      make_posting(book, PostingReason::purchase_captured, move(bonus, shop, 1));
  BOOST_TEST((free_value.error() == Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_CASE(entries_of_the_same_decision_count) {
  const Book book;
  const Entries load = move(bank, wallet, 100);
  BOOST_TEST(make_posting(book, PostingReason::purchase_captured, move(wallet, shop, 100), load)
                 .has_value());
  const auto more =
      make_posting(book, PostingReason::purchase_captured, move(wallet, shop, 101), load);
  BOOST_TEST((more.error() == Refusal::funds_must_cover_amount));
  const auto overflow =
      make_posting(book, PostingReason::funds_loaded, move(bank, wallet, most - 99), load);
  BOOST_TEST((overflow.error() == Refusal::amount_must_fit));
  BOOST_TEST(make_posting(book, PostingReason::funds_loaded, move(bank, wallet, most - 100), load)
                 .has_value());
}

// Invariant 13.
BOOST_AUTO_TEST_CASE(overflow_is_refused_never_wrapped) {
  Book book;
  apply(book, *make_posting(book, PostingReason::funds_loaded, move(bank, wallet, most - 1)));
  const auto over = make_posting(book, PostingReason::funds_loaded, move(bank, wallet, 2));
  BOOST_TEST((over.error() == Refusal::amount_must_fit));
  // Another account, the same currency: the sum over all accounts must fit too.
  const Account other = wallet_of(RiderId{2}, Currency::jpy);
  const auto sum = make_posting(book, PostingReason::funds_loaded, move(bank, other, 2));
  BOOST_TEST((sum.error() == Refusal::amount_must_fit));
  Entries alone = move(bank, wallet, most);
  alone.push_back({bank, Side::debit, most});
  alone.push_back({wallet, Side::credit, most});
  const auto in_itself = make_posting(Book{}, PostingReason::funds_loaded, alone);
  BOOST_TEST((in_itself.error() == Refusal::amount_must_fit));
  apply(book, *make_posting(book, PostingReason::funds_loaded, move(bank, other, 1)));
  BOOST_TEST(balance(book, bank) == most);
  BOOST_TEST(is_sound(book));
}

BOOST_AUTO_TEST_CASE(the_soundness_check_can_fail) {
  Book book;
  apply(book, *make_posting(book, PostingReason::funds_loaded, move(bank, wallet, 100)));
  Book lost = book;
  lost.accounts[wallet].credits -= 1;
  BOOST_TEST(!is_sound(lost));
  Book untold = book;
  untold.totals.clear();
  BOOST_TEST(!is_sound(untold));
  Book overdrawn = book;
  overdrawn.accounts[wallet].debits += 101;
  overdrawn.accounts[shop].credits += 101;
  overdrawn.totals[Currency::jpy] = {201, 201};
  BOOST_TEST(!is_sound(overdrawn));
}

// Invariants 1, 2, 3, 4 and 13: arbitrary entries, of any size, between a few accounts.
BOOST_AUTO_TEST_CASE(invariants_1_to_4_and_13_hold_for_any_postings) {
  using Step = std::tuple<std::uint8_t, std::uint8_t, bool, std::uint64_t, std::uint8_t>;
  BOOST_TEST(rc::check("what the book accepts keeps it sound", [] {
    const std::vector<Account> accounts{bank,
                                        wallet,
                                        shop,
                                        wallet_of(RiderId{2}, Currency::jpy),
                                        bank_account({0}, Currency::gbp),
                                        wallet_of(RiderId{1}, Currency::gbp)};
    Book book;
    std::vector<Posted> log;
    for (const auto& [a, b, load, bits, shift] : *rc::gen::arbitrary<std::vector<Step>>()) {
      const Account& from = accounts[a % accounts.size()];
      const Account& to = accounts[b % accounts.size()];
      // Any magnitude up to the very edge, and zero.
      const auto minor =
          static_cast<std::int64_t>((bits | std::uint64_t{1} << 63) >> 1 >> (shift % 64));
      const Entries entries = move(from, to, minor);
      const auto reason = load ? PostingReason::funds_loaded : PostingReason::purchase_captured;
      if (minor > 0 && (!is_balanced(entries) || !is_allowed(reason, entries))) continue;
      const auto posted = make_posting(book, reason, entries);
      if (!posted) continue;
      for (const Entry& entry : posted->entries) RC_ASSERT(entry.minor > 0);
      apply(book, *posted);
      log.push_back(*posted);
      RC_ASSERT(is_sound(book));
    }
    Book again;
    for (const Posted& posted : log) apply(again, posted);
    RC_ASSERT(again == book);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
