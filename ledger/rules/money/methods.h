// Cards on file: whose they are, what their owners chose them to pay, and the published terms. A
// card is known by an opaque token; what it was asked to pay is in rails.h.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"

namespace obverse {

struct AfterSale;
struct Cards;

// One piece of plastic, whoever has linked it.
struct CardKey {
  Scheme scheme = Scheme::visa;
  Code token;
  friend auto operator<=>(const CardKey&, const CardKey&) = default;
};
struct Method {
  RiderId rider;
  CardKey card;
  std::optional<Instant> expires;
  friend bool operator==(const Method&, const Method&) = default;
};
struct OwnCard {
  RiderId rider;
  CardKey card;
  friend auto operator<=>(const OwnCard&, const OwnCard&) = default;
};
struct Choice {
  Tender tender = Tender::wallet;
  PaymentMethodId method;
  friend bool operator==(const Choice&, const Choice&) = default;
};
struct MethodDue {
  Instant at;
  PaymentMethodId method;
  friend constexpr auto operator<=>(const MethodDue&, const MethodDue&) = default;
};

struct Methods {
  std::vector<CardTerms> terms;               // the last ones are in force
  std::map<PaymentMethodId, Method> known;    // unlinked ones too: they may be owed a refund
  std::map<OwnCard, PaymentMethodId> linked;  // that may pay
  std::map<RiderId, Choice> tenders;          // of who chose another than the wallet
  std::map<RiderId, PaymentMethodId> fares;   // who rides now and pays later
  std::set<CardKey> ridden;                   // no later ride of these is a first one
  std::set<MethodDue> due;
  friend bool operator==(const Methods&, const Methods&) = default;
};

Outcome<const CardTerms*> card_terms_in_force(const Methods&);  // card_terms_must_be_published
const RideTerms& ride_terms(const CardTerms&, OperatorId);  // as they begin, where none are named
std::int64_t first_ride_max(const CardTerms&, Scheme);      // 0 where none is named

// method_must_be_linked, unless this card is the rider's, linked, and not expired at `now`.
Outcome<const Method*> must_be_usable(const Methods&, RiderId, PaymentMethodId, Instant now);
const CardKey& card_of(const Methods&, PaymentMethodId);  // of one that was ever linked

Decision decide(const AfterSale&, const PublishCardTerms&, const Moment&);     // Registered
Decision decide(const AfterSale&, const LinkPaymentMethod&, const Moment&);    // Registered
Decision decide(const AfterSale&, const UnlinkPaymentMethod&, const Moment&);  // Done
Decision decide(const AfterSale&, const ExpirePaymentMethod&, const Moment&);  // Done
Decision decide(const AfterSale&, const ChooseTender&, const Moment&);         // Done
Decision decide(const AfterSale&, const ChooseFareTender&, const Moment&);     // Done

void apply(Cards&, const CardTermsPublished&);
void apply(Cards&, const PaymentMethodLinked&);
void apply(Cards&, const PaymentMethodUnlinked&);  // and nothing is loaded from it by itself
void apply(Cards&, const PaymentMethodExpired&);   // the same
void apply(Cards&, const TenderChosen&);
void apply(Cards&, const FareTenderChosen&);

}  // namespace obverse
