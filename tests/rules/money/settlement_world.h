// A small world for the tests of settlement: the whole state of the rules, merchants M1 to M3 and
// operators OM, KR and CB, one person with money, a desk, a processor, and every timer run when its
// time comes.
#pragma once

#include <string>

#include "tests/rules/places/world.h"

namespace obverse {

constexpr Duration tokyo = hours(9);
inline const std::int64_t june_15 = day_of({2025, 6, 15});

// Local time.
inline Instant at_time(Date date, std::int64_t hour, std::int64_t minute = 0,
                       std::int64_t second = 0) {
  return start_of(day_of(date), tokyo) + seconds(hour * 3'600 + minute * 60 + second);
}

inline SettlementCalendar halves_of_months() {
  SettlementCalendar calendar;
  calendar.effective_from = at_time({2025, 6, 1}, 0);
  calendar.last_days = {15, 31};
  return calendar;
}
inline FeeSchedule usual_fees(Party payee = {}) {
  FeeSchedule schedule;
  schedule.payee = payee;
  schedule.tenders = {{{TenderKind::wallet, 0}, 324, 0}, {{TenderKind::scheme, 0}, 270, 500}};
  schedule.payout_fee_minor = 200;
  schedule.payout_tax_minor = 20;
  return schedule;
}
inline PayoutAccount account_at(std::uint32_t bank, const std::string& holder) {
  return {bank, {"ナニワ"}, 101, {"キタ"}, BankAccountType::ordinary, 7'654'321, {holder}};
}
inline OwnAccount account_of_ours() { return {123, account_at(9900, "オブバースセイサン")}; }

struct SettlementWorld : PlaceWorld {
  MerchantId m1, m2, m3;
  OperatorId kr, cb;
  TerminalId processor, desk_2;
  std::map<MerchantId, TerminalId> tills;
  RiderId many;
  Events history;
  std::vector<PostingReason> reasons;

  // Decided and applied as the engine would, with what the terminal's clock said.
  Decision ask(const Command& command, std::optional<Attempt> attempt = {},
               std::optional<Instant> captured_at = {}) {
    Moment when = moment(attempt);
    when.captured_at = captured_at;
    Decision decision = decide(state, command, when);
    if (decision.events.empty()) return decision;
    Record record;
    record.position = when.position;
    record.recorded_at = now;
    record.events = decision.events;
    record.reply = decision.reply;
    obverse::apply(state, record);
    for (const Event& event : decision.events) history.push_back(event);
    return decision;
  }
  std::uint32_t add(const Command& command) {
    return static_cast<std::uint32_t>(std::get<Registered>(ask(command).reply).id);
  }

  // Every timer at its own time.
  void wait_until(Instant until) {
    for (auto due = next_due(state); due && due->at <= until; due = next_due(state)) {
      now = std::max(now, due->at);
      if (ask(due->command).events.empty()) break;
    }
    now = std::max(now, until);
  }

  Decision sell(MerchantId merchant, std::int64_t minor, std::optional<Instant> captured_at = {}) {
    const TerminalId at = tills.at(merchant);
    ++keys;
    AttemptKey key = key_of(keys);
    key.bytes[1] = static_cast<std::uint8_t>(state.position.value);
    key.bytes[2] = static_cast<std::uint8_t>(state.position.value >> 8);
    return ask(Pay{at, pin_of(many), yen(minor), {}}, Attempt{at, key}, captured_at);
  }
  Decision refund(const Decision& sale, MerchantId merchant, std::int64_t minor) {
    return ask(RefundPurchase{tills.at(merchant), purchase_of(sale), yen(minor)},
               Attempt{tills.at(merchant), key_of(++keys)});
  }
  // As a card sale will post it.
  void sell_by_card(MerchantId merchant, std::int64_t minor, std::uint64_t scheme = 1) {
    const Posted posted{PostingReason::purchase_captured,
                        {{{Chart::scheme_receivable, scheme, Currency::jpy}, Side::debit, minor},
                         {payable_to(merchant, Currency::jpy), Side::credit, minor}}};
    obverse::apply(state.settlement, posted);
  }
  void pay_out_to(MerchantId merchant, const PayoutAccount& account) {
    ask(SetPayoutAccount{desk, party_of(merchant), account});
  }

  std::int64_t at(const Account& account) const { return balance(state.book, account); }
  std::int64_t owed_to(MerchantId merchant) const {
    return at(payable_to(merchant, Currency::jpy));
  }
  const Settlement& settlement() const { return state.settlement; }
  const Window& open() const {
    return *find(state.settlement.windows, *state.settlement.windows.open);
  }
  SettlementView view() const {
    return {state.settlement, state.book, state.parties, state.wallets};
  }

  // Sends everything that is due in one file, and has the bank confirm it.
  Decision send(const Code& code, std::int64_t day) {
    ProducePayoutFile file{processor, code, {}, day, {}, yen(0), digest_of(7)};
    for (const PayoutId id : state.settlement.payouts.instructed) {
      const Payout& payout = *find(state.settlement.payouts, id);
      if (payout.day > day) continue;
      file.payouts.push_back(id);
      file.total.minor += payout.amount.minor;
    }
    return ask(file);
  }
  ImportStatement statement(std::uint8_t digest, std::int64_t opening,
                            std::vector<StatementEntry> entries) const {
    std::int64_t closing = opening;
    for (const StatementEntry& entry : entries) closing += entry.minor;
    return {processor, digest_of(digest), 0, {}, yen(opening), yen(closing), std::move(entries)};
  }
};

// 2 June 2025, 09:00 in Tokyo. Calendar and fees are published; nobody has a bank account yet.
inline SettlementWorld settlement_world() {
  SettlementWorld world;
  world.now = at_time({2025, 6, 2}, 9);
  world.ask(PublishPolicy{test_policy()});
  world.om = {world.add(RegisterOperator{"OM"})};
  world.kr = {world.add(RegisterOperator{"KR"})};
  world.cb = {world.add(RegisterOperator{"CB"})};
  world.m1 = {world.add(RegisterMerchant{"M1", Currency::jpy})};
  world.m2 = {world.add(RegisterMerchant{"M2", Currency::jpy})};
  world.m3 = {world.add(RegisterMerchant{"M3", Currency::jpy})};
  for (const MerchantId merchant : {world.m1, world.m2, world.m3})
    world.tills[merchant] =
        world.add_terminal("T" + std::to_string(merchant.value), Role::till, {}, {}, merchant);
  world.till = world.tills[world.m1];
  world.desk = world.add_terminal("desk", Role::operator_desk, {}, {}, {});
  world.enrolment = world.add_terminal("E1", Role::enrolment_desk, {}, {}, {});
  world.processor = world.add_terminal("P1", Role::processor, {}, {}, {});
  world.many = world.add_rider(0);
  return world;
}
inline SettlementWorld trading_world() {
  SettlementWorld world = settlement_world();
  world.ask(LoadFunds{world.many, yen(10'000'000), {}});
  world.ask(PublishSettlementCalendar{halves_of_months()});
  world.ask(PublishFeeSchedule{usual_fees()});
  world.ask(SetOwnAccount{world.desk, {}, account_of_ours()});
  world.wait_until(world.now);
  return world;
}

}  // namespace obverse
