#include "replay/words_settlement.h"

#include <fmt/format.h>

#include "replay/words.h"

namespace obverse {
namespace {

std::string payee(const Party& who, const State& state) {
  if (who.kind == Party::Kind::everyone) return "every merchant";
  if (who.kind == Party::Kind::merchant) {
    const Merchant* found = find(state.parties, MerchantId{who.id});
    return "merchant " + (found != nullptr ? found->code : std::to_string(who.id));
  }
  const auto* found = find(state.parties, OperatorId{who.id});
  return "operator " + (found != nullptr ? found->code : std::to_string(who.id));
}

std::string transit(OperatorId id, const State& state) { return payee(party_of(id), state); }

std::string day(std::int64_t number) {
  const Date date = date_of(number);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string_view key(MatchKey by) {
  switch (by) {
    case MatchKey::reference:
      return "its reference";
    case MatchKey::amount_date_payee:
      return "amount, date and payee";
    case MatchKey::amount_date:
      return "amount and date";
    case MatchKey::none:
      break;
  }
  return "nothing";
}

}  // namespace

std::string SettlementWords::operator()(const SettlementCalendarPublished& e) const {
  return fmt::format("settlement calendar published, version {}", e.version.value);
}
std::string SettlementWords::operator()(const FeeSchedulePublished& e) const {
  return fmt::format("fees of {} published, version {}", payee(e.schedule.payee, state),
                     e.version.value);
}
std::string SettlementWords::operator()(const AgreementPublished& e) const {
  return fmt::format("agreement {} on product {} of {} published, version {}", e.agreement.code,
                     e.agreement.product, transit(e.agreement.collector, state), e.version.value);
}
std::string SettlementWords::operator()(const SafeguardingTermsPublished& e) const {
  return fmt::format("safeguarding terms published, version {}, next base date {}", e.version.value,
                     day(e.next.day));
}
std::string SettlementWords::operator()(const OwnAccountSet& e) const {
  return fmt::format("our account {} is at bank {:04}", e.bank.value, e.account.account.bank);
}
std::string SettlementWords::operator()(const PayoutAccountSet& e) const {
  return fmt::format("{} is paid out to bank {:04} from {}", payee(e.payee, state), e.account.bank,
                     in_words(e.usable_from, state));
}
std::string SettlementWords::operator()(const SettlementWindowOpened& e) const {
  return fmt::format("settlement window {} opened, cut off at {}", e.window.value,
                     in_words(e.cut_off, state));
}
std::string SettlementWords::operator()(const SettlementWindowClosed& e) const {
  return fmt::format("settlement window {} closed, of {}", e.window.value, day(e.last_day));
}
std::string SettlementWords::operator()(const SettlementItemAssigned& e) const {
  return fmt::format("what follows was captured in window {}", e.window.value);
}
std::string SettlementWords::operator()(const SettlementWindowSettled& e) const {
  return fmt::format("settlement window {} is settled", e.window.value);
}
std::string SettlementWords::operator()(const SettlementBatchFormed& e) const {
  return fmt::format("batch {} of window {} for {}: {} paid out, {} left", e.batch.value,
                     e.window.value, payee(e.payee, state), text(Money{e.paid, e.currency}),
                     text(Money{e.carried_out, e.currency}));
}
std::string SettlementWords::operator()(const SettlementCarriedForward& e) const {
  return fmt::format("{} owes {} after batch {}", payee(e.payee, state), text(e.amount),
                     e.batch.value);
}
std::string SettlementWords::operator()(const SettlementDeferred& e) const {
  return fmt::format("window {} could not be settled for {}: {}", e.window.value,
                     payee(e.payee, state), explain(e.refusal).cause);
}
std::string SettlementWords::operator()(const ReserveWithheld& e) const {
  return fmt::format("{} of batch {} withheld until {}", text(e.amount), e.batch.value,
                     in_words(e.release_at, state));
}
std::string SettlementWords::operator()(const ReserveReleased& e) const {
  return fmt::format("{} of the reserve of batch {} released", text(e.amount), e.batch.value);
}
std::string SettlementWords::operator()(const PayoutInstructed& e) const {
  return fmt::format("payout {} of {} to {} due on {}, reference {}", e.payout.value,
                     text(e.amount), payee(e.payee, state), day(e.due_day), e.reference.utf8);
}
std::string SettlementWords::operator()(const PayoutMigrated& e) const {
  return fmt::format("payout {} of {} to {} was under way, reference {}", e.payout.value,
                     text(e.amount), payee(e.payee, state), e.reference.utf8);
}
std::string SettlementWords::operator()(const PayoutFileProduced& e) const {
  return fmt::format("payout file {} for {} produced: {} payouts, {}", e.code, day(e.day),
                     e.payouts.size(), text(e.total));
}
std::string SettlementWords::operator()(const PayoutConfirmed& e) const {
  return fmt::format("payout {} confirmed by the bank", e.payout.value);
}
std::string SettlementWords::operator()(const PayoutReturned& e) const {
  return fmt::format("payout {} came back", e.payout.value);
}
std::string SettlementWords::operator()(const PayoutRejected& e) const {
  return fmt::format("payout {} rejected", e.payout.value);
}
std::string SettlementWords::operator()(const StatementImported& e) const {
  return fmt::format("bank statement {} imported: {} entries from {} to {}", e.statement.value,
                     e.entries.size(), text(e.opening), text(e.closing));
}
std::string SettlementWords::operator()(const StatementEntryMatched& e) const {
  return fmt::format("entry {} of statement {} is payout {}, found by {}", e.line.entry,
                     e.line.statement.value, e.payout.value, key(e.key));
}
std::string SettlementWords::operator()(const StatementEntryUnmatched& e) const {
  return fmt::format("entry {} of statement {} is unknown: {} in suspense", e.line.entry,
                     e.line.statement.value, text(e.amount));
}
std::string SettlementWords::operator()(const BreakResolved& e) const {
  return fmt::format("entry {} of statement {} explained", e.line.entry, e.line.statement.value);
}
std::string SettlementWords::operator()(const ApportionmentComputed& e) const {
  return fmt::format("{} collected by {} divided under agreement {}", text(e.total),
                     transit(e.collector, state), e.agreement.value);
}
std::string SettlementWords::operator()(const NetPositionComputed& e) const {
  std::string out =
      fmt::format("net positions of window {} in {}:", e.window.value, alphabetic(e.currency));
  for (const NetPosition& position : e.positions)
    out += fmt::format(" {} {};", transit(position.transit, state), position.minor);
  return out;
}
std::string SettlementWords::operator()(const SafeguardingRequirementComputed& e) const {
  return fmt::format("base date {}: {} unused, {} required, {} on deposit", day(e.base.day),
                     text(e.unused), text(e.required), text(e.deposited));
}
std::string SettlementWords::operator()(const SafeguardingDepositAdjusted& e) const {
  return fmt::format("safeguarding deposit {} adjusted by {}", e.instrument, text(e.amount));
}

}  // namespace obverse
