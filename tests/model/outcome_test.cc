// Every refusal has its name, its reason, a cause and a way out.
#include "ledger/model/outcome.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(every_refusal_is_explained_in_words_of_its_own) {
  std::set<std::string_view> names;
  constexpr int last = static_cast<int>(Refusal::second_person_must_decide);
  for (int number = 1; number <= last; ++number) {
    const Explanation& each = explain(static_cast<Refusal>(number));
    BOOST_TEST(static_cast<int>(each.refusal) == number);
    BOOST_TEST(names.insert(each.name).second, each.name);
    BOOST_TEST(each.cause.size() > 8u, each.name);
    BOOST_TEST(each.way_out.size() > 8u, each.name);
    BOOST_TEST(!text(each.reason).empty());
  }
}

BOOST_AUTO_TEST_CASE(reasons_are_those_of_the_closed_list) {
  BOOST_TEST(text(reason_of(Refusal::funds_must_cover_fare)) == "INSUFFICIENT_AT_EXIT");
  BOOST_TEST(text(reason_of(Refusal::attempt_must_have_same_content)) == "IDEMPOTENCY_CONFLICT");
  BOOST_TEST(text(reason_of(Refusal::consent_must_be_in_force)) == "PURPOSE_NOT_CONSENTED");
}

BOOST_AUTO_TEST_SUITE_END()
