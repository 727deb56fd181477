// Uploads, step by step: the order first, then the person, the limits, the place, the money.
#include "ledger/rules/places/offline.h"

#include <algorithm>
#include <cassert>
#include <iterator>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

void append(Events& events, Events more) { std::ranges::move(more, std::back_inserter(events)); }

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }
bool is_duration(Duration d) { return d >= Duration{} && d <= duration_max; }

bool are_fit(const TerminalLimits& limits) {
  return currency_of(static_cast<std::uint16_t>(limits.currency)) && is_amount(limits.sale_max) &&
         is_amount(limits.rider_max) && is_amount(limits.terminal_max) &&
         is_amount(limits.floor_max) && is_duration(limits.offline_max) &&
         is_duration(limits.list_age_max) && is_duration(limits.clock_skew_max) &&
         is_duration(limits.travel_time_min);
}

// A gate or a till: others sell nothing.
Outcome<const Terminal*> may_sell(const Parties& parties, TerminalId id) {
  const Terminal* terminal = find(parties, id);
  const bool is_gate = terminal != nullptr && terminal->role == Role::gate;
  return may(parties, id, is_gate ? Role::gate : Role::till);
}

const OfflineTerminal& terminal_of(const Offline& offline, TerminalId id) {
  static const OfflineTerminal fresh;
  const auto found = offline.terminals.find(id);
  return found == offline.terminals.end() ? fresh : found->second;
}

// The version that was in force when the list was made, or nothing.
const TerminalLimits* limits_at(const Offline& offline, LimitsVersion version, Instant instant) {
  if (version.value == 0 || version.value > offline.limits.size()) return nullptr;
  const LimitsInForce& asked = offline.limits[version.value - 1];
  if (instant < asked.from) return nullptr;
  if (version.value < offline.limits.size() && instant >= offline.limits[version.value].from)
    return nullptr;
  return &asked.limits;
}

// Told once for each number that is missing.
Decision report_gap(const OfflineTerminal& known, TerminalId terminal, std::uint64_t received) {
  Decision decision = refuse(Refusal::offline_items_must_have_no_gap);
  if (known.gap != known.next)
    decision.events.push_back(OfflineGapReported{terminal, known.next, received});
  return decision;
}

// Times of a sale as the server's clock would have told them.
struct Times {
  Instant captured_at;  // as the terminal said
  Instant at;
};
Times times_of(const OfflineBatch& batch, Instant captured_at, Instant now) {
  const Instant bounded = std::clamp(captured_at, instant_min, instant_max);
  return {bounded, std::clamp(Instant{bounded.ms - batch.skew_ms}, instant_min, now)};
}

// One sale on its way through the checks.
struct Item {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  RiderId rider;
  Money amount;
  Times times;
  Attempt attempt;
  bool revoked = false;  // the payee bears it whole
  bool face_only = false;
};

Outcome<void> must_fit_limits(const OfflineBatch& batch, const TerminalLimits& limits,
                              const Item& item) {
  if (auto fit = amount_must_be_fit(item.amount); !fit) return fit;
  if (item.amount.currency != limits.currency) return std::unexpected(Refusal::currency_must_match);
  const Instant at = item.times.at;
  if (at < batch.since || at - batch.since > limits.offline_max)
    return std::unexpected(Refusal::offline_time_must_fit_limits);
  const auto mine = batch.spent_by.find(item.rider);
  const std::int64_t by_rider = mine == batch.spent_by.end() ? 0 : mine->second;
  const std::int64_t minor = item.amount.minor;
  if (minor > limits.sale_max || minor > limits.rider_max - by_rider ||
      minor > limits.terminal_max - batch.spent)
    return std::unexpected(Refusal::offline_sale_must_fit_limits);
  return {};
}

bool are_apart(const Terminal& one, const Terminal& other) {
  if (one.role != other.role) return true;
  return one.role == Role::till ? one.merchant != other.merchant : one.station != other.station;
}

// Was the person somewhere else so shortly before or after that it cannot be the same one?
Outcome<void> must_be_possible(const Offline& offline, const Parties& parties,
                               const TerminalLimits& limits, const Item& item) {
  const auto last = offline.last_use.find(item.rider);
  if (last == offline.last_use.end()) return {};
  const auto [there, then] = last->second;
  if (!are_apart(*find(parties, item.terminal), *find(parties, there))) return {};
  const Duration between = item.times.at < then ? then - item.times.at : item.times.at - then;
  if (between < limits.travel_time_min) return std::unexpected(Refusal::travel_must_be_possible);
  return {};
}

