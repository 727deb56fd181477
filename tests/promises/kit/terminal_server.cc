// See the header.
#include "tests/promises/kit/terminal_server.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <deque>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace obverse::promises {
namespace {

std::string quoted(const std::filesystem::path& path) { return '"' + path.string() + '"'; }

void write_settings(const std::filesystem::path& file, const Settings& settings) {
  std::map<std::string, std::string> sections;
  for (const auto& [name, value] : settings) {
    const auto dot = name.find('.');
    sections[name.substr(0, dot)] += name.substr(dot + 1) + " = " + value + "\n";
  }
  std::ofstream out(file);
  for (const auto& [section, lines] : sections) out << '[' << section << "]\n" << lines;
}

std::string first_line_that_serves(int output) {
  std::string line;
  for (char c = 0; read(output, &c, 1) == 1;) {
    if (c != '\n') {
      line += c;
    } else if (line.starts_with("obversed: serving on")) {
      break;
    } else {
      line.clear();
    }
  }
  return line;
}

// On a thread of its own, because a KJ loop is its thread's only one; what it throws is thrown
// here.
template <class Body>
void apart(Body body) {
  std::exception_ptr wrong;
  std::thread([&] {
    try {
      body();
    } catch (...) {
      wrong = std::current_exception();
    }
  }).join();
  if (wrong) std::rethrow_exception(wrong);
}

// On the last of those that there are, or on all the others.
unsigned use_cores(bool last) {
  const auto all = static_cast<unsigned>(sysconf(_SC_NPROCESSORS_ONLN));
  if (all < 2) return 0;
  cpu_set_t wanted;
  CPU_ZERO(&wanted);
  for (unsigned core = 0; core < all; ++core)
    if (last == (core == all - 1)) CPU_SET(core, &wanted);
  return sched_setaffinity(0, sizeof wanted, &wanted) == 0 ? all - 1 : 0;
}

constexpr std::int64_t start_yen = 900'000;

// Requests of one desk, several at a time: a commit carries many.
class Desk {
 public:
  Desk(house::Terminal& terminal, std::uint64_t attempt) : terminal_(terminal), next_(attempt) {}

  template <class Make>
  std::vector<std::uint64_t> each(std::size_t count, std::size_t width, Make make) {
    using Sent = decltype(make(std::size_t{}).send());
    std::deque<Sent> sent;
    std::vector<std::uint64_t> ids;
    const auto take_one = [&] {
      ids.push_back(house::done(sent.front().wait(terminal_.wait_scope()).getOutcome()));
      sent.pop_front();
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (sent.size() >= width) take_one();
      auto request = make(i);
      house::fill(request.initAttempt(), house::key(next_++));
      sent.push_back(request.send());
    }
    while (!sent.empty()) take_one();
    return ids;
  }

 private:
  house::Terminal& terminal_;
  std::uint64_t next_;
};

std::vector<std::uint64_t> enrol_people(house::Terminal& terminal, std::size_t people) {
  Desk desk(terminal, 1'000);
  auto at = terminal.enrolment();
  const auto riders = desk.each(people, 64, [&](std::size_t) { return at.registerRequest(); });
  for (const auto purpose :
       {rpc::EnrolmentDesk::Purpose::TRANSIT, rpc::EnrolmentDesk::Purpose::PAYMENT}) {
    desk.each(people, 64, [&](std::size_t i) {
      auto request = at.consentRequest();
      request.setRider(riders[i]);
      request.setPurpose(purpose);
      request.initParty().setEveryone();
      request.setTextVersion(1);
      return request;
    });
  }
  desk.each(people, 8, [&](std::size_t i) {
    auto request = at.enrolRequest();
    request.setRider(riders[i]);
    house::fill(request.initPhotos(1)[0], house::photo(i + 1, 1));
    return request;
  });
  desk.each(people, 64, [&](std::size_t i) {
    auto request = at.openWalletRequest();
    request.setRider(riders[i]);
    request.setCurrency(392);
    return request;
  });
  desk.each(people, 64, [&](std::size_t i) {
    auto request = at.loadRequest();
    request.setRider(riders[i]);
    request.initAmount().setMinor(start_yen);
    request.getAmount().setCurrency(392);
    return request;
  });
  return riders;
}

void register_terminals(house::Terminal& first, const house::Estate& estate, Town& town,
                        std::size_t tills, std::size_t gates) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tills; ++i) names.push_back("till-" + std::to_string(i));
  for (std::size_t i = 0; i < gates; ++i) names.push_back("gate-" + std::to_string(i));
  Desk desk(first, 500);
  desk.each(names.size(), 32, [&](std::size_t i) {
    const bool is_till = i < tills;
    auto request = first.desk().registerTerminalRequest();
    auto wanted = request.initTerminal();
    wanted.setCode(names[i]);
    wanted.setRole(is_till ? rpc::NewTerminal::Role::TILL : rpc::NewTerminal::Role::GATE);
    if (is_till) wanted.setMerchant("bakery");
    if (!is_till) wanted.setTransitOperator("metro");
    if (!is_till) wanted.setStation("A");
    const Digest digest = estate.digest(names[i]);
    wanted.setCertificate({digest.bytes.data(), digest.bytes.size()});
    (is_till ? town.tills : town.gates).push_back(estate.terminal(names[i]));
    return request;
  });
}

}  // namespace

