// What is owed to the rails: nothing before it is on the disk, everything after it, again until it
// is answered, and all of it after a restart.
#include "ledger/engine/outbox.h"

#include "tests/engine/world.h"

namespace obverse {
namespace {

class ListeningRail final : public Rail {
 public:
  void send(const RailOrder& order) override { orders.push_back(order); }
  std::vector<RailOrder> take() { return std::exchange(orders, {}); }
  std::vector<RailOrder> orders;
};

constexpr Duration resend_after = seconds(4);

struct Acquired {
  Town town;
  ListeningRail rail;
  std::unique_ptr<Outbox> outbox;
  Acquired() {
    town.found(1);
    town.ask(PublishCardTerms{});
    town.ask(LinkPaymentMethod{{1}, Scheme::mastercard, "tok-1", {}});
    const PaymentMethodId card{town.ledger().head().position.value};
    town.ask(ChooseTender{{1}, Tender::card, card});
    open();
  }
  void open() {
    outbox = std::make_unique<Outbox>(rail, town.ledger().state(), resend_after);
    town.ledger().follow(*outbox);
  }
  Answer pay(std::uint64_t number) {
    return town.ask(Pay{till, seen({1}, till, town.clock.now()), yen(540), {}},
                    attempt_at(till, number));
  }
  Answer answer(RailRequestId request, RailOutcome outcome) {
    const Code approval = outcome == RailOutcome::approved ? "A1" : "";
    return town.ask(TakeRailAnswer{request, outcome, approval});
  }
  std::vector<RailOrder> deliver() {
    outbox->deliver(town.clock.now());
    return rail.take();
  }
};

BOOST_AUTO_TEST_SUITE(outbox)

BOOST_AUTO_TEST_CASE(an_order_says_all_that_a_rail_needs_and_no_more) {
  Acquired a;
  BOOST_TEST(!a.outbox->next().has_value());
  const Answer asked = a.pay(1);
  const Instant deadline = std::get<Pending>(asked.reply).deadline;
  BOOST_TEST(a.outbox->owed() == 1U);
  BOOST_TEST(a.outbox->next().has_value());
  BOOST_TEST(
      (a.deliver() ==
       std::vector<RailOrder>{RailOrder{
           {1}, RailKind::authorise, Scheme::mastercard, "tok-1", yen(540), {}, "", deadline}}));
  a.answer({1}, RailOutcome::approved);
  BOOST_TEST((a.deliver() == std::vector<RailOrder>{RailOrder{{2},
                                                              RailKind::capture,
                                                              Scheme::mastercard,
                                                              "tok-1",
                                                              yen(540),
                                                              RailRequestId{1},
                                                              "A1",
                                                              {}}}));
  a.answer({2}, RailOutcome::approved);
  BOOST_TEST(a.outbox->owed() == 0U);
  BOOST_TEST(a.deliver().empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_that_was_not_written) {
  Acquired a;
  a.town.log.fail = Appended::disk_full;
  a.pay(1);
  BOOST_TEST(a.outbox->owed() == 0U);
  BOOST_TEST(a.deliver().empty());
}

BOOST_AUTO_TEST_CASE(it_is_sent_again_until_it_is_answered) {
  Acquired a;
  a.pay(1);
  BOOST_TEST(a.deliver().size() == 1U);
  BOOST_TEST(a.deliver().empty());
  BOOST_TEST((a.outbox->next() == a.town.clock.now() + resend_after));
  a.town.clock.advance(resend_after);
  const auto again = a.deliver();
  BOOST_REQUIRE_EQUAL(again.size(), 1U);
  BOOST_TEST((again[0].request == RailRequestId{1}));
  // An answer that says nothing leaves a capture owed.
  a.answer({1}, RailOutcome::approved);
  BOOST_TEST(a.deliver().size() == 1U);
  a.answer({2}, RailOutcome::unavailable);
  a.town.clock.advance(resend_after);
  BOOST_TEST(a.deliver().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_after_the_deadline_but_for_a_reversal) {
  Acquired a;
  a.pay(1);
  a.town.clock.advance(seconds(10));
  BOOST_TEST(a.deliver().empty());  // the timer has not run yet
  BOOST_TEST(!a.outbox->next().has_value());
  while (a.town.ledger().step()) {
  }
  const auto orders = a.deliver();
  BOOST_REQUIRE_EQUAL(orders.size(), 1U);
  BOOST_TEST((orders[0].kind == RailKind::reverse));
  BOOST_TEST((orders[0].original == RailRequestId{1}));
}

BOOST_AUTO_TEST_CASE(after_a_restart_everything_that_is_owed_is_sent) {
  Acquired a;
  a.pay(1);
  a.pay(2);
  a.deliver();
  a.answer({1}, RailOutcome::approved);
  a.outbox.reset();
  a.rail.take();
  a.town.open();
  a.open();
  std::vector<std::pair<std::uint64_t, RailKind>> sent;
  for (const RailOrder& order : a.deliver()) {
    sent.emplace_back(order.request.value, order.kind);
    BOOST_TEST(order.token == "tok-1");
  }
  BOOST_TEST((sent == std::vector<std::pair<std::uint64_t, RailKind>>{{2, RailKind::authorise},
                                                                      {3, RailKind::capture}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
