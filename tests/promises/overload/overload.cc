// What becomes of a server that is offered ten times what it can do. The terminals share the
// machine with it: what they cost is said beside each figure.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <unordered_map>

#include "tests/promises/kit/terminal_server.h"
#include "tests/promises/kit/trial.h"
#include "tests/promises/overload/bout.h"

namespace {

using namespace obverse;
using namespace obverse::promises;

constexpr std::uint64_t mib = 1U << 20U;

double own_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The most memory that the server had while this object was there.
class Watch {
 public:
  explicit Watch(const TerminalServer& server)
      : thread_([this, &server](const std::stop_token& end) {
          while (!end.stop_requested()) {
            most_ = std::max(most_.load(), server.resident_bytes());
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
          }
        }) {}
  std::uint64_t most() const { return most_; }

 private:
  std::atomic<std::uint64_t> most_{0};
  std::jthread thread_;
};

class Overload {
 public:
  Overload(Trial& of, const Settings& changed, const std::string& binary) : trial(of) {
    {
      TerminalServer usual(estate, {});
      usual.start();
      town = found_town(estate, usual.port(), trial.dial("people"), 16, 2);
      usual.end();
    }
    server_.emplace(estate, changed, binary);
    server().start();
    money_ = money_of(estate, server().port(), town);
    fleet = std::make_unique<Fleet>(server().port(), town.tills, trial.dial("connections"));
    for (std::size_t person = 0; person < town.people; ++person) {
      book.push_back(Phrase::pay(house::photo(person + 1, 3), 1));
      statuses.push_back(Phrase::status());
    }
  }

  // The best that it does when it is not asked for more.
  double peak() {
    double best = 0;
    for (const std::size_t width : {16, 32, 48, 64, 96, 128}) {
      const double seconds = trial.brief() ? 0.4 : 3;
      const Bout bout = said("closed, " + std::to_string(width) + " at once", [&] {
        return std::pair(fleet->closed_loop(book, width, seconds, first_attempt()), seconds);
      });
      best = std::max(best, bout.in_time_a_second);
    }
    return best;
  }

  Bout offer(const std::string& what, double per_second, double seconds) {
    return said(what, [&] {
      return std::pair(fleet->open_loop(book, per_second, seconds, first_attempt()), seconds);
    });
  }

  template <class Run>
  Bout said(const std::string& what, Run run) {
    const double server_began = server().cpu_seconds(), own_began = own_cpu_seconds();
    auto [samples, seconds] = run();
    last = std::move(samples);
    all.insert(all.end(), last.begin(), last.end());
    const Bout bout = count(last, seconds);
    trial.say("  " + what + ": " + bout.words() + "; processor seconds: server " +
              fixed(server().cpu_seconds() - server_began, 1) + ", terminals " +
              fixed(own_cpu_seconds() - own_began, 1));
    return bout;
  }

  void check_what_was_said();

  Trial& trial;
  house::Estate estate;
  Town town;
  Fleet::Book book, statuses;
  std::unique_ptr<Fleet> fleet;
  std::vector<Sample> last, all;

  TerminalServer& server() { return *server_; }

