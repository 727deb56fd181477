// A naive purse and a naive book: accounts by name, debit and credit, what is held, and whether it
// adds up. Nothing of ledger/rules is in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/naive/fares.h"

namespace obverse::naive {

struct Line {
  std::string account;
  std::int64_t debit = 0;
  std::int64_t credit = 0;
  std::string asset = "JPY";
};

class Book {
 public:
  // Throws where debits and credits of an asset differ: such a posting changes nothing.
  void post(const std::vector<Line>&);
  void hold(const std::string& name, const std::string& account, std::int64_t amount);
  void release(const std::string& name);

  std::int64_t credit_of(const std::string& account, const std::string& asset = "JPY") const;
  std::int64_t debit_of(const std::string& account, const std::string& asset = "JPY") const;
  std::int64_t available(const std::string& account) const;
  bool adds_up() const;  // the trial balance of every asset is zero

  // A load, and a charge as a fare calculator worked it out: from the rider's purse and the
  // sponsor, to the operator; points to the rider.
  void load(const std::string& rider, std::int64_t amount);
  void charge(const std::string& rider, const std::string& transit, const Charge&,
              const std::string& sponsor = "");
  // The fare of an earlier journey became another one: the difference is taken or given back.
  void adjust(const std::string& rider, const std::string& transit, std::int64_t from,
              std::int64_t to);

 private:
  struct Held {
    std::string account;
    std::int64_t amount = 0;
  };
  std::map<std::pair<std::string, std::string>, std::int64_t> debits_;  // by account and asset
  std::map<std::string, Held> holds_;
};

// Of a price paid for so many days, what one of them (from 1) has earned: what all days up to it
// have, less what all days before it have.
std::int64_t recognised(std::int64_t total, std::int64_t days, std::int64_t day);

// What an entry holds, and whether one gets in with that much.
std::int64_t entry_hold(std::int64_t maximum, std::int64_t available);
bool may_enter(std::int64_t minimum, std::int64_t available);

}  // namespace obverse::naive
