// Who takes part and under which published rules; what makes a code, a tariff and a policy sound.
#include <limits>

#include "ledger/model/limits.h"
#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

bool is_positive_duration(Duration duration) {
  return duration > Duration{} && duration <= duration_max;
}

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }

// Every station can be reached from the first.
bool is_connected(const Tariff& tariff) {
  std::set<std::uint16_t> reached{0};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const Track& track : tariff.tracks) {
      if (reached.contains(track.a.value)) reached.insert(track.b.value);
      if (reached.contains(track.b.value)) reached.insert(track.a.value);
    }
  }
  return reached.size() == tariff.stations.size();
}

bool is_code_new(const auto& known, const Code& code) {
  for (const auto& [id, name] : known)
    if (name == code) return false;
  return true;
}

}  // namespace

bool is_sound(const Code& code) {
  if (code.empty() || code.size() > code_length_max) return false;
  for (const char c : code) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool digit = c >= '0' && c <= '9';
    const bool other = c == '.' || c == '_' || c == '\'' || c == '-';
    if (!letter && !digit && !other) return false;
  }
  return true;
}

bool is_sound(const Tariff& t) {
  if (!is_sound(t.code) || t.stations.empty() || t.stations.size() > stations_max) return false;
  std::set<Code> names;
  for (const Code& station : t.stations)
    if (!is_sound(station) || !names.insert(station).second) return false;
  if (t.tracks.size() > tracks_max || t.sections.empty() || t.sections.size() > sections_max)
    return false;
  for (const Track& track : t.tracks) {
    if (track.a.value >= t.stations.size() || track.b.value >= t.stations.size()) return false;
    if (track.a == track.b || track.metres < 0 || !is_amount(track.surcharge_minor)) return false;
  }
  std::int64_t before = -1;
  for (const Section& section : t.sections) {
    if (section.metres_max <= before || !is_amount(section.adult_minor)) return false;
    if (!is_amount(section.child_minor) || section.child_minor > section.adult_minor) return false;
    before = section.metres_max;
  }
  if (before != std::numeric_limits<std::int64_t>::max()) return false;
  return is_connected(t) && t.child_rounding_minor > 0 && is_amount(t.maximum_adult_minor) &&
         is_amount(t.maximum_child_minor) && is_amount(t.entry_minimum_adult_minor) &&
         is_amount(t.entry_minimum_child_minor) && is_positive_duration(t.journey_window) &&
         t.same_station_free >= Duration{} && t.travel_time_min >= Duration{};
}

bool is_sound(const Policy& p) {
  for (const Duration life : {p.authorisation_life, p.step_up_life, p.hold_life})
    if (!is_positive_duration(life)) return false;
  return p.face_only_purchase_max >= 0 && p.face_only_day_max >= 0 && p.pin_failures_max > 0 &&
         p.photos_min > 0 && p.photos_min <= photos_max && p.margin >= 0 &&
         p.correction_window >= Duration{} && p.thresholds.size() <= thresholds_max;
}

Expected expect(const Books& books, const Case&, const RegisterOperator& asked) {
  Trouble trouble;
  trouble.if_not(is_sound(asked.code), who_asks, Refusal::code_must_be_valid);
  trouble.if_not(is_code_new(books.operators, asked.code), who_asks, Refusal::code_must_be_new);
  if (trouble.any()) return refuse(trouble);
  const OperatorId id{static_cast<std::uint32_t>(books.operators.size() + 1)};
  return agree(Registered{id.value}, [=](Books& now) {
    now.operators[id] = asked.code;
    now.did("registered operator", id.value);
  });
}

Expected expect(const Books& books, const Case&, const RegisterMerchant& asked) {
  Trouble trouble;
  trouble.if_not(is_sound(asked.code), who_asks, Refusal::code_must_be_valid);
  for (const auto& [id, merchant] : books.merchants)
    trouble.if_not(merchant.first != asked.code, who_asks, Refusal::code_must_be_new);
  if (trouble.any()) return refuse(trouble);
  const MerchantId id{static_cast<std::uint32_t>(books.merchants.size() + 1)};
  return agree(Registered{id.value}, [=](Books& now) {
    now.merchants[id] = {asked.code, asked.currency};
    now.did("registered merchant", id.value);
  });
}

Expected expect(const Books& books, const Case&, const RegisterTerminal& asked) {
  Trouble trouble;
  trouble.if_not(is_sound(asked.code), who_asks, Refusal::code_must_be_valid);
  trouble.if_not(!books.terminal_codes.contains(asked.code), who_asks, Refusal::code_must_be_new);
  // A revoked terminal's certificate is never taken again.
  for (const auto& [id, terminal] : books.terminals)
    trouble.if_not(terminal.certificate != asked.certificate, who_asks,
                   Refusal::certificate_must_be_new);
  if (asked.role == Role::gate) {
    trouble.if_not(books.operators.contains(asked.transit), who_asks,
                   Refusal::operator_must_be_registered);
    trouble.if_not(is_sound(asked.station), who_asks, Refusal::code_must_be_valid);
  }
  if (asked.role == Role::till)
    trouble.if_not(books.merchants.contains(asked.merchant), who_asks,
                   Refusal::merchant_must_be_registered);
  if (trouble.any()) return refuse(trouble);
  const TerminalId id{static_cast<std::uint32_t>(books.terminals.size() + 1)};
  return agree(Registered{id.value}, [=](Books& now) {
    now.terminals[id] = {asked.role,     asked.transit,     asked.station,
                         asked.merchant, asked.certificate, false};
    now.terminal_codes.insert(asked.code);
    now.did("registered terminal", id.value);
  });
}

Expected expect(const Books& books, const Case&, const RevokeTerminal& asked) {
  const auto found = books.terminals.find(asked.terminal);
  if (found == books.terminals.end()) return refuse(Refusal::terminal_must_be_registered);
  if (found->second.revoked) return refuse(Refusal::terminal_must_not_be_revoked);
  return agree(Done{}, [=](Books& now) {
    now.terminals[asked.terminal].revoked = true;
    now.did("revoked terminal", asked.terminal.value);
  });
}

Expected expect(const Books& books, const Case& at, const PublishTariff& asked) {
  Trouble trouble;
  const Tariff& tariff = asked.tariff;
  trouble.if_not(books.operators.contains(tariff.transit), who_asks,
                 Refusal::operator_must_be_registered);
  trouble.if_not(is_sound(tariff.code), who_asks, Refusal::code_must_be_valid);
  if (is_sound(tariff.code))
    trouble.if_not(is_sound(tariff), who_asks, Refusal::tariff_must_be_valid);
  for (const auto& [version, earlier] : books.tariffs)
    if (earlier.transit == tariff.transit)
      // Nor may it change what was in force already.
      trouble.if_not(
          earlier.effective_from < tariff.effective_from && at.now <= tariff.effective_from,
          who_asks, Refusal::tariff_must_follow_the_last);
  if (trouble.any()) return refuse(trouble);
  const TariffVersion version{static_cast<std::uint32_t>(books.tariffs.size() + 1)};
  return agree(Registered{version.value}, [=](Books& now) {
    now.tariffs[version] = tariff;
    now.did("published tariff", version.value);
  });
}

Expected expect(const Books& books, const Case&, const PublishPolicy& asked) {
  if (!is_sound(asked.policy)) return refuse(Refusal::policy_must_be_valid);
  return agree(Registered{books.policies + 1}, [=](Books& now) {
    ++now.policies;
    now.did("published policy", now.policies);
    now.policy = asked.policy;
  });
}

}  // namespace obverse::oracle
