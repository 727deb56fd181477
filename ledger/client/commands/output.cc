#include "ledger/client/commands/output.h"

#include <iostream>

#include "ledger/model/money.h"

namespace obverse {
namespace {

void add_lines(std::string& out, const Json& value, int depth) {
  for (const auto& [name, each] : value.items()) {
    out += std::string(static_cast<std::size_t>(depth) * 2, ' ') +
           (value.is_array() ? "-" : name + ":");
    if (each.is_object() && each.contains("text")) {
      out += " " + each["text"].get<std::string>() + "\n";
    } else if (each.is_structured()) {
      out += "\n";
      add_lines(out, each, depth + 1);
    } else {
      out += " " + (each.is_string() ? each.get<std::string>() : each.dump()) + "\n";
    }
  }
}

Json refused(rpc::Refusal::Reader refusal) {
  Json out{{"outcome", "refused"}};
  out.update(to_json(refusal));
  return out;
}

// A newer server's answer that this build cannot read is never taken for a yes.
Json unknown() { return {{"outcome", "refused"}, {"reason", "UNKNOWN_ANSWER"}}; }

}  // namespace

std::string hex_of(capnp::Data::Reader bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const kj::byte each : bytes) {
    out += digits[each >> 4];
    out += digits[each & 15];
  }
  return out;
}

Json to_json(rpc::Money::Reader money) {
  const auto currency = currency_of(money.getCurrency());
  Json out{{"minor", money.getMinor()}};
  out["currency"] =
      currency ? std::string(alphabetic(*currency)) : std::to_string(money.getCurrency());
  if (currency) out["text"] = text(Money{money.getMinor(), *currency});
  return out;
}

Json to_json(rpc::Receipt::Reader receipt) {
  return {{"position", receipt.getPosition()},
          {"chain", hex_of(receipt.getChain())},
          {"at_ms", receipt.getAt()},
          {"head_position", receipt.getHeadPosition()}};
}

Json to_json(rpc::Refusal::Reader refusal) {
  Json out{{"reason", refusal.getReason().cStr()},
           {"rule", refusal.getName().cStr()},
           {"cause", refusal.getCause().cStr()},
           {"way_out", refusal.getWayOut().cStr()}};
  if (refusal.getRetryAfterMs() != 0) out["retry_after_ms"] = refusal.getRetryAfterMs();
  if (refusal.getStepUp() != 0) out["step_up"] = refusal.getStepUp();
  return out;
}

namespace {

Json reversed(rpc::PayOutcome::Reversed::Reader reversed) {
  Json out{{"outcome", "reversed"}, {"returned", to_json(reversed.getReturned())}};
  if (reversed.getOriginal() != 0) out["purchase"] = reversed.getOriginal();
  return out;
}

Json told(rpc::Outcome::Reader outcome) {
  switch (outcome.which()) {
    case rpc::Outcome::DONE:
      if (outcome.getDone().getId() == 0) return Json::object({{"outcome", "done"}});
      return {{"outcome", "done"}, {"id", outcome.getDone().getId()}};
    case rpc::Outcome::REFUSED:
      return refused(outcome.getRefused());
    default:
      return unknown();
  }
}

Json told(rpc::GateOutcome::Reader outcome) {
  switch (outcome.which()) {
    case rpc::GateOutcome::ENTERED:
      return {{"outcome", "entered"},
              {"journey", outcome.getEntered().getJourney()},
              {"available", to_json(outcome.getEntered().getAvailable())}};
    case rpc::GateOutcome::LEFT:
      return {{"outcome", "left"},
              {"journey", outcome.getLeft().getLeftJourney()},
              {"fare", to_json(outcome.getLeft().getFare())},
              {"balance", to_json(outcome.getLeft().getBalance())}};
    case rpc::GateOutcome::REFUSED:
      return refused(outcome.getRefused());
    default:
      return unknown();
  }
}

Json told(rpc::PayOutcome::Reader outcome) {
  switch (outcome.which()) {
    case rpc::PayOutcome::APPROVED:
      return {{"outcome", "paid"},
              {"purchase", outcome.getApproved().getPurchase()},
              {"amount", to_json(outcome.getApproved().getAmount())},
              {"balance", to_json(outcome.getApproved().getBalance())}};
    case rpc::PayOutcome::AUTHORISED:
      return {{"outcome", "authorised"},
              {"purchase", outcome.getAuthorised().getHeld()},
              {"amount", to_json(outcome.getAuthorised().getHoldAmount())},
              {"expires_ms", outcome.getAuthorised().getExpires()}};
    case rpc::PayOutcome::REVERSED:
      return reversed(outcome.getReversed());
    case rpc::PayOutcome::REFUNDED:
      return {{"outcome", "refunded"},
              {"refund", outcome.getRefunded().getRefund()},
              {"amount", to_json(outcome.getRefunded().getRefundedAmount())}};
    case rpc::PayOutcome::VOIDED:
      return {{"outcome", "voided"}, {"purchase", outcome.getVoided()}};
    case rpc::PayOutcome::PENDING:
      return {{"outcome", "pending"}, {"purchase", outcome.getPending()}};
    case rpc::PayOutcome::DECLINED:
      return refused(outcome.getDeclined());
    default:
      return unknown();
  }
}

template <class Outcome>
Json with_receipt(Outcome outcome) {
  Json out = told(outcome);
  if (outcome.hasReceipt()) out["receipt"] = to_json(outcome.getReceipt());
  return out;
}

}  // namespace

Json to_json(rpc::Outcome::Reader outcome) { return with_receipt(outcome); }
Json to_json(rpc::GateOutcome::Reader outcome) { return with_receipt(outcome); }
Json to_json(rpc::PayOutcome::Reader outcome) { return with_receipt(outcome); }

std::string in_words(const Json& value) {
  std::string out;
  add_lines(out, value, 0);
  return out;
}

std::string json_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Ended show(const Settings& settings, const Json& value) {
  std::cout << (settings.json ? json_line(value) : in_words(value)) << std::flush;
  if (value.value("outcome", "") != "refused") return Ended::done;
  return value.value("reason", "") == "BUSY" ? Ended::busy : Ended::refused;
}

}  // namespace obverse
