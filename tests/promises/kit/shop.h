// A shop with one till and many buyers, as commands: what the promises about speed are measured on.
// Every purchase moves money in double entry from the buyer's wallet to the shop, and leaves four
// events.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/model/limits.h"

namespace obverse::promises {

inline constexpr TerminalId shop_till{1};
inline constexpr std::uint64_t events_of_a_purchase = 4;

// Everything that must be there before the first purchase; then `riders` buyers, each with consent,
// a face, a wallet and much money.
inline std::vector<Command> founding(std::uint64_t riders) {
  Policy policy;
  policy.face_only_purchase_max = amount_minor_max;
  policy.face_only_day_max = amount_minor_max;
  policy.thresholds = {{"r50-1", Search::one_to_many, 1'000'000, score_one / 2}};
  std::vector<Command> out{RegisterMerchant{"bakery", Currency::jpy}, PublishPolicy{policy},
                           RegisterTerminal{"till-1", Role::till, {}, {}, {1}, {{1}}}};
  for (std::uint64_t rider = 1; rider <= riders; ++rider) {
    out.push_back(RegisterRider{Category::adult, std::nullopt});
    out.push_back(GrantConsent{{rider}, Purpose::payment, {}, 1, std::nullopt});
    out.push_back(EnrolFace{{rider}, {1}, "r50-1", 3, {}});
    out.push_back(OpenWallet{{rider}, Currency::jpy});
    out.push_back(LoadFunds{{rider}, {1'000'000'000, Currency::jpy}, {}});
  }
  return out;
}

inline Asked purchase(std::uint64_t rider, std::uint64_t number, Instant now) {
  Recognition face;
  face.rider = {rider};
  face.face = {1};
  face.model = "r50-1";
  face.scope = 1'000;
  face.score = score_one / 10 * 9;
  face.threshold = score_one / 2;
  face.runner_up = score_one / 10;
  face.terminal = shop_till;
  face.at = now;
  // As terminals make them: a UUIDv7, the time and then a number.
  Attempt attempt{shop_till, {}};
  const auto moment = static_cast<std::uint64_t>(now.ms);
  for (std::size_t i = 0; i < 6; ++i)
    attempt.key.bytes.at(i) = static_cast<std::uint8_t>(moment >> (40 - 8 * i));
  attempt.key.bytes.at(6) = 0x70;
  attempt.key.bytes.at(8) = 0x80;
  for (std::size_t i = 9; i < 16; ++i)
    attempt.key.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * (15 - i)));
  return {{Actor::Kind::terminal, shop_till},
          attempt,
          now,
          Pay{shop_till, {Capture::good, face, std::nullopt}, {1, Currency::jpy}, std::nullopt},
          std::nullopt};
}

}  // namespace obverse::promises
