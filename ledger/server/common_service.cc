// Decoding is strict: what cannot be read is no request. Encoding never fails.
#include "ledger/server/common_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

static_assert(std::endian::native == std::endian::little,
              "a probe's floats are copied as they come");

constexpr std::uint32_t retry_ms_max = 3'600'000;

Capture capture_of(rpc::Probe::Capture capture) {
  switch (capture) {
    case rpc::Probe::Capture::GOOD:
      return Capture::good;
    case rpc::Probe::Capture::OCCLUDED:
      return Capture::occluded;
    case rpc::Probe::Capture::LOW_QUALITY:
      return Capture::low_quality;
    case rpc::Probe::Capture::ATTACK_SUSPECTED:
      return Capture::attack_suspected;
  }
  throw Unreadable{Refusal::request_must_be_readable};
}

kj::ArrayPtr<const kj::byte> bytes_of(const Digest& digest) {
  return {digest.bytes.data(), digest.bytes.size()};
}

kj::StringPtr borrowed(std::string_view literal) { return {literal.data(), literal.size()}; }

// What a refusal cannot say: the answer is a fault.
Refusal refusal_of(Answer::Fault fault) {
  return fault == Answer::Fault::disk_full ? Refusal::disk_must_have_room
                                           : Refusal::queue_must_have_room;
}

std::uint64_t id_of(const Reply& reply) {
  if (const auto* registered = std::get_if<Registered>(&reply)) return registered->id;
  if (const auto* enrolled = std::get_if<Enrolled>(&reply)) return enrolled->face.value;
  if (const auto* erased = std::get_if<Erased>(&reply)) return erased->deferred ? 1 : 0;
  if (const auto* loaded = std::get_if<Loaded>(&reply)) return loaded->load.value;
  if (const auto* corrected = std::get_if<Corrected>(&reply)) return corrected->journey.value;
  if (const auto* sold = std::get_if<PassSold>(&reply)) return sold->pass.value;
  if (const auto* returned = std::get_if<PassReturned>(&reply)) return returned->pass.value;
  return 0;
}

}  // namespace

MarkedReceipt Household::head() const {
  const Receipt durable = ledger.head();
  return {durable, vault.receipt_seal().mark(durable.position, durable.chain)};
}

// The ledger's own command: durable, and seen by who reads the log. An operator registers the
// terminal anew, with another key. What could not be recorded now is tried again with its next
// word.
static void revoke_copied(Household& house, TerminalId terminal, const Whereabouts::Stay& stay) {
  house.metrics.add(Count::keys_copied);
  spdlog::warn("terminal {} speaks from two addresses: its key was copied, and is revoked",
               terminal.value);
  house.ledger.submit({.actor = {},
                       .attempt = {},
                       .occurred_at = house.clock.now(),
                       .command = RevokeTerminal{terminal},
                       .deadline = {}},
                      [&house, stay](const Answer& answer) {
                        if (answer.fault != Answer::Fault::none) house.whereabouts.say_again(stay);
                      });
}

Answer refused(const Household& house, Refusal refusal) {
  Answer answer;
  answer.reply = Refused{.refusal = refusal, .step_up = {}};
  answer.receipt.chain = house.ledger.head().chain;
  answer.at = house.clock.now();
  return answer;
}

Answer busy(const Household& house) {
  Answer answer = refused(house, Refusal::queue_must_have_room);
  answer.fault = Answer::Fault::busy;
  answer.retry_after = house.retry_after;
  return answer;
}

void submit(Household& house, TerminalId terminal, const Caller::Wish& wish, Command command,
            std::function<void(const Answer&)> done) {
  if (house.rollback.is_proven()) {
    house.metrics.add(Count::refusals);
    return done(refused(house, Refusal::log_must_hold_what_was_answered));
  }
  Asked asked{.actor = {.kind = Actor::Kind::terminal, .terminal = terminal},
              .attempt = {},
              .occurred_at = wish.occurred_at,
              .command = std::move(command),
              .deadline = wish.deadline};
  if (wish.attempt) asked.attempt = Attempt{.terminal = terminal, .key = *wish.attempt};
  house.metrics.add(Count::commands);
  house.metrics.add(Count::commands_waiting);
  house.ledger.submit(std::move(asked), [&house, done = std::move(done)](const Answer& answer) {
    house.metrics.take(Count::commands_waiting);
    if (answer.repeated) house.metrics.add(Count::answers_repeated);
    if (answer.fault == Answer::Fault::busy) house.metrics.add(Count::busy);
    if (is_refusal(answer)) house.metrics.add(Count::refusals);
    done(answer);
  });
}

// --- the caller
// --------------------------------------------------------------------------------------

