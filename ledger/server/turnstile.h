// Tells a terminal BUSY before its call is even decoded: one for each connection. What it lets
// through, Caller::present counts.
#pragma once

#include <kj/array.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "ledger/server/common_service.h"
#include "ledger/server/transport/usher.h"

namespace obverse {

class Turnstile final : public Usher {
 public:
  Turnstile(Household& house, const Digest& certificate);
  ~Turnstile() override { all_begun(); }
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  kj::ArrayPtr<const capnp::word> turn_away(capnp::rpc::Call::Reader) override;
  void all_begun() override;
  std::chrono::milliseconds rest() override;

 private:
  // An answer that was written once: only its question's number changes.
  struct Busy {
    kj::Array<capnp::word> words;
    std::uint32_t* question = nullptr;
  };
  bool lets_on(Lane);
  kj::ArrayPtr<const capnp::word> busy(capnp::rpc::Call::Reader);
  template <class Results, class Choose>
  static Busy write(const Household&, Choose refusal_of);

  Household& house_;
  std::shared_ptr<Admission::Share> share_;
  std::size_t let_on_ = 0;  // and not begun yet
  bool hurries_ = false;    // its terminal asks more often than it may
  Busy at_gate_, at_till_;  // empty until one is needed
};

}  // namespace obverse
