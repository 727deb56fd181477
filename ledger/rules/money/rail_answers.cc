// One answer at a time: what was open is ended, what was given up is reversed, the rest is known.
#include "ledger/rules/money/rail_answers.h"

#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

bool is_valid(const TakeRailAnswer& answer) {
  if (answer.outcome < RailOutcome::approved || answer.outcome > RailOutcome::unavailable)
    return false;
  return answer.approval.empty() || is_valid_code(answer.approval);
}

// Whatever may have been authorised is let go again.
void reverse(const AfterSale& view, RailRequestId request, const RailRequest& asked,
             const Code& approval, Events& events) {
  events.push_back(ask_rail(view.cards.rails, events,
                            following(RailKind::reverse, request, asked, approval, asked.amount)));
}

// Nobody waits for it any more.
void give_up(const AfterSale& view, RailRequestId request, const RailRequest& asked,
             const Moment& moment, Events& events) {
  events.push_back(RailAbandoned{request});
  reverse(view, request, asked, {}, events);
  if (asked.cause == RailCause::purchase) sale_unanswered(view, {asked.about}, events);
  if (asked.cause == RailCause::aggregation)
    fares_unanswered(view, request, {asked.about}, moment, events);
  if (asked.cause == RailCause::auto_load)
    load_unanswered(view, request, {asked.about}, moment, events);
}

void authorised_or_not(const AfterSale& view, const Answered& answered, const Moment& moment,
                       Events& events) {
  switch (answered.asked.cause) {
    case RailCause::purchase:
      return sale_answered(view, answered, moment, events);
    case RailCause::aggregation:
      return fares_answered(view, answered, moment, events);
    case RailCause::auto_load:
      return load_answered(view, answered, moment, events);
    case RailCause::fare:
      return;  // nothing is authorised for a single fare
  }
}

// The card takes nothing back: the person is owed it by us, no longer by way of the scheme.
Outcome<void> owe_refund(const AfterSale& view, const Answered& answered, Events& events) {
  const Money amount = answered.asked.amount;
  const Scheme scheme = card_of(view.cards.methods, answered.asked.method).scheme;
  auto posted = make_posting(
      view.book, PostingReason::refund_failed,
      {{payable_to(scheme, amount.currency), Side::debit, amount.minor},
       {refund_owed_to(answered.asked.rider, amount.currency), Side::credit, amount.minor}});
  if (!posted) return std::unexpected(posted.error());
  events.push_back(CardRefundFailed{answered.request, answered.asked.rider, amount});
  events.push_back(std::move(*posted));
  return {};
}

Decision answer_open(const AfterSale& view, const Answered& answered, const Moment& moment) {
  const RailRequest& asked = answered.asked;
  const RailAnswered fact{answered.request, answered.outcome, answered.approval};
  Events events;
  if (asked.kind != RailKind::authorise) {
    if (answered.outcome == RailOutcome::unavailable) return {{}, Done{}};  // it stays owed
    events.push_back(fact);
    if (asked.kind == RailKind::refund && answered.outcome == RailOutcome::declined) {
      if (const auto owed = owe_refund(view, answered, events); !owed) return refuse(owed.error());
    }
    return {std::move(events), Done{}};
  }
  if (asked.deadline && moment.now >= *asked.deadline) {
    // Its timer was due before: the same as if that had come first.
    give_up(view, answered.request, asked, moment, events);
    if (answered.outcome != RailOutcome::unavailable) events.push_back(fact);
    return {std::move(events), Done{}};
  }
  events.push_back(fact);
  authorised_or_not(view, answered, moment, events);
  return {std::move(events), Done{}};
}

Decision answer_abandoned(const AfterSale& view, const Answered& answered) {
  if (answered.outcome == RailOutcome::unavailable) return {{}, Done{}};
  Events events{RailAnswered{answered.request, answered.outcome, answered.approval}};
  if (answered.outcome == RailOutcome::approved)
    reverse(view, answered.request, answered.asked, answered.approval, events);
  return {std::move(events), Done{}};
}

}  // namespace

Decision decide(const AfterSale& view, const TakeRailAnswer& command, const Moment& moment) {
  const Rails& rails = view.cards.rails;
  if (command.request.value == 0 || command.request > rails.last)
    return refuse(Refusal::rail_request_must_be_known);
  if (!is_valid(command)) return refuse(Refusal::code_must_be_valid);
  const auto answered = [&](const RailRequest& asked) {
    return Answered{command.request, asked, command.outcome, command.approval};
  };
  if (const auto open = rails.open.find(command.request); open != rails.open.end())
    return answer_open(view, answered(open->second), moment);
  if (const auto late = rails.abandoned.find(command.request); late != rails.abandoned.end())
    return answer_abandoned(view, answered(late->second));
  const RailEnd& ended = rails.ended.at(command.request);
  const bool says_less = command.outcome == RailOutcome::unavailable;
  if (ended.outcome != command.outcome && !says_less)
    return refuse(Refusal::rail_answer_must_not_change);
  return {{}, Done{}};
}

Decision decide(const AfterSale& view, const ExpireRailRequest& command, const Moment& moment) {
  const auto open = view.cards.rails.open.find(command.request);
  if (open == view.cards.rails.open.end()) return refuse(Refusal::timer_must_be_due);
  if (!open->second.deadline || moment.now < *open->second.deadline)
    return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  Events events;
  give_up(view, command.request, open->second, moment, events);
  return {std::move(events), Done{}};
}

}  // namespace obverse
