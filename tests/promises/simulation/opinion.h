// The oracle, asked about every decision.
#pragma once

#include <memory>
#include <string>

#include "tests/promises/simulation/oracle/oracle.h"

namespace obverse::simulation {

class Opinion {
 public:
  Opinion();
  ~Opinion();

  std::string judge(const oracle::Asked& asked, const Reply& reply,
                    const std::optional<Record>& record);
  // Empty, or what its books say otherwise.
  std::string compare(std::uint64_t open_holds, std::uint64_t open_journeys) const;
  std::string compare(const std::map<std::string, std::int64_t>& balances) const;
  std::uint64_t left_open() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse::simulation
