// Power cuts at random operations of the simulated disk, torn writes and garbage included: nothing
// acknowledged is lost, nothing else appears, a batch is there whole or not at all. With a disk
// that lies about its syncs the same check fails.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "ledger/log/record.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

struct Counts {
  std::uint64_t cuts = 0, in_opening = 0, acknowledged = 0, adopted = 0, lost = 0, phantom = 0,
                refused = 0;
};

// One disk, cut off several times. `kept` is what was acknowledged, `tried` the batch that was
// under way.
class Life {
 public:
  Life(std::uint64_t seed, bool lies, Counts& counts)
      : random_(seed), disk_(seed * 7 + 1), counts_(counts) {
    disk_.lie_about_syncs(lies);
    env_ = simulated_env(disk_);
  }

  void boot() {
    disk_.lose_power_after(1 + random_() % 250);
    try {
      RocksLog log("/log", simulated_options(disk_, *env_));
      if (compare(log)) work(log);
    } catch (const DiskFault&) {
      if (!disk_.dead()) ++counts_.refused;
      ++counts_.in_opening;
    } catch (const LogDamage& damage) {
      BOOST_TEST_MESSAGE(damage.what());
      ++counts_.refused;
    }
    disk_.reboot();
    ++counts_.cuts;
  }

 private:
  // What is in the log now is what was acknowledged, with or without the whole batch that was under
  // way.
  bool compare(const EventLog& log) {
    const auto entries = log.read({1}, kept_.size() + tried_.size() + 1000);
    if (entries.size() < kept_.size()) return ++counts_.lost, false;
    const bool adopted = entries.size() != kept_.size();
    if (adopted) kept_.insert(kept_.end(), tried_.begin(), tried_.end());
    tried_.clear();
    counts_.adopted += adopted ? 1U : 0U;
    if (entries.size() != kept_.size()) return ++counts_.phantom, false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].payload != kept_[i].payload) return ++counts_.phantom, false;
      if (kept_[i].key && log.find(*kept_[i].key) != entries[i].position)
        return ++counts_.lost, false;
    }
    return true;
  }

  void work(EventLog& log) {
    Head head = log.acquire();
    while (!disk_.dead()) {
      for (std::uint64_t n = 1 + random_() % 20; n > 0; --n) {
        tried_.push_back(conformance::entry_of(++unique_));
        if (random_() % 50 == 0) tried_.back().payload.resize(20'000, 'x');
      }
      if (log.append(head, tried_) != Appended::committed) return;
      counts_.acknowledged += tried_.size();
      kept_.insert(kept_.end(), tried_.begin(), tried_.end());
      tried_.clear();
      if (random_() % 8 == 0)
        log.keep_snapshot({head.last, head.chain, "format", Bytes(1000, 's')});
    }
  }

  std::mt19937_64 random_;
  SimulatedDisk disk_;
  std::unique_ptr<rocksdb::Env> env_;
  Counts& counts_;
  std::vector<NewEntry> kept_, tried_;
  std::uint64_t unique_ = 0;
};

Counts cut(std::uint64_t first_seed, std::uint64_t disks, bool lies) {
  Counts counts;
  for (std::uint64_t seed = first_seed; seed < first_seed + disks; ++seed) {
    Life life(seed, lies, counts);
    const Counts before = counts;
    for (int boot = 0; boot < 8; ++boot) life.boot();
    if (!lies && counts.lost + counts.phantom + counts.refused !=
                     before.lost + before.phantom + before.refused)
      BOOST_TEST_MESSAGE("seed " << seed);
  }
  return counts;
}

std::uint64_t disks_wanted() {
  const char* wanted = std::getenv("OBVERSE_POWER_CUT_DISKS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 60;
}

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(nothing_acknowledged_is_lost_and_nothing_else_appears,
                     *boost::unit_test::label("exhaustive")) {
  const Counts counts = cut(1, disks_wanted(), false);
  BOOST_TEST_MESSAGE("power cuts "
                     << counts.cuts << " (while opening " << counts.in_opening << "), acknowledged "
                     << counts.acknowledged << ", unacknowledged batches kept " << counts.adopted
                     << ", lost " << counts.lost << ", phantom " << counts.phantom << ", refused "
                     << counts.refused);
  BOOST_TEST(counts.acknowledged > 1000U);
  BOOST_TEST(counts.adopted > 0U);
  BOOST_TEST(counts.lost == 0U);
  BOOST_TEST(counts.phantom == 0U);
  BOOST_TEST(counts.refused == 0U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_lies_about_syncs_is_found_out) {
  const Counts counts = cut(1, 10, true);
  BOOST_TEST_MESSAGE("lost " << counts.lost << ", refused " << counts.refused);
  BOOST_TEST(counts.lost + counts.refused + counts.phantom > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
