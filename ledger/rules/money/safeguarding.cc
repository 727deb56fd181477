#include "ledger/rules/money/safeguarding.h"

#include <cassert>
#include <utility>

#include "ledger/model/limits.h"
#include "ledger/rules/money/rates.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

template <class Key>
std::int64_t amount_of(const std::map<Key, std::int64_t>& amounts, const Key& key) {
  const auto found = amounts.find(key);
  return found == amounts.end() ? 0 : found->second;
}

bool is_fit(Money amount) {
  return amount.minor != 0 && amount.minor >= -amount_minor_max &&
         amount.minor <= amount_minor_max &&
         currency_of(static_cast<std::uint16_t>(amount.currency)).has_value();
}

}  // namespace

std::int64_t requirement(const SafeguardingTerms& terms, std::int64_t unused) {
  return unused > terms.threshold_minor ? part_rounded_up(unused, terms.rate) : 0;
}

BaseDate base_date_after(const SafeguardingTerms& terms, Instant now, Duration offset) {
  assert(!terms.base_days.empty());
  for (std::int32_t year = date_of(day_number(now, offset, {})).year;; ++year) {
    for (const MonthDay& each : terms.base_days) {
      const std::int64_t day = day_of({year, each.month, each.day});
      const Instant ends = start_of(day + 1, offset);
      if (ends > now) return {day, ends};
    }
  }
}

std::int64_t on_deposit(const Book& book, Currency currency) {
  std::int64_t sum = 0;
  for (auto at = book.accounts.lower_bound({Chart::safeguard, 0, {}});
       at != book.accounts.end() && at->first.chart == Chart::safeguard; ++at)
    if (at->first.currency == currency) sum += at->second.debits - at->second.credits;
  return sum;
}

Decision decide(const SettlementView& view, const PublishSafeguardingTerms& command,
                const Moment& moment) {
  if (!is_valid(command.terms)) return refuse(Refusal::settlement_terms_must_be_valid);
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  // From here on it succeeds.
  const auto& known = view.settlement.safeguarding.terms;
  const SafeguardingVersion version{static_cast<std::uint32_t>(known.size() + 1)};
  return {{SafeguardingTermsPublished{
              version, command.terms,
              base_date_after(command.terms, moment.now, (*policy)->day_offset)}},
          Registered{version.value}};
}

Decision decide(const SettlementView& view, const AssessSafeguarding&, const Moment& moment) {
  const Safeguarding& known = view.settlement.safeguarding;
  const auto due = next_due(known);
  if (!due || moment.now < *due) return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  const SafeguardingTerms& terms = known.terms.back();
  const Currency currency = terms.currency;
  const std::int64_t unused = amount_of(known.unused, currency);
  const Duration offset = (*policy_in_force(view.parties))->day_offset;
  return {{SafeguardingRequirementComputed{{static_cast<std::uint32_t>(known.terms.size())},
                                           known.next,
                                           {unused, currency},
                                           {requirement(terms, unused), currency},
                                           {on_deposit(view.book, currency), currency},
                                           base_date_after(terms, known.next.ends, offset)}},
          Done{}};
}

Decision decide(const SettlementView& view, const AdjustSafeguardingDeposit& command,
                const Moment&) {
  if (auto may_move = must_be_processor_or_desk(view.parties, command.by); !may_move)
    return refuse(may_move.error());
  const Money amount = command.amount;
  if (!is_fit(amount)) return refuse(Refusal::amount_must_fit);
  const Account deposit{Chart::safeguard, command.instrument, amount.currency};
  const bool more = amount.minor > 0;
  if (!more) {
    const std::int64_t left = on_deposit(view.book, amount.currency) + amount.minor;
    const std::int64_t required = amount_of(view.settlement.safeguarding.required, amount.currency);
    if (left < required || balance(view.book, deposit) + amount.minor < 0)
      return refuse(Refusal::safeguarding_must_cover);
  }
  const std::int64_t minor = more ? amount.minor : -amount.minor;
  auto posted = make_posting(
      view.book, PostingReason::safeguarding_deposit_adjusted,
      {{deposit, more ? Side::debit : Side::credit, minor},
       {bank_account(command.bank, amount.currency), more ? Side::credit : Side::debit, minor}});
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  return {
      {SafeguardingDepositAdjusted{command.instrument, command.bank, amount}, std::move(*posted)},
      Done{}};
}

std::optional<Instant> next_due(const Safeguarding& known) {
  if (known.terms.empty()) return std::nullopt;
  return known.next.ends;
}

void apply(Safeguarding& known, const Posted& event) {
  for (const Entry& entry : event.entries) {
    if (entry.account.chart != Chart::wallet) continue;
    known.unused[entry.account.currency] += entry.side == Side::credit ? entry.minor : -entry.minor;
  }
}

void apply(Safeguarding& known, const SafeguardingTermsPublished& event) {
  known.terms.push_back(event.terms);
  known.next = event.next;
}

void apply(Safeguarding& known, const SafeguardingRequirementComputed& event) {
  known.required[event.required.currency] = event.required.minor;
  known.next = event.next;
}

}  // namespace obverse
