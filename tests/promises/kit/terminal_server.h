// The shipped server as a process of its own, with settings of the test's choosing: started, told
// to read its certificates again, killed, and looked at from outside. And what must be in its log
// before anybody can pay.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/house.h"

namespace obverse::promises {

// Settings by "section.key"; the value as TOML writes it.
using Settings = std::map<std::string, std::string>;

class TerminalServer {
 public:
  // Writes the settings of a server of that estate: port 0, its certificates, its data, and what
  // `changed` says instead. Does not start it.
  TerminalServer(const house::Estate& estate, const Settings& changed,
                 std::string binary = default_binary());
  ~TerminalServer() { kill(); }
  TerminalServer(const TerminalServer&) = delete;
  TerminalServer& operator=(const TerminalServer&) = delete;
  static std::string default_binary();  // obversed, as it is shipped

  void leave_last_core() { leaves_last_core_ = true; }  // to the test, from start() on
  void start();   // waits for the line that says where it serves; throws otherwise
  void kill();    // SIGKILL
  void end();     // SIGTERM, and waits
  void reload();  // SIGHUP
  void pause(std::uint64_t milliseconds);  // SIGSTOP, and SIGCONT after it
  bool is_alive();

  std::uint16_t port() const { return port_; }
  std::uint64_t resident_bytes() const;  // VmRSS now
  double cpu_seconds() const;            // so far, of all of its threads

 private:
  std::string binary_;
  std::filesystem::path settings_;
  bool leaves_last_core_ = false;
  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

// Keeps the calling thread, and what it starts, on the last of the machine's processors; 0: there
// is only one. Otherwise how many are left to others.
unsigned take_last_core();

// Sets up operator, shop, gates, tills and people with money, over the wire. Person number i has
// the face of seed i + 1; `tills` more tills are registered as till-0 and so on, and gates.
struct Town {
  std::size_t people = 0;
  std::vector<std::uint64_t> riders;
  std::vector<ClientTls> tills;
  std::vector<ClientTls> gates;  // at station A
};
Town found_town(const house::Estate& estate, std::uint16_t port, std::size_t people,
                std::size_t tills, std::size_t gates = 0);
// What all of its people have together.
std::int64_t money_of(const house::Estate& estate, std::uint16_t port, const Town& town);

}  // namespace obverse::promises
