// The invariants of the domain, looked at after every commit: each does its own sums from the
// events of the records, in the order of the log, and compares the ledger's state with them. It
// shares no code with the rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "ledger/engine/feed.h"
#include "ledger/rules/machine.h"

namespace obverse::simulation {

class Checks {
 public:
  // A record that has become durable. `asked` is its command; none for the ledger's own timers.
  void see(const Record& record, const Command* asked);
  // After the last record of a batch: what it touched is in the state as it is in the books here.
  void compare(const State& state);
  // Everything, not only what was touched.
  void compare_all(const State& state);
  // Somebody was told that this sale is undone, or will be.
  void promise_back(const Attempt& sale) { promised_back_.insert(sale); }
  // Once nothing is under way any more: what was reversed has no effect left (invariant 9).
  void settle();

  bool held() const { return wrong_.empty(); }
  const std::string& wrong() const { return wrong_; }
  void fail(const std::string& what);
  Position last() const { return last_; }
  bool may_be_matched(RiderId rider) const;

 private:
  struct HoldHere {
    RiderId rider;
    Money amount;  // what is still held
    std::optional<Instant> expires;
  };
  struct Sale {
    Attempt attempt;
    MerchantId merchant;
    RiderId rider;
    Money amount;
    bool face_only = false;
    std::int64_t captured = 0, refunded = 0, reversed = 0;
    std::uint64_t ends = 0;  // captured, voided or reversed
    bool is_reversed = false;
  };
  struct Face {
    FaceVersion version;
    bool enrolled = false, suspended = false;
  };
  struct PinHere {
    PinVersion version;
    unsigned failures = 0;
  };
  struct Spent {
    std::int64_t day = 0;
    std::map<PurchaseId, std::int64_t> of;
  };
  struct Ride {
    RiderId rider;
    OperatorId transit;
    TariffVersion tariff;
    Category category = Category::adult;
    Instant at, deadline;
    bool ended = false;
    std::optional<std::int64_t> fare;
  };
  using Consents = std::map<std::pair<Purpose, Party>, std::optional<RiderId>>;

  // One decision while it is looked at.
  struct Now {
    const Record& record;
    const Command* asked;
    std::optional<RiderId> proven;  // by the evidence in it
    bool by_pin = false;
    std::set<HoldId> resolved;
    std::set<PostingReason> moved;
  };

  void first(const Now& now, const Event& event);  // what other events of the record rest on
  void money(Now& now, const Event& event);
  void sales(Now& now, const Event& event);
  void step_ups(Now& now, const Event& event);
  void people(Now& now, const Event& event);
  void erasure(Now& now, const Event& event);
  void pins(Now& now, const Event& event);
  void places(Now& now, const Event& event);
  void machine(const Event& event);
  void posted(Now& now, const Posted& posted);
  void reason_of(Now& now, PostingReason reason);
  void resolve(Now& now, HoldId hold, Money amount);
  void sold(Now& now, const PurchaseAuthorised& sale);
  void recognised(const Now& now, const Recognition& face);
  void unclear(const Now& now);
  void reply(const Now& now);
  void owners(const Now& now);
  void sums();
  void waits();
  bool is_in_force(const JourneyOpened& journey) const;
  void ride_ends(const Now& now, JourneyId journey);
  void charge(const Now& now, JourneyId journey, Money amount);
  bool consents(RiderId rider, Purpose purpose, Party party) const;
  template <class Fact>
  static bool has(const Record& record) {
    for (const Event& event : record.events)
      if (std::holds_alternative<Fact>(event)) return true;
    return false;
  }

  std::string wrong_;
  Position last_;
  Instant at_;
  // money
  std::map<Account, std::int64_t> balances_;
  std::map<Currency, std::int64_t> trial_;
  std::map<Account, std::int64_t> held_;
  std::map<HoldId, HoldHere> holds_;
  std::map<PurchaseId, Sale> sales_;
  std::map<Attempt, PurchaseId> sold_;
  std::set<Attempt> reversed_early_;
  std::map<StepUpId, StepUpRequested> asked_;
  std::map<RiderId, Spent> spent_;
  // people
  std::map<RiderId, Consents> consents_;
  std::map<RiderId, std::pair<Category, std::optional<RiderId>>> riders_;
  std::map<RiderId, Face> faces_;
  std::map<RiderId, PinHere> pins_;
  std::set<RiderId> erasing_;
  // places
  std::map<std::pair<RiderId, OperatorId>, JourneyId> open_;
  std::map<JourneyId, Ride> rides_;
  std::map<TariffVersion, Tariff> tariffs_;
  std::int64_t fares_ = 0;
  // sums of accounts, and of what they should come from
  std::int64_t earned_ = 0, merchants_ = 0, sold_sum_ = 0, bank_ = 0, loads_ = 0;
  std::set<Attempt> promised_back_;
  // machine
  std::optional<Policy> policy_;
  std::map<TerminalId, TerminalRegistered> terminals_;
  std::set<TerminalId> revoked_;
  // what the batch touched
  std::set<Account> touched_;
  std::set<HoldId> touched_holds_;
  std::set<RiderId> touched_riders_;
};

}  // namespace obverse::simulation
