// What settlement speaks of: windows and their calendar, fees, bank accounts, agreements between
// operators, and what a base date asks for. All of it is published or set by an event, dated, and
// never changed.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/model/account.h"
#include "ledger/model/calendar.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/label.h"
#include "ledger/model/money.h"
#include "ledger/model/party.h"

namespace obverse {

// Which days are the last of a window, every month; when it is paid; until when what came late
// still belongs to it.
struct SettlementCalendar {
  Instant effective_from;                  // of the first window that may begin under it
  std::vector<std::uint8_t> last_days;     // rising, the last is 31: the end of the month
  std::uint8_t pay_after = 2;              // business days after the window's last day
  Duration late_arrivals = hours(6);       // how long a window takes what came late
  Duration account_cooling_off = days(7);  // until a changed payout account is used
  Holidays holidays;                       // national ones
  friend bool operator==(const SettlementCalendar&, const SettlementCalendar&) = default;
};

// How the buyer paid: what a merchant's fee depends on.
enum class TenderKind : std::uint8_t { wallet = 1, scheme, other };
struct TenderClass {
  TenderKind kind = TenderKind::wallet;
  std::uint64_t scheme = 0;  // the owner of its receivable; in a fee 0 means every scheme
  friend constexpr auto operator<=>(const TenderClass&, const TenderClass&) = default;
};

// Rates are in 1/10,000.
struct TenderFee {
  TenderClass tender;
  std::uint32_t discount = 0;  // of net sales: the merchant discount rate
  std::uint32_t reserve = 0;   // of net sales, withheld
  friend bool operator==(const TenderFee&, const TenderFee&) = default;
};
struct FeeSchedule {
  Party payee;             // everyone: merchants that have none of their own
  Instant effective_from;  // for windows cut off from then on
  Currency currency = Currency::jpy;
  std::vector<TenderFee> tenders;  // rising by tender; one without a row pays nothing
  std::uint32_t reserve_days = 90;
  std::int64_t payout_fee_minor = 0;  // not asked within the same bank
  std::int64_t payout_tax_minor = 0;  // on that fee
  std::int64_t payout_minimum_minor = 0;
  friend bool operator==(const FeeSchedule&, const FeeSchedule&) = default;
};

enum class BankAccountType : std::uint8_t { ordinary = 1, current = 2, savings = 4, other = 9 };
struct PayoutAccount {
  std::uint32_t bank = 0;  // four digits
  Label bank_name;
  std::uint32_t branch = 0;  // three digits
  Label branch_name;
  BankAccountType type = BankAccountType::ordinary;
  std::uint32_t number = 0;  // seven digits
  Label holder;              // as it stands on a bank file
  friend bool operator==(const PayoutAccount&, const PayoutAccount&) = default;
};
// One of our own, payouts are sent from; its holder is the originator.
struct OwnAccount {
  std::uint64_t originator = 0;  // ten digits, given by the bank
  PayoutAccount account;
  friend bool operator==(const OwnAccount&, const OwnAccount&) = default;
};

// How a through fare of a product is divided that one operator collects.
struct Share {
  OperatorId transit;
  std::uint32_t weight = 0;
  friend bool operator==(const Share&, const Share&) = default;
};
struct Agreement {
  Code code;
  OperatorId collector;
  Code product;
  Instant effective_from;
  std::vector<Share> shares;  // rising by operator, so that a tie goes to the lower
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

struct MonthDay {
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  friend constexpr auto operator<=>(const MonthDay&, const MonthDay&) = default;
};
// Of unused prepaid value above the threshold, this part must be on deposit, by base dates.
struct SafeguardingTerms {
  Currency currency = Currency::jpy;
  std::int64_t threshold_minor = 10'000'000;
  std::uint32_t rate = 5'000;       // in 1/10,000, rounded up
  std::vector<MonthDay> base_days;  // rising: 31 March, 30 September
  friend bool operator==(const SafeguardingTerms&, const SafeguardingTerms&) = default;
};
// A base date ends when its day does.
struct BaseDate {
  std::int64_t day = 0;
  Instant ends;
  friend bool operator==(const BaseDate&, const BaseDate&) = default;
};

// A line of a bank's statement as it was read: positive is money in. What it says of people is
// used to find its payout and kept nowhere.
struct StatementEntry {
  std::int64_t minor = 0;
  std::int64_t value_day = 0;
  Label reference;  // end-to-end id, or the text that a transfer carried
  Label name;
  friend bool operator==(const StatementEntry&, const StatementEntry&) = default;
};
// By what it was found, in the order of preference.
enum class MatchKey : std::uint8_t { none = 1, reference, amount_date_payee, amount_date };
struct ImportedEntry {
  std::int64_t minor = 0;
  std::int64_t value_day = 0;
  std::optional<PayoutId> payout;
  MatchKey key = MatchKey::none;
  friend bool operator==(const ImportedEntry&, const ImportedEntry&) = default;
};
struct StatementLine {
  StatementId statement;
  std::uint32_t entry = 0;  // from 0
  friend constexpr auto operator<=>(const StatementLine&, const StatementLine&) = default;
};

// Bounds, digits, order, names that fit a bank's file.
bool is_valid(const SettlementCalendar&);
bool is_valid(const FeeSchedule&);
bool is_valid(const PayoutAccount&);
bool is_valid(const OwnAccount&);
bool is_valid(const Agreement&);
bool is_valid(const SafeguardingTerms&);

// --- the accounts of a payee, merchant or operator
Account payable_to(const Party&, Currency);
Account receivable_from(const Party&, Currency);
Account reserve_of(const Party&, Currency);
// Merchants and operators share this one: an operator's number stands above every merchant's.
Account in_transit_to(const Party&, Currency);
// Whose payable it is; nobody's if it is another account.
std::optional<Party> payee_of(const Account&);

}  // namespace obverse
