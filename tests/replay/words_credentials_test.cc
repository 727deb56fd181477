// What an auditor reads of locks, codes and sales without network.
#include "replay/words_credentials.h"

#include <boost/test/unit_test.hpp>

#include "replay/words.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(a_twin_is_not_named) {
  const State state;
  BOOST_TEST(in_words(Event(FaceAmbiguous{{7}, 2, {}}), state) ==
             "face at terminal 7 could be any of 2: nobody was named");
  BOOST_TEST(in_words(Event(FaceAmbiguous{{7}, 2, LookalikeId{31}}), state) ==
             "face at terminal 7 could be any of 2: nobody was named, of group 31");
}

BOOST_AUTO_TEST_CASE(both_people_of_staff_are_named) {
  const State state;
  const Event granted = ManualOverrideGranted{{1}, {2}, {3}, {4}, {5}, {}};
  BOOST_TEST(in_words(granted, state) ==
             "terminal 4 and terminal 5 vouch for the person at "
             "terminal 3");
}

BOOST_AUTO_TEST_CASE(who_bears_what_is_said) {
  const State state;
  const Event accepted =
      OfflineEventAccepted{{2}, 3, {4}, {900, Currency::jpy}, 200, 300, 400, {}, {}};
  BOOST_TEST(in_words(accepted, state) ==
             "sale 3 of terminal 2 without network, 900 JPY: 200 from the wallet, 300 owed, 400 "
             "the seller's loss");
}

BOOST_AUTO_TEST_CASE(every_category_has_its_word) {
  for (const Category category : {Category::adult, Category::child, Category::infant,
                                  Category::senior, Category::disabled, Category::student})
    BOOST_TEST(in_words(category) != "somebody else");
}
