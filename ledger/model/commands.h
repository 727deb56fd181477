// Everything that can be asked. A command is a wish with its evidence: the rules decide whether it
// becomes events.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "ledger/model/commands/cards.h"
#include "ledger/model/commands/credentials.h"
#include "ledger/model/commands/offline.h"
#include "ledger/model/commands/settlement.h"
#include "ledger/model/credential.h"
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
  std::optional<TokenCheck> token = {};
  std::optional<Ambiguity> ambiguous = {};  // instead of a face
  std::optional<OverrideId> vouched = {};   // by staff, for this terminal
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
  std::vector<RiderId> lookalikes = {};  // whom the photos could be taken for, besides
};
struct SuspendFace {
  RiderId rider;
};
struct ReinstateFace {
  RiderId rider;
  TerminalId terminal = {};  // the desk
  Presence presence = {};    // the proof, where the policy asks for one
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
struct RegisterSponsor {
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

// From the wallet, at the price of the tariff in force on the first day.
struct SellPass {
  RiderId rider;
  OperatorId transit;
  Code from;
  Code to;
  std::int64_t first_day = 0;
  std::uint8_t months = 1;
};
// What the months begun have cost stays the operator's.
struct RefundPass {
  EntitlementId pass;
};

// --- terminals that were without network
struct UploadOffline {
  TerminalId terminal;
  std::uint64_t sequence = 0;
  Presence presence;
  Money amount;
  Instant captured_at;  // by the terminal's clock
};

// --- what may need two people: one requests it, another approves the same
using Action = std::variant<PublishTariff, PublishPolicy, PublishTerminalLimits, CorrectJourney,
                            GrantOverride, ReleaseOffline, GiveUpOffline>;
struct RequestAction {
  TerminalId desk;
  Action action;
};
struct ApproveAction {
  TerminalId desk;
  ActionId id;
  Action action;
};

// --- the ledger's own timers
struct ExpireJourney {
  JourneyId journey;
};
struct ExpireHold {
  HoldId hold;
};
struct RecognisePass {
  EntitlementId pass;
};

using CommandKinds = std::variant<
    EnterGate, LeaveGate, Pay, AuthorisePurchase, CapturePurchase, VoidPurchase, ReversePurchase,
    RefundPurchase, RegisterRider, AssignCategory, GrantConsent, WithdrawConsent, EnrolFace,
    SuspendFace, ReinstateFace, EraseRider, SetPin, ResetPin, OpenWallet, LoadFunds,
    RegisterOperator, RegisterMerchant, RegisterTerminal, RevokeTerminal, PublishTariff,
    PublishPolicy, CorrectJourney, ExpireJourney, ExpireHold, RegisterSponsor, SellPass, RefundPass,
    RecognisePass, PublishSettlementCalendar, PublishFeeSchedule, PublishAgreement,
    PublishSafeguardingTerms, SetOwnAccount, SetPayoutAccount, OpenBooks, MigratePayout,
    CloseSettlementWindow, FormSettlementBatch, ProducePayoutFile, RejectPayout, ImportStatement,
    ResolveBreak, ApportionFares, ComputeNetPositions, AdjustSafeguardingDeposit,
    OpenSettlementWindow, ReleaseReserve, PostStatementEntry, AssessSafeguarding,
    FormLookalikeGroup, DissolveLookalikeGroup, UnlockFace, ChooseCustody, LinkDevice,
    ReportDeviceLost, IssueExitToken, GrantCategory, EndGuardianship, GrantOverride,
    ReadPersonalData, RequestAction, ApproveAction, ExpireGuardianship, PublishTerminalLimits,
    OpenOfflineBatch, UploadOffline, GiveUpOffline, ReleaseOffline, PublishCardTerms,
    LinkPaymentMethod, UnlinkPaymentMethod, ChooseTender, ChooseFareTender, SetAutoLoad,
    StopAutoLoad, TakeRailAnswer, ReceiveSchemeFunding, OpenDispute, ResolveDispute,
    ReceiveChargeback, RepresentChargeback, RuleChargeback, ClaimMisidentification,
    ApproveMisidentification, RejectMisidentification, ClearDenyList, ExpirePaymentMethod,
    ExpireRailRequest, AdvanceAggregation, AdvanceDispute>;

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
