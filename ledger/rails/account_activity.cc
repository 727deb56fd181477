#include "ledger/rails/account_activity.h"

#include <optional>

#include "ledger/model/bank_text.h"

namespace obverse::rails {
namespace {

constexpr std::int32_t year_before_reiwa = 2'018;
constexpr std::size_t entries_max = 1'000'000;

// The reader stops at the first of these; only read_account_activity catches it.
struct Wrong {
  std::string_view why;
};

// Fields of one record, taken from its beginning.
class Fields {
 public:
  explicit Fields(std::string_view record) : left_(record) {}

  std::string_view text(std::size_t width) {
    const std::string_view field = left_.substr(0, width);
    left_.remove_prefix(field.size());
    return field;
  }
  std::int64_t number(std::size_t width) {
    std::int64_t value = 0;
    for (const char digit : text(width)) {
      if (digit < '0' || digit > '9') throw Wrong{"a number has other characters than digits"};
      value = value * 10 + (digit - '0');
    }
    return value;
  }
  // Nothing for six zeros.
  std::optional<std::int64_t> day() {
    const auto year = static_cast<std::int32_t>(number(2));
    const auto month = static_cast<std::uint8_t>(number(2));
    const auto of_month = static_cast<std::uint8_t>(number(2));
    if (year == 0 && month == 0 && of_month == 0) return std::nullopt;
    const Date date{year_before_reiwa + year, month, of_month};
    if (year == 0 || !is_valid(date)) throw Wrong{"a date is none"};
    return day_of(date);
  }
  Label label(std::size_t width) {
    std::string_view field = text(width);
    while (field.ends_with(' ')) field.remove_suffix(1);
    const auto utf8 = utf8_of_bank_text(field);
    if (!utf8) throw Wrong{"a text has bytes that are no characters"};
    return {*utf8};
  }
  void skip(std::size_t width) { text(width); }

 private:
  std::string_view left_;
};

std::int64_t signed_by(std::int64_t side, std::int64_t minor) {
  if (side != 1 && side != 2) throw Wrong{"a balance is neither a credit nor an overdraft"};
  return side == 1 ? minor : -minor;
}

// What a trailer must say.
struct Sums {
  std::int64_t in_count = 0;
  std::int64_t in = 0;
  std::int64_t out_count = 0;
  std::int64_t out = 0;
};

class Reader {
 public:
  void take(std::string_view record) {
    ++records_;
    Fields fields(record);
    const char kind = fields.text(1).front();
    if (ended_) throw Wrong{"something follows the end record"};
    if (kind == '1') return header(fields);
    if (kind == '2') return data(fields);
    if (kind == '8') return trailer(fields);
    if (kind == '9') return end(fields);
    throw Wrong{"no record begins like that"};
  }
  std::vector<BankStatement> whole() {
    if (!ended_) throw Wrong{"the end record is missing"};
    return std::move(statements_);
  }

 private:
  void header(Fields& fields) {
    if (open_) throw Wrong{"a header stands where a trailer should"};
    if (fields.number(2) != 3) throw Wrong{"this is no file of deposits and withdrawals"};
    if (fields.number(1) != 0) throw Wrong{"the characters are not those of JIS X 0201"};
    fields.skip(18);  // made on, from, to
    BankStatement statement;
    statement.account = std::string(fields.text(4));
    fields.skip(15);
    statement.account += "-" + std::string(fields.text(3));
    fields.skip(15 + 3 + 1);
    statement.account += "-" + std::string(fields.text(10));
    fields.skip(40);
    const std::int64_t side = fields.number(1);
    fields.skip(1);
    statement.opening = {signed_by(side, fields.number(14)), Currency::jpy};
    statements_.push_back(std::move(statement));
    sums_ = {};
    open_ = true;
  }
  void data(Fields& fields) {
    if (!open_) throw Wrong{"an entry stands outside of an account"};
    fields.skip(8);
    const auto booked = fields.day();
    const auto valued = fields.day();
    const std::int64_t side = fields.number(1);
    fields.skip(2);
    const std::int64_t minor = fields.number(12);
    fields.skip(12 + 6 + 6 + 1 + 7 + 3 + 10);
    StatementEntry entry;
    entry.name = fields.label(48);
    fields.skip(15 + 15 + 20);
    entry.reference = fields.label(20);
    if (!booked || minor == 0) throw Wrong{"an entry has no date or no amount"};
    if (side != 1 && side != 2) throw Wrong{"an entry is neither in nor out"};
    entry.value_day = valued.value_or(*booked);
    entry.minor = side == 1 ? minor : -minor;
    ++(side == 1 ? sums_.in_count : sums_.out_count);
    (side == 1 ? sums_.in : sums_.out) += minor;
    if (statements_.back().entries.size() == entries_max) throw Wrong{"too many entries"};
    statements_.back().entries.push_back(std::move(entry));
  }
  void trailer(Fields& fields) {
    if (!open_) throw Wrong{"a trailer stands outside of an account"};
    BankStatement& statement = statements_.back();
    const bool same = fields.number(6) == sums_.in_count && fields.number(13) == sums_.in &&
                      fields.number(6) == sums_.out_count && fields.number(13) == sums_.out;
    if (!same) throw Wrong{"the trailer's counts or sums are not those of the entries"};
    const std::int64_t side = fields.number(1);
    statement.closing = {signed_by(side, fields.number(14)), Currency::jpy};
    if (fields.number(7) != static_cast<std::int64_t>(statement.entries.size()))
      throw Wrong{"the trailer counts other entries"};
    if (statement.opening.minor + sums_.in - sums_.out != statement.closing.minor)
      throw Wrong{"opening balance and entries do not make the closing balance"};
    open_ = false;
  }
  void end(Fields& fields) {
    if (open_) throw Wrong{"an account has no trailer"};
    const std::int64_t counted = fields.number(10);  // some banks leave out the end record itself
    if (counted != records_ && counted != records_ - 1)
      throw Wrong{"the end record counts other records"};
    if (fields.number(5) != static_cast<std::int64_t>(statements_.size()))
      throw Wrong{"the end record counts other accounts"};
    ended_ = true;
  }

  std::vector<BankStatement> statements_;
  Sums sums_;
  std::int64_t records_ = 0;
  bool open_ = false;
  bool ended_ = false;
};

}  // namespace

Statements read_account_activity(std::string_view bytes) {
  Reader reader;
  std::size_t record = 0;
  const bool has_line_ends = bytes.substr(0, activity_record_bytes + 2).ends_with("\r\n");
  const std::size_t stride = activity_record_bytes + (has_line_ends ? 2 : 0);
  try {
    for (; !bytes.empty(); bytes.remove_prefix(stride)) {
      ++record;
      if (bytes.size() < stride) throw Wrong{"the last record is not whole"};
      if (has_line_ends && bytes.substr(activity_record_bytes, 2) != "\r\n")
        throw Wrong{"a record is not 200 bytes long"};
      reader.take(bytes.substr(0, activity_record_bytes));
    }
    return reader.whole();
  } catch (const Wrong& wrong) {
    return std::unexpected(StatementFault{record, wrong.why});
  }
}

}  // namespace obverse::rails
