#include "ledger/wire/event_wire_operations.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {
namespace {

using wire::read;

OperatorRegistered read(stored::OperatorRegistered::Reader in) {
  OperatorRegistered out{};
  out.transit.value = in.getTransit();
  out.code = code(in.getCode());
  return out;
}
MerchantRegistered read(stored::MerchantRegistered::Reader in) {
  MerchantRegistered out{};
  out.merchant.value = in.getMerchant();
  out.code = code(in.getCode());
  out.currency = currency(in.getCurrency());
  return out;
}
TerminalRegistered read(stored::TerminalRegistered::Reader in) {
  TerminalRegistered out{};
  out.terminal.value = in.getTerminal();
  out.code = code(in.getCode());
  out.role = known<Role>(in.getRole());
  out.transit.value = in.getTransit();
  out.station = code(in.getStation());
  out.merchant.value = in.getMerchant();
  out.certificate.bytes = bytes<32>(in.getCertificate());
  return out;
}
TerminalRevoked read(stored::TerminalRevoked::Reader in) {
  TerminalRevoked out{};
  out.terminal.value = in.getTerminal();
  return out;
}
TariffPublished read(stored::TariffPublished::Reader in) {
  TariffPublished out{};
  out.version.value = in.getVersion();
  out.tariff = read(in.getTariff());
  return out;
}
PolicyPublished read(stored::PolicyPublished::Reader in) {
  PolicyPublished out{};
  out.version.value = in.getVersion();
  out.policy = read(in.getPolicy());
  return out;
}

}  // namespace

void write(stored::Event::Builder event, const OperatorRegistered& in) {
  auto out = event.initOperatorRegistered();
  out.setTransit(in.transit.value);
  out.setCode(text(in.code));
}
void write(stored::Event::Builder event, const MerchantRegistered& in) {
  auto out = event.initMerchantRegistered();
  out.setMerchant(in.merchant.value);
  out.setCode(text(in.code));
  out.setCurrency(number(in.currency));
}
void write(stored::Event::Builder event, const TerminalRegistered& in) {
  auto out = event.initTerminalRegistered();
  out.setTerminal(in.terminal.value);
  out.setCode(text(in.code));
  out.setRole(number(in.role));
  out.setTransit(in.transit.value);
  out.setStation(text(in.station));
  out.setMerchant(in.merchant.value);
  out.setCertificate(data(in.certificate.bytes));
}
void write(stored::Event::Builder event, const TerminalRevoked& in) {
  auto out = event.initTerminalRevoked();
  out.setTerminal(in.terminal.value);
}
void write(stored::Event::Builder event, const TariffPublished& in) {
  auto out = event.initTariffPublished();
  out.setVersion(in.version.value);
  write(out.initTariff(), in.tariff);
}
void write(stored::Event::Builder event, const PolicyPublished& in) {
  auto out = event.initPolicyPublished();
  out.setVersion(in.version.value);
  write(out.initPolicy(), in.policy);
}

std::optional<Event> read_operations(stored::Event::Reader event) {
  switch (event.which()) {
    case stored::Event::OPERATOR_REGISTERED:
      return read(event.getOperatorRegistered());
    case stored::Event::MERCHANT_REGISTERED:
      return read(event.getMerchantRegistered());
    case stored::Event::TERMINAL_REGISTERED:
      return read(event.getTerminalRegistered());
    case stored::Event::TERMINAL_REVOKED:
      return read(event.getTerminalRevoked());
    case stored::Event::TARIFF_PUBLISHED:
      return read(event.getTariffPublished());
    case stored::Event::POLICY_PUBLISHED:
      return read(event.getPolicyPublished());
    default:
      return std::nullopt;
  }
}

}  // namespace obverse::wire
