#include "ledger/wire/event_wire_nouns.h"

#include <algorithm>

#include "ledger/model/account.h"
#include "ledger/wire/plain_wire.h"

namespace obverse::wire {

std::uint16_t number(Currency value) {
  const auto out = static_cast<std::uint16_t>(value);
  assert(currency_of(out));
  return out;
}

std::uint16_t number(Chart value) {
  assert(is_known(value));
  return static_cast<std::uint16_t>(value);
}

std::int64_t number(Instant value) {
  assert(value >= instant_min && value <= instant_max);
  return value.ms;
}

std::int64_t number(Duration value) {
  assert(value.ms >= -duration_max.ms && value <= duration_max);
  return value.ms;
}

Currency currency(std::uint16_t number) {
  const auto out = currency_of(number);
  if (!out) throw Malformed("unknown currency");
  return *out;
}

Chart chart(std::uint16_t number) {
  const auto out = static_cast<Chart>(number);
  if (!is_known(out)) throw Malformed("unknown account");
  return out;
}

Instant instant(std::int64_t ms) {
  const Instant out{ms};
  if (out < instant_min || out > instant_max) throw Malformed("instant out of bounds");
  return out;
}

Duration duration(std::int64_t ms) {
  const Duration out{ms};
  if (out < Duration{0} || out > duration_max) throw Malformed("duration out of bounds");
  return out;
}

Duration offset(std::int64_t ms) {
  const Duration out{ms};
  if (out < Duration{-days(1).ms} || out > days(1)) throw Malformed("offset out of bounds");
  return out;
}

capnp::Text::Reader text(const Code& in) {
  assert(in.size() <= code_length_max);
  return {in.c_str(), in.size()};
}

Code code(capnp::Text::Reader in) {
  if (in.size() > code_length_max) throw Malformed("code too long");
  const bool printable =
      std::all_of(in.begin(), in.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!printable) throw Malformed("code not printable");
  return {in.begin(), in.size()};
}

void write(stored::Money::Builder out, const Money& in) {
  out.setMinor(in.minor);
  out.setCurrency(number(in.currency));
}

Money read(stored::Money::Reader in) {
  Money out;
  out.minor = in.getMinor();
  out.currency = currency(in.getCurrency());
  return out;
}

void write(stored::Attempt::Builder out, const Attempt& in) {
  out.setTerminal(in.terminal.value);
  out.setKey(data(in.key.bytes));
}

Attempt read(stored::Attempt::Reader in) {
  Attempt out;
  out.terminal.value = in.getTerminal();
  out.key.bytes = bytes<16>(in.getKey());
  return out;
}

void write(stored::Party::Builder out, const Party& in) {
  out.setKind(number(in.kind));
  out.setId(in.id);
}

Party read(stored::Party::Reader in) {
  Party out;
  out.kind = known<Party::Kind>(in.getKind());
  out.id = in.getId();
  return out;
}

void write(stored::Recognition::Builder out, const Recognition& in) {
  out.setRider(in.rider.value);
  out.setFace(in.face.value);
  out.setModel(text(in.model));
  out.setSearch(number(in.search));
  out.setGallery(in.gallery);
  out.setScope(in.scope);
  out.setScore(in.score);
  out.setThreshold(in.threshold);
  write(out.getRunnerUp(), in.runner_up);
  out.setTerminal(in.terminal.value);
  out.setAt(number(in.at));
}

Recognition read(stored::Recognition::Reader in) {
  Recognition out;
  out.rider.value = in.getRider();
  out.face.value = in.getFace();
  out.model = code(in.getModel());
  out.search = known<Search>(in.getSearch());
  out.gallery = in.getGallery();
  out.scope = in.getScope();
  out.score = in.getScore();
  out.threshold = in.getThreshold();
  out.runner_up = maybe<Score>(in.getRunnerUp());
  out.terminal.value = in.getTerminal();
  out.at = instant(in.getAt());
  return out;
}

namespace {

void write(stored::Entry::Builder out, const Entry& in) {
  out.setChart(number(in.account.chart));
  out.setOwner(in.account.owner);
  out.setCurrency(number(in.account.currency));
  out.setSide(number(in.side));
  out.setMinor(in.minor);
}

Entry read(stored::Entry::Reader in) {
  Entry out;
  out.account.chart = chart(in.getChart());
  out.account.owner = in.getOwner();
  out.account.currency = currency(in.getCurrency());
  out.side = known<Side>(in.getSide());
  out.minor = in.getMinor();
  return out;
}

}  // namespace

namespace {

void write(stored::ThresholdRow::Builder out, const ThresholdRow& in) {
  out.setModel(text(in.model));
  out.setSearch(number(in.search));
  out.setScopeMax(in.scope_max);
  out.setThreshold(in.threshold);
}

ThresholdRow read(stored::ThresholdRow::Reader in) {
  ThresholdRow out;
  out.model = code(in.getModel());
  out.search = known<Search>(in.getSearch());
  out.scope_max = in.getScopeMax();
  out.threshold = in.getThreshold();
  return out;
}

}  // namespace

void write(stored::Policy::Builder out, const Policy& in) {
  out.setCurrency(number(in.currency));
  out.setAuthorisationLife(number(in.authorisation_life));
  out.setStepUpLife(number(in.step_up_life));
  out.setHoldLife(number(in.hold_life));
  out.setFaceOnlyPurchaseMax(in.face_only_purchase_max);
  out.setFaceOnlyDayMax(in.face_only_day_max);
  out.setPinFailuresMax(in.pin_failures_max);
  out.setPhotosMin(in.photos_min);
  out.setDayOffset(number(in.day_offset));
  out.setCorrectionWindow(number(in.correction_window));
  auto thresholds = out.initThresholds(count(in.thresholds, thresholds_max));
  for (unsigned i = 0; i < thresholds.size(); ++i) write(thresholds[i], in.thresholds[i]);
  out.setMargin(in.margin);
  // Left out where they are the model's own: such a policy has the bytes that it had before there
  // were these.
  if (in.credentials != CredentialPolicy{})
    put_fields(capnp::toDynamic(out.initCredentials()), in.credentials);
  if (in.two_persons != TwoPersons{})
    put_fields(capnp::toDynamic(out.initTwoPersons()), in.two_persons);
}

Policy read(stored::Policy::Reader in) {
  Policy out;
  out.currency = currency(in.getCurrency());
  out.authorisation_life = duration(in.getAuthorisationLife());
  out.step_up_life = duration(in.getStepUpLife());
  out.hold_life = duration(in.getHoldLife());
  out.face_only_purchase_max = in.getFaceOnlyPurchaseMax();
  out.face_only_day_max = in.getFaceOnlyDayMax();
  out.pin_failures_max = in.getPinFailuresMax();
  out.photos_min = in.getPhotosMin();
  out.day_offset = offset(in.getDayOffset());
  out.correction_window = duration(in.getCorrectionWindow());
  for (const auto each : bounded(in.getThresholds(), thresholds_max))
    out.thresholds.push_back(read(each));
  out.margin = in.getMargin();
  if (in.hasCredentials()) take_fields(capnp::toDynamic(in.getCredentials()), out.credentials);
  if (in.hasTwoPersons()) take_fields(capnp::toDynamic(in.getTwoPersons()), out.two_persons);
  return out;
}

void write(capnp::List<stored::Entry>::Builder out, const Entries& in) {
  for (unsigned i = 0; i < out.size(); ++i) write(out[i], in[i]);
}

Entries read(capnp::List<stored::Entry>::Reader in) {
  Entries out;
  for (const auto each : bounded(in, entries_max)) out.push_back(read(each));
  return out;
}

}  // namespace obverse::wire
