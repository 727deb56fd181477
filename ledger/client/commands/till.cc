// obverse till: what a shop's till does, from a desk.
#include <memory>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/verb.h"

namespace obverse {
namespace {

struct Options {
  Shown shown;
  std::string attempt;
  std::string original;
  std::int64_t amount = 0;
  std::string currency = "JPY";
  std::uint64_t purchase = 0;
  std::uint64_t step_up = 0;
};
using Shared = std::shared_ptr<Options>;

void add_amount(CLI::App& verb, const Shared& options) {
  verb.add_option("--amount", options->amount, "in minor units (yen, pence)")->required();
  verb.add_option("--currency", options->currency, "ISO 4217");
}

void add_purchase(CLI::App& verb, const Shared& options) {
  verb.add_option("--purchase", options->purchase, "number on the receipt")->required();
}

template <class Request>
Ended sell(Run& run, Session& session, Request request, const Options& options) {
  fill(request.initPresence(), options.shown, session);
  fill(request.initAmount(), options.amount, options.currency);
  request.setStepUp(options.step_up);
  request.setOccurredAt(now_by_clock().ms);
  return send(run, session, kj::mv(request), options.attempt);
}

void add_sale(CLI::App& noun, Run& run, const char* name, const char* words, bool capture_at_once) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(noun, options->attempt, name, words);
  add_presence(*verb, options->shown);
  add_amount(*verb, options);
  verb->add_option("--step-up", options->step_up,
                   "number from a STEP_UP_REQUIRED answer, with --account");
  verb->callback([&run, options, capture_at_once] {
    Session session(run.settings);
    run.ended = capture_at_once
                    ? sell(run, session, session.checkout().payRequest(), *options)
                    : sell(run, session, session.checkout().authoriseRequest(), *options);
  });
}

template <class Request>
Ended with_amount(Run& run, Session& session, Request request, const Options& options) {
  request.setPurchase(options.purchase);
  fill(request.initAmount(), options.amount, options.currency);
  return send(run, session, kj::mv(request), options.attempt);
}

void add_after_sale(CLI::App& noun, Run& run) {
  auto capturing = std::make_shared<Options>();
  CLI::App* capture = add_verb(noun, capturing->attempt, "capture",
                               "take what was authorised, or part of it; the rest is released");
  add_purchase(*capture, capturing);
  add_amount(*capture, capturing);
  capture->callback([&run, capturing] {
    Session session(run.settings);
    run.ended = with_amount(run, session, session.checkout().captureRequest(), *capturing);
  });

  auto refunding = std::make_shared<Options>();
  CLI::App* refund =
      add_verb(noun, refunding->attempt, "refund", "give back all or part of a purchase");
  add_purchase(*refund, refunding);
  add_amount(*refund, refunding);
  refund->callback([&run, refunding] {
    Session session(run.settings);
    run.ended = with_amount(run, session, session.checkout().refundRequest(), *refunding);
  });

  auto voiding = std::make_shared<Options>();
  CLI::App* cancel = add_verb(noun, voiding->attempt, "void", "give up an authorised purchase");
  add_purchase(*cancel, voiding);
  cancel->callback([&run, voiding] {
    Session session(run.settings);
    auto request = session.checkout().voidPurchaseRequest();
    request.setPurchase(voiding->purchase);
    run.ended = send(run, session, kj::mv(request), voiding->attempt);
  });
}

void add_by_attempt(CLI::App& noun, Run& run) {
  auto reversing = std::make_shared<Options>();
  CLI::App* reverse = add_verb(noun, reversing->attempt, "reverse",
                               "undo an attempt of this till, even before it arrives");
  reverse->add_option("--original", reversing->original, "key of the attempt to undo")->required();
  reverse->callback([&run, reversing] {
    Session session(run.settings);
    auto request = session.checkout().reverseRequest();
    fill(request.initOriginal(), chosen_attempt(reversing->original));
    run.ended = send(run, session, kj::mv(request), reversing->attempt);
  });

  auto asking = std::make_shared<Options>();
  CLI::App* status =
      noun.add_subcommand("status", "what became of an attempt whose answer was lost");
  status->add_option("--attempt", asking->attempt, "its key")->required();
  status->callback([&run, asking] {
    Session session(run.settings);
    run.ended = send(run, session, session.checkout().statusRequest(), asking->attempt);
  });
}

}  // namespace

void add_till(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand("till", "sell, with a till's certificate");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse --certificate till.pem --key till.key till pay --amount 540 --face faces.f32 "
      "--row 12\n"
      "  obverse --certificate till.pem --key till.key till pay --amount 12800 --face faces.f32 "
      "--row 12 \\\n"
      "          --account 7 --step-up 131\n"
      "  obverse --certificate till.pem --key till.key till refund --purchase 140 --amount 100");
  add_sale(*noun, run, "pay", "authorise and capture at once", true);
  add_sale(*noun, run, "authorise", "hold an amount, to be captured later", false);
  add_after_sale(*noun, run);
  add_by_attempt(*noun, run);
}

}  // namespace obverse
