// At the tills: authorise, capture, void, reverse, refund (S16, S18-S20).
#include "ledger/model/limits.h"
#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

std::string sale(std::uint64_t id) { return "sale " + std::to_string(id); }

Trouble ask_amount(Money amount) {
  Trouble trouble;
  trouble.if_not(amount.minor > 0, sensible, Refusal::amount_must_be_positive);
  trouble.if_not(amount.minor <= amount_minor_max, sensible, Refusal::amount_must_fit);
  return trouble;
}

struct Wanted {
  TerminalId terminal;
  Presence presence;
  Money amount;
  std::optional<StepUpId> step_up;
  bool at_once = true;
};

std::int64_t local_day(const Policy& policy, Instant now) {
  return day_number(now, policy.day_offset, {});
}

// Is the PIN that was asked for given here, for this, and soon enough?
bool is_bound(const Books& books, const Case& at, const Wanted& wanted, const StepUp& step_up,
              RiderId rider, MerchantId merchant) {
  return books.broken("step_up_is_not_bound") ||
         (step_up.rider == rider && step_up.terminal == wanted.terminal &&
          step_up.merchant == merchant && step_up.amount == wanted.amount &&
          at.now <= step_up.expires);
}

struct Sold {
  RiderId rider;
  MerchantId merchant;
  std::int64_t day = 0;
  bool face_only = false;
};

void sell(Books& now, const Case& at, const Wanted& wanted, const Sold& sold) {
  const std::uint64_t id = at.position;
  const std::int64_t minor = wanted.amount.minor;
  const Currency currency = wanted.amount.currency;
  now.purchases[id] = {*at.attempt, sold.merchant, sold.rider,       minor,          0,       0,
                       0,           currency,      Sale::authorised, sold.face_only, sold.day};
  now.sold_by[*at.attempt] = id;
  now.did(sale(id), minor);
  if (sold.face_only) now.did(sale(id) + " by face alone", 1);
  if (sold.face_only) now.face_only[{sold.rider, sold.day}].push_back(id);
  if (!sold.face_only && wanted.step_up) {
    now.stepped_up[sold.rider] = id;
    now.step_ups.erase(wanted.step_up->value);
    now.did("step-up " + std::to_string(wanted.step_up->value) + " satisfied", 1);
  }
  if (!wanted.at_once) {
    now.hold(id, {sold.rider, wanted.amount, at.now + now.policy->hold_life});
    return;
  }
  now.move(wallet_of(sold.rider, currency), payable_to(sold.merchant, currency), minor);
  now.purchases[id].sale = Sale::captured;
  now.purchases[id].captured = minor;
  now.did(sale(id) + " captured", minor);
}

bool needs_step_up(const Books& books, RiderId rider, std::int64_t day, std::int64_t minor,
                   Currency currency) {
  const Policy& policy = *books.policy;
  // The limits are in the policy's currency: nothing else is known to be under them.
  if (currency != policy.currency) return true;
  const std::int64_t today = books.spent_by_face(rider, day);
  return (minor > policy.face_only_purchase_max && !books.broken("purchase_limit_ignored")) ||
         (today + minor > policy.face_only_day_max && !books.broken("day_limit_ignored"));
}

Expected ask_step_up(const Case& at, const Wanted& wanted, const Sold& sold, const Seen& who,
                     Duration life) {
  Expected expected = refuse(Refusal::step_up_must_be_done);
  expected.step_up = at.position;
  expected.otherwise = [=](Books& now, Refusal) {
    who.tell(now);
    // The one that was asked for last counts; what was asked for before it is void.
    std::erase_if(now.step_ups, [&](const auto& each) { return each.second.rider == sold.rider; });
    now.step_ups[at.position] = {sold.rider, wanted.terminal, sold.merchant, wanted.amount,
                                 at.now + life};
    now.did("step-up " + std::to_string(at.position), wanted.amount.minor);
  };
  return expected;
}

