// A feed against the GTFS reference: files and columns that are missing or unknown, values that may
// not be empty, rows twice, names of what is not there.
#pragma once

#include "ledger/gtfs/feed.h"
#include "ledger/gtfs/report.h"

namespace obverse::gtfs {

Report check_against_standard(const Feed&);

// GTFS-JP asks for more: fare_attributes.txt, fare_rules.txt, feed_info.txt and translations.txt
// are required, agency_id is a corporate number, the time zone is Asia/Tokyo, and a table of fares
// by distance has one zone a stop.
bool is_japanese(const Feed&);
Report check_against_japanese_standard(const Feed&);

}  // namespace obverse::gtfs
