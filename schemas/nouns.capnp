# The nouns that stored events share. Fields are only ever appended; what a later version adds to a
# noun has, where it is not said, the value that it meant before.
@0xb37c94e1f0a25d68;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");

using Credentials = import "credentials.capnp";

# A list that a later version has added: empty, it is not written, as it was not before.
annotation later @0xd1f3a6b84c2e7590 (field) :Void;

# Whole minor units of a currency.
struct Money {
  minor @0 :Int64;
  currency @1 :UInt16;  # ISO 4217 numeric
}

# A terminal's attempt: the same key from another terminal is another attempt.
struct Attempt {
  terminal @0 :UInt32;
  key @1 :Data;  # 16 bytes
}

# Who relies on a face.
struct Party {
  kind @0 :UInt8;  # 1 everyone, 2 transit operator, 3 merchant
  id @1 :UInt32;
}

# The evidence that a match leaves behind. No other person, no picture.
struct Recognition {
  rider @0 :UInt64;
  face @1 :UInt32;
  model @2 :Text;
  search @3 :UInt8;  # 1 one to many, 2 one to one
  gallery @4 :UInt64;  # log position that the gallery had reached
  scope @5 :UInt32;  # how many people were searched
  score @6 :Int32;  # cosine in units of 2^-22
  threshold @7 :Int32;
  runnerUp :union { none @8 :Void; some @9 :Int32; }
  terminal @10 :UInt32;
  at @11 :Int64;  # ms since 1970-01-01T00:00:00Z
}

# One line of a posting; minor is positive.
struct Entry {
  chart @0 :UInt16;
  owner @1 :UInt64;  # what the number means is the chart code's
  currency @2 :UInt16;  # ISO 4217 numeric
  side @3 :UInt8;  # 1 debit, 2 credit
  minor @4 :Int64;
}

# Between two stations, by their index in the tariff; ridden both ways.
struct Track { a @0 :UInt16; b @1 :UInt16; metres @2 :Int64; surchargeMinor @3 :Int64; }

struct Section {
  metresMax @0 :Int64;  # inclusive; the last is 2^63-1
  adultMinor @1 :Int64;
  childMinor @2 :Int64;
}

# Between zones or between stations, by index, in this direction.
struct PairFare { from @0 :UInt16; to @1 :UInt16; adultMinor @2 :Int64; childMinor @3 :Int64; }
struct TimeFare { within @0 :Int64; adultMinor @1 :Int64; childMinor @2 :Int64; }

struct CategoryTerms {
  category @0 :UInt8;
  paysChildFare @1 :Bool;
  flatMinor :union { none @2 :Void; some @3 :Int64; }
  sponsor @4 :UInt32;
}

struct Interchange { a @0 :UInt16; b @1 :UInt16; within @2 :Int64; }

struct Cap {
  period @0 :UInt8;  # 1 day, 2 week, 3 month
  adultMinor @1 :Int64;
  childMinor @2 :Int64;
}

struct PassFare {
  section @0 :UInt16;  # from 1
  months @1 :UInt8;
  adultMinor @2 :Int64;
  childMinor @3 :Int64;
}

# Amounts in minor units of its currency. What is newer than a tariff on the log has there the value
# that it means where it is not said.
struct Tariff {
  code @0 :Text;
  transit @1 :UInt32;
  effectiveFrom @2 :Int64;  # ms since 1970-01-01T00:00:00Z
  currency @3 :UInt16;  # ISO 4217 numeric
  stations @4 :List(Text);
  tracks @5 :List(Track);
  sections @6 :List(Section);
  childRoundingMinor @7 :Int64;
  maximumAdultMinor @8 :Int64;
  maximumChildMinor @9 :Int64;
  entryMinimumAdultMinor @10 :Int64;
  entryMinimumChildMinor @11 :Int64;
  journeyWindow @12 :Int64;  # ms
  sameStationFree @13 :Int64;  # ms
  travelTimeMin @14 :Int64;  # ms
  pricing @15 :UInt8 = 1;  # 1 sections, 2 flat, 3 zones, 4 matrix, 5 time
  entryOnly @16 :Bool;
  flatAdultMinor @17 :Int64;
  flatChildMinor @18 :Int64;
  zones @19 :List(UInt16) $later;
  pairFares @20 :List(PairFare) $later;
  timeFares @21 :List(TimeFare) $later;
  categories @22 :List(CategoryTerms) $later;
  interchanges @23 :List(Interchange) $later;
  caps @24 :List(Cap) $later;
  fareDayStart @25 :Int64 = 10800000;  # ms after local midnight
  passes @26 :List(PassFare) $later;
  passSaleAhead @27 :Int64 = 1209600000;  # ms
  passRefundFeeMinor @28 :Int64;
}

struct ThresholdRow {
  model @0 :Text;
  search @1 :UInt8;  # 1 one to many, 2 one to one
  scopeMax @2 :UInt32;
  threshold @3 :Int32;
}

struct Policy {
  currency @0 :UInt16;  # ISO 4217 numeric
  authorisationLife @1 :Int64;  # ms
  stepUpLife @2 :Int64;  # ms
  holdLife @3 :Int64;  # ms
  faceOnlyPurchaseMax @4 :Int64;
  faceOnlyDayMax @5 :Int64;
  pinFailuresMax @6 :UInt8;
  photosMin @7 :UInt8;
  dayOffset @8 :Int64;  # ms local time is ahead of UTC
  correctionWindow @9 :Int64;  # ms
  thresholds @10 :List(ThresholdRow);
  margin @11 :Int32;
  credentials @12 :Credentials.CredentialPolicy;  # null: as the model has them
  twoPersons @13 :Credentials.TwoPersons;  # null: as the model has them
}
