// Tables and checks of a benchmark, as plain text or as JSON. Cells are text that is ready to
// print.
#pragma once

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace obverse {

inline std::string fixed(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

class Report {
 public:
  explicit Report(bool json) : json_(json) {
    if (json_) std::cout << "{\"tables\":[";
  }

  void note(const std::string& text) {
    if (!json_) std::cout << text << "\n";
  }

  void table(const std::string& title, const std::vector<std::string>& head,
             const std::vector<std::vector<std::string>>& rows) {
    if (json_) return table_json(title, head, rows);
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < head.size(); ++i) {
      widths.push_back(head[i].size());
      for (const auto& row : rows) widths[i] = std::max(widths[i], row[i].size());
    }
    std::cout << "\n" << title << "\n";
    line(head, widths);
    for (const auto& row : rows) line(row, widths);
  }

  void check(const std::string& what, bool held) {
    ++(held ? passed_ : failed_);
    if (!held) failures_.push_back(what);
  }

  // The exit status.
  int close() {
    if (json_) {
      std::cout << "],\"passed\":" << passed_ << ",\"failed\":" << failed_ << ",\"failures\":[";
      for (std::size_t i = 0; i < failures_.size(); ++i) {
        std::cout << (i ? "," : "") << quoted(failures_[i]);
      }
      std::cout << "]}\n";
    } else {
      std::cout << "\n";
      for (const std::string& failure : failures_) std::cout << "FAILED: " << failure << "\n";
      std::cout << passed_ << " passed, " << failed_ << " failed\n";
    }
    return failed_ == 0 ? 0 : 1;
  }

 private:
  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char letter : text) {
      if (letter == '"' || letter == '\\') out += '\\';
      out += letter;
    }
    return out + "\"";
  }

  static void line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widths[i] - cells[i].size(), ' ');
      std::cout << (i ? "  " : "") << (i ? space + cells[i] : cells[i] + space);
    }
    std::cout << "\n";
  }

  void table_json(const std::string& title, const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows) {
    std::cout << (first_ ? "" : ",") << "\n{\"title\":" << quoted(title) << ",\"head\":";
    first_ = false;
    list(head);
    std::cout << ",\"rows\":[";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::cout << (i ? "," : "");
      list(rows[i]);
    }
    std::cout << "]}";
  }

  static void list(const std::vector<std::string>& cells) {
    std::cout << "[";
    for (std::size_t i = 0; i < cells.size(); ++i) std::cout << (i ? "," : "") << quoted(cells[i]);
    std::cout << "]";
  }

  bool json_;
  bool first_ = true;
  int passed_ = 0;
  int failed_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace obverse
