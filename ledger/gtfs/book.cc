#include "ledger/gtfs/book.h"

#include <utility>

#include "ledger/gtfs/checks.h"

namespace obverse::gtfs {
namespace {

// The reference recommends V2 where both are there; only one may be used.
void read_fares(Book& book) {
  const bool first = has_fares_v1(book.feed);
  const bool second = has_fares_v2(book.feed);
  if (first && second)
    book.report.add(Weight::warning, "two_versions", {"fare_attributes.txt", 0, ""},
                    "stands beside fares of V2, which are used instead of it");
  if (second) {
    FaresV2 fares = fares_v2_of(book.feed, book.report);
    book.report.add(check(fares));
    book.fares = std::move(fares);
    book.kind = "GTFS Fares V2";
  } else if (first) {
    FaresV1 fares = fares_v1_of(book.feed, book.report);
    book.report.add(check(fares));
    book.fares = std::move(fares);
    book.kind = is_japanese(book.feed) ? "GTFS-JP" : "GTFS Fares V1";
  } else {
    book.kind = "none";
    book.report.add(Weight::error, "no_fares", {"fare_attributes.txt", 0, ""},
                    "and fare_leg_rules.txt are not there: every fare of this feed is unknown");
  }
}

}  // namespace

const Places* Book::places() const {
  if (const auto* first = std::get_if<FaresV1>(&fares)) return &first->places;
  if (const auto* second = std::get_if<FaresV2>(&fares)) return &second->places;
  return nullptr;
}

namespace {

Read<Book> whole(Read<Feed> feed) {
  if (!feed) return std::unexpected(feed.error());
  Book book;
  book.feed = std::move(*feed);
  book.report = book.feed.report;
  book.report.add(check_against_standard(book.feed));
  if (is_japanese(book.feed)) book.report.add(check_against_japanese_standard(book.feed));
  read_fares(book);
  return book;
}

}  // namespace

Read<Book> read_book(const std::filesystem::path& path) { return whole(read_feed(path)); }

Read<Book> book_of(const std::map<std::string, std::string>& files) {
  return whole(feed_of(files));
}

Answer price(const Book& book, const Ask& asked) {
  Ask ask = asked;
  // Where a feed has one route only, nobody has to say which.
  const Places* places = book.places();
  if (places != nullptr && places->routes.size() == 1)
    for (Leg& leg : ask.legs)
      if (leg.route.empty()) leg.route = places->routes.begin()->first;
  if (const auto* first = std::get_if<FaresV1>(&book.fares)) return price(*first, ask);
  if (const auto* second = std::get_if<FaresV2>(&book.fares)) return price(*second, ask);
  return Unknown{Why::no_fares, ""};
}

}  // namespace obverse::gtfs
