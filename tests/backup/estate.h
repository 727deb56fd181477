// A data directory in use, without a server: a log that is open and grows, a vault that is open.
#pragma once

#include <string>
#include <vector>

#include "ledger/backup/manifest.h"
#include "ledger/log/record.h"
#include "ledger/log/rocks_log.h"
#include "ledger/vault/sha256.h"
#include "ledger/vault/template_vault.h"
#include "ledger/wire/event_wire.h"
#include "tests/log/temporary_folder.h"

namespace obverse {

class InUse {
 public:
  explicit InUse(std::uint64_t segment_bytes = 64U << 10U) {
    RocksLogOptions options;
    options.free_bytes_min = 0;
    options.ballast_bytes = 0;
    options.tail.segment_bytes = segment_bytes;
    Kek::make_file(folder.in("kek"));
    log = std::make_unique<RocksLog>(data() + "/log", options);
    vault = Vault::open(data() + "/vault", kek());
    head = log->acquire();
  }

  // So many records, one a second from the first on, each with a key; three a batch. The first two
  // enrol the faces of riders 1 and 2.
  void live(std::uint64_t count) {
    std::vector<NewEntry> batch;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t position = head.last.value + batch.size() + 1;
      Record record;
      record.position = {position};
      record.recorded_at = time_of(position);
      if (position <= 2)
        record.events.push_back(FaceEnrolled{RiderId{position}, FaceVersion{1}, "m", 1, {}});
      batch.push_back({encode_record(record), sha256("attempt " + std::to_string(position))});
      if (batch.size() < 3 && i + 1 < count) continue;
      if (log->append(head, batch) != Appended::committed) throw std::runtime_error("no append");
      batch.clear();
    }
  }
  static Instant time_of(std::uint64_t position) {
    return {1'750'000'000'000 + static_cast<std::int64_t>(position) * 1'000};
  }

  void keep_face(std::uint64_t rider) {
    const std::vector<std::byte> content(300, static_cast<std::byte>(rider));
    vault->keep_face(RiderId{rider}, FaceVersion{1}, content);
  }

  void close() {
    log.reset();
    vault.reset();
  }

  std::string data() const { return folder.in("data"); }
  std::string backup() const { return folder.in("backup"); }
  Kek kek() const { return Kek::from_file(folder.in("kek")); }
  BackupSeal seal() const { return BackupSeal(kek()); }

  TemporaryFolder folder;
  std::unique_ptr<RocksLog> log;
  std::unique_ptr<Vault> vault;
  Head head;
};

inline std::string words_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& fault) {
    return fault.what();
  }
  return {};
}

}  // namespace obverse
