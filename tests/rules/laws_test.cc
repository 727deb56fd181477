// The invariants 1-23, 32-38 and 40-42 of DOMAIN 4.3 (24, 25 and 31 besides), over generated
// histories.
// The table below says where each is shown; a test holds it to the files. Every check is also shown
// a history that was tampered with, and must say so.
#include "tests/rules/laws.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>

#include "ledger/model/limits.h"

using namespace obverse;

namespace {

struct Shown {
  int invariant;
  const char* file;
  const char* test;
};

constexpr const char* here = "tests/rules/laws_test.cc";
const std::vector<Shown> shown = {
    {1, here, "holds_over_generated_histories"},
    {1, "tests/tidy/checks_test.cc", "\"float a;\""},  // no floating point in model and rules
    {2, here, "holds_over_generated_histories"},
    {3, here, "holds_over_generated_histories"},
    {4, here, "holds_over_generated_histories"},
    {5, here, "holds_over_generated_histories"},
    {6, here, "holds_over_generated_histories"},
    {7, "tests/log/record_test.cc", "the_chain_is_what_its_definition_says"},
    {7, "tests/log/damage_test.cc", "no_flipped_bit_is_silent_and_each_is_repaired"},
    {8, "tests/engine/dedup_test.cc", "the_same_attempt_has_the_same_answer_for_ever"},
    {8, "tests/scenarios/S19.scenario", "answers of the same bytes"},
    {9, here, "a_reversal_and_its_original_commute"},
    {10, here, "holds_over_generated_histories"},
    {11, here, "holds_over_generated_histories"},
    {12, here, "no_entitlement_units_exist_yet"},
    {13, here, "overflow_is_refused_and_changes_nothing"},
    {14, here, "the_parts_of_a_fare_sum_to_it"},
    {14, "tests/rules/money/rates_test.cc", "parts_sum_to_the_total_each_within_one_unit"},
    {15, here, "holds_over_generated_histories"},
    {15, "tests/engine/batch_test.cc", "a_decision_is_one_record_with_all_its_events"},
    {15, "tests/log/power_cut_test.cc", "nothing_acknowledged_is_lost_and_nothing_else_appears"},
    {16, here, "holds_over_generated_histories"},
    {17, here, "holds_over_generated_histories"},
    {18, "tests/matcher/matcher_test.cc", "searches_stay_right_while_people_come_and_go"},
    {18, "tests/server/gallery_feed_test.cc", "an_erased_face_is_gone_from_gallery_and_vault"},
    {19, "tests/matcher/matcher_test.cc", "every_kernel_and_any_number_of_threads_give_the_same"},
    {20, "tests/matcher/policy_test.cc", "a_stricter_policy_never_makes_a_match"},
    {20, "tests/matcher/matcher_test.cc", "somebody_else_never_changes_ones_own_score"},
    {21, here, "holds_over_generated_histories"},
    {22, here, "holds_over_generated_histories"},
    {23, here, "holds_over_generated_histories"},
    {32, "tests/rules/money/settlement_test.cc",
     "invariants_32_33_35_36_and_38_over_generated_months"},
    {32, "tests/rules/money/windows_test.cc", "assignment_is_a_function_of_capture_and_arrival"},
    {33, "tests/rules/money/settlement_test.cc",
     "invariants_32_33_35_36_and_38_over_generated_months"},
    {33, "tests/rails/transfers_test.cc", "any_file_adds_up"},
    {34, "tests/rules/money/clearing_test.cc", "nets_sum_to_zero_and_bilateral_ones_to_them"},
    {35, "tests/rules/money/settlement_test.cc",
     "invariants_32_33_35_36_and_38_over_generated_months"},
    {36, "tests/rules/money/reconciliation_test.cc", "the_same_statement_again_changes_nothing"},
    {36, "tests/rules/money/reconciliation_test.cc", "what_does_not_add_up_is_refused_whole"},
    {37, "tests/rules/money/rates_test.cc",
     "a_rate_is_monotone_symmetric_and_never_more_than_exact"},
    {38, "tests/rules/money/windows_test.cc", "assignment_is_a_function_of_capture_and_arrival"},
    {38, "tests/rules/money/payouts_test.cc", "banks_work_on_its_day"},
    {40, "tests/rules/money/safeguarding_test.cc",
     "half_is_asked_for_above_the_threshold_rounded_up"},
    {41, "tests/vault/template_vault_test.cc", "what_is_destroyed_is_nowhere"},
    {41, "tests/vault/template_vault_test.cc", "no_secret_is_ever_said"},
    {42, here, "holds_over_generated_histories"},
};

template <class Fact>
Fact* first_in(Step& step) {
  for (Event& event : step.decision.events)
    if (Fact* fact = std::get_if<Fact>(&event)) return fact;
  return nullptr;
}
// The n-th event of its kind in the whole history.
template <class Fact>
Fact& nth(Chronicle& chronicle, std::size_t n = 0) {
  for (Step& step : chronicle)
    for (Event& event : step.decision.events)
      if (Fact* fact = std::get_if<Fact>(&event))
        if (n-- == 0) return *fact;
  throw std::logic_error("the fixed history lacks an event");
}
template <class Fact>
Step& step_with(Chronicle& chronicle, std::size_t n = 0) {
  for (Step& step : chronicle)
    if (first_in<Fact>(step) != nullptr && n-- == 0) return step;
  throw std::logic_error("the fixed history lacks a step");
}
template <class Fact>
void drop(Step& step) {
  std::erase_if(step.decision.events,
                [](const Event& event) { return std::holds_alternative<Fact>(event); });
}
template <class Fact>
void drop(Chronicle& chronicle, std::size_t n = 0) {
  drop<Fact>(step_with<Fact>(chronicle, n));
}

struct Law {
  const char* name;
  laws::Verdict (*check)(const Chronicle&);
  void (*break_it)(Chronicle&);
};
std::ostream& operator<<(std::ostream& out, const Law& law) { return out << law.name; }

const std::vector<Law> all_laws = {
    {"1 entries sum to zero", laws::entries_sum_to_zero,
     [](Chronicle& c) { nth<Posted>(c).entries[0].minor += 1; }},
    {"1 entries are positive", laws::entries_sum_to_zero,
     [](Chronicle& c) {
       for (Entry& entry : nth<Posted>(c).entries) entry.minor = 0;
     }},
    {"2 trial balance is zero", laws::trial_balance_is_zero,
     [](Chronicle& c) { c.back().after.book.accounts.begin()->second.debits += 1; }},
    {"3 balances are the fold", laws::balances_are_the_fold,
     [](Chronicle& c) { nth<Posted>(c).entries.front().account.owner += 1; }},
    {"3 replay is the state", laws::balances_are_the_fold,
     [](Chronicle& c) { drop<JourneyClosed>(c); }},
    {"4 wallets are not negative", laws::wallets_are_not_negative,
     [](Chronicle& c) {
       for (auto& [account, turnover] : c.back().after.book.accounts)
         if (account.chart == Chart::wallet) turnover.debits = turnover.credits + 1;
     }},
    {"5 holds are covered", laws::holds_are_covered,
     [](Chronicle& c) { c.back().after.holds.open[{999}] = {{1}, yen(1'000'000), {}}; }},
    {"6 holds end whole", laws::holds_end_once, [](Chronicle& c) { drop<HoldReleased>(c); }},
    {"6 holds end once", laws::holds_end_once,
     [](Chronicle& c) {
       c.back().decision.events.push_back(HoldReleased{nth<HoldReleased>(c).hold, yen(1)});
     }},
    {"10 refunds fit", laws::refunds_fit,
     [](Chronicle& c) { nth<RefundIssued>(c).amount.minor += 1'000'000; }},
    {"11 money comes only from loads", laws::money_comes_only_from_loads,
     [](Chronicle& c) { nth<Posted>(c).reason = PostingReason::purchase_reversed; }},
    {"15 money moves with a reason", laws::money_moves_with_a_reason,
     [](Chronicle& c) { drop<FaceRecognised>(step_with<PurchaseCaptured>(c)); }},
    {"15 holds have evidence", laws::money_moves_with_a_reason,
     [](Chronicle& c) { drop<FaceRecognised>(step_with<JourneyOpened>(c)); }},
    {"16 unclear probes debit nobody", laws::unclear_probes_debit_nobody,
     [](Chronicle& c) {
       std::get<Pay>(step_with<PurchaseCaptured>(c).command).presence.capture = Capture::occluded;
     }},
    {"16 ambiguous probes debit nobody", laws::unclear_probes_debit_nobody,
     [](Chronicle& c) {
       auto& face = std::get<Pay>(step_with<PurchaseCaptured>(c).command).presence.face;
       face->runner_up = face->score - 1;
     }},
    {"17 a face for its terminal", laws::authorisations_are_used_once,
     [](Chronicle& c) { nth<FaceRecognised>(c).evidence.terminal.value += 1; }},
    {"17 a face in its time", laws::authorisations_are_used_once,
     [](Chronicle& c) { nth<FaceRecognised>(c).evidence.at.ms -= 5'001; }},
    {"17 a step-up for its amount", laws::authorisations_are_used_once,
     [](Chronicle& c) { nth<StepUpRequested>(c).amount.minor += 1; }},
    {"17 a step-up once", laws::authorisations_are_used_once,
     [](Chronicle& c) {
       c.push_back(step_with<StepUpSatisfied>(c));
       drop<PurchaseAuthorised>(c.back());
     }},
    {"21 consent is in force to pay", laws::consent_is_in_force,
     [](Chronicle& c) {
       for (Rider& rider : step_with<PurchaseAuthorised>(c).before.enrolments.riders)
         rider.consents.clear();
     }},
    {"21 consent is in force to ride", laws::consent_is_in_force,
     [](Chronicle& c) {
       for (Rider& rider : step_with<JourneyOpened>(c).before.enrolments.riders)
         rider.consents.clear();
     }},
    {"22 face-only sales are bounded", laws::face_only_spend_is_bounded,
     [](Chronicle& c) { nth<PurchaseAuthorised>(c).amount.minor = 10'001; }},
    {"22 face-only days are bounded", laws::face_only_spend_is_bounded,
     [](Chronicle& c) { drop<StepUpSatisfied>(c); }},
    {"23 pins are counted", laws::pins_lock_and_unlock,
     [](Chronicle& c) { nth<PinFailed>(c).failures += 1; }},
    {"23 pins lock", laws::pins_lock_and_unlock, [](Chronicle& c) { drop<PinLocked>(c); }},
    {"23 only a reset unlocks", laws::pins_lock_and_unlock,
     [](Chronicle& c) { drop<PinReset>(c); }},
    {"24 journeys are single", laws::journeys_are_single,
     [](Chronicle& c) { drop<JourneyClosed>(c); }},
    {"25 journeys add up", laws::journeys_end_and_add_up,
     [](Chronicle& c) { nth<FareCharged>(c).amount.minor += 1; }},
    {"25 corrections start from the last fare", laws::journeys_end_and_add_up,
     [](Chronicle& c) { nth<FareAdjusted>(c, 1).from = nth<FareAdjusted>(c, 0).from; }},
    {"31 nobody is trapped", laws::nobody_is_trapped,
     [](Chronicle& c) { nth<ExitDenied>(c).refusal = Refusal::consent_must_be_in_force; }},
    {"42 erasure leaves the books", laws::erasure_leaves_the_books,
     [](Chronicle& c) { step_with<ErasureCompleted>(c).before.book = {}; }},
    {"42 erasure forgets the face", laws::erasure_leaves_the_books,
     [](Chronicle& c) {
       for (Rider& rider : step_with<ErasureCompleted>(c).after.enrolments.riders)
         rider.face = Face{};
     }},
};

// Everything that the laws speak of happens in it at least once.
Chronicle fixed_history() {
  Town town;
  const auto& world = town.world;
  const RiderId mother = town.riders[0];
  const RiderId father = town.riders[1];
  const RiderId child = town.riders[2];
  std::uint8_t key = 0;
  const auto pay = [&](RiderId rider, std::int64_t minor, std::optional<bool> pin = {},
                       std::optional<StepUpId> step_up = {}) {
    Presence presence = world.face_of(rider, world.till);
    if (pin) presence.pin = PinCheck{rider, {1}, *pin};
    return town.ask(Pay{world.till, presence, yen(minor), step_up},
                    Attempt{world.till, key_of(++key)});
  };
  const auto gate = [&](const Code& station) { return world.gates.at(station); };
  const auto enter = [&](RiderId rider, const Code& station) {
    return town.ask(EnterGate{gate(station), world.face_of(rider, gate(station))});
  };
  town.ask(LoadFunds{mother, yen(100'000), {}});
  town.ask(LoadFunds{father, yen(200), {}});
  town.ask(LoadFunds{child, yen(300), {}});
  for (int ride = 0; ride < 2; ++ride) {
    enter(mother, "A0");
    town.wait(minutes(20));
    town.ask(LeaveGate{gate("A3"), world.face_of(mother, gate("A3"))});
  }
  const PurchaseId bought = purchase_of(pay(mother, 9'000));
  for (const std::int64_t minor : {12'000, 9'000, 9'000, 9'000, 4'000}) {
    const auto asked = step_up_of(pay(mother, minor));
    if (asked) pay(mother, minor, true, asked);
  }
  town.ask(RefundPurchase{world.till, bought, yen(100)});
  pay(mother, 700);
  town.ask(ReversePurchase{world.till, key_of(key)});
  const auto hold = [&](std::int64_t minor) {
    return purchase_of(
        town.ask(AuthorisePurchase{world.till, world.face_of(mother, world.till), yen(minor), {}},
                 Attempt{world.till, key_of(++key)}));
  };
  town.ask(CapturePurchase{world.till, hold(700), yen(500)});
  town.ask(VoidPurchase{world.till, hold(300)});
  hold(200);
  town.wait(hours(1));
  for (int wrong = 0; wrong < 3; ++wrong) pay(mother, 5, false);
  town.ask(ResetPin{mother, world.enrolment});
  pay(mother, 5, true);
  enter(father, "A0");
  town.ask(LeaveGate{gate("A9"), world.pin_of(father)});
  enter(child, "A0");
  const JourneyId lost{world.state.position.value};
  town.wait(hours(5));
  town.ask(CorrectJourney{lost, "A3", world.desk});
  town.ask(CorrectJourney{lost, "A1", world.desk});
  town.ask(EraseRider{father});
  return town.chronicle;
}

constexpr std::size_t histories = 60;

}  // namespace

BOOST_AUTO_TEST_SUITE(laws_suite)

BOOST_DATA_TEST_CASE(holds_over_generated_histories, boost::unit_test::data::make(all_laws), law) {
  BOOST_TEST(rc::check(law.name, [&](const std::vector<Act>& acts) {
    Town town;
    town.live(acts);
    const laws::Verdict wrong = law.check(town.chronicle);
    if (!wrong.empty()) RC_FAIL(wrong);
  }));
}

BOOST_DATA_TEST_CASE(each_law_can_fail, boost::unit_test::data::make(all_laws), law) {
  Chronicle chronicle = fixed_history();
  BOOST_TEST(law.check(chronicle).empty(), law.check(chronicle));
  law.break_it(chronicle);
  BOOST_TEST(!law.check(chronicle).empty());
}

// Not a law, but without it the laws could hold because nothing happens.
BOOST_AUTO_TEST_CASE(generated_histories_are_full_of_life) {
  std::map<std::size_t, std::size_t> seen;
  for (std::uint64_t seed = 1; seed <= histories; ++seed) {
    rc::Random random(seed);
    const auto acts = rc::gen::container<std::vector<Act>>(150, rc::gen::arbitrary<Act>());
    Town town;
    town.live(acts(random, 100).value());
    for (const Step& step : town.chronicle)
      for (const Event& event : step.decision.events) ++seen[event.index()];
  }
  const auto happened = [&](const Event& kind) { return seen[kind.index()]; };
  const std::vector<std::pair<const char*, Event>> kinds = {
      {"PinVerified", PinVerified{}},
      {"PinLocked", PinLocked{}},
      {"PurchaseCaptured", PurchaseCaptured{}},
      {"PurchaseVoided", PurchaseVoided{}},
      {"PurchaseReversed", PurchaseReversed{}},
      {"ReversalRecorded", ReversalRecorded{}},
      {"PurchaseDeclined", PurchaseDeclined{}},
      {"RefundIssued", RefundIssued{}},
      {"StepUpRequested", StepUpRequested{}},
      {"StepUpSatisfied", StepUpSatisfied{}},
      {"HoldCaptured", HoldCaptured{}},
      {"HoldExpired", HoldExpired{}},
      {"JourneyClosed", JourneyClosed{}},
      {"JourneyIncomplete", JourneyIncomplete{}},
      {"FareAdjusted", FareAdjusted{}},
      {"PassBackDetected", PassBackDetected{}},
      {"ExitDenied", ExitDenied{}},
      {"EntryDenied", EntryDenied{}},
      {"ConsentWithdrawn", ConsentWithdrawn{}},
      {"ErasureDeferred", ErasureDeferred{}},
      {"ErasureCompleted", ErasureCompleted{}},
      {"DebtRecovered", DebtRecovered{}},
      {"TariffPublished", TariffPublished{}},
      {"CaptureRejected", CaptureRejected{}}};
  for (const auto& [name, kind] : kinds) BOOST_TEST(happened(kind) > 0U, name);
}

// Whatever happened before: pay and reverse, reverse and pay, in any repetition, leave the same
// money everywhere, and the same holds.
BOOST_AUTO_TEST_CASE(a_reversal_and_its_original_commute) {
  const auto money_of = [](const Town& town) {
    std::map<Account, std::int64_t> money;
    for (const auto& [account, turnover] : town.world.state.book.accounts)
      if (turnover.debits != turnover.credits) money[account] = turnover.debits - turnover.credits;
    return std::pair{money, town.world.state.holds.held};
  };
  BOOST_TEST(rc::check("9 reversal and original commute", [&](const std::vector<Act>& acts,
                                                              bool holds, const Act& which) {
    const auto play = [&](const std::string& order) {
      Town town;
      town.live(acts);
      const RiderId rider = town.riders[which.who];
      const TerminalId till = town.tills[which.where % town.tills.size()];
      const Attempt attempt{till, key_of(250)};
      Presence presence = town.world.face_of(rider, till);
      presence.face->face = find(town.world.state.enrolments, rider)->last_face;
      for (const char step : order) {
        if (step == 'r') {
          town.ask(ReversePurchase{till, attempt.key});
        } else if (holds) {
          town.ask(AuthorisePurchase{till, presence, yen(which.amount), {}}, attempt);
        } else {
          town.ask(Pay{till, presence, yen(which.amount), {}}, attempt);
        }
      }
      return money_of(town);
    };
    const auto never = play("");
    for (const char* order : {"pr", "rp", "prr", "rrp", "rpr", "ppr", "prp"})
      RC_ASSERT(play(order) == never);
  }));
}

BOOST_AUTO_TEST_CASE(no_entitlement_units_exist_yet) {
  for (const int chart : {6010, 6020, 6030})
    BOOST_TEST(!is_known(static_cast<Chart>(chart)), chart);
}

BOOST_AUTO_TEST_CASE(overflow_is_refused_and_changes_nothing) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t minor : {amount_minor_max + 1, most, most - 1, -most, -most - 1}) {
    Town town;
    town.ask(LoadFunds{town.riders[0], yen(1'000), {}});
    const State before = town.world.state;
    town.ask(LoadFunds{town.riders[0], yen(minor), {}});
    BOOST_TEST((town.world.state == before));
    town.world.pay(town.riders[0], minor);
    BOOST_TEST((town.world.state.book == before.book));
    BOOST_TEST((town.world.state.holds == before.holds));
  }
  BOOST_TEST(rc::check("13 near 2^63", [&](const std::vector<Act>& acts) {
    Town town;
    const RiderId rider = town.riders[0];
    const std::int64_t room = *rc::gen::inRange<std::int64_t>(0, 100'000);
    apply(town.world.state, Posted{PostingReason::funds_loaded,
                                   {{bank_account({}, Currency::jpy), Side::debit, most - room},
                                    {wallet_of(rider, Currency::jpy), Side::credit, most - room}}});
    town.live(acts);
    for (const auto& [account, turnover] : town.world.state.book.accounts)
      RC_ASSERT(turnover.debits >= 0 && turnover.credits >= 0);
    RC_ASSERT(laws::trial_balance_is_zero(town.chronicle).empty());
    RC_ASSERT(laws::wallets_are_not_negative(town.chronicle).empty());
  }));
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_fare_sum_to_it) {
  BOOST_TEST(rc::check("14 fare parts, and 26", [](std::uint16_t seed) {
    Tariff tariff = omt_1({1});
    tariff.tracks.back().surcharge_minor = seed % 500;
    tariff.child_rounding_minor = 1 + seed % 20;
    PlaceWorld world;
    world.add(RegisterOperator{"OM"});
    const Decision published = world.ask(PublishTariff{tariff});
    RC_PRE(std::holds_alternative<Registered>(published.reply));
    const Priced& compiled = priced(world.state.fares, {1});
    for (std::uint16_t a = 0; a < tariff.stations.size(); ++a) {
      for (std::uint16_t b = 0; b < tariff.stations.size(); ++b) {
        const Fare adult = fare(compiled, Category::adult, {a}, {b}, {});
        const Fare child = fare(compiled, Category::child, {a}, {b}, {});
        RC_ASSERT(adult == fare(compiled, Category::adult, {b}, {a}, {}));
        RC_ASSERT(child.amount.minor <= adult.amount.minor);
        if (adult.section == 0) continue;
        const Section& section = tariff.sections[adult.section - 1U];
        RC_ASSERT(adult.amount.minor == section.adult_minor + adult.surcharge_minor);
        RC_ASSERT(child.amount.minor == section.child_minor + child.surcharge_minor);
        RC_ASSERT(adult.amount.minor <= tariff.maximum_adult_minor + adult.surcharge_minor);
      }
    }
  }));
}

BOOST_AUTO_TEST_CASE(every_invariant_has_its_test) {
  std::vector<int> wanted{32, 33, 34, 35, 36, 37, 38, 40, 41, 42};
  for (int invariant = 1; invariant <= 23; ++invariant) wanted.push_back(invariant);
  for (const int invariant : wanted)
    BOOST_TEST(std::ranges::any_of(shown, [&](const Shown& s) { return s.invariant == invariant; }),
               invariant);
  for (const Shown& where : shown) {
    std::ifstream in(where.file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    BOOST_TEST((text.find(where.test) != std::string::npos), where.invariant << " " << where.file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
