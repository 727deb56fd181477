#include "tests/promises/crash/shared/life.h"

#include <chrono>
#include <thread>

#include "ledger/engine/fold.h"
#include "tests/promises/crash/shared/aims.h"
#include "tests/promises/crash/shared/power.h"
#include "tests/promises/crash/shared/settings.h"

namespace obverse::mortal {
namespace {

constexpr std::int64_t start_yen = 900'000;
constexpr std::uint64_t snapshot_every = 60;
constexpr std::uint64_t newcomers_face = 100'000;
constexpr std::size_t asked_at_once = 1'000;  // of which a server lets a connection have 4,096

std::string bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

// The number that house::key() made the key of.
std::uint64_t number_of(const AttemptKey& key) {
  std::uint64_t low = 0;
  for (std::size_t i = 8; i < 16; ++i) low = low << 8U | key.bytes.at(i);
  return low & ~(std::uint64_t{3} << 62U);
}

}  // namespace

Life::Life(const Means& means, const std::shared_ptr<ClientLoop>& loop, std::uint64_t seed,
           Found& found)
    : means_(means),
      loop_(loop),
      found_(found),
      random_(seed),
      victim_(means.server, estate_ / "obverse.toml", estate_ / "words") {
  write_settings(estate_, snapshot_every);
  std::filesystem::create_directories(estate_ / "data");
  std::filesystem::create_directories(estate_ / "platter");
}

// A server that is broken on purpose is whole until everybody was enrolled.
Environment Life::environment(const std::string& die_at) {
  const bool is_whole = callers_.empty() && !means_.broken_from_the_start;
  Environment set = is_whole ? Environment() : means_.defects;
  set.push_back("LD_PRELOAD=" + means_.disk);
  set.push_back("OBVERSE_DISK_ROOT=" + (estate_ / "data").string());
  if (!die_at.empty()) set.push_back("OBVERSE_DIE_AT=" + die_at);
  if (means_.loses_power) {
    set.push_back("OBVERSE_DISK_PLATTER=" + (estate_ / "platter").string());
    if (!means_.forgetful_copies.empty() && !callers_.empty() && random_() % 4 == 0)
      set.push_back("OBVERSE_DISK_LIES=" +
                    means_.forgetful_copies[random_() % means_.forgetful_copies.size()]);
  }
  return set;
}

void Life::killed() {
  ++found_.kills;
  if (!aimed_.empty()) ++found_.points[aimed_].aimed;
  if (means_.loses_power)
    power_returns(estate_ / "data", estate_ / "platter", random_() % 2 == 0, random_);
}

// Everybody who will ask is acknowledged before the first kill.
void Life::found_estate() {
  aimed_.clear();
  const auto port = victim_.start(environment(""));
  house::Terminal first(loop_, *port, estate_.terminal("first-operator"));
  house::set_up(first, estate_);
  house::Terminal desk(loop_, *port, estate_.terminal("enrolment"));
  using Role = Caller::Role;
  std::vector<Caller> callers;
  for (std::uint64_t i = 1; i <= means_.callers; ++i) {
    const Role role = i % 6 == 0                           ? Role::desk
                      : i % 3 == 0 || !means_.has_shoppers ? Role::rider
                                                           : Role::shopper;
    const std::uint64_t face = role == Role::desk ? newcomers_face * i : i;
    const std::uint64_t rider = role == Role::desk ? 0 : house::enrol(desk, face, start_yen);
    callers.emplace_back(role, face, rider, start_yen, random_());
  }
  callers_ = std::move(callers);
  victim_.kill();
  killed();
}

bool Life::run(std::uint64_t kills, const std::function<void()>& after_each) {
  const std::uint64_t until = found_.kills + kills;
  try {
    found_estate();
    while (found_.kills < until) {
      cycle();
      after_each();
      if (found_.lost + found_.changed + found_.unexpected > 0) break;
    }
    ask_for_balances();
  } catch (const std::exception& fault) {
    found_.fault(found_.stopped, fault.what());
  } catch (const kj::Exception& fault) {
    found_.fault(found_.stopped, fault.getDescription().cStr());
  }
  victim_.kill();
  try {
    read_log();
  } catch (const std::exception& fault) {
    found_.fault(found_.stopped, fault.what());
  }
  return found_.first_fault.empty();
}

std::string Life::aim(bool in_recovery) {
  const auto points = in_recovery ? recovery_points() : load_points();
  const Aim& aim = points[random_() % points.size()];
  aimed_ = aim.point;
  return aimed_ + ":" + std::to_string(1 + random_() % aim.passings);
}

// One kill while the server is starting.
void Life::die_in_recovery() {
  ++found_.in_recovery;
  aimed_.clear();
  if (random_() % 2 == 0) {
    victim_.start_unseen(environment(""));
    std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 40));
    victim_.kill();
  } else {
    const bool served = victim_.start(environment(aim(true))).has_value();
    victim_.kill();
    if (!served) {
      ++found_.points[aimed_].died;
      ++found_.at_points;
    }
  }
  killed();
}

