// What becomes of a server that is offered ten times what it can do. The terminals stand on the
// same machine: they have its last processor, and the server the others, at the peak and in the
// flood alike; what each of both costs is said beside each figure.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <functional>
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
    server().leave_last_core();
    server().start();
    money_ = money_of(estate, server().port(), town);
    fleet = std::make_unique<Fleet>(server().port(), town.tills, trial.dial("connections"));
    fleet->speak_in_bunches_of(trial.dial("bunch"));
    for (std::size_t person = 0; person < town.people; ++person) {
      book.push_back(Phrase::pay(house::photo(person + 1, 3), 1));
      statuses.push_back(Phrase::status());
    }
  }

  // The best that it does when it is not asked for more.
  double peak() {
    double best = 0;
    for (const std::size_t width : {16, 32, 64, 96, 128, 192, 256}) {
      const double seconds = trial.brief() ? 0.4 : 3;
      const Bout bout = said("closed, " + std::to_string(width) + " at once", [&] {
        return std::pair(fleet->closed_loop(book, width, seconds, first_attempt()), seconds);
      });
      if (bout.in_time_a_second <= best) continue;
      best = bout.in_time_a_second;
      accepted_us = 1e6 * server_s / static_cast<double>(std::max<std::uint64_t>(1, bout.done));
    }
    return best;
  }

  // What the books grow by with each payment when nothing is too much: as long as the flood, as
  // much as the server can do, after as long again in which the tables on their way to the disk
  // and the rings of what is remembered fill up.
  double bytes_a_payment(double seconds) {
    const auto pay = [&] {
      return said("closed, 96 at once, to see what payments take of memory", [&] {
        return std::pair(fleet->closed_loop(book, 96, seconds, first_attempt()), seconds);
      });
    };
    pay();
    const auto before = static_cast<double>(server().resident_bytes());
    const Bout bout = pay();
    const double grew = static_cast<double>(server().resident_bytes()) - before;
    return std::max(0.0, grew) / static_cast<double>(std::max<std::uint64_t>(1, bout.done));
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
    server_s = server().cpu_seconds() - server_began;
    own_s = own_cpu_seconds() - own_began;
    trial.say("  " + what + ": " + bout.words() + "; processor seconds: server " +
              fixed(server_s, 1) + ", terminals " + fixed(own_s, 1));
    return bout;
  }

  void check_what_was_said();

  Trial& trial;
  house::Estate estate;
  Town town;
  Fleet::Book book, statuses;
  std::unique_ptr<Fleet> fleet;
  std::vector<Sample> last, all;
  double server_s = 0, own_s = 0;  // processor seconds of the last bout
  double accepted_us = 0;          // of the server, at the peak
  // What a defect does before anything is asked for again.
  std::function<void(Overload&)> meddle;

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
  if (meddle) meddle(*this);
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
  // `confused`: who wants out is taken for one who wants to pay.
  Passers(Overload& overload, double seconds, bool confused)
      : gates(overload.server().port(), confused ? overload.town.tills : overload.town.gates, 8),
        thread([this, seconds, confused] {
          const auto face = house::photo(1, 3);
          const Fleet::Book ways{confused ? Phrase::pay(face, 1) : Phrase::leave(face),
                                 confused ? Phrase::pay(face, 1) : Phrase::enter(face)};
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

struct Flooded {
  Bout bout;
  double exits_busy = 0, entries_busy = 0;
  std::uint64_t most_bytes = 0;

  double payments_busy() const {
    return static_cast<double>(bout.busy) /
           static_cast<double>(std::max<std::uint64_t>(1, bout.offered));
  }
};

Flooded flood(Overload& scene, double peak, std::uint64_t times, double seconds, bool confused) {
  Flooded came;
  const Watch watch(scene.server());
  Passers passers(scene, seconds, confused);
  came.bout = scene.offer("open, at " + std::to_string(times) + " times the peak",
                          peak * static_cast<double>(times), seconds);
  passers.thread.join();
  came.exits_busy = passers.turned_away(0);
  came.entries_busy = passers.turned_away(1);
  came.most_bytes = watch.most();
  return came;
}

// What the server pays for a yes and for a BUSY, by two floods of which it told one BUSY more
// often, and what of the peak is possible then: turning the rest away is paid for by the others.
class Costs {
 public:
  // From what it paid at its peak, where nobody is told BUSY.
  Costs(Trial& trial, double peak, double at_peak_us)
      : trial_(trial), peak_(peak), yes_us_(at_peak_us) {}

  void tell(const Overload& scene, const Bout& bout, std::uint64_t times) {
    const Paid paid{.yes = static_cast<double>(bout.done),
                    .busy = static_cast<double>(std::max<std::uint64_t>(1, bout.busy)),
                    .us = 1e6 * scene.server_s};
    std::string words = "not more than " + fixed(paid.us / paid.busy, 1);
    if (first_.busy > 0) {
      const double both = first_.yes * paid.busy - paid.yes * first_.busy;
      const double yes_us = (first_.us * paid.busy - paid.us * first_.busy) / both;
      const double busy_us = (paid.us - yes_us * paid.yes) / paid.busy;
      const double part = busy_us / yes_us;
      const double possible = (1 - static_cast<double>(times) * part) / (1 - part);
      words = fixed(busy_us, 1) + " (and " + fixed(yes_us, 1) +
              " for a yes) by comparison, so that at most " +
              fixed(std::clamp(possible, 0.0, 1.0), 2) + " of the peak is possible";
    } else {
      first_ = paid;
    }
    const double calls = static_cast<double>(std::max<std::uint64_t>(1, bout.offered));
    trial_.say("  at " + std::to_string(times) + " times: goodput " +
               fixed(bout.in_time_a_second / peak_, 2) + " of the peak, accepted p99 " +
               fixed(bout.done_ms_p99, 1) + " ms, BUSY p99 " + fixed(bout.busy_ms_p99, 1) +
               " ms; processor microseconds: the terminals' for a call " +
               fixed(1e6 * scene.own_s / calls, 1) + ", the server's for a yes at the peak " +
               fixed(yes_us_, 1) + ", for a BUSY " + words);
  }

 private:
  struct Paid {
    double yes = 0, busy = 0, us = 0;
  };
  Trial& trial_;
  double peak_, yes_us_;
  Paid first_;
};

// `expected`: bytes that as many payments would have taken without a flood.
void judge(Overload& scene, const Flooded& came, double peak, double expected) {
  Trial& trial = scene.trial;
  const Bout& bout = came.bout;
  const double out = came.exits_busy, pays = came.payments_busy();
  trial.check("most of what is too much is told BUSY", bout.busy > bout.done, bout.words());
  trial.check("who wants out is turned away ten times less than who wants to pay", out <= pays / 10,
              fixed(100 * out, 1) + " % of exits, " + fixed(100 * pays, 1) + " % of payments");
  trial.say("  turned away: " + fixed(100 * out, 1) + " % of exits, " +
            fixed(100 * came.entries_busy, 1) + " % of entries, " + fixed(100 * pays, 1) +
            " % of payments");
  trial.figure("goodput under the flood",
               fixed(bout.in_time_a_second, 0) + " a second, " +
                   fixed(bout.in_time_a_second / peak, 2) + " of the peak of " + fixed(peak, 0),
               "0.95", bout.in_time_a_second >= 0.95 * peak);
  trial.figure("p99 of what was accepted", fixed(bout.done_ms_p99, 1) + " ms", "50 ms",
               bout.done_ms_p99 <= 50);
  trial.figure("p99 of BUSY", fixed(bout.busy_ms_p99, 1) + " ms", "10 ms", bout.busy_ms_p99 <= 10);
  const double grew = (static_cast<double>(came.most_bytes) - expected) / mib;
  trial.figure(
      "memory under the flood, beside what its payments take",
      fixed(grew, 1) + " MiB of " + fixed(static_cast<double>(came.most_bytes) / mib, 1) + " MiB",
      "+64 MiB", grew <= 64);
}

void overload(Trial& trial, const Settings& changed, const std::string& binary,
              bool confused = false) {
  Overload scene(trial, changed, binary);
  const auto seconds = static_cast<double>(trial.dial("seconds"));
  const std::uint64_t times = trial.dial("times");
  const double peak = scene.peak();
  Costs costs(trial, peak, scene.accepted_us);
  const double each = scene.bytes_a_payment(seconds);
  scene.offer("open, at half of the peak", peak / 2, seconds / 4);
  auto expected = static_cast<double>(scene.server().resident_bytes());
  if (!trial.brief() && trial.mutants().empty()) {
    for (const std::uint64_t fewer : {2, 3, 5}) {
      const Flooded came = flood(scene, peak, fewer, seconds / 2, confused);
      costs.tell(scene, came.bout, fewer);
      expected += each * static_cast<double>(came.bout.done);
    }
  }
  const Flooded came = flood(scene, peak, times, seconds, confused);
  costs.tell(scene, came.bout, times);
  expected += each * static_cast<double>(came.bout.done);
  scene.offer("open, at half of the peak, right after", peak / 2, 2);
  const Bout after = count(scene.last, 2, 1);
  judge(scene, came, peak, expected);
  trial.figure("from one second after the flood on", after.words(), "nobody told BUSY, p99 50 ms",
               after.busy == 0 && after.done_ms_p99 <= 50);
  scene.check_what_was_said();
}

// The server stands still, again and again, for longer than a request may live: what was at work
// then is late when it goes on. Nothing else is a reason for BUSY here.
void outlive(Trial& trial, const std::string& life_ms,
             const std::function<void(Overload&)>& meddle = {}) {
  Settings settings{{"bounds.request_life_ms", life_ms},
                    {"bounds.answer_ms_aim", "3600000"},
                    {"bounds.searches_waiting_max", "1000000"},
                    {"bounds.lane_max", "1000000"}};
  Overload scene(trial, settings, TerminalServer::default_binary());
  scene.meddle = meddle;
  const auto pauses = trial.dial("pauses");
  const double a_pause = 0.25;  // of which the server stands still for 0.15
  const Bout bout = scene.said("100 ms to live, and held up for 150 ms at a time", [&] {
    const std::jthread holds_it_up([&scene, pauses] {
      for (std::uint64_t i = 0; i < pauses; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        scene.server().pause(150);
      }
    });
    const double seconds = a_pause * static_cast<double>(pauses);
    return std::pair(
        scene.fleet->open_loop(scene.book, static_cast<double>(trial.dial("paused-rate")), seconds,
                               50'000'000, 30),
        seconds);
  });
  trial.check("what has outlived its time is told so, and to come again", bout.busy > 0,
              bout.words());
  scene.check_what_was_said();
}

// What was told BUSY is carried out all the same.
void act_on_busy(Overload& scene) {
  std::vector<Sample> turned_away;
  for (const Sample& each : scene.all)
    if (each.verdict == Verdict::busy) turned_away.push_back(each);
  scene.fleet->repeat(scene.book, 32, turned_away);
}

// What was acknowledged is kept under names that nobody asks for.
void forget_answers(Overload& scene) {
  for (Sample& each : scene.all)
    if (each.verdict == Verdict::done) each.attempt += 1'000'000'000'000;
}

void play_under(Trial& trial, const std::string& mutant) {
  const std::string shipped = TerminalServer::default_binary();
  if (mutant == "endless-rows") {
    overload(trial,
             {{"bounds.answer_ms_aim", "3600000"},
              {"bounds.searches_waiting_max", "1000000"},
              {"bounds.lane_max", "1000000"}},
             shipped);
  }
  if (mutant == "exits-are-payments") overload(trial, {}, shipped, true);
  if (mutant == "forgets-answers") outlive(trial, "100", forget_answers);
  if (mutant == "endless-life") outlive(trial, "3600000");
  if (mutant == "acts-on-busy") outlive(trial, "100", act_on_busy);
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
                 {"bunch", "calls in a row of one terminal", 8, 8},
                 {"pauses", "in which requests outlive their time", 10, 4},
                 {"paused-rate", "payments a second meanwhile", 40'000, 40'000},
                 {"looked-up", "answers asked for again, of each kind", 50'000, 2'000}},
       .mutants = {"endless-rows", "exits-are-payments", "forgets-answers", "endless-life",
                   "acts-on-busy"}},
      count, arguments);
  const std::string shipped = TerminalServer::default_binary();
  const unsigned cores = take_last_core();
  trial.say(cores == 0 ? "  server and terminals share one processor"
                       : "  the server has " + std::to_string(cores) +
                             " processors, the terminals have one");
  if (trial.mutants().empty()) {
    overload(trial, {}, shipped);
    outlive(trial, "100");
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
