// What a script asks about what became of its lines.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "ledger/wire/event_wire.h"
#include "tests/scenarios/naming.h"
#include "tests/scenarios/stage.h"

namespace obverse::scenarios {
namespace {

constexpr Duration local_offset = hours(9);  // Asia/Tokyo

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out.empty() ? "nothing" : out;
}

}  // namespace

bool Stage::question(const Line& line) {
  const auto& w = line.words;
  if (w[0] == "told") {
    told(line);
  } else if (w[0] == "never") {
    never(line);
  } else if (w[0] == "nothing" && w.size() == 6) {
    nothing_speaks(line);
  } else if (w.size() == 10 && w[3] == "had") {
    had_answers(line);
  } else if (w[0] == "fares" && w.size() == 9) {
    fares_of(line);
  } else {
    return false;
  }
  return true;
}

// Of the kinds named, exactly these events in this order since the last such line.
void Stage::told(const Line& line) {
  const std::vector<std::string> expected(line.words.begin() + 1, line.words.end());
  std::vector<std::string> told;
  for (; told_records_ < house_.records().size(); ++told_records_)
    for (const Event& event : house_.records()[told_records_].events)
      if (std::ranges::find(expected, name_of(event)) != expected.end())
        told.push_back(name_of(event));
  if (told != expected) problem(line, "told was: " + joined(told));
}

void Stage::never(const Line& line) {
  for (const Record& record : house_.records())
    for (const Event& event : record.events)
      if (std::ranges::find(line.words, name_of(event)) != line.words.end())
        problem(line, name_of(event) + " has happened");
}

// nothing speaks of ben since 10:00
void Stage::nothing_speaks(const Line& line) {
  const RiderId silent = rider(line, line.words[3]);
  const Instant since = instant(day_, line.words[5]);
  for (const Record& record : house_.records())
    for (const Event& event : record.events)
      if (record.recorded_at >= since && speaks_of(event, silent))
        problem(line, name_of(event) + " does");
}

// K1 at T1 had 4 answers of the same bytes
void Stage::had_answers(const Line& line) {
  const auto& answers = answers_[attempt_of(terminal(line, line.words[2]), line.words[0])];
  if (static_cast<std::int64_t>(answers.size()) != read_amount(line.words[4]))
    problem(line, "there were " + std::to_string(answers.size()));
  for (const std::string& answer : answers)
    if (answer != answers.front()) problem(line, "the bytes differ");
}

// fares of DATE TIME: adult A0 A2 is 190
void Stage::fares_of(const Line& line) {
  const auto& w = line.words;
  const Instant at = instant(w[2], w[3].substr(0, w[3].find_last_of(':')));
  const auto tariff = tariff_at(house_.state().fares, operators_.begin()->second, at);
  if (!tariff) return problem(line, "no tariff is in force");
  const auto from = station_of((*tariff)->tariff, w[5]);
  const auto to = station_of((*tariff)->tariff, w[6]);
  if (!from || !to) return problem(line, "no such station");
  const Category category = w[4] == "child" ? Category::child : Category::adult;
  const std::int64_t is = fare(**tariff, category, *from, *to, {}).amount.minor;
  if (is != read_amount(w[8])) problem(line, "is " + std::to_string(is));
}

std::vector<std::string> Stage::compare_facts(const std::vector<Fact>& facts) {
  const auto name = [this](const Account& account) { return name_of_account(account); };
  const FareOf fare_of =
      [this](const std::string& category, const std::string& from,
             const std::string& to) -> std::optional<std::pair<std::int64_t, std::int64_t>> {
    if (operators_.empty()) return {};
    const auto tariff = tariff_at(house_.state().fares, operators_.begin()->second, house_.now());
    if (!tariff) return {};
    const auto a = station_of((*tariff)->tariff, from);
    const auto b = station_of((*tariff)->tariff, to);
    if (!a || !b) return {};
    const Fare is =
        fare(**tariff, category == "child" ? Category::child : Category::adult, *a, *b, {});
    return std::pair{is.amount.minor, is.surcharge_minor};
  };
  const Course course = house_.course(name);
  std::vector<std::string> problems = compare(facts, course, fare_of);
  // The engine's own books are those of the records, and those of its postings alone.
  std::map<std::string, std::int64_t> sums;
  for (const Seen& seen : course.seen)
    for (const Leg& leg : seen.fact.legs) sums[leg.account] += leg.debit ? leg.minor : -leg.minor;
  if (sums != course.pictures.back().balances)
    problems.push_back("the balances are not the sums of the postings");
  State fold;
  for (const Record& record : house_.records()) apply(fold, record);
  if (fold != house_.state()) problems.push_back("the fold of the records is not the state");
  return problems;
}

Instant Stage::instant(const std::string& date, const std::string& time) const {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::sscanf(date.c_str(), "%d-%u-%u", &year, &month, &day) != 3 ||
      std::sscanf(time.c_str(), "%d:%d:%d", &hour, &minute, &second) < 2)
    throw std::runtime_error("no such time: " + date + " " + time);
  const std::chrono::sys_days days{std::chrono::year_month_day{
      std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}};
  const Instant midnight{days.time_since_epoch().count() * obverse::days(1).ms};
  return midnight + Duration{(hour * 3600 + minute * 60 + second) * std::int64_t{1000}} +
         Duration{-local_offset.ms};
}

// The reply as it would go over the wire, with its receipt.
std::string bytes_of(const Answer& answer) {
  Record record;
  record.position = answer.receipt.position;
  record.recorded_at = answer.at;
  record.content = answer.receipt.chain;
  record.reply = answer.reply;
  return encode_record(record);
}

}  // namespace obverse::scenarios
