// The evidence of every request comes back whole.
#include "ledger/wire/event_wire_people.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_people)

BOOST_AUTO_TEST_CASE(the_evidence_comes_back) { check_events<FaceRecognised>(); }

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
