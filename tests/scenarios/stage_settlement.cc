// Lines of settlement. Terms and desks (stage_settlement_terms.cc):
//   'processor' NAME
//   'calendar from' DATE TIME, below: 'windows' LAST_DAY+ | 'holidays' DATE+
//   'fees of' WHOM 'from' DATE TIME, below: ('wallet' | 'scheme') RATE ['reserve' RATE 'days' N]
//       | 'payout' AMOUNT 'tax' AMOUNT ['minimum' AMOUNT]
//   'agreement' CODE 'of' OPERATOR 'on' PRODUCT 'from' DATE, below: OPERATOR WEIGHT
//   'safeguarding above' AMOUNT, below: MONTH-DAY
//   'our account is' ACCOUNT 'as' ORIGINATOR | PAYEE 'is paid to' ACCOUNT
//       ACCOUNT: BANK NAME BRANCH NAME ('ordinary' | 'current') NUMBER HOLDER
//   'desk opens the books', below: ACCOUNT ('DR' | 'CR') AMOUNT
//   'desk had sent' AMOUNT 'to' PAYEE 'as' REFERENCE DATE | 'desk puts' AMOUNT 'on deposit'
// Processors, and what comes of it:
//   PROCESSOR 'closes the window' | PROCESSOR 'makes file' NAME 'for' DATE
//   PROCESSOR 'imports' NAME 'from' AMOUNT 'to' AMOUNT, below:
//       ('out' | 'in') AMOUNT DATE ['as' REFERENCE] ['of' HOLDER]
//   ('desk' | PROCESSOR) 'explains' N 'of' STATEMENT 'by' ACCOUNT
//   PROCESSOR 'divides' AMOUNT PRODUCT 'of' OPERATOR
//   TILL 'refunds' AMOUNT 'of' KEY
//   'file' NAME 'has' N 'bytes' HASH ['with line ends']
//   'required' AMOUNT 'of' AMOUNT 'on' DATE          at the last base date
//   'net positions', below: OPERATOR ('gets' | 'gives') AMOUNT
#include <algorithm>
#include <stdexcept>

#include "ledger/rails/transfers.h"
#include "ledger/vault/sha256.h"
#include "tests/scenarios/stage.h"
#include "tests/scenarios/words.h"

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

// What is due by a day and in no file yet, as its bank takes it.
rails::TransferFile file_of(const Settlement& settlement, std::int64_t day,
                            std::vector<PayoutId>& payouts) {
  rails::TransferFile file{settlement.terms.own.at({}), day, {}, 0};
  for (const PayoutId id : settlement.payouts.instructed) {
    const Payout& payout = *find(settlement.payouts, id);
    if (payout.day > day) continue;
    file.transfers.push_back(
        {settlement.terms.accounts.at(payout.account), payout.amount.minor, payout.reference});
    file.total_minor += payout.amount.minor;
    payouts.push_back(id);
  }
  return file;
}

Holidays holidays_of(const Settlement& settlement, Instant now) {
  const CalendarVersion version = calendar_at(settlement.terms, now);
  return version.value == 0 ? Holidays{} : calendar(settlement.terms, version).holidays;
}

}  // namespace

bool Stage::settles(const Line& line) {
  if (line.words.size() < 2) return false;
  return captured_before(line) || settlement_terms(line) || processor_acts(line) ||
         about_files(line);
}

// The line without these words, by a terminal whose clock says something else.
bool Stage::captured_before(const Line& line) {
  const auto& w = line.words;
  const auto found = std::ranges::find(w, "captured");
  if (found == w.end() || w.end() - found != 3) return false;
  house_.capture_next_at(instant(found[1], found[2]));
  Line without = line;
  without.words.assign(w.begin(), found);
  play(without);
  return true;
}

void Stage::as_terminal(const Line& line, const std::string& name, Command command) {
  const TerminalId by = terminal(line, name);
  act(line, {{Actor::Kind::terminal, by}, by, std::move(command), {}});
}

bool Stage::processor_acts(const Line& line) {
  const auto& w = line.words;
  const std::size_t size = w.size();
  if (w[1] == "closes" && size == 4) {
    as_terminal(
        line, w[0],
        CloseSettlementWindow{terminal(line, w[0]), *house_.state().settlement.windows.open});
  } else if (w[1] == "makes" && size == 6) {
    produce_file(line);
  } else if (w[1] == "imports" && size == 7) {
    import_statement(line);
  } else if (w[1] == "explains" && size == 7) {  // desk explains N of S1 by ACCOUNT
    const StatementLine entry{statements_.at(w[4]),
                              static_cast<std::uint32_t>(read_amount(w[2]) - 1)};
    as_terminal(line, w[0],
                ResolveBreak{terminal(line, w[0]), entry, {}, account_named(line, w[6])});
  } else if (w[1] == "divides" && size == 6) {
    as_terminal(
        line, w[0],
        ApportionFares{
            terminal(line, w[0]), operators_.at(w[5]), w[3], {read_amount(w[2]), Currency::jpy}});
  } else if (w[1] == "refunds" && size == 5) {
    const TerminalId till = terminal(line, w[0]);
    const Attempt original = attempt_of(till, w[4]);
    const PurchaseId purchase = house_.state().payments.attempts.at(original);
    as_terminal(line, w[0], RefundPurchase{till, purchase, {read_amount(w[2]), Currency::jpy}});
  } else {
    return false;
  }
  return true;
}

