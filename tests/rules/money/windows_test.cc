// Windows: every item in exactly one, chosen by when it was captured and when it came.
#include "ledger/rules/money/windows.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const Payee shop{party_of(MerchantId{1}), Currency::jpy};
const Instant midnight = start_of(june_15 + 1, tokyo);

std::int64_t sales_in(const Window& window) {
  const auto found = window.lines.takings.find(shop);
  if (found == window.lines.takings.end()) return 0;
  const auto trade = found->second.trades.find({TenderKind::wallet, 0});
  return trade == found->second.trades.end() ? 0 : trade->second.sales;
}

const Window* late(const SettlementWorld& world) {
  const auto& windows = world.settlement().windows;
  return windows.late ? find(windows, *windows.late) : nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(windows)

BOOST_AUTO_TEST_CASE(a_calendar_opens_the_first_window) {
  SettlementWorld world = settlement_world();
  world.ask(LoadFunds{world.many, yen(1'000), {}});
  world.sell(world.m1, 100);  // before there is any window
  BOOST_TEST(!world.settlement().windows.open.has_value());
  world.ask(PublishSettlementCalendar{halves_of_months()});
  world.wait_until(world.now);
  BOOST_TEST((world.open().from == world.now));
  BOOST_TEST((world.open().cut_off == midnight));
  BOOST_TEST(world.open().last_day == june_15);
  BOOST_TEST(sales_in(world.open()) == 100);  // taken over
  world.sell(world.m1, 50);
  BOOST_TEST(sales_in(world.open()) == 150);
}

BOOST_AUTO_TEST_CASE(a_calendar_of_tomorrow_opens_tomorrow) {
  SettlementWorld world = settlement_world();
  SettlementCalendar calendar = halves_of_months();
  calendar.effective_from = world.now + days(1);
  world.ask(PublishSettlementCalendar{calendar});
  world.wait_until({calendar.effective_from.ms - 1});
  BOOST_TEST(!world.settlement().windows.open.has_value());
  world.wait_until(calendar.effective_from);
  BOOST_TEST(world.settlement().windows.open.has_value());
}

BOOST_AUTO_TEST_CASE(windows_follow_the_calendar) {
  SettlementWorld world = trading_world();
  std::vector<Date> ends;
  for (const Date& date :
       {Date{2025, 6, 20}, Date{2025, 7, 5}, Date{2025, 7, 20}, Date{2026, 2, 20}}) {
    world.wait_until(at_time(date, 12));
    ends.push_back(date_of(world.open().last_day));
  }
  BOOST_TEST(
      (ends == std::vector<Date>{{2025, 6, 30}, {2025, 7, 15}, {2025, 7, 31}, {2026, 2, 28}}));
  // Nothing was sold: every one before it is settled and forgotten.
  BOOST_TEST(world.settlement().windows.unsettled.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_calendar_is_for_windows_that_begin_under_it) {
  SettlementWorld world = trading_world();
  SettlementCalendar weekly = halves_of_months();
  weekly.effective_from = at_time({2025, 6, 10}, 0);
  weekly.last_days = {7, 14, 21, 28, 31};
  world.ask(PublishSettlementCalendar{weekly});
  world.wait_until(at_time({2025, 6, 12}, 0));
  BOOST_TEST(world.open().last_day == june_15);
  world.wait_until(at_time({2025, 6, 17}, 0));
  BOOST_TEST(world.open().last_day == day_of({2025, 6, 21}));
}

BOOST_AUTO_TEST_CASE(cutting_off_and_closing_are_one_event_each) {
  SettlementWorld world = trading_world();
  for (int i = 0; i < 5; ++i) world.sell(world.m1, 100);
  world.wait_until({midnight.ms - 1});
  const std::size_t before = world.history.size();
  world.wait_until(midnight);
  BOOST_TEST(world.history.size() == before + 1);
  BOOST_TEST(std::holds_alternative<SettlementWindowOpened>(world.history.back()));
  BOOST_TEST(sales_in(world.open()) == 0);
  BOOST_REQUIRE(late(world) != nullptr);
  BOOST_TEST(sales_in(*late(world)) == 500);
  world.wait_until({(midnight + hours(6)).ms - 1});
  BOOST_TEST(world.history.size() == before + 1);
  world.wait_until(midnight + hours(6));
  BOOST_TEST(std::holds_alternative<SettlementWindowClosed>(world.history[before + 1]));
  BOOST_TEST(late(world) == nullptr);
}

// S24's last paragraph.
BOOST_AUTO_TEST_CASE(what_was_captured_before_the_cut_off_belongs_before_it) {
  SettlementWorld world = trading_world();
  const Instant captured{midnight.ms - 1};  // 15 June 23:59:59.999
  world.wait_until(midnight + seconds(2));
  const Decision sale = world.sell(world.m1, 700, captured);
  BOOST_TEST(count<SettlementItemAssigned>(sale.events) == 1U);
  BOOST_TEST(sales_in(*late(world)) == 700);
  BOOST_TEST(sales_in(world.open()) == 0);
  // Captured at the cut-off is after it; and of a clock that runs ahead only arrival counts.
  for (const Instant when : {midnight, midnight + seconds(2), midnight + days(3)})
    BOOST_TEST(count<SettlementItemAssigned>(world.sell(world.m1, 30, when).events) == 0U);
  BOOST_TEST(sales_in(world.open()) == 90);
  // Once it has closed for what comes late, the next one takes it.
  world.wait_until(midnight + hours(6));
  BOOST_TEST(count<SettlementItemAssigned>(world.sell(world.m1, 5, captured).events) == 0U);
  BOOST_TEST(sales_in(world.open()) == 95);
}

BOOST_AUTO_TEST_CASE(an_ordinary_item_needs_no_event_of_its_own) {
  SettlementWorld world = trading_world();
  SettlementWorld plain = settlement_world();
  plain.ask(LoadFunds{plain.many, yen(10'000'000), {}});
  BOOST_TEST(world.sell(world.m1, 700).events.size() == plain.sell(plain.m1, 700).events.size());
}

BOOST_AUTO_TEST_CASE(an_item_does_not_wait_for_a_timer) {
  SettlementWorld world = trading_world();
  world.sell(world.m1, 100);
  world.now = midnight + seconds(1);  // and no timer has run
  const Decision sale = world.sell(world.m1, 40);
  BOOST_TEST(std::holds_alternative<SettlementWindowOpened>(sale.events.front()));
  BOOST_TEST(sales_in(world.open()) == 40);
  BOOST_TEST(sales_in(*late(world)) == 100);
  // Another, captured before: both events.
  SettlementWorld other = trading_world();
  other.now = midnight + seconds(1);
  const Decision before = other.sell(other.m1, 40, Instant{midnight.ms - 1});
  BOOST_TEST(count<SettlementWindowOpened>(before.events) == 1U);
  BOOST_TEST(count<SettlementItemAssigned>(before.events) == 1U);
  BOOST_TEST(sales_in(*late(other)) == 40);
  // What is no item leaves the window alone.
  SettlementWorld load = trading_world();
  load.now = midnight + seconds(1);
  BOOST_TEST(load.ask(LoadFunds{load.many, yen(5), {}}).events.size() == 2U);
}

BOOST_AUTO_TEST_CASE(timers_are_not_early) {
  SettlementWorld world = trading_world();
  BOOST_TEST(refuses(world.ask(OpenSettlementWindow{}), Refusal::timer_must_be_due));
  world.sell(world.m1, 100);
  world.wait_until(midnight);
  const WindowId first = *world.settlement().windows.late;
  BOOST_TEST(
      refuses(world.ask(CloseSettlementWindow{std::nullopt, first}), Refusal::timer_must_be_due));
  BOOST_TEST(
      refuses(world.ask(CloseSettlementWindow{std::nullopt, *world.settlement().windows.open}),
              Refusal::window_must_be_open));
  BOOST_TEST(refuses(world.ask(CloseSettlementWindow{std::nullopt, {99'999}}),
                     Refusal::window_must_be_open));
}

// Both ways.
BOOST_AUTO_TEST_CASE(only_a_processor_closes_early) {
  SettlementWorld world = trading_world();
  world.sell(world.m1, 100);
  world.wait_until(at_time({2025, 6, 10}, 14));
  const WindowId first = *world.settlement().windows.open;
  for (const TerminalId other : {world.desk, world.till, world.enrolment})
    BOOST_TEST(
        refuses(world.ask(CloseSettlementWindow{other, first}), Refusal::terminal_must_have_role));
  const Decision closed = world.ask(CloseSettlementWindow{world.processor, first});
  BOOST_TEST(!refusal_of(closed));
  const Window& window = *find(world.settlement().windows, first);
  BOOST_TEST((window.state == WindowState::closed));
  BOOST_TEST((window.cut_off == world.now));
  BOOST_TEST(window.last_day == day_of({2025, 6, 10}));
  BOOST_TEST((world.open().from == world.now));
  BOOST_TEST((world.open().cut_off == midnight));
  BOOST_TEST(refuses(world.ask(CloseSettlementWindow{world.processor, first}),
                     Refusal::window_must_be_open));
}

BOOST_AUTO_TEST_CASE(what_comes_late_may_be_cut_short_but_not_the_next_before_it) {
  SettlementWorld world = trading_world();
  world.sell(world.m1, 100);
  world.wait_until(midnight + hours(1));
  const WindowId first = *world.settlement().windows.late;
  const WindowId second = *world.settlement().windows.open;
  BOOST_TEST(refuses(world.ask(CloseSettlementWindow{world.processor, second}),
                     Refusal::window_must_be_open));
  BOOST_TEST(!refusal_of(world.ask(CloseSettlementWindow{world.processor, first})));
  BOOST_TEST(late(world) == nullptr);
  BOOST_TEST(!refusal_of(world.ask(CloseSettlementWindow{world.processor, second})));
  // It was empty: settled at once. Its day is that of its end.
  BOOST_TEST(find(world.settlement().windows, second) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_window_of_no_length_is_none) {
  SettlementWorld world = trading_world();
  BOOST_TEST(
      refuses(world.ask(CloseSettlementWindow{world.processor, *world.settlement().windows.open}),
              Refusal::window_must_be_open));
}

// Invariants 32 and 38: captured and arrival alone say where an item stands, and it stands there
// once.
BOOST_AUTO_TEST_CASE(assignment_is_a_function_of_capture_and_arrival) {
  BOOST_TEST(rc::check("38 windows", [] {
    SettlementWorld world = trading_world();
    world.wait_until(midnight + Duration{-hours(8).ms});
    std::map<std::int64_t, std::int64_t> expected;  // by the last day of its window
    const std::int64_t june_30 = day_of({2025, 6, 30});
    const auto items =
        *rc::gen::container<std::vector<std::pair<std::int64_t, std::int64_t>>>(rc::gen::pair(
            rc::gen::inRange<std::int64_t>(0, 60), rc::gen::inRange<std::int64_t>(0, 900)));
    std::int64_t minor = 1;
    for (const auto& [pause, age] : items) {
      world.wait_until(world.now + minutes(pause));
      const Instant captured{world.now.ms - minutes(age).ms};
      world.sell(world.m1, minor, captured);
      const bool first =
          world.now < midnight || (world.now < midnight + hours(6) && captured < midnight);
      expected[first ? june_15 : june_30] += minor;
      minor += 7;
    }
    world.wait_until(at_time({2025, 7, 1}, 12));
    std::map<std::int64_t, std::int64_t> settled;
    std::map<WindowId, std::int64_t> last_days;
    for (const Event& event : world.history) {
      if (const auto* opened = std::get_if<SettlementWindowOpened>(&event))
        last_days[opened->window] = opened->last_day;
      if (const auto* batch = std::get_if<SettlementBatchFormed>(&event))
        for (const BatchLine& line : batch->lines) settled[last_days[batch->window]] += line.sales;
    }
    RC_ASSERT(settled == expected);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
