// The policy values of DOMAIN 7 as one published, versioned value. What decided is on the log: the
// version in force.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/recognition.h"

namespace obverse {

// The threshold for a model and a kind of search over up to `scope_max` people; rows by rising
// scope_max.
struct ThresholdRow {
  Code model;
  Search search = Search::one_to_many;
  std::uint32_t scope_max = 0;
  Score threshold = 0;
  friend bool operator==(const ThresholdRow&, const ThresholdRow&) = default;
};

// How often, how long and how far off a credential may be.
struct CredentialPolicy {
  std::uint8_t face_failures_max = 10;  // the tenth comparison in a row that fails locks the face
  Duration token_life_max = hours(24);  // of a signed code that a device shows
  Duration exit_token_life = hours(24);
  Duration clock_skew_max = seconds(30);  // of whoever signs codes
  Duration override_life = minutes(2);
  Duration action_life = hours(24);  // a request that nobody approves
  // A suspended face comes back only with the person's face, compared one to one, and their PIN.
  bool reinstating_needs_proof = false;
  friend bool operator==(const CredentialPolicy&, const CredentialPolicy&) = default;
};

// What one person of staff may not do alone: a second one must approve the same.
struct TwoPersons {
  bool for_tariffs = false;
  bool for_policies = false;
  bool for_limits = false;
  bool for_corrections = false;
  bool for_overrides = true;
  bool for_offline = true;  // releasing what was quarantined, giving up what is missing
  friend bool operator==(const TwoPersons&, const TwoPersons&) = default;
};

struct Policy {
  Currency currency = Currency::jpy;  // of the amounts below
  Duration authorisation_life = seconds(5);
  Duration step_up_life = minutes(2);
  Duration hold_life = minutes(30);  // an authorised purchase that nobody captures
  std::int64_t face_only_purchase_max = 10'000;
  std::int64_t face_only_day_max = 30'000;
  std::uint8_t pin_failures_max = 3;  // the third in a row locks
  std::uint8_t photos_min = 1;
  Duration day_offset = hours(9);  // local time is UTC plus this (Asia/Tokyo has no summer time)
  Duration correction_window = days(56);
  std::vector<ThresholdRow> thresholds;
  Score margin = 0;  // between the best and the second-best person
  CredentialPolicy credentials;
  TwoPersons two_persons;
  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace obverse
