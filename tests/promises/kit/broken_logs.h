// Logs that are broken on purpose: the checks of the promises about speed must notice.
#pragma once

#include <memory>
#include <utility>

#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"
#include "ledger/log/record.h"

namespace obverse::promises {

// A disk whose files say that they are synced.
class UnsyncedDisk final : public Disk {
 public:
  std::unique_ptr<DiskFile> create(const std::string& path) override {
    return std::make_unique<File>(real_disk().create(path));
  }
  std::unique_ptr<DiskFile> open(const std::string& path) override {
    return std::make_unique<File>(real_disk().open(path));
  }
  std::unique_ptr<const DiskFile> open_to_read(const std::string& path) const override {
    return real_disk().open_to_read(path);
  }
  bool exists(const std::string& path) const override { return real_disk().exists(path); }
  std::vector<std::string> list(const std::string& folder) const override {
    return real_disk().list(folder);
  }
  void make_folders(const std::string& path) override { real_disk().make_folders(path); }
  void rename(const std::string& from, const std::string& to) override {
    real_disk().rename(from, to);
  }
  void remove(const std::string& path) override { real_disk().remove(path); }
  void sync_folder(const std::string& path) override { real_disk().sync_folder(path); }
  void reserve(const std::string& path, std::uint64_t bytes) override {
    real_disk().reserve(path, bytes);
  }
  std::uint64_t free_bytes(const std::string& path) const override {
    return real_disk().free_bytes(path);
  }
  std::unique_ptr<DiskLock> lock(const std::string& path) override {
    return real_disk().lock(path);
  }

 private:
  class File final : public DiskFile {
   public:
    explicit File(std::unique_ptr<DiskFile> file) : file_(std::move(file)) {}
    void write(std::uint64_t offset, std::string_view bytes) override {
      file_->write(offset, bytes);
    }
    std::string read(std::uint64_t offset, std::uint64_t bytes) const override {
      return file_->read(offset, bytes);
    }
    void sync() override {}
    std::uint64_t size() const override { return file_->size(); }

   private:
    std::unique_ptr<DiskFile> file_;
  };
};

// Keeps nothing behind `kept`, or little, and says `committed`.
class ForgetfulLog final : public EventLog {
 public:
  ForgetfulLog(std::unique_ptr<EventLog> log, Position kept) : log_(std::move(log)), kept_(kept) {}

  Head acquire() override { return log_->acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    if (head.last < kept_) return log_->append(head, batch, chains);
    advance(head, batch, chains);
    return Appended::committed;
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    return log_->read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override { return log_->find(key); }
  void keep_snapshot(const Snapshot&) override {}
  std::vector<Snapshot> snapshots() const override { return {}; }
  void verify() const override { log_->verify(); }
  std::vector<std::string> report() const override { return {}; }

 private:
  std::unique_ptr<EventLog> log_;
  Position kept_;
};

}  // namespace obverse::promises
