// See the header. A ship is one connection; OpenSSL works on its non-blocking socket.
#include "tests/promises/kit/terminal_fleet.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace obverse::promises {
namespace {

constexpr std::size_t heard_at_once = 64 * 1024;
constexpr std::size_t kept_capacity_max = 256 * 1024;

}  // namespace

struct Fleet::Ship {
  Ship() = default;
  Ship(const Ship&) = delete;
  Ship& operator=(const Ship&) = delete;
  ~Ship() {
    SSL_free(session);
    if (socket >= 0) close(socket);
  }

  SSL* session = nullptr;
  int socket = -1;
  std::uint32_t next_question = 2;                       // 0 is the bootstrap, 1 the login
  std::unordered_map<std::uint32_t, std::size_t> asked;  // question -> sample
  Words out;
  Hearing hearing;
  std::size_t number = 0;
  bool dirty = false;
};

struct Fleet::Run {
  // When the next call is due, in seconds, if it is known by now, and which attempt it is.
  struct Next {
    double due_s;
    std::uint64_t attempt;
    std::optional<std::size_t> ship = {};  // otherwise whose turn it is
  };
  const Book book;
  std::function<std::optional<Next>(const Run&)> next;
  std::function<bool(const Run&)> is_over;
  std::vector<Sample> samples = {};
  std::size_t unanswered = 0;
  Clock::time_point begun = Clock::now();

  double now_s() const { return std::chrono::duration<double>(Clock::now() - begun).count(); }
};

namespace {
Fleet::Book held(const Fleet::Book& book) {
  Fleet::Book all;
  for (const Phrase& each : book) all.push_back(each.held());
  return all;
}
}  // namespace

