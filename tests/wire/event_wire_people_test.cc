// Every event about people comes back whole; codes that nobody knows are refused.
#include "ledger/wire/event_wire_people.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_people)

BOOST_AUTO_TEST_CASE(every_event_comes_back) {
  check_events<RiderRegistered, CategoryAssigned, GuardianLinked, ConsentGranted, ConsentWithdrawn,
               FaceEnrolled, FaceSuspended, FaceReinstated, ErasureRequested, ErasureDeferred,
               FaceErased, ErasureCompleted, PinSet, PinVerified, PinFailed, PinLocked, PinReset,
               FaceRecognised, CaptureRejected, PresentationAttackDetected>();
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_refused) {
  const Record adult = record_of(RiderRegistered{{1}, Category::adult});
  const Record child = record_of(RiderRegistered{{1}, Category::child});
  BOOST_TEST(refusal_of_code(adult, child, 2) == "accepted");
  BOOST_TEST(refusal_of_code(adult, child, 3) == "unknown code");
  BOOST_TEST(refusal_of_code(adult, child, 200) == "unknown code");
}

BOOST_AUTO_TEST_CASE(a_score_may_be_negative_or_absent) {
  Recognition evidence;
  evidence.score = -5;
  evidence.runner_up = INT32_MIN;
  for (const bool alone : {false, true}) {
    if (alone) evidence.runner_up.reset();
    const Record record = record_of(FaceRecognised{evidence});
    BOOST_TEST((decode_record(encode_record(record)).value() == record));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
