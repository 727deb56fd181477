// Each call: decode, submit, encode. Whether a tariff or a policy holds together is for the rules.
#include "ledger/server/operator_service.h"

#include <algorithm>

#include "ledger/wire/tariff_wire.h"

namespace obverse {
namespace {

using Role = rpc::NewTerminal::Role;

obverse::Role role_of(Role role) {
  switch (role) {
    case Role::GATE:
      return obverse::Role::gate;
    case Role::TILL:
      return obverse::Role::till;
    case Role::ENROLMENT_DESK:
      return obverse::Role::enrolment_desk;
    case Role::OPERATOR_DESK:
      return obverse::Role::operator_desk;
    case Role::AUDITOR:
      return obverse::Role::auditor;
    case Role::PROCESSOR:
      return obverse::Role::processor;
  }
  throw Unreadable{Refusal::request_must_be_readable};
}

Command terminal_of(const Directory& directory, rpc::NewTerminal::Reader terminal) {
  RegisterTerminal wanted{.code = terminal.getCode().cStr(),
                          .role = role_of(terminal.getRole()),
                          .transit = {},
                          .station = terminal.getStation().cStr(),
                          .merchant = {},
                          .certificate = {}};
  if (terminal.getTransitOperator().size() > 0) {
    const auto transit = directory.transit_operator(terminal.getTransitOperator().cStr());
    if (!transit) throw Unreadable{Refusal::operator_must_be_registered};
    wanted.transit = *transit;
  }
  if (terminal.getMerchant().size() > 0) {
    const auto merchant = directory.merchant(terminal.getMerchant().cStr());
    if (!merchant) throw Unreadable{Refusal::merchant_must_be_registered};
    wanted.merchant = *merchant;
  }
  const auto digest = terminal.getCertificate();
  if (digest.size() != wanted.certificate.bytes.size())
    throw Unreadable{Refusal::request_must_be_readable};
  std::copy(digest.begin(), digest.end(), wanted.certificate.bytes.begin());
  return wanted;
}

Command tariff_of(const Directory& directory, rpc::Tariff::Reader from) {
  const auto transit = directory.transit_operator(from.getTransitOperator().cStr());
  if (!transit) throw Unreadable{Refusal::operator_must_be_registered};
  auto tariff = wire::tariff_of(from, *transit);
  if (!tariff) throw Unreadable{Refusal::currency_must_match};
  return PublishTariff{*std::move(tariff)};
}

Command policy_of(rpc::Policy::Reader from) {
  Policy policy;
  policy.currency = currency(from.getCurrency());
  policy.authorisation_life = {from.getAuthorisationLifeMs()};
  policy.step_up_life = {from.getStepUpLifeMs()};
  policy.hold_life = {from.getHoldLifeMs()};
  policy.face_only_purchase_max = from.getFaceOnlyPurchaseMax();
  policy.face_only_day_max = from.getFaceOnlyDayMax();
  policy.pin_failures_max = from.getPinFailuresMax();
  policy.photos_min = from.getPhotosMin();
  policy.day_offset = {from.getDayOffsetMs()};
  policy.correction_window = {from.getCorrectionWindowMs()};
  for (const auto row : from.getThresholds()) {
    policy.thresholds.push_back(
        {.model = row.getModel().cStr(),
         .search = row.getOneToMany() ? Search::one_to_many : Search::one_to_one,
         .scope_max = row.getScopeMax(),
         .threshold = row.getThreshold()});
  }
  policy.margin = from.getMargin();
  return PublishPolicy{std::move(policy)};
}

void write(rpc::Policy::Builder to, const Policy& policy) {
  to.setCurrency(static_cast<std::uint16_t>(policy.currency));
  to.setAuthorisationLifeMs(policy.authorisation_life.ms);
  to.setStepUpLifeMs(policy.step_up_life.ms);
  to.setHoldLifeMs(policy.hold_life.ms);
  to.setFaceOnlyPurchaseMax(policy.face_only_purchase_max);
  to.setFaceOnlyDayMax(policy.face_only_day_max);
  to.setPinFailuresMax(policy.pin_failures_max);
  to.setPhotosMin(policy.photos_min);
  to.setDayOffsetMs(policy.day_offset.ms);
  to.setCorrectionWindowMs(policy.correction_window.ms);
  to.setMargin(policy.margin);
  auto rows = to.initThresholds(static_cast<unsigned>(policy.thresholds.size()));
  for (unsigned i = 0; i < rows.size(); ++i) {
    const ThresholdRow& row = policy.thresholds[i];
    rows[i].setModel(row.model.c_str());
    rows[i].setOneToMany(row.search == Search::one_to_many);
    rows[i].setScopeMax(row.scope_max);
    rows[i].setThreshold(row.threshold);
  }
}

}  // namespace

kj::Promise<void> OperatorService::registerOperator(RegisterOperatorContext context) {
  return ask(caller_, context,
             [](auto params) -> Command { return RegisterOperator{params.getCode().cStr()}; });
}

kj::Promise<void> OperatorService::registerMerchant(RegisterMerchantContext context) {
  return ask(caller_, context, [](auto params) -> Command {
    return RegisterMerchant{params.getCode().cStr(), currency(params.getCurrency())};
  });
}

kj::Promise<void> OperatorService::registerTerminal(RegisterTerminalContext context) {
  return ask(caller_, context, [&](auto params) {
    return terminal_of(caller_->house().directory, params.getTerminal());
  });
}

kj::Promise<void> OperatorService::revokeTerminal(RevokeTerminalContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    const auto terminal = caller_->house().directory.terminal(Code(params.getCode().cStr()));
    if (!terminal) throw Unreadable{Refusal::terminal_must_be_registered};
    return RevokeTerminal{*terminal};
  });
}