Expected expect_sale(const Books& books, const Case& at, const Wanted& wanted) {
  Trouble trouble = ask_terminal(books, wanted.terminal, Role::till);
  trouble.if_not(at.attempt.has_value(), who_asks, Refusal::attempt_must_be_given);
  trouble.if_not(books.policy.has_value(), who_asks, Refusal::policy_must_be_published);
  if (at.attempt)
    trouble.if_not(
        !books.reversed_early.contains(*at.attempt) || books.broken("early_reversals_forgotten"),
        who_asks, Refusal::attempt_must_not_be_reversed);
  if (trouble.any()) return refuse(trouble);
  Sold sold;
  sold.merchant = books.terminals.at(wanted.terminal).merchant;
  trouble.add(ask_amount(wanted.amount));
  const Seen who =
      look(books, at, wanted.presence, wanted.terminal, Purpose::payment, party_of(sold.merchant));
  trouble.add(who.trouble);
  if (trouble.any()) return refuse(trouble, who);
  sold.rider = who.rider;
  sold.day = local_day(*books.policy, at.now);
  sold.face_only = !who.with_pin;
  const Person& person = *books.person(who.rider);
  trouble.add(ask_wallet(person, wanted.amount.currency));
  trouble.if_not(wanted.amount.currency == books.merchants.at(sold.merchant).second, entitled,
                 Refusal::currency_must_match);
  if (wanted.step_up && who.with_pin) {
    const auto asked_for = books.step_ups.find(wanted.step_up->value);
    trouble.if_not(asked_for != books.step_ups.end() &&
                       is_bound(books, at, wanted, asked_for->second, who.rider, sold.merchant),
                   risk, Refusal::step_up_must_be_bound);
  }
  if (!trouble.any() && sold.face_only &&
      needs_step_up(books, who.rider, sold.day, wanted.amount.minor, wanted.amount.currency))
    return ask_step_up(at, wanted, sold, who, books.policy->step_up_life);
  const std::int64_t left =
      books.available(who.rider, wanted.amount.currency) - wanted.amount.minor;
  trouble.if_not(left >= 0, money, Refusal::funds_must_cover_amount);
  if (trouble.any()) return refuse(trouble, who);
  Reply reply = Paid{{at.position},
                     wanted.amount,
                     {books.posted(who.rider, wanted.amount.currency) - wanted.amount.minor,
                      wanted.amount.currency}};
  if (!wanted.at_once)
    reply = Authorised{{at.position}, wanted.amount, at.now + books.policy->hold_life};
  return agree(reply, [=](Books& now) {
    who.tell(now);
    sell(now, at, wanted, sold);
  });
}

struct Found {
  Trouble trouble;
  const Purchase* purchase = nullptr;
};

// A purchase named at a till of the merchant who sold.
Found find_purchase(const Books& books, TerminalId terminal, PurchaseId id) {
  Found found;
  found.trouble = ask_terminal(books, terminal, Role::till);
  const auto known = books.purchases.find(id.value);
  found.trouble.if_not(known != books.purchases.end(), entitled, Refusal::purchase_must_be_known);
  if (found.trouble.any()) return found;
  found.purchase = &known->second;
  found.trouble.if_not(known->second.merchant == books.terminals.at(terminal).merchant, credential,
                       Refusal::purchase_must_be_of_this_merchant);
  return found;
}

void ask_authorised(Trouble& trouble, const Purchase& purchase) {
  trouble.if_not(purchase.sale != Sale::reversed, entitled, Refusal::purchase_must_not_be_reversed);
  if (purchase.sale != Sale::reversed)
    trouble.if_not(purchase.sale == Sale::authorised, entitled,
                   Refusal::purchase_must_be_authorised);
}

}  // namespace

Expected expect(const Books& books, const Case& at, const Pay& asked) {
  return expect_sale(books, at,
                     {asked.terminal, asked.presence, asked.amount, asked.step_up, true});
}

Expected expect(const Books& books, const Case& at, const AuthorisePurchase& asked) {
  return expect_sale(books, at,
                     {asked.terminal, asked.presence, asked.amount, asked.step_up, false});
}

Expected expect(const Books& books, const Case&, const CapturePurchase& asked) {
  Found found = find_purchase(books, asked.terminal, asked.purchase);
  Trouble& trouble = found.trouble;
  trouble.add(ask_amount(asked.amount));
  if (found.purchase == nullptr) return refuse(trouble);
  const Purchase& purchase = *found.purchase;
  ask_authorised(trouble, purchase);
  trouble.if_not(asked.amount.currency == purchase.currency, compared,
                 Refusal::currency_must_match);
  if (purchase.sale == Sale::authorised)
    trouble.if_not(asked.amount.minor <= purchase.authorised, risk, Refusal::capture_must_fit_hold);
  if (trouble.any()) return refuse(trouble);
  const std::uint64_t id = asked.purchase.value;
  const std::int64_t minor = asked.amount.minor;
  const RiderId rider = purchase.rider;
  const Money after{books.posted(rider, purchase.currency) - minor, purchase.currency};
  return agree(Paid{asked.purchase, asked.amount, after}, [=](Books& now) {
    Purchase& sold = now.purchases.at(id);
    now.unhold(id);
    now.move(wallet_of(rider, sold.currency), payable_to(sold.merchant, sold.currency), minor);
    sold.sale = Sale::captured;
    sold.captured = minor;
    now.did(sale(id) + " captured", minor);
    now.erase_if_nothing_is_open(rider);
  });
}

