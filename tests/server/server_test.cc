// The whole server over TLS on loopback, with its log and vault on disk.
#include "ledger/server/server.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/house.h"

using namespace obverse;
using house::Estate;
using house::key;
using house::Running;

namespace {

struct Town {
  Town() { start(); }

  void start() { running = std::make_unique<Running>(config); }
  void restart() {
    running.reset();
    start();
  }
  house::Terminal log_in(const std::string& name, const house::Seen& seen = {}) {
    return {loop, running->port(), estate.terminal(name), seen};
  }
  void set_up() {
    house::Terminal first = log_in("first-operator");
    house::set_up(first, estate);
  }
  std::uint64_t position() { return running->server().position(); }

  Estate estate;
  Config config = estate.config();
  std::shared_ptr<ClientLoop> loop = std::make_shared<ClientLoop>();
  std::unique_ptr<Running> running;
};

auto pass(house::Terminal& gate, bool enters, std::uint64_t attempt, const house::Numbers& face) {
  const auto fill = [&](auto request) {
    house::fill(request.initAttempt(), key(attempt));
    house::fill(request.initPresence().initProbe(), face);
    const auto response = gate.ask(kj::mv(request));
    const auto outcome = response.getOutcome();
    if (outcome.isEntered()) return std::string("entered");
    if (outcome.isLeft()) return "left " + std::to_string(outcome.getLeft().getFare().getMinor());
    return std::string(outcome.isRefused() ? outcome.getRefused().getReason().cStr() : "unknown");
  };
  return enters ? fill(gate.gate().enterRequest()) : fill(gate.gate().leaveRequest());
}

auto pay_request(house::Terminal& till, std::uint64_t attempt, const house::Numbers& face,
                 std::int64_t yen) {
  auto request = till.checkout().payRequest();
  house::fill(request.initAttempt(), key(attempt));
  house::fill(request.initPresence().initProbe(), face);
  request.initAmount().setMinor(yen);
  request.getAmount().setCurrency(392);
  return request;
}

std::string words(rpc::PayOutcome::Reader outcome) {
  if (outcome.isApproved()) {
    return "approved " + std::to_string(outcome.getApproved().getPurchase());
  }
  return outcome.isDeclined() ? outcome.getDeclined().getReason().cStr() : "unknown";
}

std::string pay(house::Terminal& till, std::uint64_t attempt, const house::Numbers& face,
                std::int64_t yen) {
  return words(till.ask(pay_request(till, attempt, face, yen)).getOutcome());
}

std::string status(house::Terminal& till, std::uint64_t attempt) {
  auto request = till.checkout().statusRequest();
  house::fill(request.initAttempt(), key(attempt));
  return words(till.ask(kj::mv(request)).getOutcome());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_server)

BOOST_AUTO_TEST_CASE(a_face_enters_rides_and_pays_and_a_restart_remembers) {
  Town town;
  town.set_up();
  {
    house::Terminal enrolment = town.log_in("enrolment");
    house::enrol(enrolment, 1, 5'000);
    house::Terminal gate_a = town.log_in("gate-a");
    house::Terminal gate_b = town.log_in("gate-b");
    BOOST_TEST(pass(gate_a, true, 1, house::photo(1, 5)) == "entered");
    BOOST_TEST(pass(gate_a, true, 2, house::face(99)) == "NOT_RECOGNISED");
    BOOST_TEST(pass(gate_b, false, 1, house::photo(1, 6)) == "left 240");
  }
  std::string sold;
  {
    house::Terminal till = town.log_in("till");
    sold = pay(till, 1, house::photo(1, 7), 300);
    BOOST_TEST(sold.starts_with("approved "));
    BOOST_TEST(pay(till, 1, house::photo(1, 8), 300) == sold);
    BOOST_TEST(pay(till, 1, house::photo(1, 8), 301) == "IDEMPOTENCY_CONFLICT");
  }
  const auto before = town.position();
  {
    house::Terminal till = town.log_in("till");  // another connection
    BOOST_TEST(status(till, 1) == sold);
    BOOST_TEST(status(till, 2) == "unknown");
  }
  town.restart();
  BOOST_TEST(town.position() == before);
  BOOST_TEST(town.running->server().people() == 1U);
  house::Terminal till = town.log_in("till");
  BOOST_TEST(status(till, 1) == sold);
  BOOST_TEST(pay(till, 1, house::photo(1, 9), 300) == sold);
  BOOST_TEST(town.position() == before);
}

BOOST_AUTO_TEST_CASE(roles_hold_over_the_wire) {
  Town town;
  town.set_up();
  const auto fails = [](auto call) {
    try {
      call();
      return false;
    } catch (const kj::Exception&) {
      return true;
    }
  };
  house::Terminal gate = town.log_in("gate-a");
  house::Terminal till = town.log_in("till");
  house::Terminal auditor = town.log_in("auditor");
  BOOST_TEST(!gate.login().hasCheckout());
  BOOST_TEST(!till.login().hasGate());
  BOOST_TEST(!auditor.login().hasOperator());
  const auto before = town.position();
  BOOST_TEST(fails([&] { pay(gate, 1, house::photo(1, 1), 100); }));
  BOOST_TEST(fails([&] { pass(till, true, 1, house::photo(1, 1)); }));
  BOOST_TEST(fails([&] {
    auto request = auditor.desk().registerOperatorRequest();
    request.setCode("mine");
    house::fill(request.initAttempt(), key(1));
    auditor.ask(kj::mv(request));
  }));
  BOOST_TEST(fails([&] { auditor.ask(auditor.enrolment().registerRequest()); }));
  BOOST_TEST(town.position() == before);
  // A certificate of our authority that nobody registered.
  house::Terminal stranger = town.log_in("stranger");
  BOOST_TEST(stranger.login().getRefused().getReason().cStr() == "TERMINAL_NOT_AUTHORISED");
}

BOOST_AUTO_TEST_CASE(a_revoked_terminal_is_cut_live_and_stays_out) {
  Town town;
  town.set_up();
  house::Terminal till = town.log_in("till");
  house::Terminal gate = town.log_in("gate-a");
  house::Terminal desk = town.log_in("first-operator");
  auto revoke = desk.desk().revokeTerminalRequest();
  house::fill(revoke.initAttempt(), key(900));
  revoke.setCode("till");
  house::done(desk.ask(kj::mv(revoke)).getOutcome());
  // It ends by itself: nobody asks anything of it. Another connection's pings let time pass.
  int pings = 0;
  constexpr int pings_max = 20'000;
  while (!till.connection().is_lost() && pings < pings_max) {
    gate.ask(gate.login().getSession().pingRequest());
    ++pings;
  }
  BOOST_TEST(pings < pings_max);
  BOOST_TEST(town.running->server().connections().of(Ending::cut) == 1U);
  BOOST_TEST(!gate.connection().is_lost());
  house::Terminal again = town.log_in("till");
  BOOST_TEST(again.login().getRefused().getName().cStr() == "terminal_must_not_be_revoked");
  BOOST_TEST(!again.login().hasCheckout());
}

BOOST_AUTO_TEST_CASE(an_erased_face_is_unknown_once_the_erasure_was_answered) {
  Town town;
  town.set_up();
  house::Terminal enrolment = town.log_in("enrolment");
  const auto rider = house::enrol(enrolment, 1, 5'000);
  house::Terminal till = town.log_in("till");
  BOOST_TEST(pay(till, 1, house::photo(1, 5), 100).starts_with("approved"));
  auto erase = enrolment.enrolment().eraseRequest();
  house::fill(erase.initAttempt(), key(900));
  erase.setRider(rider);
  house::done(enrolment.ask(kj::mv(erase)).getOutcome());
  BOOST_TEST(pay(till, 2, house::photo(1, 6), 100) == "NOT_RECOGNISED");
  town.restart();
  BOOST_TEST(town.running->server().people() == 0U);
  house::Terminal after = town.log_in("till");
  BOOST_TEST(pay(after, 2, house::photo(1, 6), 100) == "NOT_RECOGNISED");
}

BOOST_AUTO_TEST_CASE(an_older_copy_of_the_data_serves_nobody_once_somebody_saw_more) {
  Town town;
  town.set_up();
  town.running.reset();
  std::filesystem::copy(town.config.data_directory, town.estate / "older",
                        std::filesystem::copy_options::recursive);
  town.start();
  house::Seen seen;
  {
    house::Terminal enrolment = town.log_in("enrolment");
    house::enrol(enrolment, 1, 5'000);
    house::Terminal again = town.log_in("enrolment");
    const auto head = again.login().getWelcome().getHead();
    seen.position = head.getHeadPosition();
    seen.chain.assign(head.getHeadChain().begin(), head.getHeadChain().end());
    seen.mark.assign(head.getMark().begin(), head.getMark().end());
  }
  BOOST_TEST(town.log_in("enrolment", seen).login().hasEnrolment());
  town.running.reset();
  std::filesystem::remove_all(town.config.data_directory);
  std::filesystem::rename(town.estate / "older", town.config.data_directory);
  town.start();
  house::Terminal unaware = town.log_in("enrolment");
  BOOST_TEST(unaware.login().hasEnrolment());
  const house::Terminal refused = town.log_in("enrolment", seen);
  BOOST_TEST(!refused.login().hasEnrolment());
  BOOST_TEST(refused.login().getRefused().getReason().cStr() == "OUT_OF_SERVICE");
  BOOST_TEST(town.running->server().metrics().value(Count::rollbacks_proven) == 1U);
  BOOST_TEST(!town.log_in("enrolment").login().hasEnrolment());
  const auto position = town.running->server().position();
  auto registration = unaware.enrolment().registerRequest();
  house::fill(registration.initAttempt(), house::key(77));
  BOOST_TEST(unaware.ask(kj::mv(registration)).getOutcome().getRefused().getReason().cStr() ==
             "OUT_OF_SERVICE");
  BOOST_TEST(town.running->server().position() == position);
}

BOOST_AUTO_TEST_CASE(over_the_bound_a_caller_is_told_busy_and_when_to_come_again) {
  Town town;
  town.config.searches = 1;
  town.config.searches_waiting_max = 1;
  town.config.retry_after = milliseconds(123);
  town.restart();
  town.set_up();
  house::Terminal enrolment = town.log_in("enrolment");
  house::enrol(enrolment, 1, 100'000);
  house::Terminal till = town.log_in("till");
  std::vector<capnp::RemotePromise<rpc::Checkout::PayResults>> asked;
  constexpr std::uint64_t calls = 200;
  for (std::uint64_t i = 1; i <= calls; ++i) {
    asked.push_back(pay_request(till, i, house::photo(1, i), 1).send());
  }
  std::uint64_t approved = 0;
  std::uint64_t busy = 0;
  for (auto& promise : asked) {
    const auto response = promise.wait(till.wait_scope());
    if (response.getOutcome().isApproved()) {
      ++approved;
      continue;
    }
    BOOST_TEST(response.getOutcome().getDeclined().getReason().cStr() == "BUSY");
    BOOST_TEST(response.getOutcome().getDeclined().getRetryAfterMs() == 123U);
    ++busy;
  }
  BOOST_TEST(approved > 0U);
  BOOST_TEST(busy > 0U);
  BOOST_TEST(approved + busy == calls);
  // Who comes again is served: a busy attempt left nothing behind.
  for (std::uint64_t i = 1; i <= calls; ++i) {
    BOOST_TEST(pay(till, i, house::photo(1, i), 1).starts_with("approved"));
  }
}

BOOST_AUTO_TEST_CASE(several_network_threads) {
  Town town;
  town.config.reactors = 3;
  town.restart();
  town.set_up();
  house::Terminal enrolment = town.log_in("enrolment");
  house::enrol(enrolment, 1, 5'000);
  for (std::uint64_t i = 0; i < 6; ++i) {
    house::Terminal till = town.log_in("till");
    BOOST_TEST(pay(till, 10 + i, house::photo(1, i), 10).starts_with("approved"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
