// Who may answer a call before it becomes one: an overloaded server says so to most of its callers,
// and what that costs decides how many others it can still serve. Knows no ledger.
#pragma once

#include <capnp/common.h>
#include <capnp/rpc.capnp.h>
#include <kj/common.h>

#include <chrono>

namespace obverse {

class Usher {
 public:
  virtual ~Usher() = default;
  // The whole message, framed, that is this call's answer, good until the next call of this: the
  // call goes no further. Empty: it goes on as usual. On the connection's reactor, in the order in
  // which calls came. Only for methods whose results hold no capability, because nobody can call
  // on an answer that the RPC system has never seen.
  virtual kj::ArrayPtr<const capnp::word> turn_away(capnp::rpc::Call::Reader) = 0;
  // All calls that went on have been begun: what was kept free for them is theirs now, or nobody's.
  virtual void all_begun() {}
  // How long the connection is not to be read from now on; asked before every reading.
  virtual std::chrono::milliseconds rest() { return {}; }
};

}  // namespace obverse
