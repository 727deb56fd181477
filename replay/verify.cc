#include "replay/verify.h"

#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"

namespace obverse {
namespace {

// Every journal sums to zero, by its own record: a fault names the first that does not.
void check_journals(const Record& record, std::vector<std::string>& faults) {
  for (const Event& event : record.events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr || is_balanced(posted->entries)) continue;
    faults.push_back("the posting at position " + std::to_string(record.position.value) +
                     " does not balance");
  }
}

}  // namespace

Verified verify(const EventLog& log) {
  Verified out;
  out.report = log.report();
  try {
    log.verify();
    const Folded end = fold(log, {}, std::nullopt, [&](const Record& record, const Digest&) {
      out.events += record.events.size();
      check_journals(record, out.faults);
    });
    out.last = end.state.position;
    out.chain = end.chain;
    out.state = digest_of(end.state);
    out.totals = trial_balance(end.state.book);
  } catch (const LogDamage& damage) {
    out.faults.push_back(damage.file + " at byte " + std::to_string(damage.offset) + ", position " +
                         std::to_string(damage.first_bad.value) + ": " + damage.what());
  }
  for (const auto& [currency, sum] : out.totals)
    if (sum.debits != sum.credits)
      out.faults.push_back("the books do not balance in " + std::string(alphabetic(currency)));
  return out;
}

}  // namespace obverse
