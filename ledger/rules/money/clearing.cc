#include "ledger/rules/money/clearing.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/model/limits.h"
#include "ledger/rules/money/rates.h"
#include "ledger/rules/money/settlement.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

bool are_registered(const Parties& parties, const Agreement& agreement) {
  return find(parties, agreement.collector) != nullptr &&
         std::ranges::all_of(agreement.shares, [&](const Share& share) {
           return find(parties, share.transit) != nullptr;
         });
}

std::vector<ApportionedPart> parts_of(const Agreement& agreement, std::int64_t total) {
  std::vector<std::uint32_t> weights;
  for (const Share& share : agreement.shares) weights.push_back(share.weight);
  const auto amounts = divide(total, weights);
  std::vector<ApportionedPart> parts;
  for (std::size_t i = 0; i < amounts.size(); ++i)
    parts.push_back({agreement.shares[i].transit, amounts[i]});
  return parts;
}

// From the collector to everybody else who has a part.
Entries entries_of(OperatorId collector, const std::vector<ApportionedPart>& parts,
                   Currency currency) {
  Entries entries;
  std::int64_t owed = 0;
  for (const ApportionedPart& part : parts) {
    if (part.transit == collector || part.minor == 0) continue;
    entries.push_back({payable_to(part.transit, currency), Side::credit, part.minor});
    owed += part.minor;
  }
  if (owed > 0)
    entries.insert(entries.begin(), {payable_to(collector, currency), Side::debit, owed});
  return entries;
}

// The claims of a window are named in one event, which has its bound.
bool has_room(const Windows& windows) {
  const auto room = [&](const std::optional<WindowId>& id) {
    return !id || find(windows, *id)->lines.claims.size() + shares_max <= claims_max;
  };
  return room(windows.open) && room(windows.late) &&
         windows.before_the_first.claims.size() + shares_max <= claims_max;
}

void add_bilateral(NetPositionComputed& computed,
                   const std::map<OperatorClaim, std::int64_t>& claims) {
  for (const auto& [claim, minor] : claims) {
    if (claim.currency != computed.currency) continue;
    const auto against = claims.find({claim.currency, claim.creditor, claim.debtor});
    const std::int64_t back = against == claims.end() ? 0 : against->second;
    if (minor > back) computed.bilateral.push_back({claim.debtor, claim.creditor, minor - back});
  }
}

}  // namespace

AgreementVersion agreement_at(const Clearing& clearing, OperatorId collector, const Code& product,
                              Instant at) {
  const auto found = clearing.products.find({collector, product});
  if (found == clearing.products.end()) return {};
  AgreementVersion last;
  for (const AgreementVersion version : found->second)
    if (clearing.agreements[version.value - 1].effective_from <= at) last = version;
  return last;
}

std::vector<NetPositionComputed> net_positions(
    WindowId window, const std::map<OperatorClaim, std::int64_t>& claims) {
  std::map<Currency, std::map<OperatorId, std::int64_t>> nets;
  for (const auto& [claim, minor] : claims) {
    nets[claim.currency][claim.debtor] -= minor;
    nets[claim.currency][claim.creditor] += minor;
  }
  std::vector<NetPositionComputed> out;
  for (const auto& [currency, positions] : nets) {
    NetPositionComputed computed{window, currency, {}, {}};
    for (const auto& [transit, minor] : positions) computed.positions.push_back({transit, minor});
    add_bilateral(computed, claims);
    out.push_back(std::move(computed));
  }
  return out;
}

Decision decide(const SettlementView& view, const PublishAgreement& command, const Moment&) {
  const Agreement& agreement = command.agreement;
  if (!is_valid(agreement) || !is_valid_code(agreement.code) || !is_valid_code(agreement.product))
    return refuse(Refusal::settlement_terms_must_be_valid);
  if (!are_registered(view.parties, agreement)) return refuse(Refusal::operator_must_be_registered);
  const Clearing& clearing = view.settlement.clearing;
  const auto known = clearing.products.find({agreement.collector, agreement.product});
  if (known != clearing.products.end() &&
      agreement.effective_from <=
          clearing.agreements[known->second.back().value - 1].effective_from)
    return refuse(Refusal::settlement_terms_must_follow_the_last);
  // From here on it succeeds.
  const AgreementVersion version{static_cast<std::uint32_t>(clearing.agreements.size() + 1)};
  return {{AgreementPublished{version, agreement}}, Registered{version.value}};
}

Decision decide(const SettlementView& view, const ApportionFares& command, const Moment& moment) {
  if (auto may_divide = must_be_processor(view.parties, command.by); !may_divide)
    return refuse(may_divide.error());
  if (auto fit = amount_must_be_fit(command.total); !fit) return refuse(fit.error());
  if (!currency_of(static_cast<std::uint16_t>(command.total.currency)))
    return refuse(Refusal::currency_must_match);
  const Clearing& clearing = view.settlement.clearing;
  const AgreementVersion version =
      agreement_at(clearing, command.collector, command.product, moment.now);
  if (version.value == 0) return refuse(Refusal::agreement_must_be_published);
  if (!has_room(view.settlement.windows)) return refuse(Refusal::list_must_fit);
  const auto parts = parts_of(clearing.agreements[version.value - 1], command.total.minor);
  Events events{ApportionmentComputed{version, command.collector, command.total, parts}};
  const Entries entries = entries_of(command.collector, parts, command.total.currency);
  if (!entries.empty()) {
    auto posted = make_posting(view.book, PostingReason::apportionment_computed, entries);
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

Decision decide(const SettlementView& view, const ComputeNetPositions& command, const Moment&) {
  if (command.by) {
    if (auto may_net = must_be_processor(view.parties, *command.by); !may_net)
      return refuse(may_net.error());
  }
  const Window* window = find(view.settlement.windows, command.window);
  if (window == nullptr || window->state != WindowState::closed)
    return refuse(Refusal::window_must_be_closed);
  if (window->lines.claims.empty()) return refuse(Refusal::payee_must_have_takings);
  // From here on it succeeds.
  Events events;
  for (NetPositionComputed& computed : net_positions(command.window, window->lines.claims))
    events.push_back(std::move(computed));
  std::ranges::move(settled_after_clearing(view.settlement.windows, command.window),
                    std::back_inserter(events));
  return {std::move(events), Done{}};
}

void apply(Clearing& clearing, const AgreementPublished& event) {
  clearing.agreements.push_back(event.agreement);
  clearing.products[{event.agreement.collector, event.agreement.product}].push_back(event.version);
}

}  // namespace obverse
