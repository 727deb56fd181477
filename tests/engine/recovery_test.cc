// However a state was recovered, from whatever snapshot, it is the state of the whole log.
#include "ledger/engine/recovery.h"

#include <rapidcheck.h>

#include "ledger/engine/snapshot.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

Head head_of(const Ledger& ledger) { return {0, ledger.head().position, ledger.head().chain}; }

// A town with a snapshot in the middle of its life.
struct Lived {
  Lived() {
    town.found(3);
    town.live(4, 60, 3);
    town.ledger().keep_snapshot();
    middle = town.ledger().head().position;
    town.live(5, 60, 3);
  }
  Recovered recovered() { return recover(town.log, head_of(town.ledger())); }
  bool is_right() { return recovered().folded.state == town.ledger().state(); }
  Town town;
  Position middle;
};

BOOST_AUTO_TEST_SUITE(recovering)

BOOST_AUTO_TEST_CASE(a_snapshot_shortens_the_fold) {
  Lived lived;
  const auto recovered = lived.recovered();
  BOOST_TEST((recovered.folded.state == lived.town.ledger().state()));
  BOOST_TEST(recovered.words.find("snapshot at " + std::to_string(lived.middle.value) + ",") == 0U,
             recovered.words);
}

BOOST_AUTO_TEST_CASE(a_damaged_snapshot_is_passed_over) {
  Lived lived;
  std::vector<std::function<void(Snapshot&)>> damages{
      [](Snapshot& s) { s.state.resize(s.state.size() / 2); },
      [](Snapshot& s) { s.state.clear(); },
      [](Snapshot& s) { s.stamp = "rules 0"; },
      [](Snapshot& s) { s.at.value -= 1; },
      [](Snapshot& s) { s.chain.bytes[3] ^= 1; },
      [](Snapshot& s) { s.at.value += 100'000; },
  };
  for (const auto& damage : damages) {
    lived.town.log.tamper_snapshots = [&](std::vector<Snapshot>& found) { damage(found.at(0)); };
    const auto recovered = lived.recovered();
    BOOST_TEST((recovered.folded.state == lived.town.ledger().state()));
    BOOST_TEST(recovered.words.find("passed over") != std::string::npos, recovered.words);
  }
}

BOOST_AUTO_TEST_CASE(the_older_snapshot_serves_when_the_newer_cannot) {
  Lived lived;
  lived.town.ledger().keep_snapshot();
  lived.town.log.tamper_snapshots = [](std::vector<Snapshot>& found) {
    found.at(0).stamp = "another build";
  };
  const auto recovered = lived.recovered();
  BOOST_TEST((recovered.folded.state == lived.town.ledger().state()));
  BOOST_TEST(recovered.words.find("snapshot at " + std::to_string(lived.middle.value) + ",") == 0U,
             recovered.words);
}

// A snapshot whose bytes are a lie, but well formed: the checker of the property below would see
// it.
BOOST_AUTO_TEST_CASE(a_wrong_state_under_a_right_stamp_would_be_noticed) {
  Lived lived;
  lived.town.log.tamper_snapshots = [](std::vector<Snapshot>& found) {
    State state = state_of(found.at(0)).value();
    state.wallets.open.insert({Chart::wallet, 99, Currency::jpy});
    found.at(0).state = snapshot_of(state, {}).state;
  };
  BOOST_TEST(!lived.is_right());
}

BOOST_AUTO_TEST_CASE(a_log_that_is_not_at_its_head_is_refused) {
  Lived lived;
  Head ahead = head_of(lived.town.ledger());
  ahead.last.value += 1;
  BOOST_CHECK_THROW(recover(lived.town.log, ahead), LogDamage);
  Head other = head_of(lived.town.ledger());
  other.chain.bytes[0] ^= 1;
  BOOST_CHECK_THROW(recover(lived.town.log, other), LogDamage);
}

BOOST_AUTO_TEST_CASE(snapshot_and_fold_are_the_full_fold) {
  const bool held = rc::check("any history, any snapshot, any restart", [] {
    auto settings = test_settings();
    settings.snapshot_every = *rc::gen::inRange<std::uint64_t>(0, 40);
    Town town(settings);
    town.found(3);
    for (auto lives = *rc::gen::inRange(1, 4); lives > 0; --lives) {
      town.live(*rc::gen::arbitrary<std::uint32_t>(), *rc::gen::inRange<std::uint64_t>(0, 60), 3);
      if (*rc::gen::arbitrary<bool>()) town.ledger().keep_snapshot();
      const Digest before = town.ledger().state_digest();
      const Receipt head = town.ledger().head();
      town.open();
      RC_ASSERT(town.ledger().state_digest() == before);
      RC_ASSERT(town.ledger().head() == head);
      RC_ASSERT(fold(town.log).state == town.ledger().state());
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
