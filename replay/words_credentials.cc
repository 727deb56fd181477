#include "replay/words_credentials.h"

#include <fmt/format.h>

#include "replay/words.h"

namespace obverse {
namespace {

std::string terminal(TerminalId id, const State& state) {
  const Terminal* found = find(state.parties, id);
  return found != nullptr ? found->code : fmt::format("terminal {}", id.value);
}

std::string why(Refusal refusal) {
  return fmt::format("{} ({})", text(reason_of(refusal)), explain(refusal).cause);
}

std::string_view custody(Custody kept) {
  switch (kept) {
    case Custody::device_held:
      return "held by the person's device, compared there one to one";
    case Custody::rider_key:
      return "kept under the person's key, compared one to one";
    case Custody::operator_key:
      return "kept under the operator's key, searched among many";
  }
  return "kept in another way";
}

std::string_view purpose(TokenPurpose made_for) {
  switch (made_for) {
    case TokenPurpose::ride:
      return "riding";
    case TokenPurpose::leave:
      return "leaving";
    case TokenPurpose::confirm:
      return "saying yes to a payment";
    case TokenPurpose::session:
      return "the app";
  }
  return "something else";
}

std::string_view action(ActionKind kind) {
  switch (kind) {
    case ActionKind::publish_tariff:
      return "to publish a tariff";
    case ActionKind::publish_policy:
      return "to publish a policy";
    case ActionKind::publish_limits:
      return "to publish limits for terminals without network";
    case ActionKind::correct_journey:
      return "to correct a journey";
    case ActionKind::grant_override:
      return "to vouch for a person";
    case ActionKind::release_offline:
      return "to decide about a sale that was set aside";
    case ActionKind::give_up_offline:
      return "to give up missing sales";
  }
  return "something else";
}

std::string_view data(PersonalData what) {
  switch (what) {
    case PersonalData::person:
      return "who they are here";
    case PersonalData::history:
      return "their history";
    case PersonalData::statement:
      return "their statement";
    case PersonalData::own_export:
      return "all of it, for themselves";
  }
  return "something else";
}

}  // namespace

std::string_view in_words(Category which) {
  switch (which) {
    case Category::adult:
      return "adult";
    case Category::child:
      return "child";
    case Category::infant:
      return "infant";
    case Category::senior:
      return "senior";
    case Category::disabled:
      return "disabled person";
    case Category::student:
      return "student";
  }
  return "somebody else";
}

std::string CredentialWords::operator()(const FaceAmbiguous& e) const {
  return fmt::format("face at {} could be any of {}: nobody was named", terminal(e.terminal, state),
                     e.candidates) +
         (e.group ? fmt::format(", of group {}", e.group->value) : "");
}
std::string CredentialWords::operator()(const FaceVerified& e) const {
  return "face compared with the person named, and alike, at " + terminal(e.terminal, state);
}
std::string CredentialWords::operator()(const FaceVerificationFailed& e) const {
  return fmt::format("face not that of the person named, at {}, {} in a row",
                     terminal(e.terminal, state), e.failures);
}
std::string CredentialWords::operator()(const FaceLocked&) const { return "face locked"; }
std::string CredentialWords::operator()(const FaceUnlocked& e) const {
  return "face unlocked by " + terminal(e.desk, state);
}
std::string CredentialWords::operator()(const DuplicateFaceSuspected& e) const {
  return fmt::format("looks too much like {} others to be enrolled", e.candidates);
}
std::string CredentialWords::operator()(const LookalikeGroupFormed& e) const {
  return fmt::format("{} people look alike: group {}, formed by {}", e.size, e.group.value,
                     terminal(e.desk, state));
}
std::string CredentialWords::operator()(const LookalikeAssigned& e) const {
  return fmt::format("belongs to the lookalikes of group {}", e.group.value);
}
std::string CredentialWords::operator()(const LookalikeGroupDissolved& e) const {
  return fmt::format("group {} of lookalikes dissolved", e.group.value);
}
std::string CredentialWords::operator()(const CustodyChosen& e) const {
  return fmt::format("the face template is {}", custody(e.custody));
}
std::string CredentialWords::operator()(const DeviceLinked& e) const {
  return fmt::format("device {} linked", e.device.value);
}
std::string CredentialWords::operator()(const DeviceReportedLost& e) const {
  return fmt::format("device {} reported lost: its codes and the PIN are good for nothing",
                     e.device.value);
}
std::string CredentialWords::operator()(const ExitTokenIssued& e) const {
  return fmt::format("code {} issued, to leave once until {}", e.serial,
                     in_words(e.expires, state));
}
std::string CredentialWords::operator()(const TokenAccepted& e) const {
  return fmt::format("code {} of {} for {} used at {}", e.serial,
                     e.device.value == 0 ? "no device" : fmt::format("device {}", e.device.value),
                     purpose(e.purpose), terminal(e.terminal, state));
}
std::string CredentialWords::operator()(const CategoryGranted& e) const {
  return fmt::format("travels as {} from {}{}", in_words(e.category), in_words(e.from, state),
                     e.until ? " until " + in_words(*e.until, state) : "");
}
std::string CredentialWords::operator()(const GuardianshipEndSet& e) const {
  return "guardianship will end on " + in_words(e.at, state);
}
std::string CredentialWords::operator()(const GuardianshipEnded&) const {
  return "guardianship ended";
}

std::string StaffWords::operator()(const ManualOverrideGranted& e) const {
  return fmt::format("{} and {} vouch for the person at {}", terminal(e.staff, state),
                     e.second.value == 0 ? "nobody else" : terminal(e.second, state),
                     terminal(e.terminal, state));
}
std::string StaffWords::operator()(const ManualOverrideUsed& e) const {
  return "let through because staff vouched, at " + terminal(e.terminal, state);
}
std::string StaffWords::operator()(const OperatorActionRequested& e) const {
  return fmt::format("{} requests, as number {}, {}", terminal(e.desk, state), e.action.value,
                     action(e.kind));
}
std::string StaffWords::operator()(const OperatorActionApproved& e) const {
  return fmt::format("{} approves request {}", terminal(e.desk, state), e.action.value);
}
std::string StaffWords::operator()(const AuditAccessed& e) const {
  return fmt::format("{} looked at {}", terminal(e.reader, state), data(e.what));
}
std::string StaffWords::operator()(const DataExported& e) const {
  return "their data handed to the person at " + terminal(e.desk, state);
}

std::string OfflineWords::operator()(const TerminalLimitsPublished& e) const {
  return fmt::format("limits for terminals without network published, version {}", e.version.value);
}
std::string OfflineWords::operator()(const OfflineBatchReceived& e) const {
  return fmt::format("{} was without network since {} and brings {} sales from number {}",
                     terminal(e.terminal, state), in_words(e.since, state), e.count, e.first);
}
std::string OfflineWords::operator()(const ClockSkewDetected& e) const {
  return fmt::format("the clock of {} says {}: times of its batch are replaced",
                     terminal(e.terminal, state), in_words(e.said, state));
}
std::string OfflineWords::operator()(const OfflineGapReported& e) const {
  return fmt::format("{} brings number {}, but {} is missing", terminal(e.terminal, state),
                     e.received, e.expected);
}
std::string OfflineWords::operator()(const OfflineItemsGivenUp& e) const {
  return fmt::format("{} missing sales of {} given up by {}, from number {}", e.count,
                     terminal(e.terminal, state), terminal(e.desk, state), e.first);
}
std::string OfflineWords::operator()(const OfflineEventAccepted& e) const {
  return fmt::format(
      "sale {} of {} without network, {}: {} from the wallet, {} owed, {} the "
      "seller's loss",
      e.sequence, terminal(e.terminal, state), text(e.amount), e.from_wallet, e.debt, e.borne);
}
std::string OfflineWords::operator()(const OfflineEventRejected& e) const {
  return fmt::format("sale {} of {} without network, {}, is the seller's loss: {}", e.sequence,
                     terminal(e.terminal, state), text(e.amount), why(e.refusal));
}
std::string OfflineWords::operator()(const OfflineEventQuarantined& e) const {
  return fmt::format("sale {} of {} without network, {}, set aside: {}", e.sequence,
                     terminal(e.terminal, state), text(e.amount), why(e.refusal));
}
std::string OfflineWords::operator()(const DenyListed& e) const {
  return e.because == DenyCause::declined_fares
             ? "denied at every gate until the declined fares are paid"
             : "on the deny-list until the debt is paid";
}
std::string OfflineWords::operator()(const DenyListCleared& e) const {
  const std::string by = e.desk ? ", by a desk" : "";
  return (e.because == DenyCause::declined_fares ? "no longer denied at gates"
                                                 : "off the deny-list") +
         by;
}

}  // namespace obverse
