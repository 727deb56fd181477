// Clearing between operators: who collects a through fare owes the others their shares of it, by
// published agreements; and what is left of all these claims of a window, one against another.
#pragma once

#include <map>
#include <vector>

#include "ledger/rules/money/windows.h"

namespace obverse {

struct Product {
  OperatorId collector;
  Code code;
  friend auto operator<=>(const Product&, const Product&) = default;
};
struct Clearing {
  std::vector<Agreement> agreements;                          // a version is a place here, plus one
  std::map<Product, std::vector<AgreementVersion>> products;  // rising by effective date
  friend bool operator==(const Clearing&, const Clearing&) = default;
};

AgreementVersion agreement_at(const Clearing&, OperatorId collector, const Code& product, Instant);
// Per currency: what each operator gets (positive) or gives, which sums to zero, and the same
// between every two of them.
std::vector<NetPositionComputed> net_positions(WindowId,
                                               const std::map<OperatorClaim, std::int64_t>&);

Decision decide(const SettlementView&, const PublishAgreement&, const Moment&);
// The collector's own share stays where it is.
Decision decide(const SettlementView&, const ApportionFares&, const Moment&);
Decision decide(const SettlementView&, const ComputeNetPositions&, const Moment&);

void apply(Clearing&, const AgreementPublished&);

}  // namespace obverse
