// What people have besides a face and a PIN: linked devices and the codes they show, who looks like
// whom, how the template is kept, the lock of a face, categories with dates, staff who vouch; and
// the record that every look at personal data leaves. What is remembered is in enrolments.h.
#pragma once

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/policy.h"
#include "ledger/model/record.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

// A code with our signature, for whatever it was made: token_must_be_fresh, token_must_not_be_used,
// token_must_not_be_revoked. A code without a device is good only if the ledger issued it.
Outcome<void> token_must_be_good(const Enrolments&, const Policy&, const Token&, Instant now);

// Lookalikes: from here on none of them is recognised by a face alone.
Decision decide(const Enrolments&, const Parties&, const FormLookalikeGroup&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const DissolveLookalikeGroup&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const UnlockFace&, const Moment&);
Decision decide(const Enrolments&, const ChooseCustody&, const Moment&);
Decision decide(const Enrolments&, const LinkDevice&, const Moment&);
Decision decide(const Enrolments&, const ReportDeviceLost&, const Moment&);
Decision decide(const Enrolments&, const GrantCategory&, const Moment&);
Decision decide(const Enrolments&, const EndGuardianship&, const Moment&);
Decision decide(const Enrolments&, const ExpireGuardianship&, const Moment&);
// For somebody with an open journey.
Decision decide(const Enrolments&, const Parties&, const IssueExitToken&, bool is_inside,
                const Moment&);
// `second`: the other person of staff, where two were needed.
Decision decide(const Enrolments&, const Parties&, const GrantOverride&, TerminalId second,
                const Moment&);
Decision decide(const Enrolments&, const Parties&, const ReadPersonalData&, const Moment&);

// The guardianship that ends first; its command is ExpireGuardianship.
std::optional<GuardianshipDue> next_due(const Enrolments&);

void apply(Enrolments&, const FaceVerified&);
void apply(Enrolments&, const FaceVerificationFailed&);
void apply(Enrolments&, const FaceLocked&);
void apply(Enrolments&, const FaceUnlocked&);
void apply(Enrolments&, const LookalikeGroupFormed&);
void apply(Enrolments&, const LookalikeAssigned&);
void apply(Enrolments&, const LookalikeGroupDissolved&);
void apply(Enrolments&, const CustodyChosen&);
void apply(Enrolments&, const DeviceLinked&);
void apply(Enrolments&, const DeviceReportedLost&);
void apply(Enrolments&, const ExitTokenIssued&);
void apply(Enrolments&, const TokenAccepted&);
void apply(Enrolments&, const CategoryGranted&);
void apply(Enrolments&, const GuardianshipEndSet&);
void apply(Enrolments&, const GuardianshipEnded&);
void apply(Enrolments&, const ManualOverrideGranted&);
void apply(Enrolments&, const ManualOverrideUsed&);
void apply(Enrolments&, const DenyListed&);
void apply(Enrolments&, const DenyListCleared&);

}  // namespace obverse
