// Sales without network: S21 step by step, who bears what, the order of a terminal's numbers
// (invariant 48), clocks that are wrong, places too far apart, and codes of lost devices.
#include "ledger/rules/places/offline.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "ledger/model/limits.h"
#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

struct Shop {
  PlaceWorld world = place_world();
  TerminalId till = world.till;
  MerchantId merchant{1};
  RiderId ivy = world.add_rider(2'000);
  TerminalLimits limits;
  std::uint64_t next = 1;
  Instant lost_network;

  explicit Shop(const TerminalLimits& of = {}) : limits(of) {
    Policy policy = test_policy();
    policy.two_persons.for_offline = false;
    world.ask(PublishPolicy{policy});
    world.ask(PublishTerminalLimits{limits});
    lost_network = world.now;
    world.now = world.now + minutes(30);
  }
  OpenOfflineBatch batch(std::uint64_t count, TerminalId at, Duration skew = {}) const {
    return {at, next, count, lost_network + skew, lost_network, {1}, world.now + skew};
  }
  Decision open(std::uint64_t count) { return world.ask(batch(count, till)); }
  UploadOffline sale(std::uint64_t sequence, RiderId rider, std::int64_t minor, Duration after,
                     TerminalId at) const {
    UploadOffline upload{at, sequence, world.face_of(rider, at), yen(minor), lost_network + after};
    upload.presence.face->at = upload.captured_at;
    return upload;
  }
  Decision bring(const UploadOffline& upload) {
    return world.ask(upload, Attempt{upload.terminal, key_of(++world.keys)});
  }
  // The next one of this shop, so many minutes after the network was lost.
  Decision bring(RiderId rider, std::int64_t minor, std::int64_t after = 1) {
    return bring(sale(next++, rider, minor, minutes(after), till));
  }
  std::int64_t earned() const {
    return balance(world.state.book, payable_to(merchant, Currency::jpy));
  }
  bool is_denied(RiderId rider) const { return world.state.enrolments.deny_listed.contains(rider); }
};

OfflineVerdict verdict_of(const Decision& decision) {
  return std::get<Uploaded>(decision.reply).verdict;
}
std::optional<Refusal> why_rejected(const Decision& decision) {
  const auto* rejected = first<OfflineEventRejected>(decision.events);
  return rejected == nullptr ? std::nullopt : std::optional(rejected->refusal);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(offline)

// S21 in the rules: 800 from the balance, 400 and a debt of 400, a debt of 800; then a load.
BOOST_AUTO_TEST_CASE(what_the_wallet_does_not_cover_becomes_a_debt) {
  Shop shop;
  shop.world.pay(shop.ivy, 800);  // online, meanwhile
  shop.open(3);
  const Decision one = shop.bring(shop.ivy, 800);
  BOOST_TEST((first<OfflineEventAccepted>(one.events)->from_wallet == 800));
  const Decision two = shop.bring(shop.ivy, 800, 2);
  const auto* shared = first<OfflineEventAccepted>(two.events);
  BOOST_TEST((shared->from_wallet == 400 && shared->debt == 400 && shared->borne == 0));
  BOOST_TEST((first<DenyListed>(two.events)->rider == shop.ivy));
  const Decision three = shop.bring(shop.ivy, 800, 3);
  BOOST_TEST(first<OfflineEventAccepted>(three.events)->debt == 800);  // and is told once
  BOOST_TEST((count<DenyListed>(one.events) + count<DenyListed>(three.events) == 0U));
  BOOST_TEST((shop.world.wallet(shop.ivy) == 0 && shop.world.debt(shop.ivy) == 1'200));
  BOOST_TEST(shop.earned() == 800 + 2'400);
  // Owing, she gets in nowhere; a load that pays half of it changes nothing.
  BOOST_TEST(
      (refusal_of(shop.world.enter(shop.ivy, "A0")) == Refusal::rider_must_not_be_deny_listed));
  const Decision half = shop.world.ask(LoadFunds{shop.ivy, yen(600), {}});
  BOOST_TEST(count<DenyListCleared>(half.events) == 0U);
  const Decision paid = shop.world.ask(LoadFunds{shop.ivy, yen(900), {}});
  BOOST_TEST(count<DenyListCleared>(paid.events) == 1U);
  BOOST_TEST((shop.world.wallet(shop.ivy) == 300 && shop.world.debt(shop.ivy) == 0));
  BOOST_TEST(!refusal_of(shop.world.enter(shop.ivy, "A0")));
}

BOOST_AUTO_TEST_CASE(who_is_inside_when_the_debt_arises_gets_out) {
  Shop shop;
  shop.world.enter(shop.ivy, "A0");
  shop.open(3);
  for (int i = 0; i < 3; ++i) shop.bring(shop.ivy, 800);
  BOOST_REQUIRE(shop.is_denied(shop.ivy));
  BOOST_TEST(!refusal_of(shop.world.leave(shop.ivy, "A3")));
}

BOOST_AUTO_TEST_CASE(what_is_held_is_not_taken) {
  Shop shop;
  shop.world.enter(shop.ivy, "A0");  // holds 390 of the 2,000
  shop.open(2);
  shop.bring(shop.ivy, 1'000);
  const Decision second = shop.bring(shop.ivy, 1'000);
  const std::int64_t taken = first<OfflineEventAccepted>(second.events)->from_wallet;
  BOOST_TEST((taken == 610 && shop.world.free(shop.ivy) == 0));
}

BOOST_AUTO_TEST_CASE(above_the_floor_the_shop_sells_at_its_own_risk) {
  TerminalLimits limits;
  limits.floor_max = 500;
  Shop shop(limits);
  const RiderId poor = shop.world.add_rider(200);
  const RiderId broke = shop.world.add_rider(0);
  const RiderId rich = shop.world.add_rider(700);
  shop.open(4);
  const auto shares = [&](RiderId rider, std::int64_t minor) {
    const auto one = *first<OfflineEventAccepted>(shop.bring(rider, minor).events);
    return std::tuple{one.from_wallet, one.debt, one.borne};
  };
  BOOST_TEST((shares(poor, 900) == std::tuple{200, 300, 400}));
  BOOST_TEST((shares(rich, 900) == std::tuple{700, 0, 200}));  // no debt above the floor
  BOOST_TEST((shares(broke, 500) == std::tuple{0, 500, 0}));
  BOOST_TEST(shop.earned() == 500 + 700 + 500);
  BOOST_TEST((shop.is_denied(poor) && shop.is_denied(broke) && !shop.is_denied(rich)));
  // Nothing is posted, and no purchase made, where the shop bears it all.
  limits.floor_max = 0;
  Shop other(limits);
  const RiderId nobody = other.world.add_rider(0);
  other.open(1);
  const Decision whole = other.bring(nobody, 900);
  BOOST_TEST((verdict_of(whole) == OfflineVerdict::accepted));
  BOOST_TEST((count<Posted>(whole.events) == 0U && count<PurchaseCaptured>(whole.events) == 0U));
}

BOOST_AUTO_TEST_CASE(an_accepted_sale_is_a_purchase_like_any_other) {
  Shop shop;
  shop.open(1);
  const Decision sold = shop.bring(shop.ivy, 800);
  const PurchaseId purchase = first<PurchaseCaptured>(sold.events)->purchase;
  BOOST_TEST(!refusal_of(shop.world.ask(RefundPurchase{shop.till, purchase, yen(800)})));
  BOOST_TEST(shop.world.wallet(shop.ivy) == 2'000);
  BOOST_TEST((refusal_of(shop.world.ask(RefundPurchase{shop.till, purchase, yen(1)})) ==
              Refusal::refund_must_fit_purchase));
}

BOOST_AUTO_TEST_CASE(limits_hold_by_sale_person_terminal_and_time) {
  TerminalLimits limits;
  limits.terminal_max = 4'000;
  Shop shop(limits);
  const RiderId other = shop.world.add_rider(9'000);
  const RiderId third = shop.world.add_rider(9'000);
  shop.open(9);
  const auto rejected = [&](RiderId rider, std::int64_t minor, std::int64_t after) {
    return why_rejected(shop.bring(rider, minor, after));
  };
  using enum Refusal;
  BOOST_TEST((rejected(other, 1'001, 1) == offline_sale_must_fit_limits));
  for (int i = 0; i < 3; ++i) BOOST_TEST(!rejected(other, 1'000, 1));
  BOOST_TEST((rejected(other, 1, 1) == offline_sale_must_fit_limits));  // 3,001 of one person
  BOOST_TEST((rejected(third, 1, -1) == offline_time_must_fit_limits));
  BOOST_TEST(!rejected(third, 1'000, 30));
  BOOST_TEST((rejected(third, 1, 30) == offline_sale_must_fit_limits));  // 4,001 at the terminal
  BOOST_TEST((rejected(third, 0, 30) == amount_must_be_positive));
  BOOST_TEST(shop.world.wallet(other) == 6'000);
}

BOOST_AUTO_TEST_CASE(an_hour_after_the_network_was_lost_it_is_over) {
  Shop shop;
  shop.world.now = shop.lost_network + minutes(90);
  shop.open(2);
  BOOST_TEST(!why_rejected(shop.bring(shop.ivy, 10, 60)));
  BOOST_TEST(
      (why_rejected(shop.bring(shop.sale(shop.next++, shop.ivy, 10, milliseconds(60 * 60'000 + 1),
                                         shop.till))) == Refusal::offline_time_must_fit_limits));
}

BOOST_AUTO_TEST_CASE(another_currency_is_not_sold) {
  Shop shop;
  shop.open(1);
  UploadOffline upload = shop.sale(1, shop.ivy, 5, minutes(1), shop.till);
  upload.amount.currency = Currency::usd;
  BOOST_TEST((why_rejected(shop.bring(upload)) == Refusal::currency_must_match));
}

BOOST_AUTO_TEST_CASE(who_may_not_pay_now_has_not_paid_then) {
  Shop shop;
  const RiderId shy = shop.world.add_rider(5'000);
  const RiderId gone = shop.world.add_rider(5'000);
  shop.world.ask(WithdrawConsent{shy, Purpose::payment, {}});
  shop.world.ask(SuspendFace{gone});
  shop.open(4);
  const Decision consent = shop.bring(shy, 100);
  BOOST_TEST((why_rejected(consent) == Refusal::consent_must_be_in_force));
  BOOST_TEST((verdict_of(consent) == OfflineVerdict::rejected));
  BOOST_TEST((first<OfflineEventRejected>(consent.events)->rider == shy));
  BOOST_TEST((why_rejected(shop.bring(gone, 100)) == Refusal::face_must_not_be_suspended));
  // Nobody who was not recognised is named.
  UploadOffline unclear = shop.sale(shop.next++, shop.ivy, 100, minutes(1), shop.till);
  unclear.presence.face->score = 1;
  const Decision nobody = shop.bring(unclear);
  BOOST_TEST((why_rejected(nobody) == Refusal::recognition_must_reach_threshold));
  BOOST_TEST(!first<OfflineEventRejected>(nobody.events)->rider);
  // A PIN that nobody could check is no PIN.
  UploadOffline typed = shop.sale(shop.next++, shop.ivy, 100, minutes(1), shop.till);
  typed.presence = shop.world.pin_of(shop.ivy);
  BOOST_TEST((why_rejected(shop.bring(typed)) == Refusal::recognition_must_be_present));
  BOOST_TEST(shop.earned() == 0);
}

BOOST_AUTO_TEST_CASE(face_only_limits_hold_over_all_terminals) {
  TerminalLimits limits;
  limits.sale_max = limits.rider_max = limits.terminal_max = 100'000;
  limits.floor_max = 100'000;
  Shop shop(limits);
  const RiderId rich = shop.world.add_rider(90'000);
  for (int i = 0; i < 2; ++i) shop.world.pay(rich, 10'000);
  shop.open(4);
  BOOST_TEST((why_rejected(shop.bring(rich, 10'001)) == Refusal::step_up_must_be_done));
  BOOST_TEST(!why_rejected(shop.bring(rich, 9'000)));
  BOOST_TEST((why_rejected(shop.bring(rich, 1'001)) == Refusal::step_up_must_be_done));
  BOOST_TEST(!why_rejected(shop.bring(rich, 1'000)));
  BOOST_TEST((refusal_of(shop.world.pay(rich, 1)) == Refusal::step_up_must_be_done));
}

// Invariant 48, one row at a time.
BOOST_AUTO_TEST_CASE(numbers_come_in_order_and_once) {
  Shop shop;
  BOOST_TEST(refuses(shop.bring(shop.sale(1, shop.ivy, 5, minutes(1), shop.till)),
                     Refusal::offline_batch_must_be_open));
  BOOST_TEST(!refusal_of(shop.open(3)));
  BOOST_TEST(refuses(shop.open(3), Refusal::offline_batch_must_be_finished));
  const auto third = shop.sale(3, shop.ivy, 5, minutes(3), shop.till);
  const Decision gap = shop.bring(third);
  BOOST_TEST((refusal_of(gap) == Refusal::offline_items_must_have_no_gap));
  BOOST_TEST((gap.events == Events{OfflineGapReported{shop.till, 1, 3}}));
  BOOST_TEST(refuses(shop.bring(third), Refusal::offline_items_must_have_no_gap));  // told once
  shop.bring(shop.ivy, 5);
  BOOST_TEST(refuses(shop.bring(shop.sale(1, shop.ivy, 5, minutes(1), shop.till)),
                     Refusal::offline_item_must_be_new));
  shop.bring(shop.ivy, 5);
  BOOST_TEST((verdict_of(shop.bring(third)) == OfflineVerdict::accepted));
  BOOST_TEST(refuses(shop.bring(shop.sale(4, shop.ivy, 5, minutes(1), shop.till)),
                     Refusal::offline_batch_must_be_open));
  shop.next = 9;
  const Decision hole = shop.open(1);
  BOOST_TEST((hole.events == Events{OfflineGapReported{shop.till, 4, 9}}));
  // A desk gives up what will never come.
  const TerminalId desk = shop.world.desk;
  BOOST_TEST(refuses(shop.world.ask(GiveUpOffline{shop.till, shop.till, 9}),
                     Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(shop.world.ask(GiveUpOffline{desk, shop.till, 4}),
                     Refusal::offline_item_must_be_new));
  BOOST_TEST((shop.world.ask(GiveUpOffline{desk, shop.till, 9}).events ==
              Events{OfflineItemsGivenUp{shop.till, 4, 5, desk}}));
  BOOST_TEST(!refusal_of(shop.open(1)));
  BOOST_TEST(!why_rejected(shop.bring(shop.ivy, 5)));
}

BOOST_AUTO_TEST_CASE(a_batch_names_the_limits_of_its_list) {
  Shop shop;
  shop.world.ask(PublishTerminalLimits{shop.limits});  // version 2, from now on
  const auto open_with = [&](LimitsVersion version, Instant list_made) {
    OpenOfflineBatch command = shop.batch(1, shop.till);
    command.limits = version;
    command.list_made = list_made;
    return decide(shop.world.state, command, shop.world.moment());
  };
  using enum Refusal;
  BOOST_TEST(!refusal_of(open_with({1}, shop.lost_network)));
  BOOST_TEST(refuses(open_with({2}, shop.lost_network), limits_must_be_in_force));
  BOOST_TEST(refuses(open_with({1}, shop.world.now), limits_must_be_in_force));
  BOOST_TEST(!refusal_of(open_with({2}, shop.world.now)));
  BOOST_TEST(refuses(open_with({2}, shop.world.now + seconds(1)), limits_must_be_in_force));
  BOOST_TEST(refuses(open_with({3}, shop.world.now), limits_must_be_in_force));
  BOOST_TEST(refuses(open_with({0}, shop.world.now), limits_must_be_in_force));
  BOOST_TEST(refuses(shop.world.ask(shop.batch(0, shop.till)), offline_item_must_be_new));
  BOOST_TEST(refuses(shop.world.ask(shop.batch(offline_items_max + 1, shop.till)),
                     offline_item_must_be_new));
  BOOST_TEST(refuses(shop.world.ask(shop.batch(1, shop.world.desk)), terminal_must_have_role));
}

BOOST_AUTO_TEST_CASE(limits_have_bounds) {
  Shop shop;
  const auto refused = [&](auto change) {
    TerminalLimits limits;
    change(limits);
    return refuses(shop.world.ask(PublishTerminalLimits{limits}), Refusal::limits_must_be_valid);
  };
  BOOST_TEST(refused([](TerminalLimits& l) { l.sale_max = -1; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.rider_max = amount_minor_max + 1; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.terminal_max = -1; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.floor_max = -1; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.offline_max = {-1}; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.list_age_max = {-1}; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.clock_skew_max = {-1}; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.travel_time_min = {-1}; }));
  BOOST_TEST(refused([](TerminalLimits& l) { l.currency = Currency{1}; }));
}

BOOST_AUTO_TEST_CASE(a_wrong_clock_is_replaced_and_what_it_said_is_kept) {
  Shop shop;
  const Duration ahead = minutes(7);
  const Decision opened = shop.world.ask(shop.batch(1, shop.till, ahead));
  BOOST_TEST((first<ClockSkewDetected>(opened.events)->said == shop.world.now + ahead));
  const auto* batch = first<OfflineBatchReceived>(opened.events);
  BOOST_TEST((batch->skew_ms == ahead.ms && batch->since == shop.lost_network));
  const Instant said = shop.lost_network + minutes(9);
  const Decision sold = shop.bring(shop.sale(1, shop.ivy, 100, minutes(9), shop.till));
  const auto* accepted = first<OfflineEventAccepted>(sold.events);
  BOOST_REQUIRE(accepted != nullptr);
  BOOST_TEST((accepted->captured_at == said));
  BOOST_TEST((accepted->at == shop.lost_network + minutes(2)));
  BOOST_TEST((first<FaceRecognised>(sold.events)->evidence.at == accepted->at));
}

BOOST_AUTO_TEST_CASE(a_clock_within_its_bound_is_believed) {
  Shop shop;
  const Decision opened = shop.world.ask(shop.batch(1, shop.till, shop.limits.clock_skew_max));
  BOOST_TEST(count<ClockSkewDetected>(opened.events) == 0U);
  BOOST_TEST(first<OfflineBatchReceived>(opened.events)->skew_ms == 0);
  Shop behind;
  const Duration off{-behind.limits.clock_skew_max.ms - 1};
  BOOST_TEST(count<ClockSkewDetected>(behind.world.ask(behind.batch(1, behind.till, off)).events) ==
             1U);
  // What is said to be captured in the future was captured now at the latest.
  Shop future;
  future.open(1);
  const Decision sold = future.bring(future.ivy, 5, 40);
  BOOST_TEST((first<OfflineEventAccepted>(sold.events)->at == future.world.now));
}

BOOST_AUTO_TEST_CASE(in_two_places_at_once_is_set_aside_for_two_people) {
  Shop shop;
  const MerchantId second{shop.world.add(RegisterMerchant{"M2", Currency::jpy})};
  const TerminalId there = shop.world.add_terminal("T2", Role::till, {}, {}, second);
  const TerminalId beside = shop.world.add_terminal("T3", Role::till, {}, {}, shop.merchant);
  shop.open(1);
  shop.bring(shop.ivy, 100, 10);
  shop.next = 1;
  shop.world.ask(shop.batch(3, there));
  shop.world.ask(shop.batch(1, beside));
  BOOST_TEST(!why_rejected(shop.bring(shop.sale(1, shop.ivy, 100, minutes(10), beside))));
  const State before = shop.world.state;
  const Duration soon = milliseconds(12 * 60'000 - 1);
  const Decision aside = shop.bring(shop.sale(1, shop.ivy, 100, soon, there));
  BOOST_TEST((verdict_of(aside) == OfflineVerdict::quarantined));
  BOOST_TEST(
      (first<OfflineEventQuarantined>(aside.events)->refusal == Refusal::travel_must_be_possible));
  BOOST_TEST((shop.world.state.book == before.book));
  const Decision second_one = shop.bring(shop.sale(2, shop.ivy, 100, minutes(9), there));
  BOOST_TEST((verdict_of(second_one) == OfflineVerdict::quarantined));
  BOOST_TEST(!why_rejected(shop.bring(shop.sale(3, shop.ivy, 100, minutes(12), there))));
  const auto release = [&](std::uint64_t sequence, bool accept) {
    return shop.world.ask(ReleaseOffline{shop.world.desk, there, sequence, accept});
  };
  const Decision taken = release(1, true);
  BOOST_TEST(first<OfflineEventAccepted>(taken.events)->from_wallet == 100);
  BOOST_TEST(balance(shop.world.state.book, payable_to(second, Currency::jpy)) == 200);
  BOOST_TEST((why_rejected(release(2, false)) == Refusal::travel_must_be_possible));
  BOOST_TEST(refuses(release(2, true), Refusal::offline_item_must_be_quarantined));
  BOOST_TEST(shop.world.state.offline.quarantined.empty());
}

BOOST_AUTO_TEST_CASE(what_is_released_needs_all_that_a_debit_needs) {
  Shop shop;
  const MerchantId second{shop.world.add(RegisterMerchant{"M2", Currency::jpy})};
  const TerminalId there = shop.world.add_terminal("T2", Role::till, {}, {}, second);
  shop.open(1);
  shop.bring(shop.ivy, 100, 10);
  shop.next = 1;
  shop.world.ask(shop.batch(2, there));
  shop.bring(shop.sale(1, shop.ivy, 100, minutes(10), there));
  const AttemptKey key = key_of(shop.world.keys);
  shop.bring(shop.sale(2, shop.ivy, 100, minutes(10), there));
  shop.world.ask(ReversePurchase{there, key});
  BOOST_TEST((why_rejected(shop.world.ask(ReleaseOffline{shop.world.desk, there, 1, true})) ==
              Refusal::attempt_must_not_be_reversed));
  shop.world.ask(WithdrawConsent{shop.ivy, Purpose::payment, {}});
  BOOST_TEST((why_rejected(shop.world.ask(ReleaseOffline{shop.world.desk, there, 2, true})) ==
              Refusal::consent_must_be_in_force));
}

// S30: one second after the loss, at a gate that could not know.
BOOST_AUTO_TEST_CASE(a_lost_devices_code_at_a_gate_without_network_is_the_operators_loss) {
  Shop shop;
  const TerminalId gate = shop.world.gates.at("A0");
  const DeviceId phone{shop.world.add(LinkDevice{shop.ivy, digest_of(9)})};
  shop.world.now = shop.world.now + minutes(1);
  const Instant lost = shop.world.now;
  shop.world.ask(ReportDeviceLost{shop.ivy, phone});
  shop.lost_network = lost + minutes(-4);
  shop.world.now = lost + minutes(10);
  shop.world.ask(shop.batch(5, gate));
  const auto shown = [&](std::uint64_t sequence, Instant at, std::uint64_t serial) {
    UploadOffline upload{gate, sequence, {}, yen(190), at};
    upload.presence.token =
        TokenCheck{{shop.ivy, phone, serial, TokenPurpose::ride, 0, at, at + seconds(60)}, true};
    return shop.bring(upload);
  };
  const Decision before = shown(1, lost + seconds(-1), 1);
  BOOST_TEST(first<OfflineEventAccepted>(before.events)->from_wallet == 190);
  const Decision after = shown(2, lost + seconds(1), 2);
  const auto* borne = first<OfflineEventAccepted>(after.events);
  BOOST_TEST((borne->from_wallet == 0 && borne->debt == 0 && borne->borne == 190));
  BOOST_TEST(count<Posted>(after.events) == 0U);
  BOOST_TEST((why_rejected(shown(3, lost + seconds(2), 2)) == Refusal::token_must_not_be_used));
  // The list was made four minutes before: five are the bound.
  BOOST_TEST(!why_rejected(shown(4, lost + seconds(60), 4)));
  BOOST_TEST(
      (why_rejected(shown(5, lost + seconds(61), 5)) == Refusal::offline_list_must_be_recent));
  BOOST_TEST((shop.world.wallet(shop.ivy) == 2'000 - 190 && shop.world.revenue() == 190));
}

BOOST_AUTO_TEST_CASE(a_list_that_should_have_known_is_no_excuse) {
  Shop shop;
  const TerminalId gate = shop.world.gates.at("A0");
  const DeviceId phone{shop.world.add(LinkDevice{shop.ivy, digest_of(9)})};
  shop.world.ask(ReportDeviceLost{shop.ivy, phone});
  shop.lost_network = shop.world.now + seconds(1);
  shop.world.now = shop.world.now + minutes(1);
  shop.world.ask(shop.batch(2, gate));
  UploadOffline upload{gate, 1, {}, yen(190), shop.lost_network + seconds(1)};
  const Instant at = upload.captured_at;
  upload.presence.token =
      TokenCheck{{shop.ivy, phone, 1, TokenPurpose::ride, 0, at, at + seconds(60)}, true};
  BOOST_TEST((why_rejected(shop.bring(upload)) == Refusal::offline_list_must_be_recent));
  upload.sequence = 2;
  upload.presence.token->token.device = {77};
  BOOST_TEST((why_rejected(shop.bring(upload)) == Refusal::token_must_not_be_revoked));
}

BOOST_AUTO_TEST_CASE(a_fare_is_owed_whole) {
  TerminalLimits limits;
  limits.floor_max = 0;
  Shop shop(limits);
  const TerminalId gate = shop.world.gates.at("A0");
  const RiderId broke = shop.world.add_rider(50);
  shop.world.ask(shop.batch(1, gate));
  const Decision ridden = shop.bring(shop.sale(1, broke, 190, minutes(1), gate));
  const auto* accepted = first<OfflineEventAccepted>(ridden.events);
  BOOST_TEST((accepted->from_wallet == 50 && accepted->debt == 140 && accepted->borne == 0));
  BOOST_TEST((count<PurchaseCaptured>(ridden.events) == 0U && shop.world.revenue() == 190));
}

// Invariant 48 over generated uploads: taken in order of their numbers, each once, never over a
// limit; wallets and debts are what was accepted.
BOOST_AUTO_TEST_CASE(invariant_48_in_order_once_and_within_limits) {
  using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint16_t, std::uint8_t>;
  BOOST_TEST(rc::check("what is taken offline", [] {
    Shop shop;
    const RiderId other = shop.world.add_rider(1'500);
    const std::vector<RiderId> riders{shop.ivy, other};
    std::uint64_t expected = 1, last = 0;
    std::map<RiderId, std::int64_t> in_batch;
    std::int64_t debts = 0, taken = 0, all_in_batch = 0;
    for (const auto& [what, who, amount, jump] : *rc::gen::arbitrary<std::vector<Step>>()) {
      if (what % 4 == 0) {
        shop.next = expected + (jump % 5 == 0 ? 1 : 0);
        if (!refusal_of(shop.open(1 + jump % 4))) {
          RC_ASSERT(shop.next == expected && last < expected);
          last = expected + jump % 4;
          in_batch.clear();
          all_in_batch = 0;
        }
        continue;
      }
      const std::uint64_t sequence = expected + jump % 4 - (jump % 16 == 1 ? 1 : 0);
      const RiderId rider = riders[who % 2];
      const Decision decision =
          shop.bring(shop.sale(sequence, rider, amount % 1'200, minutes(who % 40), shop.till));
      if (!std::holds_alternative<Uploaded>(decision.reply)) {
        RC_ASSERT(sequence != expected || sequence > last);
        continue;
      }
      RC_ASSERT(sequence == expected && sequence <= last);
      ++expected;
      const auto* accepted = first<OfflineEventAccepted>(decision.events);
      if (accepted == nullptr) continue;
      all_in_batch += accepted->amount.minor;
      in_batch[rider] += accepted->amount.minor;
      debts += accepted->debt;
      taken += accepted->from_wallet;
      RC_ASSERT(accepted->amount.minor <= 1'000 && in_batch[rider] <= 3'000);
      RC_ASSERT(all_in_batch <= 50'000);
      RC_ASSERT(accepted->debt == 0 || shop.is_denied(rider));
    }
    RC_ASSERT(shop.world.debt(shop.ivy) + shop.world.debt(other) == debts);
    RC_ASSERT(shop.world.wallet(shop.ivy) + shop.world.wallet(other) == 3'500 - taken);
    RC_ASSERT(shop.earned() == taken + debts);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
