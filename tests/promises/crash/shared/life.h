// One server's data, and the many deaths of the servers that run on it: callers ask, the server is
// killed at a named point or at random, comes back, and is asked everything once more.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tests/promises/crash/shared/caller.h"
#include "tests/promises/crash/shared/victim.h"

namespace obverse::mortal {

struct Means {
  std::string server = {};   // the binary
  std::string disk = {};     // what is loaded before it: live.cc
  Environment defects = {};  // what is broken on purpose
  bool loses_power = false;  // what was not synced is gone with the process
  std::vector<std::string> forgetful_copies =
      {};  // kinds of files; now and then one's syncs do nothing
  std::size_t callers = 12;
  // A trial of the trial: a server that was broken on purpose is not caught by what it asserts and
  // proves itself, but by what its callers compare.
  bool broken_from_the_start = false;  // else once everybody is enrolled
  bool shows_receipts = true;
  bool has_shoppers = true;
};

struct Point {
  std::uint64_t aimed = 0;  // told to die there
  std::uint64_t died = 0;
};

// What became of every answer that was given.
struct Found {
  std::uint64_t kills = 0, under_load = 0, in_recovery = 0, at_points = 0, rows_of_five = 0;
  std::uint64_t acknowledged = 0;  // answers that came before a kill, and were asked for again
  std::uint64_t unanswered = 0;    // asked, and the server died
  std::uint64_t lost = 0;          // acknowledged, and refused or gone after the restart
  std::uint64_t changed = 0;       // the retry gave another answer than the first
  std::uint64_t unexpected = 0;    // a first answer that nobody who asks so may get
  std::uint64_t twice = 0;         // one attempt, two records
  std::uint64_t missing = 0;       // acknowledged, and not in the log where it was said to be
  std::uint64_t turned_away = 0;   // the connections of a server that lives were lost: it was late
  std::uint64_t stopped = 0;       // lives that could not go on
  std::int64_t wrong_yen = 0;      // wallets against answers
  std::uint64_t records = 0;       // read again in both copies at the end of each life
  std::map<std::string, Point> points;
  std::string first_fault;  // of those that are counted above, and whatever stopped a life

  void fault(std::uint64_t& counter, const std::string& words) {
    ++counter;
    if (first_fault.empty()) first_fault = words;
  }
};

class Life {
 public:
  Life(const Means& means, const std::shared_ptr<ClientLoop>& loop, std::uint64_t seed,
       Found& found);

  // So many kills and a few more; false if something was found that makes going on pointless.
  bool run(std::uint64_t kills, const std::function<void()>& after_each);

 private:
  void found_estate();
  void cycle();
  void die_in_recovery();
  std::optional<std::uint16_t> start_to_load();
  bool ask_again(Terminals& terminals);
  bool ask_again(Terminals& terminals, std::span<const std::pair<Caller*, Asked*>> some);
  void compare(Caller& caller, Asked& asked, const Answer& now);
  void first_answer(Caller& caller, Asked& asked, const Answer& answer);
  kj::Promise<void> kill_after(Terminals& terminals, std::uint64_t milliseconds);
  std::uint64_t patience();
  void load(Terminals& terminals);
  kj::Promise<void> go_on(Terminals& terminals, Caller& caller);
  void ask_for_balances();
  house::Seen& seen();
  void read_log();
  void killed();
  Environment environment(const std::string& die_at);
  std::string aim(bool in_recovery);

  const Means& means_;
  std::shared_ptr<ClientLoop> loop_;
  Found& found_;
  std::mt19937_64 random_;
  house::Estate estate_;
  Victim victim_;
  house::Seen seen_;
  std::vector<Caller> callers_;
  std::string aimed_;      // the point of this server's death
  bool was_ours_ = false;  // the death
  std::uint64_t next_number_ = 1'000'000;
  struct Kept {
    std::uint64_t position = 0;
    std::string chain;
  };
  std::map<std::uint64_t, Kept> kept_;  // by attempt number: what was acknowledged
};

}  // namespace obverse::mortal
