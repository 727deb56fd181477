// A disk in memory that behaves as badly as disks may: it forgets what was not synced, tears writes
// at 512 bytes, leaves garbage where a write was under way, loses and misdirects writes, turns bits
// over, fails a sync, fills up, and loses power at a chosen operation. Names are kept as a
// journalling file system keeps them: what is lost of un-synced creations, renames and removals is
// always the latest.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ledger/log/disk.h"

namespace obverse {

class SimulatedDisk final : public Disk {
 public:
  struct Dirty {  // written, not synced
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lands = 0;  // where on the medium; `nowhere` if the write is lost
  };
  static constexpr std::uint64_t nowhere = ~std::uint64_t{0};
  struct Content {
    std::string live;
    std::string durable;
    std::vector<Dirty> dirty;
    std::optional<std::uint64_t> stray;  // where the next write lands
    bool parted = false;  // live and durable may differ elsewhere than in what is dirty
    bool is_deaf = false;
  };
  using Names = std::map<std::string, std::shared_ptr<Content>>;  // folders have no content

  explicit SimulatedDisk(std::uint64_t seed = 1) : random_(seed) {}

  std::unique_ptr<DiskFile> create(const std::string& path) override;
  std::unique_ptr<DiskFile> open(const std::string& path) override;
  std::unique_ptr<const DiskFile> open_to_read(const std::string& path) const override;
  bool exists(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;
  void make_folders(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void sync_folder(const std::string& path) override;
  void reserve(const std::string& path, std::uint64_t bytes) override;
  std::uint64_t free_bytes(const std::string& path) const override;
  std::unique_ptr<DiskLock> lock(const std::string& path) override;

  // Misbehaviour.
  void lose_power_after(std::uint64_t operations);  // writes, syncs and changes of names count
  bool dead() const;
  void reboot();  // loses power now if it did not; then what survived is there
  void fail_sync(std::uint64_t in_so_many);  // once; the un-synced bytes of that file are gone
  void lie_about_syncs(bool lies);           // a sync does nothing
  void set_capacity(std::uint64_t bytes);
  // The next write to this file is reported as synced, and lies at another place of the file, or
  // nowhere: noticed when the cache is gone.
  void misdirect_next_write(const std::string& path, std::uint64_t lands);
  // Writes to this file are reported as done, and change nothing: noticed by whoever reads again.
  void deafen(const std::string& path);
  // A bit of what is synced turns over. Beyond the end of the file: nothing happens.
  void flip(const std::string& path, std::uint64_t offset, unsigned bit);
  std::uint64_t durable_bytes(const std::string& path) const;
  std::uint64_t operations() const;
  // What it did so far of what it was told to do.
  struct Misdeeds {
    std::uint64_t stray_writes = 0, failed_syncs = 0, torn_writes = 0;
  };
  Misdeeds misdeeds() const;

  // What is on it, as a whole: to go back to, and to damage. Everything in it counts as synced.
  std::map<std::string, std::string> image() const;
  void restore(const std::map<std::string, std::string>& image);

  // For handles of files.
  void write(Content& content, std::uint64_t offset, std::string_view bytes);
  void truncate(Content& content, std::uint64_t size);
  void sync(Content& content);
  std::string read(const Content& content, std::uint64_t offset, std::uint64_t bytes) const;
  std::size_t read_into(const Content& content, std::uint64_t offset, std::size_t bytes,
                        char* to) const;
  std::uint64_t size(const Content& content) const;
  std::shared_ptr<Content> find(const std::string& path) const;  // none: absent, or a folder
  std::shared_ptr<Content> make(const std::string& path);

 private:
  struct Change {  // of names
    enum class Kind : std::uint8_t { put, remove, rename } kind;
    std::string path, to;
    std::shared_ptr<Content> content;
  };
  static void apply(Names& names, const Change& change);
  void change(Change change);
  void step();  // counts an operation; throws if the power is off
  void decide_survivors(Content& content);

  mutable std::recursive_mutex mutex_;
  std::mt19937_64 random_;
  Names live_, durable_;
  std::vector<Change> changes_;  // since durable_
  std::uint64_t operations_ = 0;
  std::uint64_t power_until_ = ~std::uint64_t{0};
  std::uint64_t fail_sync_in_ = 0;
  mutable std::optional<std::uint64_t> used_;  // by live files; empty: to be counted again
  std::uint64_t capacity_ = std::uint64_t{1} << 40U;
  Misdeeds misdeeds_;
  bool dead_ = false;
  bool lies_ = false;
};

}  // namespace obverse
