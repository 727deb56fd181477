// Deposits and withdrawals as banks report them: read whole, or refused with the record that is
// wrong.
#include "ledger/rails/account_activity.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/rails/activity_file.h"

using namespace obverse;
using namespace obverse::rails;
using namespace obverse::activity;

namespace {

// S26's first day.
const std::vector<Line> first_day{{-92'080, "SB20250615-M1", ""},
                                  {-9'456, "SB20250615-M2", ""},
                                  {-450'000, "SB20250615-M3", "ユ)ビーアンドビー"},
                                  {-330, "", ""},
                                  {1'234, "", "ドコカ"}};

std::string with_line_ends(const std::string& bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += activity_record_bytes)
    out += bytes.substr(at, activity_record_bytes) + "\r\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(account_activity)

BOOST_AUTO_TEST_CASE(a_statement_is_read_whole) {
  const std::string bytes = file_of(1'000'000, first_day);
  BOOST_TEST(bytes.size() == 8 * activity_record_bytes);
  for (const std::string& each : {bytes, with_line_ends(bytes)}) {
    const auto read = read_account_activity(each);
    BOOST_REQUIRE(read.has_value());
    BOOST_REQUIRE(read->size() == 1U);
    const BankStatement& statement = read->front();
    BOOST_TEST(statement.account == "9900-001-0001234567");
    BOOST_TEST((statement.opening == Money{1'000'000, Currency::jpy}));
    BOOST_TEST((statement.closing == Money{449'368, Currency::jpy}));
    BOOST_REQUIRE(statement.entries.size() == 5U);
    const std::int64_t day = day_of({2025, 6, 17});
    BOOST_TEST((statement.entries[0] == StatementEntry{-92'080, day, {"SB20250615-M1"}, {""}}));
    BOOST_TEST((statement.entries[2].name == Label{"ﾕ)ﾋﾞ-ｱﾝﾄﾞﾋﾞ-"}));
    BOOST_TEST((statement.entries[4] == StatementEntry{1'234, day, {""}, {"ﾄﾞｺｶ"}}));
  }
}

// Of years of an era nobody sees which era it is: these are of Reiwa.
BOOST_AUTO_TEST_CASE(dates_are_in_years_of_reiwa) {
  const auto day_read = [](const std::string& day) {
    return read_account_activity(file_of(0, {{1, "", "", day}}))->front().entries[0].value_day;
  };
  BOOST_TEST(day_read("010501") == day_of({2019, 5, 1}));
  BOOST_TEST(day_read("060229") == day_of({2024, 2, 29}));
  for (const char* none : {"070229", "071301", "070132", "000101", "0705 1"})
    BOOST_TEST(!read_account_activity(file_of(0, {{1, "", "", none}})).has_value(), none);
}

BOOST_AUTO_TEST_CASE(an_account_may_be_overdrawn_and_a_file_have_several) {
  const std::vector<Line> in{{100, "", ""}};
  const std::string bytes =
      header(-60) + data(in[0], 1) + trailer(40, in) + header(5) + trailer(5, {}) + end(6, 2);
  const auto read = read_account_activity(bytes);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->size() == 2U);
  BOOST_TEST(read->front().opening.minor == -60);
  BOOST_TEST(read->back().closing.minor == 5);
}

BOOST_AUTO_TEST_CASE(what_does_not_add_up_is_refused_with_its_record) {
  const std::string bytes = file_of(1'000'000, first_day);
  const auto place_of = [](std::string changed, std::size_t at, char value) {
    changed[at] = value;
    const auto read = read_account_activity(changed);
    return read ? std::size_t{0} : read.error().place;
  };
  const auto in = [](std::size_t record, std::size_t column) {
    return record * activity_record_bytes + column;
  };
  BOOST_TEST(place_of(bytes, in(0, 2), '1') == 1U);      // another kind of file
  BOOST_TEST(place_of(bytes, in(0, 3), '1') == 1U);      // another character set
  BOOST_TEST(place_of(bytes, in(1, 35), '9') == 7U);     // an amount: the trailer disagrees
  BOOST_TEST(place_of(bytes, in(1, 21), '3') == 2U);     // neither in nor out
  BOOST_TEST(place_of(bytes, in(1, 30), 'x') == 2U);     // not a digit
  BOOST_TEST(place_of(bytes, in(0, 128), '7') == 7U);    // the opening balance
  BOOST_TEST(place_of(bytes, in(6, 53), '9') == 7U);     // the closing balance
  BOOST_TEST(place_of(bytes, in(6, 60), '9') == 7U);     // the number of entries
  BOOST_TEST(place_of(bytes, in(7, 10), '1') == 8U);     // the number of records
  BOOST_TEST(place_of(bytes, in(3, 0), '7') == 4U);      // no such record
  BOOST_TEST(place_of(bytes, in(1, 81), '\x80') == 2U);  // no character
  for (const std::size_t left : {199U, 200U, 1'400U, 1'599U})
    BOOST_TEST(!read_account_activity(std::string_view(bytes).substr(0, left)).has_value(), left);
  BOOST_TEST(!read_account_activity(bytes + end(9, 1)).has_value());
  BOOST_TEST(!read_account_activity("").has_value());
  BOOST_TEST(!read_account_activity(with_line_ends(bytes) + "x").has_value());
}

BOOST_AUTO_TEST_CASE(any_bytes_are_read_or_refused) {
  BOOST_TEST(rc::check("a changed byte never breaks the sums", [] {
    std::string bytes = file_of(1'000'000, first_day);
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
    const auto read = read_account_activity(bytes);
    if (!read) return;
    for (const BankStatement& statement : *read) {
      std::int64_t sum = statement.opening.minor;
      for (const StatementEntry& entry : statement.entries) sum += entry.minor;
      RC_ASSERT(sum == statement.closing.minor);
    }
  }));
  BOOST_TEST(rc::check("any bytes", [] {
    const auto raw = *rc::gen::arbitrary<std::vector<char>>();
    const auto read = read_account_activity({raw.data(), raw.size()});
    RC_ASSERT(!read.has_value());
  }));
}

BOOST_AUTO_TEST_SUITE_END()
