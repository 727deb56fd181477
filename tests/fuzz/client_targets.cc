// What a client reads: the server's answers, attempt keys as people write them, PIN files, rows of
// face vectors, the server's address.
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <cstring>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/commands/pin.h"
#include "ledger/client/commands/presence.h"
#include "ledger/client/commands/session.h"
#include "ledger/client/commands/settings.h"
#include "ledger/client/commands/vectors.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

kj::Array<capnp::word> words_of(std::string_view bytes) {
  auto words = kj::heapArray<capnp::word>((bytes.size() + 7) / sizeof(capnp::word));
  std::memset(words.begin(), 0, words.asBytes().size());
  if (!bytes.empty()) std::memcpy(words.begin(), bytes.data(), bytes.size());
  return words;
}

// What an answer may be shown as, by the tag that says so. Every other tag is a refusal.
const char* shown_as(rpc::Outcome::Reader outcome) { return outcome.isDone() ? "done" : "refused"; }
const char* shown_as(rpc::GateOutcome::Reader outcome) {
  if (outcome.isEntered()) return "entered";
  return outcome.isLeft() ? "left" : "refused";
}
const char* shown_as(rpc::PayOutcome::Reader outcome) {
  if (outcome.isApproved()) return "paid";
  if (outcome.isAuthorised()) return "authorised";
  if (outcome.isReversed()) return "reversed";
  if (outcome.isRefunded()) return "refunded";
  if (outcome.isVoided()) return "voided";
  return outcome.isPending() ? "pending" : "refused";
}

template <class Outcome>
void show_outcome(capnp::MessageReader& message) {
  const auto outcome = message.getRoot<Outcome>();
  Json shown = to_json(outcome);
  if (is_broken_as("reply-guesses") && outcome.isUnknown()) shown["outcome"] = "done";
  hold(shown.contains("outcome"), "every answer has an outcome");
  hold(shown["outcome"] == shown_as(outcome), "which is what its tag says, and no yes else");
  if (outcome.hasReceipt())
    hold(shown["receipt"]["position"] == outcome.getReceipt().getPosition(), "and its receipt");
  hold(!in_words(shown).empty(), "and words");
  // As `show` prints it for programs.
  json_line(shown);
}