 private:
  std::optional<TerminalServer> server_;
  std::uint64_t first_attempt() { return next_ += 100'000'000; }
  std::vector<Sample> calls_of(std::initializer_list<Verdict> verdicts) const;
  std::int64_t money_ = 0;
  std::uint64_t next_ = 0;
};

std::vector<Sample> Overload::calls_of(std::initializer_list<Verdict> verdicts) const {
  std::vector<Sample> found;
  for (const Sample& each : all)
    if (std::ranges::count(verdicts, each.verdict) > 0) found.push_back(each);
  // Of very many, so many of each kind as can be asked in a while.
  const std::size_t most = trial.dial("looked-up");
  const std::size_t step = std::max<std::size_t>(1, found.size() / most);
  std::vector<Sample> some;
  for (std::size_t i = 0; i < found.size(); i += step) some.push_back(found[i]);
  return some;
}

// Every yes is kept, every BUSY was none, and the wallets say the same.
void Overload::check_what_was_said() {
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  std::unordered_map<std::uint64_t, std::uint64_t> purchases;
  std::uint64_t done = 0, unclear = 0;
  for (const Sample& each : all) {
    if (each.verdict == Verdict::done) purchases[each.attempt] = each.id;
    if (each.verdict == Verdict::done) ++done;
    if (each.verdict == Verdict::none || each.verdict == Verdict::lost) ++unclear;
  }
  std::uint64_t changed = 0, executed = 0;
  const auto acknowledged = calls_of({Verdict::done});
  for (const Sample& each : fleet->repeat(book, 32, acknowledged))
    if (each.verdict != Verdict::done || each.id != purchases[each.attempt]) ++changed;
  trial.check("what was acknowledged is there, with its first answer", changed == 0,
              std::to_string(changed) + " of " + std::to_string(acknowledged.size()) +
                  " are not; seed " + std::to_string(trial.seed()));
  const auto turned_away = calls_of({Verdict::busy});
  for (const Sample& each : fleet->repeat(statuses, 32, turned_away))
    if (each.verdict != Verdict::unknown) ++executed;
  trial.check("what was told BUSY was never executed", executed == 0,
              std::to_string(executed) + " of " + std::to_string(turned_away.size()) + " were");
  const auto taken = static_cast<std::uint64_t>(money_ - money_of(estate, server().port(), town));
  trial.check("the wallets lack one payment for each yes", taken >= done && taken <= done + unclear,
              std::to_string(taken) + " were taken for " + std::to_string(done) + " and " +
                  std::to_string(unclear) + " without an answer");
  trial.check("no terminal lost its connection", fleet->alive() == fleet->size(),
              std::to_string(fleet->alive()) + " of " + std::to_string(fleet->size()));
}

// Who wants out and who wants in, a few at a time, in the middle of it. "Refused by name" is served
// too: nobody here has an open journey.
struct Passers {
  Passers(Overload& overload, double seconds)
      : gates(overload.server().port(), overload.town.gates, 8), thread([this, seconds] {
          const Fleet::Book ways{Phrase::leave(house::photo(1, 3)),
                                 Phrase::enter(house::photo(2, 3))};
          samples = gates.open_loop(ways, 200, seconds, 2);
        }) {}
  double turned_away(std::uint32_t way) const {
    double all = 0, busy = 0;
    for (const Sample& each : samples) {
      if (each.phrase != way) continue;
      ++all;
      if (each.verdict == Verdict::busy) ++busy;
    }
    return all > 0 ? busy / all : 1;
  }
  Fleet gates;
  std::vector<Sample> samples;
  std::thread thread;
};

void overload(Trial& trial, const Settings& changed, const std::string& binary) {
  Overload scene(trial, changed, binary);
  const double seconds = static_cast<double>(trial.dial("seconds"));
  const double peak = scene.peak();
  scene.offer("open, at half of the peak", peak / 2, seconds / 4);
  const std::uint64_t before = scene.server().resident_bytes();
  Bout flooded;
  double out = 0, in = 0;
  std::uint64_t most = 0;
  {
    const Watch watch(scene.server());
    Passers passers(scene, seconds);
    flooded = scene.offer("open, at " + std::to_string(trial.dial("times")) + " times the peak",
                          peak * static_cast<double>(trial.dial("times")), seconds);
    passers.thread.join();
    out = passers.turned_away(0);
    in = passers.turned_away(1);
    most = watch.most();
  }
  scene.offer("open, at half of the peak, right after", peak / 2, 2);
  const Bout after = count(scene.last, 2, 1);

  trial.check("most of what is too much is told BUSY", flooded.busy > flooded.done,
              flooded.words());
  const double pays = static_cast<double>(flooded.busy) /
                      static_cast<double>(std::max<std::uint64_t>(1, flooded.offered));
  trial.check("who wants out is turned away less than who wants to pay", out <= pays / 2,
              fixed(100 * out, 1) + " % of exits, " + fixed(100 * pays, 1) + " % of payments");
  trial.say("  turned away: " + fixed(100 * out, 1) + " % of exits, " + fixed(100 * in, 1) +
            " % of entries, " + fixed(100 * pays, 1) + " % of payments");
  trial.figure("goodput under the flood",
               fixed(flooded.in_time_a_second, 0) + " a second, " +
                   fixed(flooded.in_time_a_second / peak, 2) + " of the peak of " + fixed(peak, 0),
               "0.95", flooded.in_time_a_second >= 0.95 * peak);
  trial.figure("p99 of what was accepted", fixed(flooded.done_ms_p99, 1) + " ms", "50 ms",
               flooded.done_ms_p99 <= 50);
  trial.figure("p99 of BUSY", fixed(flooded.busy_ms_p99, 1) + " ms", "10 ms",
               flooded.busy_ms_p99 <= 10);
  const double grew = most > before ? static_cast<double>(most - before) / mib : 0;
  trial.figure("memory under the flood", "+" + fixed(grew, 1) + " MiB", "+64 MiB", grew <= 64);
  trial.figure("from one second after the flood on", after.words(), "nobody told BUSY, p99 50 ms",
               after.busy == 0 && after.done_ms_p99 <= 50);
  scene.check_what_was_said();
}

// A burst, in the middle of which the server stands still for longer than a request may live: what
// was at work then is late when it goes on.
void outlive(Trial& trial) {
  Settings settings{{"bounds.request_life_ms", "100"},
                    {"bounds.answer_ms_aim", "3600000"},
                    {"bounds.searches_waiting_max", "1000000"},
                    {"bounds.lane_max", "1000000"}};
  Overload scene(trial, settings, TerminalServer::default_binary());
  const double burst = static_cast<double>(trial.dial("burst"));
  const Bout bout = scene.said("a burst, with 100 ms to live, held up for 400 ms", [&] {
    const std::jthread holds_it_up([&scene] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      scene.server().pause(400);
    });
    return std::pair(scene.fleet->open_loop(scene.book, burst * 1'000, 0.001, 50'000'000, 30),
                     30.0);
  });
  // A quick machine lets nothing wait inside so long: what waits is still on its way in.
  trial.figure("of a burst, told BUSY for having waited", std::to_string(bout.busy), "", {});
  scene.check_what_was_said();
}

void play_under(Trial& trial, const std::string& mutant) {
  if (mutant != "endless-rows") return;
  overload(trial,
           {{"bounds.answer_ms_aim", "3600000"},
            {"bounds.searches_waiting_max", "1000000"},
            {"bounds.lane_max", "1000000"}},
           TerminalServer::default_binary());
}

}  // namespace

int main(int count, char** arguments) {
  Trial trial(
      {.name = "overload",
       .promise = "at ten times the offered load goodput stays at 95 % of the peak, what is "
                  "accepted has its answer within 50 ms (p99), the rest is told BUSY "
                  "within 10 ms, nothing is lost, memory grows by 64 MiB at most, and "
                  "nothing past its deadline is executed",
       .dials = {{"connections", "terminals", 400, 64},
                 {"people", "enrolled", 200, 24},
                 {"seconds", "of the flood", 20, 1},
                 {"times", "the peak", 10, 10},
                 {"burst", "calls of the burst", 30'000, 8'000},
                 {"looked-up", "answers asked for again, of each kind", 50'000, 2'000}},
       .mutants = {"endless-rows"}},
      count, arguments);
  const std::string shipped = TerminalServer::default_binary();
  if (trial.mutants().empty()) {
    overload(trial, {}, shipped);
    outlive(trial);
  }
  for (const std::string& each : trial.mutants()) {
    trial.expect_caught(each, [&] {
      try {
        play_under(trial, each);
      } catch (const std::exception& fault) {
        trial.check("the trial can be played to its end", false, fault.what());
      }
    });
  }
  return trial.close();
}