// The file is made before anybody is asked, as a server would; its digest is what is decided on.
void Stage::produce_file(const Line& line) {
  const auto& w = line.words;  // P1 makes file F1 for DATE
  ProducePayoutFile wish{terminal(line, w[0]), w[3], {}, day_in(line, w[5]), {},
                         {0, Currency::jpy},   {}};
  const Settlement& settlement = house_.state().settlement;
  const rails::TransferFile file = file_of(settlement, wish.day, wish.payouts);
  const auto bytes =
      rails::write_transfers(file, holidays_of(settlement, house_.now()), rails::LineEnds::none);
  if (bytes) {
    files_[w[3]] = *bytes;
    wish.digest = sha256(*bytes);
  }
  wish.total.minor = file.total_minor;
  as_terminal(line, w[0], wish);
}

void Stage::import_statement(const Line& line) {
  const auto& w = line.words;  // P1 imports S1 from AMOUNT to AMOUNT
  ImportStatement wish{terminal(line, w[0]),
                       sha256(w[2]),
                       0,
                       {},
                       {read_amount(w[4]), Currency::jpy},
                       {read_amount(w[6]), Currency::jpy},
                       {}};
  for (const Words& row : line.below) {
    const std::int64_t minor = read_amount(row.at(1));
    wish.entries.push_back({row.at(0) == "out" ? -minor : minor,
                            day_in(line, row.at(2)),
                            {after(row, "as")},
                            {after(row, "of")}});
  }
  as_terminal(line, w[0], wish);
  const auto known = house_.state().settlement.reconciliation.imported.find({sha256(w[2]), 0});
  if (known != house_.state().settlement.reconciliation.imported.end())
    statements_[w[2]] = known->second;
}

bool Stage::about_files(const Line& line) {
  const auto& w = line.words;
  if (w[0] == "net" && w[1] == "positions") {
    net_positions(line);
    return true;
  }
  if (w[0] == "required" && w.size() == 6) {
    required(line);
    return true;
  }
  if (w[0] != "file" || w.size() < 6 || w[2] != "has") return false;
  std::string bytes = files_[w[1]];
  if (w.back() == "ends") {
    std::string with_ends;
    for (std::size_t at = 0; at < bytes.size(); at += rails::transfer_record_bytes)
      with_ends += bytes.substr(at, rails::transfer_record_bytes) + "\r\n";
    bytes = with_ends;
  }
  if (static_cast<std::int64_t>(bytes.size()) != read_amount(w[3]))
    problem(line, "it has " + std::to_string(bytes.size()));
  if (hex(sha256(bytes)) != w[5]) problem(line, "they are " + hex(sha256(bytes)));
  return true;
}

void Stage::required(const Line& line) {
  const auto& w = line.words;
  const SafeguardingRequirementComputed* last = nullptr;
  for (const Record& record : house_.records())
    for (const Event& event : record.events)
      if (const auto* computed = std::get_if<SafeguardingRequirementComputed>(&event))
        last = computed;
  if (last == nullptr) return problem(line, "no base date has ended");
  if (last->required.minor != read_amount(w[1]) || last->unused.minor != read_amount(w[3]) ||
      last->base.day != day_in(line, w[5]))
    problem(line, "it is " + std::to_string(last->required.minor) + " of " +
                      std::to_string(last->unused.minor));
}

// Of the last window that was netted.
void Stage::net_positions(const Line& line) {
  std::string is;
  for (const Record& record : house_.records())
    for (const Event& event : record.events)
      if (const auto* net = std::get_if<NetPositionComputed>(&event)) {
        is.clear();
        for (const NetPosition& position : net->positions)
          is += std::to_string(position.transit.value) + " " + std::to_string(position.minor) + " ";
      }
  std::string wanted;
  for (const Words& row : line.below)
    wanted += std::to_string(operators_.at(row.at(0)).value) + " " +
              (row.at(1) == "gives" ? "-" : "") + std::to_string(read_amount(row.at(2))) + " ";
  if (is != wanted) problem(line, "they are " + is);
}

}  // namespace obverse::scenarios
