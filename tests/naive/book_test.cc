// The naive book on the scenarios' own postings: what is left in purses and on accounts.
#include "tests/naive/book.h"

#include <boost/test/unit_test.hpp>

#include "tests/naive/world.h"

using namespace obverse::naive;
using namespace obverse::naive::tests;

BOOST_AUTO_TEST_SUITE(naive_book)

BOOST_AUTO_TEST_CASE(a_posting_that_does_not_add_up_changes_nothing) {
  Book book;
  BOOST_CHECK_THROW(book.post({{"a", 10, 0}, {"b", 0, 9}}), std::logic_error);
  BOOST_CHECK_THROW(book.post({{"a", 10, 0, "JPY"}, {"b", 0, 10, "PT"}}), std::logic_error);
  BOOST_TEST(book.debit_of("a") == 0);
  BOOST_TEST(book.adds_up());
}

BOOST_AUTO_TEST_CASE(s04_too_little_at_entry_and_at_exit) {
  Book book;
  book.load("bob", 180);
  BOOST_TEST(!may_enter(190, book.available("2010.Wallet:bob")));
  book.load("bob", 120);
  BOOST_TEST(may_enter(190, book.available("2010.Wallet:bob")));
  book.hold("J1", "2010.Wallet:bob", entry_hold(390, book.available("2010.Wallet:bob")));
  BOOST_TEST(book.available("2010.Wallet:bob") == 0);
  book.load("bob", 500);
  const Charge fare = price(ride("A0", clock(8, 0), "A9", clock(8, 50)), tariff_of(omt_1()), {});
  book.charge("bob", "OM", fare);
  book.release("J1");
  BOOST_TEST(book.credit_of("2010.Wallet:bob") == 410);
  BOOST_TEST(book.available("2010.Wallet:bob") == 410);
  BOOST_TEST(book.adds_up());
}

BOOST_AUTO_TEST_CASE(s07_and_s08_and_s40) {
  const NaiveTariff tariff = tariff_of(omt_1());
  Book book;
  book.load("alice", 1000);
  const Journey first = ride("A0", clock(8, 40), "A1", clock(9, 0));
  book.charge("alice", "OM", price(first, tariff, {}));
  book.charge("alice", "OM", price(ride("A1'", clock(9, 30), "A6", clock(9, 55)), tariff, {first}));
  BOOST_TEST(book.credit_of("2010.Wallet:alice") == 710);

  Charge bus;
  bus.charged = 210;
  bus.points = 120;
  book.charge("alice", "CB", bus);
  BOOST_TEST(book.credit_of("2120.Points:alice", "PT") == 120);
  BOOST_TEST(book.credit_of("2030.OperatorPayable:CB") == 210);

  Charge senior;
  senior.charged = 50;
  senior.sponsored = 190;
  book.charge("tae", "OM", senior, "city");
  BOOST_TEST(book.debit_of("1150.SponsorReceivable:city") == 190);
  BOOST_TEST(book.credit_of("2030.OperatorPayable:OM") == 290 + 240);
  BOOST_TEST(book.adds_up());
}

BOOST_AUTO_TEST_CASE(s11_what_was_too_much_is_given_back) {
  const NaiveTariff tariff = tariff_of(omt_1());
  Book book;
  book.load("erin", 1000);
  Journey lost = ride("A0", clock(18, 0), "", 0);
  const Charge most = price(lost, tariff, {});
  book.charge("erin", "OM", most);
  lost.exit = "A5";
  lost.left = clock(18, 40);
  book.adjust("erin", "OM", most.charged, price(lost, tariff, {}).charged);
  BOOST_TEST(book.credit_of("2010.Wallet:erin") == 710);
  BOOST_TEST(book.credit_of("2030.OperatorPayable:OM") == 290);
}

BOOST_AUTO_TEST_CASE(s06_every_day_of_a_pass_earns_its_part_and_all_make_the_price) {
  BOOST_TEST(recognised(9480, 30, 1) == 316);
  BOOST_TEST(recognised(9480, 30, 30) == 316);
  BOOST_TEST(recognised(9930, 31, 1) == 320);
  BOOST_TEST(recognised(9930, 31, 31) == 321);
  std::int64_t sum = 0;
  for (int day = 1; day <= 31; ++day) sum += recognised(9930, 31, day);
  BOOST_TEST(sum == 9930);
}

BOOST_AUTO_TEST_SUITE_END()
