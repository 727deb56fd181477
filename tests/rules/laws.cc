// The invariants as sums of their own over what was decided.
#include "tests/rules/laws.h"

#include <algorithm>
#include <set>

#include "tests/rules/reasons.h"

namespace obverse::laws {
namespace {

Verdict at(const Step& step, const std::string& what) {
  return what + " at position " + std::to_string(step.moment.position.value);
}

// Calls `look(step, event)` for every event, until it says something.
template <class Look>
Verdict each_event(const Chronicle& chronicle, Look look) {
  for (const Step& step : chronicle)
    for (const Event& event : step.decision.events)
      if (const Verdict wrong = look(step, event); !wrong.empty()) return at(step, wrong);
  return {};
}

std::int64_t signed_minor(const Entry& entry) {
  return entry.side == Side::debit ? entry.minor : -entry.minor;
}

std::int64_t posted(const State& state, const Account& account) {
  const auto found = state.book.accounts.find(account);
  return found == state.book.accounts.end() ? 0 : found->second.debits - found->second.credits;
}

const Presence* presence_of(const Command& command) {
  return std::visit(
      [](const auto& c) -> const Presence* {
        if constexpr (requires { c.presence; }) return &c.presence;
        return nullptr;
      },
      command);
}

}  // namespace

Verdict entries_sum_to_zero(const Chronicle& chronicle) {
  return each_event(chronicle, [](const Step&, const Event& event) -> Verdict {
    const auto* journal = std::get_if<Posted>(&event);
    if (journal == nullptr) return {};
    std::map<Currency, std::int64_t> sums;
    for (const Entry& entry : journal->entries) {
      if (entry.minor <= 0) return "an entry is not positive";
      sums[entry.account.currency] += signed_minor(entry);
    }
    for (const auto& [currency, sum] : sums)
      if (sum != 0) return "a posting does not balance";
    return {};
  });
}

Verdict trial_balance_is_zero(const Chronicle& chronicle) {
  for (const Step& step : chronicle) {
    std::map<Currency, std::int64_t> sums;
    for (const auto& [account, turnover] : step.after.book.accounts)
      sums[account.currency] += turnover.debits - turnover.credits;
    for (const auto& [currency, sum] : sums)
      if (sum != 0) return at(step, "the trial balance is not zero");
  }
  return {};
}

Verdict balances_are_the_fold(const Chronicle& chronicle) {
  if (chronicle.empty()) return {};
  std::map<Account, std::int64_t> fold;
  State replayed = chronicle.front().before;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events)
      if (const auto* journal = std::get_if<Posted>(&event))
        for (const Entry& entry : journal->entries) fold[entry.account] += signed_minor(entry);
    for (const auto& [account, sum] : fold)
      if (posted(step.after, account) != sum) return at(step, "a balance is not its postings");
    if (step.after.book.accounts.size() != fold.size()) return at(step, "an account of nothing");
    Record record;
    record.position = step.moment.position;
    record.recorded_at = step.moment.now;
    record.events = step.decision.events;
    apply(replayed, record);
    if (replayed != step.after) return at(step, "the replay is not the state");
  }
  return {};
}

Verdict wallets_are_not_negative(const Chronicle& chronicle) {
  for (const Step& step : chronicle)
    for (const auto& [account, turnover] : step.after.book.accounts)
      if (account.chart == Chart::wallet && turnover.credits < turnover.debits)
        return at(step, "a wallet is below zero");
  return {};
}

Verdict holds_are_covered(const Chronicle& chronicle) {
  for (const Step& step : chronicle) {
    std::map<Account, std::int64_t> held;
    for (const auto& [id, hold] : step.after.holds.open)
      held[wallet_of(hold.rider, hold.amount.currency)] += hold.amount.minor;
    for (const auto& [wallet, sum] : held)
      if (sum > -posted(step.after, wallet)) return at(step, "more is held than is there");
  }
  return {};
}

