// Lines about cards: linking and choosing them, their rail, their schemes, disputes and claims.
//
//   'desk' NAME
//   'card terms' with indented lines: 'first ride' SCHEME AMOUNT | OPERATOR 'bears bad debts'
//       | OPERATOR 'is owed when charged' | 'maximum fares of' OPERATOR 'wait' N 'days'
//   NAME 'links' SCHEME 'card' CARD | NAME 'unlinks' CARD
//   NAME 'chooses' TENDER 'for' ('purchases' | 'fares')
//       TENDER: 'wallet' | 'card' CARD | 'wallet' ('then' | 'and') 'card' CARD
//   NAME 'lets load' AMOUNT 'from' CARD 'below' AMOUNT
//   'rail' ('approves' | 'declines' | 'is silent' | 'is away' | 'answers late')
//   'rail repeats itself'
//   'untold' EVENT+                 since the last `told` or `untold`, none of these
//   SCHEME 'funds' AMOUNT 'less' AMOUNT 'fee'
//   SCHEME 'charges back' AMOUNT 'of' KEY 'at' TILL
//   'desk represents'               the last chargeback
//   SCHEME 'rules for' ('merchant' | 'cardholder')
//   TILL 'refunds' AMOUNT 'of' KEY
//   DESK 'claims' KEY 'at' TILL
//   DESK ('upholds' | 'rejects') 'the claim'
//   KEY 'at' TILL 'is' ('pending' | 'captured' | 'declined' | 'reversed')
#include <algorithm>
#include <stdexcept>

#include "tests/scenarios/stage.h"

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

std::optional<Scheme> scheme_of(const std::string& word) {
  for (int number = 1; is_known(static_cast<Scheme>(number)); ++number)
    if (name(static_cast<Scheme>(number)) == word) return static_cast<Scheme>(number);
  return {};
}

Money yen(const std::string& word) { return {read_amount(word), Currency::jpy}; }

std::string standing_of(const State& state, PurchaseId id) {
  const CardSale* sale = find(state.cards.sales, id);
  if (sale == nullptr) return "nothing that a card pays";
  switch (sale->stage) {
    case CardSaleStage::pending:
      return "pending";
    case CardSaleStage::captured:
      return "captured";
    case CardSaleStage::declined:
      return "declined";
    case CardSaleStage::reversed:
      return "reversed";
  }
  return "";
}

}  // namespace

bool Stage::with_cards(const Line& line) {
  const auto& w = line.words;
  if (w[0] == "card" && w.size() == 2) {
    card_terms(line);
  } else if (w[0] == "rail") {
    rail_is(line);
  } else if (w[0] == "untold") {
    untold(line);
  } else if (w.size() == 5 && w[1] == "at" && w[3] == "is") {
    const std::string is = standing_of(house_.state(), purchase(line, w[0], w[2]));
    if (is != w[4]) problem(line, "it is " + is);
  } else {
    return owner_acts(line) || scheme_acts(line) || about_claims(line);
  }
  return true;
}

void Stage::card_terms(const Line& line) {
  CardTerms terms;
  const auto of = [&](const std::string& code) -> RideTerms& {
    const OperatorId id = operators_.at(code);
    for (RideTerms& row : terms.operators)
      if (row.transit == id) return row;
    terms.operators.emplace_back().transit = id;
    return terms.operators.back();
  };
  for (const Words& b : line.below) {
    if (b.size() == 4 && b[0] == "first")
      terms.schemes.push_back({scheme_of(b[2]).value(), read_amount(b[3])});
    else if (b.size() == 4 && b[1] == "bears")
      of(b[0]).bearer = DebtBearer::transit_operator;
    else if (b.size() == 5 && b[1] == "is")
      of(b[0]).books = FareBooks::when_charged;
    else if (b.size() == 7 && b[0] == "maximum")
      of(b[3]).maximum_waits = days(read_amount(b[5]));
    else
      throw std::runtime_error(line.where + ": cannot read the terms' lines");
  }
  must_register(line, PublishCardTerms{terms});
}

// Since the last `told` or `untold`, none of these.
void Stage::untold(const Line& line) {
  for (; told_records_ < house_.records().size(); ++told_records_)
    for (const Event& event : house_.records()[told_records_].events)
      if (std::ranges::find(line.words, name_of(event)) != line.words.end())
        problem(line, name_of(event) + " has happened");
}

