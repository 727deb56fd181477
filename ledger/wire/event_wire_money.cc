#include "ledger/wire/event_wire_money.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {
namespace {

using wire::read;

Posted read(stored::Posted::Reader in) {
  Posted out{};
  out.reason = known<PostingReason>(in.getReason());
  out.entries = read(in.getEntries());
  return out;
}
WalletOpened read(stored::WalletOpened::Reader in) {
  WalletOpened out{};
  out.rider.value = in.getRider();
  out.currency = currency(in.getCurrency());
  return out;
}
FundsLoaded read(stored::FundsLoaded::Reader in) {
  FundsLoaded out{};
  out.load.value = in.getLoad();
  out.rider.value = in.getRider();
  out.amount = read(in.getAmount());
  out.bank.value = in.getBank();
  return out;
}
DebtRecovered read(stored::DebtRecovered::Reader in) {
  DebtRecovered out{};
  out.rider.value = in.getRider();
  out.amount = read(in.getAmount());
  return out;
}
FundsReserved read(stored::FundsReserved::Reader in) {
  FundsReserved out{};
  out.hold.value = in.getHold();
  out.rider.value = in.getRider();
  out.amount = read(in.getAmount());
  out.expires = maybe<Instant>(in.getExpires());
  return out;
}
HoldCaptured read(stored::HoldCaptured::Reader in) {
  HoldCaptured out{};
  out.hold.value = in.getHold();
  out.amount = read(in.getAmount());
  return out;
}
HoldReleased read(stored::HoldReleased::Reader in) {
  HoldReleased out{};
  out.hold.value = in.getHold();
  out.amount = read(in.getAmount());
  return out;
}
HoldExpired read(stored::HoldExpired::Reader in) {
  HoldExpired out{};
  out.hold.value = in.getHold();
  out.amount = read(in.getAmount());
  return out;
}
PurchaseAuthorised read(stored::PurchaseAuthorised::Reader in) {
  PurchaseAuthorised out{};
  out.purchase.value = in.getPurchase();
  out.attempt = read(in.getAttempt());
  out.merchant.value = in.getMerchant();
  out.rider.value = in.getRider();
  out.amount = read(in.getAmount());
  out.face_only = in.getFaceOnly();
  out.day = in.getDay();
  return out;
}
PurchaseCaptured read(stored::PurchaseCaptured::Reader in) {
  PurchaseCaptured out{};
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  return out;
}
PurchaseVoided read(stored::PurchaseVoided::Reader in) {
  PurchaseVoided out{};
  out.purchase.value = in.getPurchase();
  return out;
}
PurchaseDeclined read(stored::PurchaseDeclined::Reader in) {
  PurchaseDeclined out{};
  out.rider = maybe<RiderId>(in.getRider());
  out.terminal.value = in.getTerminal();
  out.refusal = known<Refusal>(in.getRefusal());
  return out;
}
PurchaseReversed read(stored::PurchaseReversed::Reader in) {
  PurchaseReversed out{};
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  return out;
}
ReversalRecorded read(stored::ReversalRecorded::Reader in) {
  ReversalRecorded out{};
  out.attempt = read(in.getAttempt());
  return out;
}
RefundIssued read(stored::RefundIssued::Reader in) {
  RefundIssued out{};
  out.refund.value = in.getRefund();
  out.purchase.value = in.getPurchase();
  out.amount = read(in.getAmount());
  return out;
}
StepUpRequested read(stored::StepUpRequested::Reader in) {
  StepUpRequested out{};
  out.step_up.value = in.getStepUp();
  out.rider.value = in.getRider();
  out.terminal.value = in.getTerminal();
  out.merchant.value = in.getMerchant();
  out.amount = read(in.getAmount());
  out.expires = instant(in.getExpires());
  return out;
}
StepUpSatisfied read(stored::StepUpSatisfied::Reader in) {
  StepUpSatisfied out{};
  out.step_up.value = in.getStepUp();
  out.rider.value = in.getRider();
  return out;
}

}  // namespace

