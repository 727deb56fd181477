// What auditors read of cards says what was done, by how much, and why not.
#include "replay/words_cards.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

namespace {

bool says(const std::string& words, const char* part) {
  return words.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_card_is_named_by_its_scheme_and_number_and_never_by_its_token) {
  const std::string linked =
      CardWords()(PaymentMethodLinked{{7}, {1}, Scheme::visa, "tok-secret", {}});
  BOOST_TEST(linked == "visa card linked, number 7");
  BOOST_TEST(!says(linked, "tok-secret"));
}

BOOST_AUTO_TEST_CASE(choices_are_said_in_words) {
  const CardWords words;
  BOOST_TEST(words(TenderChosen{{1}, Tender::wallet, {}}) == "purchases are paid by wallet");
  BOOST_TEST(says(words(TenderChosen{{1}, Tender::card, PaymentMethodId{3}}), "card 3"));
  BOOST_TEST(says(words(TenderChosen{{1}, Tender::wallet_then_card, PaymentMethodId{3}}),
                  "does not suffice"));
  BOOST_TEST(says(words(TenderChosen{{1}, Tender::wallet_and_card, PaymentMethodId{3}}),
                  "the rest by card 3"));
  BOOST_TEST(words(FareTenderChosen{{1}, {}}) == "fares are paid from the wallet");
}

BOOST_AUTO_TEST_CASE(rails_and_refusals_are_said_in_words) {
  const CardWords words;
  RailRequest what;
  what.kind = RailKind::reverse;
  what.method = {3};
  what.amount = {540, Currency::jpy};
  BOOST_TEST(words(RailRequested{{9}, what}) ==
             "the rail is asked, request 9: reverse 540 JPY on card 3");
  BOOST_TEST(says(words(RailAnswered{{9}, RailOutcome::unavailable, {}}), "unavailable"));
  BOOST_TEST(says(words(CardChargeDeclined{{4}, {9}, Refusal::method_must_be_approved}),
                  "the card was declined"));
}