int dial(std::uint16_t port, std::chrono::milliseconds patience, const char* from) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) throw std::runtime_error("no socket: raise the limit of open files");
  const auto ms = patience.count();
  const timeval limit{.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
  ::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const int at_once = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  // Not one that paces: it would offer what the server takes, and not what was asked for.
  constexpr std::string_view congestion = "reno";
  ::setsockopt(made, IPPROTO_TCP, TCP_CONGESTION, congestion.data(), congestion.size());
  sockaddr_in own{};
  own.sin_family = AF_INET;
  inet_pton(AF_INET, from, &own.sin_addr);
  ::setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &at_once, sizeof at_once);
  if (::bind(made, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    close(made);
    throw std::runtime_error(std::string("cannot speak from ") + from);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return made;
  close(made);
  throw std::runtime_error("cannot connect to port " + std::to_string(port));
}

SSL_CTX* Fleet::context_of(const ClientTls& terminal) {
  for (const auto& [file, context] : contexts_)
    if (file == terminal.certificate) return context;
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  contexts_.emplace_back(terminal.certificate, context);
  const bool good =
      SSL_CTX_use_certificate_chain_file(context, terminal.certificate.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context, terminal.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_load_verify_file(context, terminal.authority.c_str()) == 1;
  if (!good) throw std::runtime_error(terminal.certificate.string() + ": cannot be used");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

Fleet::Fleet(std::uint16_t port, std::vector<ClientTls> terminals, std::size_t connections)
    : ready_(epoll_create1(EPOLL_CLOEXEC)) {
  for (std::size_t i = 0; i < connections; ++i) {
    auto ship = std::make_unique<Ship>();
    ship->number = i;
    ship->socket = dial(port, std::chrono::seconds(20));
    ship->session = SSL_new(context_of(terminals[i % terminals.size()]));
    SSL_set_fd(ship->session, ship->socket);
    if (SSL_connect(ship->session) != 1) throw std::runtime_error("no handshake");
    Words hello = bootstrap_words(0);
    const Words login = login_words(1);
    hello.insert(hello.end(), login.begin(), login.end());
    SSL_write(ship->session, hello.data(), static_cast<int>(hello.size()));
    bool welcome = false;
    while (!welcome) {
      std::array<std::byte, 8192> bytes{};
      std::size_t got = 0;
      if (SSL_read_ex(ship->session, bytes.data(), bytes.size(), &got) != 1)
        throw std::runtime_error("connection " + std::to_string(i) + " was not let in");
      ship->hearing.hear(
          std::span(bytes).first(got),
          [](std::uint32_t question) {
            return question == 1 ? Phrase::Verb::login : Phrase::Verb::ping;
          },
          [&](const Told& told) {
            if (told.question != 1) return;
            if (told.verdict != Verdict::done)
              throw std::runtime_error("login refused: " + told.name);
            welcome = true;
          });
    }
    Words over;
    say_finish(over, 1);
    say_finish(over, 0);
    SSL_write(ship->session, over.data(), static_cast<int>(over.size()));
    fcntl(ship->socket, F_SETFL, fcntl(ship->socket, F_GETFL) | O_NONBLOCK);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    epoll_ctl(ready_, EPOLL_CTL_ADD, ship->socket, &event);
    ships_.push_back(std::move(ship));
  }
}

Fleet::~Fleet() {
  ships_.clear();
  for (const auto& [file, context] : contexts_) SSL_CTX_free(context);
  close(ready_);
}

std::size_t Fleet::alive() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(ships_, [](const auto& ship) { return ship->socket >= 0; }));
}

std::vector<Sample> Fleet::open_loop(const Book& book, double per_second, double seconds,
                                     std::uint64_t first_attempt, double patience_s,
                                     const std::atomic<bool>* stop) {
  const auto all = static_cast<std::size_t>(per_second * seconds);
  const auto ended = [stop] { return stop != nullptr && stop->load(); };
  Run run{.book = held(book),
          .next = [&](const Run& now) -> std::optional<Run::Next> {
            const std::size_t count = now.samples.size();
            if (count >= all || ended()) return std::nullopt;
            return Run::Next{static_cast<double>(count) / per_second, first_attempt + count};
          },
          .is_over =
              [&](const Run& now) {
                const bool all_said = now.samples.size() >= all || ended();
                if (all_said && now.unanswered == 0) return true;
                return now.now_s() > seconds + patience_s;
              }};
  run.samples.reserve(all);
  drive(run);
  return std::move(run.samples);
}

std::vector<Sample> Fleet::closed_loop(const Book& book, std::size_t width, double seconds,
                                       std::uint64_t first_attempt) {
  Run run{.book = held(book),
          .next = [&](const Run& now) -> std::optional<Run::Next> {
            const double at = now.now_s();
            if (now.unanswered >= width || at >= seconds) return std::nullopt;
            return Run::Next{at, first_attempt + now.samples.size()};
          },
          .is_over =
              [&](const Run& now) {
                const double at = now.now_s();
                return at >= seconds && (now.unanswered == 0 || at > seconds + 5);
              }};
  drive(run);
  return std::move(run.samples);
}

std::vector<Sample> Fleet::repeat(const Book& book, std::size_t width,
                                  const std::vector<Sample>& samples) {
  Run run{.book = held(book),
          .next = [&](const Run& now) -> std::optional<Run::Next> {
            const std::size_t count = now.samples.size();
            if (now.unanswered >= width || count >= samples.size()) return std::nullopt;
            return Run::Next{now.now_s(), samples[count].attempt, samples[count].ship};
          },
          .is_over =
              [&](const Run& now) {
                return now.samples.size() >= samples.size() && now.unanswered == 0;
              }};
  drive(run);
  return std::move(run.samples);
}

void Fleet::whisper(std::size_t bytes) {
  for (const auto& ship : ships_) {
    ship->out.assign(bytes, std::byte{0});
    const auto words = static_cast<std::uint32_t>(bytes / 8);  // one more than come
    std::memcpy(ship->out.data() + 4, &words, sizeof words);
    flush(*ship);
  }
}

std::size_t Fleet::next_ship() {
  const auto whose = [this] { return turn_ / bunch_ % ships_.size(); };
  std::size_t tried = 0;
  while (ships_[whose()]->socket < 0 && tried++ < ships_.size()) turn_ += bunch_;
  const std::size_t ship = whose();
  ++turn_;
  return ship;
}

void Fleet::drive(Run& run) {
  while (!run.is_over(run)) {
    double until = run.now_s() + 0.01;
    for (int i = 0; i < 256; ++i) {
      const auto next = run.next(run);
      if (!next) break;
      until = std::min(until, next->due_s);
      if (next->due_s > run.now_s()) break;
      const std::size_t ship = next->ship ? *next->ship : next_ship();
      send(run, ship, next->attempt, next->due_s);
    }
    for (const std::size_t each : std::exchange(dirty_, {})) {
      ships_[each]->dirty = false;
      flush(*ships_[each]);
      if (!ships_[each]->out.empty()) full_.push_back(each);
    }
    wait(run, until);
    std::array<epoll_event, 128> events{};
    const int count = epoll_wait(ready_, events.data(), events.size(), 0);
    for (int i = 0; i < count; ++i)
      hear(run, *ships_[events[static_cast<std::size_t>(i)].data.u64]);
    for (const std::size_t each : std::exchange(full_, {})) {
      flush(*ships_[each]);
      if (!ships_[each]->out.empty()) full_.push_back(each);
    }
  }
  // What comes later belongs to nobody any more.
  for (const auto& ship : ships_) ship->asked.clear();
}

void Fleet::wait(const Run& run, double until_s) {
  const double rest = std::max(0.0, until_s - run.now_s());
  const timespec limit{.tv_sec = 0, .tv_nsec = static_cast<long>(std::min(rest, 0.01) * 1e9)};
  epoll_event ignored{};
  if (rest > 0) epoll_pwait2(ready_, &ignored, 1, &limit, nullptr);
}

void Fleet::send(Run& run, std::size_t index, std::uint64_t attempt, double due_s) {
  Ship& ship = *ships_[index];
  const auto phrase = static_cast<std::uint32_t>(attempt % run.book.size());
  const std::size_t sample = run.samples.size();
  run.samples.push_back({.attempt = attempt,
                         .due_s = due_s,
                         .phrase = phrase,
                         .ship = static_cast<std::uint32_t>(index)});
  if (ship.socket < 0) {
    run.samples.back().verdict = Verdict::lost;
    return;
  }
  const std::uint32_t question = ship.next_question++;
  ship.asked.emplace(question, sample);
  ++run.unanswered;
  run.book[phrase].say(ship.out, question, attempt);
  if (!std::exchange(ship.dirty, true)) dirty_.push_back(index);
}

void Fleet::flush(Ship& ship) {
  std::size_t sent = 0;
  while (ship.socket >= 0 && sent < ship.out.size()) {
    std::size_t went = 0;
    ERR_clear_error();
    if (SSL_write_ex(ship.session, ship.out.data() + sent, ship.out.size() - sent, &went) != 1)
      break;  // full, or lost: then reading says so
    sent += went;
  }
  ship.out.erase(ship.out.begin(), ship.out.begin() + static_cast<std::ptrdiff_t>(sent));
  if (ship.out.empty() && ship.out.capacity() > kept_capacity_max) Words().swap(ship.out);
}

void Fleet::hear(Run& run, Ship& ship) {
  if (ship.socket < 0) return;
  static thread_local std::vector<std::byte> bytes(heard_at_once);
  for (;;) {
    std::size_t got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ship.session, bytes.data(), bytes.size(), &got);
    if (result != 1) {
      if (SSL_get_error(ship.session, result) != SSL_ERROR_WANT_READ) sink(run, ship);
      break;
    }
    const double now = run.now_s();
    const auto verb_of = [&](std::uint32_t question) {
      const auto asked = ship.asked.find(question);
      return asked == ship.asked.end() ? Phrase::Verb::ping
                                       : run.book[run.samples[asked->second].phrase].verb();
    };
    ship.hearing.hear(std::span(bytes).first(got), verb_of, [&](const Told& told) {
      const auto asked = ship.asked.find(told.question);
      if (asked == ship.asked.end()) return;
      Sample& sample = run.samples[asked->second];
      ship.asked.erase(asked);
      --run.unanswered;
      sample.ms = (now - sample.due_s) * 1000;
      sample.verdict = told.verdict;
      sample.id = told.id;
      say_finish(ship.out, told.question);
      if (!std::exchange(ship.dirty, true)) dirty_.push_back(ship.number);
    });
  }
}

void Fleet::sink(Run& run, Ship& ship) {
  for (const auto& [question, sample] : ship.asked) {
    run.samples[sample].verdict = Verdict::lost;
    --run.unanswered;
  }
  ship.asked.clear();
  ship.out.clear();
  epoll_ctl(ready_, EPOLL_CTL_DEL, ship.socket, nullptr);
  close(std::exchange(ship.socket, -1));
}

}  // namespace obverse::promises
