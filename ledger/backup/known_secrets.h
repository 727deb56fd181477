// What a log knows of people's secrets. A vault that is restored beside an older log keeps faces
// and PINs of people, or versions, that this log has never heard of; a server refuses such a pair,
// since it looks like a log that was put back. So the restored vault forgets them; the backup keeps
// them.
#pragma once

#include <cstddef>
#include <expected>
#include <map>

#include "ledger/log/event_log.h"
#include "ledger/model/record.h"
#include "ledger/vault/template_vault.h"

namespace obverse {

class KnownSecrets {
 public:
  void learn(const Record& record);
  // Nothing if an entry is not a record that this release can read: its position is then given.
  static std::expected<KnownSecrets, Position> of(const EventLog& log);

  // Gives how many were destroyed.
  std::size_t destroy_unknown(Vault& vault) const;

 private:
  std::map<RiderId, FaceVersion> faces_;  // the latest of each
  std::map<RiderId, PinVersion> pins_;
};

}  // namespace obverse
