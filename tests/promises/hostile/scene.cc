// See the header.
#include "tests/promises/hostile/scene.h"

#include <sched.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <future>
#include <thread>

namespace obverse::promises {
namespace {

constexpr double good_payments_a_second = 100;
constexpr std::size_t people = 16;
// The limit of the list, and how much a good terminal may notice.
constexpr double refusal_ms_max = 100;
constexpr double disturbance_max = 1.2;

AuthorityFiles authority_of(const house::Estate& estate) {
  return {estate / "authority.pem", estate / "authority.key"};
}

// Whoever attacks has machines of its own. Here it shares a processor with the terminals that mean
// well: it gets what they leave.
void behind_all_others(const std::function<void()>& play) {
  std::exception_ptr wrong;
  std::jthread([&] {
    const sched_param none{};
    static_cast<void>(::sched_setscheduler(0, SCHED_IDLE, &none));
    try {
      play();
    } catch (...) {
      wrong = std::current_exception();
    }
  }).join();
  if (wrong) std::rethrow_exception(wrong);
}

}  // namespace

Scene::Scene(Trial& of, const Settings& changed, const std::string& binary) : trial(of) {
  obverse::revoke(authority_of(estate), estate / "revoked.crl", {});
  Settings settings{{"tls.revocation_list", '"' + (estate / "revoked.crl").string() + '"'}};
  for (const auto& [name, value] : changed) settings[name] = value;
  server = std::make_unique<TerminalServer>(estate, settings, binary);
  server->leave_last_core();
  server->start();
  town = found_town(estate, server->port(), people, 10, 2);
  money_ = money_of(estate, server->port(), town);
}

Phrase Scene::pay(std::size_t person, std::int64_t amount, std::int64_t at) const {
  return Phrase::pay(house::photo(person % people + 1, 3), amount, at);
}

void Scene::expect(const std::string& act, const std::string& ending,
                   const std::function<std::string()>& play) {
  std::string came;
  try {
    came = play();
  } catch (const std::exception& fault) {
    came = fault.what();
  }
  trial.check(act + ": " + ending, came == ending,
              "it ended with: " + came + "; --seed " + std::to_string(trial.seed()));
}

std::uint64_t Scene::ended(const std::string& way) {
  return std::async(std::launch::async,
                    [&] {
                      house::Terminal desk(std::make_shared<ClientLoop>(), server->port(),
                                           estate.terminal("first-operator"));
                      const auto told = desk.ask(desk.desk().statusRequest());
                      for (const auto counter : told.getStatus().getCounters())
                        if (counter.getName() == "connections_ended_" + way)
                          return counter.getValue();
                      return std::uint64_t{0};
                    })
      .get();
}

std::int64_t Scene::taken() {
  const std::int64_t now = money_of(estate, server->port(), town);
  return std::exchange(money_, now) - now;
}

void Scene::revoke(const std::string& name) {
  obverse::revoke(authority_of(estate), estate / "revoked.crl", {estate / (name + ".pem")});
  server->reload();
}

std::vector<Sample> Scene::good_ones(const std::function<void()>& play) {
  Fleet fleet(server->port(), {town.tills[4], town.tills[5], town.tills[6], town.tills[7]}, 4);
  Fleet::Book book;
  for (std::size_t person = 0; person < people; ++person) book.push_back(pay(person));
  std::atomic<bool> stop{false};
  std::vector<Sample> samples;
  std::thread crowd([&, first = attempt()] {
    samples = fleet.open_loop(book, good_payments_a_second, 300, first, 5, &stop);
  });
  try {
    play();
  } catch (const std::exception& fault) {
    trial.check("the act could be played", false, fault.what());
  }
  stop = true;
  crowd.join();
  return samples;
}

void Scene::beside_good_ones(const std::string& act, const std::function<void()>& play) {
  const auto rest = std::chrono::milliseconds(trial.brief() ? 300 : 3'000);
  for (const Sample& each : good_ones([&] { std::this_thread::sleep_for(rest); }))
    baseline_ms_.push_back(each.ms);
  std::uint64_t unserved = 0, busy = 0;
  std::vector<double> ms;
  for (const Sample& each : good_ones([&] { behind_all_others(play); })) {
    if (each.verdict == Verdict::busy) ++busy;
    if (each.verdict != Verdict::done && each.verdict != Verdict::busy) ++unserved;
    if (each.verdict == Verdict::done) ms.push_back(each.ms);
  }
  trial.check("good terminals are served during: " + act, unserved == 0 && ms.size() > busy,
              std::to_string(ms.size()) + " were, " + std::to_string(busy) + " were told BUSY, " +
                  std::to_string(unserved) + " neither");
  trial.figure("good terminals told BUSY during " + act, std::to_string(busy), "0", busy == 0);
  disturbed_ms_.emplace_back(act, std::move(ms));
}

void Scene::tell_figures() {
  const double base = quantile(baseline_ms_, 0.99);
  trial.say("good terminals' p99 at rest: " + fixed(base, 1) + " ms, p90 " +
            fixed(quantile(baseline_ms_, 0.9), 1) + " ms, of " +
            std::to_string(baseline_ms_.size()));
  for (auto& [act, ms] : disturbed_ms_) {
    const double with = quantile(ms, 0.99);
    trial.figure("good terminals' p99 during " + act,
                 fixed(with, 1) + " ms, " + fixed(with / std::max(base, 0.001), 2) +
                     " times that at rest; p90 " + fixed(quantile(ms, 0.9), 1) + " ms",
                 fixed(disturbance_max, 1) + " times", with <= disturbance_max * base);
  }
  const double slowest = quantile(refusal_ms_, 1);
  trial.figure("slowest refusal of " + std::to_string(refusal_ms_.size()) + " acts",
               fixed(slowest, 1) + " ms", fixed(refusal_ms_max, 0) + " ms",
               slowest <= refusal_ms_max);
}

}  // namespace obverse::promises
