// Wallets that are filled by themselves: S39, and everything that must not ask a card.
#include "ledger/rules/money/auto_load.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Low {
  CardWorld world = card_world();
  RiderId sho;
  PaymentMethodId card;
  explicit Low(std::int64_t funds = 1'100) : sho(world.add_rider(funds)), card(world.link(sho)) {
    world.ask(SetAutoLoad{sho, card, yen(1'000), yen(3'000)});
  }
  Decision ride() {
    world.enter(sho, "A0");
    world.now = world.now + minutes(15);
    return world.leave(sho, "A3");
  }
};

const Account visa = receivable_from(Scheme::visa, Currency::jpy);

}  // namespace

BOOST_AUTO_TEST_SUITE(auto_load)

BOOST_AUTO_TEST_CASE(s39_a_fare_leaves_too_little_and_the_card_is_asked) {
  Low low;
  low.world.enter(low.sho, "A0");  // the entry's hold is no fare
  BOOST_TEST(low.world.state.cards.rails.open.empty());
  low.world.now = low.world.now + minutes(15);
  const Decision out = low.world.leave(low.sho, "A3");
  BOOST_TEST((std::get<Left>(out.reply).balance == yen(860)));
  BOOST_TEST((*first<AutoLoadTriggered>(out.events) ==
              AutoLoadTriggered{low.sho, low.card, yen(3'000), {1}}));
  BOOST_TEST((asks(out, RailKind::authorise)->what.amount == yen(3'000)));
  const Decision loaded = low.world.approve();
  BOOST_TEST(posts(
      loaded, PostingReason::funds_loaded,
      {{visa, Side::debit, 3'000}, {wallet_of(low.sho, Currency::jpy), Side::credit, 3'000}}));
  BOOST_TEST((first<FundsLoaded>(loaded.events)->bank == no_bank));
  BOOST_TEST(asks(loaded, RailKind::capture) != nullptr);
  BOOST_TEST(low.world.wallet(low.sho) == 3'860);
}

BOOST_AUTO_TEST_CASE(a_declined_card_is_not_asked_again_on_the_same_day) {
  Low low;
  low.world.now = {1'750'032'000'000};  // 09:00 in Tokyo
  low.ride();
  const Decision failed = low.world.decline();
  BOOST_TEST((first<AutoLoadFailed>(failed.events)->refusal == Refusal::method_must_be_approved));
  BOOST_TEST(count<AutoLoadTriggered>(low.ride().events) == 0U);
  low.world.now = {1'750'085'999'000};  // one second before midnight
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 10).events) == 0U);
  low.world.now = low.world.now + seconds(1);
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 10).events) == 1U);
}

BOOST_AUTO_TEST_CASE(one_load_at_a_time) {
  Low low;
  low.ride();
  BOOST_TEST(count<AutoLoadTriggered>(low.ride().events) == 0U);
  low.world.approve();
  // The wallet is full enough; then it is not, on the same day.
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 100).events) == 0U);
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 2'600).events) == 1U);
}

