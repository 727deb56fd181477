// A small world for the tests of money: the people of ../people/world.h, and every rule of money.
// The buyer is taken as identified; who may be identified is tested with acceptance.
#pragma once

#include <set>
#include <vector>

#include "ledger/rules/money/after_sale.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/cards.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/payments.h"
#include "ledger/rules/money/wallets.h"
#include "tests/rules/people/world.h"

namespace obverse {

constexpr Money yen(std::int64_t minor) { return {minor, Currency::jpy}; }

inline AttemptKey key_of(std::uint8_t number) {
  AttemptKey key;
  key.bytes[0] = number;
  return key;
}

struct MoneyWorld {
  PeopleWorld people = people_world();
  Book book;
  Holds holds;
  Wallets wallets;
  Payments payments;
  Cards cards;
  std::set<RiderId> inside;  // have an open journey
  Events history;
  std::uint8_t next_key = 0;

  Moment moment(std::optional<Attempt> attempt = {}) const {
    return {{people.position.value + 1}, people.now, attempt};
  }

  Decision settle(Decision decision) {
    people.settle(decision);
    for (const Event& event : decision.events) {
      fold(book, event);
      fold(holds, event);
      fold(wallets, event);
      fold(payments, event);
      fold(cards, event);
      history.push_back(event);
    }
    return decision;
  }

  template <class Command>
  Decision ask(const Command& command, std::optional<Attempt> attempt = {}) {
    const HasOpenJourney has_open_journey = [this](RiderId rider) {
      return inside.contains(rider);
    };
    const AfterSale state{payments,         book,  holds,  people.parties, people.enrolments,
                          has_open_journey, cards, wallets};
    return settle(decide(state, command, moment(attempt)));
  }
  Decision ask(const OpenWallet& command) {
    return settle(decide(wallets, people.enrolments, command, moment()));
  }
  Decision ask(const LoadFunds& command) {
    return settle(decide(wallets, book, command, moment()));
  }
  Decision ask(const WithdrawConsent& command) {
    const bool open = inside.contains(command.rider) || has_open_hold(holds, command.rider);
    return settle(decide(people.enrolments, command, open, moment()));
  }

  RiderId add_rider(std::int64_t funds = 0) {
    const RiderId rider = people.add_enrolled(Purpose::payment);
    ask(OpenWallet{rider, Currency::jpy});
    if (funds > 0) ask(LoadFunds{rider, yen(funds), {}});
    return rider;
  }

  const Policy& policy() const { return **policy_in_force(people.parties); }

  // A till of merchant 1 sells; the key is a new one unless it is given.
  Sale sale(std::int64_t minor, std::optional<StepUpId> step_up = {},
            TerminalId terminal = {2}) const {
    const MerchantId merchant = find(people.parties, terminal)->merchant;
    return {terminal, merchant, Currency::jpy, yen(minor), step_up};
  }
  using Take = Decision (*)(const Payments&, const Book&, const Holds&, const Wallets&,
                            const Policy&, const Accepted&, const Sale&, const Moment&);
  Decision take(Take how, Accepted buyer, const Sale& what, std::optional<AttemptKey> key = {}) {
    const Attempt attempt{what.terminal, key ? *key : key_of(++next_key)};
    return settle(how(payments, book, holds, wallets, policy(), buyer, what, moment(attempt)));
  }
  Decision pay_by_face(RiderId rider, std::int64_t minor, std::optional<AttemptKey> key = {}) {
    return take(pay, {rider, true, false}, sale(minor), key);
  }
  Decision pay_by_pin(RiderId rider, std::int64_t minor, std::optional<StepUpId> step_up = {}) {
    return take(pay, {rider, true, true}, sale(minor, step_up));
  }
  Decision authorise_by_face(RiderId rider, std::int64_t minor,
                             std::optional<AttemptKey> key = {}) {
    return take(authorise, {rider, true, false}, sale(minor), key);
  }

  std::int64_t wallet(RiderId rider) const {
    return balance(book, wallet_of(rider, Currency::jpy));
  }
  std::int64_t free(RiderId rider) const {
    return available(book, holds, rider, Currency::jpy).minor;
  }
  std::int64_t payable(MerchantId merchant) const {
    return balance(book, payable_to(merchant, Currency::jpy));
  }
  std::int64_t face_only(RiderId rider) const {
    const std::int64_t day = day_number(people.now, policy().day_offset, {});
    return face_only_spent(payments, rider, day, Currency::jpy);
  }
};

inline PurchaseId purchase_of(const Decision& decision) {
  if (const Paid* paid = std::get_if<Paid>(&decision.reply)) return paid->purchase;
  if (const Authorised* held = std::get_if<Authorised>(&decision.reply)) return held->purchase;
  return {};
}

inline std::optional<StepUpId> step_up_of(const Decision& decision) {
  const Refused* refused = std::get_if<Refused>(&decision.reply);
  return refused ? refused->step_up : std::nullopt;
}

}  // namespace obverse
