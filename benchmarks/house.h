// A whole server on loopback for whoever measures or tests it from outside: certificates, KEK, a
// log and a vault on disk, terminals that connect to it, people whose faces are random unit
// vectors. Knows no test framework.
#pragma once

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ledger/client/terminal_client.h"
#include "ledger/engine/clock.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/server.h"
#include "ledger/vault/certificates.h"
#include "ledger/vault/kek.h"
#include "schemas/terminal.capnp.h"

namespace obverse::house {

class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "obverse-house-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// --- faces
// ----------------------------------------------------------------------------------------

using Numbers = std::vector<float>;

inline void normalise(Numbers& numbers) {
  double squares = 0;
  for (const float number : numbers) squares += double{number} * double{number};
  const double length = std::sqrt(squares);
  for (float& number : numbers) number = static_cast<float>(double{number} / length);
}

// The same seed, the same face; two seeds, two strangers.
inline Numbers face(std::uint64_t seed, std::size_t dimensions = 512) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Numbers numbers(dimensions);
  for (float& number : numbers) number = normal(random);
  normalise(numbers);
  return numbers;
}

// Another photo of it: about 0.95 similar.
inline Numbers photo(std::uint64_t seed, std::uint64_t which) {
  Numbers numbers = face(seed);
  const Numbers noise = face(1'000'003 * seed + which + 7);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] += 0.3F * noise[i];
  normalise(numbers);
  return numbers;
}

inline void fill(rpc::Probe::Builder probe, const Numbers& numbers) {
  probe.setModel("mobilefacenet-512");
  const auto* bytes = reinterpret_cast<const kj::byte*>(numbers.data());
  probe.setVector({bytes, numbers.size() * sizeof(float)});
  probe.setCapture(rpc::Probe::Capture::GOOD);
}

// --- attempts
// -------------------------------------------------------------------------------------

struct Key {
  std::uint64_t high;
  std::uint64_t low;
};

// A version 7 UUID of a number: good for tests, which want to name an attempt again.
inline Key key(std::uint64_t number) {
  return {.high = (std::uint64_t{1'750'000'000'000} << 16U) | 0x7000U,
          .low = (std::uint64_t{2} << 62U) | number};
}

inline void fill(rpc::AttemptKey::Builder builder, Key key) {
  builder.setHigh(key.high);
  builder.setLow(key.low);
}

// --- the server
// -----------------------------------------------------------------------------------

// What outlives a server: its certificates, its key, its data.
class Estate {
 public:
  Estate() {
    make_authority(authority_, "test authority", 2);
    issue(authority_,
          {.common_name = "localhost",
           .days = 2,
           .is_server = true,
           .dns_names = {"localhost"},
           .addresses = {"127.0.0.1"}},
          folder_ / "server.pem", folder_ / "server.key");
    Kek::make_file(folder_ / "kek");
    terminal("first-operator");
  }

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

  // The certificate of a terminal, issued when it is first asked for.
  ClientTls terminal(const std::string& name) const {
    const ClientTls files{folder_ / (name + ".pem"), folder_ / (name + ".key"),
                          authority_.certificate};
    if (!std::filesystem::exists(files.certificate)) {
      issue(authority_, {.common_name = name, .days = 2}, files.certificate, files.key);
    }
    return files;
  }
  Digest digest(const std::string& name) const {
    return certificate_digest(terminal(name).certificate);
  }

  Config config() const {
    Config config;
    config.port = 0;
    config.data_directory = folder_ / "data";
    config.tls = {folder_ / "server.pem", folder_ / "server.key", authority_.certificate, {}};
    config.kek_file = folder_ / "kek";
    config.operator_certificate = folder_ / "first-operator.pem";
    config.free_bytes_min = 1;
    return config;
  }

 private:
  Folder folder_;
  AuthorityFiles authority_{folder_ / "authority.pem", folder_ / "authority.key"};
};