Verdict holds_end_once(const Chronicle& chronicle) {
  std::map<HoldId, std::int64_t> left;
  std::set<HoldId> ended;
  const auto resolve = [&](HoldId hold, Money amount) -> Verdict {
    if (ended.contains(hold) || !left.contains(hold)) return "a hold that is not open ends";
    left[hold] -= amount.minor;
    return left[hold] < 0 ? "more was taken than was held" : "";
  };
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      Verdict wrong;
      if (const auto* placed = std::get_if<FundsReserved>(&event))
        wrong = left.emplace(placed->hold, placed->amount.minor).second ? "" : "a hold twice";
      if (const auto* taken = std::get_if<HoldCaptured>(&event))
        wrong = resolve(taken->hold, taken->amount);
      if (const auto* freed = std::get_if<HoldReleased>(&event))
        wrong = resolve(freed->hold, freed->amount);
      if (const auto* expired = std::get_if<HoldExpired>(&event))
        wrong = resolve(expired->hold, expired->amount);
      if (!wrong.empty()) return at(step, wrong);
    }
    // A hold that ends, ends whole within its decision.
    for (auto hold = left.begin(); hold != left.end();) {
      if (step.after.holds.open.contains(hold->first)) {
        if (step.after.holds.open.at(hold->first).amount.minor != hold->second)
          return at(step, "a hold is not what is left of it");
        ++hold;
        continue;
      }
      if (hold->second != 0) return at(step, "a hold ended with something left");
      ended.insert(hold->first);
      hold = left.erase(hold);
    }
    if (left.size() != step.after.holds.open.size()) return at(step, "a hold from nowhere");
  }
  return {};
}

Verdict refunds_fit(const Chronicle& chronicle) {
  std::map<PurchaseId, std::int64_t> left;
  return each_event(chronicle, [&](const Step&, const Event& event) -> Verdict {
    if (const auto* captured = std::get_if<PurchaseCaptured>(&event))
      left[captured->purchase] += captured->amount.minor;
    if (const auto* refund = std::get_if<RefundIssued>(&event))
      left[refund->purchase] -= refund->amount.minor;
    if (const auto* reversed = std::get_if<PurchaseReversed>(&event))
      left[reversed->purchase] -= reversed->amount.minor;
    for (const auto& [purchase, sum] : left)
      if (sum < 0) return "more was given back than was captured";
    return {};
  });
}

Verdict money_comes_only_from_loads(const Chronicle& chronicle) {
  return each_event(chronicle, [](const Step& step, const Event& event) -> Verdict {
    const auto* journal = std::get_if<Posted>(&event);
    if (journal == nullptr || journal->reason == PostingReason::funds_loaded) return {};
    if (journal->reason == PostingReason::scheme_funding_received) return {};
    // A scheme owes what its rail has answered for, until that is reversed.
    const bool by_rail = has<RailAnswered>(step.decision) || has<PurchaseReversed>(step.decision);
    const bool outside = std::ranges::any_of(journal->entries, [&](const Entry& e) {
      return touches_outside(e.account.chart) &&
             !(by_rail && e.account.chart == Chart::scheme_receivable);
    });
    return outside ? "money from outside without a load" : "";
  });
}

// In one decision with the money stands what allowed it: evidence of the person, or the end of
// something that was authorised before, or a desk's act.
Verdict money_moves_with_a_reason(const Chronicle& chronicle) {
  return each_event(chronicle, [](const Step& step, const Event& event) -> Verdict {
    const Decision& d = step.decision;
    if (std::holds_alternative<FundsReserved>(event) && !proven(d))
      return "a hold without evidence";
    const auto* journal = std::get_if<Posted>(&event);
    if (journal == nullptr || is_reason(journal->reason, d)) return {};
    return "money moved without its reason";
  });
}

Verdict unclear_probes_debit_nobody(const Chronicle& chronicle) {
  for (const Step& step : chronicle) {
    const Presence* presence = presence_of(step.command);
    if (presence == nullptr) continue;
    const bool unclear =
        presence->capture != Capture::good ||
        (presence->face &&
         (presence->face->score < presence->face->threshold ||
          (presence->face->runner_up &&
           presence->face->score - *presence->face->runner_up < test_policy().margin)));
    if (!unclear) continue;
    if (has<Posted>(step.decision) || has<FundsReserved>(step.decision))
      return at(step, "an unclear probe moved money");
    if (has<FaceRecognised>(step.decision)) return at(step, "an unclear probe named somebody");
  }
  return {};
}

