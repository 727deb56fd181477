// obverse wallet: open one, load money.
#include <memory>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/commands/presence.h"

namespace obverse {
namespace {

struct Options {
  std::string attempt;
  std::uint64_t rider = 0;
  std::int64_t amount = 0;
  std::string currency = "JPY";
  std::uint32_t bank = 0;
};

template <class Request>
Ended send(Run& run, Session& session, Request request, const Options& options) {
  fill(request.initAttempt(), chosen_attempt(options.attempt));
  request.setRider(options.rider);
  const auto response = request.send().wait(session.wait_scope());
  session.saw(response.getOutcome().getReceipt());
  return show(run.settings, to_json(response.getOutcome()));
}

CLI::App* add_verb(CLI::App& noun, const std::shared_ptr<Options>& options, const char* name,
                   const char* words) {
  CLI::App* verb = noun.add_subcommand(name, words);
  verb->add_option("--rider", options->rider, "the person's number")->required();
  verb->add_option("--currency", options->currency, "ISO 4217");
  verb->add_option("--attempt", options->attempt, "attempt key (UUIDv7)");
  return verb;
}

}  // namespace

void add_wallet(CLI::App& app, Run& run) {
  CLI::App* noun =
      app.add_subcommand("wallet", "prepaid money, with an enrolment desk's certificate");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse --certificate desk.pem --key desk.key wallet open --rider 7\n"
      "  obverse --certificate desk.pem --key desk.key wallet load --rider 7 --amount 5000");

  auto opening = std::make_shared<Options>();
  add_verb(*noun, opening, "open", "open a wallet in one currency")->callback([&run, opening] {
    Session session(run.settings);
    auto request = session.enrolment().openWalletRequest();
    request.setCurrency(static_cast<std::uint16_t>(known_currency(opening->currency)));
    run.ended = send(run, session, kj::mv(request), *opening);
  });

  auto loading = std::make_shared<Options>();
  CLI::App* load =
      add_verb(*noun, loading, "load", "money that arrived in one of our bank accounts");
  load->add_option("--amount", loading->amount, "in minor units (yen, pence)")->required();
  load->add_option("--bank", loading->bank, "which of our accounts; 0 is the settlement account");
  load->callback([&run, loading] {
    Session session(run.settings);
    auto request = session.enrolment().loadRequest();
    fill(request.initAmount(), loading->amount, loading->currency);
    request.setBank(loading->bank);
    run.ended = send(run, session, kj::mv(request), *loading);
  });
}

}  // namespace obverse