// A server that runs until the object goes.
class Running {
 public:
  explicit Running(const Config& config) : config_(config) {
    std::filesystem::create_directories(config.data_directory);
    RocksLogOptions options;
    options.free_bytes_min = config.free_bytes_min;
    options.ballast_bytes = 0;
    log_ = std::make_unique<RocksLog>(config.log_directory().string(), options);
    vault_ = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
    server_ = std::make_unique<Server>(config, *log_, *vault_, clock_);
    server_->start();
  }

  std::uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  EventLog& log() { return *log_; }

 private:
  Config config_;
  SystemClock clock_;
  std::unique_ptr<RocksLog> log_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Server> server_;
};

// --- terminals
// ------------------------------------------------------------------------------------

struct Seen {
  std::uint64_t position = 0;
  std::vector<kj::byte> chain;
  std::vector<kj::byte> mark = {};
};

// A connection that has tried to log in.
class Terminal {
 public:
  using Login = capnp::Response<rpc::Entrance::LoginResults>;

  Terminal(std::shared_ptr<ClientLoop> loop, std::uint16_t port, const ClientTls& files,
           const Seen& seen = {})
      : connection_(std::move(loop), "127.0.0.1", port, files, "localhost"),
        login_(log_in(connection_, seen)) {}

  const Login& login() const { return login_; }
  rpc::Gate::Client gate() { return login_.getGate(); }
  rpc::Checkout::Client checkout() { return login_.getCheckout(); }
  rpc::EnrolmentDesk::Client enrolment() { return login_.getEnrolment(); }
  rpc::OperatorDesk::Client desk() { return login_.getOperator(); }
  rpc::Auditor::Client auditor() { return login_.getAuditor(); }
  kj::WaitScope& wait_scope() { return connection_.wait_scope(); }
  Connection& connection() { return connection_; }

  template <class Request>
  auto ask(Request&& request) {
    return request.send().wait(connection_.wait_scope());
  }

 private:
  static Login log_in(Connection& connection, const Seen& seen) {
    auto request = connection.bootstrap().castAs<rpc::Entrance>().loginRequest();
    auto hello = request.initHello();
    hello.setSoftware("house");
    hello.setHighestPosition(seen.position);
    hello.setHighestChain({seen.chain.data(), seen.chain.size()});
    hello.setHighestMark({seen.mark.data(), seen.mark.size()});
    return request.send().wait(connection.wait_scope());
  }

  Connection connection_;
  Login login_;
};

// --- what must be published before anybody can ride or pay
// ------------------------------------------

