// obverse operator, merchant, terminal, tariff, policy, journey: what an operator's desk does.
#include <memory>

#include "ledger/client/commands/tariff.h"
#include "ledger/client/commands/tariff_file.h"
#include "ledger/client/commands/verb.h"
#include "ledger/vault/certificates.h"

namespace obverse {
namespace {

struct Options {
  std::string attempt;
  std::string code;
  std::string currency = "JPY";
  std::string role;
  std::string transit_operator;
  std::string station;
  std::string merchant;
  std::filesystem::path file;
  std::uint64_t journey = 0;
};
using Shared = std::shared_ptr<Options>;
using Role = rpc::NewTerminal::Role;

CLI::App* add_noun(CLI::App& app, const char* name, const char* words, const char* example) {
  CLI::App* noun = app.add_subcommand(name, words);
  noun->require_subcommand(1);
  noun->footer(std::string("Example:\n  obverse --certificate operator.pem --key operator.key ") +
               example);
  return noun;
}

Role role_named(const std::string& name) {
  if (name == "till") return Role::TILL;
  if (name == "enrolment_desk") return Role::ENROLMENT_DESK;
  if (name == "operator_desk") return Role::OPERATOR_DESK;
  if (name == "auditor") return Role::AUDITOR;
  if (name == "processor") return Role::PROCESSOR;
  return Role::GATE;
}

void fill_terminal(rpc::NewTerminal::Builder terminal, const Options& options) {
  terminal.setCode(options.code);
  terminal.setRole(role_named(options.role));
  terminal.setTransitOperator(options.transit_operator);
  terminal.setStation(options.station);
  terminal.setMerchant(options.merchant);
  const Digest digest = certificate_digest(options.file);
  terminal.setCertificate(capnp::Data::Reader(digest.bytes.data(), digest.bytes.size()));
}

void add_parties(CLI::App& app, Run& run) {
  auto transit = std::make_shared<Options>();
  CLI::App* noun = add_noun(app, "operator", "transit operators", "operator add --code OM");
  CLI::App* verb = add_verb(*noun, transit->attempt, "add", "register a transit operator");
  verb->add_option("--code", transit->code, "short name")->required();
  verb->callback([&run, transit] {
    Session session(run.settings);
    auto request = session.operator_desk().registerOperatorRequest();
    request.setCode(transit->code);
    run.ended = send(run, session, kj::mv(request), transit->attempt);
  });

  auto merchant = std::make_shared<Options>();
  noun = add_noun(app, "merchant", "merchants", "merchant add --code M1");
  verb = add_verb(*noun, merchant->attempt, "add", "register a merchant");
  verb->add_option("--code", merchant->code, "short name")->required();
  verb->add_option("--currency", merchant->currency, "ISO 4217");
  verb->callback([&run, merchant] {
    Session session(run.settings);
    auto request = session.operator_desk().registerMerchantRequest();
    request.setCode(merchant->code);
    request.setCurrency(static_cast<std::uint16_t>(known_currency(merchant->currency)));
    run.ended = send(run, session, kj::mv(request), merchant->attempt);
  });
}

void add_terminals(CLI::App& app, Run& run) {
  CLI::App* noun =
      add_noun(app, "terminal", "gates, tills and desks, by their certificates",
               "terminal add --code G1 --role gate --operator OM --station M11 --file G1.pem");
  auto adding = std::make_shared<Options>();
  CLI::App* verb = add_verb(*noun, adding->attempt, "add", "let a certificate act as a terminal");
  verb->add_option("--code", adding->code, "short name")->required();
  verb->add_option("--role", adding->role)
      ->check(CLI::IsMember(
          {"gate", "till", "enrolment_desk", "operator_desk", "auditor", "processor"}))
      ->required();
  verb->add_option("--operator", adding->transit_operator, "of a gate");
  verb->add_option("--station", adding->station, "of a gate");
  verb->add_option("--merchant", adding->merchant, "of a till");
  verb->add_option("--file", adding->file, "its certificate (PEM)")->required();
  verb->callback([&run, adding] {
    Session session(run.settings);
    auto request = session.operator_desk().registerTerminalRequest();
    fill_terminal(request.initTerminal(), *adding);
    run.ended = send(run, session, kj::mv(request), adding->attempt);
  });

  auto revoking = std::make_shared<Options>();
  verb = add_verb(*noun, revoking->attempt, "revoke", "cut it off, within a second");
  verb->add_option("--code", revoking->code, "short name")->required();
  verb->callback([&run, revoking] {
    Session session(run.settings);
    auto request = session.operator_desk().revokeTerminalRequest();
    request.setCode(revoking->code);
    run.ended = send(run, session, kj::mv(request), revoking->attempt);
  });
}

void add_published(CLI::App& app, Run& run) {
  auto tariff = std::make_shared<Options>();
  CLI::App* noun =
      add_noun(app, "tariff", "fare tables", "tariff publish --file ops/tariffs/osaka-metro.json");
  CLI::App* verb = add_verb(*noun, tariff->attempt, "publish",
                            "put a tariff in force from its date on; it never changes again");
  verb->add_option("--file", tariff->file, "JSON, as in ops/tariffs/")->required();
  verb->callback([&run, tariff] {
    Session session(run.settings);
    auto request = session.operator_desk().publishTariffRequest();
    read_tariff(tariff->file, request.initTariff());
    run.ended = send(run, session, kj::mv(request), tariff->attempt);
  });
  add_tariff_tools(*noun, run);

  auto policy = std::make_shared<Options>();
  noun = add_noun(app, "policy", "limits and thresholds", "policy publish --file ops/policy.json");
  verb = add_verb(*noun, policy->attempt, "publish", "put limits and thresholds in force");
  verb->add_option("--file", policy->file, "JSON, as ops/policy.json")->required();
  verb->callback([&run, policy] {
    Session session(run.settings);
    auto request = session.operator_desk().publishPolicyRequest();
    read_policy(policy->file, request.initPolicy());
    run.ended = send(run, session, kj::mv(request), policy->attempt);
  });

  auto journey = std::make_shared<Options>();
  noun = add_noun(app, "journey", "journeys that lack an exit",
                  "journey correct --journey 31 --exit M16");
  verb = add_verb(*noun, journey->attempt, "correct",
                  "say where a person got off; the difference is given back");
  verb->add_option("--journey", journey->journey, "its number")->required();
  verb->add_option("--exit", journey->station, "station")->required();
  verb->callback([&run, journey] {
    Session session(run.settings);
    auto request = session.operator_desk().correctJourneyRequest();
    request.setJourney(journey->journey);
    request.setExit(journey->station);
    run.ended = send(run, session, kj::mv(request), journey->attempt);
  });
}

}  // namespace

void add_operate(CLI::App& app, Run& run) {
  add_parties(app, run);
  add_terminals(app, run);
  add_published(app, run);
}

}  // namespace obverse
