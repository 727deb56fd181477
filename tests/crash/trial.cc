#include "tests/crash/trial.h"

#include <chrono>
#include <fstream>
#include <thread>

namespace obverse::crash {
namespace {

constexpr std::size_t people = 4;
constexpr std::int64_t start_yen = 900'000;

std::string bytes(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

rpc::PayOutcome::Reader pay(house::Terminal& till, std::size_t person, std::uint64_t attempt,
                            std::optional<capnp::Response<rpc::Checkout::PayResults>>& kept) {
  auto request = till.checkout().payRequest();
  house::fill(request.initAttempt(), house::key(attempt));
  house::fill(request.initPresence().initProbe(), house::photo(person + 1, 3));
  request.getPresence().getProbe().setCapturedAt(0);
  request.initAmount().setMinor(1);
  request.getAmount().setCurrency(392);
  kept.emplace(request.send().wait(till.wait_scope()));
  return kept->getOutcome();
}

void write_settings(const house::Estate& estate) {
  const auto quoted = [&](const char* name) { return '"' + (estate / name).string() + '"'; };
  std::ofstream(estate / "obverse.toml")
      << "[server]\nport = 0\nlog_level = \"error\"\ndata_directory = " << quoted("data")
      << "\n[tls]\ncertificate = " << quoted("server.pem") << "\nkey = " << quoted("server.key")
      << "\nclient_authority = " << quoted("authority.pem")
      << "\n[vault]\nkek_file = " << quoted("kek")
      << "\n[bounds]\nfree_mib_min = 1\nsnapshot_every = 500\n[bootstrap]\n"
      << "operator_certificate = " << quoted("first-operator.pem") << "\n";
}

}  // namespace

Trial::Trial(const std::string& binary, std::uint64_t seed)
    : victim_(binary, estate_ / "obverse.toml"), random_(seed) {
  write_settings(estate_);
}

void Trial::found() {
  const std::uint16_t port = victim_.start();
  std::thread([&] {
    const auto loop = std::make_shared<ClientLoop>();
    house::Terminal first(loop, port, estate_.terminal("first-operator"));
    house::set_up(first, estate_);
    house::Terminal desk(loop, port, estate_.terminal("enrolment"));
    for (std::size_t person = 0; person < people; ++person)
      riders_.push_back(house::enrol(desk, person + 1, start_yen));
  }).join();
  victim_.kill();
}

// One purchase after the other, until the server is gone.
void Trial::shop(std::uint16_t port, std::size_t person, std::uint64_t first, Book& book) {
  try {
    house::Terminal till(std::make_shared<ClientLoop>(), port, estate_.terminal("till"));
    std::optional<capnp::Response<rpc::Checkout::PayResults>> kept;
    for (std::uint64_t attempt = first;; ++attempt) {
      book[attempt].person = person;
      const auto outcome = pay(till, person, attempt, kept);
      if (!outcome.isApproved()) continue;
      book[attempt] = {person, true, outcome.getApproved().getPurchase(),
                       bytes(outcome.getReceipt().getChain())};
    }
  } catch (const std::exception&) {
  } catch (const kj::Exception&) {
    // The server was killed: that is what it is here for.
  }
}

void Trial::load(std::uint16_t port) {
  std::vector<Book> books(people);
  std::vector<std::thread> crowd;
  for (std::size_t person = 0; person < people; ++person) {
    const std::uint64_t first = next_attempt_;
    next_attempt_ += 100'000;
    crowd.emplace_back(
        [this, port, person, first, &book = books[person]] { shop(port, person, first, book); });
  }
  const std::chrono::milliseconds life(60 + random_() % 240);
  std::this_thread::sleep_for(life);
  victim_.kill();
  ++tally_.kills;
  for (std::thread& each : crowd) each.join();
  for (Book& book : books) open_.merge(book);
}

// Every attempt of the cycle once more, under its own key.
void Trial::retry_all(std::uint16_t port) {
  house::Terminal till(std::make_shared<ClientLoop>(), port, estate_.terminal("till"));
  std::optional<capnp::Response<rpc::Checkout::PayResults>> kept;
  for (const auto& [attempt, asked] : open_) {
    const auto outcome = pay(till, asked.person, attempt, kept);
    const bool paid = outcome.isApproved();
    if (paid) ++charged_;
    ++(asked.answered ? tally_.acknowledged : tally_.unanswered);
    if (!asked.answered) continue;
    const bool same = paid && outcome.getApproved().getPurchase() == asked.purchase &&
                      bytes(outcome.getReceipt().getChain()) == asked.chain;
    if (!paid) ++tally_.lost;
    if (paid && !same) ++tally_.changed;
  }
}

void Trial::check(std::uint16_t port) {
  std::thread([&] {
    try {
      retry_all(port);
    } catch (const std::exception&) {
      ++tally_.silent;
    } catch (const kj::Exception&) {
      ++tally_.silent;
    }
  }).join();
  open_.clear();
}

void Trial::count_money(std::uint16_t port) {
  std::thread([&] {
    house::Terminal desk(std::make_shared<ClientLoop>(), port, estate_.terminal("enrolment"));
    std::int64_t left = 0;
    for (const std::uint64_t rider : riders_) {
      auto request = desk.enrolment().personRequest();
      request.setRider(rider);
      left += desk.ask(kj::mv(request)).getPerson().getBalance().getMinor();
    }
    const auto expected =
        start_yen * static_cast<std::int64_t>(people) - static_cast<std::int64_t>(charged_);
    tally_.missing_yen = expected - left;
  }).join();
}

void Trial::run(int kills) {
  found();
  for (int i = 0; i < kills; ++i) {
    load(victim_.start());
    if (i % 3 == 2) {
      victim_.start_unseen();
      std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 120));
      victim_.kill();
      ++tally_.kills;
    }
    const std::uint16_t port = victim_.start();
    check(port);
    if (tally_.silent != 0) return;
    if (i == kills - 1) count_money(port);
    victim_.kill();
  }
}

}  // namespace obverse::crash
