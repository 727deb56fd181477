#include "ledger/rules/money/funding.h"

#include <utility>

#include "ledger/model/limits.h"
#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

bool is_amount(Money amount, Currency currency) {
  return amount.currency == currency && amount.minor >= 0 && amount.minor <= amount_minor_max;
}

Outcome<void> must_be_fit(const AfterSale& view, const ReceiveSchemeFunding& asked) {
  const Currency currency = asked.gross.currency;
  if (!is_known(asked.scheme) || !is_valid_code(asked.statement))
    return std::unexpected(Refusal::code_must_be_valid);
  if (!currency_of(static_cast<std::uint16_t>(currency)))
    return std::unexpected(Refusal::currency_must_match);
  for (const Money part : {asked.gross, asked.deducted, asked.fee})
    if (!is_amount(part, currency)) return std::unexpected(Refusal::amount_must_fit);
  if (asked.gross.minor == 0 && asked.deducted.minor == 0)
    return std::unexpected(Refusal::amount_must_be_positive);
  if (view.cards.funding.received.contains({asked.scheme, asked.statement}))
    return std::unexpected(Refusal::funding_must_be_new);
  if (asked.gross.minor > balance(view.book, receivable_from(asked.scheme, currency)) ||
      asked.deducted.minor > balance(view.book, payable_to(asked.scheme, currency)))
    return std::unexpected(Refusal::funding_must_fit_receivable);
  return {};
}

}  // namespace

// More may be kept than was captured: then it is we who pay.
Decision decide(const AfterSale& view, const ReceiveSchemeFunding& command, const Moment&) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  if (const auto fit = must_be_fit(view, command); !fit) return refuse(fit.error());
  const Currency currency = command.gross.currency;
  const std::int64_t net = command.gross.minor - command.deducted.minor - command.fee.minor;
  const Account bank = bank_account(command.bank, currency);
  Entries entries;
  const auto add = [&](const Account& account, Side side, std::int64_t minor) {
    if (minor > 0) entries.push_back({account, side, minor});
  };
  add(bank, Side::debit, net);
  add(fees_of(command.scheme, currency), Side::debit, command.fee.minor);
  add(payable_to(command.scheme, currency), Side::debit, command.deducted.minor);
  add(receivable_from(command.scheme, currency), Side::credit, command.gross.minor);
  add(bank, Side::credit, -net);
  auto posted = make_posting(view.book, PostingReason::scheme_funding_received, std::move(entries));
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  return {{SchemeFundingReceived{command.scheme, command.statement, command.gross, command.deducted,
                                 command.fee, command.bank, command.desk},
           std::move(*posted)},
          Done{}};
}

void apply(Cards& cards, const SchemeFundingReceived& event) {
  cards.funding.received.insert({event.scheme, event.statement});
}

}  // namespace obverse
