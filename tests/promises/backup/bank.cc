#include "tests/promises/backup/bank.h"

#include <mutex>

#include "ledger/engine/ledger.h"
#include "ledger/log/rocks_log.h"

namespace obverse::promises {

Bank::Bank(std::uint64_t people) : people_(people) {
  for (std::uint64_t person = 1; person <= people_; ++person)
    faces_.push_back(house::photo(person, 3));
  serve(data_);
  on_thread([&] {
    const auto loop = std::make_shared<ClientLoop>();
    house::Terminal first(loop, server_->port(), estate_.terminal("first-operator"));
    house::set_up(first, estate_);
    house::Terminal desk(loop, server_->port(), estate_.terminal("enrolment"));
    for (std::uint64_t person = 1; person <= people_; ++person)
      house::enrol(desk, person, 10'000'000);
  });
}

void Bank::serve(const std::filesystem::path& data) {
  data_ = data;
  write_settings(estate_, data_, estate_ / "obverse.toml");
  server_.emplace(product("obversed"), estate_ / "obverse.toml", estate_ / "server.log");
}

void Bank::live_on(std::uint64_t records) {
  constexpr std::uint64_t at_once = 512;
  stop();
  {
    RocksLog log((data_ / "log").string());
    SystemClock clock;
    Ledger ledger(log, clock);
    std::uint64_t refused = 0;
    for (std::uint64_t number = 0; number < records;) {
      for (std::uint64_t i = 0; i < at_once; ++i, ++number)
        ledger.submit({{}, {}, clock.now(), LoadFunds{{1}, {1, Currency::jpy}, {}}, {}},
                      [&refused](const Answer& answer) {
                        refused += std::holds_alternative<Refused>(answer.reply) ? 1 : 0;
                      });
      while (ledger.step()) continue;
    }
    if (refused > 0) throw std::runtime_error("money was not loaded");
  }
  serve(data_);
}

int Bank::stop() {
  const int status = server_->stop();
  server_.reset();
  return status;
}

void Bank::note(const house::Seen& seen) {
  const std::scoped_lock lock(noting_);
  if (seen.position > newest_.position) newest_ = seen;
}

Load Bank::pay_for(std::chrono::milliseconds time, unsigned tills) {
  using Clock = std::chrono::steady_clock;
  std::vector<Load> each(tills);
  std::vector<std::thread> crowd;
  const auto until = Clock::now() + time;
  for (unsigned i = 0; i < tills; ++i) {
    crowd.emplace_back([&, i] {
      house::Terminal till(std::make_shared<ClientLoop>(), server_->port(),
                           estate_.terminal("till"));
      for (std::size_t turn = i; Clock::now() < until; turn += tills) {
        const std::uint64_t attempt = ++attempt_;
        const auto begun = Clock::now();
        const auto paid = pay(till, attempt, faces_[turn % people_]).wait(till.wait_scope());
        const std::chrono::duration<double, std::micro> took = Clock::now() - begun;
        if (paid.getOutcome().isApproved())
          each[i].micros.push_back(took.count());
        else
          ++each[i].declined;
        note(seen_in(paid.getOutcome()));
      }
    });
  }
  for (std::thread& one : crowd) one.join();
  Load all;
  for (const Load& one : each) {
    all.micros.insert(all.micros.end(), one.micros.begin(), one.micros.end());
    all.declined += one.declined;
  }
  return all;
}

Remembered Bank::pay_once() {
  Remembered kept{++attempt_, 0, 0, {}};
  on_thread([&] {
    house::Terminal till(std::make_shared<ClientLoop>(), server_->port(), estate_.terminal("till"));
    const auto paid = pay(till, kept.attempt, faces_[kept.person]).wait(till.wait_scope());
    if (!paid.getOutcome().isApproved()) throw std::runtime_error("a payment was declined");
    kept.purchase = paid.getOutcome().getApproved().getPurchase();
    kept.chain = bytes_of(paid.getOutcome().getReceipt().getChain());
    note(seen_in(paid.getOutcome()));
  });
  return kept;
}

std::string Bank::log_in(const house::Seen& seen, const std::optional<Remembered>& again) {
  std::string refused;
  on_thread([&] {
    house::Terminal till(std::make_shared<ClientLoop>(), server_->port(), estate_.terminal("till"),
                         seen);
    if (till.login().hasRefused()) {
      refused = till.login().getRefused().getCause().cStr();
      if (refused.empty()) refused = till.login().getRefused().getReason().cStr();
    } else if (again) {
      const auto paid = pay(till, again->attempt, faces_[again->person]).wait(till.wait_scope());
      const bool same = paid.getOutcome().isApproved() &&
                        paid.getOutcome().getApproved().getPurchase() == again->purchase &&
                        bytes_of(paid.getOutcome().getReceipt().getChain()) == again->chain;
      if (!same) refused = "an attempt that was answered before got another answer";
    }
  });
  return refused;
}

Finished Bank::backup(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{product("obverse-backup").string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.insert(all.end(), {"--kek", kek().string(), "--json"});
  return run_program(all);
}

}  // namespace obverse::promises
