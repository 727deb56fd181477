// Parties are kept by the rules' own apply(), so that this copy cannot drift from theirs.
#include "ledger/server/directory.h"

#include <algorithm>

namespace obverse {
namespace {

template <class Found, class Key>
std::optional<Found> find_in(const std::map<Key, Found>& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const Policy> last_of(const Parties& parties) {
  const auto policy = policy_in_force(parties);
  return policy ? std::make_shared<const Policy>(**policy) : nullptr;
}

// Whose lock is held is known where this is called: a lambda there would be judged without it.
void keep(Parties& parties, const Event& event) {
  const auto keep_one = [&](const auto& one) {
    if constexpr (requires { apply(parties, one); }) apply(parties, one);
  };
  std::visit(keep_one, event);
}

}  // namespace

Directory::Directory(const State& state)
    : parties_(state.parties), policy_(last_of(state.parties)) {
  const auto& riders = state.enrolments.riders;
  for (std::size_t i = 0; i < riders.size(); ++i) {
    if (riders[i].pin.version.value > 0) pins_[RiderId{i + 1}] = riders[i].pin.version;
  }
}

void Directory::committed(std::span<const Record> records, const Receipt&) {
  std::vector<Digest> revoked;
  {
    const Lock lock(mutex_);
    for (const Record& record : records) {
      for (const Event& event : record.events) {
        if (const auto* gone = std::get_if<TerminalRevoked>(&event)) {
          revoked.push_back(find(parties_, gone->terminal)->certificate);
        }
        if (const auto* set = std::get_if<PinSet>(&event)) pins_[set->rider] = set->version;
        keep(parties_, event);
        if (std::holds_alternative<PolicyPublished>(event)) policy_ = last_of(parties_);
      }
    }
  }
  for (const Digest& certificate : revoked) {
    if (revoked_) revoked_(certificate);
  }
}

std::optional<Terminal> Directory::terminal(const Digest& certificate) const {
  const SharedLock lock(mutex_);
  if (const Terminal* found = find_by_certificate(parties_, certificate)) return *found;
  const auto same = [&](const Terminal& one) { return one.certificate == certificate; };
  const auto gone = std::ranges::find_if(parties_.terminals, same);
  return gone == parties_.terminals.end() ? std::nullopt : std::optional(*gone);
}

std::optional<TerminalId> Directory::terminal(const Code& code) const {
  const SharedLock lock(mutex_);
  return find_in(parties_.terminal_codes, code);
}

std::optional<OperatorId> Directory::transit_operator(const Code& code) const {
  const SharedLock lock(mutex_);
  return find_in(parties_.operator_codes, code);
}

std::optional<MerchantId> Directory::merchant(const Code& code) const {
  const SharedLock lock(mutex_);
  return find_in(parties_.merchant_codes, code);
}

std::optional<Code> Directory::code(OperatorId id) const {
  const SharedLock lock(mutex_);
  const auto* found = find(parties_, id);
  return found ? std::optional(found->code) : std::nullopt;
}

std::optional<Code> Directory::code(MerchantId id) const {
  const SharedLock lock(mutex_);
  const auto* found = find(parties_, id);
  return found ? std::optional(found->code) : std::nullopt;
}

std::shared_ptr<const Policy> Directory::policy() const {
  const SharedLock lock(mutex_);
  return policy_;
}

PinVersion Directory::pin(RiderId rider) const {
  const SharedLock lock(mutex_);
  return find_in(pins_, rider).value_or(PinVersion{0});
}

bool Directory::has_operator_desk() const {
  const SharedLock lock(mutex_);
  return std::ranges::any_of(parties_.terminals, [](const Terminal& one) {
    return one.role == Role::operator_desk && !one.revoked;
  });
}

}  // namespace obverse
