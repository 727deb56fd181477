// The invariants over generated histories in which cards pay, and those that only cards make worth
// asking: 6 and 9 of a charge that waits for its rail, 10 of each tender, 11 and 15 of what schemes
// owe, 17 of an answer. Each check is also shown a history that was tampered with.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "tests/rules/card_town.h"
#include "tests/rules/laws.h"

using namespace obverse;

namespace {

using laws::Verdict;

template <class Fact>
const Fact* has(const Decision& decision) {
  return first<Fact>(decision.events);
}

// 6, 9: a charge that waits ends once: captured, declined or reversed, and captured only by the
// approval of its own request, in time.
Verdict charges_end_once(const Chronicle& chronicle) {
  struct Charge {
    RailRequestId request;
    Instant deadline;
  };
  std::map<PurchaseId, Charge> waiting;
  std::map<RailRequestId, Instant> deadlines;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      if (const auto* asked = std::get_if<RailRequested>(&event))
        if (asked->what.deadline) deadlines[asked->request] = *asked->what.deadline;
      if (const auto* begun = std::get_if<CardChargePending>(&event))
        waiting[begun->purchase] = {begun->request, {}};
      const auto* approved = std::get_if<CardChargeApproved>(&event);
      if (approved != nullptr) {
        const auto at = waiting.find(approved->purchase);
        if (at == waiting.end()) return "a charge was captured that did not wait";
        if (at->second.request != approved->request) return "captured by another's approval";
        if (step.moment.now >= deadlines[approved->request]) return "captured after its deadline";
        const auto* answer = has<RailAnswered>(step.decision);
        if (answer == nullptr || answer->outcome != RailOutcome::approved)
          return "captured without an approval";
        waiting.erase(at);
      }
      if (const auto* declined = std::get_if<CardChargeDeclined>(&event))
        if (waiting.erase(declined->purchase) == 0) return "a charge ended twice";
      if (const auto* reversed = std::get_if<PurchaseReversed>(&event))
        waiting.erase(reversed->purchase);
    }
    for (const auto& [purchase, charge] : waiting)
      if (!is_pending(step.after.cards.sales, purchase)) return "a charge is forgotten";
  }
  return {};
}

// 10, of each tender: what went back to a card or a wallet is at most what that had paid.
Verdict tenders_have_back_what_they_paid(const Chronicle& chronicle) {
  struct Paid {
    std::int64_t card = 0, wallet = 0;
  };
  std::map<PurchaseId, Paid> left;
  for (const Step& step : chronicle)
    for (const Event& event : step.decision.events) {
      if (const auto* begun = std::get_if<CardChargePending>(&event))
        left[begun->purchase] = {begun->by_card.minor, begun->from_wallet.minor};
      if (const auto* refunded = std::get_if<TendersRefunded>(&event)) {
        left[refunded->purchase].card -= refunded->to_card.minor;
        left[refunded->purchase].wallet -= refunded->to_wallet.minor;
      }
      if (const auto* lost = std::get_if<ChargebackLost>(&event))
        left[lost->purchase].card -= lost->amount.minor;
      for (const auto& [purchase, paid] : left)
        if (paid.card < 0 || paid.wallet < 0) return "a tender had back more than it paid";
    }
  return {};
}

// What is owed to the rails is what was asked, less what was answered or given up.
Verdict rails_are_owed_what_was_asked(const Chronicle& chronicle) {
  std::set<RailRequestId> owed;
  std::uint64_t last = 0;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      if (const auto* asked = std::get_if<RailRequested>(&event)) {
        if (asked->request.value != ++last) return "a gap in the numbers of requests";
        owed.insert(asked->request);
      }
      if (const auto* answered = std::get_if<RailAnswered>(&event)) owed.erase(answered->request);
      if (const auto* given_up = std::get_if<RailAbandoned>(&event)) owed.erase(given_up->request);
    }
    std::set<RailRequestId> open;
    for (const auto& [id, request] : step.after.cards.rails.open) open.insert(id);
    if (open != owed) return "what is owed to the rails is not what was asked";
  }
  return {};
}

