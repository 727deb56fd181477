// A server under load that is killed again and again, and what became of every answer it gave.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/crash/victim.h"
#include "tests/server/house.h"

namespace obverse::crash {

struct Tally {
  std::uint64_t kills = 0;
  std::uint64_t acknowledged = 0;  // answers that came before a kill
  std::uint64_t unanswered = 0;    // asked, and the server died
  std::uint64_t lost = 0;          // acknowledged, and not there after the restart
  std::uint64_t changed = 0;       // the retry gave another answer than the first
  std::uint64_t silent = 0;        // the server died over a retry instead of answering it
  std::int64_t missing_yen = 0;    // what the wallets lack beyond one charge for each attempt
};

class Trial {
 public:
  Trial(const std::string& binary, std::uint64_t seed);

  // So many kills, each under load; every third one is followed by a kill during the recovery.
  void run(int kills);
  const Tally& tally() const { return tally_; }

 private:
  struct Asked {
    std::size_t person = 0;
    bool answered = false;
    std::uint64_t purchase = 0;
    std::string chain;
  };
  using Book = std::map<std::uint64_t, Asked>;  // by attempt number

  void found();
  void load(std::uint16_t port);
  void shop(std::uint16_t port, std::size_t person, std::uint64_t first, Book& book);
  void check(std::uint16_t port);
  void retry_all(std::uint16_t port);
  void count_money(std::uint16_t port);

  house::Estate estate_;
  Victim victim_;
  std::mt19937_64 random_;
  std::vector<std::uint64_t> riders_;
  Book open_;  // of the cycle
  std::uint64_t next_attempt_ = 1'000'000;
  std::uint64_t charged_ = 0;  // attempts that were paid, each counted once
  Tally tally_;
};

}  // namespace obverse::crash
