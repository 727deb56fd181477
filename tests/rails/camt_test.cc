// camt.053: read whole, or refused.
#include "ledger/rails/camt.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/rails/camt_file.h"

using namespace obverse;
using namespace obverse::rails;
using namespace obverse::camt053;

namespace {

// S26's first day.
std::string first_day() {
  return document(balance("OPBD", "1000000") + balance("CLBD", "449368") +
                  balance("CLAV", "7", "DBIT", "EUR") +
                  entry("DBIT", "92080", payment("SB20250615-M1")) +
                  entry("DBIT", "9456", payment(" SB20250615-M2\n")) +
                  entry("DBIT", "450000",
                        payment("NOTPROVIDED",
                                "<RltdPties><Cdtr><Pty><Nm>ﾕ)ﾋﾞ-ｱﾝﾄﾞﾋﾞ-</Nm></Pty>"
                                "</Cdtr></RltdPties>")) +
                  entry("DBIT", "330", "") + entry("CRDT", "1234", "") +
                  entry("CRDT", "5", "", "<Cd>PDNG</Cd>"));
}
std::string why(const std::string& xml) {
  const auto read = read_camt_053(xml);
  return read ? "read" : std::string(read.error().why);
}

std::filesystem::path samples() {
  const char* shared = std::getenv("OBVERSE_SHARED");
  return std::filesystem::path(shared == nullptr ? "../shared" : shared) /
         "data/standards/iso20022/samples";
}
boost::test_tools::assertion_result samples_are_there(boost::unit_test::test_unit_id) {
  const bool there = std::filesystem::exists(samples());
  if (!there) std::cout << "skipped: other_peoples_statements, no ISO 20022 samples\n";
  return there;
}
std::string file(const char* name) {
  std::ifstream in(samples() / name);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(camt)

BOOST_AUTO_TEST_CASE(a_statement_is_read_whole) {
  const auto read = read_camt_053(first_day());
  BOOST_REQUIRE_MESSAGE(read.has_value(), why(first_day()));
  BOOST_REQUIRE(read->size() == 1U);
  const BankStatement& statement = read->front();
  BOOST_TEST(statement.account == "JP00TEST");
  BOOST_TEST((statement.opening == Money{1'000'000, Currency::jpy}));
  BOOST_TEST((statement.closing == Money{449'368, Currency::jpy}));
  BOOST_REQUIRE(statement.entries.size() == 5U);  // the pending one is none yet
  const std::int64_t day = day_of({2025, 6, 17});
  BOOST_TEST((statement.entries[0] == StatementEntry{-92'080, day, {"SB20250615-M1"}, {}}));
  BOOST_TEST((statement.entries[1].reference == Label{"SB20250615-M2"}));
  BOOST_TEST((statement.entries[2] == StatementEntry{-450'000, day, {}, {"ﾕ)ﾋﾞ-ｱﾝﾄﾞﾋﾞ-"}}));
  BOOST_TEST((statement.entries[4] == StatementEntry{1'234, day, {}, {}}));
}

BOOST_AUTO_TEST_CASE(an_older_version_says_some_things_elsewhere) {
  const std::string name = "<RltdPties><Cdtr><Nm>ｶ)ｴﾑ</Nm></Cdtr></RltdPties>";
  const auto read = read_camt_053(document(balance("PRCD", "500") + balance("CLBD", "0") +
                                               entry("DBIT", "500", payment("R", name), "BOOK"),
                                           "02"));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->front().entries[0].name == Label{"ｶ)ｴﾑ"}));
}

BOOST_AUTO_TEST_CASE(a_bulk_entry_is_its_payments_where_they_add_up) {
  const auto bulk = [](const std::string& second) {
    return document(
        balance("OPBD", "1000") + balance("CLBD", "0") +
        entry("DBIT", "1000", payment("R-1", "<Amt Ccy='JPY'>400</Amt>") + payment("R-2", second)));
  };
  const auto read =
      read_camt_053(bulk("<AmtDtls><TxAmt><Amt Ccy='JPY'>600</Amt></TxAmt></AmtDtls>"));
  BOOST_REQUIRE(read.has_value());
  BOOST_REQUIRE(read->front().entries.size() == 2U);
  BOOST_TEST(read->front().entries[0].minor == -400);
  BOOST_TEST((read->front().entries[1].reference == Label{"R-2"}));
  for (const char* other : {"", "<Amt Ccy='JPY'>601</Amt>", "<Amt Ccy='EUR'>600</Amt>"}) {
    const auto whole = read_camt_053(bulk(other));
    BOOST_REQUIRE(whole.has_value());
    BOOST_TEST(whole->front().entries.size() == 1U, other);
    BOOST_TEST(whole->front().entries[0].reference.utf8.empty(), other);
  }
}

BOOST_AUTO_TEST_CASE(amounts_are_as_fine_as_their_currency) {
  const auto euros = [](const std::string& amount) {
    return read_camt_053(
        document(balance("OPBD", amount, "CRDT", "EUR") + balance("CLBD", amount, "CRDT", "EUR")));
  };
  BOOST_TEST(euros("18.15")->front().opening.minor == 1'815);
  BOOST_TEST(euros("18")->front().opening.minor == 1'800);
  BOOST_TEST(euros("18.1")->front().opening.minor == 1'810);
  BOOST_TEST(euros("18.15000")->front().opening.minor == 1'815);
  for (const char* none : {"18.155", "", ".", "-1", "1e3", "1.2.3", "9999999999999999999"})
    BOOST_TEST(!euros(none).has_value(), none);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_refused) {
  const std::string good = first_day();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    changed.replace(changed.find(from), from.size(), to);
    return why(changed);
  };
  BOOST_TEST(why(good) == "read");
  BOOST_TEST(with(">449368<", ">449369<") ==
             "opening balance and entries do not make the closing balance");
  BOOST_TEST(with(">330<", ">331<") ==
             "opening balance and entries do not make the closing balance");
  BOOST_TEST(with("camt.053", "camt.054") == "this is no camt.053");
  BOOST_TEST(with("CLBD", "ITBD") == "a booked balance is missing");
  BOOST_TEST(with("DBIT</CdtDbtInd><Sts>", "BOTH</CdtDbtInd><Sts>") ==
             "it is neither a credit nor a debit");
  BOOST_TEST(with("2025-06-17", "2025-06-31") == "a date is none");
  BOOST_TEST(with("2025-06-17", "17.06.2025") == "a date is none");
  BOOST_TEST(with("Ccy='JPY'>92080", "Ccy='EUR'>92080") == "an entry is in another currency");
  BOOST_TEST(with("Ccy='JPY'>92080", "Ccy='ZZZ'>92080") == "a currency is unknown");
  BOOST_TEST(with("<?xml version='1.0' encoding='UTF-8'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>") ==
             "a statement has no document type");
  BOOST_TEST(why("") == "this is no XML");
  BOOST_TEST(why("<Document/>") == "this is no camt.053");
  BOOST_TEST(why("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>") ==
             "there is no statement in it");
}

// Their balances are invented and in several currencies: they are read as far as that.
BOOST_AUTO_TEST_CASE(other_peoples_statements, *boost::unit_test::precondition(samples_are_there)) {
  for (const char* name :
       {"genkgo_camt053.v8.xml", "genkgo_camt053.v2.minimal.xml",
        "genkgo_camt053.v2.five.decimals.xml", "genkgo_camt053.v2.multi.statement.xml",
        "genkgo_camt053.v2.all-balance-types.xml"}) {
    const std::string said = why(file(name));
    BOOST_TEST((said == "read" || said == "an entry is in another currency" ||
                said == "a currency is unknown" ||
                said == "opening balance and entries do not make the closing balance"),
               name << ": " << said);
  }
  BOOST_TEST(why(file("genkgo_camt053.v2.wrong.xml")) == "there is no statement in it");
}

BOOST_AUTO_TEST_CASE(any_bytes_are_read_or_refused) {
  BOOST_TEST(rc::check("a changed byte never breaks the sums", [] {
    std::string xml = first_day();
    const auto at = *rc::gen::inRange<std::size_t>(0, xml.size());
    xml[at] = static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
    const auto read = read_camt_053(xml);
    if (!read) return;
    for (const BankStatement& statement : *read) {
      std::int64_t sum = statement.opening.minor;
      for (const StatementEntry& each : statement.entries) sum += each.minor;
      RC_ASSERT(sum == statement.closing.minor);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
