// Every event of gates and journeys comes back whole; refusals that nobody knows are refused.
#include "ledger/wire/event_wire_places.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_places)

BOOST_AUTO_TEST_CASE(every_event_comes_back) {
  check_events<EntryValidated, EntryDenied, PassBackDetected, JourneyOpened, ExitValidated,
               ExitDenied, FareCalculated, FareCharged, JourneyClosed, JourneyIncomplete,
               MaximumFareCharged, JourneyCorrected, FareAdjusted>();
}

BOOST_AUTO_TEST_CASE(every_refusal_comes_back_and_no_other) {
  std::size_t known = 0;
  for (const Refusal refusal : all_of<Refusal>()) {
    const Record record = record_of(EntryDenied{std::nullopt, {4}, refusal});
    BOOST_TEST((decode_record(encode_record(record)).value() == record));
    ++known;
  }
  BOOST_TEST(known >= 70U);
  BOOST_TEST(refusal_of_code(record_of(EntryDenied{std::nullopt, {4}, Refusal::amount_must_fit}),
                             record_of(EntryDenied{std::nullopt, {4}, Refusal::code_must_be_new}),
                             255) == "unknown code");
  static_assert(!wire::is_named<Refusal>(255));
}

BOOST_AUTO_TEST_CASE(an_alternative_that_nobody_knows_is_refused) {
  // The tag of {none, some}: `some` with rider 0 differs from `none` in it alone.
  const Record none = record_of(ExitDenied{std::nullopt, {4}, Refusal::amount_must_fit});
  const Record some = record_of(ExitDenied{RiderId{0}, {4}, Refusal::amount_must_fit});
  BOOST_TEST(refusal_of_code(none, some, 2) == "unknown alternative");
}

BOOST_AUTO_TEST_CASE(an_instant_out_of_bounds_is_refused) {
  const auto at = [](std::int64_t ms) { return record_of(JourneyIncomplete{{1}, {ms}}); };
  std::string bytes = encode_record(at(0x1111'1111));
  const auto place = bytes.find(std::string("\x11\x11\x11\x11", 4));
  BOOST_REQUIRE(place != std::string::npos);
  bytes[place + 7] = '\x7f';  // far beyond the year 2200
  BOOST_TEST(decode_record(bytes).error().why == "instant out of bounds");
  bytes[place + 7] = '\xff';  // before 1970
  BOOST_TEST(decode_record(bytes).error().why == "instant out of bounds");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
