// Every bound of a connection, and every way in which one ends.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace obverse {

struct ListenerLimits {
  std::size_t handshakes_max =
      256;  // in progress at once, over all reactors; then who has not said a whole hello yet makes
            // room, and if all have, further peers wait in the kernel's queue
  std::size_t connections_max = 12'000;
  std::chrono::milliseconds handshake_ms_max{3'000};
  std::chrono::milliseconds login_ms_max{
      3'000};  // from the handshake to ConnectionHandle::logged_in()
  std::chrono::milliseconds message_ms_max{2'000};  // from a message's first byte to its last
  std::chrono::milliseconds write_ms_max{10'000};   // for what waits to be sent, to be sent
  std::size_t message_bytes_max_before_login = 64UZ * 1024;
  std::size_t message_bytes_max = 2UZ * 1024 * 1024;  // of one message, either way
  std::uint32_t segments_max = 512;                   // of one message
  int nesting_max = 16;                               // of pointers in one message
  std::size_t questions_max = 4'096;                  // asked, and not both answered and finished
  std::size_t calls_bytes_max = 4UZ * 1024 * 1024;  // of calls at work at once; then reading pauses
  std::size_t outgoing_bytes_high =
      256UZ * 1024;  // unsent; then reading pauses until a quarter of it is left
  std::size_t outgoing_bytes_max = 16UZ * 1024 * 1024;  // unsent; then the connection ends
};

enum class Ending : std::uint8_t {
  by_peer,           // it said goodbye, or was lost
  by_server,         // the listener closed
  cut,               // on request: a revoked terminal, a service's decision
  full,              // too many connections
  handshake_failed,  // not TLS 1.3, no certificate, not our authority's, expired, revoked
  handshake_late,
  identity_refused,  // a certificate whose name is not one, or that the bootstrap refused
  outdated,          // the certificates were reloaded while it shook hands
  login_late,
  message_late,
  write_late,
  framing,    // a segment table that cannot be, or a message over the limit
  questions,  // too many open questions
  outgoing,   // too much unsent
  displaced,  // said nothing, or not its next word, while others waited at the door
};
inline constexpr std::size_t ending_count = static_cast<std::size_t>(Ending::displaced) + 1;

constexpr std::string_view name(Ending ending) {
  constexpr std::array<std::string_view, ending_count> names{
      "by peer",        "by server",        "cut",       "full",       "handshake failed",
      "handshake late", "identity refused", "outdated",  "login late", "message late",
      "write late",     "framing",          "questions", "outgoing",   "displaced"};
  return names[static_cast<std::size_t>(ending)];
}

}  // namespace obverse
