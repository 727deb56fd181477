// What a scenario says must have become of the money: postings, holds, balances and fares, in
// order. Read from our own scenario files and from the fenced blocks of the domain's scenarios.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::scenarios {

struct Leg {
  std::string account;  // "2010.Wallet:alice"
  bool debit = false;
  std::int64_t minor = 0;
  std::string currency = "JPY";
  friend auto operator<=>(const Leg&, const Leg&) = default;
};

// Grammar, one fact a line; amounts may have commas, '#' begins a comment:
//   ['also'] 'post' ID REASON LEG ('/' LEG)*     LEG = ACCOUNT ('DR'|'CR') AMOUNT [CURRENCY]
//            (or the legs indented on the lines below)
//   ['also'] 'hold' ID ACCOUNT AMOUNT | 'unhold' ID
//   ['also'] 'bal' ACCOUNT ('DR'|'CR') AMOUNT | 'avail' ACCOUNT AMOUNT | 'tb'
//   ['also'] 'fare' CATEGORY FROM TO AMOUNT ['surcharge=' AMOUNT]
//   'rate' ... | 'split' ...                     (arithmetic alone: sums.h)
// Posts of one ID are parts of one post of the domain's block. 'also' marks what the scenario's
// words say and the domain's block leaves out.
struct Fact {
  enum class Kind { post, hold, unhold, bal, avail, tb, fare };
  Kind kind = Kind::tb;
  bool also = false;
  std::string id;
  std::string reason;
  std::vector<Leg> legs;
  std::string account;
  bool debit = false;
  std::int64_t amount = 0;
  std::string category, from, to;
  std::optional<std::int64_t> surcharge;
};

struct Facts {
  std::vector<Fact> facts;
  std::vector<std::vector<std::string>> sums;
  std::vector<std::string> problems;  // lines that could not be read
};

Facts read_facts(std::string_view text);
std::string text(const Fact&);
std::int64_t read_amount(std::string_view word);  // "12,800"; -1 if it is none

// The fenced block of a section ("S01") of scenarios.md; nothing if it has none.
std::optional<std::string> block_of(std::string_view markdown, std::string_view section);

// What an engine did: posts, holds and holds resolved (ids are the ledger's own numbers), each with
// the record it was of; and the books as they stood after each record.
struct Picture {
  std::map<std::string, std::int64_t> balances;   // debit positive
  std::map<std::string, std::int64_t> available;  // of wallets
};
struct Seen {
  Fact fact;
  std::size_t record = 0;
};
struct Course {
  std::vector<Seen> seen;
  std::vector<Picture> pictures;  // [0] before the first record, [n] after the n-th
};

using FareOf = std::function<std::optional<std::pair<std::int64_t, std::int64_t>>(
    const std::string& category, const std::string& from, const std::string& to)>;

// Everything that differs, in words; empty when the whole course is what was expected and nothing
// else happened.
std::vector<std::string> compare(const std::vector<Fact>& expected, const Course&, const FareOf&);

// Our own facts, those marked 'also' left out, against the domain's block.
std::vector<std::string> compare_with_block(const std::vector<Fact>& own,
                                            const std::vector<Fact>& block);

}  // namespace obverse::scenarios