// What goes by face alone counts on the day when it comes in, with all else that does.
Outcome<void> must_fit_face_only(const OfflineView& view, const Policy& policy, const Item& item,
                                 Instant now) {
  if (!item.face_only) return {};
  if (item.amount.currency != policy.currency || item.amount.minor > policy.face_only_purchase_max)
    return std::unexpected(Refusal::step_up_must_be_done);
  const std::int64_t day = day_number(now, policy.day_offset, {});
  const std::int64_t spent = face_only_spent(view.payments, item.rider, day, item.amount.currency);
  if (item.amount.minor > policy.face_only_day_max - spent)
    return std::unexpected(Refusal::step_up_must_be_done);
  return {};
}

// Who pays how much.
struct Shares {
  std::int64_t from_wallet = 0;
  std::int64_t debt = 0;
  std::int64_t borne = 0;  // by the payee
};
Shares shares_of(const OfflineView& view, const TerminalLimits& limits, const Terminal& terminal,
                 const Item& item) {
  const std::int64_t whole = item.amount.minor;
  if (item.revoked) return {0, 0, whole};
  const Currency currency = item.amount.currency;
  const std::int64_t free = available(view.book, view.holds, item.rider, currency).minor;
  const std::int64_t from_wallet = std::clamp<std::int64_t>(free, 0, whole);
  // A fare is owed whole. A shop is sure of its money up to the floor, and takes what is above it
  // at its own risk.
  const std::int64_t sure = terminal.role == Role::gate ? whole : std::min(whole, limits.floor_max);
  const std::int64_t debt = std::max<std::int64_t>(0, sure - from_wallet);
  return {from_wallet, debt, whole - from_wallet - debt};
}

Account payee_of(const Terminal& terminal, Currency currency) {
  return terminal.role == Role::gate ? payable_to(terminal.transit, currency)
                                     : payable_to(terminal.merchant, currency);
}

Outcome<Events> posted(const OfflineView& view, const Terminal& terminal, const Item& item,
                       const Shares& shares) {
  const std::int64_t paid = shares.from_wallet + shares.debt;
  if (paid == 0) return Events{};
  const Currency currency = item.amount.currency;
  Entries entries;
  if (shares.from_wallet > 0)
    entries.push_back({wallet_of(item.rider, currency), Side::debit, shares.from_wallet});
  if (shares.debt > 0) entries.push_back({debt_of(item.rider, currency), Side::debit, shares.debt});
  entries.push_back({payee_of(terminal, currency), Side::credit, paid});
  auto posting = make_posting(view.book, PostingReason::offline_accepted, std::move(entries));
  if (!posting) return std::unexpected(posting.error());
  return Events{std::move(*posting)};
}

Decision reject(Events evidence, const Item& item, std::optional<RiderId> rider, Refusal why) {
  evidence.push_back(OfflineEventRejected{item.terminal, item.sequence, rider, item.amount,
                                          item.times.captured_at, why});
  return {std::move(evidence),
          Uploaded{item.sequence, OfflineVerdict::rejected, {0, item.amount.currency}}};
}

Decision accept(const OfflineView& view, const Policy& policy, const TerminalLimits& limits,
                const Terminal& terminal, const Item& item, Events evidence, const Moment& moment) {
  const Shares shares = shares_of(view, limits, terminal, item);
  auto posting = posted(view, terminal, item, shares);
  if (!posting) return reject(std::move(evidence), item, item.rider, posting.error());
  // From here on it succeeds.
  const Money paid{shares.from_wallet + shares.debt, item.amount.currency};
  Events events = std::move(evidence);
  events.push_back(OfflineEventAccepted{item.terminal, item.sequence, item.rider, item.amount,
                                        shares.from_wallet, shares.debt, shares.borne,
                                        item.times.captured_at, item.times.at});
  if (terminal.role == Role::till && paid.minor > 0) {
    // A purchase like any other from here on: it can be refunded, and it is settled.
    const PurchaseId purchase{moment.position.value};
    events.push_back(PurchaseAuthorised{purchase, item.attempt, terminal.merchant, item.rider, paid,
                                        item.face_only,
                                        day_number(moment.now, policy.day_offset, {})});
    events.push_back(PurchaseCaptured{purchase, paid});
  }
  append(events, std::move(*posting));
  if (shares.debt > 0 && !view.enrolments.deny_listed.contains(item.rider))
    events.push_back(DenyListed{item.rider, DenyCause::offline_debt});
  return {std::move(events), Uploaded{item.sequence, OfflineVerdict::accepted, paid}};
}

