// Registration of operators, merchants and terminals, and publication of policies.
#include "ledger/rules/people/parties.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

template <class Identity, class Rows>
auto row_of(const Rows& rows, Identity id) -> decltype(rows.data()) {
  if (id.value == 0 || id.value > rows.size()) return nullptr;
  return &rows[id.value - 1];
}

template <class Identity, class Rows>
Identity next_id(const Rows& rows) {
  return {static_cast<decltype(Identity::value)>(rows.size() + 1)};
}

bool is_within(std::int64_t value, std::int64_t min, std::int64_t max) {
  return min <= value && value <= max;
}

bool is_valid_duration(Duration d) { return d.ms > 0 && d <= duration_max; }

bool is_valid_credentials(const CredentialPolicy& credentials) {
  return credentials.face_failures_max > 0 && is_valid_duration(credentials.token_life_max) &&
         is_valid_duration(credentials.exit_token_life) &&
         is_within(credentials.clock_skew_max.ms, 0, duration_max.ms) &&
         is_valid_duration(credentials.override_life) && is_valid_duration(credentials.action_life);
}

bool is_valid_row(const ThresholdRow& row) {
  return is_valid_code(row.model) && row.scope_max > 0 && row.threshold > 0 &&
         row.threshold <= score_one &&
         (row.search == Search::one_to_many || row.search == Search::one_to_one);
}

// Within one model and search the rows rise by scope_max, so that the first that fits is the one.
bool are_valid_rows(const std::vector<ThresholdRow>& rows) {
  if (rows.size() > thresholds_max) return false;
  std::map<std::pair<Code, Search>, std::uint32_t> last;
  for (const ThresholdRow& row : rows) {
    if (!is_valid_row(row)) return false;
    std::uint32_t& scope = last[{row.model, row.search}];
    if (row.scope_max <= scope) return false;
    scope = row.scope_max;
  }
  return true;
}

// What a terminal of this role must name, and nothing else: the rest of the command is dropped.
// A revoked terminal's too: whoever stole its key would be let in again.
bool was_ever_used(const Parties& parties, const Digest& certificate) {
  return std::ranges::any_of(parties.terminals, [&](const Terminal& terminal) {
    return terminal.certificate == certificate;
  });
}

Outcome<void> must_have_its_place(const Parties& parties, const RegisterTerminal& command) {
  if (command.role == Role::gate) {
    if (!find(parties, command.transit))
      return std::unexpected(Refusal::operator_must_be_registered);
    if (!is_valid_code(command.station)) return std::unexpected(Refusal::code_must_be_valid);
  }
  if (command.role == Role::till && !find(parties, command.merchant))
    return std::unexpected(Refusal::merchant_must_be_registered);
  return {};
}

}  // namespace

bool is_valid_code(std::string_view code) {
  const auto is_valid = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '\'' || c == '-';
  };
  return !code.empty() && code.size() <= code_length_max && std::ranges::all_of(code, is_valid);
}

bool is_valid_policy(const Policy& policy) {
  return currency_of(static_cast<std::uint16_t>(policy.currency)).has_value() &&
         is_valid_duration(policy.authorisation_life) && is_valid_duration(policy.step_up_life) &&
         is_valid_duration(policy.hold_life) &&
         is_within(policy.face_only_purchase_max, 0, amount_minor_max) &&
         is_within(policy.face_only_day_max, 0, amount_minor_max) && policy.pin_failures_max > 0 &&
         is_within(policy.photos_min, 1, photos_max) &&
         is_within(policy.day_offset.ms, -hours(14).ms, hours(14).ms) &&
         is_within(policy.correction_window.ms, 0, duration_max.ms) &&
         are_valid_rows(policy.thresholds) &&
         is_within(policy.margin, 0, std::int64_t{2} * score_one) &&
         is_valid_credentials(policy.credentials);
}

const TransitOperator* find(const Parties& parties, OperatorId id) {
  return row_of(parties.operators, id);
}
const Merchant* find(const Parties& parties, MerchantId id) {
  return row_of(parties.merchants, id);
}
const Sponsor* find(const Parties& parties, SponsorId id) { return row_of(parties.sponsors, id); }
const Terminal* find(const Parties& parties, TerminalId id) {
  return row_of(parties.terminals, id);
}

const Terminal* find_by_certificate(const Parties& parties, const Digest& certificate) {
  const auto found = parties.certificates.find(certificate);
  return found == parties.certificates.end() ? nullptr : find(parties, found->second);
}

Outcome<const Policy*> policy_in_force(const Parties& parties) {
  if (parties.policies.empty()) return std::unexpected(Refusal::policy_must_be_published);
  return &parties.policies.back();
}

PolicyVersion policy_version(const Parties& parties) {
  return {static_cast<std::uint32_t>(parties.policies.size())};
}

Outcome<const Terminal*> may(const Parties& parties, TerminalId id, Role role) {
  const Terminal* terminal = find(parties, id);
  if (!terminal) return std::unexpected(Refusal::terminal_must_be_registered);
  if (terminal->revoked) return std::unexpected(Refusal::terminal_must_not_be_revoked);
  if (terminal->role != role) return std::unexpected(Refusal::terminal_must_have_role);
  return terminal;
}