Caller::Wish Caller::wish(rpc::AttemptKey::Reader attempt) const {
  const Instant now = house_.clock.now();
  return {
      .attempt = attempt_key(attempt), .occurred_at = now, .deadline = now + house_.request_life};
}

Caller::Wish Caller::wish(rpc::AttemptKey::Reader attempt, std::int64_t occurred_at) const {
  if (occurred_at == 0) return wish(attempt);
  if (occurred_at < instant_min.ms || occurred_at > instant_max.ms)
    throw Unreadable{Refusal::time_must_be_valid};
  Wish wished = wish(attempt);
  wished.occurred_at = {occurred_at};
  return wished;
}

std::optional<Refusal> Caller::barred() const {
  if (house_.rollback.is_proven()) return Refusal::log_must_hold_what_was_answered;
  const auto heard = house_.whereabouts.speaks(stay_, std::chrono::steady_clock::now());
  if (heard == Whereabouts::Heard::alone) return std::nullopt;
  if (heard == Whereabouts::Heard::copied_now) revoke_copied(house_, terminal_.id, stay_);
  return Refusal::terminal_must_not_be_revoked;
}

kj::Promise<Answer> Caller::submit(const Wish& wish, Command command) const {
  if (!wish.attempt) return refused(house_, Refusal::attempt_must_be_given);
  if (const auto why = barred()) return refused(house_, *why);
  auto awaited = crossing_.await<Answer>();
  obverse::submit(house_, terminal_.id, wish, std::move(command),
                  [letter = awaited.letter](const Answer& answer) { letter.send(answer); });
  return kj::mv(awaited.promise);
}

kj::Promise<Answer> Caller::work(Pool& pool, Lane lane,
                                 std::function<void(const Crossing::Letter<Answer>&)> slow) const {
  auto awaited = crossing_.await<Answer>();
  const bool has_room =
      pool.run(lane, terminal_.id, [slow = std::move(slow), letter = awaited.letter] {
        try {
          slow(letter);
        } catch (const std::exception& fault) {
          letter.lose(fault.what());
        }
      });
  if (has_room) return kj::mv(awaited.promise);
  house_.metrics.add(Count::busy);
  return busy(house_);
}

kj::Promise<Answer> Caller::present(Lane lane, const Wish& wish, Showing shown,
                                    std::function<Command(Presence)> command) const {
  if (!wish.attempt) return refused(house_, Refusal::attempt_must_be_given);
  if (const auto why = barred()) return refused(house_, *why);
  auto visit = house_.admission.enter(lane, share_);
  if (!visit) {
    house_.metrics.add(Count::busy);
    return busy(house_);
  }
  const auto look = [&house = house_, terminal = terminal_.id, wish, command = std::move(command),
                     shown = std::make_shared<const Showing>(std::move(shown)),
                     visit =
                         std::make_shared<Admission::Visit>(std::move(visit))](const auto& letter) {
    // The visit is over before the answer can be read: who asks again at once finds its room.
    const auto tell = [letter, visit](const Answer& answer) {
      visit->reset();
      letter.send(answer);
    };
    if (house.clock.now() > wish.deadline) {
      house.metrics.add(Count::busy);
      return tell(busy(house));
    }
    const auto seen = house.recogniser.look(*shown);
    // Nobody: unless this attempt had its outcome before, when the face was seen better.
    if (!seen && !house.ledger.lookup({terminal, *wish.attempt})) {
      house.metrics.add(Count::refusals);
      return tell(refused(house, seen.error()));
    }
    obverse::submit(house, terminal, wish, command(seen ? *seen : Presence{}), tell);
  };
  return work(house_.pool, lane, look);
}

kj::Promise<std::shared_ptr<const Answer>> Caller::recall(const Wish& wish) const {
  using Recalled = std::shared_ptr<const Answer>;
  const auto told = [](Answer answer) {
    return Recalled(std::make_shared<const Answer>(std::move(answer)));
  };
  auto awaited = crossing_.await<Recalled>();
  if (!wish.attempt) return told(refused(house_, Refusal::attempt_must_be_given));
  // What is not found may have been rolled back.
  if (const auto why = barred()) return told(refused(house_, *why));
  const Attempt attempt{terminal_.id, *wish.attempt};
  const bool has_room = house_.pool.run(Lane::question, terminal_.id,
                                        [&house = house_, attempt, told, letter = awaited.letter] {
                                          auto known = house.ledger.lookup(attempt);
                                          letter.send(known ? told(*std::move(known)) : Recalled());
                                        });
  if (!has_room) return told(busy(house_));
  return kj::mv(awaited.promise);
}

// --- words
// -----------------------------------------------------------------------------------------

