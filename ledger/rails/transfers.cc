#include "ledger/rails/transfers.h"

#include <cassert>
#include <optional>
#include <string_view>

#include "ledger/model/bank_text.h"
#include "ledger/model/money.h"

namespace obverse::rails {
namespace {

constexpr std::int64_t amount_max = 9'999'999'999;  // ten digits
constexpr std::int64_t total_max = 999'999'999'999;
constexpr std::size_t transfers_max = 999'999;

using Text = std::expected<std::string, Refusal>;

// One record, field by field: numbers right with zeros before them, text left with spaces after it.
class Record {
 public:
  Record& number(std::uint64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    assert(digits.size() <= width);
    fill(width - digits.size(), '0');
    bytes_ += digits;
    return *this;
  }
  Record& text(std::string_view value, std::size_t width) {
    assert(value.size() <= width);
    bytes_ += value;
    return fill(width - value.size(), ' ');
  }
  Record& spaces(std::size_t width) { return fill(width, ' '); }
  std::string whole() const {
    assert(bytes_.size() == transfer_record_bytes);
    return bytes_;
  }

 private:
  Record& fill(std::size_t count, char with) {
    for (; count > 0; --count) bytes_.push_back(with);
    return *this;
  }
  std::string bytes_;
};

Text fitted(const Label& name, std::size_t bytes_max) {
  auto bytes = bank_text(name.utf8);
  if (!bytes) return std::unexpected(Refusal::name_must_be_mappable);
  if (bytes->empty() || bytes->size() > bytes_max) return std::unexpected(Refusal::name_must_fit);
  return *std::move(bytes);
}

// Names as bytes, once it is known that they have their place.
struct Names {
  std::string bank;
  std::string branch;
  std::string holder;
};

std::expected<Names, Refusal> names_of(const PayoutAccount& account, std::size_t holder_max) {
  auto bank = fitted(account.bank_name, bank_name_bytes_max);
  if (!bank) return std::unexpected(bank.error());
  auto branch = fitted(account.branch_name, bank_name_bytes_max);
  if (!branch) return std::unexpected(branch.error());
  auto holder = fitted(account.holder, holder_max);
  if (!holder) return std::unexpected(holder.error());
  return Names{*std::move(bank), *std::move(branch), *std::move(holder)};
}

bool has_digits(const PayoutAccount& account) {
  return account.bank <= 9'999 && account.branch <= 999 && account.number <= 9'999'999 &&
         static_cast<unsigned>(account.type) <= 9;
}

Text header(const OwnAccount& from, std::int64_t day) {
  if (!has_digits(from.account) || from.originator > 9'999'999'999)
    return std::unexpected(Refusal::bank_account_must_be_valid);
  const auto names = names_of(from.account, originator_bytes_max);
  if (!names) return std::unexpected(names.error());
  const Date date = date_of(day);
  Record record;
  record.number(1, 1).number(21, 2).number(0, 1).number(from.originator, 10);
  record.text(names->holder, 40).number(date.month, 2).number(date.day, 2);
  record.number(from.account.bank, 4).text(names->bank, 15);
  record.number(from.account.branch, 3).text(names->branch, 15);
  record.number(static_cast<unsigned>(from.account.type), 1).number(from.account.number, 7);
  return record.spaces(17).whole();
}

Text data(const Transfer& transfer) {
  if (transfer.minor <= 0) return std::unexpected(Refusal::amount_must_be_positive);
  if (transfer.minor > amount_max) return std::unexpected(Refusal::amount_must_fit);
  if (!has_digits(transfer.to)) return std::unexpected(Refusal::bank_account_must_be_valid);
  const auto names = names_of(transfer.to, holder_bytes_max);
  if (!names) return std::unexpected(names.error());
  Record record;
  record.number(2, 1).number(transfer.to.bank, 4).text(names->bank, 15);
  record.number(transfer.to.branch, 3).text(names->branch, 15).number(0, 4);
  record.number(static_cast<unsigned>(transfer.to.type), 1).number(transfer.to.number, 7);
  record.text(names->holder, 30).number(static_cast<std::uint64_t>(transfer.minor), 10);
  record.number(0, 1);
  if (transfer.reference.utf8.empty()) {
    record.number(0, 10).number(0, 10).number(7, 1).spaces(1);
  } else {
    const auto reference = fitted(transfer.reference, reference_bytes_max);
    if (!reference) return std::unexpected(reference.error());
    record.text(*reference, 20).number(7, 1).text("Y", 1);
  }
  return record.spaces(7).whole();
}

std::string trailer(std::size_t count, std::int64_t total) {
  Record record;
  record.number(8, 1).number(count, 6).number(static_cast<std::uint64_t>(total), 12);
  return record.spaces(101).whole();
}

std::string end() {
  Record record;
  return record.number(9, 1).spaces(119).whole();
}

}  // namespace

std::expected<std::string, TransferFault> write_transfers(const TransferFile& file,
                                                          const Holidays& holidays,
                                                          LineEnds line_ends) {
  if (file.transfers.empty() || file.transfers.size() > transfers_max)
    return std::unexpected(TransferFault{Refusal::list_must_fit, 0});
  if (!is_business_day(file.day, holidays))
    return std::unexpected(TransferFault{Refusal::payout_date_must_be_business_day, 0});
  std::vector<std::string> records;
  auto first = header(file.from, file.day);
  if (!first) return std::unexpected(TransferFault{first.error(), 0});
  records.push_back(*std::move(first));
  std::int64_t total = 0;
  for (std::size_t i = 0; i < file.transfers.size(); ++i) {
    auto record = data(file.transfers[i]);
    if (!record) return std::unexpected(TransferFault{record.error(), i + 1});
    records.push_back(*std::move(record));
    total += file.transfers[i].minor;  // a million times ten digits
  }
  if (total > total_max) return std::unexpected(TransferFault{Refusal::amount_must_fit, 0});
  if (total != file.total_minor)
    return std::unexpected(TransferFault{Refusal::payouts_must_make_the_total, 0});
  records.push_back(trailer(file.transfers.size(), total));
  records.push_back(end());
  std::string bytes;
  for (const std::string& record : records) {
    bytes += record;
    if (line_ends == LineEnds::crlf) bytes += "\r\n";
  }
  return bytes;
}

}  // namespace obverse::rails
