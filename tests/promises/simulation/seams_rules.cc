// Defects inside the rules: one question of theirs answered wrong.
#include "ledger/rules/machine.h"
#include "tests/promises/simulation/defects.h"
#include "tests/promises/simulation/seam.h"

namespace obverse::simulation {

SEAM(Money, available, const Book& book, const Holds& holds, RiderId rider, Currency currency) {
  if (!is(Defect::holds_are_not_counted)) return available_real(book, holds, rider, currency);
  return {balance(book, wallet_of(rider, currency)), currency};
}

SEAM(Outcome<void>, consent_in_force, const Enrolments& enrolments, RiderId rider, Purpose purpose,
     Party party) {
  if (is(Defect::consent_is_ignored)) return {};
  if (is(Defect::consent_for_another_purpose) && purpose == Purpose::payment &&
      consent_in_force_real(enrolments, rider, Purpose::transit, party))
    return {};
  return consent_in_force_real(enrolments, rider, purpose, party);
}

SEAM(Judged, judge, const Enrolments& enrolments, const Policy& policy, const Presence& presence,
     const Demand& demand, const Moment& moment) {
  Policy lax = policy;
  Presence shown = presence;
  Demand asked = demand;
  if (is(Defect::margin_is_ignored)) lax.margin = 0;
  if (is(Defect::age_is_ignored)) lax.authorisation_life = days(1);
  if (is(Defect::terminal_is_ignored) && shown.face) shown.face->terminal = demand.terminal;
  if (is(Defect::wrong_pin_is_right) && shown.pin) shown.pin->correct = true;
  if (is(Defect::threshold_is_not_asked))
    for (ThresholdRow& row : lax.thresholds) row.threshold = -score_one;
  Judged judged = judge_real(enrolments, lax, shown, asked, moment);
  if (is(Defect::face_counts_as_pin) && judged.verdict) judged.verdict->by_pin = true;
  return judged;
}

SEAM(Events, finish_erasure, const Enrolments& enrolments, RiderId rider, bool open_after) {
  if (is(Defect::erasure_never_ends)) return {};
  return finish_erasure_real(enrolments, rider, open_after);
}

SEAM(bool, has_open_hold, const Holds& holds, RiderId rider) {
  if (is(Defect::erasure_comes_too_soon)) return false;
  return has_open_hold_real(holds, rider);
}

SEAM(bool, is_travelling, const Journeys& journeys, RiderId rider) {
  if (is(Defect::erasure_comes_too_soon)) return false;
  return is_travelling_real(journeys, rider);
}

SEAM(Outcome<FundsReserved>, place_hold, const Book& book, const Holds& holds, HoldId id,
     RiderId rider, Money amount, std::optional<Instant> expires) {
  auto placed = place_hold_real(book, holds, id, rider, amount, expires);
  if (!placed && amount.minor > 0 && is(Defect::hold_without_funds))
    return FundsReserved{id, rider, amount, expires};
  return placed;
}

SEAM(Outcome<Events>, capture_hold, const Holds& holds, HoldId id, Money amount) {
  auto events = capture_hold_real(holds, id, amount);
  if (events && is(Defect::hold_keeps_its_rest)) events->resize(1);
  return events;
}

SEAM(Outcome<HoldReleased>, release_hold, const Holds& holds, HoldId id) {
  auto released = release_hold_real(holds, id);
  if (released && is(Defect::hold_is_half_released))
    released->amount.minor = (released->amount.minor + 1) / 2;
  return released;
}

SEAM(Fare, fare, const Priced& priced, Category category, StationId from, StationId to,
     Duration elapsed) {
  Fare price = fare_real(priced, category, from, to, elapsed);
  if (is(Defect::fare_above_the_maximum)) price.amount.minor += 300;
  return price;
}

SEAM(Money, maximum_fare, const Tariff& tariff, Category category) {
  Money most = maximum_fare_real(tariff, category);
  if (is(Defect::maximum_fare_is_free)) most.minor = most.minor / 2;
  return most;
}

SEAM(Outcome<const Priced*>, tariff_at, const Fares& fares, OperatorId transit, Instant now) {
  if (is(Defect::tariff_of_tomorrow) && fares.by_operator.contains(transit))
    return &fares.versions.at(fares.by_operator.at(transit).back());
  return tariff_at_real(fares, transit, now);
}

SEAM(Outcome<const Terminal*>, may, const Parties& parties, TerminalId terminal, Role role) {
  auto allowed = may_real(parties, terminal, role);
  if (!allowed && allowed.error() == Refusal::terminal_must_not_be_revoked &&
      is(Defect::revoked_terminal_may))
    return find(parties, terminal);
  return allowed;
}

SEAM(Outcome<Posted>, make_posting, const Book& book, PostingReason reason, Entries entries,
     std::span<const Entry> before) {
  if (is(Defect::wallet_of_a_neighbour) && reason != PostingReason::funds_loaded)
    for (Entry& entry : entries)
      if (entry.account.chart == Chart::wallet) entry.account.owner = entry.account.owner % 3 + 1;
  return make_posting_real(book, reason, std::move(entries), before);
}

SEAM(Outcome<void>, amount_must_be_fit, Money amount) {
  if (is(Defect::amounts_have_no_bound)) return {};
  return amount_must_be_fit_real(amount);
}

SEAM(void, apply_posted, Book& book, const Posted& event) {
  apply_posted_real(book, event);
  if (is_due(Defect::trial_balance_drifts, 97)) ++book.totals.begin()->second.debits;
}

SEAM(void, apply_refund, Payments& payments, const RefundIssued& event) {
  if (!is(Defect::refunds_are_not_counted)) apply_refund_real(payments, event);
}

SEAM(void, apply_opened, Journeys& journeys, const JourneyOpened& event) {
  apply_opened_real(journeys, event);
  if (is(Defect::open_journey_is_not_noted)) journeys.open.erase({event.rider, event.transit});
}

}  // namespace obverse::simulation
