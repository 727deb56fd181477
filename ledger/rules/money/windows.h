// Windows of settlement: a cut through the log. Whatever is posted belongs to the window that was
// opened last, with no event of its own; only what was captured before a cut-off, and is recorded
// after it while that window still takes what comes late, says so. Closing a window looks at none
// of what is in it.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/takings.h"
#include "ledger/rules/money/terms.h"

namespace obverse {

struct SettlementView;

// Open until its cut-off, then late until it closes. Pending once every batch is formed, until
// every payout has ended; then it is settled, and forgotten.
enum class WindowState : std::uint8_t { open = 1, late, closed, pending };
struct Window {
  Instant from;
  Instant cut_off;
  Instant closes;
  std::int64_t last_day = 0;
  CalendarVersion calendar;
  WindowState state = WindowState::open;
  bool shares_its_day = false;  // another window ended on the same day, before
  Instant closed_at;
  std::uint32_t batches = 0;       // formed, or deferred
  std::uint32_t payouts_open = 0;  // not yet ended
  Lines lines;
  friend bool operator==(const Window&, const Window&) = default;
};
struct Windows {
  std::map<WindowId, Window> unsettled;
  std::optional<WindowId> open;
  std::optional<WindowId> late;      // never more than one: see is_valid(SettlementCalendar)
  std::set<WindowId> closed;         // with batches still to form
  std::optional<WindowId> assigned;  // of the next posting alone
  Lines before_the_first;            // what the first window will take over
  std::optional<std::int64_t> last_day_closed;
  friend bool operator==(const Windows&, const Windows&) = default;
};

const Window* find(const Windows&, WindowId);  // an unsettled one

// Puts into the events what they need so that every item of theirs stands in the window that its
// capture and its arrival give it; usually nothing.
void place_items(const SettlementView&, Events&, const Moment&);

// Timers: the next window opens at a cut-off, the one before closes when nothing late is awaited
// any more. A processor may close earlier, also the open one, which is cut off by that.
Decision decide(const SettlementView&, const OpenSettlementWindow&, const Moment&);
Decision decide(const SettlementView&, const CloseSettlementWindow&, const Moment&);

struct WindowDue {
  Instant at;
  bool opens = false;  // else it closes `window`
  WindowId window;
};
std::optional<WindowDue> next_due(const Windows&, const Terms&);

// SettlementWindowSettled, if nothing is left to do once this has happened: a batch, by which a
// payout begins or not; clearing; the end of a payout.
Events settled_after_batch(const Windows&, WindowId, bool pays_out);
Events settled_after_clearing(const Windows&, WindowId);
Events settled_after_payout(const Windows&, WindowId);

void apply(Windows&, const Posted&);
void apply(Windows&, const SettlementWindowOpened&);
void apply(Windows&, const SettlementWindowClosed&);
void apply(Windows&, const SettlementItemAssigned&);
void apply(Windows&, const SettlementBatchFormed&);
void apply(Windows&, const SettlementDeferred&);
void apply(Windows&, const NetPositionComputed&);
void apply(Windows&, const PayoutInstructed&);
void apply(Windows&, const SettlementWindowSettled&);
void payout_ended(Windows&, WindowId);

}  // namespace obverse
