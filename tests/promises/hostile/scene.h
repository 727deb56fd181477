// Where the hostile acts are played: one shipped server, terminals that mean well beside those that
// do not, and the list of acts, each of which must end in the way that it names.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/promises/kit/terminal_fleet.h"
#include "tests/promises/kit/terminal_peer.h"
#include "tests/promises/kit/terminal_server.h"
#include "tests/promises/kit/trial.h"

namespace obverse::promises {

// Of one terminal, as in ops/obverse.toml.
inline constexpr int calls_a_second_max = 250;

class Scene {
 public:
  Scene(Trial& trial, const Settings& changed, const std::string& binary);

  // An act, and how it must end; `until_ms`: a deadline of the server's own, counted off before its
  // time to the refusal is.
  void expect(const std::string& act, const std::string& ending,
              const std::function<std::string()>& play);
  // With terminals that pay meanwhile, each of which must be served.
  void beside_good_ones(const std::string& act, const std::function<void()>& play);
  // Tells how much the acts disturbed them, and how soon acts were refused.
  void tell_figures();

  // How many connections the server has ended in that way, by its own count.
  std::uint64_t ended(const std::string& way);
  std::uint64_t attempt() { return next_attempt_ += 1'000'000; }
  Phrase pay(std::size_t person, std::int64_t amount = 1, std::int64_t at = 0) const;
  ClientTls till(std::size_t number = 0) const { return town.tills.at(number); }
  // What the server took from its people since last time: so many payments of 1.
  std::int64_t taken();
  void refused_after(double ms) { refusal_ms_.push_back(ms); }
  void revoke(const std::string& name);  // and tells the server

  Trial& trial;
  house::Estate estate;
  std::unique_ptr<TerminalServer> server;
  Town town;

 private:
  std::vector<Sample> good_ones(const std::function<void()>& play);
  std::uint64_t next_attempt_ = 1'000'000;
  std::int64_t money_ = 0;
  std::vector<double> refusal_ms_;
  std::vector<double> baseline_ms_;
  std::vector<std::pair<std::string, std::vector<double>>> disturbed_ms_;
};

// The acts, by where they strike.
void knock_at_the_door(Scene&);  // TLS and certificates
void speak_out_of_turn(Scene&);  // messages
void ask_for_too_much(Scene&);   // capabilities, roles, attempts, times
void show_no_face(Scene&);       // embeddings
void dawdle(Scene&);             // slowness
void flood(Scene&);              // quantity
void be_greedy(Scene&);          // as a terminal of the house
void copy_a_key(Scene&, const char* other_address = "127.0.0.2");
void show_a_recording(Scene&);  // of a server that remembers probes

}  // namespace obverse::promises
