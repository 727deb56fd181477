// The file of a bulk transfer: byte for byte that of the domain's scenario S25, and everything that
// must be refused before a byte is written.
#include "ledger/rails/transfers.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "ledger/model/bank_text.h"
#include "ledger/vault/sha256.h"

using namespace obverse;
using namespace obverse::rails;

namespace {

const std::int64_t tuesday = day_of({2025, 6, 17});

PayoutAccount account(std::uint32_t bank, const char* bank_name, std::uint32_t branch,
                      const char* branch_name, BankAccountType type, std::uint32_t number,
                      const char* holder) {
  return {bank, {bank_name}, branch, {branch_name}, type, number, {holder}};
}

OwnAccount own() {
  return {123, account(9900, "テスト", 1, "ホンテン", BankAccountType::ordinary, 1'234'567,
                       "オブバースセイサン")};
}

// S25: names as people write them, with long vowels and small kana.
TransferFile of_the_domain() {
  TransferFile file{own(), tuesday, {}, 551'536};
  file.transfers = {
      {account(9901, "ナニワ", 101, "キタ", BankAccountType::ordinary, 7'654'321,
               "マツモトショウテン"),
       92'080,
       {"SB20250615-M1"}},
      {account(9902, "ヨドガワ", 202, "ミナミ", BankAccountType::current, 12'345,
               "カ)タコヤキドウ"),
       9'456,
       {"SB20250615-M2"}},
      {account(9903, "ヒガシ", 303, "ホンテン", BankAccountType::ordinary, 7, "ユ)ビーアンドビー"),
       450'000,
       {"SB20250615-M3"}}};
  return file;
}

std::string bytes_of(const TransferFile& file, LineEnds ends = LineEnds::none) {
  return write_transfers(file, {}, ends).value();
}

TransferFault fault_of(const TransferFile& file, const Holidays& holidays = {}) {
  const auto written = write_transfers(file, holidays, LineEnds::none);
  return written ? TransferFault{Refusal::amount_must_be_positive, 999} : written.error();
}

std::filesystem::path domain_page() {
  const char* shared = std::getenv("OBVERSE_SHARED");
  return std::filesystem::path(shared == nullptr ? "../shared" : shared) / "domain/scenarios.md";
}

boost::test_tools::assertion_result domain_is_there(boost::unit_test::test_unit_id) {
  const bool there = std::filesystem::exists(domain_page());
  if (!there) std::cout << "skipped: the_domain_prints_these_records, no domain/scenarios.md\n";
  return there;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transfers)

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_the_domain) {
  const std::string plain = bytes_of(of_the_domain());
  BOOST_TEST(plain.size() == 720U);
  BOOST_TEST(hex(sha256(plain)) ==
             "bc0f68c89f30728c7b55239d5ac6d79e7b2edb6775b58a57a1875622918ddc64");
  const std::string with_ends = bytes_of(of_the_domain(), LineEnds::crlf);
  BOOST_TEST(with_ends.size() == 732U);
  BOOST_TEST(hex(sha256(with_ends)) ==
             "bc9c8fd0707b21262ed5cdf12c0a2818073f6ee56e1e23cb22fab007a46710ef");
}

// The hashes are not of our own making: the page prints the records too.
BOOST_AUTO_TEST_CASE(the_domain_prints_these_records,
                     *boost::unit_test::precondition(domain_is_there)) {
  std::ifstream in(domain_page());
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t section = page.find("\n## S25 ");
  const std::size_t open = page.find("```text\n", section) + 8;
  const std::string block = page.substr(open, page.find("```", open) - open);
  std::string printed;
  const std::string bytes = bytes_of(of_the_domain());
  for (std::size_t at = 0; at < bytes.size(); at += transfer_record_bytes) {
    for (const char each : bytes.substr(at, transfer_record_bytes))
      printed += each == ' ' ? "·" : utf8_of_bank_text({&each, 1}).value();
    printed += "\n";
  }
  BOOST_TEST(printed == block);
}

BOOST_AUTO_TEST_CASE(names_in_half_width_are_the_same_names) {
  TransferFile file = of_the_domain();
  file.transfers[0].to.holder = {"ﾏﾂﾓﾄｼﾖｳﾃﾝ"};
  file.transfers[1].to.holder = {"ｶ)ﾀｺﾔｷﾄﾞｳ"};
  BOOST_TEST(bytes_of(file) == bytes_of(of_the_domain()));
}

BOOST_AUTO_TEST_CASE(without_a_reference_two_customer_codes_stand_there) {
  TransferFile file = of_the_domain();
  file.transfers[0].reference = {};
  const std::string record = bytes_of(file).substr(transfer_record_bytes, transfer_record_bytes);
  BOOST_TEST(record.substr(91) == "000000000000000000007        ");
}

BOOST_AUTO_TEST_CASE(a_name_must_be_mappable_and_fit) {
  TransferFile file = of_the_domain();
  for (const char* name : {"松本商店", "まつもと", "matsumoto", "ヲノ", "ヰ", "A&B", "ｱ\xff"}) {
    file.transfers[1].to.holder = {name};
    BOOST_TEST((fault_of(file) == TransferFault{Refusal::name_must_be_mappable, 2}), name);
  }
  file.transfers[1].to.holder = {"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"};
  BOOST_TEST(write_transfers(file, {}, LineEnds::none).has_value());  // thirty
  file.transfers[1].to.holder = {"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘボ"};
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::name_must_fit, 2}));  // its mark is one more
  file = of_the_domain();
  file.from.account.bank_name = {"アイウエオカキクケコサシスセソタ"};
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::name_must_fit, 0}));
  file = of_the_domain();
  file.transfers[2].reference = {"SB20250615-M1-AND-ONE"};
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::name_must_fit, 3}));
  file.transfers[2].reference = {"sb20250615"};
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::name_must_be_mappable, 3}));
}

