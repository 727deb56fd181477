#include "ledger/client/commands/tariff.h"

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <variant>

#include "ledger/client/commands/matrix_file.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/commands/priced_file.h"
#include "ledger/gtfs/book.h"
#include "ledger/gtfs/sheet.h"

namespace obverse {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path source, second, write, feed, file;
  std::string format, from, to, at, arrive, route, category, medium;
  std::vector<std::string> via, then;
};
using Shared = std::shared_ptr<Options>;

// What a path is: a feed, a tariff file of this product, or a station-to-station table.
using Source = std::variant<gtfs::Book, PricedFile, gtfs::Matrix>;

gtfs::Book open_feed(const fs::path& path) {
  gtfs::Read<gtfs::Book> book = gtfs::read_book(path);
  if (!book) throw CommandFailed(Ended::usage, text(book.error()));
  return std::move(*book);
}

Source open_source(const fs::path& path) {
  if (path.extension() != ".json") return open_feed(path);
  if (is_matrix_file(path)) return read_matrix(path);
  return PricedFile(path);
}

Json to_json(const gtfs::Finding& finding, bool for_programs) {
  if (!for_programs) return std::string(name(finding.weight)) + ": " + text(finding);
  return {{"weight", std::string(name(finding.weight))},
          {"kind", finding.kind},
          {"file", finding.place.file},
          {"line", finding.place.line},
          {"column", finding.place.column},
          {"what", finding.what}};
}

Json to_json(const gtfs::Report& report, bool for_programs) {
  Json out{{"errors", report.count(gtfs::Weight::error)},
           {"warnings", report.count(gtfs::Weight::warning)},
           {"notes", report.count(gtfs::Weight::note)},
           {"kinds", Json::object()},
           {"findings", Json::array()}};
  for (const auto& [kind, number] : report.kinds()) out["kinds"][kind] = number;
  for (const gtfs::Finding& finding : report.findings())
    out["findings"].push_back(to_json(finding, for_programs));
  return out;
}

Json summary(const gtfs::Book& book) {
  Json out{{"kind", book.kind}};
  if (const gtfs::Places* places = book.places()) {
    out["stops"] = places->stops.size();
    out["routes"] = places->routes.size();
    out["timezone"] = places->timezone;
  }
  for (const char* file : {"fare_attributes.txt", "fare_rules.txt", "fare_products.txt",
                           "fare_leg_rules.txt", "fare_transfer_rules.txt"})
    if (book.feed.has(file)) out["rows"][file] = book.feed.table(file).rows.size();
  return out;
}

// The feed as a tariff of this product, where it comes down to fares between two stations.
Json as_tariff(const gtfs::Book& book, const fs::path& file) {
  const auto* fares = std::get_if<gtfs::FaresV1>(&book.fares);
  if (fares == nullptr)
    return {{"expressible", false}, {"because", "fares are no station-to-station table (V1)"}};
  const gtfs::Read<gtfs::Matrix> matrix = gtfs::matrix_of(*fares);
  if (!matrix) return {{"expressible", false}, {"because", text(matrix.error())}};
  Json out{{"expressible", true},
           {"stations", matrix->stations.size()},
           {"pairs", matrix->adult_minor.size()},
           {"pairs_unknown",
            matrix->stations.size() * matrix->stations.size() - matrix->adult_minor.size()}};
  if (file.empty()) return out;
  std::ofstream to(file);
  to << obverse::to_json(*matrix).dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  if (!to.flush())
    throw CommandFailed(Ended::usage, file.string() + ": cannot be written: check the path");
  out["written"] = file.string();
  return out;
}

void add_import(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = noun.add_subcommand(
      "import", "read the fares of a GTFS feed (V1, V2, GTFS-JP), and say what it lacks");
  verb->footer(
      "Examples:\n  obverse tariff import feed.zip --format json\n"
      "  obverse tariff import feed.zip --write metro.json\n"
      "Exit status 1: it has fares, and no station-to-station table could be written.");
  verb->add_option("feed", options->source, "zip, or folder of its files")->required();
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  verb->add_option("--write", options->write, "a station-to-station table, as JSON");
  verb->callback([&run, options] {
    if (options->format == "json") run.settings.json = true;
    const gtfs::Book book = open_feed(options->source);
    Json out{{"outcome", "imported"}, {"feed", options->source.string()}};
    out.update(summary(book));
    out["tariff"] = as_tariff(book, options->write);
    out["report"] = to_json(book.report, run.settings.json);
    run.ended = show(run.settings, out);
    if (!options->write.empty() && !out["tariff"].contains("written")) run.ended = Ended::refused;
  });
}

Json checked(const gtfs::Book& book, bool for_programs) {
  Json out{{"outcome", book.report.count(gtfs::Weight::error) == 0 ? "sound" : "refused"}};
  if (out["outcome"] == "refused") {
    out["reason"] = "FEED_NOT_SOUND";
    out["way_out"] = "ask the operator to mend what is named; fares it touches are unknown";
  }
  out.update(summary(book));
  out["report"] = to_json(book.report, for_programs);
  return out;
}