inline void fill_policy(rpc::Policy::Builder policy) {
  policy.setCurrency(392);
  policy.setAuthorisationLifeMs(60'000);
  policy.setStepUpLifeMs(120'000);
  policy.setHoldLifeMs(1'800'000);
  policy.setFaceOnlyPurchaseMax(10'000);
  policy.setFaceOnlyDayMax(1'000'000);
  policy.setPinFailuresMax(3);
  policy.setPhotosMin(1);
  policy.setDayOffsetMs(32'400'000);
  policy.setCorrectionWindowMs(4'838'400'000);
  policy.setMargin(match_score(0.05));
  auto rows = policy.initThresholds(2);
  for (unsigned i = 0; i < 2; ++i) {
    rows[i].setModel("mobilefacenet-512");
    rows[i].setOneToMany(i == 0);
    rows[i].setScopeMax(1'000'000);
    rows[i].setThreshold(match_score(0.5));
  }
}

// Stations A and B, five kilometres apart, 240; a child 120.
inline void fill_tariff(rpc::Tariff::Builder tariff, const char* transit) {
  tariff.setCode("T-1");
  tariff.setTransitOperator(transit);
  tariff.setEffectiveFrom(0);
  tariff.setCurrency(392);
  auto stations = tariff.initStations(2);
  stations.set(0, "A");
  stations.set(1, "B");
  auto track = tariff.initTracks(1)[0];
  track.setA(0);
  track.setB(1);
  track.setMetres(5'000);
  auto section = tariff.initSections(1)[0];
  section.setMetresMax(std::numeric_limits<std::int64_t>::max());
  section.setAdult(240);
  section.setChild(120);
  tariff.setChildRounding(10);
  tariff.setMaximumAdult(390);
  tariff.setMaximumChild(200);
  tariff.setEntryMinimumAdult(190);
  tariff.setEntryMinimumChild(100);
  tariff.setJourneyWindowMs(14'400'000);
  tariff.setSameStationFreeMs(900'000);
  tariff.setTravelTimeMinMs(0);
}

// The id of what was done; throws with the refusal's words otherwise.
inline std::uint64_t done(rpc::Outcome::Reader outcome) {
  if (outcome.isDone()) return outcome.getDone().getId();
  throw std::runtime_error(std::string("refused: ") + outcome.getRefused().getName().cStr());
}

// An operator, a shop, gates in A and B, a till, an enrolment desk, an auditor, tariff and policy.
inline void set_up(Terminal& first, const Estate& estate) {
  std::uint64_t attempt = 1;
  rpc::OperatorDesk::Client desk = first.desk();
  const auto send = [&](auto request) {
    fill(request.initAttempt(), key(attempt++));
    return done(first.ask(kj::mv(request)).getOutcome());
  };
  auto transit = desk.registerOperatorRequest();
  transit.setCode("metro");
  send(kj::mv(transit));
  auto merchant = desk.registerMerchantRequest();
  merchant.setCode("bakery");
  merchant.setCurrency(392);
  send(kj::mv(merchant));
  auto tariff = desk.publishTariffRequest();
  fill_tariff(tariff.initTariff(), "metro");
  send(kj::mv(tariff));
  auto policy = desk.publishPolicyRequest();
  fill_policy(policy.initPolicy());
  send(kj::mv(policy));

  using Role = rpc::NewTerminal::Role;
  const auto terminal = [&](const char* name, Role role, const char* station, const char* shop) {
    auto request = desk.registerTerminalRequest();
    auto wanted = request.initTerminal();
    wanted.setCode(name);
    wanted.setRole(role);
    if (role == Role::GATE) wanted.setTransitOperator("metro");
    wanted.setStation(station);
    wanted.setMerchant(shop);
    const Digest digest = estate.digest(name);
    wanted.setCertificate({digest.bytes.data(), digest.bytes.size()});
    send(kj::mv(request));
  };
  terminal("gate-a", Role::GATE, "A", "");
  terminal("gate-b", Role::GATE, "B", "");
  terminal("till", Role::TILL, "", "bakery");
  terminal("enrolment", Role::ENROLMENT_DESK, "", "");
  terminal("auditor", Role::AUDITOR, "", "");
}

// A registered adult with a wallet, who consented to everybody and everything, with two photos.
// Uses the attempts 100 * seed and on; returns the rider.
inline std::uint64_t enrol(Terminal& enrolment, std::uint64_t seed, std::int64_t yen) {
  std::uint64_t attempt = 100 * seed;
  rpc::EnrolmentDesk::Client desk = enrolment.enrolment();
  const auto send = [&](auto request) {
    fill(request.initAttempt(), key(attempt++));
    return done(enrolment.ask(kj::mv(request)).getOutcome());
  };
  const std::uint64_t rider = send(desk.registerRequest());
  for (const auto purpose :
       {rpc::EnrolmentDesk::Purpose::TRANSIT, rpc::EnrolmentDesk::Purpose::PAYMENT}) {
    auto consent = desk.consentRequest();
    consent.setRider(rider);
    consent.setPurpose(purpose);
    consent.initParty().setEveryone();
    consent.setTextVersion(1);
    send(kj::mv(consent));
  }
  auto photos = desk.enrolRequest();
  photos.setRider(rider);
  auto list = photos.initPhotos(2);
  fill(list[0], photo(seed, 1));
  fill(list[1], photo(seed, 2));
  send(kj::mv(photos));
  auto wallet = desk.openWalletRequest();
  wallet.setRider(rider);
  wallet.setCurrency(392);
  send(kj::mv(wallet));
  auto load = desk.loadRequest();
  load.setRider(rider);
  load.initAmount().setMinor(yen);
  load.getAmount().setCurrency(392);
  send(kj::mv(load));
  return rider;
}

}  // namespace obverse::house
