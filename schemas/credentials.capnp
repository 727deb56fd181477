# Events, and the nouns in them, about what people show besides a face and a PIN, about what staff
# do in pairs, and about terminals without network. As in events.capnp, which has the union of all:
# fields are only ever appended. Instants are ms since 1970-01-01T00:00:00Z, durations ms.
@0xa7825c6134a64ed0;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");

# --- nouns
struct CredentialPolicy {
  faceFailuresMax @0 :UInt8;
  tokenLifeMax @1 :Int64;  # ms, as all that follow
  exitTokenLife @2 :Int64;
  clockSkewMax @3 :Int64;
  overrideLife @4 :Int64;
  actionLife @5 :Int64;
  reinstatingNeedsProof @6 :Bool;
}

struct TwoPersons {
  forTariffs @0 :Bool;
  forPolicies @1 :Bool;
  forLimits @2 :Bool;
  forCorrections @3 :Bool;
  forOverrides @4 :Bool;
  forOffline @5 :Bool;
}

struct TerminalLimits {
  currency @0 :UInt16;  # ISO 4217 numeric
  saleMax @1 :Int64;
  riderMax @2 :Int64;
  terminalMax @3 :Int64;
  offlineMax @4 :Int64;  # ms
  floorMax @5 :Int64;
  listAgeMax @6 :Int64;  # ms, as all that follow
  clockSkewMax @7 :Int64;
  travelTimeMin @8 :Int64;
}

# --- devices, codes, lookalikes, locks, and what takes two people
struct FaceAmbiguous {
  terminal @0 :UInt32;
  candidates @1 :UInt32;
  group :union { none @2 :Void; some @3 :UInt64; }
}

struct FaceVerified { rider @0 :UInt64; terminal @1 :UInt32; }
struct FaceVerificationFailed { rider @0 :UInt64; terminal @1 :UInt32; failures @2 :UInt8; }
struct FaceLocked { rider @0 :UInt64; }
struct FaceUnlocked { rider @0 :UInt64; desk @1 :UInt32; }
struct DuplicateFaceSuspected { rider @0 :UInt64; candidates @1 :UInt32; }
struct LookalikeGroupFormed { group @0 :UInt64; size @1 :UInt32; desk @2 :UInt32; }
struct LookalikeAssigned { rider @0 :UInt64; group @1 :UInt64; }

struct LookalikeGroupDissolved {
  group @0 :UInt64;
  desk :union { none @1 :Void; some @2 :UInt32; }
}

struct CustodyChosen {
  rider @0 :UInt64;
  custody @1 :UInt8;  # 1 held by the device, 2 under the rider's key, 3 under the operator's key
}

struct DeviceLinked { rider @0 :UInt64; device @1 :UInt64; key @2 :Data; }
struct DeviceReportedLost { rider @0 :UInt64; device @1 :UInt64; at @2 :Int64; }
struct ExitTokenIssued { rider @0 :UInt64; serial @1 :UInt64; expires @2 :Int64; }

struct TokenAccepted {
  rider @0 :UInt64;
  device @1 :UInt64;  # 0: none
  serial @2 :UInt64;
  purpose @3 :UInt8;  # 1 ride, 2 leave, 3 confirm, 4 session
  terminal @4 :UInt32;
  at @5 :Int64;
  expires @6 :Int64;
}

struct CategoryGranted {
  rider @0 :UInt64;
  category @1 :UInt8;  # ledger/model/tariff.h
  from @2 :Int64;
  until :union { none @3 :Void; some @4 :Int64; }
}

struct GuardianshipEndSet { rider @0 :UInt64; at @1 :Int64; }
struct GuardianshipEnded { rider @0 :UInt64; }

struct ManualOverrideGranted {
  overrideId @0 :UInt64;
  rider @1 :UInt64;
  terminal @2 :UInt32;
  staff @3 :UInt32;
  second @4 :UInt32;  # 0: nobody else was needed
  expires @5 :Int64;
}

struct ManualOverrideUsed { overrideId @0 :UInt64; rider @1 :UInt64; terminal @2 :UInt32; }

struct OperatorActionRequested {
  action @0 :UInt64;
  kind @1 :UInt8;  # ledger/model/events/credentials.h
  content @2 :Data;  # SHA-256 of all that was asked for
  desk @3 :UInt32;
  at @4 :Int64;
  expires @5 :Int64;
}

struct OperatorActionApproved { action @0 :UInt64; desk @1 :UInt32; }

struct AuditAccessed {
  reader @0 :UInt32;
  rider @1 :UInt64;
  what @2 :UInt8;  # 1 person, 2 history, 3 statement, 4 their own export
}

struct DataExported { rider @0 :UInt64; desk @1 :UInt32; }

# --- what was sold without network, and who owes for it
struct TerminalLimitsPublished { version @0 :UInt32; limits @1 :TerminalLimits; from @2 :Int64; }

struct OfflineBatchReceived {
  terminal @0 :UInt32;
  first @1 :UInt64;
  count @2 :UInt64;
  since @3 :Int64;
  listMade @4 :Int64;
  limits @5 :UInt32;
  skewMs @6 :Int64;  # taken off every time of the batch
}

struct ClockSkewDetected { terminal @0 :UInt32; said @1 :Int64; is @2 :Int64; }
struct OfflineGapReported { terminal @0 :UInt32; expected @1 :UInt64; received @2 :UInt64; }

struct OfflineItemsGivenUp {
  terminal @0 :UInt32;
  first @1 :UInt64;
  count @2 :UInt64;
  desk @3 :UInt32;
}

struct DenyListed {
  rider @0 :UInt64;
  because @1 :UInt8;  # 1 a debt from a sale without network, 2 fares that a card declined
  method :union { none @2 :Void; some @3 :UInt64; }
}

struct DenyListCleared {
  rider @0 :UInt64;
  because @1 :UInt8;
  desk :union { none @2 :Void; some @3 :UInt32; }
}

# --- replies
struct ExitToken { serial @0 :UInt64; expires @1 :Int64; }
