// A terminal that has lost the network and goes on selling: it goes by the newest signed list of
// whose faces and devices are good, stays within the limits of that list, and keeps every sale on
// its own disk (sale_journal.h). Back on the network it announces each time without, and brings its
// sales one by one, in order; the server judges each of them once more. One thread.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "ledger/client/sale_journal.h"
#include "ledger/model/commands.h"
#include "ledger/model/outcome.h"
#include "ledger/model/reply.h"
#include "ledger/vault/allow_list.h"
#include "ledger/vault/signing.h"
#include "ledger/vault/tokens.h"

namespace obverse {

// The server's public keys.
struct OfflineKeys {
  VerifyKey lists;
  VerifyKey codes;
};

class OfflineSeller {
 public:
  // Reads what was kept in the folder: sales that were not taken, and the list. Throws
  // JournalFault.
  OfflineSeller(TerminalId terminal, const OfflineKeys& keys, std::filesystem::path folder);

  // As it came from the server. False where it is not signed by it, or is older than what is here;
  // throws JournalFault where it cannot be kept.
  bool take_list(std::string_view bytes);
  const std::optional<AllowList>& list() const { return list_; }

  // Without a list nothing can be sold: limits_must_be_in_force. Asked for again in the same time
  // without network, and after a start in the middle of it, it changes nothing.
  std::expected<void, Refusal> network_lost(Instant now, const AttemptKey& key);
  void network_back() { journal_.end(); }
  bool is_offline() const { return journal_.kept().is_open; }

  // A sale to the face that this terminal's own matcher recognised, or to a code as it was read.
  // It is on disk when this returns. Refuses what the list and its limits do not allow.
  std::expected<OfflineSale, Refusal> sell(const Recognition& face, Money amount, Instant now,
                                           const AttemptKey& key);
  std::expected<OfflineSale, Refusal> sell(std::string_view code, Money amount, Instant now,
                                           const AttemptKey& key);

  // What to ask the server next, under which key; nothing while there is nothing, or while the
  // server's last answer was one that only staff can mend (stuck_on).
  struct Upload {
    Command command;
    AttemptKey key;
  };
  std::optional<Upload> next_upload(Instant now) const;
  void answered(const Reply& reply);
  std::optional<Refusal> stuck_on() const { return stuck_; }
  void try_again() {
    stuck_.reset();
    ++announcements_;
  }

 private:
  std::expected<void, Refusal> must_fit_limits(RiderId rider, Money amount, Instant now) const;
  OfflineSale keep(OfflineSale sale);

  TerminalId terminal_;
  OfflineKeys keys_;
  std::filesystem::path folder_;
  SaleJournal journal_;
  std::optional<AllowList> list_;
  std::uint64_t announced_ = 0;     // the first number of the period that was announced last
  std::uint8_t announcements_ = 0;  // that staff had made again
  std::optional<Refusal> stuck_;
};

}  // namespace obverse
