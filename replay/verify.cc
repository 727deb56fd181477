#include "replay/verify.h"

#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"

namespace obverse {
namespace {

// Every journal sums to zero, by its own record, and only a load brings money in.
void check_journals(const Record& record, std::vector<std::string>& faults) {
  for (const Event& event : record.events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr) continue;
    const std::string which = "the posting at position " + std::to_string(record.position.value);
    if (!is_balanced(posted->entries)) {
      faults.push_back(which + " does not balance");
    } else if (!is_allowed(posted->reason, posted->entries)) {
      faults.push_back(which + " brings money in and is no load");
    }
  }
}

// Before anything is applied: the rules believe every event, and end the process over one that
// cannot be. An auditor's history may be a liar's.
void check_all_journals(const EventLog& log, std::vector<std::string>& faults) {
  constexpr std::size_t chunk = 1'024;
  for (Position next{1};;) {
    const auto records = stored_from(log, next, chunk);
    if (records.empty()) return;
    for (const Stored& each : records) check_journals(each.record, faults);
    next.value += records.size();
  }
}

}  // namespace

Verified verify(const EventLog& log) {
  Verified out;
  out.report = log.report();
  try {
    log.verify();
    check_all_journals(log, out.faults);
    if (!out.faults.empty()) return out;
    const Folded end = fold(log, {}, std::nullopt, [&](const Record& record, const Digest&) {
      out.events += record.events.size();
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
