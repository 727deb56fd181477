#include "ledger/wire/event_wire_replies.h"

#include "ledger/wire/event_wire_nouns.h"
#include "ledger/wire/plain_wire.h"

namespace obverse::wire {
namespace {

using wire::read;

void write_one(stored::Reply::Builder reply, const Refused& in) {
  auto out = reply.initRefused();
  out.setRefusal(number(in.refusal));
  write(out.getStepUp(), in.step_up);
}
Refused read(stored::Refused::Reader in) {
  Refused out{};
  out.refusal = known<Refusal>(in.getRefusal());
  out.step_up = maybe<StepUpId>(in.getStepUp());
  return out;
}
void write_one(stored::Reply::Builder reply, const Done&) { reply.initDone(); }
Done read(stored::Done::Reader) { return {}; }
void write_one(stored::Reply::Builder reply, const Registered& in) {
  auto out = reply.initRegistered();
  out.setId(in.id);
}
Registered read(stored::Registered::Reader in) {
  Registered out{};
  out.id = in.getId();
  return out;
}
void write_one(stored::Reply::Builder reply, const Enrolled& in) {
  auto out = reply.initEnrolled();
  out.setRider(in.rider.value);
  out.setFace(in.face.value);
}
Enrolled read(stored::Enrolled::Reader in) {
  Enrolled out{};
  out.rider.value = in.getRider();
  out.face.value = in.getFace();
  return out;
}
void write_one(stored::Reply::Builder reply, const Erased& in) {
  auto out = reply.initErased();
  out.setRider(in.rider.value);
  out.setDeferred(in.deferred);
}
Erased read(stored::Erased::Reader in) {
  Erased out{};
  out.rider.value = in.getRider();
  out.deferred = in.getDeferred();
  return out;
}
void write_one(stored::Reply::Builder reply, const Loaded& in) {
  auto out = reply.initLoaded();
  out.setLoad(in.load.value);
  write(out.initBalance(), in.balance);
}
Loaded read(stored::Loaded::Reader in) {
  Loaded out{};
  out.load.value = in.getLoad();
  out.balance = read(in.getBalance());
  return out;
}
void write_one(stored::Reply::Builder reply, const Entered& in) {
  auto out = reply.initEntered();
  out.setJourney(in.journey.value);
  write(out.initAvailable(), in.available);
}
Entered read(stored::Entered::Reader in) {
  Entered out{};
  out.journey.value = in.getJourney();
  out.available = read(in.getAvailable());
  return out;
}
void write_one(stored::Reply::Builder reply, const Left& in) {
  auto out = reply.initLeft();
  out.setJourney(in.journey.value);
  write(out.initFare(), in.fare);
  write(out.initBalance(), in.balance);
}
Left read(stored::Left::Reader in) {
  Left out{};
  out.journey.value = in.getJourney();
  out.fare = read(in.getFare());
  out.balance = read(in.getBalance());
  return out;
}
void write_one(stored::Reply::Builder reply, const Corrected& in) {
  auto out = reply.initCorrected();
  out.setJourney(in.journey.value);
  write(out.initFrom(), in.from);
  write(out.initTo(), in.to);
}
Corrected read(stored::Corrected::Reader in) {
  Corrected out{};
  out.journey.value = in.getJourney();
  out.from = read(in.getFrom());
  out.to = read(in.getTo());
  return out;
}
void write_one(stored::Reply::Builder reply, const Paid& in) {
  auto out = reply.initPaid();
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
  write(out.initBalance(), in.balance);
}
Paid read(stored::Paid::Reader in) {
  Paid out{};
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  out.balance = read(in.getBalance());
  return out;
}
void write_one(stored::Reply::Builder reply, const Authorised& in) {
  auto out = reply.initAuthorised();
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
  out.setExpires(number(in.expires));
}
Authorised read(stored::Authorised::Reader in) {
  Authorised out{};
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  out.expires = instant(in.getExpires());
  return out;
}
void write_one(stored::Reply::Builder reply, const Voided& in) {
  auto out = reply.initVoided();
  out.setPurchase(in.purchase.value);
}
Voided read(stored::Voided::Reader in) {
  Voided out{};
  out.purchase.value = in.getPurchase();
  return out;
}
void write_one(stored::Reply::Builder reply, const Reversed& in) {
  auto out = reply.initReversed();
  write(out.getPurchase(), in.purchase);
  write(out.initAmount(), in.amount);
}
Reversed read(stored::Reversed::Reader in) {
  Reversed out{};
  out.purchase = maybe<PurchaseId>(in.getPurchase());
  out.amount = read(in.getAmount());
  return out;
}
void write_one(stored::Reply::Builder reply, const Refunded& in) {
  auto out = reply.initRefunded();
  out.setRefund(in.refund.value);
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
}
Refunded read(stored::Refunded::Reader in) {
  Refunded out{};
  out.refund.value = in.getRefund();
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  return out;
}

// What terminals are told has words of its own; the rest stands in the schema as it is declared.
template <class T>
    struct IsPlain : std::bool_constant < !requires(stored::Reply::Builder out, const T& in) {
  write_one(out, in);
}>{};

}  // namespace

void write(stored::Reply::Builder out, const Reply& in) {
  std::visit(
      [&]<class T>(const T& each) {
        if constexpr (IsPlain<T>::value)
          put_kind(out, each);
        else
          write_one(out, each);
      },
      in);
}

Reply read(stored::Reply::Reader in) {
  switch (in.which()) {
    case stored::Reply::REFUSED:
      return read(in.getRefused());
    case stored::Reply::DONE:
      return read(in.getDone());
    case stored::Reply::REGISTERED:
      return read(in.getRegistered());
    case stored::Reply::ENROLLED:
      return read(in.getEnrolled());
    case stored::Reply::ERASED:
      return read(in.getErased());
    case stored::Reply::LOADED:
      return read(in.getLoaded());
    case stored::Reply::ENTERED:
      return read(in.getEntered());
    case stored::Reply::LEFT:
      return read(in.getLeft());
    case stored::Reply::CORRECTED:
      return read(in.getCorrected());
    case stored::Reply::PAID:
      return read(in.getPaid());
    case stored::Reply::AUTHORISED:
      return read(in.getAuthorised());
    case stored::Reply::VOIDED:
      return read(in.getVoided());
    case stored::Reply::REVERSED:
      return read(in.getReversed());
    case stored::Reply::REFUNDED:
      return read(in.getRefunded());
    default:
      return take_kind<Reply, IsPlain>(in, "unknown reply");
  }
}

}  // namespace obverse::wire
