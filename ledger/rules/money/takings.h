// What a posting means to settlement: whom it earns how much, and how the buyer paid. Sums only;
// which window they stand in is told in windows.h.
#pragma once

#include <map>

#include "ledger/model/events.h"

namespace obverse {

struct Trade {
  std::int64_t sales = 0;
  std::int64_t refunds = 0;
  friend bool operator==(const Trade&, const Trade&) = default;
};
// Of one payee in one window. With their signs: what is neither sale nor refund, and what came back
// out of the reserve. No fee is asked of these.
struct Takings {
  std::map<TenderClass, Trade> trades;
  std::int64_t adjusted = 0;
  std::int64_t released = 0;
  friend bool operator==(const Takings&, const Takings&) = default;
};
struct Payee {
  Party party;
  Currency currency = Currency::jpy;
  friend constexpr auto operator<=>(const Payee&, const Payee&) = default;
};
// What one operator owes another out of through fares.
struct OperatorClaim {
  Currency currency = Currency::jpy;
  OperatorId debtor;
  OperatorId creditor;
  friend constexpr auto operator<=>(const OperatorClaim&, const OperatorClaim&) = default;
};
struct Lines {
  std::map<Payee, Takings> takings;
  std::map<OperatorClaim, std::int64_t> claims;
  friend bool operator==(const Lines&, const Lines&) = default;
};

// Does it change what a window will settle?
bool is_item(const Posted&);
void add(Lines&, const Posted&);
void add(Takings&, const Takings&);

}  // namespace obverse
