// What the ledger reads back of itself: records, states, and what an auditor makes of either.
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "ledger/engine/content.h"
#include "ledger/engine/snapshot.h"
#include "ledger/log/memory_log.h"
#include "ledger/wire/canonical.h"
#include "ledger/wire/event_wire.h"
#include "ledger/wire/spelling.h"
#include "replay/explain.h"
#include "replay/rebuild.h"
#include "replay/verify.h"
#include "replay/words.h"
#include "schemas/events.capnp.h"
#include "tests/fuzz/target.h"
#include "tests/rules/history.h"
#include "tests/wire/made_values.h"

namespace obverse::fuzz {
namespace {

std::expected<Record, DecodeFault> decode(std::string_view bytes) {
  const bool tail = bytes.size() >= 16 && bytes.ends_with(std::string_view("\0\0\0\0\0\0\0\0", 8));
  if (is_broken_as("record-drops-zeros") && tail) {
    auto cut = decode_record(bytes.substr(0, bytes.size() - 8));
    if (cut) return cut;
  }
  return decode_record(bytes);
}

// Bytes that are read as a record are the bytes that record is written as; and they have words.
void record_bytes(Input input) {
  const auto record = decode(text_of(input));
  if (!record) {
    hold(!record.error().why.empty(), "a refusal says why");
    return;
  }
  hold(encode_record(*record) == text_of(input), "a record has one spelling");
  static const State nothing;
  for (const Event& event : record->events) hold(!in_words(event, nothing).empty(), "words");
  hold(!in_words(record->reply).empty(), "a reply has words");
  in_words(record->recorded_at, nothing);
  in_words(record->actor, nothing);
}

std::vector<std::string> record_bytes_seeds() {
  std::vector<std::string> out;
  Counted counted;
  for (int i = 0; i < 40; ++i) {
    Record record = made<Record>(counted);
    if (record.events.size() > 2) record.events.resize(2);
    out.push_back(encode_record(record));
  }
  return out;
}

// Any record within the bounds comes back as it was.
void record_values(Input input) {
  Tap tap(input);
  const Record record = made<Record>(tap);
  std::string bytes = encode_record(record);
  if (is_broken_as("record-loses-reply") && bytes.size() > 160) bytes.resize(bytes.size() - 8);
  const auto back = decode_record(bytes);
  hold(back.has_value(), "what was written is read");
  hold(*back == record, "a record comes back");
}

std::vector<std::string> noise_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 12; ++seed) out.push_back(noise(seed + 10, 60 + 120 * seed));
  return out;
}

