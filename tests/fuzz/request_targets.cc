// The words of a request, as every service reads them: presence, probe, PIN, amount, attempt.
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <cstring>

#include "benchmarks/house.h"
#include "ledger/server/common_service.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

struct Words {
  explicit Words(std::string_view bytes)
      : words(kj::heapArray<capnp::word>((bytes.size() + 7) / sizeof(capnp::word))) {
    std::memset(words.begin(), 0, words.asBytes().size());
    if (!bytes.empty()) std::memcpy(words.begin(), bytes.data(), bytes.size());
    segment = words;
  }
  kj::Array<capnp::word> words;
  kj::ArrayPtr<const capnp::word> segment;
};

void hold_showing(const Showing& shown) {
  if (shown.pin) {
    const std::string_view digits(shown.pin->digits.data(), shown.pin->digits.size());
    hold(is_pin(digits), "a PIN that is taken is digits");
    hold(digits.size() <= 12 && !(is_broken_as("pin-any-length") && digits.size() > 4),
         "and no more than twelve");
  }
  if (shown.claimed) hold(shown.claimed->value != 0, "nobody is claimed by zero");
}

// A presence of any bytes is understood within its bounds, or refused.
void presence(Input input) {
  const Words words(text_of(input));
  try {
    capnp::SegmentArrayMessageReader message(kj::arrayPtr(&words.segment, 1), {4'096, 16});
    const auto read = message.getRoot<rpc::Presence>();
    hold_showing(showing(read, TerminalId{1}));
  } catch (const Unreadable& fault) {
    hold(!explain(fault.refusal).name.empty(), "a refusal has a name");
  } catch (const kj::Exception&) {  // as the RPC system does
  }
}

template <class Root, class Fill>
std::string seed_of(Fill fill) {
  capnp::MallocMessageBuilder message;
  fill(message.initRoot<Root>());
  const auto words = capnp::canonicalize(message.getRoot<Root>().asReader());
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

std::vector<std::string> presence_seeds() {
  const auto face = [](rpc::Presence::Builder presence) {
    auto probe = presence.initProbe();
    probe.setModel("m-1");
    const kj::byte numbers[64] = {0, 0, 0x80, 0x3f};
    probe.setVector(capnp::Data::Reader(numbers, sizeof numbers));
  };
  const auto pin = [](rpc::Presence::Builder presence) {
    presence.initPin().setRider(3);
    presence.getPin().setPin("482915");
  };
  return {seed_of<rpc::Presence>(face), seed_of<rpc::Presence>(pin),
          seed_of<rpc::Presence>([&](rpc::Presence::Builder presence) {
            face(presence);
            pin(presence);
            presence.setClaimed(4);
          })};
}

// An amount has a currency that is known; an attempt is a version 7 UUID, byte for byte.
void amount(Input input) {
  Tap tap(input);
  capnp::MallocMessageBuilder message;
  auto written = message.initRoot<rpc::Money>();
  written.setMinor(static_cast<std::int64_t>(tap.pick(UINT64_MAX)));
  written.setCurrency(static_cast<std::uint16_t>(tap.pick(UINT16_MAX)));
  try {
    const Money read = money(written.asReader());
    hold(read.minor == written.getMinor(), "an amount is what was sent");
    hold(currency_of(static_cast<std::uint16_t>(read.currency)).has_value(), "of a known currency");
    hold(!text(read).empty(), "and has words");
  } catch (const Unreadable& fault) {
    hold(fault.refusal == Refusal::currency_must_match, "the currency is refused");
  }
  capnp::MallocMessageBuilder other;
  auto key = other.initRoot<rpc::AttemptKey>();
  key.setHigh(tap.pick(UINT64_MAX));
  key.setLow(tap.pick(UINT64_MAX));
  const auto attempt = attempt_key(key.asReader());
  const bool version_7 = (key.getHigh() >> 12U & 15U) == 7 && key.getLow() >> 62U == 2;
  const bool is_taken = attempt.has_value() || is_broken_as("attempt-any-version");
  hold(is_taken == version_7, "only version 7 is an attempt");
  if (!attempt) return;
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < 8; ++i) high = high << 8U | attempt->bytes[i];
  hold(high == key.getHigh(), "an attempt is what was sent");
}

std::vector<std::string> amount_seeds() {
  const std::string key("\x01\x90\xc2\xf4\x00\x00\x70\x01\x80\x00\x00\x00\x00\x00\x00\x05", 16);
  return {std::string(8, '\0') + "\x01\x88" + key, std::string(8, '\xff') + "\x03\x3a" + key,
          noise(3, 26)};
}

}  // namespace

std::vector<Target> request_targets() {
  return {
      {"presence",
       "what is shown is understood within its bounds",
       1'024,
       presence,
       presence_seeds,
       {"pin-any-length"}},
      {"amount",
       "amounts and attempts are what was sent",
       64,
       amount,
       amount_seeds,
       {"attempt-any-version"}},
  };
}

}  // namespace obverse::fuzz
