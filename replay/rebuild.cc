#include "replay/rebuild.h"

#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"

namespace obverse {

Rebuilt rebuild(const EventLog& log, std::optional<Position> at) {
  const Folded end = fold(log, {}, at);
  Rebuilt out{end.state.position, end.chain, digest_of(end.state), {}};
  for (const auto& [account, turnover] : end.state.book.accounts) {
    BalanceLine line{account, turnover.debits, turnover.credits, 0};
    if (account.chart == Chart::wallet)
      line.held = held(end.state.holds, RiderId{account.owner}, account.currency).minor;
    out.lines.push_back(line);
  }
  return out;
}

}  // namespace obverse