BOOST_AUTO_TEST_CASE(an_amount_has_one_to_ten_digits) {
  TransferFile file = of_the_domain();
  for (const std::int64_t minor : {0, -1}) {
    file.transfers[2].minor = minor;
    file.total_minor = 92'080 + 9'456 + minor;
    BOOST_TEST((fault_of(file) == TransferFault{Refusal::amount_must_be_positive, 3}));
  }
  file.transfers[2].minor = 10'000'000'000;
  file.total_minor = 10'000'101'536;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::amount_must_fit, 3}));
  file.transfers[2].minor = 9'999'999'999;
  file.total_minor = 10'000'101'535;
  BOOST_TEST(write_transfers(file, {}, LineEnds::none).has_value());
}

BOOST_AUTO_TEST_CASE(the_date_is_a_day_on_which_banks_work) {
  TransferFile file = of_the_domain();
  const TransferFault no{Refusal::payout_date_must_be_business_day, 0};
  for (const Date& date : {Date{2025, 6, 14}, Date{2025, 6, 15}, Date{2025, 12, 31},
                           Date{2026, 1, 1}, Date{2026, 1, 2}}) {
    file.day = day_of(date);
    BOOST_TEST((fault_of(file) == no));
  }
  file.day = tuesday;
  BOOST_TEST((fault_of(file, {tuesday}) == no));
  BOOST_TEST((fault_of(file, {tuesday - 1, tuesday + 1}).transfer == 999U));
}

BOOST_AUTO_TEST_CASE(the_total_is_that_of_the_transfers) {
  TransferFile file = of_the_domain();
  file.total_minor += 1;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::payouts_must_make_the_total, 0}));
}

BOOST_AUTO_TEST_CASE(accounts_have_their_digits) {
  TransferFile file = of_the_domain();
  file.transfers[0].to.bank = 10'000;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::bank_account_must_be_valid, 1}));
  file = of_the_domain();
  file.transfers[0].to.number = 10'000'000;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::bank_account_must_be_valid, 1}));
  file = of_the_domain();
  file.from.originator = 10'000'000'000;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::bank_account_must_be_valid, 0}));
  file = of_the_domain();
  file.transfers.clear();
  file.total_minor = 0;
  BOOST_TEST((fault_of(file) == TransferFault{Refusal::list_must_fit, 0}));
}

// Invariant 33: the file's total, its count and the length of each record.
BOOST_AUTO_TEST_CASE(any_file_adds_up) {
  BOOST_TEST(rc::check("records of 120 bytes, sums of what is in them", [] {
    TransferFile file = of_the_domain();
    file.transfers.clear();
    file.total_minor = 0;
    const auto amounts = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 1 << 30)));
    for (const std::int64_t minor : amounts) {
      Transfer transfer = of_the_domain().transfers[static_cast<std::size_t>(minor) % 3];
      transfer.minor = minor;
      file.total_minor += minor;
      file.transfers.push_back(transfer);
    }
    const std::string bytes = bytes_of(file);
    RC_ASSERT(bytes.size() == transfer_record_bytes * (amounts.size() + 3));
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < amounts.size(); ++i)
      sum += std::stoll(bytes.substr(transfer_record_bytes * (i + 1) + 80, 10));
    const std::string trailer =
        bytes.substr(transfer_record_bytes * (amounts.size() + 1), transfer_record_bytes);
    RC_ASSERT(trailer.front() == '8');
    RC_ASSERT(std::stoull(trailer.substr(1, 6)) == amounts.size());
    RC_ASSERT(std::stoll(trailer.substr(7, 12)) == sum);
    for (const char each : bytes) {
      const auto byte = static_cast<unsigned char>(each);
      RC_ASSERT((byte >= 0x20 && byte < 0x7F) || (byte >= 0xB1 && byte <= 0xDF));
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
