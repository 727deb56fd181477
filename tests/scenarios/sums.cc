// Rates and shares, read and computed.
#include "tests/scenarios/sums.h"

#include <sstream>

#include "ledger/rules/money/rates.h"
#include "tests/scenarios/facts.h"

namespace obverse::scenarios {
namespace {

std::int64_t signed_amount(const std::string& word) {
  return word.starts_with('-') ? -read_amount(word.substr(1)) : read_amount(word);
}

std::vector<std::int64_t> list_of(const std::string& word) {
  std::vector<std::int64_t> out;
  std::istringstream in(word);
  for (std::string part; std::getline(in, part, ':');) out.push_back(read_amount(part));
  return out;
}

}  // namespace

std::string wrong_in_sum(const std::vector<std::string>& words) {
  std::string said;
  for (const std::string& word : words) said += word + " ";
  if (words.size() == 5 && words[0] == "rate") {
    const std::int64_t minor = signed_amount(words[1]);
    const auto rate = static_cast<std::uint32_t>(read_amount(words[2]));
    if (words[3] != "floor" && words[3] != "ceil") return said + "cannot be read";
    const std::int64_t is =
        words[3] == "floor" ? part_of(minor, rate) : part_rounded_up(minor, rate);
    return is == signed_amount(words[4]) ? "" : said + "but is " + std::to_string(is);
  }
  if (words.size() == 5 && words[0] == "split" && words[3] == "=") {
    std::vector<std::uint32_t> weights;
    for (const std::int64_t weight : list_of(words[2]))
      weights.push_back(static_cast<std::uint32_t>(weight));
    return divide(read_amount(words[1]), weights) == list_of(words[4]) ? "" : said + "is not so";
  }
  return said + "cannot be read";
}

}  // namespace obverse::scenarios
