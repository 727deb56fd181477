// What a caller learns when a method fails unexpectedly: a bare FAILED or OVERLOADED with the id of
// an incident, never the text of the exception. Expected refusals are members of a result's union
// and do not come this way.
#pragma once

#include <kj/async.h>
#include <kj/exception.h>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace obverse {

// Gives incidents their ids and writes their causes where only the operator reads. Any thread.
class Incidents {
 public:
  using Sink = std::function<void(const std::string& incident, const std::string& cause)>;
  Incidents();  // to the server's log
  explicit Incidents(Sink);

  // The exception that may leave the house; what it stood for goes to the sink. One that is bare
  // already passes.
  kj::Exception bare(const kj::Exception&) const;

 private:
  Sink sink_;
};

// "incident 0123456789abcdef", and nothing else.
bool is_bare(kj::StringPtr description);

// Runs a method's body, which returns nothing or a kj::Promise<void>. Every message stream strips
// exceptions as well, so that a method without this still leaks nothing: this one is for callers in
// the same process. `incidents` outlives the call.
template <class Body>
kj::Promise<void> guarded(const Incidents& incidents, Body&& body) {
  auto ran = kj::evalNow([&]() -> kj::Promise<void> {
    if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
      body();
      return kj::READY_NOW;
    } else {
      return body();
    }
  });
  return ran.catch_(
      [&incidents](kj::Exception&& cause) { kj::throwFatalException(incidents.bare(cause)); });
}

}  // namespace obverse