Json checked(const PricedFile& file) {
  const std::optional<Refusal> refused = file.refused();
  Json out{{"outcome", refused ? "refused" : "sound"},
           {"code", file.tariff().code},
           {"stations", file.tariff().stations.size()}};
  if (!refused) return out;
  const Explanation& why = explain(*refused);
  out["reason"] = "TARIFF_NOT_SOUND";
  out["cause"] = why.cause;
  out["way_out"] = why.way_out;
  return out;
}

Json checked(const gtfs::Matrix& matrix) {
  const std::size_t all = matrix.stations.size() * matrix.stations.size();
  return {{"outcome", "sound"},
          {"stations", matrix.stations.size()},
          {"pairs", matrix.adult_minor.size()},
          {"pairs_unknown", all - matrix.adult_minor.size()}};
}

void add_check(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = noun.add_subcommand(
      "check", "whether a tariff file or a feed is whole and agrees with itself");
  verb->footer(
      "Examples:\n  obverse tariff check ops/tariffs/osaka-metro.json\n"
      "  obverse tariff check feed.zip --json\nExit status 1: it is not sound, and why.");
  verb->add_option("source", options->source, "tariff file (.json), zip, or folder")->required();
  verb->callback([&run, options] {
    const Source source = open_source(options->source);
    const auto* book = std::get_if<gtfs::Book>(&source);
    const auto* file = std::get_if<PricedFile>(&source);
    const Json out = book != nullptr   ? checked(*book, run.settings.json)
                     : file != nullptr ? checked(*file)
                                       : checked(std::get<gtfs::Matrix>(source));
    run.ended = show(run.settings, out);
  });
}

gtfs::Sheet sheet_of(const fs::path& path) {
  const Source source = open_source(path);
  if (const auto* book = std::get_if<gtfs::Book>(&source)) return gtfs::sheet_of(*book);
  if (const auto* matrix = std::get_if<gtfs::Matrix>(&source)) return gtfs::sheet_of(*matrix);
  const auto& file = std::get<PricedFile>(source);
  if (file.refused())
    throw CommandFailed(Ended::refused, path.string() +
                                            ": is no sound tariff; `obverse tariff "
                                            "check` says why");
  return file.sheet();
}

void add_diff(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = noun.add_subcommand("diff", "what changes from one tariff or feed to the next");
  verb->footer(
      "Example:\n  obverse tariff diff feed-june.zip feed-july.zip --json\n"
      "Exit status 0 whether they differ or not; \"outcome\" says same or different.");
  verb->add_option("old", options->source, "tariff file (.json), zip, or folder")->required();
  verb->add_option("new", options->second, "the same kind")->required();
  verb->callback([&run, options] {
    const auto found = gtfs::differences(sheet_of(options->source), sheet_of(options->second));
    Json out{{"outcome", found.empty() ? "same" : "different"},
             {"number", found.size()},
             {"differences", Json::array()}};
    const auto words = [](const std::string& side) { return side.empty() ? "nothing" : side; };
    for (const gtfs::Difference& each : found) {
      if (run.settings.json) {
        out["differences"].push_back(
            {{"what", each.what}, {"before", each.before}, {"after", each.after}});
      } else {
        out["differences"].push_back(each.what + ": " + words(each.before) + " -> " +
                                     words(each.after));
      }
    }
    run.ended = show(run.settings, out);
  });
}

gtfs::LocalTime time_of(const std::string& words) {
  const auto time = gtfs::local_time(words);
  if (!time)
    throw CommandFailed(Ended::usage, "\"" + words +
                                          "\" is no time: write 2025-10-01T08:30:00, or "
                                          "with its offset, 2025-10-01T08:30:00+09:00");
  return *time;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string word; std::getline(in, word, ',');) out.push_back(word);
  return out;
}

gtfs::Leg leg_after(const std::string& words) {
  const std::vector<std::string> parts = split(words);
  if (parts.size() < 3 || parts.size() > 5)
    throw CommandFailed(Ended::usage,
                        "--then \"" + words + "\": write FROM,TO,DEPART[,ARRIVE[,ROUTE]]");
  gtfs::Leg leg{"", parts[0], parts[1], time_of(parts[2]), {}, {}};
  if (parts.size() > 3 && !parts[3].empty()) leg.arrive = time_of(parts[3]);
  if (parts.size() > 4) leg.route = parts[4];
  return leg;
}

gtfs::Ask asked(const Options& options) {
  gtfs::Leg leg{options.route, options.from, options.to, time_of(options.at), {}, {}};
  if (!options.arrive.empty()) leg.arrive = time_of(options.arrive);
  if (!options.via.empty()) leg.passed = options.via;
  gtfs::Ask ask{{leg}, options.medium, options.category};
  for (const std::string& words : options.then) ask.legs.push_back(leg_after(words));
  return ask;
}

