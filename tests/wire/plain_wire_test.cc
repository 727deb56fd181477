// What stands in the schema as it is declared: every such kind comes back whole, and what is not as
// it should be is refused. Whole records, every kind in turn, are in event_wire_test.cc.
#include "ledger/wire/plain_wire.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(plain_wire)

BOOST_AUTO_TEST_CASE(every_event_about_people_comes_back) {
  check_events<RiderRegistered, CategoryAssigned, GuardianLinked, ConsentGranted, ConsentWithdrawn,
               FaceEnrolled, FaceSuspended, FaceReinstated, ErasureRequested, ErasureDeferred,
               FaceErased, ErasureCompleted, PinSet, PinVerified, PinFailed, PinLocked, PinReset,
               CaptureRejected, PresentationAttackDetected>();
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_refused) {
  const Record adult = record_of(RiderRegistered{{1}, Category::adult});
  const Record child = record_of(RiderRegistered{{1}, Category::child});
  BOOST_TEST(refusal_of_code(adult, child, 2) == "accepted");
  BOOST_TEST(refusal_of_code(adult, child, 200) == "unknown code");
}

BOOST_AUTO_TEST_CASE(a_kind_is_named_as_its_type) {
  BOOST_TEST(wire::name_in_schema<PinSet>() == "pinSet");
  BOOST_TEST(wire::name_in_schema<PresentationAttackDetected>() == "presentationAttackDetected");
}

BOOST_AUTO_TEST_CASE(fields_are_those_of_the_declaration) {
  const auto fields = wire::declared_fields(capnp::Schema::from<stored::ConsentGranted>());
  BOOST_REQUIRE_EQUAL(fields.size(), 5U);
  BOOST_TEST(fields[0].getProto().getName().cStr() == std::string("rider"));
  BOOST_TEST(fields[4].getProto().getName().cStr() == std::string("guardian"));
}

BOOST_AUTO_TEST_CASE(words_that_are_not_fit_to_be_shown_are_refused) {
  BOOST_CHECK_THROW(wire::label("a\nb"), wire::Malformed);
  BOOST_TEST(wire::label("ﾏﾂﾓﾄ").utf8 == "ﾏﾂﾓﾄ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