TerminalServer::TerminalServer(const house::Estate& estate, const Settings& changed,
                               std::string binary)
    : binary_(std::move(binary)), settings_(estate / "obverse.toml") {
  Settings settings{
      {"server.port", "0"},
      {"server.log_level", "\"error\""},
      {"server.data_directory", quoted(estate / "data")},
      {"tls.certificate", quoted(estate / "server.pem")},
      {"tls.key", quoted(estate / "server.key")},
      {"tls.client_authority", quoted(estate / "authority.pem")},
      {"vault.kek_file", quoted(estate / "kek")},
      {"bounds.free_mib_min", "1"},
      {"bootstrap.operator_certificate", quoted(estate / "first-operator.pem")},
  };
  for (const auto& [name, value] : changed) settings[name] = value;
  write_settings(settings_, settings);
}

std::string TerminalServer::default_binary() { return OBVERSED; }

unsigned take_last_core() { return use_cores(true); }

void TerminalServer::start() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ == 0) {
    if (leaves_last_core_) use_cores(false);
    dup2(ends[1], STDOUT_FILENO);
    const std::string settings = settings_.string();
    execl(binary_.c_str(), binary_.c_str(), "--config", settings.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  if (process_ < 0) throw std::runtime_error("no process");
  const std::string line = first_line_that_serves(ends[0]);
  close(ends[0]);
  const auto comma = line.find(", position");
  const auto colon = line.rfind(':', comma);
  if (!line.starts_with("obversed: serving on") || comma == std::string::npos) {
    kill();
    throw std::runtime_error("the server did not start: " + line);
  }
  port_ = static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1, comma - colon - 1)));
}

void TerminalServer::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  waitpid(std::exchange(process_, 0), nullptr, 0);
}

void TerminalServer::end() {
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  waitpid(std::exchange(process_, 0), nullptr, 0);
}

void TerminalServer::pause(std::uint64_t milliseconds) {
  ::kill(process_, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  ::kill(process_, SIGCONT);
}

void TerminalServer::reload() {
  if (process_ > 0) ::kill(process_, SIGHUP);
}

bool TerminalServer::is_alive() {
  if (process_ <= 0) return false;
  if (waitpid(process_, nullptr, WNOHANG) == 0) return true;
  process_ = 0;
  return false;
}

std::uint64_t TerminalServer::resident_bytes() const {
  std::ifstream in("/proc/" + std::to_string(process_) + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1024;
  }
  throw std::runtime_error("the server's memory cannot be seen: it has ended");
}

double TerminalServer::cpu_seconds() const {
  std::ifstream in("/proc/" + std::to_string(process_) + "/stat");
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

Town found_town(const house::Estate& estate, std::uint16_t port, std::size_t people,
                std::size_t tills, std::size_t gates) {
  Town town;
  town.people = people;
  apart([&] {
    const auto loop = std::make_shared<ClientLoop>();
    house::Terminal first(loop, port, estate.terminal("first-operator"));
    house::set_up(first, estate);
    register_terminals(first, estate, town, tills, gates);
    house::Terminal desk(loop, port, estate.terminal("enrolment"));
    town.riders = enrol_people(desk, people);
  });
  return town;
}

std::int64_t money_of(const house::Estate& estate, std::uint16_t port, const Town& town) {
  std::int64_t sum = 0;
  apart([&] {
    house::Terminal desk(std::make_shared<ClientLoop>(), port, estate.terminal("enrolment"));
    for (const std::uint64_t rider : town.riders) {
      auto request = desk.enrolment().personRequest();
      request.setRider(rider);
      sum += desk.ask(kj::mv(request)).getPerson().getBalance().getMinor();
    }
  });
  return sum;
}

}  // namespace obverse::promises
