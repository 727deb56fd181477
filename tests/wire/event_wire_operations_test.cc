// Every event about who takes part comes back whole, tariffs and policies with all they hold.
#include "ledger/wire/event_wire_operations.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_operations)

BOOST_AUTO_TEST_CASE(every_event_comes_back) {
  check_events<OperatorRegistered, MerchantRegistered, TerminalRegistered, TerminalRevoked,
               TariffPublished, PolicyPublished>();
}

BOOST_AUTO_TEST_CASE(the_greatest_tariff_comes_back) {
  Tariff tariff;
  tariff.code = Code(code_length_max, 'T');
  for (std::size_t i = 0; i < stations_max; ++i) tariff.stations.push_back("S" + std::to_string(i));
  for (std::size_t i = 0; i < tracks_max; ++i)
    tariff.tracks.push_back(
        {{static_cast<std::uint16_t>(i % 4096)}, {1}, 900, static_cast<std::int64_t>(i)});
  tariff.sections.resize(sections_max, {INT64_MAX, 240, 120});
  const Record record = record_of(TariffPublished{{1}, tariff});
  BOOST_TEST((decode_record(encode_record(record)).value() == record));
}

BOOST_AUTO_TEST_CASE(a_code_that_is_no_code_is_refused) {
  std::string bytes = encode_record(record_of(OperatorRegistered{{1}, "metro"}));
  const auto place = bytes.find("metro");
  BOOST_REQUIRE(place != std::string::npos);
  bytes[place] = '\n';
  BOOST_TEST(decode_record(bytes).error().why == "code not printable");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
