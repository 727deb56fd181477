// Policies come back whole, with a local time behind UTC too.
#include "ledger/wire/event_wire_operations.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_operations)

BOOST_AUTO_TEST_CASE(a_policy_comes_back) { check_events<PolicyPublished>(); }

BOOST_AUTO_TEST_CASE(local_time_may_be_behind) {
  Policy policy;
  policy.day_offset = {-hours(5).ms};
  const Record record = record_of(PolicyPublished{{1}, policy});
  BOOST_TEST((decode_record(encode_record(record)).value() == record));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
