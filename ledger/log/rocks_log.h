// The log on one machine: every entry in RocksDB and in the tail, both synced, in parallel, before
// it is committed.
//
//   DIRECTORY/rocks/      RocksDB                        DIRECTORY/lock      held while a process
//   has the log open DIRECTORY/tail/       the second copy (tail.h)       DIRECTORY/ballast   space
//   given back for recovery on a full disk DIRECTORY/snapshots/  a cache (snapshots.h)
//   DIRECTORY/check-everything   the next start verifies all DIRECTORY/damaged/    what was damaged
//   and has been replaced; the operator's to remove
//
// Opening verifies the chain, in both copies, from the tail segment that holds the newest snapshot;
// a log without a snapshot, or one where damage is found, from the beginning. verify() reads
// everything. A fault of the machine is thrown as DiskFault, damage that cannot be repaired as
// LogDamage, a log in use as LogInUse.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "ledger/log/beside.h"
#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"
#include "ledger/log/rocks_journals.h"
#include "ledger/log/rocks_store.h"
#include "ledger/log/snapshots.h"
#include "ledger/log/survey.h"
#include "ledger/log/tail.h"
#include "ledger/log/verified_entries.h"
#include "threads/lock.h"

namespace obverse {

struct LogInUse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct RocksLogOptions {
  std::uint64_t free_bytes_min =
      256U << 20U;  // watermark: with less free space, append refuses with disk_full
  std::optional<std::uint64_t> reserve_bytes;  // of those: for entries from the reserve; half if
                                               // absent. The rest is RocksDB's, to write out what
                                               // it has in memory
  std::uint64_t ballast_bytes = 64U << 20U;    // 0: none
  Tail::Options tail;
  RocksStore::Options rocks;
  Disk* disk =
      nullptr;  // the operating system's if absent; a simulated one comes with its rocks.env
  bool keep_tail = true;    // only a negative control of the tests says false
  bool verify_all = false;  // verify everything at opening
  Beside::Runs tail_runs = Beside::Runs::on_own_thread;
};

class RocksLog final : public EventLog {
 public:
  explicit RocksLog(std::string directory, RocksLogOptions options = {});
  ~RocksLog() override;

  Head acquire() override;
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override;
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override;
  std::optional<Position> find(const Digest& key) const override;
  void keep_snapshot(const Snapshot& snapshot) override;
  std::vector<Snapshot> snapshots() const override;
  void verify() const override;
  std::vector<std::string> report() const override;

 private:
  std::string in(const char* name) const { return directory_ + "/" + name; }
  std::string tail_folder() const { return in(options_.keep_tail ? "tail" : "no-tail"); }
  SurveyInput survey_input(bool everything) const;
  SurveyInput second_look(const Survey& found, bool everything) const;
  std::vector<StoredEntry> read_verified(Position from, std::size_t entries_max,
                                         Position last) const;
  FoundSnapshots take_found() const;
  void prepare_directory();
  void give_ballast_back();
  void open_store();
  Survey survey_all(bool& everything);
  void open_leniently(const std::string& why);
  void recover() REQUIRES(writer_);
  void repair(const Survey& found, bool everything) REQUIRES(writer_);
  std::uint64_t space_over(std::uint64_t floor) const;  // free bytes; 0 if there are fewer
  bool has_room(std::span<const NewEntry> batch) REQUIRES(writer_);
  void judge_joining(std::uint64_t free) REQUIRES(writer_);
  bool commit(std::span<const NewEntry> batch, const Head& before, std::span<const Digest> chains)
      REQUIRES(writer_);
  FrameHeader frame(FrameKind kind, const Head& before, const Digest& after) const
      REQUIRES(writer_);
  bool fail(const std::string& why) REQUIRES(writer_);
  void say(std::string words) const;
  [[noreturn]] void stop_over(const StoreDamage& damage, Position position) const;

  std::string directory_;
  RocksLogOptions options_;
  Disk& disk_;
  std::unique_ptr<DiskLock> lock_;
  std::unique_ptr<RocksStore> store_;
  std::optional<RocksJournals> journals_;  // as they were found, while recovering
  StoreDamage refusal_;                    // why there is no store_, while recovering
  std::unique_ptr<Tail> tail_;
  Mutex snapshotting_;  // keep_snapshot
  Mutex writer_;        // acquire, append
  Head head_ GUARDED_BY(writer_);
  std::uint64_t keys_ GUARDED_BY(writer_) = 0;                    // entries with a key so far
  std::optional<std::uint64_t> judged_free_ GUARDED_BY(writer_);  // see judge_joining
  bool acquired_ GUARDED_BY(writer_) = false;
  bool failed_ GUARDED_BY(writer_) = false;
  std::atomic<std::uint64_t> committed_{
      0};  // what readers may see: entries are in RocksDB before the tail is synced
  mutable Mutex saying_;
  mutable std::vector<std::string> report_ GUARDED_BY(saying_);
  mutable std::optional<FoundSnapshots> found_ GUARDED_BY(saying_);  // read at opening, given once
  mutable std::atomic<bool> has_verified_ = false;
  mutable Mutex verifying_;
  // Until a reader has come to the end.
  mutable std::shared_ptr<const VerifiedEntries> verified_ GUARDED_BY(verifying_);
  std::unique_ptr<Beside> beside_;
};

}  // namespace obverse
