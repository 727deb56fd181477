// One face to a receipt on disk: a till's pay() over TLS on loopback, with a gallery of people
// enrolled through the same door. Beside it, in the same run and in turns: a ping over the same
// connection (network and RPC alone), a stranger's face (that and the search, no record), and the
// log's own synced append of one entry of about that size.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

#include "benchmarks/house.h"
#include "benchmarks/report.h"

namespace obverse {
namespace {

using Time = std::chrono::steady_clock;

struct Wanted {
  std::uint64_t people = 10'000;
  std::uint64_t calls = 2'000;  // of each kind
  unsigned in_flight = 32;      // for the throughput
  bool json = false;
};

struct Micros {
  std::vector<double> each;

  template <class Call>
  void take(Call call) {
    const auto begun = Time::now();
    call();
    each.push_back(std::chrono::duration<double, std::micro>(Time::now() - begun).count());
  }
  double at(double share) {
    std::ranges::sort(each);
    return each.at(static_cast<std::size_t>(share * static_cast<double>(each.size() - 1)));
  }
};

// Sends all of them, at most `width` unanswered at once; gives what the answers say.
template <class Make>
std::vector<std::uint64_t> send_all(house::Terminal& terminal, std::uint64_t count,
                                    std::size_t width, Make make) {
  using Sent = decltype(make(std::uint64_t{}).send());
  std::deque<Sent> sent;
  std::vector<std::uint64_t> ids;
  const auto take_one = [&] {
    ids.push_back(house::done(sent.front().wait(terminal.wait_scope()).getOutcome()));
    sent.pop_front();
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    if (sent.size() >= width) take_one();
    auto request = make(i);
    sent.push_back(request.send());
  }
  while (!sent.empty()) take_one();
  return ids;
}

// Everybody consents to pay, has a face of one photo and a wallet with money.
void enrol_everybody(house::Terminal& enrolment, std::uint64_t people) {
  auto desk = enrolment.enrolment();
  std::uint64_t attempt = 1;
  const auto keyed = [&](auto request) {
    house::fill(request.initAttempt(), house::key(attempt++));
    return request;
  };
  constexpr std::size_t many = 512;
  const auto riders = send_all(enrolment, people, many,
                               [&](std::uint64_t) { return keyed(desk.registerRequest()); });
  send_all(enrolment, people, many, [&](std::uint64_t i) {
    auto request = keyed(desk.consentRequest());
    request.setRider(riders[i]);
    request.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    request.initParty().setEveryone();
    request.setTextVersion(1);
    return request;
  });
  send_all(enrolment, people, many, [&](std::uint64_t i) {
    auto request = keyed(desk.openWalletRequest());
    request.setRider(riders[i]);
    request.setCurrency(392);
    return request;
  });
  send_all(enrolment, people, many, [&](std::uint64_t i) {
    auto request = keyed(desk.loadRequest());
    request.setRider(riders[i]);
    request.initAmount().setMinor(1'000'000);
    request.getAmount().setCurrency(392);
    return request;
  });
  send_all(enrolment, people, 64, [&](std::uint64_t i) {
    auto request = keyed(desk.enrolRequest());
    request.setRider(riders[i]);
    house::fill(request.initPhotos(1)[0], house::photo(i + 1, 1));
    return request;
  });
}

auto pay_request(rpc::Checkout::Client till, std::uint64_t attempt, const house::Numbers& face) {
  auto request = till.payRequest();
  house::fill(request.initAttempt(), house::key(attempt));
  house::fill(request.initPresence().initProbe(), face);
  request.initAmount().setMinor(1);
  request.getAmount().setCurrency(392);
  return request;
}

struct Measured {
  Micros ping, stranger, pay, append;
  double pays_a_second = 0;
  std::uint64_t wrong = 0;  // answers that were not what they had to be
};

void measure_in_turns(house::Terminal& till, const Wanted& wanted, EventLog& bare, Measured& out) {
  auto checkout = till.checkout();
  auto session = till.login().getSession();
  Head head = bare.acquire();
  std::uint64_t attempt = 10'000'000;
  for (std::uint64_t i = 0; i < wanted.calls; ++i) {
    out.ping.take([&] { till.ask(session.pingRequest()); });
    auto unknown = pay_request(checkout, ++attempt, house::face(1'000'000 + i));
    out.stranger.take([&] {
      if (!till.ask(kj::mv(unknown)).getOutcome().isDeclined()) ++out.wrong;
    });
    auto known = pay_request(checkout, ++attempt, house::photo(i % wanted.people + 1, 100 + i));
    out.pay.take([&] {
      if (!till.ask(kj::mv(known)).getOutcome().isApproved()) ++out.wrong;
    });
    const std::vector<NewEntry> entry{{Bytes(700, static_cast<char>(i)), {}}};
    out.append.take([&] {
      if (bare.append(head, entry) != Appended::committed) ++out.wrong;
    });
  }
}

void measure_together(house::Terminal& till, const Wanted& wanted, Measured& out) {
  auto checkout = till.checkout();
  std::deque<capnp::RemotePromise<rpc::Checkout::PayResults>> sent;
  std::vector<house::Numbers> faces;
  for (std::uint64_t i = 0; i < wanted.calls; ++i) {
    faces.push_back(house::photo(i % wanted.people + 1, 50 + i));
  }
  const auto take_one = [&] {
    if (!sent.front().wait(till.wait_scope()).getOutcome().isApproved()) ++out.wrong;
    sent.pop_front();
  };
  const auto begun = Time::now();
  for (std::uint64_t i = 0; i < wanted.calls; ++i) {
    if (sent.size() >= wanted.in_flight) take_one();
    sent.push_back(pay_request(checkout, 20'000'000 + i, faces[i]).send());
  }
  while (!sent.empty()) take_one();
  const double seconds = std::chrono::duration<double>(Time::now() - begun).count();
  out.pays_a_second = static_cast<double>(wanted.calls) / seconds;
}

int report(const Wanted& wanted, Measured& out) {
  Report report(wanted.json);
  const auto row = [](const std::string& name, Micros& micros) {
    return std::vector<std::string>{name, fixed(micros.at(0.5), 0), fixed(micros.at(0.99), 0)};
  };
  report.table("One call at a time, " + std::to_string(wanted.people) + " people enrolled",
               {"call", "p50 us", "p99 us"},
               {row("ping: network and RPC alone", out.ping),
                row("stranger: and decoding and search", out.stranger),
                row("pay: and decision, sync and receipt", out.pay),
                row("the log's own synced append of 700 bytes", out.append)});
  const double ping = out.ping.at(0.5), stranger = out.stranger.at(0.5), pay = out.pay.at(0.5);
  report.table(
      "Shares of a pay, by medians", {"part", "us", "share"},
      {{"network and RPC", fixed(ping, 0), fixed(ping / pay, 2)},
       {"decoding and search", fixed(stranger - ping, 0), fixed((stranger - ping) / pay, 2)},
       {"decision and commit", fixed(pay - stranger, 0), fixed((pay - stranger) / pay, 2)},
       {"pay / bare append", "", fixed(pay / out.append.at(0.5), 2)}});
  report.table("In flight: " + std::to_string(wanted.in_flight), {"pays a second"},
               {{fixed(out.pays_a_second, 0)}});
  report.check("every known face paid and no stranger did", out.wrong == 0);
  return report.close();
}

int run(const Wanted& wanted) {
  const house::Estate estate;
  Config config = estate.config();
  config.enrolments = 16;
  config.searches_waiting_max = 4'096;
  house::Running running(config);
  const auto loop = std::make_shared<ClientLoop>();
  {
    house::Terminal first(loop, running.port(), estate.terminal("first-operator"));
    house::set_up(first, estate);
  }
  {
    const auto begun = Time::now();
    house::Terminal enrolment(loop, running.port(), estate.terminal("enrolment"));
    enrol_everybody(enrolment, wanted.people);
    const double seconds = std::chrono::duration<double>(Time::now() - begun).count();
    if (!wanted.json) {
      std::printf("enrolled %u people in %.1f s\n", running.server().people(), seconds);
    }
  }
  house::Terminal till(loop, running.port(), estate.terminal("till"));
  const auto bare = std::make_unique<RocksLog>((estate / "bare").string());
  Measured measured;
  measure_in_turns(till, wanted, *bare, measured);
  measure_together(till, wanted, measured);
  return report(wanted, measured);
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) {
  obverse::Wanted wanted;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto number = [&] { return i + 1 < count ? std::stoull(arguments[++i]) : 0; };
    if (argument == "--json") {
      wanted.json = true;
    } else if (argument == "--people") {
      wanted.people = number();
    } else if (argument == "--calls") {
      wanted.calls = number();
    } else {
      std::fprintf(stderr, "gate_bench [--people N] [--calls N] [--json]\n");
      return 2;
    }
  }
  return wanted.people > 0 && wanted.calls > 0 ? obverse::run(wanted) : 2;
}
