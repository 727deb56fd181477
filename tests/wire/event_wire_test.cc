// Whole records: back as they were, one spelling each, nothing believed that this build would not
// write, and the bytes of version 1 for ever.
#include "ledger/wire/event_wire.h"

#include <cstdlib>
#include <fstream>

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

constexpr const char* golden_v1 = "tests/golden/record-v1.hex";
constexpr const char* golden_file = "tests/golden/record-v2.hex";

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char each : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(each) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(each) & 15];
  }
  return out;
}

// One record a reply; all events are dealt out among them in order. Every field has a value of its
// own.
std::vector<Record> golden_records() {
  Counted source;
  std::vector<Record> out;
  const std::size_t replies = std::variant_size_v<ReplyKinds>;
  for (std::size_t i = 0; i < replies; ++i) {
    auto record = made<Record>(source);
    record.attempt = i % 2 == 0 ? std::optional<Attempt>(made<Attempt>(source)) : std::nullopt;
    record.events.clear();
    for (std::size_t event = i; event < std::variant_size_v<EventKinds>; event += replies)
      record.events.push_back(alternative<0, Event>(event, source));
    record.reply = alternative<0, Reply>(i, source);
    out.push_back(record);
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(event_wire)

BOOST_AUTO_TEST_CASE(any_record_comes_back) {
  BOOST_TEST(rc::check("a record comes back whole", [] { check_comes_back(any<Record>()); }));
}

// The checker above can fail: a record that differs in one field is not taken for the same.
BOOST_AUTO_TEST_CASE(another_record_has_other_bytes) {
  Record record;
  const std::string bytes = encode_record(record);
  record.business_date = 1;
  BOOST_TEST(encode_record(record) != bytes);
  BOOST_TEST((decode_record(bytes).value() != record));
}

BOOST_AUTO_TEST_CASE(mutated_bytes_are_refused_or_mean_exactly_what_they_say) {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  const bool held = rc::check("one change to the bytes of a record", [&] {
    std::string bytes = encode_record(any<Record>());
    for (auto left = Random().pick(2); left + 1 > 0; --left) {
      const std::size_t at = Random().pick(bytes.size() - 1);
      const auto kind = Random().pick(9);
      if (kind == 0) bytes.resize(at);
      if (kind == 1) bytes.insert(at, 8, '\0');
      if (kind > 1)
        bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << Random().pick(7)));
      if (bytes.empty() || left == 0) break;
    }
    const auto back = decode_record(bytes);
    back ? ++accepted : ++refused;
    if (back) RC_ASSERT(encode_record(*back) == bytes);
  });
  BOOST_TEST(held);
  BOOST_TEST(refused > 0U);
  BOOST_TEST(
      accepted >
      0U);  // a flipped bit of an amount is another amount: the chain hash finds that, not this
}

BOOST_AUTO_TEST_CASE(random_bytes_are_refused) {
  BOOST_TEST(rc::check("bytes that nobody wrote", [] {
    const auto raw = *rc::gen::arbitrary<std::vector<std::uint64_t>>();
    std::string bytes(reinterpret_cast<const char*>(raw.data()), raw.size() * 8);
    RC_ASSERT(!decode_record(bytes).has_value());
    bytes.push_back('x');
    RC_ASSERT(!decode_record(bytes).has_value());
  }));
}

BOOST_AUTO_TEST_CASE(an_unknown_event_is_refused) {
  const Record one = record_of(FaceReinstated{{9}});
  const Record other = record_of(ErasureRequested{{9}});
  BOOST_TEST(refusal_of_code(one, other, 250) == "unknown event");
}

BOOST_AUTO_TEST_CASE(bytes_lie_anywhere) {
  const Record record = record_of(WalletOpened{{1}, Currency::jpy});
  const std::string bytes = encode_record(record);
  const std::string shifted = "x" + bytes;
  BOOST_TEST((decode_record(std::string_view(shifted).substr(1)).value() == record));
}

BOOST_AUTO_TEST_CASE(a_field_of_a_newer_build_is_not_silently_lost) {
  std::string bytes = encode_record(Record{});
  bytes += std::string(8, '\1');
  BOOST_TEST(decode_record(bytes).error().why == "not the bytes that this build would write");
}

std::string bytes_of_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return out;
}

// Fields that version 1 did not have mean there what they meant without a word.
BOOST_AUTO_TEST_CASE(version_1_is_read_and_written_as_it_always_was) {
  std::ifstream file(golden_v1);
  std::size_t tariffs = 0;
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const std::string bytes = bytes_of_hex(line);
    const auto record = decode_record(bytes);
    BOOST_REQUIRE_MESSAGE(record, "record " << lines << " of version 1 cannot be read");
    BOOST_TEST(encode_record(*record) == bytes);
    for (const Event& event : record->events) {
      const auto* published = std::get_if<TariffPublished>(&event);
      if (published == nullptr) continue;
      ++tariffs;
      const Tariff& tariff = published->tariff;
      BOOST_TEST((tariff.pricing == Pricing::sections));
      BOOST_TEST((tariff.fare_day_start == hours(3)));
      BOOST_TEST((tariff.pass_sale_ahead == days(14)));
      BOOST_TEST((tariff.caps.empty() && tariff.passes.empty() && !tariff.sections.empty()));
    }
  }
  BOOST_TEST(lines == 14U);
  BOOST_TEST(tariffs == 1U);
}

// With OBVERSE_WRITE_GOLDEN set the file is written instead: it grows with the kinds until its
// version is released, and then another begins beside it.
BOOST_AUTO_TEST_CASE(every_kind_is_written_and_read_as_it_always_was) {
  const auto records = golden_records();
  if (std::getenv("OBVERSE_WRITE_GOLDEN") != nullptr) {
    std::ofstream out(golden_file);
    for (const Record& record : records) out << hex_of(encode_record(record)) << "\n";
  }
  std::ifstream file(golden_file);
  std::string line;
  std::size_t lines = 0;
  for (const Record& record : records) {
    BOOST_REQUIRE(std::getline(file, line));
    ++lines;
    BOOST_TEST(line == hex_of(encode_record(record)),
               "record " << lines << " has other bytes than " << golden_file
                         << ": the format of every log there is has changed");
  }
  BOOST_TEST(!std::getline(file, line));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
