#include "ledger/rules/money/rails.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

// Out of what waits for an answer, wherever it stands.
RailRequest take(Rails& rails, RailRequestId id) {
  auto row = rails.open.extract(id);
  if (row.empty()) row = rails.abandoned.extract(id);
  assert(!row.empty());
  RailRequest request = std::move(row.mapped());
  if (request.deadline) rails.due.erase({*request.deadline, id});
  return request;
}

}  // namespace

RailRequested ask_rail(const Rails& rails, const Events& so_far, RailRequest what) {
  const auto before = std::ranges::count_if(
      so_far, [](const Event& event) { return std::holds_alternative<RailRequested>(event); });
  return {{rails.last.value + static_cast<std::uint64_t>(before) + 1}, std::move(what)};
}

RailRequest following(RailKind kind, RailRequestId original, const RailRequest& authorised,
                      const Code& approval, Money amount) {
  RailRequest next = authorised;
  next.kind = kind;
  next.amount = amount;
  next.original = original;
  next.approval = approval;
  next.deadline.reset();
  return next;
}

Code approval_of(const Rails& rails, RailRequestId id) {
  const auto ended = rails.ended.find(id);
  return ended == rails.ended.end() ? Code{} : ended->second.approval;
}

void apply(Cards& cards, const RailRequested& event) {
  Rails& rails = cards.rails;
  assert(event.request.value == rails.last.value + 1);
  rails.last = event.request;
  rails.open.emplace_hint(rails.open.end(), event.request, event.what);
  if (event.what.deadline) rails.due.insert({*event.what.deadline, event.request});
  if (event.what.cause == RailCause::aggregation && event.what.kind == RailKind::authorise)
    fares_asked(cards.fares, {event.what.about});
}

// An authorisation that was unavailable may still turn out to have been made.
void apply(Cards& cards, const RailAnswered& event) {
  RailRequest request = take(cards.rails, event.request);
  if (request.kind == RailKind::authorise && event.outcome == RailOutcome::unavailable)
    cards.rails.abandoned.emplace(event.request, std::move(request));
  else
    cards.rails.ended.emplace(event.request, RailEnd{event.outcome, event.approval});
}

void apply(Cards& cards, const RailAbandoned& event) {
  cards.rails.abandoned.emplace(event.request, take(cards.rails, event.request));
}

}  // namespace obverse
