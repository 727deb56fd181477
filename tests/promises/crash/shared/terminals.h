// The terminals of a trial: connections over TLS, what is asked through them, and an answer as a
// client keeps it, so that it can be compared with the one to a retry.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/server/house.h"

namespace obverse::mortal {

struct Ask {
  enum class Kind : std::uint8_t { pay, enter, leave, found, consent, enrol, wallet, load, erase };
  Kind kind = Kind::pay;
  std::uint64_t number = 0;  // of its attempt
  std::uint64_t face = 0;    // seed of the face that is shown
  std::uint64_t rider = 0;
  std::int64_t yen = 0;
  bool at_b = false;       // the gate
  bool remembered = true;  // false: refused for a face that is not known, which leaves no trace
};

struct Answer {
  std::string words;  // the whole outcome, but for how far the log was when it left
  std::uint64_t position = 0;
  std::string chain;
  bool yes = false;
  std::uint64_t id = 0;  // of what was registered
  std::int64_t yen = 0;  // that left the wallet, or came in
  std::string refusal;
};

struct RolledBack : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Terminals {
 public:
  // Logs in with the newest receipt that was seen, and notes newer ones there. Throws RolledBack if
  // the server does not know it.
  Terminals(const std::shared_ptr<ClientLoop>& loop, std::uint16_t port,
            const house::Estate& estate, house::Seen& seen);

  kj::Promise<Answer> ask(const Ask& ask);
  std::int64_t balance(std::uint64_t rider);
  kj::WaitScope& wait_scope() { return till_.wait_scope(); }
  kj::Timer& timer() { return till_.connection().timer(); }
  house::Terminal& desk() { return desk_; }

 private:
  kj::Promise<Answer> ask_once(const Ask& ask);
  kj::Promise<Answer> pay(const Ask& ask);
  kj::Promise<Answer> pass_gate(const Ask& ask);
  kj::Promise<Answer> at_desk(const Ask& ask);
  template <class Outcome>
  Answer answer(typename Outcome::Reader outcome);

  house::Seen& seen_;
  house::Terminal till_, gate_a_, gate_b_, desk_;
};

}  // namespace obverse::mortal
