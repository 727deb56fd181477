#include "ledger/backup/known_secrets.h"

#include <boost/test/unit_test.hpp>

#include "tests/backup/estate.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(backup_known_secrets)

BOOST_AUTO_TEST_CASE(what_the_log_never_heard_of_is_destroyed_and_nothing_else) {
  InUse own;
  own.live(4);
  for (const std::uint64_t rider : {1U, 2U, 3U}) own.keep_face(rider);
  own.vault->keep_face(RiderId{1}, FaceVersion{2}, std::vector<std::byte>(300));
  own.vault->keep_pin(RiderId{1}, PinVersion{1}, "2468");
  own.vault->keep_pin(RiderId{2}, PinVersion{1}, "2468");
  auto known = KnownSecrets::of(*own.log);
  BOOST_REQUIRE(known.has_value());
  Record record;
  record.events.push_back(PinSet{RiderId{1}, PinVersion{1}});
  known->learn(record);
  BOOST_TEST(known->destroy_unknown(*own.vault) == 3U);
  const std::vector<std::pair<RiderId, FaceVersion>> faces{{RiderId{1}, FaceVersion{1}},
                                                           {RiderId{2}, FaceVersion{1}}};
  BOOST_TEST((own.vault->faces() == faces));
  BOOST_TEST(own.vault->pins().size() == 1U);
  BOOST_TEST(known->destroy_unknown(*own.vault) == 0U);
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_no_record_is_named) {
  InUse own;
  own.live(3);
  const NewEntry strange{"strange", {}};
  BOOST_REQUIRE((own.log->append(own.head, {&strange, 1}) == Appended::committed));
  const auto known = KnownSecrets::of(*own.log);
  BOOST_REQUIRE(!known.has_value());
  BOOST_TEST(known.error().value == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