kj::Promise<void> OperatorService::publishTariff(PublishTariffContext context) {
  return ask(caller_, context, [&](auto params) {
    return tariff_of(caller_->house().directory, params.getTariff());
  });
}

kj::Promise<void> OperatorService::publishPolicy(PublishPolicyContext context) {
  return ask(caller_, context, [](auto params) { return policy_of(params.getPolicy()); });
}

kj::Promise<void> OperatorService::correctJourney(CorrectJourneyContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    return CorrectJourney{{params.getJourney()}, params.getExit().cStr(), caller_->terminal().id};
  });
}

kj::Promise<void> OperatorService::policy(PolicyContext context) {
  return caller_->guarded([&]() -> kj::Promise<void> {
    const auto policy = caller_->house().directory.policy();
    if (policy) {
      write(context.getResults().initPolicy(), *policy);
    } else {
      obverse::write(context.getResults().initRefused(),
                     Refused{.refusal = Refusal::policy_must_be_published, .step_up = {}});
    }
    return kj::READY_NOW;
  });
}

static void write_counters(rpc::Status::Builder status, const Household& house) {
  auto counts =
      house.endings ? house.endings() : std::vector<std::pair<std::string, std::uint64_t>>{};
  for (const auto& [name, value] : house.metrics.all()) counts.emplace_back(name, value);
  auto counters = status.initCounters(static_cast<unsigned>(counts.size()));
  for (unsigned i = 0; i < counters.size(); ++i) {
    counters[i].setName(counts[i].first.c_str());
    counters[i].setValue(counts[i].second);
  }
}

kj::Promise<void> OperatorService::status(StatusContext context) {
  return caller_->guarded([&]() -> kj::Promise<void> {
    const Household& house = caller_->house();
    const Instant now = house.clock.now();
    const MarkedReceipt head = house.head();
    auto status = context.getResults().initStatus();
    obverse::write(status.initHead(), head, now, head);
    status.setPeople(house.matcher.people());
    const std::string kernel(house.matcher.kernel());
    status.setKernel(kernel.c_str());
    status.setWaiting(static_cast<std::uint32_t>(house.metrics.value(Count::commands_waiting)));
    status.setConnections(static_cast<std::uint32_t>(house.connections()));
    status.setUptimeMs(
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, (now - house.started).ms)));
    const auto lines = house.report();
    auto report = status.initReport(static_cast<unsigned>(lines.size()));
    for (unsigned i = 0; i < report.size(); ++i) report.set(i, lines[i].c_str());
    write_counters(status, house);
    return kj::READY_NOW;
  });
}

}  // namespace obverse
