// Acts of patience and of quantity, beside terminals that only want to pay.
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/promises/hostile/scene.h"

namespace obverse::promises {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr double greedy_a_second = 100'000;  // a good one asks 25 times

// Plain connections that are closed with the object.
struct Sockets {
  ~Sockets() {
    for (const int each : open) close(each);
  }
  std::vector<int> open;
};

// How many of them the server has ended, waiting at most so long for all of them.
std::size_t ended_within(const Sockets& sockets, milliseconds patience) {
  const auto until = Clock::now() + patience;
  std::size_t ended = 0;
  for (const int each : sockets.open) {
    const auto rest = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    const auto ms = std::max<std::int64_t>(1, rest.count());
    const timeval limit{.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    ::setsockopt(each, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char byte = 0;
    ssize_t got = 0;
    while ((got = ::recv(each, &byte, 1, 0)) > 0) continue;
    if (got == 0 || errno == ECONNRESET) ++ended;
  }
  return ended;
}

// A terminal that comes while the door is besieged: how long until it has paid.
void come_in_between(Scene& scene, std::size_t many) {
  const auto begun = Clock::now();
  scene.expect("a terminal that comes while " + std::to_string(many) + " wait at the door", "done",
               [&] {
                 Peer peer(scene.server->port(), scene.till(0));
                 const std::string why = peer.log_in();
                 if (!why.empty()) return why;
                 const Told told = peer.ask(scene.pay(1), scene.attempt());
                 return told.verdict == Verdict::done ? std::string("done") : told.name;
               });
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  scene.trial.figure("from its coming to its paid sale", fixed(ms, 1) + " ms", "1000 ms",
                     ms <= 1'000);
}

// Half-open: a byte a while of a hello that never ends, or nothing at all. More than may shake
// hands at once: the oldest give way.
void dawdle_at_the_door(Scene& scene) {
  const std::size_t many = scene.trial.dial("half-open");
  scene.beside_good_ones(std::to_string(many) + " half-open connections", [&] {
    Sockets sockets;
    const std::uint64_t before = scene.server->resident_bytes();
    std::uint64_t most = before;
    for (std::size_t i = 0; i < many; ++i) {
      sockets.open.push_back(dial(scene.server->port(), std::chrono::seconds(10)));
      const unsigned char hello[] = {22, 3, 1, 2, 0};
      if (i % 2 == 0) ::send(sockets.open.back(), hello, 1 + i % 5, MSG_NOSIGNAL);
      if (i % 200 == 199) most = std::max(most, scene.server->resident_bytes());
    }
    come_in_between(scene, many);
    std::this_thread::sleep_for(milliseconds(200));
    most = std::max(most, scene.server->resident_bytes());
    const double each = static_cast<double>(most - before) / static_cast<double>(many);
    scene.trial.figure("memory of a half-open connection", fixed(each / 1024, 2) + " KiB", "4 KiB",
                       each <= 4 * 1024);
    const std::size_t ended = ended_within(sockets, std::chrono::seconds(8));
    scene.trial.check("every half-open connection is ended, by its deadline at the latest",
                      ended == many,
                      std::to_string(many - ended) + " of " + std::to_string(many) + " were not");
  });
}

// In TLS, but never to the end of a message; and in TLS, but never logged in.
void dawdle_inside(Scene& scene) {
  scene.expect("half a message, and no more", "closed", [&] {
    Peer peer(scene.server->port(), scene.till());
    if (!peer.log_in().empty()) return std::string("was not let in");
    Words half = bootstrap_words(3);
    half.resize(half.size() / 2);
    peer.say(half);
    return peer.ending(std::chrono::seconds(6));
  });
  scene.expect("a handshake, and never a login", "closed", [&] {
    Peer peer(scene.server->port(), scene.till());
    return peer.ending(std::chrono::seconds(6));
  });
}

// The same again and again, on so many threads that a processor is busy with it.
std::uint64_t storm(milliseconds time, std::size_t threads, const std::function<void()>& once) {
  const auto until = Clock::now() + time;
  std::atomic<std::uint64_t> count{0};
  std::vector<std::jthread> crowd;
  for (std::size_t i = 0; i < threads; ++i) {
    crowd.emplace_back([&] {
      // One that was turned away at the door has had its answer.
      while (Clock::now() < until) {
        try {
          once();
          ++count;
        } catch (const std::runtime_error&) {
        }
      }
    });
  }
  crowd.clear();
  return count;
}

void storm_the_door(Scene& scene) {
  const milliseconds time(scene.trial.brief() ? 600 : 5'000);
  const auto told = [&](std::uint64_t count, const std::string& what) {
    const double seconds = static_cast<double>(time.count()) / 1'000;
    scene.trial.say("  " + std::to_string(count) + " " + what + ", " +
                    fixed(static_cast<double>(count) / seconds, 0) + " a second");
  };
  scene.beside_good_ones("a flood of handshakes", [&] {
    told(storm(time, 8, [&] { const Peer peer(scene.server->port(), scene.till(1)); }),
         "handshakes");
  });
  scene.beside_good_ones("a flood of connections that close at once", [&] {
    told(storm(time, 4, [&] { close(dial(scene.server->port(), std::chrono::seconds(10))); }),
         "connections");
  });
}

}  // namespace

// One terminal that asks for thousands of times what another does.
void be_greedy(Scene& scene) {
  const double seconds = scene.trial.brief() ? 1 : 5;
  scene.beside_good_ones("one terminal at 4,000 times its share", [&] {
    Fleet one(scene.server->port(), {scene.till(0)}, 4);
    one.speak_in_bunches_of(16);
    const Fleet::Book book{scene.pay(1), scene.pay(2)};
    const auto begun = Clock::now();
    const auto samples = one.open_loop(book, greedy_a_second, seconds, scene.attempt(), 2);
    const double took = std::chrono::duration<double>(Clock::now() - begun).count();
    std::uint64_t done = 0, busy = 0;
    for (const Sample& each : samples) {
      if (each.verdict == Verdict::done) ++done;
      if (each.verdict == Verdict::busy) ++busy;
    }
    scene.trial.say("  it asked " + std::to_string(samples.size()) + " times, was served " +
                    std::to_string(done) + " times and told BUSY " + std::to_string(busy) +
                    " times");
    scene.trial.check("the greedy terminal is told BUSY", busy > 0);
    // A second's worth at once after a rest, then so many a second.
    const double most = calls_a_second_max * (took + 1);
    scene.trial.check(
        "the greedy terminal is served no more than its pace", static_cast<double>(done) <= most,
        std::to_string(done) + " in " + fixed(took, 1) + " s, at most " + fixed(most, 0));
  });
}

namespace {

// Asks, and never reads an answer.
void never_listen(Scene& scene) {
  const std::uint64_t before = scene.server->resident_bytes();
  Peer peer(scene.server->port(), scene.till(0));
  peer.log_in();
  const timeval limit{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(peer.socket(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const Phrase ping = Phrase::ping();
  Words words;
  for (std::uint32_t i = 0; i < 1'000; ++i) ping.say(words, 10 + i, 0);
  for (int i = 0; i < 200; ++i) peer.say(words);
  const std::uint64_t after = scene.server->resident_bytes();
  const std::uint64_t grew = after > before ? after - before : 0;
  scene.trial.check("who never reads answers costs at most 16 MiB", grew <= (16U << 20U),
                    std::to_string(grew >> 20U) + " MiB");
}

}  // namespace

void dawdle(Scene& scene) {
  dawdle_inside(scene);
  dawdle_at_the_door(scene);
}

void flood(Scene& scene) {
  storm_the_door(scene);
  be_greedy(scene);
  never_listen(scene);
}

}  // namespace obverse::promises
