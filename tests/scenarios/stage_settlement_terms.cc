// What settlement goes by: who processes it, calendars, fees, bank accounts, agreements, opening
// books. The grammar stands at the head of stage_settlement.cc.
#include <algorithm>
#include <stdexcept>

#include "tests/scenarios/stage.h"
#include "tests/scenarios/words.h"

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

std::int64_t amount_after(const Words& words, std::string_view key) {
  const std::string word = after(words, key);
  return word.empty() ? 0 : read_amount(word);
}

// BANK NAME BRANCH NAME TYPE NUMBER HOLDER
PayoutAccount account_from(const Line& line, std::size_t at) {
  const Words& w = line.words;
  if (w.size() < at + 7) throw std::runtime_error(line.where + ": cannot read the account");
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint32_t>(read_amount(w[at + i]));
  };
  return {number(0),
          {w[at + 1]},
          number(2),
          {w[at + 3]},
          w[at + 4] == "current" ? BankAccountType::current : BankAccountType::ordinary,
          number(5),
          {w[at + 6]}};
}

FeeSchedule fees_from(const Line& line, Party payee, Instant from) {
  FeeSchedule schedule;
  schedule.payee = payee;
  schedule.effective_from = from;
  for (const Words& row : line.below) {
    const auto rate = [&](std::string_view key) {
      return static_cast<std::uint32_t>(amount_after(row, key));
    };
    if (row[0] == "payout") {
      schedule.payout_fee_minor = amount_after(row, "payout");
      schedule.payout_tax_minor = amount_after(row, "tax");
      schedule.payout_minimum_minor = amount_after(row, "minimum");
    } else {
      const TenderKind kind = row[0] == "scheme" ? TenderKind::scheme : TenderKind::wallet;
      schedule.tenders.push_back({{kind, 0}, rate(row[0]), rate("reserve")});
      if (!after(row, "days").empty()) schedule.reserve_days = rate("days");
    }
  }
  return schedule;
}

SettlementCalendar calendar_from(const Line& line, Instant from) {
  SettlementCalendar calendar;
  calendar.effective_from = from;
  for (const Words& row : line.below) {
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[0] == "windows")
        calendar.last_days.push_back(static_cast<std::uint8_t>(read_amount(row[i])));
      if (row[0] == "holidays") calendar.holidays.push_back(day_in(line, row[i]));
    }
  }
  return calendar;
}

SafeguardingTerms safeguarding_from(const Line& line) {
  SafeguardingTerms terms;
  terms.threshold_minor = amount_after(line.words, "above");
  for (const Words& row : line.below) {
    unsigned month = 0;
    unsigned day = 0;
    if (std::sscanf(row.at(0).c_str(), "%u-%u", &month, &day) != 2)
      throw std::runtime_error(line.where + ": no such base day");
    terms.base_days.push_back({static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)});
  }
  return terms;
}

}  // namespace

Party Stage::payee(const Line& line, const std::string& name) const {
  if (name == "everyone") return {};
  if (const auto shop = merchants_.find(name); shop != merchants_.end())
    return party_of(shop->second);
  if (const auto transit = operators_.find(name); transit != operators_.end())
    return party_of(transit->second);
  throw std::runtime_error(line.where + ": nobody called " + name);
}

// "2010.Wallet:alice" back into what it stands for.
Account Stage::account_named(const Line& line, const std::string& text) const {
  const auto chart = static_cast<Chart>(read_amount(text.substr(0, 4)));
  const auto colon = text.find(':');
  const std::string owner = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (owner.empty() || owner == "settle" || owner == "deposit") return {chart, 0, Currency::jpy};
  if (const auto person = riders_.find(owner); person != riders_.end())
    return {chart, person->second.value, Currency::jpy};
  if (chart == Chart::payout_in_transit) return in_transit_to(payee(line, owner), Currency::jpy);
  return {chart, payee(line, owner).id, Currency::jpy};
}

Entries Stage::entries_below(const Line& line) const {
  Entries entries;
  for (const Words& row : line.below)
    entries.push_back({account_named(line, row.at(0)),
                       row.at(1) == "DR" ? Side::debit : Side::credit, read_amount(row.at(2))});
  return entries;
}

bool Stage::settlement_terms(const Line& line) {
  const auto& w = line.words;
  const std::size_t size = w.size();
  if (w[0] == "processor" && size == 2) {
    Digest certificate;
    certificate.bytes[0] = ++certificates_;
    certificate.bytes[1] = 1;
    terminals_[w[1]] = {static_cast<std::uint32_t>(
        must_register(line, RegisterTerminal{w[1], Role::processor, {}, {}, {}, certificate}))};
  } else if (w[0] == "calendar" && size == 4) {  // calendar from DATE TIME
    must_register(line, PublishSettlementCalendar{calendar_from(line, instant(w[2], w[3]))});
  } else if (w[0] == "fees" && size == 6) {  // fees of WHOM from DATE TIME
    must_register(line,
                  PublishFeeSchedule{fees_from(line, payee(line, w[2]), instant(w[4], w[5]))});
  } else if (w[0] == "safeguarding" && size == 3) {  // safeguarding above AMOUNT
    must_register(line, PublishSafeguardingTerms{safeguarding_from(line)});
  } else if (w[0] == "agreement" && size == 8) {  // agreement CODE of OM on PRODUCT from DATE TIME
    Agreement agreement{w[1], operators_.at(w[3]), w[5], {}, {}};
    agreement.effective_from = instant(w[7], "00:00");
    for (const Words& row : line.below)
      agreement.shares.push_back(
          {operators_.at(row.at(0)), static_cast<std::uint32_t>(read_amount(row.at(1)))});
    must_register(line, PublishAgreement{agreement});
  } else {
    return settlement_desk(line);
  }
  return true;
}

bool Stage::settlement_desk(const Line& line) {
  const auto& w = line.words;
  const std::size_t size = w.size();
  if (w[0] == "our" && w[1] == "account") {  // our account is ... as ORIGINATOR
    OwnAccount own{static_cast<std::uint64_t>(amount_after(w, "as")), account_from(line, 3)};
    as_terminal(line, "desk", SetOwnAccount{terminals_.at("desk"), {}, own});
  } else if (size == 11 && w[1] == "is" && w[2] == "paid") {  // M1 is paid to ...
    as_terminal(line, "desk",
                SetPayoutAccount{terminals_.at("desk"), payee(line, w[0]), account_from(line, 4)});
  } else if (w[0] == "desk" && w[1] == "opens") {
    as_terminal(line, "desk", OpenBooks{terminals_.at("desk"), entries_below(line)});
  } else if (size == 9 && w[1] == "had" && w[2] == "sent") {
    // desk had sent AMOUNT to M1 as REFERENCE on DATE
    const Money amount{read_amount(w[3]), Currency::jpy};
    as_terminal(
        line, "desk",
        MigratePayout{
            terminals_.at("desk"), payee(line, w[5]), amount, {w[7]}, {}, day_in(line, w[8])});
  } else if (size == 5 && w[0] == "desk" && w[1] == "puts") {  // desk puts AMOUNT on deposit
    as_terminal(line, "desk",
                AdjustSafeguardingDeposit{
                    terminals_.at("desk"), 0, {}, {read_amount(w[2]), Currency::jpy}});
  } else {
    return false;
  }
  return true;
}

}  // namespace obverse::scenarios
