// Events about money, to and from their stored form. Written by event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const Posted& in);
void write(stored::Event::Builder event, const WalletOpened& in);
void write(stored::Event::Builder event, const FundsLoaded& in);
void write(stored::Event::Builder event, const DebtRecovered& in);
void write(stored::Event::Builder event, const FundsReserved& in);
void write(stored::Event::Builder event, const HoldCaptured& in);
void write(stored::Event::Builder event, const HoldReleased& in);
void write(stored::Event::Builder event, const HoldExpired& in);
void write(stored::Event::Builder event, const PurchaseAuthorised& in);
void write(stored::Event::Builder event, const PurchaseCaptured& in);
void write(stored::Event::Builder event, const PurchaseVoided& in);
void write(stored::Event::Builder event, const PurchaseDeclined& in);
void write(stored::Event::Builder event, const PurchaseReversed& in);
void write(stored::Event::Builder event, const ReversalRecorded& in);
void write(stored::Event::Builder event, const RefundIssued& in);
void write(stored::Event::Builder event, const StepUpRequested& in);
void write(stored::Event::Builder event, const StepUpSatisfied& in);

// Nothing if the event is of another group; throws Malformed.
std::optional<Event> read_money(stored::Event::Reader event);

}  // namespace obverse::wire
