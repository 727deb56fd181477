// A feed as a book of fares: read, checked, and asked for prices, whichever way it writes them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>

#include "ledger/gtfs/fares_v1.h"
#include "ledger/gtfs/fares_v2.h"

namespace obverse::gtfs {

struct Book {
  Feed feed;
  std::string kind;  // "GTFS Fares V1", "GTFS Fares V2", "GTFS-JP", "none"
  std::variant<std::monostate, FaresV1, FaresV2> fares;
  Report report;  // of reading, of the standard, and of the fares

  const Places* places() const;
};

Read<Book> read_book(const std::filesystem::path&);
Read<Book> book_of(const std::map<std::string, std::string>& files);

Answer price(const Book&, const Ask&);

}  // namespace obverse::gtfs
