// Many terminals of one thread, each with its own TLS connection, that offer calls at a fixed rate
// whatever the server answers (an open loop: a call that could not be sent in time has waited since
// it was due), or keep a fixed number unanswered (a closed one). Cheap enough to offer ten times of
// what the server can do, on the same machine.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/client/terminal_client.h"
#include "tests/promises/kit/terminal_words.h"

namespace obverse::promises {

// What became of one call.
struct Sample {
  std::uint64_t attempt = 0;
  double due_s = 0;  // since the run began
  double ms = 0;     // from when it was due to its answer
  std::uint32_t phrase = 0;
  std::uint32_t ship = 0;  // which connection
  Verdict verdict = Verdict::none;
  std::uint64_t id = 0;
};

class Fleet {
 public:
  using Clock = std::chrono::steady_clock;

  // Connects and logs in, one after the other; the terminals' certificates in turn. Throws
  // std::runtime_error with the reason.
  Fleet(std::uint16_t port, std::vector<ClientTls> terminals, std::size_t connections);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  std::size_t size() const { return ships_.size(); }
  std::size_t alive() const;

  // Phrase number attempt % size is said, so that the same attempt says the same again.
  using Book = std::vector<Phrase>;
  // Ends when all were answered or lost, or `patience` after the last was due. `stop`: sooner.
  std::vector<Sample> open_loop(const Book& book, double per_second, double seconds,
                                std::uint64_t first_attempt, double patience_s = 5,
                                const std::atomic<bool>* stop = nullptr);
  std::vector<Sample> closed_loop(const Book& book, std::size_t width, double seconds,
                                  std::uint64_t first_attempt);
  // These attempts once more, each by the connection that made it, `width` at a time.
  std::vector<Sample> repeat(const Book& book, std::size_t width,
                             const std::vector<Sample>& samples);

  // So many calls in a row are one connection's, as of a station's concentrator: one write and one
  // read carry them all.
  void speak_in_bunches_of(std::size_t calls) { bunch_ = calls; }

  // Each begins a message of so many bytes, and stops before its last word.
  void whisper(std::size_t bytes);

 private:
  struct Ship;
  struct Run;
  std::size_t next_ship();
  void drive(Run& run);
  void send(Run& run, std::size_t ship, std::uint64_t attempt, double due_s);
  void flush(Ship& ship);
  void hear(Run& run, Ship& ship);
  void sink(Run& run, Ship& ship);
  void wait(const Run& run, double until_s);

  SSL_CTX* context_of(const ClientTls& terminal);
  std::vector<std::pair<std::filesystem::path, SSL_CTX*>> contexts_;
  std::vector<std::unique_ptr<Ship>> ships_;
  std::vector<std::size_t> dirty_;
  std::vector<std::size_t> full_;  // whose socket takes no more yet
  int ready_ = -1;                 // an epoll
  std::size_t turn_ = 0;           // counts calls
  std::size_t bunch_ = 1;
};

// Blocking: connects to the loopback, with a limit on each read and write.
int dial(std::uint16_t port, std::chrono::milliseconds patience, const char* from = "127.0.0.1");

}  // namespace obverse::promises
