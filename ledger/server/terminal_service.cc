// Each call: decode, recognise, submit, encode.
#include "ledger/server/terminal_service.h"

namespace obverse {
namespace {

void write(rpc::GateOutcome::Builder outcome, const Answer& answer, const Receipt& head) {
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

void write(rpc::PayOutcome::Builder outcome, const Answer& answer, const Receipt& head) {
  require_known(answer);
  obverse::write(outcome.initReceipt(), answer, head);
  if (is_refusal(answer)) return write_fault(outcome.initDeclined(), answer);
  write_sale(outcome, answer.reply);
}

// Puts the answer into the context's results once it is there.
template <class Context>
kj::Promise<void> tell(const std::shared_ptr<const Caller>& caller, Context context,
                       kj::Promise<Answer> promise) {
  return promise.then([caller, context](Answer answer) mutable {
    write(context.getResults().initOutcome(), answer, caller->house().ledger.head());
  });
}

template <class Context>
kj::Promise<void> tell_status(const std::shared_ptr<const Caller>& caller, Context context) {
  return caller->guarded([&] {
    const auto wish = caller->wish(context.getParams().getAttempt());
    return caller->recall(wish).then([caller, context](std::optional<Answer> answer) mutable {
      const Household& house = caller->house();
      auto outcome = context.getResults().initOutcome();
      if (answer) return write(outcome, *answer, house.ledger.head());
      outcome.setUnknown();
      const Receipt head = house.ledger.head();
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
  return caller->guarded([&] {
    const auto params = context.getParams();
    const auto amount = money(params.getAmount());
    if (!amount) {
      return tell(caller, context, refused(caller->house(), Refusal::currency_must_match));
    }
    const TerminalId till = caller->terminal().id;
    return tell(caller, context,
                caller->present(
                    Lane::pay, caller->wish(params.getAttempt(), params.getOccurredAt()),
                    showing(params.getPresence(), till),
                    [till, amount = *amount, step = step_up(params.getStepUp())](Presence presence)
                        -> Command { return Wanted{till, std::move(presence), amount, step}; }));
  });
}

// A change to an earlier purchase.
template <class Wanted, class Context>
kj::Promise<void> change(const std::shared_ptr<const Caller>& caller, Context context) {
  return caller->guarded([&] {
    const auto params = context.getParams();
    const auto amount = money(params.getAmount());
    if (!amount) {
      return tell(caller, context, refused(caller->house(), Refusal::currency_must_match));
    }
    return tell(caller, context,
                caller->submit(caller->wish(params.getAttempt()),
                               Wanted{caller->terminal().id, {params.getPurchase()}, *amount}));
  });
}

template <class Wanted, class Context>
kj::Promise<void> pass(const std::shared_ptr<const Caller>& caller, Lane lane, Context context) {
  return caller->guarded([&] {
    const auto params = context.getParams();
    const TerminalId gate = caller->terminal().id;
    return tell(
        caller, context,
        caller->present(lane, caller->wish(params.getAttempt(), params.getOccurredAt()),
                        showing(params.getPresence(), gate), [gate](Presence presence) -> Command {
                          return Wanted{gate, std::move(presence)};
                        }));
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
  return caller_->guarded([&] {
    const auto params = context.getParams();
    return tell(caller_, context,
                caller_->submit(caller_->wish(params.getAttempt()),
                                VoidPurchase{caller_->terminal().id, {params.getPurchase()}}));
  });
}

kj::Promise<void> CheckoutService::reverse(ReverseContext context) {
  return caller_->guarded([&] {
    const auto params = context.getParams();
    const auto original = attempt_key(params.getOriginal());
    if (!original) {
      return tell(caller_, context, refused(caller_->house(), Refusal::attempt_must_be_given));
    }
    return tell(caller_, context,
                caller_->submit(caller_->wish(params.getAttempt()),
                                ReversePurchase{caller_->terminal().id, *original}));
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
