#include "tests/promises/simulation/opinion.h"

namespace obverse::simulation {

struct Opinion::Parts {
  oracle::Oracle oracle;
};

std::string Opinion::judge(const oracle::Asked& asked, const Reply& reply,
                           const std::optional<Record>& record) {
  return parts_->oracle.judge(asked, reply, record);
}

std::string Opinion::compare(std::uint64_t open_holds, std::uint64_t open_journeys) const {
  if (parts_->oracle.open_holds() != open_holds) return "another number of open holds";
  if (parts_->oracle.open_journeys() != open_journeys) return "another number of open journeys";
  return {};
}

std::string Opinion::compare(const std::map<std::string, std::int64_t>& balances) const {
  const auto own = parts_->oracle.balances();
  for (const auto& [account, minor] : balances) {
    const auto found = own.find(account);
    const std::int64_t here = found == own.end() ? 0 : found->second;
    if (here != minor)
      return account + " has " + std::to_string(minor) + ", the oracle says " +
             std::to_string(here);
  }
  for (const auto& [account, minor] : own)
    if (minor != 0 && !balances.contains(account)) return account + " is missing";
  return {};
}

std::uint64_t Opinion::left_open() const { return parts_->oracle.left_open(); }

Opinion::Opinion() : parts_(std::make_unique<Parts>()) { parts_->oracle.never_rewinds(); }
Opinion::~Opinion() = default;

}  // namespace obverse::simulation
