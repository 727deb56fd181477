#include "ledger/rules/money/windows.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Window& at(Windows& windows, WindowId id) {
  const auto found = windows.unsettled.find(id);
  assert(found != windows.unsettled.end());
  return found->second;
}

const Window* open_window(const Windows& windows) {
  return windows.open ? find(windows, *windows.open) : nullptr;
}

// Where a posting goes that says nothing.
Lines& current(Windows& windows) {
  return windows.open ? at(windows, *windows.open).lines : windows.before_the_first;
}

// The first day from `day` on that is the last of a window.
std::int64_t last_day_from(const SettlementCalendar& calendar, std::int64_t day) {
  for (;; ++day) {
    const Date date = date_of(day);
    if (date.day == days_in_month(date.year, date.month)) return day;
    if (std::ranges::binary_search(calendar.last_days, date.day)) return day;
  }
}

// The window that begins at `from`, under the calendar in force then.
SettlementWindowOpened opening_at(const SettlementView& view, Instant from, WindowId id) {
  const Terms& terms = view.settlement.terms;
  const CalendarVersion version = calendar_at(terms, from);
  const SettlementCalendar& rules = calendar(terms, version);
  const Duration offset = (*policy_in_force(view.parties))->day_offset;
  const std::int64_t last_day = last_day_from(rules, day_number(from, offset, {}));
  const Instant cut_off = start_of(last_day + 1, offset);
  return {id, from, cut_off, cut_off + rules.late_arrivals, last_day, version};
}

// When the next window begins: where the open one ends, or for the first when its calendar does.
std::optional<Instant> next_opening(const Windows& windows, const Terms& terms) {
  if (const Window* open = open_window(windows)) return open->cut_off;
  if (terms.calendars.empty()) return std::nullopt;
  return terms.calendars.front().effective_from;
}

bool is_empty(const Window& window) {
  return window.lines.takings.empty() && window.lines.claims.empty();
}

// What nothing was sold in is settled by being closed.
void close(Events& events, WindowId id, const Window& window, std::int64_t last_day, Instant now) {
  events.push_back(SettlementWindowClosed{id, now, last_day});
  if (is_empty(window)) events.push_back(SettlementWindowSettled{id});
}

// The next window opens; what came late for the one before the last is not awaited any more.
Events advance(const SettlementView& view, Instant from, const Moment& moment) {
  const Windows& windows = view.settlement.windows;
  Events events;
  if (windows.late) {
    const Window& late = *find(windows, *windows.late);
    close(events, *windows.late, late, late.last_day, moment.now);
  }
  events.push_back(opening_at(view, from, {moment.position.value}));
  return events;
}

bool has_items(const Events& events) {
  return std::ranges::any_of(events, [](const Event& event) {
    const auto* posted = std::get_if<Posted>(&event);
    return posted != nullptr && is_item(*posted);
  });
}

// Cut off now, and closed at once.
Decision cut_off(const SettlementView& view, WindowId id, const Window& open,
                 const Moment& moment) {
  if (view.settlement.windows.late || moment.now <= open.from)
    return refuse(Refusal::window_must_be_open);
  // From here on it succeeds.
  const Duration offset = (*policy_in_force(view.parties))->day_offset;
  const std::int64_t last_day = day_number({moment.now.ms - 1}, offset, {});
  Events events = advance(view, moment.now, moment);
  close(events, id, open, last_day, moment.now);
  return {std::move(events), Done{}};
}

// The last of its takings and claims is gone.
void finish_forming(Windows& windows, WindowId id) {
  Window& window = at(windows, id);
  if (!is_empty(window)) return;
  window.state = WindowState::pending;
  windows.closed.erase(id);
}

Events settled_if(bool settled, WindowId id) {
  if (!settled) return {};
  return {SettlementWindowSettled{id}};
}

}  // namespace

const Window* find(const Windows& windows, WindowId id) {
  const auto found = windows.unsettled.find(id);
  return found == windows.unsettled.end() ? nullptr : &found->second;
}

// A timer runs before any command of its time, unless timers rest; an item does not wait for it.
void place_items(const SettlementView& view, Events& events, const Moment& moment) {
  const Windows& windows = view.settlement.windows;
  const Window* open = open_window(windows);
  if (open == nullptr) return;
  const Instant captured = std::min(moment.captured_at.value_or(moment.now), moment.now);
  const bool is_overdue = moment.now >= open->cut_off;
  const std::optional<WindowId> late = is_overdue ? windows.open : windows.late;
  const bool is_late = late && captured < find(windows, *late)->cut_off;
  if ((!is_overdue && !is_late) || !has_items(events)) return;
  Events placed;
  if (is_overdue) placed = advance(view, open->cut_off, moment);
  for (Event& event : events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (is_late && posted != nullptr && is_item(*posted))
      placed.push_back(SettlementItemAssigned{*late});
    placed.push_back(std::move(event));
  }
  events = std::move(placed);
}