// The person as the terminal saw them, at the server's time of it. Nobody could check a PIN there.
Presence shown_then(const UploadOffline& command, const OfflineBatch& batch, const Times& times) {
  Presence shown = command.presence;
  shown.pin.reset();
  shown.vouched.reset();
  if (shown.face) {
    const Instant seen = std::clamp(shown.face->at, instant_min, instant_max);
    shown.face->at = std::clamp(Instant{seen.ms - batch.skew_ms}, instant_min, times.at);
  }
  return shown;
}

// A code of a device that had been reported lost a moment before: the terminal could not know, if
// its list was young enough; then the payee bears it, and nobody else.
bool is_lost(const Enrolments& enrolments, const Presence& shown) {
  if (!shown.token) return false;
  const Token& token = shown.token->token;
  const auto& devices = credential_of(enrolments, token.rider).devices;
  const auto device = devices.find(token.device);
  return device != devices.end() && device->second.lost;
}
bool could_not_know(const Enrolments& enrolments, const TerminalLimits& limits,
                    const OfflineBatch& batch, const Presence& shown, Instant at) {
  const Token& token = shown.token->token;
  const Instant lost = *credential_of(enrolments, token.rider).devices.at(token.device).lost;
  return at - batch.list_made <= limits.list_age_max && lost <= at && batch.list_made <= lost;
}

Decision judge_item(const Offline& offline, const OfflineView& view, const OfflineBatch& batch,
                    const TerminalLimits& limits, const Terminal& terminal, Item item,
                    const UploadOffline& command, const Moment& moment) {
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  if (auto stands = attempt_must_stand(view.payments, moment); !stands)
    return stands.error() == Refusal::attempt_must_be_given ? refuse(stands.error())
                                                            : reject({}, item, {}, stands.error());
  const bool is_gate = terminal.role == Role::gate;
  const Demand demand{terminal.id, is_gate ? Purpose::transit : Purpose::payment,
                      is_gate ? party_of(terminal.transit) : party_of(terminal.merchant), false,
                      true};
  const Presence shown = shown_then(command, batch, item.times);
  Judged judged = judge(view.enrolments, **policy, shown, demand,
                        {moment.position, item.times.at, moment.attempt});
  if (!judged.verdict) {
    const Refusal why = judged.verdict.error();
    if (why != Refusal::token_must_not_be_revoked || !is_lost(view.enrolments, shown))
      return reject({}, item, judged.rider, why);
    if (!could_not_know(view.enrolments, limits, batch, shown, item.times.at))
      return reject({}, item, judged.rider, Refusal::offline_list_must_be_recent);
    item.revoked = true;
    const Token& token = shown.token->token;
    judged.events = {TokenAccepted{token.rider, token.device, token.serial, token.purpose,
                                   terminal.id, item.times.at, token.expires}};
    judged.verdict = Accepted{token.rider, false, false, true};
  }
  item.rider = judged.verdict->rider;
  item.face_only = !is_gate && judged.verdict->by_face && !judged.verdict->by_token;
  item.attempt = *moment.attempt;
  for (const auto& fits :
       {must_fit_limits(batch, limits, item), must_fit_face_only(view, **policy, item, moment.now),
        wallet_must_be_open(view.wallets, item.rider, item.amount.currency)})
    if (!fits) return reject({}, item, item.rider, fits.error());
  if (auto possible = must_be_possible(offline, view.parties, limits, item); !possible) {
    judged.events.push_back(OfflineEventQuarantined{
        item.terminal, item.sequence, item.rider, item.amount, item.attempt, item.revoked,
        item.face_only, item.times.captured_at, item.times.at, possible.error()});
    return {std::move(judged.events),
            Uploaded{item.sequence, OfflineVerdict::quarantined, {0, item.amount.currency}}};
  }
  return accept(view, **policy, limits, terminal, item, std::move(judged.events), moment);
}

}  // namespace

Decision decide(const Offline& offline, const PublishTerminalLimits& command,
                const Moment& moment) {
  if (!are_fit(command.limits)) return refuse(Refusal::limits_must_be_valid);
  // From here on it succeeds.
  const LimitsVersion version{static_cast<std::uint32_t>(offline.limits.size() + 1)};
  return {{TerminalLimitsPublished{version, command.limits, moment.now}},
          Registered{version.value}};
}

