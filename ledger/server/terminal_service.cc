// Each call: decode, recognise, submit, encode.
#include "ledger/server/terminal_service.h"

#include "ledger/model/limits.h"

namespace obverse {
namespace {

void write_sale(rpc::PayOutcome::Builder outcome, const Reply& reply) {
  if (const auto* paid = std::get_if<Paid>(&reply)) {
    auto builder = outcome.initApproved();
    builder.setPurchase(paid->purchase.value);
    write(builder.initAmount(), paid->amount);
    write(builder.initBalance(), paid->balance);
  } else if (const auto* authorised = std::get_if<Authorised>(&reply)) {
    auto builder = outcome.initAuthorised();
    builder.setHeld(authorised->purchase.value);
    write(builder.initHoldAmount(), authorised->amount);
    builder.setExpires(authorised->expires.ms);
  } else if (const auto* reversed = std::get_if<Reversed>(&reply)) {
    auto builder = outcome.initReversed();
    builder.setOriginal(reversed->purchase ? reversed->purchase->value : 0);
    write(builder.initReturned(), reversed->amount);
  } else if (const auto* refunded = std::get_if<Refunded>(&reply)) {
    auto builder = outcome.initRefunded();
    builder.setRefund(refunded->refund.value);
    write(builder.initRefundedAmount(), refunded->amount);
  } else if (const auto* voided = std::get_if<Voided>(&reply)) {
    outcome.setVoided(voided->purchase.value);
  } else {
    outcome.setUnknown();
  }
}

}  // namespace

static void write(rpc::GateOutcome::Builder outcome, const Answer& answer,
                  const MarkedReceipt& head) {
  require_known(answer);
  obverse::write(outcome.initReceipt(), answer, head);
  if (is_refusal(answer)) return write_fault(outcome.initRefused(), answer);
  if (const auto* entered = std::get_if<Entered>(&answer.reply)) {
    auto builder = outcome.initEntered();
    builder.setJourney(entered->journey.value);
    obverse::write(builder.initAvailable(), entered->available);
  } else if (const auto* left = std::get_if<Left>(&answer.reply)) {
    auto builder = outcome.initLeft();
    builder.setLeftJourney(left->journey.value);
    obverse::write(builder.initFare(), left->fare);
    obverse::write(builder.initBalance(), left->balance);
  } else {
    outcome.setUnknown();
  }
}

static void write(rpc::PayOutcome::Builder outcome, const Answer& answer,
                  const MarkedReceipt& head) {
  require_known(answer);
  obverse::write(outcome.initReceipt(), answer, head);
  if (is_refusal(answer)) return write_fault(outcome.initDeclined(), answer);
  write_sale(outcome, answer.reply);
}

namespace {

template <class Context>
kj::Promise<void> tell_status(const std::shared_ptr<const Caller>& caller, Context context) {
  return caller->guarded([&] {
    const auto wish = caller->wish(context.getParams().getAttempt());
    return caller->recall(wish).then(
        [caller, context](const std::shared_ptr<const Answer>& answer) mutable {
          const Household& house = caller->house();
          const MarkedReceipt head = house.head();
          auto outcome = context.getResults().initOutcome();
          if (answer) return write(outcome, *answer, head);
          outcome.setUnknown();
          write(outcome.initReceipt(), Receipt{{}, head.chain}, house.clock.now(), head);
        });
  });
}

std::optional<StepUpId> step_up(std::uint64_t number) {
  return number == 0 ? std::nullopt : std::optional(StepUpId{number});
}

// A sale with a person before the till.
template <class Wanted, class Context>
kj::Promise<void> sell(const std::shared_ptr<const Caller>& caller, Context context) {
  return answer(caller, context, [&](auto params) {
    const TerminalId till = caller->terminal().id;
    const Money amount = money(params.getAmount());
    return caller->present(
        Lane::pay, caller->wish(params.getAttempt(), params.getOccurredAt()),
        showing(params.getPresence(), till),
        [till, amount, step = step_up(params.getStepUp())](Presence presence) -> Command {
          return Wanted{till, std::move(presence), amount, step};
        });
  });
}

// A change to an earlier purchase.
template <class Wanted, class Context>
kj::Promise<void> change(const std::shared_ptr<const Caller>& caller, Context context) {
  return ask(caller, context, [&](auto params) -> Command {
    return Wanted{caller->terminal().id, {params.getPurchase()}, money(params.getAmount())};
  });
}

// Who wants out is not held up by a gate whose clock is wrong: then the ledger's own time counts.
template <class Context>
Caller::Wish wish_at_gate(const Caller& caller, Lane lane, Context params) {
  const std::int64_t at = params.getOccurredAt();
  const bool is_lost = lane == Lane::leave && (at < instant_min.ms || at > instant_max.ms);
  return caller.wish(params.getAttempt(), is_lost ? 0 : at);
}

template <class Wanted, class Context>
kj::Promise<void> pass(const std::shared_ptr<const Caller>& caller, Lane lane, Context context) {
  return answer(caller, context, [&](auto params) {
    const TerminalId gate = caller->terminal().id;
    return caller->present(
        lane, wish_at_gate(*caller, lane, params), showing(params.getPresence(), gate),
        [gate](Presence presence) -> Command { return Wanted{gate, std::move(presence)}; });
  });
}

}  // namespace

kj::Promise<void> GateService::enter(EnterContext context) {
  return pass<EnterGate>(caller_, Lane::enter, context);
}

kj::Promise<void> GateService::leave(LeaveContext context) {
  return pass<LeaveGate>(caller_, Lane::leave, context);
}

kj::Promise<void> GateService::status(StatusContext context) {
  return tell_status(caller_, context);
}

kj::Promise<void> CheckoutService::pay(PayContext context) { return sell<Pay>(caller_, context); }

kj::Promise<void> CheckoutService::authorise(AuthoriseContext context) {
  return sell<AuthorisePurchase>(caller_, context);
}

kj::Promise<void> CheckoutService::capture(CaptureContext context) {
  return change<CapturePurchase>(caller_, context);
}

kj::Promise<void> CheckoutService::refund(RefundContext context) {
  return change<RefundPurchase>(caller_, context);
}

kj::Promise<void> CheckoutService::voidPurchase(VoidPurchaseContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    return VoidPurchase{caller_->terminal().id, {params.getPurchase()}};
  });
}

kj::Promise<void> CheckoutService::reverse(ReverseContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    const auto original = attempt_key(params.getOriginal());
    if (!original) throw Unreadable{Refusal::attempt_must_be_given};
    return ReversePurchase{caller_->terminal().id, *original};
  });
}

kj::Promise<void> CheckoutService::status(StatusContext context) {
  return tell_status(caller_, context);
}

kj::Promise<void> SessionService::ping(PingContext context) {
  context.getResults().setServerTime(caller_->house().clock.now().ms);
  return kj::READY_NOW;
}

}  // namespace obverse
