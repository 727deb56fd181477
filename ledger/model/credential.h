// What a person can show or own besides a face and a PIN, and how their template is kept. Evidence
// only: signatures are checked outside (vault/tokens.h), the rules look at what they bind.
#pragma once

#include <cstdint>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"

namespace obverse {

// More than one person came into question, so nobody is named.
struct Ambiguity {
  std::uint32_t candidates = 2;
  friend bool operator==(const Ambiguity&, const Ambiguity&) = default;
};

// The only thing that a signed code is good for.
enum class TokenPurpose : std::uint8_t {
  ride = 1,  // in and out at gates
  leave,     // out, once, for somebody whose face matches nothing any more
  confirm,   // what a payment's step-up asks for
  session,   // of the app with the server
};

// What a signed code says. It is good once: the same serial of the same device never again.
struct Token {
  RiderId rider;
  DeviceId device;
  std::uint64_t serial = 0;
  TokenPurpose purpose = TokenPurpose::ride;
  std::uint64_t bound = 0;  // of `confirm`: the number of the step-up
  Instant issued;
  Instant expires;  // exclusive
  friend bool operator==(const Token&, const Token&) = default;
};
struct TokenCheck {
  Token token;
  bool genuine = false;  // our signature, over exactly this
  friend bool operator==(const TokenCheck&, const TokenCheck&) = default;
};

// Who can open the template: the person's device, which compares by itself; the person's key, for a
// comparison one to one; or the operator, for a search among many.
enum class Custody : std::uint8_t { device_held = 1, rider_key, operator_key };

// What of a person was looked at.
enum class PersonalData : std::uint8_t { person = 1, history, statement, own_export };

// Why somebody may not enter or buy until they have paid.
enum class DenyCause : std::uint8_t { offline_debt = 1, declined_fares };

}  // namespace obverse
