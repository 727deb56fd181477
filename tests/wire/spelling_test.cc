// One spelling a message: the walk says of any bytes what making the canonical form and comparing
// says.
#include "ledger/wire/spelling.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "schemas/events.capnp.h"

namespace obverse {
namespace {

using Words = std::vector<std::uint64_t>;

Words words_of(kj::ArrayPtr<const capnp::word> in) {
  Words out(in.size());
  std::memcpy(out.data(), in.begin(), in.size() * sizeof(capnp::word));
  return out;
}

bool is_form(const Words& words, kj::ArrayPtr<const capnp::word> built) {
  return is_canonical_form(
      kj::arrayPtr(reinterpret_cast<const capnp::word*>(words.data()), words.size()), built);
}

// Objects in another order than that of their pointers, holes where something was replaced, data
// and pointers that end in zeros, empty texts, lists of structs of different lengths and of none.
void build(capnp::MallocMessageBuilder& message, unsigned number) {
  auto record = message.initRoot<stored::Record>();
  record.initReply();
  auto events = record.initEvents(number % 5);
  for (unsigned i = events.size(); i-- > 0;) {
    if ((number + i) % 3 == 0) {
      auto rider = events[i].initRiderRegistered();
      rider.setRider(number * 7);
    } else if ((number + i) % 3 == 1) {
      auto tariff = events[i].initTariffPublished().initTariff();
      auto stations = tariff.initStations(number % 4);
      for (unsigned j = 0; j < stations.size(); ++j)
        stations.set(j, j % 2 == 0 ? "" : "North gate");
      tariff.initSections(number % 3);
      tariff.setCode("TOWN");
      tariff.setCode("another one, so that the first leaves a hole");
    }
  }
  if (number % 2 == 0) {
    const std::string key(16, static_cast<char>(number));
    record.initAttempt().setKey(
        kj::arrayPtr(reinterpret_cast<const kj::byte*>(key.data()), key.size()));
  }
  if (number % 3 != 0) record.initContent(number % 33);
  record.setPosition(number % 6 == 0 ? 0 : number);
}

BOOST_AUTO_TEST_SUITE(spelling)

BOOST_AUTO_TEST_CASE(the_canonical_form_and_nothing_else) {
  std::size_t others = 0;
  for (unsigned number = 0; number < 60; ++number) {
    capnp::MallocMessageBuilder message(1U << 12U);
    build(message, number);
    const auto segments = message.getSegmentsForOutput();
    BOOST_REQUIRE(segments.size() == 1U);
    const auto made = capnp::canonicalize(message.getRoot<stored::Record>().asReader());
    const Words form = words_of(made);
    BOOST_TEST(is_form(form, segments[0]), "message " << number);
    const Words as_built = words_of(segments[0]);
    BOOST_TEST(is_form(as_built, segments[0]) == (as_built == form));
    for (std::size_t length = 0; length < form.size(); ++length)
      BOOST_TEST(!is_form(Words(form.begin(), form.begin() + static_cast<std::ptrdiff_t>(length)),
                          segments[0]));
    Words longer = form;
    longer.push_back(0);
    BOOST_TEST(!is_form(longer, segments[0]));
    for (std::size_t bit = 0; bit < form.size() * 64; ++bit) {
      Words flipped = form;
      flipped[bit / 64] ^= std::uint64_t{1} << bit % 64;
      others += is_form(flipped, segments[0]) ? 1 : 0;
    }
  }
  BOOST_TEST(others == 0U);
}

// Another message's form is not this one's.
BOOST_AUTO_TEST_CASE(of_this_message_alone) {
  for (unsigned number = 0; number < 40; ++number) {
    capnp::MallocMessageBuilder one(1U << 12U), other(1U << 12U);
    build(one, number);
    build(other, number + 1);
    const auto made = capnp::canonicalize(other.getRoot<stored::Record>().asReader());
    const auto mine = capnp::canonicalize(one.getRoot<stored::Record>().asReader());
    BOOST_TEST(is_form(words_of(made), one.getSegmentsForOutput()[0]) ==
               (words_of(made) == words_of(mine)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
