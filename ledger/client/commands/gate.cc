// obverse gate: what a metro gate does, from a desk.
#include <memory>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/verb.h"

namespace obverse {
namespace {

struct Options {
  Shown shown;
  std::string attempt;
};

template <class Request>
Ended pass(Run& run, Session& session, Request request, const Options& options) {
  fill(request.initPresence(), options.shown, session);
  request.setOccurredAt(now_by_clock().ms);
  return send(run, session, kj::mv(request), options.attempt);
}

void add_passage(CLI::App& noun, Run& run, const char* name, const char* words, bool in) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(noun, options->attempt, name, words);
  add_presence(*verb, options->shown);
  verb->callback([&run, options, in] {
    Session session(run.settings);
    run.ended = in ? pass(run, session, session.gate().enterRequest(), *options)
                   : pass(run, session, session.gate().leaveRequest(), *options);
  });
}

}  // namespace

void add_gate(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand("gate", "enter and leave, with a gate's certificate");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse --certificate gate.pem --key gate.key gate enter --face faces.f32 --row 3\n"
      "  obverse --certificate gate.pem --key gate.key gate leave --account 7");
  add_passage(*noun, run, "enter", "a person wants in", true);
  add_passage(*noun, run, "leave", "a person wants out", false);

  auto attempt = std::make_shared<std::string>();
  CLI::App* status =
      noun->add_subcommand("status", "what became of an attempt whose answer was lost");
  status->add_option("--attempt", *attempt, "its key")->required();
  status->callback([&run, attempt] {
    Session session(run.settings);
    run.ended = send(run, session, session.gate().statusRequest(), *attempt);
  });
}

}  // namespace obverse