Verdict authorisations_are_used_once(const Chronicle& chronicle) {
  std::map<StepUpId, StepUpRequested> asked;
  std::set<StepUpId> done;
  std::set<Attempt> sold;
  return each_event(chronicle, [&](const Step& step, const Event& event) -> Verdict {
    const auto terminal = std::visit(
        [](const auto& c) {
          if constexpr (requires { c.presence; }) return c.terminal;
          return TerminalId{};
        },
        step.command);
    if (const auto* face = std::get_if<FaceRecognised>(&event)) {
      const Recognition& seen = face->evidence;
      if (seen.terminal != terminal) return "a face of another terminal";
      if (step.moment.now - seen.at > test_policy().authorisation_life) return "a stale face";
    }
    if (const auto* sale = std::get_if<PurchaseAuthorised>(&event)) {
      if (!sold.insert(sale->attempt).second) return "one attempt sold twice";
      if (sale->attempt.terminal != terminal) return "an attempt of another terminal";
      if (proven(step.decision) != sale->rider) return "sold to somebody else";
    }
    if (const auto* request = std::get_if<StepUpRequested>(&event))
      asked[request->step_up] = *request;
    const auto* satisfied = std::get_if<StepUpSatisfied>(&event);
    if (satisfied == nullptr) return {};
    const auto request = asked.find(satisfied->step_up);
    if (request == asked.end()) return "a step-up that nobody asked for";
    if (!done.insert(satisfied->step_up).second) return "a step-up used twice";
    const auto* sale = first<PurchaseAuthorised>(step.decision.events);
    if (sale == nullptr || request->second.rider != sale->rider ||
        request->second.terminal != terminal || request->second.merchant != sale->merchant ||
        request->second.amount != sale->amount || step.moment.now > request->second.expires ||
        !has<PinVerified>(step.decision))
      return "a step-up for something else";
    return {};
  });
}

Verdict consent_is_in_force(const Chronicle& chronicle) {
  return each_event(chronicle, [](const Step& step, const Event& event) -> Verdict {
    const auto consented = [&](RiderId rider, Purpose purpose, Party party) {
      return consent_in_force(step.before.enrolments, rider, purpose, party).has_value();
    };
    if (const auto* sale = std::get_if<PurchaseAuthorised>(&event))
      if (!consented(sale->rider, Purpose::payment, party_of(sale->merchant)))
        return "sold without consent";
    if (const auto* journey = std::get_if<JourneyOpened>(&event))
      if (!consented(journey->rider, Purpose::transit, party_of(journey->transit)))
        return "let in without consent";
    return {};
  });
}

Verdict face_only_spend_is_bounded(const Chronicle& chronicle) {
  struct Spent {
    std::int64_t day = 0;
    std::map<PurchaseId, std::int64_t> of;
  };
  std::map<RiderId, Spent> spent;
  return each_event(chronicle, [&](const Step&, const Event& event) -> Verdict {
    const auto becomes = [&](PurchaseId purchase, std::int64_t minor) {
      for (auto& [rider, s] : spent)
        if (s.of.contains(purchase)) s.of[purchase] = minor;
    };
    if (const auto* done = std::get_if<StepUpSatisfied>(&event)) spent[done->rider].of.clear();
    if (const auto* captured = std::get_if<PurchaseCaptured>(&event))
      becomes(captured->purchase, captured->amount.minor);
    if (const auto* voided = std::get_if<PurchaseVoided>(&event)) becomes(voided->purchase, 0);
    if (const auto* reversed = std::get_if<PurchaseReversed>(&event))
      becomes(reversed->purchase, 0);
    const auto* sale = std::get_if<PurchaseAuthorised>(&event);
    if (sale == nullptr || !sale->face_only) return {};
    if (sale->amount.minor > test_policy().face_only_purchase_max) return "a sale too large";
    Spent& mine = spent[sale->rider];
    if (mine.day != sale->day) mine = {sale->day, {}};
    mine.of[sale->purchase] = sale->amount.minor;
    std::int64_t sum = 0;
    for (const auto& [purchase, minor] : mine.of) sum += minor;
    return sum > test_policy().face_only_day_max ? "too much by face alone" : "";
  });
}

Verdict pins_lock_and_unlock(const Chronicle& chronicle) {
  std::map<RiderId, int> failures;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      if (const auto* right = std::get_if<PinVerified>(&event)) {
        if (failures[right->rider] >= test_policy().pin_failures_max)
          return at(step, "a locked PIN was taken");
        failures[right->rider] = 0;
      }
      if (const auto* wrong = std::get_if<PinFailed>(&event)) {
        if (++failures[wrong->rider] != wrong->failures) return at(step, "a failure miscounted");
        const bool locks = failures[wrong->rider] >= test_policy().pin_failures_max;
        if (locks != has<PinLocked>(step.decision)) return at(step, "a lock that does not hold");
      }
      if (const auto* reset = std::get_if<PinReset>(&event)) failures[reset->rider] = 0;
    }
    for (const auto& [rider, count_of] : failures)
      if (find(step.after.enrolments, rider)->pin.locked !=
          (count_of >= test_policy().pin_failures_max))
        return at(step, "a PIN's lock is not its failures");
  }
  return {};
}

