// No card number comes in by any field of any command, and nothing of one that tried is kept.
#include "ledger/engine/free_text.h"

#include "tests/engine/world.h"

namespace obverse {
namespace {

// Made for tests by a scheme: it belongs to nobody.
const Code card_number = "4111-1111-1111-1111";

Recognition by_model(const Code& model) {
  Recognition seen;
  seen.model = model;
  return seen;
}

BOOST_AUTO_TEST_SUITE(free_text)

BOOST_AUTO_TEST_CASE(every_word_that_a_caller_can_send_is_looked_at) {
  Tariff tariff = town_tariff();
  tariff.stations.push_back(card_number);
  Policy policy = town_policy();
  policy.thresholds[0].model = card_number;
  const std::vector<Command> all{
      RegisterOperator{card_number},
      RegisterMerchant{card_number, Currency::jpy},
      RegisterTerminal{card_number, Role::gate, {1}, "North", {}, {}},
      RegisterTerminal{"gate", Role::gate, {1}, card_number, {}, {}},
      PublishTariff{tariff},
      PublishPolicy{policy},
      EnrolFace{{1}, {1}, card_number, 3, {}},
      CorrectJourney{{1}, card_number, {1}},
      LinkPaymentMethod{{1}, Scheme::visa, card_number, {}},
      TakeRailAnswer{{1}, RailOutcome::approved, card_number},
      ReceiveSchemeFunding{{1}, Scheme::visa, card_number, {}, {}, {}, {}},
      ReceiveChargeback{{1}, {1}, {}, card_number},
      ClaimMisidentification{{1}, {1}, by_model(card_number)},
  };
  for (const Command& command : all) BOOST_TEST(says_card_number(command), command.index());
  tariff = town_tariff();
  tariff.code = "4111111111111111";
  BOOST_TEST(says_card_number(PublishTariff{tariff}));
}

BOOST_AUTO_TEST_CASE(other_words_pass) {
  for (const Command& command : founding(2)) BOOST_TEST(!says_card_number(command));
  BOOST_TEST(!says_card_number(LinkPaymentMethod{{1}, Scheme::visa, "tok-1", {}}));
}

// Not even the digest of what was asked is kept: of so few numbers it would be found by trying.
BOOST_AUTO_TEST_CASE(nothing_is_kept_of_it_also_under_an_attempt_key) {
  Town town;
  town.found(1);
  const Position before = town.ledger().head().position;
  const Command telling = LinkPaymentMethod{{1}, Scheme::visa, card_number, {}};
  for (int again = 0; again < 2; ++again) {
    const Answer answer = town.ask(telling, attempt_at(desk, 1));
    BOOST_TEST((refusal_of(answer) == Refusal::card_number_must_not_be_given));
    BOOST_TEST(!answer.repeated);
  }
  BOOST_TEST((town.ledger().head().position == before));
  // The key is as good as new.
  const Answer linked =
      town.ask(LinkPaymentMethod{{1}, Scheme::visa, "tok-1", {}}, attempt_at(desk, 1));
  BOOST_TEST(std::holds_alternative<Registered>(linked.reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
