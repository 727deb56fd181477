// The interior without a network: a log in memory, a vault in a temporary folder, a clock that
// stands, and one reactor on which a test's body runs and calls capabilities directly.
#pragma once

#include <functional>
#include <future>
#include <string>

#include "ledger/engine/clock.h"
#include "ledger/log/memory_log.h"
#include "ledger/server/common_service.h"
#include "ledger/server/entrance_service.h"
#include "ledger/server/interior.h"
#include "ledger/vault/kek.h"
#include "tests/server/house.h"

namespace obverse::house {

inline Digest certificate(std::uint8_t number) {
  Digest digest;
  digest.bytes.fill(number);
  return digest;
}
inline constexpr std::uint8_t desk_paper = 1, gate_a_paper = 2, gate_b_paper = 3, till_paper = 4,
                              enrolment_paper = 5, auditor_paper = 6, stranger_paper = 99;

inline Policy some_policy() {
  Policy policy;
  policy.authorisation_life = minutes(1);
  policy.face_only_day_max = 1'000'000;
  policy.thresholds = {{"mobilefacenet-512", Search::one_to_many, 1'000'000, match_score(0.5)},
                       {"mobilefacenet-512", Search::one_to_one, 1'000'000, match_score(0.5)}};
  policy.margin = match_score(0.05);
  return policy;
}

inline Tariff some_tariff() {
  Tariff tariff;
  tariff.code = "T-1";
  tariff.transit = {1};
  tariff.stations = {"A", "B"};
  tariff.tracks = {{{0}, {1}, 5'000, 0}};
  tariff.sections = {{std::numeric_limits<std::int64_t>::max(), 240, 120}};
  tariff.maximum_adult_minor = 390;
  tariff.maximum_child_minor = 200;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  tariff.travel_time_min = {0};
  return tariff;
}

class Inside {
 public:
  // `change` may alter the settings before anything is built.
  explicit Inside(const std::function<void(Config&)>& change = {}) {
    Kek::make_file(folder_ / "kek");
    config_.kek_file = folder_ / "kek";
    config_.data_directory = folder_ / "data";
    if (change) change(config_);
    std::filesystem::create_directories(config_.data_directory);
    open();
  }
  ~Inside() { close(); }

  // As after a restart: the same log, the same vault.
  void reopen() {
    close();
    open();
  }

  // The ledger's own command; waits for the answer.
  Answer tell(Command command) {
    std::promise<Answer> told;
    household().ledger.submit({.actor = {},
                               .attempt = {},
                               .occurred_at = clock_.now(),
                               .command = std::move(command),
                               .deadline = {}},
                              [&told](const Answer& answer) { told.set_value(answer); });
    return told.get_future().get();
  }

  // Operator metro (1), merchant bakery (1), a terminal of each role, tariff, policy.
  void set_up() {
    tell(RegisterOperator{"metro"});
    tell(RegisterMerchant{"bakery", Currency::jpy});
    const auto terminal = [&](const char* code, Role role, std::uint8_t paper, OperatorId transit,
                              const char* station, MerchantId merchant) {
      tell(RegisterTerminal{code, role, transit, station, merchant, certificate(paper)});
    };
    terminal("desk", Role::operator_desk, desk_paper, {}, "", {});
    tell(PublishTariff{some_tariff()});
    tell(PublishPolicy{some_policy()});
    terminal("gate-a", Role::gate, gate_a_paper, {1}, "A", {});
    terminal("gate-b", Role::gate, gate_b_paper, {1}, "B", {});
    terminal("till", Role::till, till_paper, {}, "", {1});
    terminal("enrolment", Role::enrolment_desk, enrolment_paper, {}, "", {});
    terminal("auditor", Role::auditor, auditor_paper, {}, "", {});
  }

  using Login = capnp::Response<rpc::Entrance::LoginResults>;

  // On the reactor: inside a body given to run().
  Login log_in(std::uint8_t paper, const Seen& seen = {}) {
    rpc::Entrance::Client entrance = kj::heap<EntranceService>(
        household(), *crossing_, certificate(paper), [this] { ++logins; });
    auto request = entrance.loginRequest();
    auto hello = request.initHello();
    hello.setHighestPosition(seen.position);
    hello.setHighestChain({seen.chain.data(), seen.chain.size()});
    hello.setHighestMark({seen.mark.data(), seen.mark.size()});
    return request.send().wait(wait_scope());
  }
  kj::WaitScope& wait_scope() { return reactor_->wait_scope(); }
  template <class Request>
  auto ask(Request&& request) {
    return request.send().wait(wait_scope());
  }

  // A person as house::enrol makes them, by the enrolment desk's capability.
  std::uint64_t enrol(std::uint64_t seed, std::int64_t yen);

  // Runs the body on the reactor, and returns when it has; what it throws is thrown here. Once.
  void run(const std::function<void()>& body) {
    std::exception_ptr thrown;
    reactor_->post([&] {
      try {
        body();
      } catch (...) {
        thrown = std::current_exception();
      }
      reactor_->stop();
    });
    reactor_->run();
    if (thrown) std::rethrow_exception(thrown);
  }

  Household& household() { return interior_->household(); }
  const Metrics& metrics() const { return interior_->metrics(); }
  ManualClock& clock() { return clock_; }
  MemoryLog& log() { return log_; }
  Vault& vault() { return *vault_; }
  Crossing& crossing() { return *crossing_; }

  int logins = 0;
  std::vector<Digest> cut;  // by the writer's thread, before the answer to the revocation
  std::vector<std::string> broken;

 private:
  void open() {
    vault_ = Vault::open(config_.vault_directory(), Kek::from_file(config_.kek_file));
    reactor_ = std::make_unique<Reactor>();
    crossing_ = std::make_unique<Crossing>(*reactor_);
    interior_ = std::make_unique<Interior>(config_, log_, *vault_, clock_,
                                           [this](const auto& why) { broken.push_back(why); });
    interior_->start({.cut = [this](const Digest& digest) { cut.push_back(digest); },
                      .connections = [] { return std::uint64_t{0}; }});
  }
  void close() {
    interior_.reset();
    crossing_.reset();
    reactor_.reset();
    vault_.reset();
  }

  Folder folder_;
  Config config_;
  MemoryLog log_;
  ManualClock clock_{Instant{1'750'000'000'000}};
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Reactor> reactor_;
  std::unique_ptr<Crossing> crossing_;
  std::unique_ptr<Interior> interior_;
};

inline std::uint64_t Inside::enrol(std::uint64_t seed, std::int64_t yen) {
  const auto id = [](const Answer& answer) { return std::get<Registered>(answer.reply).id; };
  const RiderId rider{id(tell(RegisterRider{Category::adult, {}}))};
  tell(GrantConsent{rider, Purpose::transit, {}, 1, {}});
  tell(GrantConsent{rider, Purpose::payment, {}, 1, {}});
  tell(OpenWallet{rider, Currency::jpy});
  tell(LoadFunds{rider, {yen, Currency::jpy}, {}});
  auto login = log_in(enrolment_paper);
  auto photos = login.getEnrolment().enrolRequest();
  photos.setRider(rider.value);
  fill(photos.initAttempt(), key(100 * seed));
  auto list = photos.initPhotos(2);
  fill(list[0], photo(seed, 1));
  fill(list[1], photo(seed, 2));
  done(ask(kj::mv(photos)).getOutcome());
  return rider.value;
}

}  // namespace obverse::house
