#include "ledger/server/probe_memory.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/house.h"

using namespace obverse;

namespace {

constexpr TerminalId gate{3}, till{4};

// Whether that photo, shown there, is known from elsewhere.
class Shown {
 public:
  explicit Shown(ProbeMemory& memory) : memory_(memory) {}
  bool operator()(std::uint64_t person, std::uint64_t photo, TerminalId at) {
    const Template probe = quantise(mobilefacenet_512(), house::photo(person, photo)).value();
    return memory_.is_from_elsewhere(std::as_bytes(std::span(probe.values)), at);
  }

 private:
  ProbeMemory& memory_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_probe_memory)

BOOST_AUTO_TEST_CASE(a_recorded_face_is_known_at_another_terminal_for_ever) {
  ProbeMemory memory(1'024);
  Shown shown(memory);
  BOOST_TEST(!shown(1, 1, gate));
  BOOST_TEST(shown(1, 1, till));
  BOOST_TEST(shown(1, 1, till));
  BOOST_TEST(!shown(1, 1, gate));  // a retry
}

BOOST_AUTO_TEST_CASE(another_photo_of_the_same_person_is_another_capture) {
  ProbeMemory memory(1'024);
  Shown shown(memory);
  BOOST_TEST(!shown(1, 1, gate));
  BOOST_TEST(!shown(1, 2, till));
  BOOST_TEST(!shown(2, 1, till));
}

BOOST_AUTO_TEST_CASE(what_comes_later_takes_the_place_of_what_was_before) {
  ProbeMemory memory(1);
  Shown shown(memory);
  BOOST_TEST(!shown(1, 1, gate));
  BOOST_TEST(!shown(1, 2, gate));
  BOOST_TEST(!shown(1, 1, till));
}

BOOST_AUTO_TEST_CASE(without_room_nothing_is_remembered) {
  ProbeMemory memory(0);
  Shown shown(memory);
  BOOST_TEST(!shown(1, 1, gate));
  BOOST_TEST(!shown(1, 1, till));
}

BOOST_AUTO_TEST_SUITE_END()