BOOST_AUTO_TEST_CASE(the_threshold_itself_is_enough) {
  Low low(2'000);
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 1'000).events) == 0U);
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 1).events) == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_held_elsewhere_is_not_left) {
  Low low(2'000);
  low.world.ask(
      AuthorisePurchase{low.world.till, low.world.face_of(low.sho, low.world.till), yen(900), {}},
      Attempt{low.world.till, key_of(200)});
  BOOST_TEST(count<AutoLoadTriggered>(low.world.pay(low.sho, 101).events) == 1U);
}

BOOST_AUTO_TEST_CASE(a_capture_and_a_maximum_fare_may_leave_too_little_too) {
  Low low(1'100);
  const Decision held = low.world.ask(
      AuthorisePurchase{low.world.till, low.world.face_of(low.sho, low.world.till), yen(300), {}},
      Attempt{low.world.till, key_of(200)});
  const Decision captured =
      low.world.ask(CapturePurchase{low.world.till, purchase_of(held), yen(101)});
  BOOST_TEST(count<AutoLoadTriggered>(captured.events) == 1U);
  Low lost(1'100);
  lost.world.enter(lost.sho, "A0");
  lost.world.wait(hours(4));
  BOOST_TEST(lost.world.state.cards.loads.asked.contains(lost.sho));
}

BOOST_AUTO_TEST_CASE(silence_is_a_failure_and_is_reversed) {
  Low low;
  low.ride();
  const RailRequestId asked = low.world.asked();
  low.world.wait(hours(1));
  BOOST_TEST(low.world.state.cards.loads.failed_on.contains(low.sho));
  BOOST_TEST(!low.world.state.cards.loads.asked.contains(low.sho));
  BOOST_TEST(asks(low.world.approve(asked), RailKind::reverse) != nullptr);
  BOOST_TEST(low.world.wallet(low.sho) == 860);
  Low away;
  away.ride();
  const Decision failed = away.world.answer(away.world.asked(), RailOutcome::unavailable);
  BOOST_TEST((first<AutoLoadFailed>(failed.events)->refusal == Refusal::rail_must_answer));
}

BOOST_AUTO_TEST_CASE(a_load_recovers_debts_as_every_load_does) {
  Low low;
  apply(low.world.state.book,
        Posted{PostingReason::fare_charged,
               {{debt_of(low.sho, Currency::jpy), Side::debit, 200},
                {payable_to(low.world.om, Currency::jpy), Side::credit, 200}}});
  low.ride();
  BOOST_TEST(count<DebtRecovered>(low.world.approve().events) == 1U);
  BOOST_TEST(low.world.wallet(low.sho) == 3'660);
}

BOOST_AUTO_TEST_CASE(settings_must_make_sense) {
  Low low;
  const auto set = [&](PaymentMethodId card, Money threshold, Money amount) {
    return low.world.ask(SetAutoLoad{low.sho, card, threshold, amount});
  };
  BOOST_TEST(refuses(set({999}, yen(1), yen(1)), Refusal::method_must_be_linked));
  BOOST_TEST(refuses(set(low.card, yen(0), yen(1)), Refusal::auto_load_must_be_valid));
  BOOST_TEST(refuses(set(low.card, yen(1), yen(0)), Refusal::auto_load_must_be_valid));
  BOOST_TEST(refuses(set(low.card, yen(1), {1, Currency::gbp}), Refusal::auto_load_must_be_valid));
  BOOST_TEST(
      refuses(set(low.card, {1, Currency::gbp}, {1, Currency::gbp}), Refusal::wallet_must_be_open));
}

BOOST_AUTO_TEST_CASE(who_stopped_it_or_lost_the_card_or_leaves_is_not_asked) {
  Low stopped;
  stopped.world.ask(StopAutoLoad{stopped.sho});
  BOOST_TEST(refuses(stopped.world.ask(StopAutoLoad{stopped.sho}), Refusal::auto_load_must_be_set));
  BOOST_TEST(count<AutoLoadTriggered>(stopped.ride().events) == 0U);
  Low unlinked;
  unlinked.world.ask(UnlinkPaymentMethod{unlinked.sho, unlinked.card});
  BOOST_TEST(count<AutoLoadTriggered>(unlinked.ride().events) == 0U);
  Low leaving;
  leaving.world.enter(leaving.sho, "A0");
  leaving.world.ask(EraseRider{leaving.sho});
  leaving.world.now = leaving.world.now + minutes(15);
  const TerminalId gate = leaving.world.gates.at("A3");
  const Decision out = leaving.world.ask(LeaveGate{gate, leaving.world.pin_of(leaving.sho)});
  BOOST_TEST(count<AutoLoadTriggered>(out.events) == 0U);
  BOOST_TEST(count<ErasureCompleted>(out.events) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