void write(stored::Event::Builder event, const Posted& in) {
  auto out = event.initPosted();
  out.setReason(number(in.reason));
  write(out.initEntries(count(in.entries, entries_max)), in.entries);
}
void write(stored::Event::Builder event, const WalletOpened& in) {
  auto out = event.initWalletOpened();
  out.setRider(in.rider.value);
  out.setCurrency(number(in.currency));
}
void write(stored::Event::Builder event, const FundsLoaded& in) {
  auto out = event.initFundsLoaded();
  out.setLoad(in.load.value);
  out.setRider(in.rider.value);
  write(out.initAmount(), in.amount);
  out.setBank(in.bank.value);
}
void write(stored::Event::Builder event, const DebtRecovered& in) {
  auto out = event.initDebtRecovered();
  out.setRider(in.rider.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const FundsReserved& in) {
  auto out = event.initFundsReserved();
  out.setHold(in.hold.value);
  out.setRider(in.rider.value);
  write(out.initAmount(), in.amount);
  write(out.getExpires(), in.expires);
}
void write(stored::Event::Builder event, const HoldCaptured& in) {
  auto out = event.initHoldCaptured();
  out.setHold(in.hold.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const HoldReleased& in) {
  auto out = event.initHoldReleased();
  out.setHold(in.hold.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const HoldExpired& in) {
  auto out = event.initHoldExpired();
  out.setHold(in.hold.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const PurchaseAuthorised& in) {
  auto out = event.initPurchaseAuthorised();
  out.setPurchase(in.purchase.value);
  write(out.initAttempt(), in.attempt);
  out.setMerchant(in.merchant.value);
  out.setRider(in.rider.value);
  write(out.initAmount(), in.amount);
  out.setFaceOnly(in.face_only);
  out.setDay(in.day);
}
void write(stored::Event::Builder event, const PurchaseCaptured& in) {
  auto out = event.initPurchaseCaptured();
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const PurchaseVoided& in) {
  auto out = event.initPurchaseVoided();
  out.setPurchase(in.purchase.value);
}
void write(stored::Event::Builder event, const PurchaseDeclined& in) {
  auto out = event.initPurchaseDeclined();
  write(out.getRider(), in.rider);
  out.setTerminal(in.terminal.value);
  out.setRefusal(number(in.refusal));
}
void write(stored::Event::Builder event, const PurchaseReversed& in) {
  auto out = event.initPurchaseReversed();
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const ReversalRecorded& in) {
  auto out = event.initReversalRecorded();
  write(out.initAttempt(), in.attempt);
}
void write(stored::Event::Builder event, const RefundIssued& in) {
  auto out = event.initRefundIssued();
  out.setRefund(in.refund.value);
  out.setPurchase(in.purchase.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const StepUpRequested& in) {
  auto out = event.initStepUpRequested();
  out.setStepUp(in.step_up.value);
  out.setRider(in.rider.value);
  out.setTerminal(in.terminal.value);
  out.setMerchant(in.merchant.value);
  write(out.initAmount(), in.amount);
  out.setExpires(number(in.expires));
}
void write(stored::Event::Builder event, const StepUpSatisfied& in) {
  auto out = event.initStepUpSatisfied();
  out.setStepUp(in.step_up.value);
  out.setRider(in.rider.value);
}

std::optional<Event> read_money(stored::Event::Reader event) {
  switch (event.which()) {
    case stored::Event::POSTED:
      return read(event.getPosted());
    case stored::Event::WALLET_OPENED:
      return read(event.getWalletOpened());
    case stored::Event::FUNDS_LOADED:
      return read(event.getFundsLoaded());
    case stored::Event::DEBT_RECOVERED:
      return read(event.getDebtRecovered());
    case stored::Event::FUNDS_RESERVED:
      return read(event.getFundsReserved());
    case stored::Event::HOLD_CAPTURED:
      return read(event.getHoldCaptured());
    case stored::Event::HOLD_RELEASED:
      return read(event.getHoldReleased());
    case stored::Event::HOLD_EXPIRED:
      return read(event.getHoldExpired());
    case stored::Event::PURCHASE_AUTHORISED:
      return read(event.getPurchaseAuthorised());
    case stored::Event::PURCHASE_CAPTURED:
      return read(event.getPurchaseCaptured());
    case stored::Event::PURCHASE_VOIDED:
      return read(event.getPurchaseVoided());
    case stored::Event::PURCHASE_DECLINED:
      return read(event.getPurchaseDeclined());
    case stored::Event::PURCHASE_REVERSED:
      return read(event.getPurchaseReversed());
    case stored::Event::REVERSAL_RECORDED:
      return read(event.getReversalRecorded());
    case stored::Event::REFUND_ISSUED:
      return read(event.getRefundIssued());
    case stored::Event::STEP_UP_REQUESTED:
      return read(event.getStepUpRequested());
    case stored::Event::STEP_UP_SATISFIED:
      return read(event.getStepUpSatisfied());
    default:
      return std::nullopt;
  }
}

}  // namespace obverse::wire
