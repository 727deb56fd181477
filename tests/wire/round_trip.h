// What must hold for every type that the log keeps: it comes back whole, and the same value has the
// same bytes.
#pragma once

#include <boost/test/unit_test.hpp>

#include "ledger/wire/event_wire.h"
#include "tests/wire/made_values.h"

namespace obverse {

inline void check_comes_back(const Record& record) {
  const std::string bytes = encode_record(record);
  const auto back = decode_record(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == record);
  RC_ASSERT(encode_record(*back) == bytes);
}

template <class One>
void check_event() {
  const bool held = rc::check("an event comes back whole", [] {
    Record record;
    record.events.push_back(any<One>());
    check_comes_back(record);
  });
  BOOST_TEST(held, typeid(One).name());
}

template <class... Ones>
void check_events() {
  (check_event<Ones>(), ...);
}

template <class One>
void check_reply() {
  const bool held = rc::check("a reply comes back whole", [] {
    Record record;
    record.reply = any<One>();
    check_comes_back(record);
  });
  BOOST_TEST(held, typeid(One).name());
}

// Two records that differ in one code only, whose bytes therefore show where it stands: the code is
// made `number`, and what the reader then says is given back.
inline std::string refusal_of_code(const Record& one, const Record& other, std::uint8_t number) {
  std::string bytes = encode_record(one);
  const std::string compared = encode_record(other);
  BOOST_REQUIRE_EQUAL(bytes.size(), compared.size());
  std::size_t differ = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == compared[i]) continue;
    bytes[i] = static_cast<char>(number);
    ++differ;
  }
  BOOST_REQUIRE_EQUAL(differ, 1U);
  const auto back = decode_record(bytes);
  return back ? "accepted" : back.error().why;
}

inline Record record_of(Event event) {
  Record record;
  record.events.push_back(std::move(event));
  return record;
}

}  // namespace obverse
