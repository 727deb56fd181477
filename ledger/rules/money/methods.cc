// Linking, unlinking and expiry of cards; what their owners choose; the published terms.
#include "ledger/rules/money/methods.h"

#include <algorithm>
#include <cassert>

#include "ledger/model/card_number.h"
#include "ledger/model/limits.h"
#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

constexpr std::size_t rows_max = 256;  // of schemes, and of operators

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }
bool is_wait(Duration d) { return d > Duration{} && d <= duration_max; }

bool has_fit_durations(const CardTerms& terms) {
  return is_wait(terms.answer_within) && is_wait(terms.quiet_answer_within) &&
         terms.day_begins >= Duration{} && terms.day_begins < days(1) &&
         terms.closes_after >= Duration{} && terms.closes_after <= duration_max &&
         is_wait(terms.retry_every) && is_wait(terms.write_off_after) &&
         terms.provisional_within >= Duration{} && is_wait(terms.resolve_within) &&
         terms.provisional_within <= terms.resolve_within && is_wait(terms.represent_within) &&
         is_wait(terms.rule_within);
}

// Of each scheme and of each operator at most one row.
template <class Row, class Key>
bool are_distinct(const std::vector<Row>& rows, Key key) {
  std::set<std::remove_cvref_t<decltype(key(rows.front()))>> seen;
  return std::ranges::all_of(rows, [&](const Row& row) { return seen.insert(key(row)).second; });
}

bool has_fit_rows(const Parties& parties, const CardTerms& terms) {
  if (terms.schemes.size() > rows_max || terms.operators.size() > rows_max) return false;
  const auto is_fit_scheme = [](const SchemeTerms& row) {
    return is_known(row.scheme) && is_amount(row.first_ride_max);
  };
  const auto is_fit_operator = [&](const RideTerms& row) {
    return find(parties, row.transit) != nullptr && row.books >= FareBooks::as_debt &&
           row.books <= FareBooks::when_charged && row.bearer >= DebtBearer::programme &&
           row.bearer <= DebtBearer::transit_operator && row.maximum_waits >= Duration{} &&
           row.maximum_waits <= duration_max;
  };
  return std::ranges::all_of(terms.schemes, is_fit_scheme) &&
         std::ranges::all_of(terms.operators, is_fit_operator) &&
         are_distinct(terms.schemes, [](const SchemeTerms& row) { return row.scheme; }) &&
         are_distinct(terms.operators, [](const RideTerms& row) { return row.transit; });
}

bool is_valid(const Parties& parties, const CardTerms& terms) {
  return currency_of(static_cast<std::uint16_t>(terms.currency)).has_value() &&
         has_fit_durations(terms) && is_amount(terms.dispute_fee_minor) &&
         is_amount(terms.dispute_tax_minor) && has_fit_rows(parties, terms);
}

void no_longer_linked(Cards& cards, PaymentMethodId id) {
  const Method& method = cards.methods.known.at(id);
  cards.methods.linked.erase({method.rider, method.card});
  if (method.expires) cards.methods.due.erase({*method.expires, id});
  const auto load = cards.loads.set.find(method.rider);
  if (load != cards.loads.set.end() && load->second.method == id) cards.loads.set.erase(load);
}

}  // namespace

Outcome<const CardTerms*> card_terms_in_force(const Methods& methods) {
  if (methods.terms.empty()) return std::unexpected(Refusal::card_terms_must_be_published);
  return &methods.terms.back();
}

const RideTerms& ride_terms(const CardTerms& terms, OperatorId transit) {
  static constexpr RideTerms as_they_begin;
  const auto found = std::ranges::find(terms.operators, transit, &RideTerms::transit);
  return found == terms.operators.end() ? as_they_begin : *found;
}

std::int64_t first_ride_max(const CardTerms& terms, Scheme scheme) {
  const auto found = std::ranges::find(terms.schemes, scheme, &SchemeTerms::scheme);
  return found == terms.schemes.end() ? 0 : found->first_ride_max;
}

Outcome<const Method*> must_be_usable(const Methods& methods, RiderId rider, PaymentMethodId id,
                                      Instant now) {
  const auto known = methods.known.find(id);
  if (known == methods.known.end() || known->second.rider != rider)
    return std::unexpected(Refusal::method_must_be_linked);
  const Method& method = known->second;
  const auto linked = methods.linked.find({rider, method.card});
  if (linked == methods.linked.end() || linked->second != id)
    return std::unexpected(Refusal::method_must_be_linked);
  if (method.expires && now >= *method.expires)
    return std::unexpected(Refusal::method_must_be_linked);
  return &method;
}

const CardKey& card_of(const Methods& methods, PaymentMethodId id) {
  const auto known = methods.known.find(id);
  assert(known != methods.known.end());
  return known->second.card;
}

