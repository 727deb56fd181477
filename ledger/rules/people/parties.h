// Who takes part: operators, merchants, terminals and what each terminal may do, and the published
// policies. Not who is enrolled (enrolments.h), and not the tariffs (places/fares.h).
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"

namespace obverse {

struct TransitOperator {
  OperatorId id;
  Code code;
  friend bool operator==(const TransitOperator&, const TransitOperator&) = default;
};
struct Merchant {
  MerchantId id;
  Code code;
  Currency currency = Currency::jpy;  // what its tills sell in
  friend bool operator==(const Merchant&, const Merchant&) = default;
};
struct Sponsor {
  SponsorId id;
  Code code;
  friend bool operator==(const Sponsor&, const Sponsor&) = default;
};
struct Terminal {
  TerminalId id;
  Code code;
  Role role = Role::gate;
  OperatorId transit;   // of a gate
  Code station;         // of a gate
  MerchantId merchant;  // of a till
  Digest certificate;
  bool revoked = false;
  friend bool operator==(const Terminal&, const Terminal&) = default;
};

// Ids are dense from 1: an id is a place in its vector, plus one.
struct Parties {
  std::vector<TransitOperator> operators;
  std::vector<Merchant> merchants;
  std::vector<Terminal> terminals;
  std::map<Code, OperatorId> operator_codes;
  std::map<Code, MerchantId> merchant_codes;
  std::map<Code, TerminalId> terminal_codes;
  std::map<Digest, TerminalId> certificates;  // of terminals that are not revoked
  std::vector<Policy> policies;               // the last one is in force
  std::vector<Sponsor> sponsors;
  std::map<Code, SponsorId> sponsor_codes;
  friend bool operator==(const Parties&, const Parties&) = default;
};

// 1 to 32 of A-Z a-z 0-9 . _ ' -
bool is_valid_code(std::string_view);
// Every bound of the policy page; the threshold rows of one model and search by rising scope_max.
bool is_valid_policy(const Policy&);

// Pointers are into `parties`: good until it changes.
const TransitOperator* find(const Parties& parties, OperatorId);
const Merchant* find(const Parties& parties, MerchantId);
const Sponsor* find(const Parties& parties, SponsorId);
const Terminal* find(const Parties& parties, TerminalId);                    // revoked ones too
const Terminal* find_by_certificate(const Parties& parties, const Digest&);  // never a revoked one
Outcome<const Policy*> policy_in_force(const Parties& parties);              // the last published
PolicyVersion policy_version(const Parties& parties);                        // 0 before the first

// The terminal, if it is registered, not revoked, and has exactly this role. Nothing else grants
// anything to a terminal.
Outcome<const Terminal*> may(const Parties& parties, TerminalId, Role);

Decision decide(const Parties&, const RegisterOperator&, const Moment&);
Decision decide(const Parties&, const RegisterMerchant&, const Moment&);
Decision decide(const Parties&, const RegisterSponsor&, const Moment&);
Decision decide(const Parties&, const RegisterTerminal&, const Moment&);
Decision decide(const Parties&, const RevokeTerminal&, const Moment&);
Decision decide(const Parties&, const PublishPolicy&, const Moment&);

void apply(Parties&, const OperatorRegistered&);
void apply(Parties&, const MerchantRegistered&);
void apply(Parties&, const SponsorRegistered&);
void apply(Parties&, const TerminalRegistered&);
void apply(Parties&, const TerminalRevoked&);
void apply(Parties&, const PolicyPublished&);

}  // namespace obverse
