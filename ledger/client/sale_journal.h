// The sales that a terminal made without network, on its own disk, until the server has taken them.
// One file that only grows; a sale is on disk before anybody hears yes. A start after a power cut
// drops a frame that was not finished, and nothing else: whatever else is not as it was written is
// damage, and said so. A period that is not over goes on after a start, with all its sales.
//
//   file  = *frame
//   frame = "OBVJ" kind length body sum "!"
//   kind  = %x01 period / %x02 sale / %x03 taken / %x04 over
//   length                                2 bytes, of the body
//   sum   = 8 bytes: the beginning of SHA-256 of everything before it in the frame
//   "!"   is not zero: a frame whose end is zeros was never finished
//   period = first(8) since(8) list-made(8) limits-version(4) key(16)
//   sale   = sequence(8) key(16) minor(8) currency(2) captured(8) evidence
//   evidence = %x01 face / %x02 code
//   face   = rider(8) face(4) search(1) gallery(8) scope(4) score(4) threshold(4)
//            (%x00 / %x01 runner-up(4)) at(8) model              the rest of the body
//   code   = rider(8) device(8) serial(8) purpose(1) bound(8) issued(8) expires(8)
//   taken  = sequence(8)                  this one and all before it
//   over   =                              the network is back
// Numbers are most significant byte first.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/model/credential.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/recognition.h"

namespace obverse {

// Says which file, where, and the way out.
struct JournalFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One time without network.
struct OfflinePeriod {
  std::uint64_t first = 1;  // the number of its first sale
  Instant since;
  Instant list_made;
  LimitsVersion limits;
  AttemptKey key;  // under which it is announced
  friend bool operator==(const OfflinePeriod&, const OfflinePeriod&) = default;
};
// Paid with a face or with a code.
struct OfflineSale {
  std::uint64_t sequence = 0;
  AttemptKey key;
  Money amount;
  Instant captured_at;
  std::optional<Recognition> face;
  std::optional<Token> code;
  friend bool operator==(const OfflineSale&, const OfflineSale&) = default;
};

// What the file says, all in all.
struct SalesKept {
  std::uint64_t next = 1;             // the number of the next sale; never given twice
  std::deque<OfflinePeriod> periods;  // with sales that were not taken, and the last one
  bool is_open = false;               // the last one is not over
  std::deque<OfflineSale> waiting;    // not taken, in order
  std::vector<OfflineSale> of_last;   // of the last period, taken or not: limits count them
  friend bool operator==(const SalesKept&, const SalesKept&) = default;
};

class SaleJournal {
 public:
  // Makes the file if there is none; throws JournalFault. A file longer than that, of sales which
  // were all taken, is begun anew with the next period.
  explicit SaleJournal(std::filesystem::path file, std::uint64_t anew_above = 1 << 20);
  SaleJournal(const SaleJournal&) = delete;
  SaleJournal& operator=(const SaleJournal&) = delete;
  ~SaleJournal();

  const SalesKept& kept() const { return kept_; }

  // Each is on disk when it returns; throws JournalFault where it could not be, and then nothing
  // can be kept any more.
  void begin(const OfflinePeriod& period);
  void end();
  void keep(const OfflineSale& sale);
  void taken(std::uint64_t sequence);

 private:
  void append(const std::string& frame);
  void read(std::string_view bytes);
  void drop_what_was_taken();

  std::filesystem::path file_;
  int descriptor_ = -1;
  std::uint64_t anew_above_;
  std::uint64_t end_ = 0;
  bool failed_ = false;
  SalesKept kept_;
};

}  // namespace obverse