Expected expect(const Books& books, const Case&, const VoidPurchase& asked) {
  Found found = find_purchase(books, asked.terminal, asked.purchase);
  if (found.purchase != nullptr) ask_authorised(found.trouble, *found.purchase);
  if (found.trouble.any()) return refuse(found.trouble);
  const std::uint64_t id = asked.purchase.value;
  return agree(Voided{asked.purchase}, [=](Books& now) {
    Purchase& sold = now.purchases.at(id);
    now.unhold(id);
    sold.sale = Sale::gone;
    now.did(sale(id) + " voided", 1);
    now.erase_if_nothing_is_open(sold.rider);
  });
}

Expected expect(const Books& books, const Case&, const ReversePurchase& asked) {
  const Trouble trouble = ask_terminal(books, asked.terminal, Role::till);
  if (trouble.any()) return refuse(trouble);
  const Attempt original{asked.terminal, asked.original};
  const auto made = books.sold_by.find(original);
  if (made == books.sold_by.end()) {
    const MerchantId merchant = books.terminals.at(asked.terminal).merchant;
    return agree(Reversed{std::nullopt, {0, books.merchants.at(merchant).second}}, [=](Books& now) {
      if (now.reversed_early.insert(original).second) now.did("reversal recorded", 1);
    });
  }
  const std::uint64_t id = made->second;
  const Purchase& purchase = books.purchases.at(id);
  const bool repeated = purchase.sale == Sale::reversed;
  std::int64_t back = 0;
  if (purchase.sale == Sale::captured) back = purchase.captured - purchase.refunded;
  if (repeated) back = purchase.returned;
  return agree(Reversed{PurchaseId{id}, {back, purchase.currency}}, [=](Books& now) {
    if (repeated) return;
    Purchase& sold = now.purchases.at(id);
    now.unhold(id);
    if (!now.broken("reversals_keep_the_money"))
      now.move(payable_to(sold.merchant, sold.currency), wallet_of(sold.rider, sold.currency),
               back);
    sold.sale = Sale::reversed;
    sold.returned = back;
    now.did(sale(id) + " reversed", 1 + back);
    now.erase_if_nothing_is_open(sold.rider);
  });
}

Expected expect(const Books& books, const Case& at, const RefundPurchase& asked) {
  Found found = find_purchase(books, asked.terminal, asked.purchase);
  Trouble& trouble = found.trouble;
  trouble.add(ask_amount(asked.amount));
  if (found.purchase == nullptr) return refuse(trouble);
  const Purchase& purchase = *found.purchase;
  trouble.if_not(purchase.sale != Sale::reversed, entitled, Refusal::purchase_must_not_be_reversed);
  if (purchase.sale != Sale::reversed)
    trouble.if_not(purchase.sale == Sale::captured, entitled, Refusal::purchase_must_be_captured);
  trouble.if_not(asked.amount.currency == purchase.currency, compared,
                 Refusal::currency_must_match);
  if (purchase.sale == Sale::captured && !books.broken("refunds_without_limit"))
    trouble.if_not(purchase.refunded + asked.amount.minor <= purchase.captured, risk,
                   Refusal::refund_must_fit_purchase);
  if (trouble.any()) return refuse(trouble);
  const std::uint64_t id = asked.purchase.value;
  const std::int64_t minor = asked.amount.minor;
  return agree(Refunded{{at.position}, asked.purchase, asked.amount}, [=](Books& now) {
    Purchase& sold = now.purchases.at(id);
    sold.refunded += minor;
    now.move(payable_to(sold.merchant, sold.currency), wallet_of(sold.rider, sold.currency), minor);
    now.did(sale(id) + " refunded", minor);
  });
}

Expected expect(const Books& books, const Case& at, const ExpireHold& asked) {
  const std::uint64_t id = asked.hold.value;
  const auto found = books.holds.find(id);
  if (found == books.holds.end()) return refuse(Refusal::hold_must_be_open);
  if (!found->second.expires || at.now < *found->second.expires)
    return refuse(Refusal::timer_must_be_due);
  return agree(Done{}, [=](Books& now) {
    const RiderId rider = now.holds.at(id).rider;
    now.unhold(id);
    now.purchases.at(id).sale = Sale::gone;
    now.did(sale(id) + " voided", 1);
    now.erase_if_nothing_is_open(rider);
  });
}

}  // namespace obverse::oracle
