// The third act: several tills at once, while the server is killed. Every attempt is written down
// before it is sent, and every answer when it came, so that afterwards each can be held against the
// server's memory.
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/demo/demo.h"
#include "ledger/client/demo/play.h"
#include "threads/lock.h"

namespace obverse {
namespace {

constexpr int shoppers = 6;
constexpr std::int64_t price_yen = 10;

class Journal {
 public:
  explicit Journal(const std::filesystem::path& file) : out_(file, std::ios::app) {}
  void asked(const std::string& key, std::uint64_t account) {
    const Lock hold(mutex_);
    out_ << "asked " << key << ' ' << account << '\n' << std::flush;
  }
  void answered(const std::string& key, const Json& outcome) {
    const Lock hold(mutex_);
    out_ << "answered " << key << ' ' << outcome["purchase"] << ' '
         << outcome["receipt"]["chain"].get<std::string>() << '\n'
         << std::flush;
  }

 private:
  Mutex mutex_;
  std::ofstream out_ GUARDED_BY(mutex_);
};

struct Written {
  std::uint64_t account = 0;
  std::uint64_t purchase = 0;  // 0: no answer came
  std::string chain;
};

std::map<std::string, Written> read_journal(const std::filesystem::path& file) {
  std::map<std::string, Written> all;
  std::ifstream in(file);
  for (std::string kind, key; in >> kind >> key;) {
    Written& each = all[key];
    if (kind == "asked") in >> each.account;
    if (kind == "answered") in >> each.purchase >> each.chain;
  }
  return all;
}

// One shopper at one till, one purchase after the other, until time is up or the server is gone:
// then false, and what was asked and not answered is in the journal.
bool shop_on(const Play& play, const Member& member, int number, Journal& journal,
             const std::atomic<bool>& over) {
  try {
    Play mine;
    mine.settings = play.settings;
    mine.keys = play.keys;
    mine.state = play.state / ("shopper-" + std::to_string(number));
    mine.faces = play.faces;
    std::filesystem::create_directories(mine.state);
    while (!over) {
      const std::string key = text(new_attempt(now_by_clock()));
      journal.asked(key, member.rider);
      const Scene scene = pay(mine, number % 2 == 0 ? "T1" : "T2", member, {price_yen, key, 0, ""});
      if (scene.outcome.value("outcome", "") == "paid") journal.answered(key, scene.outcome);
    }
    return true;
  } catch (const std::exception&) {
    return false;
  } catch (const kj::Exception&) {
    return false;
  }
}

Json status_of(Session& till, const std::string& key) {
  const auto attempt = attempt_from_text(key);
  if (!attempt) throw std::runtime_error("the journal names no attempt: " + key);
  auto request = till.checkout().statusRequest();
  fill(request.initAttempt(), *attempt);
  return to_json(request.send().wait(till.wait_scope()).getOutcome());
}

Json ask_both(Play& play, const std::string& key) {
  const Json first = status_of(play.as("T1"), key);
  return first.value("outcome", "") == "paid" ? first : status_of(play.as("T2"), key);
}

}  // namespace

void rush(Play& play, int seconds) {
  Journal journal(play.state / "rush.journal");
  std::atomic<bool> over = false;
  std::atomic<int> shopping = shoppers;
  std::atomic<int> cut_off = 0;
  std::vector<std::thread> crowd;
  crowd.reserve(shoppers);
  for (int i = 0; i < shoppers; ++i)
    crowd.emplace_back([&, i] {
      const Member& shopper = play.cast[static_cast<std::size_t>(i) + 7];
      if (!shop_on(play, shopper, i, journal, over)) ++cut_off;
      --shopping;
    });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (shopping > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  over = true;
  for (std::thread& each : crowd) each.join();
  std::cout << "       " << cut_off << " of " << shoppers << " shoppers lost the server\n";
}

void check_rush(Play& play) {
  std::size_t answered = 0, lost = 0, found = 0, made_now = 0;
  for (const auto& [key, written] : read_journal(play.state / "rush.journal")) {
    const Json now = ask_both(play, key);
    const bool is_paid = now.value("outcome", "") == "paid";
    if (written.purchase != 0) {
      ++answered;
      const bool same = is_paid && now["purchase"] == written.purchase &&
                        now["receipt"]["chain"] == written.chain;
      if (!same) ++lost;
    } else {
      is_paid ? ++found : ++made_now;
    }
  }
  Scene scene;
  scene.outcome = {
      {"outcome", std::to_string(lost) + " of " + std::to_string(answered) + " answers lost"}};
  tell(play, "every answer given before the kill is still the answer",
       "0 of " + std::to_string(answered), scene);
  if (answered == 0) play.failures.push_back("no answer came before the kill: nothing was shown");
  std::cout << "       without an answer: " << found << " were committed, and are now known; "
            << made_now << " were not, and moved nothing\n";
}

}  // namespace obverse