// An answer of any bytes is shown or refused; what this build does not know is never a yes.
void reply(Input input) {
  if (input.empty()) return;
  const auto words = words_of(text_of(input.subspan(1)));
  const kj::ArrayPtr<const capnp::word> segments[1] = {words};
  try {
    capnp::SegmentArrayMessageReader message(kj::arrayPtr(segments, 1), {4'096, 16});
    switch (input[0] % 3) {
      case 0:
        return show_outcome<rpc::Outcome>(message);
      case 1:
        return show_outcome<rpc::GateOutcome>(message);
      default:
        return show_outcome<rpc::PayOutcome>(message);
    }
  } catch (const kj::Exception&) {  // as the commands do
  }
}

template <class Outcome, class Fill>
std::string reply_seed(char kind, Fill fill) {
  capnp::MallocMessageBuilder message;
  auto outcome = message.initRoot<Outcome>();
  auto receipt = outcome.initReceipt();
  receipt.setPosition(12);
  receipt.setHeadPosition(13);
  const kj::byte chain[32] = {1, 2, 3};
  receipt.setChain(capnp::Data::Reader(chain, 32));
  fill(outcome);
  const auto words = capnp::canonicalize(message.getRoot<Outcome>().asReader());
  const auto bytes = words.asBytes();
  return std::string(1, kind) +
         std::string(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
}

template <class Money>
void fill_money(Money money) {
  money.setMinor(190);
  money.setCurrency(392);
}

template <class Refusal>
void fill_refusal(Refusal refusal) {
  refusal.setReason("BUSY");
  refusal.setName("queue_must_have_room");
  refusal.setCause("full");
  refusal.setWayOut("again");
  refusal.setRetryAfterMs(50);
  refusal.setStepUp(3);
}

std::vector<std::string> gate_seeds() {
  using Gate = rpc::GateOutcome;
  return {reply_seed<Gate>('\1',
                           [](auto out) {
                             out.initEntered().setJourney(7);
                             fill_money(out.getEntered().initAvailable());
                           }),
          reply_seed<Gate>('\1',
                           [](auto out) {
                             out.initLeft().setLeftJourney(7);
                             fill_money(out.getLeft().initFare());
                             fill_money(out.getLeft().initBalance());
                           }),
          reply_seed<Gate>('\1', [](auto out) { fill_refusal(out.initRefused()); }),
          reply_seed<Gate>('\1', [](auto out) { out.setUnknown(); })};
}

std::vector<std::string> pay_seeds() {
  using Pay = rpc::PayOutcome;
  return {reply_seed<Pay>('\2',
                          [](auto out) {
                            out.initApproved().setPurchase(9);
                            fill_money(out.getApproved().initAmount());
                            fill_money(out.getApproved().initBalance());
                          }),
          reply_seed<Pay>('\2',
                          [](auto out) {
                            out.initAuthorised().setHeld(9);
                            fill_money(out.getAuthorised().initHoldAmount());
                          }),
          reply_seed<Pay>('\2',
                          [](auto out) {
                            out.initReversed().setOriginal(9);
                            fill_money(out.getReversed().initReturned());
                          }),
          reply_seed<Pay>('\2',
                          [](auto out) {
                            out.initRefunded().setRefund(2);
                            fill_money(out.getRefunded().initRefundedAmount());
                          }),
          reply_seed<Pay>('\2', [](auto out) { out.setVoided(4); }),
          reply_seed<Pay>('\2', [](auto out) { out.setPending(4); }),
          reply_seed<Pay>('\2', [](auto out) { fill_refusal(out.initDeclined()); }),
          reply_seed<Pay>('\2', [](auto out) { out.setUnknown(); })};
}

std::vector<std::string> reply_seeds() {
  using Done = rpc::Outcome;
  std::vector<std::string> out{
      reply_seed<Done>('\0', [](auto o) { o.initDone().setId(3); }),
      reply_seed<Done>('\0', [](auto o) { o.initDone(); }),
      reply_seed<Done>('\0', [](auto o) { fill_refusal(o.initRefused()); }),
      reply_seed<Done>('\0', [](auto o) { o.setUnknown(); })};
  for (auto& each : gate_seeds()) out.push_back(each);
  for (auto& each : pay_seeds()) out.push_back(each);
  return out;
}

// A key has one spelling with hyphens, and only version 7 is one.
void attempt_words(Input input) {
  const std::string_view words = text_of(input);
  const auto key = attempt_from_text(words);
  if (key) {
    const std::string again = text(*key);
    hold(attempt_from_text(again) == key, "a key is read as it is written");
    hold(key->bytes[6] >> 4 == 7 && key->bytes[8] >> 6 == 2, "a key is of version 7");
    if (is_broken_as("attempt-exact")) hold(again == words, "as it was given");
  }
  Tap tap(input);
  const AttemptKey made = new_attempt({static_cast<std::int64_t>(tap.pick(1ULL << 47U))});
  hold(attempt_from_text(text(made)) == made, "a new key is read as it is written");
}

std::vector<std::string> attempt_seeds() {
  return {"0190c2f4-0000-7000-8000-000000000001",
          "0190c2f400007000800000000000000A",
          "0190c2f4-0000-4000-8000-000000000001",
          "0190c2f4",
          std::string(33, '0'),
          "x"};
}

template <class Body>
void expect_usage(Body body) {
  try {
    body();
  } catch (const CommandFailed& failed) {
    hold(failed.ended() == Ended::usage, "a wrong file is a wrong use");
    hold(!std::string_view(failed.what()).empty(), "and says what to do");
  }
}

// What a file or an argument gives is what stands in it: a PIN's first line, a row's bytes.
void arguments(Input input) {
  Tap tap(input);
  const std::uint64_t what = tap.pick(3);
  const std::uint64_t number = tap.pick(UINT16_MAX);
  const std::string rest = tap.rest();
  const auto file = scratch_file("argument", rest);
  expect_usage([&] {
    if (what == 0) {
      const std::string pin = read_pin(file.string());
      hold(!pin.empty() && rest.starts_with(pin), "a PIN is the first line");
      hold(pin.find('\n') == std::string::npos, "and no more");
    } else if (what == 1) {
      const std::size_t dimensions = 1 + number % 8, row = number / 8;
      std::string bytes = read_vector(file, row, dimensions);
      if (is_broken_as("vector-next-row")) bytes = rest.substr((row + 1) * 4 * dimensions);
      hold(rest.compare(row * 4 * dimensions, bytes.size(), bytes) == 0 &&
               bytes.size() == 4 * dimensions,
           "a row is that row");
    } else if (what == 2) {
      chosen_attempt(rest);
    } else {
      hold(alphabetic(known_currency(rest)) == rest, "a currency is its own name");
    }
  });
  // The address is looked at first; without a certificate nobody is called.
  Settings settings;
  settings.server = rest;
  expect_usage([&] {
    const Session session(settings);
    hold(false, "no session without a certificate");
  });
}

std::vector<std::string> argument_seeds() {
  const std::string zero(2, '\0');
  return {"\0" + zero + "1234\n",
          zero.substr(1) + zero + "1234\r\nmore",
          "\1" + zero + noise(1, 64),
          "\1" + std::string("\0\x0a", 2) + noise(1, 64),
          "\2" + zero + attempt_seeds()[0],
          "\3" + zero + "JPY",
          "\3" + zero + "127.0.0.1:7443",
          "\3" + zero + "host:65536",
          "\3" + zero + ":"};
}

}  // namespace

std::vector<Target> client_targets() {
  return {
      {"reply",
       "an answer is shown or refused, never guessed",
       2'048,
       reply,
       reply_seeds,
       {"reply-guesses"}},
      {"attempt_words",
       "a key is read as it is written",
       64,
       attempt_words,
       attempt_seeds,
       {"attempt-exact"}},
      {"arguments",
       "what a file gives is what stands in it",
       512,
       arguments,
       argument_seeds,
       {"vector-next-row"}},
  };
}

}  // namespace obverse::fuzz