void Stage::rail_is(const Line& line) {
  const auto& w = line.words;
  const std::string what = w.size() > 2 ? w[1] + " " + w[2] : w.at(1);
  using Mood = ScriptedRail::Mood;
  static const std::map<std::string, Mood> moods{{"approves", Mood::approves},
                                                 {"declines", Mood::declines},
                                                 {"is silent", Mood::silent},
                                                 {"is away", Mood::away}};
  if (const auto mood = moods.find(what); mood != moods.end()) {
    house_.rail().be(mood->second);
  } else if (what == "answers late") {
    house_.rail().answer_late();
  } else if (what == "repeats itself") {
    house_.rail().repeat_itself();
  } else {
    throw std::runtime_error(line.where + ": cannot read");
  }
  house_.serve_rail();
}

bool Stage::owner_acts(const Line& line) {
  const auto& w = line.words;
  if (w.size() < 3) return false;
  const auto card = [&](const std::string& label) { return cards_.at(label); };
  if (w[1] == "links" && w.size() == 5) {
    const RiderId owner = rider(line, w[0]);
    cards_[w[4]] = {
        must_register(line, LinkPaymentMethod{owner, scheme_of(w[2]).value(), "tok-" + w[4], {}})};
  } else if (w[1] == "unlinks") {
    must_do(line, UnlinkPaymentMethod{rider(line, w[0]), card(w[2])});
  } else if (w[1] == "chooses" && w.size() >= 5) {
    const std::string& label = w[w.size() - 3];
    std::optional<PaymentMethodId> method;
    if (label != "wallet") method = card(label);
    if (w.back() == "fares") {
      must_do(line, ChooseFareTender{rider(line, w[0]), method});
      return true;
    }
    Tender tender = method ? Tender::card : Tender::wallet;
    if (w[3] == "then") tender = Tender::wallet_then_card;
    if (w[3] == "and") tender = Tender::wallet_and_card;
    must_do(line, ChooseTender{rider(line, w[0]), tender, method});
  } else if (w[1] == "lets" && w.size() == 8) {
    must_do(line, SetAutoLoad{rider(line, w[0]), card(w[5]), yen(w[7]), yen(w[3])});
  } else {
    return false;
  }
  return true;
}

bool Stage::scheme_acts(const Line& line) {
  const auto& w = line.words;
  const TerminalId desk = terminals_.contains("desk") ? terminals_.at("desk") : TerminalId{};
  if (w[0] == "desk" && w.size() == 2 && w[1] == "represents") {
    must_do(line, RepresentChargeback{desk, chargeback_, {}});
    return true;
  }
  const auto scheme = scheme_of(w[0]);
  if (!scheme || w.size() < 4) return false;
  if (w[1] == "funds" && w.size() == 6) {
    const Code statement = "S" + std::to_string(house_.records().size());
    must_do(line, ReceiveSchemeFunding{desk, *scheme, statement, yen(w[2]), {}, yen(w[4]), {}});
  } else if (w[1] == "charges" && w.size() == 8) {
    chargeback_ = {must_register(
        line, ReceiveChargeback{desk, purchase(line, w[5], w[7]), yen(w[3]), "10.4"})};
  } else if (w[1] == "rules" && w.size() == 4) {
    must_do(line, RuleChargeback{desk, chargeback_, w[3] == "merchant"});
  } else {
    return false;
  }
  return true;
}

// What the purchase's own record holds is the evidence: it is read there.
bool Stage::about_claims(const Line& line) {
  const auto& w = line.words;
  if (w.size() < 4 || !terminals_.contains(w[0])) return false;
  const TerminalId desk = terminals_.at(w[0]);
  const Actor actor{Actor::Kind::terminal, desk};
  if (w[1] == "claims" && w.size() == 5) {
    const PurchaseId id = purchase(line, w[2], w[4]);
    Recognition evidence;
    for (const Event& event : house_.records().at(id.value - 1).events)
      if (const auto* seen = std::get_if<FaceRecognised>(&event)) evidence = seen->evidence;
    claim_ = {must_register(line, ClaimMisidentification{desk, id, evidence})};
  } else if (w[1] == "upholds") {
    act(line, {actor, desk, ApproveMisidentification{desk, claim_}, {}});
  } else if (w[1] == "rejects") {
    act(line, {actor, desk, RejectMisidentification{desk, claim_}, {}});
  } else if (w[1] == "refunds" && w.size() == 5) {
    act(line, {actor, desk, RefundPurchase{desk, purchase(line, w[4], w[0]), yen(w[2])}, {}});
  } else {
    return false;
  }
  return true;
}

PurchaseId Stage::purchase(const Line& line, const std::string& key, const std::string& till) {
  const auto& attempts = house_.state().payments.attempts;
  const auto found = attempts.find(attempt_of(terminal(line, till), key));
  if (found == attempts.end()) throw std::runtime_error(line.where + ": nothing sold as " + key);
  return found->second;
}

}  // namespace obverse::scenarios
