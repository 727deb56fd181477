// The first act: an operator sets the service up, a desk enrols people with three photographs each.
#include <iostream>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/tariff_file.h"
#include "ledger/client/commands/vectors.h"
#include "ledger/client/demo/demo.h"
#include "ledger/client/demo/play.h"
#include "ledger/vault/certificates.h"

namespace obverse {
namespace {

using Desk = rpc::EnrolmentDesk;

// Sends a request that must be done, and gives the number of what was registered.
template <class Request>
std::uint64_t must(Session& session, Request request, const std::string& what) {
  fill(request.initAttempt(), new_attempt(now_by_clock()));
  const auto response = request.send().wait(session.wait_scope());
  const auto outcome = response.getOutcome();
  session.saw(outcome.getReceipt());
  if (outcome.isDone()) return outcome.getDone().getId();
  throw CommandFailed(Ended::refused, what + ": " + in_words(to_json(outcome)));
}

struct Gate {
  const char* code;
  const char* station;
};
constexpr Gate gates[] = {{"G-M11", "M11"}, {"G-M16", "M16"}, {"G-M20", "M20"}, {"G-C09", "C09"}};

void add_terminal(Play& play, const std::string& code, rpc::NewTerminal::Role role,
                  const std::string& station) {
  Session& desk = play.as("operator");
  auto request = desk.operator_desk().registerTerminalRequest();
  auto terminal = request.initTerminal();
  terminal.setCode(code);
  terminal.setRole(role);
  if (role == rpc::NewTerminal::Role::GATE) {
    terminal.setTransitOperator("OM");
    terminal.setStation(station);
  }
  if (role == rpc::NewTerminal::Role::TILL) terminal.setMerchant("M1");
  const Digest digest = certificate_digest(play.keys / (code + ".pem"));
  terminal.setCertificate(capnp::Data::Reader(digest.bytes.data(), digest.bytes.size()));
  must(desk, kj::mv(request), "registering terminal " + code);
}

void set_up(Play& play) {
  using Role = rpc::NewTerminal::Role;
  Session& desk = play.as("operator");
  auto transit = desk.operator_desk().registerOperatorRequest();
  transit.setCode("OM");
  must(desk, kj::mv(transit), "registering the operator");
  auto merchant = desk.operator_desk().registerMerchantRequest();
  merchant.setCode("M1");
  merchant.setCurrency(static_cast<std::uint16_t>(Currency::jpy));
  must(desk, kj::mv(merchant), "registering the merchant");
  auto tariff = desk.operator_desk().publishTariffRequest();
  read_tariff(play.tariff, tariff.initTariff());
  must(desk, kj::mv(tariff), "publishing the tariff");
  auto policy = desk.operator_desk().publishPolicyRequest();
  read_policy(play.policy, policy.initPolicy());
  must(desk, kj::mv(policy), "publishing the policy");
  for (const Gate& gate : gates) add_terminal(play, gate.code, Role::GATE, gate.station);
  for (const char* till : {"T1", "T2"}) add_terminal(play, till, Role::TILL, "");
  add_terminal(play, "desk", Role::ENROLMENT_DESK, "");
  add_terminal(play, "auditor", Role::AUDITOR, "");
}

void consent(Session& desk, const Member& member, Desk::Purpose purpose, std::uint64_t guardian) {
  auto request = desk.enrolment().consentRequest();
  request.setRider(member.rider);
  request.setPurpose(purpose);
  request.setTextVersion(1);
  request.setGuardian(guardian);
  request.initParty().setEveryone();
  must(desk, kj::mv(request), "consent");
}

void enrol(Play& play, Session& desk, Member& member, std::uint64_t guardian) {
  auto registering = desk.enrolment().registerRequest();
  const bool child = member.part == "child";
  registering.setCategory(child ? Desk::Category::CHILD : Desk::Category::ADULT);
  registering.setGuardian(child ? guardian : 0);
  member.rider = must(desk, kj::mv(registering), "registering a person");
  consent(desk, member, Desk::Purpose::TRANSIT, child ? guardian : 0);
  if (member.part != "no consent to pay" && !child)
    consent(desk, member, Desk::Purpose::PAYMENT, 0);

  auto photos = desk.enrolment().enrolRequest();
  photos.setRider(member.rider);
  auto list = photos.initPhotos(photos_enrolled);
  for (unsigned i = 0; i < photos_enrolled; ++i)
    fill(list[i], read_vector(play.faces, member.first_row + i, desk.dimensions()), desk.model(),
         "good");
  must(desk, kj::mv(photos), "enrolling a face");

  auto wallet = desk.enrolment().openWalletRequest();
  wallet.setRider(member.rider);
  wallet.setCurrency(static_cast<std::uint16_t>(Currency::jpy));
  must(desk, kj::mv(wallet), "opening a wallet");
  auto load = desk.enrolment().loadRequest();
  load.setRider(member.rider);
  fill(load.initAmount(), member.part == "too little money" ? 100 : 50'000, "JPY");
  must(desk, kj::mv(load), "loading money");
  auto pin = desk.enrolment().setPinRequest();
  pin.setRider(member.rider);
  pin.setPin("2580");
  must(desk, kj::mv(pin), "setting a PIN");
}

}  // namespace

void open_service(Play& play) {
  play.cast = first_cast();
  set_up(play);
  Session& desk = play.as("desk");
  std::size_t people = 0;
  for (Member& member : play.cast) {
    if (member.part == "stranger") continue;
    enrol(play, desk, member, play.cast[0].rider);
    ++people;
  }
  keep_cast(play);
  std::cout << "  enrolled " << people << " people with " << photos_enrolled
            << " photographs each; wallets opened, money loaded, PINs set\n";
}

}  // namespace obverse
