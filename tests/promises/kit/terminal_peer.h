// One terminal that speaks TLS by hand and blocks, for what no client would do; and papers that no
// authority of ours would issue.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "ledger/client/terminal_client.h"
#include "ledger/vault/certificates.h"
#include "tests/promises/kit/terminal_words.h"

namespace obverse::promises {

struct Manner {
  bool with_certificate = true;
  int version_max = TLS1_3_VERSION;
  const char* groups = nullptr;    // of the key exchange
  SSL_SESSION* offer = nullptr;    // a session to resume
  const char* from = "127.0.0.1";  // its own address
};

class Peer {
 public:
  using Clock = std::chrono::steady_clock;

  Peer(std::uint16_t port, const ClientTls& files, Manner manner = {});
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Asks for the bootstrap object and logs in. Empty: it is in. Otherwise as ending(), or the name
  // of the refusal.
  std::string log_in();
  // Reads on until the other side ends it: "alert: certificate expired", "closed", "reset", or
  // "nothing" if that did not happen within `patience`.
  std::string ending(std::chrono::milliseconds patience = std::chrono::seconds(10));
  void say(const Words& words);
  // Says it, and waits for its answer; without one its name is as ending().
  Told ask(const Phrase& phrase, std::uint64_t attempt, std::uint32_t question = 0);
  Told listen(std::uint32_t question, Phrase::Verb verb);

  SSL* session() { return session_; }
  int socket() const { return socket_; }
  const Words& last_said() const { return last_said_; }
  double ms_since_begun() const;
  void begin_again() { begun_ = Clock::now(); }

 private:
  std::string why_over(int result);
  int socket_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* session_ = nullptr;
  Clock::time_point begun_ = Clock::now();
  std::string alert_;
  Hearing hearing_;
  std::uint32_t next_question_ = 2;
  Words last_said_;
};

// What is wrong with a certificate that is otherwise a terminal's.
struct Flaw {
  int begins_days = 0;  // from now
  int ends_days = 2;
  bool second_name = false;
  const char* name = "odd-one";
  const char* usage = "clientAuth";
  int rsa_bits = 0;  // otherwise P-256
};
ClientTls forge(const AuthorityFiles& authority, const std::filesystem::path& folder,
                const std::string& file, const Flaw& flaw);

}  // namespace obverse::promises
