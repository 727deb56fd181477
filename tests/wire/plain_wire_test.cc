// What stands in the schema as it is declared: every such kind comes back whole, and what is not as
// it should be is refused. Whole records, every kind in turn, are in event_wire_test.cc.
#include "ledger/wire/plain_wire.h"

#include <capnp/message.h>

#include "schemas/common.capnp.h"
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

BOOST_AUTO_TEST_CASE(every_event_about_who_takes_part_comes_back) {
  check_events<OperatorRegistered, MerchantRegistered, TerminalRegistered, TerminalRevoked,
               TariffPublished, SponsorRegistered>();
}

BOOST_AUTO_TEST_CASE(every_event_about_passes_and_reductions_comes_back) {
  check_events<OutOfStationInterchangeJoined, FareCapReached, PassPurchased, PassRevenueRecognised,
               PassRefunded, PassUsed, FareSponsored>();
}

BOOST_AUTO_TEST_CASE(the_greatest_tariff_comes_back) {
  Tariff tariff;
  tariff.code = Code(code_length_max, 'T');
  for (std::size_t i = 0; i < stations_max; ++i) tariff.stations.push_back("S" + std::to_string(i));
  for (std::size_t i = 0; i < tracks_max; ++i)
    tariff.tracks.push_back(
        {{static_cast<std::uint16_t>(i % 4096)}, {1}, 900, static_cast<std::int64_t>(i)});
  tariff.sections.resize(sections_max, {INT64_MAX, 240, 120});
  for (std::size_t i = 0; i < pair_fares_max; ++i)
    tariff.pair_fares.push_back({static_cast<std::uint16_t>(i), 7, 240, 120});
  const Record record = record_of(TariffPublished{{1}, tariff});
  BOOST_TEST((decode_record(encode_record(record)).value() == record));
}

BOOST_AUTO_TEST_CASE(a_list_has_a_bound) {
  Tariff tariff;
  tariff.stations.resize(wire::plain_list_max, "S");
  const std::string bytes = encode_record(record_of(TariffPublished{{1}, tariff}));
  BOOST_TEST(decode_record(bytes).has_value());
  capnp::MallocMessageBuilder message;
  auto list = message.initRoot<stored::Tariff>().initStations(wire::plain_list_max + 1);
  for (unsigned i = 0; i < list.size(); ++i) list.set(i, "S");
  Tariff out;
  const auto reader = message.getRoot<stored::Tariff>().asReader();
  BOOST_CHECK_THROW(wire::take_fields(capnp::DynamicStruct::Reader(reader), out), wire::Malformed);
}

BOOST_AUTO_TEST_CASE(a_code_that_is_no_code_is_refused) {
  std::string bytes = encode_record(record_of(OperatorRegistered{{1}, "metro"}));
  const auto place = bytes.find("metro");
  BOOST_REQUIRE(place != std::string::npos);
  bytes[place] = '\n';
  BOOST_TEST(decode_record(bytes).error().why == "code not printable");
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

// The same type on the log and in a request: each has its own fields.
BOOST_AUTO_TEST_CASE(a_type_may_stand_in_several_schemas) {
  const Money money{540, Currency::gbp};
  capnp::MallocMessageBuilder stored_message;
  capnp::MallocMessageBuilder asked_message;
  auto kept = stored_message.initRoot<stored::Money>();
  auto asked = asked_message.initRoot<rpc::Money>();
  for (int turn = 0; turn < 2; ++turn) {
    wire::put_fields(capnp::DynamicStruct::Builder(kept), money);
    wire::put_fields(capnp::DynamicStruct::Builder(asked), money);
  }
  Money back;
  wire::take_fields(capnp::DynamicStruct::Reader(asked.asReader()), back);
  BOOST_TEST((back == money));
  wire::take_fields(capnp::DynamicStruct::Reader(kept.asReader()), back);
  BOOST_TEST((back == money));
}

BOOST_AUTO_TEST_CASE(words_that_are_not_fit_to_be_shown_are_refused) {
  BOOST_CHECK_THROW(wire::label("a\nb"), wire::Malformed);
  BOOST_TEST(wire::label("ﾏﾂﾓﾄ").utf8 == "ﾏﾂﾓﾄ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
