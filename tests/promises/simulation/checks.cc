// What every record must be, whatever is in it, and the comparison with the state.
#include "tests/promises/simulation/checks.h"

#include <array>

namespace obverse::simulation {
namespace {

const Presence* presence_of(const Command* command) {
  if (command == nullptr) return nullptr;
  return std::visit(
      [](const auto& c) -> const Presence* {
        if constexpr (requires { c.presence; }) return &c.presence;
        return nullptr;
      },
      *command);
}

}  // namespace

void Checks::fail(const std::string& what) {
  if (wrong_.empty()) wrong_ = what + " at position " + std::to_string(last_.value);
}

void Checks::see(const Record& record, const Command* asked) {
  if (record.position.value != last_.value + 1) fail("7: positions are not dense");
  last_ = record.position;
  if (record.recorded_at < at_) fail("7: a record from before the one before it");
  at_ = record.recorded_at;
  Now now{record, asked, {}, false, {}, {}};
  for (const Event& event : record.events) {
    if (const auto* face = std::get_if<FaceRecognised>(&event)) now.proven = face->evidence.rider;
    if (const auto* pin = std::get_if<PinVerified>(&event)) {
      if (now.proven && *now.proven != pin->rider) fail("17: one decision about two people");
      now.proven = pin->rider;
      const Presence* shown = presence_of(asked);
      if (shown == nullptr || !shown->pin || !shown->pin->correct ||
          shown->pin->rider != pin->rider)
        fail("23: a PIN was taken that was not typed right");
      now.by_pin = true;
    }
  }
  unclear(now);
  const auto balances = has<ErasureCompleted>(record) && !has<Posted>(record)
                            ? std::optional(balances_)
                            : std::nullopt;
  for (const Event& event : record.events) {
    money(now, event);
    sales(now, event);
    step_ups(now, event);
    people(now, event);
    erasure(now, event);
    pins(now, event);
    places(now, event);
    machine(event);
  }
  owners(now);
  sums();
  if (balances && *balances != balances_) fail("42: an erasure changed the books");
  for (const HoldId hold : now.resolved)
    if (const auto left = holds_.find(hold); left != holds_.end()) {
      if (left->second.amount.minor != 0) fail("6: a hold ended with something left");
      holds_.erase(left);
    }
  reply(now);
}

// 16: what the camera or the matcher was not sure of moves nothing and names nobody.
void Checks::unclear(const Now& now) {
  const Presence* presence = presence_of(now.asked);
  if (presence == nullptr || !policy_) return;
  const auto& face = presence->face;
  const bool is_unclear =
      presence->capture != Capture::good ||
      (face && (face->score < face->threshold ||
                (face->runner_up && face->search == Search::one_to_many &&
                 std::int64_t{face->score} - *face->runner_up < policy_->margin)));
  if (!is_unclear) return;
  // A journey past its deadline ends in whatever decision finds it; nothing else may move.
  if (has<Posted>(now.record) || has<FundsReserved>(now.record))
    fail("16: an unclear probe moved money");
  if (now.proven) fail("16: an unclear probe named somebody");
}

// What a caller is told is what happened: an acceptance has its facts, a refusal moves no money of
// the act that was refused.
void Checks::reply(const Now& now) {
  const Record& r = now.record;
  if (std::holds_alternative<Paid>(r.reply) && !has<PurchaseCaptured>(r))
    fail("15: paid without a capture");
  if (std::holds_alternative<Entered>(r.reply) && !has<JourneyOpened>(r))
    fail("15: let in without a journey");
  if (std::holds_alternative<Left>(r.reply) && !has<JourneyClosed>(r))
    fail("15: let out with a journey open");
  if (std::holds_alternative<Authorised>(r.reply) && !has<FundsReserved>(r))
    fail("15: authorised without a hold");
  const auto* no = std::get_if<Refused>(&r.reply);
  if (no != nullptr && no->refusal == Refusal::pin_must_be_correct && !has<PinFailed>(r))
    fail("23: a wrong PIN that was not counted");
  if (no == nullptr && now.asked != nullptr &&
      std::holds_alternative<WithdrawConsent>(*now.asked) && !has<ConsentWithdrawn>(r))
    fail("21: a withdrawal that changed nothing");
  if (std::holds_alternative<Loaded>(r.reply) && !has<Posted>(r)) fail("15: loaded nothing");
  if (const auto* done = std::get_if<Refunded>(&r.reply); done != nullptr && !has<RefundIssued>(r))
    fail("15: refunded nothing");
  const bool refused = std::holds_alternative<Refused>(r.reply);
  if (refused && (has<JourneyOpened>(r) || has<PurchaseAuthorised>(r) || has<FundsReserved>(r) ||
                  has<RefundIssued>(r) || has<FundsLoaded>(r) || has<FareCharged>(r)))
    fail("15: refused, and done all the same");
  const auto paid = std::get_if<Paid>(&r.reply);
  if (paid != nullptr && now.asked != nullptr) {
    const auto* pay = std::get_if<Pay>(now.asked);
    if (pay != nullptr && pay->amount != paid->amount) fail("17: another amount was paid");
  }
}

// Money leaves and reaches only the wallets of people whom the decision is about.
void Checks::owners(const Now& now) {
  if (!has<Posted>(now.record)) return;
  std::set<RiderId> concerned;
  if (now.proven) concerned.insert(*now.proven);
  const auto sale = [&](PurchaseId id) { concerned.insert(sales_[id].rider); };
  const auto ride = [&](JourneyId id) { concerned.insert(rides_[id].rider); };
  for (const Event& event : now.record.events) {
    if (const auto* e = std::get_if<FundsLoaded>(&event)) concerned.insert(e->rider);
    if (const auto* e = std::get_if<PurchaseCaptured>(&event)) sale(e->purchase);
    if (const auto* e = std::get_if<RefundIssued>(&event)) sale(e->purchase);
    if (const auto* e = std::get_if<PurchaseReversed>(&event)) sale(e->purchase);
    if (const auto* e = std::get_if<JourneyIncomplete>(&event)) ride(e->journey);
    if (const auto* e = std::get_if<JourneyCorrected>(&event)) ride(e->journey);
  }
  for (const Event& event : now.record.events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr) continue;
    for (const Entry& entry : posted->entries)
      if ((entry.account.chart == Chart::wallet || entry.account.chart == Chart::rider_debt) &&
          !concerned.contains(RiderId{entry.account.owner}))
        fail("15: money of somebody whom the decision is not about");
  }
}