std::optional<AttemptKey> attempt_key(rpc::AttemptKey::Reader reader) {
  AttemptKey key;
  for (std::size_t i = 0; i < 8; ++i) {
    key.bytes[i] = static_cast<std::uint8_t>(reader.getHigh() >> (56 - 8 * i));
    key.bytes[i + 8] = static_cast<std::uint8_t>(reader.getLow() >> (56 - 8 * i));
  }
  const bool is_version_7 = key.bytes[6] >> 4 == 7 && key.bytes[8] >> 6 == 2;
  return is_version_7 ? std::optional(key) : std::nullopt;
}

ShownFace shown_face(rpc::Probe::Reader probe) {
  ShownFace face;
  face.model = probe.getModel().cStr();
  const auto vector = probe.getVector();
  if (vector.size() % sizeof(float) != 0) throw Unreadable{Refusal::probe_must_be_valid};
  face.vector.resize(vector.size() / sizeof(float));
  if (vector.size() > 0) std::memcpy(face.vector.data(), vector.begin(), vector.size());
  return face;
}

Showing showing(rpc::Presence::Reader presence, TerminalId terminal) {
  Showing shown;
  shown.terminal = terminal;
  if (presence.hasProbe()) {
    shown.capture = capture_of(presence.getProbe().getCapture());
    shown.face = shown_face(presence.getProbe());
  }
  if (presence.hasPin()) {
    const auto digits = presence.getPin().getPin();
    if (!is_pin({digits.begin(), digits.size()})) throw Unreadable{Refusal::pin_must_be_digits};
    shown.pin = TypedPin{.rider = {presence.getPin().getRider()}, .digits = {}};
    shown.pin->digits.assign(digits.begin(), digits.end());
  }
  if (presence.getClaimed() != 0) shown.claimed = RiderId{presence.getClaimed()};
  return shown;
}

Currency currency(std::uint16_t number) {
  const auto known = currency_of(number);
  if (!known) throw Unreadable{Refusal::currency_must_match};
  return *known;
}

Money money(rpc::Money::Reader reader) {
  return Money{.minor = reader.getMinor(), .currency = currency(reader.getCurrency())};
}

bool is_pin(std::string_view digits) {
  return digits.size() >= pin_digits_min && digits.size() <= pin_digits_max &&
         std::ranges::all_of(digits, [](char digit) { return digit >= '0' && digit <= '9'; });
}

void write(rpc::Money::Builder builder, Money amount) {
  builder.setMinor(amount.minor);
  builder.setCurrency(static_cast<std::uint16_t>(amount.currency));
}

void write(rpc::Refusal::Builder builder, const Refused& refused) {
  const Explanation& words = explain(refused.refusal);
  builder.setReason(borrowed(text(words.reason)));
  builder.setName(borrowed(words.name));
  builder.setCause(borrowed(words.cause));
  builder.setWayOut(borrowed(words.way_out));
  if (refused.step_up) builder.setStepUp(refused.step_up->value);
}

void write_fault(rpc::Refusal::Builder builder, const Answer& answer) {
  if (answer.fault == Answer::Fault::none) return write(builder, std::get<Refused>(answer.reply));
  write(builder, Refused{.refusal = refusal_of(answer.fault), .step_up = {}});
  const auto wait = std::min<std::int64_t>(answer.retry_after.ms, retry_ms_max);
  builder.setRetryAfterMs(static_cast<std::uint32_t>(std::max<std::int64_t>(wait, 1)));
}

void write(rpc::Receipt::Builder builder, const Receipt& at, Instant when,
           const MarkedReceipt& head) {
  builder.setPosition(at.position.value);
  builder.setChain(bytes_of(at.chain));
  builder.setAt(when.ms);
  builder.setHeadPosition(head.position.value);
  builder.setHeadChain(bytes_of(head.chain));
  builder.setMark({head.mark.data(), head.mark.size()});
}

void write(rpc::Receipt::Builder builder, const Answer& answer, const MarkedReceipt& head) {
  write(builder, answer.receipt, answer.at, head);
}

void write(rpc::Outcome::Builder builder, const Answer& answer, const MarkedReceipt& head) {
  require_known(answer);
  if (is_refusal(answer)) {
    write_fault(builder.initRefused(), answer);
  } else {
    builder.initDone().setId(id_of(answer.reply));
  }
  write(builder.initReceipt(), answer, head);
}

bool is_refusal(const Answer& answer) {
  return answer.fault != Answer::Fault::none || std::holds_alternative<Refused>(answer.reply);
}

void require_known(const Answer& answer) {
  if (answer.fault != Answer::Fault::stopped) return;
  kj::throwFatalException(KJ_EXCEPTION(DISCONNECTED, "the ledger is stopping"));
}

}  // namespace obverse
