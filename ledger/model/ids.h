// One type per identity, so that a merchant can never be passed where a rider is meant. All are
// opaque numbers given by the ledger itself; the log holds no name of a person, ever.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace obverse {

template <class Tag, class Number = std::uint64_t>
struct Id {
  Number value = 0;
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

// Place of one decision in the log, from 1. Zero means "before the first".
using Position = Id<struct PositionTag>;

using RiderId = Id<struct RiderTag>;
using OperatorId = Id<struct OperatorTag, std::uint32_t>;  // a transit or venue operator
using MerchantId = Id<struct MerchantTag, std::uint32_t>;
using TerminalId = Id<struct TerminalTag, std::uint32_t>;
using BankId =
    Id<struct BankTag, std::uint32_t>;  // one of our own bank accounts; 0 is the settlement account
using StaffId = Id<struct StaffTag, std::uint32_t>;
using SponsorId = Id<struct SponsorTag, std::uint32_t>;  // who pays concessions
using TariffVersion = Id<struct TariffTag, std::uint32_t>;
using PolicyVersion = Id<struct PolicyTag, std::uint32_t>;
using CalendarVersion = Id<struct CalendarTag, std::uint32_t>;
using FeeScheduleVersion = Id<struct FeeScheduleTag, std::uint32_t>;
using AgreementVersion = Id<struct AgreementTag, std::uint32_t>;
using SafeguardingVersion = Id<struct SafeguardingTag, std::uint32_t>;
using StationId = Id<struct StationTag, std::uint16_t>;  // index into its tariff's stations

// Things that an entry of the log brings into being are numbered by the position of that entry.
using JourneyId = Id<struct JourneyTag>;
using PurchaseId = Id<struct PurchaseTag>;
using HoldId = Id<struct HoldTag>;
using LoadId = Id<struct LoadTag>;
using RefundId = Id<struct RefundTag>;
using StepUpId = Id<struct StepUpTag>;
using EntitlementId = Id<struct EntitlementTag>;
using WindowId = Id<struct WindowTag>;
using BatchId = Id<struct BatchTag>;
using PayoutId = Id<struct PayoutTag>;
using PayoutAccountId = Id<struct PayoutAccountTag>;
using PayoutFileId = Id<struct PayoutFileTag>;
using StatementId = Id<struct StatementTag>;
using DeviceId = Id<struct DeviceTag>;        // a person's own; 0: none, the code is on paper
using LookalikeId = Id<struct LookalikeTag>;  // a group of people whom cameras confuse
using OverrideId = Id<struct OverrideTag>;
using ActionId = Id<struct ActionTag>;  // what one person of staff requested of another

// Dense from 1, as tariffs and policies are.
using LimitsVersion = Id<struct LimitsTag, std::uint32_t>;
using PaymentMethodId = Id<struct PaymentMethodTag>;
using AggregationId = Id<struct AggregationTag>;  // fares of one day that one card will pay
using DisputeId = Id<struct DisputeTag>;          // of a person's dispute and of a chargeback
using ClaimId = Id<struct ClaimTag>;              // that somebody else was recognised

// What is asked of card rails, dense from 1: one decision may ask for two things.
using RailRequestId = Id<struct RailRequestTag>;
using CardTermsVersion = Id<struct CardTermsTag, std::uint32_t>;

// A face reference's version: 1 for the first enrolment of a rider, one more for each that replaces
// it.
using FaceVersion = Id<struct FaceTag, std::uint32_t>;
using PinVersion = Id<struct PinTag, std::uint32_t>;

// The short public name of an operator, a merchant, a terminal, a station, an embedding model: 1 to
// 32 characters of A-Z a-z 0-9 . _ ' - (never a person's).
using Code = std::string;

// A terminal-made UUIDv7. Scoped by the terminal: the same bytes from another terminal are another
// attempt.
struct AttemptKey {
  std::array<std::uint8_t, 16> bytes{};
  friend constexpr auto operator<=>(const AttemptKey&, const AttemptKey&) = default;
};

struct Attempt {
  TerminalId terminal;
  AttemptKey key;
  friend constexpr auto operator<=>(const Attempt&, const Attempt&) = default;
};

}  // namespace obverse
