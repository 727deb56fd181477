#include "ledger/rules/money/terms.h"

#include <algorithm>
#include <cassert>

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

FeeScheduleVersion last_by(const Terms& terms, const FeesOf& whose, Instant at) {
  const auto found = terms.fees.find(whose);
  if (found == terms.fees.end()) return {};
  FeeScheduleVersion last;
  for (const FeeScheduleVersion version : found->second)
    if (terms.schedules[version.value - 1].effective_from <= at) last = version;
  return last;
}

// An account that has not cooled off yet, before which another is used.
bool is_waiting(const AccountStanding& standing, Instant now) {
  return standing.next && standing.next_from > now;
}

}  // namespace

CalendarVersion calendar_at(const Terms& terms, Instant at) {
  std::uint32_t version = 0;
  for (std::uint32_t i = 0; i < terms.calendars.size(); ++i)
    if (terms.calendars[i].effective_from <= at) version = i + 1;
  return {version};
}

const SettlementCalendar& calendar(const Terms& terms, CalendarVersion version) {
  assert(version.value >= 1 && version.value <= terms.calendars.size());
  return terms.calendars[version.value - 1];
}

FeeScheduleVersion schedule_at(const Terms& terms, const Party& payee, Currency currency,
                               Instant at) {
  const FeeScheduleVersion own = last_by(terms, {payee, currency}, at);
  if (own.value != 0 || payee.kind != Party::Kind::merchant) return own;
  return last_by(terms, {Party{}, currency}, at);
}

TenderFee fee_of(const FeeSchedule& schedule, const TenderClass& tender) {
  TenderFee fee;
  for (const TenderFee& row : schedule.tenders) {
    if (row.tender == tender) return row;
    if (row.tender == TenderClass{tender.kind, 0}) fee = row;
  }
  fee.tender = tender;
  return fee;
}

std::optional<PayoutAccountId> payout_account(const Terms& terms, const Party& payee, Instant now) {
  const auto found = terms.standings.find(payee);
  if (found == terms.standings.end()) return std::nullopt;
  const AccountStanding& standing = found->second;
  return standing.next && !is_waiting(standing, now) ? *standing.next : standing.current;
}

bool is_registered(const Parties& parties, const Party& payee) {
  if (payee.kind == Party::Kind::merchant) return find(parties, MerchantId{payee.id}) != nullptr;
  if (payee.kind == Party::Kind::transit_operator)
    return find(parties, OperatorId{payee.id}) != nullptr;
  return false;
}

Outcome<void> must_be_processor(const Parties& parties, TerminalId terminal) {
  if (const auto found = may(parties, terminal, Role::processor); !found)
    return std::unexpected(found.error());
  return {};
}

Outcome<void> must_be_processor_or_desk(const Parties& parties, TerminalId terminal) {
  if (may(parties, terminal, Role::operator_desk)) return {};
  return must_be_processor(parties, terminal);
}

Decision decide(const Terms& terms, const Parties& parties,
                const PublishSettlementCalendar& command, const Moment&) {
  if (!is_valid(command.calendar)) return refuse(Refusal::settlement_terms_must_be_valid);
  // Days begin when the policy says.
  if (const auto policy = policy_in_force(parties); !policy) return refuse(policy.error());
  const auto& known = terms.calendars;
  if (!known.empty() && command.calendar.effective_from <= known.back().effective_from)
    return refuse(Refusal::settlement_terms_must_follow_the_last);
  // From here on it succeeds.
  const CalendarVersion version{static_cast<std::uint32_t>(known.size() + 1)};
  return {{SettlementCalendarPublished{version, command.calendar}}, Registered{version.value}};
}

Decision decide(const Terms& terms, const Parties& parties, const PublishFeeSchedule& command,
                const Moment&) {
  const FeeSchedule& schedule = command.schedule;
  if (!is_valid(schedule)) return refuse(Refusal::settlement_terms_must_be_valid);
  const bool is_of_all = schedule.payee == Party{};
  if (!is_of_all && !is_registered(parties, schedule.payee))
    return refuse(Refusal::merchant_must_be_registered);
  const auto known = terms.fees.find({schedule.payee, schedule.currency});
  if (known != terms.fees.end()) {
    const FeeSchedule& last = terms.schedules[known->second.back().value - 1];
    if (schedule.effective_from <= last.effective_from)
      return refuse(Refusal::settlement_terms_must_follow_the_last);
  }
  // From here on it succeeds.
  const FeeScheduleVersion version{static_cast<std::uint32_t>(terms.schedules.size() + 1)};
  return {{FeeSchedulePublished{version, schedule}}, Registered{version.value}};
}

Decision decide(const Terms&, const Parties& parties, const SetOwnAccount& command, const Moment&) {
  if (const auto desk = may(parties, command.by, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (!is_valid(command.account)) return refuse(Refusal::bank_account_must_be_valid);
  // From here on it succeeds.
  return {{OwnAccountSet{command.bank, command.account}}, Done{}};
}

// The first account is used at once; nobody can be robbed by it. A change is used once it has
// cooled off, so that whoever did not ask for it has time to say so.
Decision decide(const Terms& terms, const Parties& parties, const SetPayoutAccount& command,
                const Moment& moment) {
  if (const auto desk = may(parties, command.by, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (!is_registered(parties, command.payee)) return refuse(Refusal::merchant_must_be_registered);
  if (!is_valid(command.account)) return refuse(Refusal::bank_account_must_be_valid);
  // From here on it succeeds.
  const CalendarVersion version = calendar_at(terms, moment.now);
  const Duration cooling_off = version.value == 0 ? SettlementCalendar{}.account_cooling_off
                                                  : calendar(terms, version).account_cooling_off;
  const auto meanwhile = payout_account(terms, command.payee, moment.now);
  const PayoutAccountId id{moment.position.value};
  return {{PayoutAccountSet{id, command.payee, command.account,
                            meanwhile ? moment.now + cooling_off : moment.now, meanwhile}},
          Registered{id.value}};
}

void apply(Terms& terms, const SettlementCalendarPublished& event) {
  assert(event.version.value == terms.calendars.size() + 1);
  terms.calendars.push_back(event.calendar);
}

void apply(Terms& terms, const FeeSchedulePublished& event) {
  assert(event.version.value == terms.schedules.size() + 1);
  terms.schedules.push_back(event.schedule);
  terms.fees[{event.schedule.payee, event.schedule.currency}].push_back(event.version);
}

void apply(Terms& terms, const OwnAccountSet& event) { terms.own[event.bank] = event.account; }

// One that was still waiting is forgotten: only the last change counts.
void apply(Terms& terms, const PayoutAccountSet& event) {
  terms.accounts.emplace(event.id, event.account);
  AccountStanding& standing = terms.standings[event.payee];
  standing.current = event.until_then.value_or(event.id);
  standing.next.reset();
  if (event.until_then) standing.next = event.id;
  standing.next_from = event.usable_from;
}

}  // namespace obverse
