#include "ledger/wire/event_wire.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <kj/exception.h>

#include <cstring>
#include <optional>

#include "ledger/wire/event_wire_money.h"
#include "ledger/wire/event_wire_nouns.h"
#include "ledger/wire/event_wire_operations.h"
#include "ledger/wire/event_wire_people.h"
#include "ledger/wire/event_wire_places.h"
#include "ledger/wire/event_wire_replies.h"
#include "ledger/wire/plain_wire.h"
#include "ledger/wire/spelling.h"

namespace obverse {
namespace {

using namespace wire;
using wire::read;
using wire::write;

// The deepest path is Record, events, Event, tariff, list, its items.
constexpr int nesting_max = 16;
constexpr std::size_t record_words_max = std::size_t{1}
                                         << 20;  // 8 MiB: a whole tariff is far below
constexpr std::size_t usual_words = 512;         // most records never need more memory

// Zeros, and zeros again after use: the message builder sees to that. One for each purpose.
enum class For : std::uint8_t { building, canonical };
template <For>
kj::ArrayPtr<capnp::word> usual_memory() {
  thread_local kj::Array<capnp::word> memory = [] {
    auto words = kj::heapArray<capnp::word>(usual_words);
    std::memset(words.begin(), 0, words.asBytes().size());
    return words;
  }();
  return memory;
}

// Most kinds stand in the schema as they are declared.
template <class T>
    struct IsPlain : std::bool_constant < !requires(stored::Event::Builder out, const T& in) {
  write(out, in);
}>{};

template <class T>
void write_one(stored::Event::Builder out, const T& in) {
  if constexpr (IsPlain<T>::value)
    put_kind(out, in);
  else
    write(out, in);
}

void write(stored::Record::Builder out, const Record& in) {
  out.setPosition(in.position.value);
  out.setRecordedAt(number(in.recorded_at));
  out.setOccurredAt(number(in.occurred_at));
  out.setBusinessDate(in.business_date);
  out.setActorKind(number(in.actor.kind));
  out.setActorTerminal(in.actor.terminal.value);
  if (in.attempt) write(out.initAttempt(), *in.attempt);
  out.setContent(data(in.content.bytes));
  auto events = out.initEvents(count(in.events, events_in_record_max));
  for (unsigned i = 0; i < events.size(); ++i)
    std::visit([event = events[i]](const auto& each) { write_one(event, each); }, in.events[i]);
  write(out.initReply(), in.reply);
}

Event read(stored::Event::Reader in) {
  if (auto event = read_people(in)) return *std::move(event);
  if (auto event = read_money(in)) return *std::move(event);
  if (auto event = read_places(in)) return *std::move(event);
  if (auto event = read_operations(in)) return *std::move(event);
  return take_kind<Event, IsPlain>(in, "unknown event");
}

Record read(stored::Record::Reader in) {
  Record out;
  out.position.value = in.getPosition();
  out.recorded_at = instant(in.getRecordedAt());
  out.occurred_at = instant(in.getOccurredAt());
  out.business_date = in.getBusinessDate();
  out.actor.kind = known<Actor::Kind>(in.getActorKind());
  out.actor.terminal.value = in.getActorTerminal();
  if (in.hasAttempt()) out.attempt = read(in.getAttempt());
  out.content.bytes = bytes<32>(in.getContent());
  const auto events = bounded(in.getEvents(), events_in_record_max);
  out.events.reserve(events.size());
  for (const auto each : events) out.events.push_back(read(each));
  out.reply = read(in.getReply());
  return out;
}

// Whether encode_record would give these words.
bool is_spelled(const Record& record, kj::ArrayPtr<const capnp::word> words) {
  capnp::MallocMessageBuilder message(usual_memory<For::building>());
  const auto root = message.initRoot<stored::Record>();
  write(root, record);
  const auto built = message.getSegmentsForOutput();
  if (built.size() == 1) return is_canonical_form(words, built[0]);
  return words.asBytes() == capnp::canonicalize(root.asReader()).asBytes();
}

Record read_bytes(std::string_view in) {
  if (in.empty() || in.size() % sizeof(capnp::word) != 0) throw Malformed("not whole words");
  const std::size_t words = in.size() / sizeof(capnp::word);
  if (words > record_words_max) throw Malformed("too long");
  // Words must be aligned, and bytes may lie anywhere: then it is our own copy.
  kj::Array<capnp::word> copy;
  auto begin = reinterpret_cast<const capnp::word*>(in.data());
  if (reinterpret_cast<std::uintptr_t>(in.data()) % alignof(capnp::word) != 0) {
    copy = kj::heapArray<capnp::word>(words);
    std::memcpy(copy.asBytes().begin(), in.data(), in.size());
    begin = copy.begin();
  }
  const kj::ArrayPtr<const capnp::word> segments[1] = {kj::arrayPtr(begin, words)};
  // Everything is read once or twice; more is a trick with pointers.
  capnp::SegmentArrayMessageReader reader(kj::arrayPtr(segments, 1), {words * 4 + 64, nesting_max});
  Record record = read(reader.getRoot<stored::Record>());
  // Fields that only a newer build knows would be lost here, and another spelling would be another
  // digest.
  if (!is_spelled(record, segments[0]))
    throw Malformed("not the bytes that this build would write");
  return record;
}

std::string_view view(kj::ArrayPtr<const capnp::word> words) {
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

// `use` of the canonical bytes. capnp::canonicalize measures, allocates and looks at its result
// once more, which for most records is half of the work.
template <class Use>
auto with_canonical(const Record& record, Use use) {
  capnp::MallocMessageBuilder message(usual_memory<For::building>());
  const auto root = message.initRoot<stored::Record>();
  write(root, record);
  capnp::MallocMessageBuilder canonical(usual_memory<For::canonical>());
  canonical.getRoot<capnp::AnyPointer>().setCanonicalAs<stored::Record>(root.asReader());
  const auto segments = canonical.getSegmentsForOutput();
  if (segments.size() == 1) return use(view(segments[0]));
  return use(view(capnp::canonicalize(root.asReader())));
}

}  // namespace

std::string encode_record(const Record& record) {
  return with_canonical(record, [](std::string_view bytes) { return std::string(bytes); });
}

std::expected<Record, DecodeFault> decode_record(std::string_view bytes) {
  try {
    return read_bytes(bytes);
  } catch (const Malformed& fault) {
    return std::unexpected(DecodeFault{fault.what()});
  } catch (const kj::Exception&) {
    return std::unexpected(DecodeFault{"not a well-formed message"});
  }
}

}  // namespace obverse