State some_state(std::uint64_t seed) {
  Town town;
  const std::string from = noise(seed, 200);
  Tap tap(input_of(from));
  std::vector<Act> acts;
  for (int i = 0; i < 12; ++i) {
    acts.push_back({static_cast<std::uint8_t>(tap.pick(kinds_of_acts - 1)),
                    static_cast<std::uint8_t>(tap.pick(2)), static_cast<std::uint8_t>(tap.pick(11)),
                    static_cast<std::uint8_t>(tap.pick(23)),
                    static_cast<std::uint16_t>(tap.pick(19'999))});
  }
  town.live(acts);
  return town.world.state;
}

// Bytes that are read as a state are the bytes that state is written as.
void state_bytes(Input input) {
  std::string_view bytes = text_of(input);
  if (is_broken_as("state-ignores-rest") && bytes.size() > 1 && bytes.back() == '\0')
    bytes.remove_suffix(1);
  const auto state = decode_canonical<State>(bytes);
  if (!state) return;
  hold(canonical(*state) == text_of(input), "a state has one spelling");
  const Snapshot snapshot{state->position, {}, snapshot_stamp(), std::string(bytes)};
  hold(state_of(snapshot).has_value(), "a state is a snapshot of its position");
  hold(!state_of({{state->position.value + 1}, {}, snapshot.stamp, snapshot.state}),
       "and of no other");
  hold(!state_of({state->position, {}, snapshot.stamp + " ", snapshot.state}), "nor build");
}

std::vector<std::string> state_bytes_seeds() {
  std::vector<std::string> out{canonical(State{})};
  for (std::uint64_t seed = 0; seed < 3; ++seed) out.push_back(canonical(some_state(seed)));
  return out;
}

// The capture, the recognition and what became of the PIN: not what was asked.
struct Retried {
  void operator()(auto& command) const {
    if constexpr (requires { command.presence; }) {
      command.presence.capture = Capture::occluded;
      command.presence.face.reset();
    }
    if constexpr (requires { command.sealed; }) command.sealed.bytes.fill(7);
  }
};
struct Altered {
  void operator()(auto& command) const {
    if constexpr (requires { command.amount; }) {
      command.amount.minor ^= 1;
    } else if constexpr (requires { command.terminal; }) {
      command.terminal.value ^= 1;
    } else if constexpr (requires { command.rider; }) {
      command.rider.value ^= 1;
    } else if constexpr (requires { command.code; }) {
      command.code += "x";
    } else {
      changed = false;
    }
  }
  bool& changed;
};

// A retry asks for the same, whatever was seen this time; another amount or person is another.
void content(Input input) {
  Tap tap(input);
  const Command command = made<Command>(tap);
  Command again = command;
  std::visit(Retried(), again);
  hold(content_of(command) == content_of(again), "a retry asks for the same");
  Command other = command;
  bool changed = true;
  std::visit(Altered{changed}, other);
  if (is_broken_as("content-forgets-amount")) other = command;
  hold(!changed || content_of(other) != content_of(command), "another wish has another content");
}

// The next record of a history, of any bytes or any values. Without events: those that cannot be
// are a bug to the rules, which end the process; what an auditor can tell of them before, the tests
// of replay/verify show.
std::string payload_from(Tap& tap, std::uint64_t position) {
  if (tap.pick(3) == 0) {
    const std::string bytes = tap.bytes(tap.pick(600));
    auto record = decode_record(bytes);
    if (!record) return bytes;
    record->events.clear();
    return encode_record(*record);
  }
  Record record = made<Record>(tap);
  record.position.value = position + (tap.pick(40) == 40 ? 1 : 0);
  record.recorded_at.ms = static_cast<std::int64_t>(position + tap.pick(1));
  record.events.clear();
  return encode_record(record);
}

// A history of any bytes is judged, never believed: verify tells, rebuild and explain refuse.
void audit(Input input) {
  Tap tap(input);
  MemoryLog log;
  Head head = log.acquire();
  bool whole = true;
  std::uint64_t position = 0;
  Instant last{};
  while (!tap.empty() && position < 20) {
    const std::string payload = payload_from(tap, ++position);
    const auto record = decode_record(payload);
    whole = whole && record && record->position.value == position && record->recorded_at >= last;
    if (record) last = record->recorded_at;
    const NewEntry entry{payload, std::nullopt};
    log.append(head, {&entry, 1});
  }
  const bool clean = verify(log).faults.empty() || is_broken_as("audit-believes");
  hold(clean == whole, "what is not a history is found out");
  std::ostringstream story;
  try {
    rebuild(log, std::nullopt);
    explain(log, {{}, Position{1}}, story);
    hold(whole, "only a whole history is rebuilt");
  } catch (const LogDamage& damage) {
    hold(!whole && damage.first_bad.value <= position, "damage is named");
  }
}

// The defect "spelling-any-end" does not look at what is behind the last object.
bool is_form(kj::ArrayPtr<const capnp::word> words, kj::ArrayPtr<const capnp::word> built) {
  if (is_canonical_form(words, built)) return true;
  return is_broken_as("spelling-any-end") && words.size() > 1 &&
         is_canonical_form(words.slice(0, words.size() - 1), built);
}

// Any message that a builder may leave, out of any bytes: is its canonical form known from what is
// none, as by making that form and comparing.
void hold_spelling(kj::ArrayPtr<const capnp::word> given, Tap& tap) {
  const kj::ArrayPtr<const capnp::word> segments[1] = {given};
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(segments, 1), {4'096, 32});
  capnp::MallocMessageBuilder message(1U << 16U);
  message.setRoot(reader.getRoot<stored::Record>());
  const auto root = message.getRoot<stored::Record>();
  const auto canonical = capnp::canonicalize(root.asReader());
  const auto built = message.getSegmentsForOutput();
  if (built.size() != 1) return;
  hold(is_form(canonical, built[0]), "the canonical form is known");
  hold(is_form(given, built[0]) == (given.asBytes() == canonical.asBytes()), "and nothing else is");
  auto longer = kj::heapArray<capnp::word>(canonical.size() + 1);
  std::memset(longer.begin(), 0, longer.asBytes().size());
  std::memcpy(longer.begin(), canonical.begin(), canonical.asBytes().size());
  hold(!is_form(longer, built[0]), "nor is it with more behind it");
  auto changed = longer.slice(0, canonical.size());
  const std::size_t bit = tap.pick(UINT16_MAX) % (64 * changed.size());
  changed.asBytes()[bit / 8] ^= static_cast<kj::byte>(1U << (bit % 8));
  hold(!is_form(changed, built[0]), "nor with a bit changed");
}

void spelling(Input input) {
  Tap tap(input.first(std::min<std::size_t>(input.size(), 2)));
  const std::string_view bytes = text_of(input).substr(std::min<std::size_t>(input.size(), 2));
  if (bytes.size() < sizeof(capnp::word)) return;
  auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word));
  std::memcpy(words.begin(), bytes.data(), words.asBytes().size());
  try {
    hold_spelling(words, tap);
  } catch (const kj::Exception&) {  // no message
  }
}

std::vector<std::string> spelling_seeds() {
  std::vector<std::string> out;
  for (const std::string& record : record_bytes_seeds())
    if (out.size() < 24) out.push_back(noise(out.size(), 2) + record);
  return out;
}

}  // namespace

std::vector<Target> wire_targets() {
  return {
      {"record_bytes",
       "a record has one spelling, and words",
       16'384,
       record_bytes,
       record_bytes_seeds,
       {"record-drops-zeros"}},
      {"record_values",
       "any record within the bounds comes back",
       4'096,
       record_values,
       noise_seeds,
       {"record-loses-reply"},
       400},
      {"state_bytes",
       "a state has one spelling",
       65'536,
       state_bytes,
       state_bytes_seeds,
       {"state-ignores-rest"},
       300},
      {"content",
       "a retry asks for the same, another wish for another",
       4'096,
       content,
       noise_seeds,
       {"content-forgets-amount"},
       600},
      {"audit",
       "a history of any bytes is judged, never believed",
       8'192,
       audit,
       noise_seeds,
       {"audit-believes"},
       300},
      {"spelling",
       "the canonical form of a message is known, and nothing else is",
       4'096,
       spelling,
       spelling_seeds,
       {"spelling-any-end"}},
  };
}

}  // namespace obverse::fuzz