Decision decide(const Offline& offline, const Parties& parties, const OpenOfflineBatch& command,
                const Moment& moment) {
  if (auto terminal = may_sell(parties, command.terminal); !terminal)
    return refuse(terminal.error());
  const OfflineTerminal& known = terminal_of(offline, command.terminal);
  if (command.count == 0 || command.count > offline_items_max || command.first < known.next)
    return refuse(Refusal::offline_item_must_be_new);
  if (known.batch && known.next <= known.batch->last)
    return refuse(Refusal::offline_batch_must_be_finished);
  if (command.first > known.next) return report_gap(known, command.terminal, command.first);
  const TerminalLimits* limits = limits_at(offline, command.limits, command.list_made);
  if (limits == nullptr || command.list_made > moment.now)
    return refuse(Refusal::limits_must_be_in_force);
  // From here on it succeeds.
  const Instant said = std::clamp(command.said, instant_min, instant_max);
  const Duration off = said - moment.now;
  const bool is_skewed = off > limits->clock_skew_max || off < Duration{-limits->clock_skew_max.ms};
  Events events;
  if (is_skewed) events.push_back(ClockSkewDetected{command.terminal, said, moment.now});
  const std::int64_t skew_ms = is_skewed ? off.ms : 0;
  const Instant since = std::clamp(command.since, instant_min, instant_max);
  events.push_back(
      OfflineBatchReceived{command.terminal, command.first, command.count,
                           std::clamp(Instant{since.ms - skew_ms}, instant_min, moment.now),
                           command.list_made, command.limits, skew_ms});
  return {std::move(events), Done{}};
}

Decision decide(const Offline& offline, const OfflineView& view, const UploadOffline& command,
                const Moment& moment) {
  const auto terminal = may_sell(view.parties, command.terminal);
  if (!terminal) return refuse(terminal.error());
  const OfflineTerminal& known = terminal_of(offline, command.terminal);
  if (command.sequence < known.next) return refuse(Refusal::offline_item_must_be_new);
  if (!known.batch || command.sequence > known.batch->last)
    return refuse(Refusal::offline_batch_must_be_open);
  if (command.sequence > known.next) return report_gap(known, command.terminal, command.sequence);
  const TerminalLimits& limits = offline.limits[known.batch->limits.value - 1].limits;
  const Item item{command.terminal,
                  command.sequence,
                  {},
                  command.amount,
                  times_of(*known.batch, command.captured_at, moment.now),
                  {}};
  return judge_item(offline, view, *known.batch, limits, **terminal, item, command, moment);
}

