// A small data directory as the server's own rooms make it: a log of two lives (the first is in
// tables, the second in the write-ahead log), tail, snapshots, a vault with faces and PINs. It is
// opened as obversed opens it; only sizes are smaller, so that every byte can be tried.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/engine/clock.h"
#include "ledger/engine/ledger.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/interior.h"
#include "ledger/vault/template_vault.h"

namespace obverse::flip {

inline constexpr std::string_view pin = "2580";

// What a folder holds: path below it -> bytes.
using Image = std::map<std::string, std::string>;
Image load(const std::filesystem::path& folder);
void store(const Image& image, const std::filesystem::path& folder);

Config config_of(const std::filesystem::path& data, const std::filesystem::path& kek);
RocksLogOptions log_options();

// Everything of a server but the network. Nobody writes until step() is called.
class Premises {
 public:
  // What a broken server would be given instead of its log.
  using Around = std::function<std::unique_ptr<EventLog>(EventLog&)>;
  // `vault`: one that was opened before, of files that nobody has touched since.
  Premises(const std::filesystem::path& data, const std::filesystem::path& kek,
           const RocksLogOptions& options, const Around& around = {},
           std::shared_ptr<Vault> vault = {});

  RocksLog& log() { return *log_; }
  Vault& vault() { return *vault_; }
  const std::shared_ptr<Vault>& shared_vault() const { return vault_; }
  Household& house() { return interior_->household(); }
  const Metrics& metrics() const { return interior_->metrics(); }
  ManualClock& clock() { return clock_; }

  // One batch of commands, decided and committed.
  std::vector<Answer> tell(std::vector<Command> commands);
  Answer tell(Command command) { return tell(std::vector{std::move(command)}).at(0); }

 private:
  ManualClock clock_{Instant{1'750'000'000'000}};
  Config config_;
  std::unique_ptr<RocksLog> log_;
  std::unique_ptr<EventLog> around_;
  std::shared_ptr<Vault> vault_;
  std::unique_ptr<Interior> interior_;
  std::uint64_t attempts_ = 0;
};

// Makes ROOT/kek and the directory at three times of its life: ROOT/first, ROOT/second (a face was
// replaced, a person erased, a PIN set, people enrolled since) and ROOT/last, as a kill would leave
// them.
void build(const std::filesystem::path& root);

}  // namespace obverse::flip
