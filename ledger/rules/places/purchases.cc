// Tills: the terminal, the attempt, the buyer, and then the money, in this order.
#include "ledger/rules/places/purchases.h"

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Decision decline(Events events, std::optional<RiderId> rider, TerminalId till, Refusal refusal) {
  events.push_back(PurchaseDeclined{rider, till, refusal});
  return {std::move(events), Refused{refusal, {}}};
}

using Take = Decision (*)(const Payments&, const Book&, const Holds&, const Wallets&, const Policy&,
                          const Accepted&, const Sale&, const Moment&);

// What the buyer chose in advance pays; who chose nothing has a wallet.
template <class Command>
Decision take_money(const TillView& view, const Policy& policy, const Accepted& buyer,
                    const Sale& sale, const Moment& moment, Take take) {
  if (!view.cards.methods.tenders.empty()) {
    const TenderPlan plan =
        tender_plan(view.cards, view.book, view.holds, buyer.rider, sale.amount);
    if (plan.by_card > 0) {
      if (!std::is_same_v<Command, Pay>)
        return decline({}, buyer.rider, sale.terminal, Refusal::sale_must_be_captured_at_once);
      const CardTill till{view.payments, view.book, view.holds, view.cards};
      return sell_by_card(till, policy, buyer, sale, plan, moment);
    }
  }
  return take(view.payments, view.book, view.holds, view.wallets, policy, buyer, sale, moment);
}

template <class Command>
Decision sell(const TillView& view, const Command& command, const Moment& moment, Take take) {
  const auto till = may(view.parties, command.terminal, Role::till);
  if (!till) return refuse(till.error());
  const Merchant* merchant = find(view.parties, (*till)->merchant);
  if (merchant == nullptr) return refuse(Refusal::merchant_must_be_registered);
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  const auto stands = attempt_must_stand(view.payments, moment);
  if (!stands && stands.error() == Refusal::attempt_must_not_be_reversed)
    return decline({}, {}, command.terminal, stands.error());
  if (!stands) return refuse(stands.error());
  const Demand demand{command.terminal, Purpose::payment, party_of(merchant->id), false};
  Judged judged = judge(view.enrolments, **policy, command.presence, demand, moment);
  if (!judged.verdict && judged.rider)
    return decline(std::move(judged.events), judged.rider, command.terminal,
                   judged.verdict.error());
  const Sale sale{command.terminal, merchant->id, merchant->currency, command.amount,
                  command.step_up};
  const bool is_ambiguous = std::ranges::any_of(judged.events, [](const Event& event) {
    return std::holds_alternative<FaceAmbiguous>(event);
  });
  if (!judged.verdict && !is_ambiguous)
    return {std::move(judged.events), Refused{judged.verdict.error(), {}}};
  // From here on it is a matter of money.
  Decision decision =
      is_ambiguous ? ask_whoever_it_is(**policy, sale, moment)
                   : take_money<Command>(view, **policy, *judged.verdict, sale, moment, take);
  judged.events.insert(judged.events.end(), std::make_move_iterator(decision.events.begin()),
                       std::make_move_iterator(decision.events.end()));
  return {std::move(judged.events), std::move(decision.reply)};
}

}  // namespace

Decision decide(const TillView& view, const Pay& command, const Moment& moment) {
  return sell(view, command, moment, pay);
}

Decision decide(const TillView& view, const AuthorisePurchase& command, const Moment& moment) {
  return sell(view, command, moment, authorise);
}

}  // namespace obverse
