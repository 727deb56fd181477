// obverse wallet: open one, load money.
#include <memory>

#include "ledger/client/commands/verb.h"

namespace obverse {
namespace {

struct Options {
  std::string attempt;
  std::uint64_t rider = 0;
  std::int64_t amount = 0;
  std::string currency = "JPY";
  std::uint32_t bank = 0;
};

CLI::App* add_verb_about(CLI::App& noun, const std::shared_ptr<Options>& options, const char* name,
                         const char* words) {
  CLI::App* verb = add_verb(noun, options->attempt, name, words);
  verb->add_option("--rider", options->rider, "the person's number")->required();
  verb->add_option("--currency", options->currency, "ISO 4217");
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
  add_verb_about(*noun, opening, "open", "open a wallet in one currency")
      ->callback([&run, opening] {
        Session session(run.settings);
        auto request = session.enrolment().openWalletRequest();
        request.setRider(opening->rider);
        request.setCurrency(static_cast<std::uint16_t>(known_currency(opening->currency)));
        run.ended = send(run, session, kj::mv(request), opening->attempt);
      });

  auto loading = std::make_shared<Options>();
  CLI::App* load =
      add_verb_about(*noun, loading, "load", "money that arrived in one of our bank accounts");
  load->add_option("--amount", loading->amount, "in minor units (yen, pence)")->required();
  load->add_option("--bank", loading->bank, "which of our accounts; 0 is the settlement account");
  load->callback([&run, loading] {
    Session session(run.settings);
    auto request = session.enrolment().loadRequest();
    fill(request.initAmount(), loading->amount, loading->currency);
    request.setRider(loading->rider);
    request.setBank(loading->bank);
    run.ended = send(run, session, kj::mv(request), loading->attempt);
  });
}

}  // namespace obverse