// What the scheme owes us is what its rail approved and we captured, less reversals and funding.
Verdict schemes_owe_what_was_captured(const Chronicle& chronicle) {
  std::int64_t owed = 0;
  std::map<RailRequestId, RailRequest> requests;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      if (const auto* asked = std::get_if<RailRequested>(&event)) {
        requests[asked->request] = asked->what;
        if (asked->what.kind == RailKind::capture) owed += asked->what.amount.minor;
        // A reversal of what had been captured, not of what waited.
        const auto* reversed = has<PurchaseReversed>(step.decision);
        if (asked->what.kind == RailKind::reverse && reversed != nullptr &&
            reversed->amount.minor > 0)
          owed -= asked->what.amount.minor;
      }
      if (const auto* funded = std::get_if<SchemeFundingReceived>(&event))
        owed -= funded->gross.minor;
    }
    const Account visa = receivable_from(Scheme::visa, Currency::jpy);
    if (balance(step.after.book, visa) != owed) return "a scheme owes something else";
  }
  return {};
}

// A rider's debt is never less than what is on their tabs, and who is denied comes in nowhere.
Verdict fares_on_tabs_are_owed(const Chronicle& chronicle) {
  for (const Step& step : chronicle) {
    for (std::uint64_t rider = 1; rider <= step.after.enrolments.riders.size(); ++rider) {
      const std::int64_t on_tabs = debt_on_tabs(step.after.cards.fares, {rider}, Currency::jpy);
      if (balance(step.after.book, debt_of({rider}, Currency::jpy)) < on_tabs)
        return "more is on the tabs than is owed";
    }
    const auto* entered = has<JourneyOpened>(step.decision);
    if (entered != nullptr && step.before.cards.fares.denied.contains(entered->rider))
      return "somebody came in who is denied";
  }
  return {};
}

struct Law {
  const char* name;
  Verdict (*check)(const Chronicle&);
  void (*break_it)(Chronicle&);
};
std::ostream& operator<<(std::ostream& out, const Law& law) { return out << law.name; }

template <class Fact>
Step& step_with(Chronicle& chronicle) {
  for (Step& step : chronicle)
    if (has<Fact>(step.decision) != nullptr) return step;
  throw std::logic_error("the fixed history lacks an event");
}
template <class Fact>
Fact& fact(Chronicle& chronicle) {
  for (Event& event : step_with<Fact>(chronicle).decision.events)
    if (Fact* found = std::get_if<Fact>(&event)) return *found;
  throw std::logic_error("the fixed history lacks an event");
}