// What everybody together earned and brought is what the facts say.
void Checks::sums() {
  if (earned_ != fares_) fail("25: fares are not what the operators earned");
  if (merchants_ != sold_sum_) fail("10: sales are not what the merchants earned");
  if (bank_ != loads_) fail("11: loads are not what the bank received");
}

// 42: an erasure that waited ends with the last thing that was open.
void Checks::waits() {
  for (const RiderId rider : erasing_) {
    bool open = false;
    for (const auto& [id, hold] : holds_) open = open || hold.rider == rider;
    for (const auto& [traveller, journey] : open_) open = open || traveller.first == rider;
    if (!open) fail("42: an erasure waits for nothing");
  }
}

void Checks::machine(const Event& event) {
  if (const auto* policy = std::get_if<PolicyPublished>(&event)) policy_ = policy->policy;
  if (const auto* tariff = std::get_if<TariffPublished>(&event))
    if (!tariffs_.emplace(tariff->version, tariff->tariff).second)
      fail("47: a tariff was published twice");
  if (const auto* terminal = std::get_if<TerminalRegistered>(&event))
    terminals_[terminal->terminal] = *terminal;
  if (const auto* gone = std::get_if<TerminalRevoked>(&event)) revoked_.insert(gone->terminal);
}

namespace {

std::int64_t in_book(const State& state, const Account& account) {
  const auto found = state.book.accounts.find(account);
  return found == state.book.accounts.end() ? 0 : found->second.debits - found->second.credits;
}

}  // namespace

void Checks::compare(const State& state) {
  if (state.position != last_) fail("3: the state stands elsewhere than the log");
  for (const Account& account : touched_)
    if (in_book(state, account) != balances_[account]) fail("3: a balance is not its postings");
  for (const Account& account : touched_)
    if (account.chart == Chart::wallet && held_[account] > -balances_[account])
      fail("5: less is there than is held");
  waits();
  for (const auto& [currency, turnover] : state.book.totals)
    if (turnover.debits != turnover.credits) fail("2: the trial balance is not zero");
  for (const HoldId id : touched_holds_) {
    const auto here = holds_.find(id);
    const auto there = state.holds.open.find(id);
    if ((here == holds_.end()) != (there == state.holds.open.end()))
      fail("6: a hold is open on one side only");
    else if (here != holds_.end() && here->second.amount != there->second.amount)
      fail("6: a hold is not what is left of it");
  }
  if (state.holds.open.size() != holds_.size()) fail("6: the number of open holds differs");
  if (state.journeys.open.size() != open_.size()) fail("24: the number of open journeys differs");
  for (const RiderId rider : touched_riders_) {
    if (is_matchable(state.enrolments, rider) != may_be_matched(rider))
      fail("18: who may be matched differs");
    const Rider* there = find(state.enrolments, rider);
    if (there == nullptr) {
      fail("3: a rider is missing");
      continue;
    }
    if (there->pin.failures != pins_[rider].failures) fail("23: failures of a PIN differ");
    if (policy_ && there->pin.locked != (pins_[rider].failures >= policy_->pin_failures_max))
      fail("23: a lock that is not its failures");
    if (there->consents.size() != consents_[rider].size()) fail("21: the consents differ");
  }
  touched_.clear();
  touched_holds_.clear();
  touched_riders_.clear();
}

void Checks::compare_all(const State& state) {
  for (const auto& [account, sum] : balances_) touched_.insert(account);
  for (const auto& [account, turnover] : state.book.accounts) touched_.insert(account);
  for (const auto& [id, hold] : holds_) touched_holds_.insert(id);
  for (const auto& [rider, face] : riders_) touched_riders_.insert(rider);
  compare(state);
  for (const auto& [currency, sum] : trial_)
    if (sum != 0) fail("2: the postings do not sum to zero");
  constexpr Duration late = hours(2);
  for (const auto& [id, hold] : holds_)
    if (hold.expires && *hold.expires + late < at_) fail("6: a hold has not expired in time");
  for (const auto& [traveller, journey] : open_)
    if (rides_[journey].deadline + late < at_) fail("25: a journey has not ended in time");
  if (state.payments.purchases.size() != sales_.size()) fail("3: the number of purchases differs");
}

void Checks::settle() {
  for (const auto& [id, sale] : sales_) {
    if (sale.is_reversed && sale.captured - sale.refunded - sale.reversed != 0)
      fail("9: a reversed purchase still costs something");
    if (reversed_early_.contains(sale.attempt)) fail("9: a reversal came first, and was forgotten");
    if (promised_back_.contains(sale.attempt) && !sale.is_reversed)
      fail("9: a sale stands that somebody was told is undone");
  }
}

}  // namespace obverse::simulation
