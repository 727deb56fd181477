// Files as banks make them, for whoever reads them: account activity in records of 200 bytes.
#pragma once

#include <string>
#include <vector>

#include "ledger/model/bank_text.h"

namespace obverse::activity {

inline std::string number(std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - digits.size(), '0') + digits;
}
inline std::string text(const std::string& utf8, std::size_t width) {
  const std::string bytes = bank_text(utf8).value();
  return bytes + std::string(width - bytes.size(), ' ');
}
inline std::string side(std::int64_t minor) { return minor >= 0 ? "1" : "2"; }
inline std::int64_t magnitude(std::int64_t minor) { return minor >= 0 ? minor : -minor; }

inline std::string header(std::int64_t opening) {
  return "1"
         "03"
         "0"
         "070618"
         "070617"
         "070617"
         "9900" +
         text("テスト", 15) + "001" + text("ホンテン", 15) +
         "000"
         "1" +
         number(1'234'567, 10) + text("オブバースセイサン", 40) + side(opening) + "1" +
         number(magnitude(opening), 14) + std::string(71, ' ');
}
struct Line {
  std::int64_t minor;
  std::string reference;
  std::string name;
  std::string day = "070617";
};
inline std::string data(const Line& line, int at) {
  return "2" + number(at, 8) + line.day + line.day + (line.minor > 0 ? "1" : "2") + "11" +
         number(magnitude(line.minor), 12) + number(0, 12) +
         "000000"
         "000000"
         "0" +
         number(0, 7) + "001" + number(0, 10) + text(line.name, 48) + text("ナニワ", 15) +
         text("キタ", 15) + text("", 20) + text(line.reference, 20) + " ";
}
inline std::string trailer(std::int64_t closing, const std::vector<Line>& lines) {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t ins = 0;
  for (const Line& line : lines) {
    (line.minor > 0 ? in : out) += magnitude(line.minor);
    ins += line.minor > 0 ? 1 : 0;
  }
  const auto count = static_cast<std::int64_t>(lines.size());
  return "8" + number(ins, 6) + number(in, 13) + number(count - ins, 6) + number(out, 13) +
         side(closing) + number(magnitude(closing), 14) + number(count, 7) + std::string(139, ' ');
}
inline std::string end(std::size_t records, int accounts) {
  return "9" + number(static_cast<std::int64_t>(records), 10) + number(accounts, 5) +
         std::string(184, ' ');
}

inline std::string file_of(std::int64_t opening, const std::vector<Line>& lines) {
  std::string bytes = header(opening);
  std::int64_t closing = opening;
  int at = 0;
  for (const Line& line : lines) {
    bytes += data(line, ++at);
    closing += line.minor;
  }
  return bytes + trailer(closing, lines) + end(lines.size() + 3, 1);
}

}  // namespace obverse::activity
