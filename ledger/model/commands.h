// Everything that can be asked. A command is a wish with its evidence: the rules decide whether it
// becomes events.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "ledger/model/commands/cards.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/money.h"
#include "ledger/model/party.h"
#include "ledger/model/policy.h"
#include "ledger/model/recognition.h"
#include "ledger/model/tariff.h"

namespace obverse {

// Who stands at the terminal, as far as anybody could tell. A face, or an account named and a PIN
// typed, or both.
struct Presence {
  Capture capture = Capture::good;
  std::optional<Recognition> face;
  std::optional<PinCheck> pin;
};

// --- terminals
struct EnterGate {
  TerminalId terminal;
  Presence presence;
};
struct LeaveGate {
  TerminalId terminal;
  Presence presence;
};
struct Pay {
  TerminalId terminal;
  Presence presence;
  Money amount;
  std::optional<StepUpId> step_up;
};
struct AuthorisePurchase {
  TerminalId terminal;
  Presence presence;
  Money amount;
  std::optional<StepUpId> step_up;
};
struct CapturePurchase {
  TerminalId terminal;
  PurchaseId purchase;
  Money amount;
};  // at most what is held; the rest is released
struct VoidPurchase {
  TerminalId terminal;
  PurchaseId purchase;
};
struct ReversePurchase {
  TerminalId terminal;
  AttemptKey original;
};  // of the same terminal
struct RefundPurchase {
  TerminalId terminal;
  PurchaseId purchase;
  Money amount;
};

// --- people, at an enrolment desk
struct RegisterRider {
  Category category = Category::adult;
  std::optional<RiderId> guardian;
};
struct AssignCategory {
  RiderId rider;
  Category category = Category::adult;
};
struct GrantConsent {
  RiderId rider;
  Purpose purpose = Purpose::transit;
  Party party;
  std::uint32_t text_version = 1;
  std::optional<RiderId> guardian;
};
struct WithdrawConsent {
  RiderId rider;
  Purpose purpose = Purpose::transit;
  Party party;
};
struct EnrolFace {
  RiderId rider;
  FaceVersion face;
  Code model;
  std::uint8_t photos = 0;
  Digest sealed;
};
struct SuspendFace {
  RiderId rider;
};
struct ReinstateFace {
  RiderId rider;
};
struct EraseRider {
  RiderId rider;
};
struct SetPin {
  RiderId rider;
  PinVersion version;
};  // the next version; the verifier is in the vault already
struct ResetPin {
  RiderId rider;
  TerminalId desk;
};  // unlocks
struct OpenWallet {
  RiderId rider;
  Currency currency = Currency::jpy;
};
struct LoadFunds {
  RiderId rider;
  Money amount;
  BankId bank;
};

// --- operators
struct RegisterOperator {
  Code code;
};
struct RegisterMerchant {
  Code code;
  Currency currency = Currency::jpy;
};
struct RegisterTerminal {
  Code code;
  Role role = Role::gate;
  OperatorId transit;
  Code station;
  MerchantId merchant;
  Digest certificate;
};
struct RevokeTerminal {
  TerminalId terminal;
};
struct PublishTariff {
  Tariff tariff;
};
struct PublishPolicy {
  Policy policy;
};
struct CorrectJourney {
  JourneyId journey;
  Code exit;
  TerminalId desk;
};

// --- the ledger's own timers
struct ExpireJourney {
  JourneyId journey;
};
struct ExpireHold {
  HoldId hold;
};

using CommandKinds = std::variant<
    EnterGate, LeaveGate, Pay, AuthorisePurchase, CapturePurchase, VoidPurchase, ReversePurchase,
    RefundPurchase, RegisterRider, AssignCategory, GrantConsent, WithdrawConsent, EnrolFace,
    SuspendFace, ReinstateFace, EraseRider, SetPin, ResetPin, OpenWallet, LoadFunds,
    RegisterOperator, RegisterMerchant, RegisterTerminal, RevokeTerminal, PublishTariff,
    PublishPolicy, CorrectJourney, ExpireJourney, ExpireHold, PublishCardTerms, LinkPaymentMethod,
    UnlinkPaymentMethod, ChooseTender, ChooseFareTender, SetAutoLoad, StopAutoLoad, TakeRailAnswer,
    ReceiveSchemeFunding, OpenDispute, ResolveDispute, ReceiveChargeback, RepresentChargeback,
    RuleChargeback, ClaimMisidentification, ApproveMisidentification, RejectMisidentification,
    ClearDenyList, ExpirePaymentMethod, ExpireRailRequest, AdvanceAggregation, AdvanceDispute>;

// Like Event: copied in one place.
struct Command : CommandKinds {
  using Kinds = CommandKinds;
  using Kinds::Kinds;
  Command();
  Command(const Command&);
  Command(Command&&) noexcept;
  Command& operator=(const Command&);
  Command& operator=(Command&&) noexcept;
  ~Command();
};

}  // namespace obverse
