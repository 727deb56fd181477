#include "ledger/client/commands/presence.h"

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/pin.h"
#include "ledger/client/commands/vectors.h"

namespace obverse {
namespace {

rpc::Probe::Capture capture_named(const std::string& name) {
  if (name == "occluded") return rpc::Probe::Capture::OCCLUDED;
  if (name == "low_quality") return rpc::Probe::Capture::LOW_QUALITY;
  if (name == "attack_suspected") return rpc::Probe::Capture::ATTACK_SUSPECTED;
  return rpc::Probe::Capture::GOOD;
}

std::uint64_t big_endian(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

void add_presence(CLI::App& verb, Shown& shown) {
  verb.add_option("--face", shown.face_file, "file of face vectors: float32 little-endian rows");
  verb.add_option("--row", shown.row, "which row of the file is this face");
  verb.add_option("--capture", shown.capture, "what the camera said")
      ->check(CLI::IsMember({"good", "occluded", "low_quality", "attack_suspected"}));
  verb.add_option("--claimed", shown.claimed,
                  "compare with this rider's face only (a token was shown)");
  verb.add_option("--account", shown.account, "rider who types a PIN");
  add_pin(verb, shown.pin_from);
}

void fill(rpc::Probe::Builder probe, const std::string& vector, const std::string& model,
          const std::string& capture) {
  probe.setModel(model);
  probe.setVector(
      capnp::Data::Reader(reinterpret_cast<const kj::byte*>(vector.data()), vector.size()));
  probe.setCapturedAt(now_by_clock().ms);
  probe.setCapture(capture_named(capture));
}

void fill(rpc::Presence::Builder presence, const Shown& shown, const Session& session) {
  if (shown.face_file.empty() && shown.account == 0)
    throw CommandFailed(Ended::usage,
                        "nobody is shown: give --face FILE --row N, or --account RIDER, or both");
  if (!shown.face_file.empty()) {
    const std::string vector = read_vector(shown.face_file, shown.row, session.dimensions());
    fill(presence.initProbe(), vector, session.model(), shown.capture);
  }
  presence.setClaimed(shown.claimed);
  if (shown.account != 0) {
    auto claim = presence.initPin();
    claim.setRider(shown.account);
    claim.setPin(shown.pin.empty() ? read_pin(shown.pin_from) : shown.pin);
  }
}

void fill(rpc::AttemptKey::Builder builder, const AttemptKey& key) {
  builder.setHigh(big_endian(key.bytes.data()));
  builder.setLow(big_endian(key.bytes.data() + 8));
}

void fill(rpc::Money::Builder builder, std::int64_t minor, const std::string& currency) {
  builder.setMinor(minor);
  builder.setCurrency(static_cast<std::uint16_t>(known_currency(currency)));
}

Currency known_currency(const std::string& letters) {
  const auto known = currency_of(letters);
  if (!known)
    throw CommandFailed(Ended::usage,
                        "unknown currency " + letters + ": use an ISO 4217 code such as JPY");
  return *known;
}

AttemptKey chosen_attempt(const std::string& given) {
  if (given.empty()) return new_attempt(now_by_clock());
  const auto key = attempt_from_text(given);
  if (!key)
    throw CommandFailed(Ended::usage, "--attempt must be a UUIDv7, for example " +
                                          text(new_attempt(now_by_clock())));
  return *key;
}

}  // namespace obverse
