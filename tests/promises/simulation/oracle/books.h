// What the oracle remembers, in plain maps, and the few things that may be done to it. Everything
// that a decision changes is also told in `effects`, to be compared with the record's events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/account.h"
#include "ledger/model/commands.h"
#include "ledger/model/record.h"

namespace obverse::oracle {

// What one decision does, by what it does it to: amounts by account, holds, journeys, faces, PINs.
// What cancels out is absent.
using Effects = std::map<std::string, std::int64_t>;

struct Person {
  Category category = Category::adult;
  std::optional<RiderId> guardian;
  // Who agreed: nobody where the person did.
  std::map<std::pair<Purpose, Party>, std::optional<RiderId>> consents;
  FaceVersion last_face;
  Code model;
  bool has_face = false;
  bool suspended = false;
  int face_failures = 0;  // in a row, compared one to one
  bool face_locked = false;
  bool erased = false;
  bool erasure_waits = false;
  PinVersion pin;
  int pin_failures = 0;
  bool pin_locked = false;
  std::set<Currency> wallets;
};

struct Terminal {
  Role role = Role::gate;
  OperatorId transit;
  Code station;
  MerchantId merchant;
  Digest certificate;
  bool revoked = false;
};

struct Hold {
  RiderId rider;
  Money amount;
  std::optional<Instant> expires;
};

enum class Sale { authorised, captured, gone, reversed };
struct Purchase {
  Attempt attempt;
  MerchantId merchant;
  RiderId rider;
  std::int64_t authorised = 0;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::int64_t returned = 0;  // by its reversal
  Currency currency = Currency::jpy;
  Sale sale = Sale::authorised;
  bool face_only = false;
  std::int64_t day = 0;
};

enum class Ride { open, closed, incomplete };
struct Journey {
  RiderId rider;
  OperatorId transit;
  TariffVersion tariff;
  Category category = Category::adult;
  Code entry;
  Instant at;
  Instant deadline;
  Instant incomplete_at;
  std::int64_t charged = 0;
  Ride ride = Ride::open;
};

struct StepUp {
  RiderId rider;
  TerminalId terminal;
  MerchantId merchant;
  Money amount;
  Instant expires;
};

struct Answered {
  std::string wish;  // what was asked, in words
  Reply reply;
};

struct Books {
  std::map<RiderId, Person> people;
  std::map<TerminalId, Terminal> terminals;
  std::map<OperatorId, Code> operators;
  std::map<MerchantId, std::pair<Code, Currency>> merchants;
  std::set<Code> terminal_codes;
  std::map<TariffVersion, Tariff> tariffs;
  std::uint32_t policies = 0;
  std::optional<Policy> policy;

  std::map<Account, std::int64_t> balances;  // on the account's normal side
  std::map<std::uint64_t, Hold> holds;       // by the position that made them
  std::map<std::uint64_t, Purchase> purchases;
  std::map<Attempt, std::uint64_t> sold_by;  // which purchase an attempt made
  std::set<Attempt> reversed_early;
  std::map<std::uint64_t, Journey> journeys;
  std::map<std::uint64_t, StepUp> step_ups;
  // Sold by face alone, by local day; and which sale with a PIN made the count begin anew.
  std::map<std::pair<RiderId, std::int64_t>, std::vector<std::uint64_t>> face_only;
  std::map<RiderId, std::uint64_t> stepped_up;
  std::set<std::uint64_t> open_rides;  // of the journeys
  std::map<Attempt, Answered> answered;

  Effects effects;     // of the decision at hand
  std::string mutant;  // the rule that is got wrong on purpose
  bool broken(const char* rule) const { return mutant == rule; }

  // --- questions
  const Person* person(RiderId) const;
  std::int64_t balance(const Account&) const;
  std::int64_t posted(RiderId, Currency) const;
  std::int64_t held(RiderId, Currency) const;
  std::int64_t available(RiderId, Currency) const;
  std::optional<std::uint64_t> open_journey(RiderId, OperatorId) const;
  bool anything_open(RiderId) const;
  std::int64_t spent_by_face(RiderId, std::int64_t day) const;
  const Tariff* tariff_at(OperatorId, Instant) const;

  // --- what may be done
  void move(const Account& debit, const Account& credit, std::int64_t minor);
  void hold(std::uint64_t id, const Hold&);
  void unhold(std::uint64_t id);
  void show_face(RiderId, bool suspended);
  void erase(RiderId);
  void erase_if_nothing_is_open(RiderId);
  void did(const std::string& what, std::int64_t much);
};

// What a record's events did, in the same words.
Effects effects_of(const Events&);

// What was asked, in words, without what a retry may bring anew.
std::string wish_of(const Command&);
std::string kind_of(const Command&);

}  // namespace obverse::oracle