// A server that will die under load; where its point comes already while it starts, that was a kill
// in recovery, and the next one is told another.
std::optional<std::uint16_t> Life::start_to_load() {
  for (int tries = 0; tries < 8; ++tries) {
    aimed_.clear();
    const bool at_random = random_() % 3 == 0;
    if (const auto port = victim_.start(environment(at_random ? "" : aim(false)))) return port;
    ++found_.in_recovery;
    ++found_.at_points;
    ++found_.points[aimed_].died;
    killed();
  }
  aimed_.clear();
  return victim_.start(environment(""));
}

// A life under load. Ends when the server is dead: by its own hand, or by ours.
void Life::cycle() {
  const std::uint64_t fate = random_() % 12;
  const int deaths = fate == 0 ? 5 : fate < 4 ? 1 : 0;
  if (deaths == 5) ++found_.rows_of_five;
  for (int i = 0; i < deaths; ++i) die_in_recovery();
  const auto port = start_to_load();
  ++found_.under_load;
  was_ours_ = false;
  try {
    Terminals terminals(loop_, *port, estate_, seen());
    // Now and then while it is asked for what was asked before; else while it is asked for more.
    const auto early = kill_after(terminals, random_() % 8 == 0 ? random_() % 20 : 4'000);
    if (ask_again(terminals)) {
      const auto late = kill_after(terminals, patience());
      load(terminals);
    }
  } catch (const ConnectionError&) {
    // It died while we connected.
  } catch (const kj::Exception&) {
    // It died while we logged in.
  }
  if (!was_ours_ && victim_.has_died()) {
    ++found_.points[aimed_].died;
    ++found_.at_points;
  } else if (!was_ours_) {
    ++found_.turned_away;
    victim_.kill();
  }
  killed();
}

// Until we kill it. Snapshots are made beside the writer, by a thread that yields to all others.
std::uint64_t Life::patience() {
  if (aimed_.empty()) return 3 + random_() % 60;
  return aimed_.find("-snapshot-") != std::string::npos ? 1'500 : 150;
}

house::Seen& Life::seen() {
  if (!means_.shows_receipts) seen_ = {};
  return seen_;
}

kj::Promise<void> Life::kill_after(Terminals& terminals, std::uint64_t milliseconds) {
  return terminals.timer()
      .afterDelay(static_cast<long>(milliseconds) * kj::MILLISECONDS)
      .then([this] {
        was_ours_ = true;
        victim_.kill();
      })
      .eagerlyEvaluate(nullptr);
}

// Everything of the books, many at once; the books are then empty. False if the server died over
// it.
bool Life::ask_again(Terminals& terminals) {
  std::vector<std::pair<Caller*, Asked*>> all;
  for (Caller& caller : callers_)
    for (Asked& asked : caller.book) all.emplace_back(&caller, &asked);
  for (std::size_t from = 0; from < all.size(); from += asked_at_once)
    if (!ask_again(terminals,
                   std::span(all).subspan(from, std::min(asked_at_once, all.size() - from))))
      return false;
  for (Caller& caller : callers_) caller.book.clear();
  return true;
}

bool Life::ask_again(Terminals& terminals, std::span<const std::pair<Caller*, Asked*>> some) {
  kj::Vector<kj::Promise<bool>> all;
  for (const auto& [caller, asked] : some) {
    all.add(terminals.ask(asked->ask)
                .then([this, caller = caller, asked = asked](Answer now) {
                  compare(*caller, *asked, now);
                  return true;
                })
                .catch_([](const kj::Exception&) { return false; }));
  }
  bool complete = true;
  for (const bool answered : kj::joinPromises(all.releaseAsArray()).wait(terminals.wait_scope()))
    complete = complete && answered;
  return complete;
}

void Life::compare(Caller& caller, Asked& asked, const Answer& now) {
  const std::string which = "attempt " + std::to_string(asked.ask.number) + " (kind " +
                            std::to_string(static_cast<int>(asked.ask.kind)) + ")";
  if (!asked.answer) {
    ++found_.unanswered;
    first_answer(caller, asked, now);
    return;
  }
  if (!asked.ask.remembered) {
    if (now.yes) found_.fault(found_.unexpected, which + ": a face that was erased has paid");
    return;
  }
  ++found_.acknowledged;
  if (!now.yes) {
    found_.fault(found_.lost, which + " was acknowledged at position " +
                                  std::to_string(asked.answer->position) +
                                  ", and is now refused: " + now.refusal);
  } else if (now.words != asked.answer->words) {
    found_.fault(found_.changed, which + " was acknowledged at position " +
                                     std::to_string(asked.answer->position) +
                                     ", and its retry got another answer, of position " +
                                     std::to_string(now.position));
  }
}

void Life::first_answer(Caller& caller, Asked& asked, const Answer& answer) {
  asked.answer = answer;
  if (asked.ask.remembered) kept_[asked.ask.number] = {answer.position, answer.chain};
  const std::string wrong = caller.took(asked.ask, answer);
  if (!wrong.empty())
    found_.fault(found_.unexpected, "attempt " + std::to_string(asked.ask.number) + ": " + wrong);
}

void Life::load(Terminals& terminals) {
  kj::Vector<kj::Promise<void>> all;
  for (Caller& caller : callers_)
    all.add(go_on(terminals, caller).catch_([](const kj::Exception&) {}));
  kj::joinPromises(all.releaseAsArray()).wait(terminals.wait_scope());
}

// One thing after the other, until the server is gone.
kj::Promise<void> Life::go_on(Terminals& terminals, Caller& caller) {
  const Ask ask = caller.next(next_number_++);
  caller.book.push_back({ask, std::nullopt});
  return terminals.ask(ask).then([this, &terminals, &caller](Answer answer) {
    first_answer(caller, caller.book.back(), answer);
    if (!caller.book.back().ask.remembered) caller.book.pop_back();
    return go_on(terminals, caller);
  });
}

// The last server is asked for everything once more, and what is in the wallets.
void Life::ask_for_balances() {
  aimed_.clear();
  const auto port = victim_.start(environment(""));
  {
    Terminals terminals(loop_, *port, estate_, seen());
    if (!ask_again(terminals)) throw std::runtime_error("the last server died");
    for (const Caller& caller : callers_) {
      if (caller.rider() == 0) continue;
      const std::int64_t wrong = terminals.balance(caller.rider()) - caller.yen();
      found_.wrong_yen += wrong < 0 ? -wrong : wrong;
      if (wrong != 0 && found_.first_fault.empty())
        found_.first_fault = "rider " + std::to_string(caller.rider()) + " has " +
                             std::to_string(wrong) + " yen more than the answers say";
    }
  }
  victim_.kill();
  killed();
}

// Both copies whole, no attempt twice, and each acknowledged one where its receipt says.
void Life::read_log() {
  RocksLogOptions options;
  options.free_bytes_min = 1;
  RocksLog log((estate_ / "data/log").string(), options);
  log.verify();
  std::map<Attempt, std::uint64_t> times;
  std::uint64_t there = 0;
  for (Position from{1};;) {
    const auto records = stored_from(log, from, 1'024);
    if (records.empty()) break;
    for (const auto& [record, chain] : records) {
      ++found_.records;
      if (!record.attempt) continue;
      const std::uint64_t number = number_of(record.attempt->key);
      if (++times[*record.attempt] > 1)
        found_.fault(found_.twice, "attempt " + std::to_string(number) + " has two records");
      const auto kept = kept_.find(number);
      if (kept == kept_.end()) continue;
      if (kept->second.position == record.position.value && kept->second.chain == bytes(chain))
        ++there;
    }
    from.value += records.size();
  }
  for (std::uint64_t gone = there; gone < kept_.size(); ++gone)
    found_.fault(found_.missing, "an acknowledged attempt is not at its receipt's place");
}

}  // namespace obverse::mortal