Decision decide(const Parties& parties, const RegisterOperator& command, const Moment&) {
  if (!is_valid_code(command.code)) return refuse(Refusal::code_must_be_valid);
  if (parties.operator_codes.contains(command.code)) return refuse(Refusal::code_must_be_new);
  // From here on it succeeds.
  const auto id = next_id<OperatorId>(parties.operators);
  return {{OperatorRegistered{id, command.code}}, Registered{id.value}};
}

Decision decide(const Parties& parties, const RegisterMerchant& command, const Moment&) {
  if (!is_valid_code(command.code)) return refuse(Refusal::code_must_be_valid);
  if (parties.merchant_codes.contains(command.code)) return refuse(Refusal::code_must_be_new);
  if (!currency_of(static_cast<std::uint16_t>(command.currency)))
    return refuse(Refusal::currency_must_match);
  // From here on it succeeds.
  const auto id = next_id<MerchantId>(parties.merchants);
  return {{MerchantRegistered{id, command.code, command.currency}}, Registered{id.value}};
}

Decision decide(const Parties& parties, const RegisterSponsor& command, const Moment&) {
  if (!is_valid_code(command.code)) return refuse(Refusal::code_must_be_valid);
  if (parties.sponsor_codes.contains(command.code)) return refuse(Refusal::code_must_be_new);
  // From here on it succeeds.
  const auto id = next_id<SponsorId>(parties.sponsors);
  return {{SponsorRegistered{id, command.code}}, Registered{id.value}};
}

Decision decide(const Parties& parties, const RegisterTerminal& command, const Moment&) {
  if (!is_valid_code(command.code)) return refuse(Refusal::code_must_be_valid);
  if (parties.terminal_codes.contains(command.code)) return refuse(Refusal::code_must_be_new);
  if (command.role < Role::gate || command.role > Role::processor)
    return refuse(Refusal::terminal_must_have_role);
  if (auto place = must_have_its_place(parties, command); !place) return refuse(place.error());
  if (was_ever_used(parties, command.certificate)) return refuse(Refusal::certificate_must_be_new);
  // From here on it succeeds.
  TerminalRegistered registered{next_id<TerminalId>(parties.terminals),
                                command.code,
                                command.role,
                                {},
                                {},
                                {},
                                command.certificate};
  if (command.role == Role::gate) {
    registered.transit = command.transit;
    registered.station = command.station;
  }
  if (command.role == Role::till) registered.merchant = command.merchant;
  const TerminalId id = registered.terminal;
  return {{std::move(registered)}, Registered{id.value}};
}

Decision decide(const Parties& parties, const RevokeTerminal& command, const Moment&) {
  const Terminal* terminal = find(parties, command.terminal);
  if (!terminal) return refuse(Refusal::terminal_must_be_registered);
  if (terminal->revoked) return refuse(Refusal::terminal_must_not_be_revoked);
  // From here on it succeeds.
  return {{TerminalRevoked{command.terminal}}, Done{}};
}

Decision decide(const Parties& parties, const PublishPolicy& command, const Moment&) {
  if (!is_valid_policy(command.policy)) return refuse(Refusal::policy_must_be_valid);
  // From here on it succeeds.
  const auto version = next_id<PolicyVersion>(parties.policies);
  return {{PolicyPublished{version, command.policy}}, Registered{version.value}};
}

void apply(Parties& parties, const OperatorRegistered& event) {
  assert(event.transit == next_id<OperatorId>(parties.operators));
  parties.operators.push_back({event.transit, event.code});
  [[maybe_unused]] const bool is_new =
      parties.operator_codes.emplace(event.code, event.transit).second;
  assert(is_new);
}

void apply(Parties& parties, const MerchantRegistered& event) {
  assert(event.merchant == next_id<MerchantId>(parties.merchants));
  parties.merchants.push_back({event.merchant, event.code, event.currency});
  [[maybe_unused]] const bool is_new =
      parties.merchant_codes.emplace(event.code, event.merchant).second;
  assert(is_new);
}

void apply(Parties& parties, const SponsorRegistered& event) {
  assert(event.sponsor == next_id<SponsorId>(parties.sponsors));
  parties.sponsors.push_back({event.sponsor, event.code});
  [[maybe_unused]] const bool is_new =
      parties.sponsor_codes.emplace(event.code, event.sponsor).second;
  assert(is_new);
}

void apply(Parties& parties, const TerminalRegistered& event) {
  assert(event.terminal == next_id<TerminalId>(parties.terminals));
  parties.terminals.push_back({event.terminal, event.code, event.role, event.transit, event.station,
                               event.merchant, event.certificate, false});
  [[maybe_unused]] const bool is_new_code =
      parties.terminal_codes.emplace(event.code, event.terminal).second;
  [[maybe_unused]] const bool is_new_certificate =
      parties.certificates.emplace(event.certificate, event.terminal).second;
  assert(is_new_code && is_new_certificate);
}

void apply(Parties& parties, const TerminalRevoked& event) {
  assert(find(parties, event.terminal) && !find(parties, event.terminal)->revoked);
  Terminal& terminal = parties.terminals[event.terminal.value - 1];
  terminal.revoked = true;
  parties.certificates.erase(terminal.certificate);
}

void apply(Parties& parties, const PolicyPublished& event) {
  assert(event.version == next_id<PolicyVersion>(parties.policies));
  parties.policies.push_back(event.policy);
}

}  // namespace obverse
