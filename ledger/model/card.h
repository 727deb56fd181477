// Cards on file: whose scheme they are of, what a rail is asked, and the published terms under
// which cards pay. Of a card the ledger knows an opaque token and nothing else: never its number.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/model/account.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"

namespace obverse {

enum class Scheme : std::uint8_t {
  visa = 1,
  mastercard,
  jcb,
  american_express,
  diners_club,
  discover,
  unionpay,
  mir,
};
std::string_view name(Scheme);  // "visa"
bool is_known(Scheme);

// What pays a purchase. The rider chooses in advance; nobody guesses at the till.
enum class Tender : std::uint8_t {
  wallet = 1,
  card,
  wallet_then_card,  // the wallet if it covers the whole, otherwise the card
  wallet_and_card,   // the wallet as far as it goes, the card for the rest
};

// The money of an authorisation moves only once it is captured; one that came too late is reversed.
enum class RailKind : std::uint8_t { authorise = 1, capture, refund, reverse };
enum class RailOutcome : std::uint8_t { approved = 1, declined, unavailable };
// What a request is for; its number is that of a purchase, an aggregation, a rider, a journey.
enum class RailCause : std::uint8_t { purchase = 1, aggregation, auto_load, fare };

struct RailRequest {
  RailKind kind = RailKind::authorise;
  RailCause cause = RailCause::purchase;
  std::uint64_t about = 0;
  RiderId rider;
  PaymentMethodId method;
  Money amount;
  std::optional<RailRequestId> original;  // the authorisation that it captures, reverses, ...
  Code approval;                          // of that authorisation, as the rail gave it
  std::optional<Instant> deadline;        // of an authorisation: an answer from here on is too late
  friend bool operator==(const RailRequest&, const RailRequest&) = default;
};

// How a transit operator stands to fares that are ridden now and charged later.
enum class FareBooks : std::uint8_t {
  as_debt = 1,   // ridden: the rider owes, the operator is owed
  when_charged,  // nothing is posted until the card has paid
};
enum class DebtBearer : std::uint8_t { programme = 1, transit_operator };

struct RideTerms {
  OperatorId transit;
  FareBooks books = FareBooks::as_debt;
  DebtBearer bearer = DebtBearer::programme;
  // A missed exit may be claimed so long before its maximum fare is charged to the card; with
  // nothing, it is charged with the other fares of its day.
  Duration maximum_waits;
  friend bool operator==(const RideTerms&, const RideTerms&) = default;
};
struct SchemeTerms {
  Scheme scheme = Scheme::visa;
  std::int64_t first_ride_max = 0;  // what the scheme answers for when a card's first rides bounce
  friend bool operator==(const SchemeTerms&, const SchemeTerms&) = default;
};

struct CardTerms {
  Currency currency = Currency::jpy;     // of the amounts below
  Duration answer_within = seconds(10);  // while somebody waits at a till
  Duration quiet_answer_within = hours(1);
  Duration day_begins = hours(3);    // of a fare day, local
  Duration closes_after = hours(4);  // after the day's end: as long as a journey may last
  std::uint8_t retries_max = 3;      // after the first time that a day's fares were declined
  Duration retry_every = days(1);
  Duration write_off_after = days(30);
  std::int64_t dispute_fee_minor = 1'500;  // of a merchant who lost, and the tax on it
  std::int64_t dispute_tax_minor = 150;
  Duration provisional_within = days(10);  // a dispute not settled by then is credited for the time
  Duration resolve_within = days(45);      // and by then it is upheld
  Duration represent_within = days(20);    // a chargeback not answered by then is lost
  Duration rule_within = days(30);         // and one answered, but not ruled on by then, is won
  std::vector<SchemeTerms> schemes;
  std::vector<RideTerms> operators;  // others: RideTerms as they begin
  friend bool operator==(const CardTerms&, const CardTerms&) = default;
};

inline Account receivable_from(Scheme scheme, Currency c) {
  return {Chart::scheme_receivable, static_cast<std::uint64_t>(scheme), c};
}
inline Account payable_to(Scheme scheme, Currency c) {
  return {Chart::scheme_payable, static_cast<std::uint64_t>(scheme), c};
}
inline Account chargebacks_of(Scheme scheme, Currency c) {
  return {Chart::chargeback_pending, static_cast<std::uint64_t>(scheme), c};
}
// What was credited to wallets while a dispute is open: no scheme's, the programme's own.
inline Account provisional_credits(Currency c) { return {Chart::chargeback_pending, 0, c}; }
inline Account fees_of(Scheme scheme, Currency c) {
  return {Chart::scheme_fee, static_cast<std::uint64_t>(scheme), c};
}
inline Account reserve_of(MerchantId merchant, Currency c) {
  return {Chart::merchant_reserve, merchant.value, c};
}
inline Account receivable_from(MerchantId merchant, Currency c) {
  return {Chart::merchant_receivable, merchant.value, c};
}
inline Account refund_owed_to(RiderId rider, Currency c) {
  return {Chart::refund_payable, rider.value, c};
}

}  // namespace obverse