const std::vector<Law> card_laws = {
    {"6, 9 charges end once", charges_end_once,
     [](Chronicle& c) { step_with<CardChargeApproved>(c).moment.now.ms += days(1).ms; }},
    {"17 an approval is for its own charge", charges_end_once,
     [](Chronicle& c) { fact<CardChargeApproved>(c).request.value += 1; }},
    {"15 a capture has its approval", charges_end_once,
     [](Chronicle& c) {
       std::erase_if(step_with<CardChargeApproved>(c).decision.events,
                     [](const Event& e) { return std::holds_alternative<RailAnswered>(e); });
     }},
    {"10 of each tender", tenders_have_back_what_they_paid,
     [](Chronicle& c) { fact<TendersRefunded>(c).to_card.minor += 100'000; }},
    {"rails are owed", rails_are_owed_what_was_asked,
     [](Chronicle& c) { step_with<RailRequested>(c).after.cards.rails.open.clear(); }},
    {"11 schemes owe", schemes_owe_what_was_captured,
     [](Chronicle& c) { fact<SchemeFundingReceived>(c).gross.minor += 1; }},
    {"11 money comes only from loads, rails and schemes", laws::money_comes_only_from_loads,
     [](Chronicle& c) {
       std::erase_if(step_with<CardChargeApproved>(c).decision.events,
                     [](const Event& e) { return std::holds_alternative<RailAnswered>(e); });
     }},
    {"15 card money moves with a reason", laws::money_moves_with_a_reason,
     [](Chronicle& c) {
       std::erase_if(step_with<ChargebackLost>(c).decision.events,
                     [](const Event& e) { return std::holds_alternative<ChargebackLost>(e); });
     }},
    {"25 fares are owed", fares_on_tabs_are_owed,
     [](Chronicle& c) { step_with<FareAggregated>(c).after.book = {}; }},
};

const std::vector<Law> old_laws = {
    {"1", laws::entries_sum_to_zero, nullptr},
    {"2", laws::trial_balance_is_zero, nullptr},
    {"4", laws::wallets_are_not_negative, nullptr},
    {"5", laws::holds_are_covered, nullptr},
    {"6", laws::holds_end_once, nullptr},
    {"10", laws::refunds_fit, nullptr},
    {"15", laws::money_moves_with_a_reason, nullptr},
    {"17", laws::authorisations_are_used_once, nullptr},
    {"21", laws::consent_is_in_force, nullptr},
    {"22", laws::face_only_spend_is_bounded, nullptr},
    {"24", laws::journeys_are_single, nullptr},
    {"25", laws::journeys_end_and_add_up, nullptr},
    {"31", laws::nobody_is_trapped, nullptr},
};

// Each of what the laws speak of, once.
Chronicle fixed_history() {
  CardTown town;
  CardWorld& world = town.world;
  const RiderId one = town.riders[0];
  const RiderId two = town.riders[1];
  std::uint8_t key = 0;
  const auto buy = [&](RiderId rider, std::int64_t minor) {
    const Decision sold =
        town.ask(Pay{world.till, world.face_of(rider, world.till), yen(minor), {}},
                 Attempt{world.till, key_of(++key)});
    const auto request = world.asked();
    town.ask(TakeRailAnswer{request, RailOutcome::approved, "A1"});
    return std::get<Pending>(sold.reply).purchase;
  };
  town.ask(LoadFunds{one, yen(1'000), {}});
  const PurchaseId bought = buy(one, 1'600);
  town.ask(RefundPurchase{world.till, bought, yen(400)});
  town.ask(ReceiveSchemeFunding{world.desk, Scheme::visa, "S1", yen(100), yen(0), yen(2), {}});
  const PurchaseId other = buy(two, 900);
  town.ask(ReceiveChargeback{world.desk, other, yen(900), "10.4"});
  town.wait(days(21));
  town.ask(EnterGate{world.gates.at("A0"), world.face_of(two, world.gates.at("A0"))});
  town.wait(minutes(20));
  town.ask(LeaveGate{world.gates.at("A3"), world.face_of(two, world.gates.at("A3"))});
  return town.chronicle;
}

std::vector<Law> every_law() {
  std::vector<Law> all = card_laws;
  all.insert(all.end(), old_laws.begin(), old_laws.end());
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_laws_suite)

BOOST_DATA_TEST_CASE(holds_over_generated_histories_with_cards,
                     boost::unit_test::data::make(every_law()), law) {
  BOOST_TEST(rc::check(law.name, [&](const std::vector<Act>& acts) {
    CardTown town;
    town.live(acts);
    const Verdict wrong = law.check(town.chronicle);
    if (!wrong.empty()) RC_FAIL(wrong);
  }));
}

BOOST_DATA_TEST_CASE(each_card_law_can_fail, boost::unit_test::data::make(card_laws), law) {
  Chronicle chronicle = fixed_history();
  BOOST_TEST(law.check(chronicle).empty(), law.check(chronicle));
  law.break_it(chronicle);
  BOOST_TEST(!law.check(chronicle).empty());
}

// 3: what the state knows of cards is the fold of the events alone.
BOOST_AUTO_TEST_CASE(the_state_is_the_fold) {
  BOOST_TEST(rc::check("cards by fold", [](const std::vector<Act>& acts) {
    CardTown town;
    State fold = town.world.state;
    town.live(acts);
    for (const Step& step : town.chronicle)
      for (const Event& event : step.decision.events) apply(fold, event);
    RC_ASSERT(fold.cards == town.world.state.cards);
    RC_ASSERT(fold.book == town.world.state.book);
  }));
}

BOOST_AUTO_TEST_CASE(generated_histories_with_cards_are_full_of_life) {
  std::map<std::size_t, std::size_t> seen;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    rc::Random random(seed);
    const auto acts = rc::gen::container<std::vector<Act>>(200, rc::gen::arbitrary<Act>());
    CardTown town;
    town.live(acts(random, 100).value());
    for (const Step& step : town.chronicle)
      for (const Event& event : step.decision.events) ++seen[event.index()];
  }
  const std::vector<std::pair<const char*, Event>> kinds = {
      {"CardChargeApproved", CardChargeApproved{}},
      {"CardChargeDeclined", CardChargeDeclined{}},
      {"RailAbandoned", RailAbandoned{}},
      {"TendersRefunded", TendersRefunded{}},
      {"CardRefundFailed", CardRefundFailed{}},
      {"SchemeFundingReceived", SchemeFundingReceived{}},
      {"AutoLoadTriggered", AutoLoadTriggered{}},
      {"AutoLoadFailed", AutoLoadFailed{}},
      {"FareAggregated", FareAggregated{}},
      {"AggregationAdjusted", AggregationAdjusted{}},
      {"AggregationAuthorised", AggregationAuthorised{}},
      {"AggregationDeclined", AggregationDeclined{}},
      {"AggregationPostponed", AggregationPostponed{}},
      {"FirstRideRiskIncurred", FirstRideRiskIncurred{}},
      {"FareDebtRecovered", FareDebtRecovered{}},
      {"DenyListed", DenyListed{}},
      {"DenyListCleared", DenyListCleared{}},
      {"DisputeOpened", DisputeOpened{}},
      {"DisputeResolved", DisputeResolved{}},
      {"ChargebackWon", ChargebackWon{}},
      {"ChargebackLost", ChargebackLost{}},
      {"PurchaseReversed", PurchaseReversed{}}};
  for (const auto& [name, kind] : kinds) BOOST_TEST(seen[kind.index()] > 0U, name);
}

// 9: reversal, answer and deadline, in any order and repetition: whatever ends the sale but an
// approval in time leaves the money as if it had never been, on both sides.
BOOST_AUTO_TEST_CASE(a_reversal_a_card_sale_and_its_answer_commute) {
  const auto money_of = [](const CardTown& town) {
    std::map<Account, std::int64_t> money;
    for (const auto& [account, turnover] : town.world.state.book.accounts)
      if (turnover.debits != turnover.credits) money[account] = turnover.debits - turnover.credits;
    return std::pair{money, town.world.state.holds.held};
  };
  BOOST_TEST(rc::check("9 with cards", [&](std::uint16_t funds, std::uint16_t price, bool second) {
    const auto play = [&](const std::string& order) {
      CardTown town;
      CardWorld& world = town.world;
      const RiderId rider = town.riders[second ? 1 : 0];
      town.ask(StopAutoLoad{rider});
      if (funds > 0) town.ask(LoadFunds{rider, yen(funds), {}});
      const Attempt attempt{world.till, key_of(250)};
      const RailRequestId request{world.asked().value + 1};
      for (const char step : order) {
        if (step == 'p')
          town.ask(Pay{world.till, world.face_of(rider, world.till), yen(price % 10'000), {}},
                   attempt);
        if (step == 'r') town.ask(ReversePurchase{world.till, attempt.key});
        if (step == 'a') town.ask(TakeRailAnswer{request, RailOutcome::approved, "A1"});
        if (step == 'd') town.ask(TakeRailAnswer{request, RailOutcome::declined, ""});
        if (step == 't') town.wait(seconds(10));
      }
      return money_of(town);
    };
    const auto never = play("");
    for (const char* order : {"pr", "rp", "pra", "par", "paar", "prara", "rpa", "pdr", "prd"})
      RC_ASSERT(play(order) == never);
    const bool by_card = second || price % 10'000 > funds;
    if (by_card && price % 10'000 > 0) {
      for (const char* order : {"pd", "pdd", "pt", "pta", "ptaa", "ptr", "prt", "ptar"})
        RC_ASSERT(play(order) == never);
      RC_ASSERT(play("pa") == play("paaa"));
      RC_ASSERT(play("pa") == play("pat"));
      RC_ASSERT(play("pa") != never);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