Verdict journeys_are_single(const Chronicle& chronicle) {
  std::map<Traveller, JourneyId> open;
  std::map<JourneyId, Traveller> whose;
  return each_event(chronicle, [&](const Step&, const Event& event) -> Verdict {
    if (const auto* opened = std::get_if<JourneyOpened>(&event)) {
      const Traveller traveller{opened->rider, opened->transit};
      if (!open.emplace(traveller, opened->journey).second) return "two journeys at once";
      whose[opened->journey] = traveller;
    }
    if (const auto* closed = std::get_if<JourneyClosed>(&event)) open.erase(whose[closed->journey]);
    if (const auto* lost = std::get_if<JourneyIncomplete>(&event)) open.erase(whose[lost->journey]);
    return {};
  });
}

// What an operator earned is the sum of its journeys' last fares; an ended journey stays ended.
Verdict journeys_end_and_add_up(const Chronicle& chronicle) {
  std::map<JourneyId, std::int64_t> fares;
  std::map<JourneyId, JourneyOpened> opened;
  for (const Step& step : chronicle) {
    for (const Event& event : step.decision.events) {
      if (const auto* journey = std::get_if<JourneyOpened>(&event))
        opened[journey->journey] = *journey;
      if (const auto* charged = std::get_if<FareCharged>(&event))
        if (!fares.emplace(charged->journey, charged->amount.minor).second)
          return at(step, "a journey charged twice");
      if (const auto* maximum = std::get_if<MaximumFareCharged>(&event))
        if (!fares.emplace(maximum->journey, maximum->amount.minor).second)
          return at(step, "a journey charged twice");
      if (const auto* adjusted = std::get_if<FareAdjusted>(&event)) {
        if (fares[adjusted->journey] != adjusted->from.minor)
          return at(step, "an adjustment from another fare");
        fares[adjusted->journey] = adjusted->to.minor;
      }
    }
    std::int64_t sum = 0;
    for (const auto& [journey, fare] : fares) sum += fare;
    std::int64_t earned = 0;
    for (const auto& [account, turnover] : step.after.book.accounts)
      if (account.chart == Chart::operator_payable) earned += turnover.credits - turnover.debits;
    if (sum != earned) return at(step, "fares are not what the operator earned");
    for (const auto& [journey, open] : opened)
      if (!fares.contains(journey) && step.moment.now > open.deadline &&
          step.after.journeys.open.empty())
        return at(step, "a journey that never ended");
  }
  return {};
}

// Who shows a good PIN at an exit is asked for money or sent to staff, never refused as a person.
Verdict nobody_is_trapped(const Chronicle& chronicle) {
  for (const Step& step : chronicle) {
    const auto* denied = first<ExitDenied>(step.decision.events);
    if (denied == nullptr || !has<PinVerified>(step.decision)) continue;
    const auto* leave = std::get_if<LeaveGate>(&step.command);
    if (leave == nullptr || leave->presence.face) continue;
    if (denied->refusal != Refusal::funds_must_cover_fare &&
        denied->refusal != Refusal::journey_must_be_open &&
        denied->refusal != Refusal::station_must_be_in_tariff)
      return at(step, "a person was kept inside");
  }
  return {};
}

Verdict erasure_leaves_the_books(const Chronicle& chronicle) {
  std::set<RiderId> erased;
  return each_event(chronicle, [&](const Step& step, const Event& event) -> Verdict {
    if (const auto* enrolled = std::get_if<FaceEnrolled>(&event)) erased.erase(enrolled->rider);
    if (const auto* face = std::get_if<FaceRecognised>(&event))
      if (erased.contains(face->evidence.rider)) return "an erased face was recognised";
    const auto* done = std::get_if<ErasureCompleted>(&event);
    if (done == nullptr) return {};
    erased.insert(done->rider);
    if (find(step.after.enrolments, done->rider)->face) return "an erased face is still known";
    if (is_travelling(step.after.journeys, done->rider) ||
        has_open_hold(step.after.holds, done->rider))
      return "erased while something was open";
    if (!has<Posted>(step.decision) && step.before.book != step.after.book)
      return "an erasure changed the books";
    return {};
  });
}

}  // namespace obverse::laws