Decision decide(const AfterSale& view, const PublishCardTerms& command, const Moment&) {
  if (!is_valid(view.parties, command.terms)) return refuse(Refusal::card_terms_must_be_valid);
  // From here on it succeeds.
  const auto before = static_cast<std::uint32_t>(view.cards.methods.terms.size());
  const CardTermsVersion version{before + 1};
  return {{CardTermsPublished{version, command.terms}}, Registered{version.value}};
}

// The engine refuses a card's number in any words of any command; the token is looked at here once
// more, because it is where one would stand.
Decision decide(const AfterSale& view, const LinkPaymentMethod& command, const Moment& moment) {
  if (!find(view.enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  if (holds_card_number(command.token)) return refuse(Refusal::card_number_must_not_be_given);
  if (!is_known(command.scheme) || !is_valid_code(command.token))
    return refuse(Refusal::code_must_be_valid);
  if (command.expires && (*command.expires <= moment.now || *command.expires > instant_max))
    return refuse(Refusal::method_must_be_linked);
  const OwnCard own{command.rider, {command.scheme, command.token}};
  if (view.cards.methods.linked.contains(own)) return refuse(Refusal::method_must_be_new);
  // From here on it succeeds.
  const PaymentMethodId id{moment.position.value};
  return {{PaymentMethodLinked{id, command.rider, command.scheme, command.token, command.expires}},
          Registered{id.value}};
}

Decision decide(const AfterSale& view, const UnlinkPaymentMethod& command, const Moment& moment) {
  const auto method = must_be_usable(view.cards.methods, command.rider, command.method, moment.now);
  if (!method) return refuse(method.error());
  // From here on it succeeds. What it owes for rides is still asked of it.
  return {{PaymentMethodUnlinked{command.method, command.rider}}, Done{}};
}

Decision decide(const AfterSale& view, const ExpirePaymentMethod& command, const Moment& moment) {
  const auto& due = view.cards.methods.due;
  const auto known = view.cards.methods.known.find(command.method);
  if (known == view.cards.methods.known.end() || !known->second.expires ||
      !due.contains({*known->second.expires, command.method}) ||
      moment.now < *known->second.expires)
    return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  return {{PaymentMethodExpired{command.method, known->second.rider}}, Done{}};
}

Decision decide(const AfterSale& view, const ChooseTender& command, const Moment& moment) {
  if (!find(view.enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  const bool by_wallet = command.tender == Tender::wallet;
  if (!by_wallet) {
    if (!command.method) return refuse(Refusal::method_must_be_linked);
    const auto method =
        must_be_usable(view.cards.methods, command.rider, *command.method, moment.now);
    if (!method) return refuse(method.error());
    if (const auto terms = card_terms_in_force(view.cards.methods); !terms)
      return refuse(terms.error());
  }
  // From here on it succeeds.
  const auto method = by_wallet ? std::nullopt : command.method;
  return {{TenderChosen{command.rider, command.tender, method}}, Done{}};
}

Decision decide(const AfterSale& view, const ChooseFareTender& command, const Moment& moment) {
  if (!find(view.enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  if (command.method) {
    const auto method =
        must_be_usable(view.cards.methods, command.rider, *command.method, moment.now);
    if (!method) return refuse(method.error());
    if (const auto terms = card_terms_in_force(view.cards.methods); !terms)
      return refuse(terms.error());
  }
  // From here on it succeeds.
  return {{FareTenderChosen{command.rider, command.method}}, Done{}};
}

void apply(Cards& cards, const CardTermsPublished& event) {
  cards.methods.terms.push_back(event.terms);
}

void apply(Cards& cards, const PaymentMethodLinked& event) {
  const CardKey card{event.scheme, event.token};
  cards.methods.known[event.method] = {event.rider, card, event.expires};
  cards.methods.linked[{event.rider, card}] = event.method;
  if (event.expires) cards.methods.due.insert({*event.expires, event.method});
}

void apply(Cards& cards, const PaymentMethodUnlinked& event) {
  no_longer_linked(cards, event.method);
}
void apply(Cards& cards, const PaymentMethodExpired& event) {
  no_longer_linked(cards, event.method);
}

void apply(Cards& cards, const TenderChosen& event) {
  if (event.tender == Tender::wallet || !event.method)
    cards.methods.tenders.erase(event.rider);
  else
    cards.methods.tenders[event.rider] = {event.tender, *event.method};
}

void apply(Cards& cards, const FareTenderChosen& event) {
  if (event.method)
    cards.methods.fares[event.rider] = *event.method;
  else
    cards.methods.fares.erase(event.rider);
}

}  // namespace obverse
