#include "ledger/rails/camt.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>
#include <optional>

namespace obverse::rails {
namespace {

// The reader stops at the first of these; only read_camt_053 catches it.
struct Wrong {
  std::string_view why;
};

struct Free {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
  void operator()(xmlChar* text) const { xmlFree(text); }
};
using Document = std::unique_ptr<xmlDoc, Free>;
using Text = std::unique_ptr<xmlChar, Free>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && view(node->name) == name;
}

const xmlNode* child(const xmlNode* node, std::string_view name) {
  if (node == nullptr) return nullptr;
  for (const xmlNode* each = node->children; each != nullptr; each = each->next)
    if (is(each, name)) return each;
  return nullptr;
}

// Down a path of first children: "RltdPties/Cdtr/Nm".
const xmlNode* at(const xmlNode* node, std::string_view path) {
  while (node != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    node = child(node, path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return node;
}

template <class Look>
void each_child(const xmlNode* node, std::string_view name, Look look) {
  if (node == nullptr) return;
  for (const xmlNode* one = node->children; one != nullptr; one = one->next)
    if (is(one, name)) look(one);
}

std::string words(const xmlNode* node) {
  if (node == nullptr) return {};
  const Text text(xmlNodeGetContent(node));
  std::string_view said = view(text.get());
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = said.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return std::string(said.substr(first, said.find_last_not_of(blank) - first + 1));
}

// What is too long or no clean text helps nobody to find a payout.
Label label(const xmlNode* node) {
  Label out{words(node)};
  return is_valid(out) ? out : Label{};
}

std::string attribute(const xmlNode* node, const char* name) {
  const Text value(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)));
  return std::string(view(value.get()));
}

// "18.15" in whole minor units; digits that the currency does not have must be zeros.
std::int64_t minor_of(std::string_view number, Currency currency) {
  const auto point = std::min(number.find('.'), number.size());
  std::string digits(number.substr(0, point));
  if (digits.empty()) throw Wrong{"an amount is none"};
  std::string_view fraction = number.substr(std::min(point + 1, number.size()));
  for (int i = 0; i < exponent(currency); ++i) {
    digits.push_back(fraction.empty() ? '0' : fraction.front());
    if (!fraction.empty()) fraction.remove_prefix(1);
  }
  if (fraction.find_first_not_of('0') != std::string_view::npos)
    throw Wrong{"an amount is finer than its currency"};
  if (digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos)
    throw Wrong{"an amount is none"};
  return std::stoll(digits);
}

Money amount(const xmlNode* node) {
  if (node == nullptr) throw Wrong{"an amount is missing"};
  const auto currency = currency_of(attribute(node, "Ccy"));
  if (!currency) throw Wrong{"a currency is unknown"};
  return {minor_of(words(node), *currency), *currency};
}

bool is_credit(const xmlNode* node) {
  const std::string said = words(node);
  if (said != "CRDT" && said != "DBIT") throw Wrong{"it is neither a credit nor a debit"};
  return said == "CRDT";
}

// "2025-06-17", with or without a time behind it.
std::int64_t day(const xmlNode* node) {
  const xmlNode* date = child(node, "Dt");
  const std::string said = words(date != nullptr ? date : child(node, "DtTm"));
  const auto part = [&](std::size_t from, std::size_t width) {
    std::int32_t value = 0;
    for (const char digit : std::string_view(said).substr(from, width)) {
      if (digit < '0' || digit > '9') throw Wrong{"a date is none"};
      value = value * 10 + (digit - '0');
    }
    return value;
  };
  if (said.size() < 10 || said[4] != '-' || said[7] != '-') throw Wrong{"a date is none"};
  const Date out{part(0, 4), static_cast<std::uint8_t>(part(5, 2)),
                 static_cast<std::uint8_t>(part(8, 2))};
  if (!is_valid(out)) throw Wrong{"a date is none"};
  return day_of(out);
}

// Of all kinds of balances the booked ones: opening, or the last closing, and closing.
Money balance(const xmlNode* statement, std::initializer_list<std::string_view> kinds) {
  for (const std::string_view kind : kinds) {
    std::optional<Money> found;
    each_child(statement, "Bal", [&](const xmlNode* each) {
      if (found || words(at(each, "Tp/CdOrPrtry/Cd")) != kind) return;
      found = amount(child(each, "Amt"));
      if (!is_credit(child(each, "CdtDbtInd"))) found->minor = -found->minor;
    });
    if (found) return *found;
  }
  throw Wrong{"a booked balance is missing"};
}

class Entries {
 public:
  Entries(BankStatement& out, std::size_t& place) : out_(out), place_(place) {}