// An adult is whom a feed means by default, unless it has a category of that name.
gtfs::Answer price_in(const gtfs::Book& book, gtfs::Ask ask) {
  const auto* second = std::get_if<gtfs::FaresV2>(&book.fares);
  const bool is_its_own = second != nullptr && second->categories.contains("adult");
  if (ask.category == "adult" && !is_its_own) ask.category.clear();
  return gtfs::price(book, ask);
}

gtfs::Answer price_in_file(const fs::path& path, const gtfs::Ask& ask) {
  if (ask.legs.size() != 1 || !ask.medium.empty())
    throw CommandFailed(Ended::usage,
                        "a tariff file prices one ride through its gates: leave out --then and "
                        "--medium, or give a --feed");
  const Source source = open_source(path);
  if (const auto* book = std::get_if<gtfs::Book>(&source)) return price_in(*book, ask);
  if (const auto* matrix = std::get_if<gtfs::Matrix>(&source))
    return price(*matrix, ask.legs.front(), ask.category);
  const auto& file = std::get<PricedFile>(source);
  if (file.refused())
    throw CommandFailed(Ended::refused, path.string() +
                                            ": is no sound tariff; `obverse tariff "
                                            "check` says why");
  return file.price(ask.legs.front(), ask.category);
}

// Where somebody gave a name instead of an id, the ids of that name.
std::string ids_named(const gtfs::Book* book, const std::string& name) {
  const gtfs::Places* places = book == nullptr ? nullptr : book->places();
  std::string ids;
  if (places == nullptr) return ids;
  for (const std::string& id : places->named(name)) ids += (ids.empty() ? "" : ", ") + id;
  return ids.empty() ? ids : "; stops of that name: " + ids;
}

Json to_json(const gtfs::Answer& answer, const gtfs::Book* book) {
  if (const auto* unknown = std::get_if<gtfs::Unknown>(&answer)) {
    std::string about = unknown->about;
    if (unknown->why == gtfs::Why::unknown_stop) about += ids_named(book, unknown->about);
    return {{"outcome", "unknown"},
            {"reason", std::string(name(unknown->why))},
            {"cause", about},
            {"way_out", std::string(way_out(unknown->why))}};
  }
  const auto& price = std::get<gtfs::Price>(answer);
  Json out{{"outcome", "priced"},
           {"amount",
            {{"minor", price.amount.minor},
             {"currency", std::string(alphabetic(price.amount.currency))},
             {"text", text(price.amount)}}},
           {"products", price.products},
           {"rule", price.rule}};
  if (!price.medium.empty()) out["medium"] = price.medium;
  return out;
}

void add_price(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = noun.add_subcommand(
      "price", "what a ride costs by a feed or a tariff file; unknown where it does not say");
  verb->footer(
      "Examples:\n"
      "  obverse tariff price M16 C09 --at 2025-10-01T08:30:00+09:00 --category child --file "
      "ops/tariffs/osaka-metro.json\n"
      "  obverse tariff price place-alfcl place-pktrm --route Red --at 2024-10-07T08:00:00 --feed "
      "feed.zip\n"
      "      --then place-harsq,place-hymnl,2024-10-07T09:00:00,2024-10-07T09:20:00,1\n"
      "Times without an offset are of the clock of the place. Exit status 1: unknown, and why.");
  verb->add_option("from", options->from, "stop or station")->required();
  verb->add_option("to", options->to, "stop or station")->required();
  verb->add_option("--at", options->at, "departure")->required();
  verb->add_option("--arrive", options->arrive, "arrival");
  verb->add_option("--route", options->route, "of the feed");
  verb->add_option("--via", options->via, "stops passed, where fares ask for zones")
      ->delimiter(',');
  verb->add_option("--then", options->then, "a further ride: FROM,TO,DEPART[,ARRIVE[,ROUTE]]");
  verb->add_option("--category", options->category, "adult, child, or one of the feed");
  verb->add_option("--medium", options->medium, "one of the feed; else the cheapest");
  auto* feed = verb->add_option("--feed", options->feed, "GTFS zip or folder");
  auto* file = verb->add_option("--file", options->file, "tariff file (.json)");
  feed->excludes(file);
  verb->callback([&run, options] {
    if (options->feed.empty() && options->file.empty())
      throw CommandFailed(Ended::usage, "whose fares? give --feed FEED or --file TARIFF");
    const gtfs::Ask ask = asked(*options);
    std::optional<gtfs::Book> book;
    if (!options->feed.empty()) book = open_feed(options->feed);
    const gtfs::Answer answer = book ? price_in(*book, ask) : price_in_file(options->file, ask);
    run.ended = show(run.settings, to_json(answer, book ? &*book : nullptr));
    if (std::holds_alternative<gtfs::Unknown>(answer)) run.ended = Ended::refused;
  });
}

}  // namespace

void add_tariff_tools(CLI::App& noun, Run& run) {
  add_import(noun, run);
  add_check(noun, run);
  add_diff(noun, run);
  add_price(noun, run);
}

}  // namespace obverse