Decision decide(const SettlementView& view, const OpenSettlementWindow&, const Moment& moment) {
  const Windows& windows = view.settlement.windows;
  const auto due = next_opening(windows, view.settlement.terms);
  if (!due || moment.now < *due) return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  return {advance(view, windows.open ? *due : moment.now, moment), Done{}};
}

Decision decide(const SettlementView& view, const CloseSettlementWindow& command,
                const Moment& moment) {
  const Windows& windows = view.settlement.windows;
  if (command.by) {
    if (auto may_close = must_be_processor(view.parties, *command.by); !may_close)
      return refuse(may_close.error());
  }
  const Window* window = find(windows, command.window);
  if (window == nullptr) return refuse(Refusal::window_must_be_open);
  if (command.by && windows.open == command.window)
    return cut_off(view, command.window, *window, moment);
  if (windows.late != command.window) return refuse(Refusal::window_must_be_open);
  if (!command.by && moment.now < window->closes) return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  Events events;
  close(events, command.window, *window, window->last_day, moment.now);
  return {std::move(events), Done{}};
}

std::optional<WindowDue> next_due(const Windows& windows, const Terms& terms) {
  std::optional<WindowDue> due;
  if (windows.late) due = WindowDue{find(windows, *windows.late)->closes, false, *windows.late};
  const auto opening = next_opening(windows, terms);
  if (opening && (!due || *opening < due->at)) due = WindowDue{*opening, true, {}};
  return due;
}

Events settled_after_batch(const Windows& windows, WindowId id, bool pays_out) {
  const Window& window = *find(windows, id);
  return settled_if(window.lines.takings.size() == 1 && window.lines.claims.empty() &&
                        window.payouts_open == 0 && !pays_out,
                    id);
}

Events settled_after_clearing(const Windows& windows, WindowId id) {
  const Window& window = *find(windows, id);
  return settled_if(window.lines.takings.empty() && window.payouts_open == 0, id);
}

Events settled_after_payout(const Windows& windows, WindowId id) {
  const Window* window = find(windows, id);
  return settled_if(
      window != nullptr && window->state == WindowState::pending && window->payouts_open == 1, id);
}

void apply(Windows& windows, const Posted& event) {
  const auto assigned = std::exchange(windows.assigned, std::nullopt);
  add(assigned ? at(windows, *assigned).lines : current(windows), event);
}

void apply(Windows& windows, const SettlementWindowOpened& event) {
  Window next;
  next.from = event.from;
  next.cut_off = event.cut_off;
  next.closes = event.closes;
  next.last_day = event.last_day;
  next.calendar = event.calendar;
  if (windows.open) {
    assert(!windows.late);
    Window& before = at(windows, *windows.open);
    before.state = WindowState::late;
    before.cut_off = event.from;
    windows.late = windows.open;
  } else {
    next.lines = std::exchange(windows.before_the_first, {});
  }
  windows.unsettled.emplace_hint(windows.unsettled.end(), event.window, std::move(next));
  windows.open = event.window;
}

void apply(Windows& windows, const SettlementWindowClosed& event) {
  assert(windows.late == event.window);
  Window& window = at(windows, event.window);
  window.state = WindowState::closed;
  window.closed_at = event.at;
  window.last_day = event.last_day;
  window.shares_its_day = windows.last_day_closed == event.last_day;
  windows.last_day_closed = event.last_day;
  windows.late.reset();
  windows.closed.insert(event.window);
  finish_forming(windows, event.window);
}

void apply(Windows& windows, const SettlementItemAssigned& event) {
  windows.assigned = event.window;
}

void apply(Windows& windows, const SettlementBatchFormed& event) {
  Window& window = at(windows, event.window);
  [[maybe_unused]] const auto gone = window.lines.takings.erase({event.payee, event.currency});
  assert(gone == 1);
  ++window.batches;
  // What could not be paid out is looked at again, even if nothing is sold until then.
  if (event.carried_out > 0) current(windows).takings[{event.payee, event.currency}];
  finish_forming(windows, event.window);
}

void apply(Windows& windows, const SettlementDeferred& event) {
  Window& window = at(windows, event.window);
  const auto takings = window.lines.takings.extract({event.payee, event.currency});
  assert(!takings.empty());
  add(current(windows).takings[takings.key()], takings.mapped());
  ++window.batches;
  finish_forming(windows, event.window);
}

void apply(Windows& windows, const NetPositionComputed& event) {
  std::erase_if(at(windows, event.window).lines.claims,
                [&](const auto& claim) { return claim.first.currency == event.currency; });
  finish_forming(windows, event.window);
}

void apply(Windows& windows, const PayoutInstructed& event) {
  ++at(windows, event.window).payouts_open;
}

void apply(Windows& windows, const SettlementWindowSettled& event) {
  assert(find(windows, event.window) && find(windows, event.window)->payouts_open == 0);
  windows.unsettled.erase(event.window);
  windows.closed.erase(event.window);
}

void payout_ended(Windows& windows, WindowId id) {
  if (find(windows, id) == nullptr) return;  // was under way before this ledger began
  Window& window = at(windows, id);
  assert(window.payouts_open > 0);
  --window.payouts_open;
}

}  // namespace obverse
