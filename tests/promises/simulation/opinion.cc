#include "tests/promises/simulation/opinion.h"

namespace obverse::simulation {

#ifdef OBVERSE_ORACLE

struct Opinion::Parts {
  oracle::Oracle oracle;
};

bool Opinion::is_there() { return true; }

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

void Opinion::durable_to(Position position) { parts_->oracle.durable_to(position); }

#else  // the second implementation is not built in: whoever asks is told so

struct Opinion::Parts {};

bool Opinion::is_there() { return false; }
std::string Opinion::judge(const oracle::Asked&, const Reply&, const std::optional<Record>&) {
  return {};
}
std::string Opinion::compare(std::uint64_t, std::uint64_t) const { return {}; }
std::string Opinion::compare(const std::map<std::string, std::int64_t>&) const { return {}; }
void Opinion::durable_to(Position) {}

#endif

Opinion::Opinion() : parts_(std::make_unique<Parts>()) {}
Opinion::~Opinion() = default;

}  // namespace obverse::simulation
