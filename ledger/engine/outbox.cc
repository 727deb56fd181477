#include "ledger/engine/outbox.h"

#include <algorithm>

#include "ledger/model/limits.h"
#include "ledger/rules/machine.h"

namespace obverse {

Outbox::Outbox(Rail& rail, const State& state, Duration resend_after)
    : rail_(rail), resend_after_(resend_after) {
  const Lock lock(mutex_);
  for (const auto& [id, method] : state.cards.methods.known)
    cards_[id] = {method.card.scheme, method.card.token};
  for (const auto& [id, request] : state.cards.rails.open) owe(id, request);
}

void Outbox::committed(std::span<const Record> records, const Receipt&) {
  const Lock lock(mutex_);
  for (const Record& record : records)
    for (const Event& event : record.events) note(event);
}

void Outbox::note(const Event& event) {
  if (const auto* linked = std::get_if<PaymentMethodLinked>(&event))
    cards_[linked->method] = {linked->scheme, linked->token};
  if (const auto* asked = std::get_if<RailRequested>(&event)) owe(asked->request, asked->what);
  if (const auto* answered = std::get_if<RailAnswered>(&event)) owed_.erase(answered->request);
  if (const auto* abandoned = std::get_if<RailAbandoned>(&event)) owed_.erase(abandoned->request);
}

void Outbox::owe(RailRequestId request, const RailRequest& what) {
  const Card& card = cards_.at(what.method);
  owed_[request] = {{request, what.kind, card.scheme, card.token, what.amount, what.original,
                     what.approval, what.deadline},
                    {}};
}

std::vector<RailOrder> Outbox::take_due(Instant now) {
  const Lock lock(mutex_);
  std::vector<RailOrder> due;
  for (auto& [request, owed] : owed_) {
    if (owed.sent && now < *owed.sent + resend_after_) continue;
    owed.sent = now;
    const bool is_late = owed.order.deadline && now >= *owed.order.deadline;
    if (!is_late) due.push_back(owed.order);
  }
  return due;
}

// The rail is called without the lock: it may answer at once, and a commit may follow at once.
void Outbox::deliver(Instant now) {
  for (const RailOrder& order : take_due(now)) rail_.send(order);
}

std::optional<Instant> Outbox::next() const {
  const Lock lock(mutex_);
  std::optional<Instant> first;
  for (const auto& [request, owed] : owed_) {
    const Instant at = owed.sent ? *owed.sent + resend_after_ : instant_min;
    if (owed.order.deadline && at >= *owed.order.deadline) continue;
    if (!first || at < *first) first = at;
  }
  return first;
}

std::size_t Outbox::owed() const {
  const Lock lock(mutex_);
  return owed_.size();
}

}  // namespace obverse
