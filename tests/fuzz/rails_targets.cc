// What comes from outside about money and about people without network: banks' statements, signed
// lists and codes, and the file of sales on a terminal's own disk.
#include <fstream>
#include <sstream>

#include "ledger/client/sale_journal.h"
#include "ledger/model/limits.h"
#include "ledger/rails/account_activity.h"
#include "ledger/rails/camt.h"
#include "ledger/vault/allow_list.h"
#include "ledger/vault/tokens.h"
#include "tests/fuzz/target.h"
#include "tests/rails/activity_file.h"
#include "tests/rails/camt_file.h"

namespace obverse::fuzz {
namespace {

// What is taken adds up, whoever made the file.
void hold_statements(const rails::Statements& read, bool counts_wrong) {
  if (!read) {
    hold(!read.error().why.empty(), "a fault says what is wrong");
    return;
  }
  for (const rails::BankStatement& statement : *read) {
    hold(statement.opening.currency == statement.closing.currency, "one account has one currency");
    std::int64_t sum = statement.opening.minor + (counts_wrong ? 1 : 0);
    for (const StatementEntry& entry : statement.entries) {
      hold(entry.minor != 0 && entry.minor >= -amount_minor_max && entry.minor <= amount_minor_max,
           "an entry moves an amount that can be moved");
      sum += entry.minor;
    }
    hold(sum == statement.closing.minor, "the balances differ by what the entries say");
  }
}

void camt(Input input) {
  hold_statements(rails::read_camt_053(text_of(input)), is_broken_as("statement-of-any-sum"));
}

std::vector<std::string> camt_seeds() {
  using namespace camt053;
  const std::string balances = balance("OPBD", "1000000") + balance("CLBD", "449368");
  const std::string paid = entry("DBIT", "92080", payment("SB20250615-M1")) +
                           entry("DBIT", "459456", payment("NOTPROVIDED")) +
                           entry("DBIT", "330", "") + entry("CRDT", "1234", "") +
                           entry("CRDT", "5", "", "<Cd>PDNG</Cd>");
  return {document(balances + paid), document(balances + paid, "02"),
          document(balance("OPBD", "0.01", "DBIT", "EUR") + balance("CLBD", "0.01", "DBIT", "EUR")),
          "<!DOCTYPE a [<!ENTITY b 'c'>]>" + document(balances + paid)};
}

void account_activity(Input input) {
  hold_statements(rails::read_account_activity(text_of(input)),
                  is_broken_as("activity-of-any-sum"));
}

std::vector<std::string> account_activity_seeds() {
  using namespace activity;
  return {file_of(1'000'000, {{-92'080, "SB20250615-M1", ""}, {1'234, "", "ドコカ"}}),
          file_of(0, {}), file_of(-5, {{-330, "", ""}})};
}

SigningKey signing_key() {
  SecretBytes seed(seed_bytes);
  std::ranges::fill(seed.writable(), std::byte{7});
  return SigningKey(seed);
}

Token some_token() { return {{7}, {9}, 3, TokenPurpose::confirm, 12, {1'000'000}, {1'060'000}}; }
AllowList some_list() {
  AllowList list;
  list.made = {1'000'000};
  list.version = {2};
  list.allowed = {{{7}, {1}}, {{8}, {2}}};
  list.lost = {{{7}, {9}}};
  return list;
}

// The input is what stands in for the signed bytes from a place on: whatever it changes is no
// longer believed.
std::string changed(const std::string& bytes, Input input) {
  Tap tap(input);
  std::string out = bytes;
  while (!tap.empty()) {
    const std::size_t at = tap.pick(out.size());
    const std::string put = tap.bytes(1 + tap.pick(7));
    out.replace(std::min(at, out.size()), put.size(), put);
  }
  return out;
}

void signed_words(Input input) {
  static const SigningKey key = signing_key();
  static const std::string code = make_token(key, some_token());
  static const std::string list = make_list(key, some_list());
  for (const std::string& bytes : {std::string(text_of(input)), changed(code, input)}) {
    const auto read = verify_token(key.verify_key(), bytes);
    hold(!read || make_token(key, *read) == bytes, "a code is what was signed");
  }
  for (const std::string& bytes : {std::string(text_of(input)), changed(list, input)}) {
    const auto read = verify_list(key.verify_key(), bytes);
    hold(!read || is_broken_as("list-of-anybody") || make_list(key, *read) == bytes,
         "a list is what was signed");
    if (is_broken_as("list-of-anybody")) hold(bytes != list, "a changed list is refused");
  }
}

std::vector<std::string> signed_words_seeds() {
  const SigningKey key = signing_key();
  return {make_token(key, some_token()), make_list(key, some_list()), ""};
}

OfflineSale sale_of(std::uint64_t sequence) {
  OfflineSale sale;
  sale.sequence = sequence;
  sale.key.bytes[15] = static_cast<std::uint8_t>(sequence);
  sale.amount = {800, Currency::jpy};
  sale.captured_at = {1'000'000};
  sale.code = some_token();
  return sale;
}

std::string journal_bytes() {
  const auto file = scratch_file("sales-seed", "");
  {
    SaleJournal journal(file);
    journal.begin({1, {1'000}, {900}, {1}, {}});
    for (std::uint64_t i = 1; i <= 3; ++i) journal.keep(sale_of(i));
    journal.end();
    journal.taken(1);
  }
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

// Whatever is on the disk: a fault with a way out, or sales in order to which one more can be
// added, and which are there at the next start.
void sale_journal(Input input) {
  const auto file = scratch_file("sales", text_of(input));
  try {
    SalesKept kept;
    {
      SaleJournal journal(file);
      std::uint64_t last = 0;
      for (const OfflineSale& sale : journal.kept().waiting) {
        hold(sale.sequence > last, "sales are in order");
        last = sale.sequence;
      }
      hold(last < journal.kept().next, "a number is given once");
      if (!journal.kept().is_open) journal.begin({journal.kept().next, {1'000}, {900}, {1}, {}});
      journal.keep(sale_of(journal.kept().next));
      kept = journal.kept();
    }
    if (is_broken_as("sale-forgotten")) kept.waiting.pop_back();
    hold(SaleJournal(file).kept() == kept, "what was kept is there after a start");
  } catch (const JournalFault& fault) {
    hold(std::string_view(fault.what()).find("; ") != std::string_view::npos,
         "a fault names the way out");
  }
}

std::vector<std::string> sale_journal_seeds() {
  const std::string whole = journal_bytes();
  return {whole, whole.substr(0, whole.size() - 20), "", std::string(64, '\0')};
}

}  // namespace

std::vector<Target> rails_targets() {
  return {{"camt_statement",
           "a statement in ISO 20022 is refused, or adds up",
           16'384,
           camt,
           camt_seeds,
           {"statement-of-any-sum"}},
          {"account_activity",
           "a statement of 200-byte records is refused, or adds up",
           16'384,
           account_activity,
           account_activity_seeds,
           {"activity-of-any-sum"}},
          {"signed_words",
           "codes and lists are what was signed, or nothing",
           4'096,
           signed_words,
           signed_words_seeds,
           {"list-of-anybody"}},
          {"sale_journal",
           "a terminal's own sales are read whole, or the damage is said",
           4'096,
           sale_journal,
           sale_journal_seeds,
           {"sale-forgotten"},
           300}};
}

}  // namespace obverse::fuzz
