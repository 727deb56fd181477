// What settlement goes by: published calendars and fee schedules, and bank accounts, our own and
// those that payouts go to. A version is never changed; a later one follows.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

struct FeesOf {
  Party payee;
  Currency currency = Currency::jpy;
  friend constexpr auto operator<=>(const FeesOf&, const FeesOf&) = default;
};
// Which account is used, and which one will be, once it has cooled off.
struct AccountStanding {
  PayoutAccountId current;
  std::optional<PayoutAccountId> next;
  Instant next_from;
  friend bool operator==(const AccountStanding&, const AccountStanding&) = default;
};

struct Terms {
  std::vector<SettlementCalendar> calendars;  // a version is a place here, plus one
  std::vector<FeeSchedule> schedules;
  std::map<FeesOf, std::vector<FeeScheduleVersion>> fees;  // rising by effective date
  std::map<PayoutAccountId, PayoutAccount> accounts;
  std::map<Party, AccountStanding> standings;
  std::map<BankId, OwnAccount> own;
  friend bool operator==(const Terms&, const Terms&) = default;
};

// In force at an instant; the version is 0 where none is.
CalendarVersion calendar_at(const Terms&, Instant);
const SettlementCalendar& calendar(const Terms&, CalendarVersion);  // of a known version
// The payee's own, or for merchants that of everyone.
FeeScheduleVersion schedule_at(const Terms&, const Party& payee, Currency, Instant);
// A row of its own, or that of every scheme; free where there is none.
TenderFee fee_of(const FeeSchedule&, const TenderClass&);
std::optional<PayoutAccountId> payout_account(const Terms&, const Party&, Instant);

bool is_registered(const Parties&, const Party&);  // a merchant or an operator
// A processor, or a processor or an operator desk, that is registered and not revoked.
Outcome<void> must_be_processor(const Parties&, TerminalId);
Outcome<void> must_be_processor_or_desk(const Parties&, TerminalId);

Decision decide(const Terms&, const Parties&, const PublishSettlementCalendar&, const Moment&);
Decision decide(const Terms&, const Parties&, const PublishFeeSchedule&, const Moment&);
Decision decide(const Terms&, const Parties&, const SetOwnAccount&, const Moment&);
Decision decide(const Terms&, const Parties&, const SetPayoutAccount&, const Moment&);

void apply(Terms&, const SettlementCalendarPublished&);
void apply(Terms&, const FeeSchedulePublished&);
void apply(Terms&, const OwnAccountSet&);
void apply(Terms&, const PayoutAccountSet&);

}  // namespace obverse