Decision decide(const Offline& offline, const Parties& parties, const GiveUpOffline& command,
                const Moment&) {
  if (auto desk = may(parties, command.desk, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (!find(parties, command.terminal)) return refuse(Refusal::terminal_must_be_registered);
  const OfflineTerminal& known = terminal_of(offline, command.terminal);
  if (command.before <= known.next || command.before - known.next > offline_items_max)
    return refuse(Refusal::offline_item_must_be_new);
  // From here on it succeeds.
  return {{OfflineItemsGivenUp{command.terminal, known.next, command.before - known.next,
                               command.desk}},
          Done{}};
}

Decision decide(const Offline& offline, const OfflineView& view, const ReleaseOffline& command,
                const Moment& moment) {
  if (auto desk = may(view.parties, command.desk, Role::operator_desk); !desk)
    return refuse(desk.error());
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  const auto found = offline.quarantined.find({command.terminal, command.sequence});
  if (found == offline.quarantined.end()) return refuse(Refusal::offline_item_must_be_quarantined);
  const OfflineEventQuarantined& kept = found->second;
  const Item item{
      kept.terminal, kept.sequence, kept.rider,    kept.amount, {kept.captured_at, kept.at},
      kept.attempt,  kept.revoked,  kept.face_only};
  if (!command.accept) return reject({}, item, item.rider, kept.refusal);
  const Terminal& terminal = *find(view.parties, kept.terminal);
  const bool is_gate = terminal.role == Role::gate;
  // As at any debit: the person still agrees to it.
  const auto consent =
      consent_in_force(view.enrolments, item.rider, is_gate ? Purpose::transit : Purpose::payment,
                       is_gate ? party_of(terminal.transit) : party_of(terminal.merchant));
  if (!consent) return reject({}, item, item.rider, consent.error());
  if (auto fits = must_fit_face_only(view, **policy, item, moment.now); !fits)
    return reject({}, item, item.rider, fits.error());
  const Moment when_it_came{moment.position, moment.now, item.attempt};
  if (auto stands = attempt_must_stand(view.payments, when_it_came); !stands)
    return reject({}, item, item.rider, stands.error());
  return accept(view, **policy, offline.limits.back().limits, terminal, item, {}, moment);
}

namespace {

// What fares on tabs have to do with: debts that a card is asked for are not those of sales.
bool is_about_tabs(const Event& event) {
  return std::holds_alternative<AggregationAuthorised>(event) ||
         std::holds_alternative<AggregationAdjusted>(event) ||
         std::holds_alternative<FirstRideRiskIncurred>(event) ||
         std::holds_alternative<DebtWrittenOff>(event);
}

// By debt account, without what belongs to cards.
std::map<Account, std::int64_t> changes_of_debts(const Events& events) {
  std::map<Account, std::int64_t> change;
  if (std::ranges::any_of(events, is_about_tabs)) return change;
  for (const Event& event : events) {
    if (const auto* recovered = std::get_if<FareDebtRecovered>(&event))
      change[debt_of(recovered->rider, recovered->amount.currency)] += recovered->amount.minor;
    const auto* posting = std::get_if<Posted>(&event);
    if (posting == nullptr) continue;
    for (const Entry& entry : posting->entries)
      if (entry.account.chart == Chart::rider_debt)
        change[entry.account] += entry.side == Side::debit ? entry.minor : -entry.minor;
  }
  return change;
}

}  // namespace

Events cleared_by(const Enrolments& enrolments, const Book& book, const Cards& cards,
                  const Events& events) {
  if (enrolments.deny_listed.empty()) return {};
  const auto change = changes_of_debts(events);
  Events cleared;
  for (const auto& [account, minor] : change) {
    const RiderId rider{account.owner};
    const auto listed = enrolments.deny_listed.find(rider);
    const std::int64_t of_sales =
        balance(book, account) - debt_on_tabs(cards.fares, rider, account.currency);
    if (minor < 0 && of_sales + minor == 0 && listed != enrolments.deny_listed.end() &&
        listed->second == DenyCause::offline_debt)
      cleared.push_back(DenyListCleared{rider, DenyCause::offline_debt});
  }
  return cleared;
}

void apply(Offline& offline, const TerminalLimitsPublished& event) {
  assert(event.version.value == offline.limits.size() + 1);
  offline.limits.push_back({event.limits, event.from});
}

void apply(Offline& offline, const OfflineBatchReceived& event) {
  OfflineTerminal& terminal = offline.terminals[event.terminal];
  assert(event.first == terminal.next);
  terminal.batch = OfflineBatch{event.first,
                                event.first + event.count - 1,
                                event.since,
                                event.list_made,
                                event.limits,
                                event.skew_ms,
                                0,
                                {}};
  terminal.gap.reset();
}

void apply(Offline& offline, const OfflineGapReported& event) {
  offline.terminals[event.terminal].gap = event.expected;
}

void apply(Offline& offline, const OfflineItemsGivenUp& event) {
  OfflineTerminal& terminal = offline.terminals[event.terminal];
  assert(event.first == terminal.next);
  terminal.next += event.count;
  terminal.gap.reset();
}

namespace {

// The next one, unless it is one that had been set aside and is decided now.
void taken(Offline& offline, TerminalId id, std::uint64_t sequence) {
  if (offline.quarantined.erase({id, sequence}) > 0) return;
  OfflineTerminal& terminal = offline.terminals[id];
  assert(sequence == terminal.next);
  ++terminal.next;
}

void spent(Offline& offline, TerminalId id, std::uint64_t sequence, RiderId rider, Money amount,
           Instant at) {
  auto& batch = offline.terminals[id].batch;
  if (batch && batch->first <= sequence && sequence <= batch->last) {
    batch->spent += amount.minor;
    batch->spent_by[rider] += amount.minor;
  }
  offline.last_use[rider] = {id, at};
}

}  // namespace

void apply(Offline& offline, const OfflineEventAccepted& event) {
  const bool was_set_aside = offline.quarantined.contains({event.terminal, event.sequence});
  taken(offline, event.terminal, event.sequence);
  if (!was_set_aside)
    spent(offline, event.terminal, event.sequence, event.rider, event.amount, event.at);
}

void apply(Offline& offline, const OfflineEventRejected& event) {
  taken(offline, event.terminal, event.sequence);
}

void apply(Offline& offline, const OfflineEventQuarantined& event) {
  taken(offline, event.terminal, event.sequence);
  auto& batch = offline.terminals[event.terminal].batch;
  if (batch) {
    batch->spent += event.amount.minor;
    batch->spent_by[event.rider] += event.amount.minor;
  }
  offline.quarantined.emplace(OfflineName{event.terminal, event.sequence}, event);
}

}  // namespace obverse
