// The fold believes nothing: a gap, a broken chain, a foreign record or bytes that are none are
// named and end it.
#include "ledger/engine/fold.h"

#include "ledger/log/record.h"
#include "ledger/wire/event_wire.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

// The log of a lived town, and the position that folding it stops at (0: none).
struct Lived {
  Lived() {
    town.found(3);
    town.live(2, 200, 3);
  }
  std::uint64_t first_bad() const {
    try {
      fold(town.log);
      return 0;
    } catch (const LogDamage& damage) {
      return damage.first_bad.value;
    }
  }
  void tamper_with(std::uint64_t position, std::function<void(StoredEntry&)> how) {
    town.log.tamper = [position, how](std::vector<StoredEntry>& entries) {
      for (StoredEntry& entry : entries)
        if (entry.position.value == position) how(entry);
    };
  }
  // As an attacker would who can also compute hashes: all that follows is made to fit.
  void forge(std::uint64_t position, std::function<void(Record&)> how) {
    town.log.tamper = [position, how](std::vector<StoredEntry>& entries) {
      for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].position.value == position) {
          Record record = decode_record(entries[i].payload).value();
          how(record);
          entries[i].payload = encode_record(record);
        }
        const Digest before = i == 0 ? Digest{} : entries[i - 1].chain;
        entries[i].chain = chain_after(before, entries[i].position, entries[i].payload);
      }
    };
  }
  Town town;
};

BOOST_AUTO_TEST_SUITE(folding)

BOOST_AUTO_TEST_CASE(a_log_folds_to_the_state_that_wrote_it) {
  Lived lived;
  BOOST_TEST(lived.town.ledger().head().position.value > 100U);
  const Folded folded = fold(lived.town.log);
  BOOST_TEST((folded.state == lived.town.ledger().state()));
  BOOST_TEST((folded.chain == lived.town.ledger().head().chain));
}

BOOST_AUTO_TEST_CASE(it_stops_where_it_is_told_and_goes_on_from_there) {
  Lived lived;
  std::uint64_t seen_last = 0;
  const Folded half =
      fold(lived.town.log, {}, Position{50},
           [&](const Record& record, const Digest&) { seen_last = record.position.value; });
  BOOST_TEST(half.state.position.value == 50U);
  BOOST_TEST(seen_last == 50U);
  BOOST_TEST((fold(lived.town.log, half).state == lived.town.ledger().state()));
  BOOST_TEST((fold(lived.town.log, {}, Position{0}).state == State{}));
}

BOOST_AUTO_TEST_CASE(every_kind_of_damage_is_named) {
  Lived lived;
  BOOST_TEST(lived.first_bad() == 0U);
  lived.tamper_with(
      20, [](StoredEntry& entry) { entry.payload[9] = static_cast<char>(entry.payload[9] ^ 1); });
  BOOST_TEST(lived.first_bad() == 20U);
  lived.tamper_with(21, [](StoredEntry& entry) { entry.chain.bytes[0] ^= 1; });
  BOOST_TEST(lived.first_bad() == 21U);
  lived.tamper_with(22, [](StoredEntry& entry) { entry.position.value = 23; });
  BOOST_TEST(lived.first_bad() == 22U);
  lived.town.log.tamper = [](std::vector<StoredEntry>& entries) {
    entries.erase(entries.begin() + 29);
  };
  BOOST_TEST(lived.first_bad() == 30U);
}

BOOST_AUTO_TEST_CASE(a_record_that_lies_about_its_place_or_time_is_named_though_the_chain_fits) {
  Lived lived;
  lived.forge(40, [](Record& record) { record.position.value = 41; });
  BOOST_TEST(lived.first_bad() == 40U);
  lived.forge(60, [](Record& record) { record.recorded_at = {1}; });
  BOOST_TEST(lived.first_bad() == 60U);
  lived.town.log.tamper = [](std::vector<StoredEntry>& entries) {
    entries[4].payload = "no record at all";
    for (std::size_t i = 4; i < entries.size(); ++i)
      entries[i].chain = chain_after(entries[i - 1].chain, entries[i].position, entries[i].payload);
  };
  BOOST_TEST(lived.first_bad() == 5U);
}

BOOST_AUTO_TEST_CASE(one_record_is_read_with_its_chain) {
  Lived lived;
  const auto stored = stored_at(lived.town.log, {7});
  BOOST_REQUIRE(stored.has_value());
  BOOST_TEST(stored->record.position.value == 7U);
  BOOST_TEST((stored->chain == lived.town.log.log.read({7}, 1)[0].chain));
  BOOST_TEST(!stored_at(lived.town.log, {100'000}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