  void take(const xmlNode* entry) {
    ++place_;
    const xmlNode* status = child(entry, "Sts");
    const xmlNode* code = child(status, "Cd");
    if (words(code != nullptr ? code : status) != "BOOK") return;
    const Money whole = amount(child(entry, "Amt"));
    if (whole.currency != out_.opening.currency) throw Wrong{"an entry is in another currency"};
    const bool credit = is_credit(child(entry, "CdtDbtInd"));
    const xmlNode* value = child(entry, "ValDt");
    const std::int64_t on = day(value != nullptr ? value : child(entry, "BookgDt"));
    const auto parts = parts_of(entry, whole);
    for (const Part& part : parts) {
      StatementEntry line = words_of(part.details, credit);
      line.minor = credit ? part.minor : -part.minor;
      line.value_day = on;
      out_.entries.push_back(std::move(line));
    }
  }

 private:
  struct Part {
    const xmlNode* details = nullptr;
    std::int64_t minor = 0;
  };

  // One, unless the payments in it have amounts that make up the whole.
  static std::vector<Part> parts_of(const xmlNode* entry, Money whole) {
    std::vector<Part> parts;
    std::int64_t sum = 0;
    bool complete = true;
    each_child(entry, "NtryDtls", [&](const xmlNode* details) {
      each_child(details, "TxDtls", [&](const xmlNode* each) {
        const xmlNode* said = child(each, "Amt");
        if (said == nullptr) said = at(each, "AmtDtls/TxAmt/Amt");
        complete = complete && said != nullptr;
        const Money part = said == nullptr ? Money{0, whole.currency} : amount(said);
        complete = complete && part.currency == whole.currency;
        sum += part.minor;
        parts.push_back({each, part.minor});
      });
    });
    if (parts.size() == 1) return {{parts.front().details, whole.minor}};
    if (parts.empty() || !complete || sum != whole.minor) return {{nullptr, whole.minor}};
    return parts;
  }

  static StatementEntry words_of(const xmlNode* details, bool credit) {
    StatementEntry out;
    if (details == nullptr) return out;
    const xmlNode* refs = child(details, "Refs");
    out.reference = label(child(refs, "EndToEndId"));
    if (out.reference.utf8.empty() || out.reference.utf8 == "NOTPROVIDED")
      out.reference = label(child(refs, "InstrId"));
    const xmlNode* party = at(details, credit ? "RltdPties/Dbtr" : "RltdPties/Cdtr");
    const xmlNode* name = at(party, "Pty/Nm");
    out.name = label(name != nullptr ? name : child(party, "Nm"));
    return out;
  }

  BankStatement& out_;
  std::size_t& place_;
};

BankStatement statement_of(const xmlNode* node, std::size_t& place) {
  BankStatement out;
  place = 0;
  out.account = words(at(node, "Acct/Id/IBAN"));
  if (out.account.empty()) out.account = words(at(node, "Acct/Id/Othr/Id"));
  out.opening = balance(node, {"OPBD", "PRCD"});
  out.closing = balance(node, {"CLBD"});
  Entries entries(out, place);
  each_child(node, "Ntry", [&](const xmlNode* entry) { entries.take(entry); });
  place = 0;
  std::optional<Money> sum = out.opening;
  for (const StatementEntry& entry : out.entries) {
    sum = add(*sum, Money{entry.minor, out.opening.currency});
    if (!sum) break;
  }
  if (sum != out.closing)
    throw Wrong{"opening balance and entries do not make the closing balance"};
  return out;
}

// No network, no document type: nothing but what stands there.
Document parse(std::string_view xml) {
  if (xml.size() > camt_bytes_max) throw Wrong{"the file is too large"};
  Document document(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!document) throw Wrong{"this is no XML"};
  if (document->intSubset != nullptr) throw Wrong{"a statement has no document type"};
  return document;
}

std::vector<BankStatement> statements_of(std::string_view xml, std::size_t& place) {
  const Document document = parse(xml);
  const xmlNode* root = xmlDocGetRootElement(document.get());
  const bool camt = root != nullptr && is(root, "Document") && root->ns != nullptr &&
                    view(root->ns->href).starts_with("urn:iso:std:iso:20022:tech:xsd:camt.053.");
  if (!camt) throw Wrong{"this is no camt.053"};
  std::vector<BankStatement> out;
  each_child(child(root, "BkToCstmrStmt"), "Stmt",
             [&](const xmlNode* each) { out.push_back(statement_of(each, place)); });
  if (out.empty()) throw Wrong{"there is no statement in it"};
  return out;
}

}  // namespace

Statements read_camt_053(std::string_view xml) {
  std::size_t place = 0;
  try {
    return statements_of(xml, place);
  } catch (const Wrong& wrong) {
    return std::unexpected(StatementFault{place, wrong.why});
  }
}

}  // namespace obverse::rails
