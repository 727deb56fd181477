#include "ledger/log/read_only_log.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <utility>

#include "ledger/log/snapshots.h"
#include "ledger/log/survey.h"
#include "ledger/log/tail_reader.h"
#include "threads/lock.h"

namespace obverse {
namespace {

constexpr std::size_t entries_at_once = 4096;

class ReadOnlyLog final : public EventLog {
 public:
  ReadOnlyLog(std::string directory, const RocksLogOptions& options)
      : directory_(std::move(directory)),
        disk_(options.disk != nullptr ? *options.disk : real_disk()) {
    if (!disk_.exists(directory_)) throw DiskFault("there is no directory " + directory_, ENOENT);
    open_store(options.rocks);
    Survey found = survey(input(options.verify_all));
    if (found.partial && (found.damaged || found.rocks_rebuild)) found = survey(input(true));
    for (const Finding& finding : found.findings) report_.push_back(finding.words);
    last_ = found.head.last;
    snapshots_ = find_good_snapshots(found);
    if (!found.rocks_rebuild && !found.rocks_short_from) return;
    const bool whole = !found.damaged && found.tail_last == last_;
    if (!whole)
      throw LogDamage(found.findings[0].file, found.findings[0].offset, found.findings[0].first,
                      found.findings[0].words +
                          ". Each copy lacks something that the other has. Way out: start a "
                          "server on a copy of the directory, which joins the two");
    tail_ = std::make_unique<TailReader>(disk_, in("tail"));
    report_.push_back("read from the tail, not from RocksDB");
  }

  Head acquire() override { throw std::logic_error("a log that was opened to be read"); }
  Appended append(Head&, std::span<const NewEntry>, std::vector<Digest>*) override {
    return Appended::fenced;
  }
  void keep_snapshot(const Snapshot&) override {
    throw std::logic_error("a log that was opened to be read");
  }

  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    assert(from.value >= 1);
    std::vector<StoredEntry> out;
    if (from > last_) return out;
    entries_max = std::min<std::uint64_t>(entries_max, last_.value - from.value + 1);
    if (tail_) {
      for (KeptEntry& entry : tail_->read(from, entries_max))
        out.push_back({entry.position, std::move(entry.payload), entry.chain});
      return out;
    }
    RocksStore::Cursor cursor(*store_);
    for (Position at = from; out.size() < entries_max; ++at.value) {
      auto read = cursor.at(at);
      if (!read) throw LogDamage(read.error().file, read.error().offset, at, read.error().why);
      std::optional<KeptEntry>& entry = *read;
      if (!entry) throw LogDamage(in("rocks"), 0, at, "an entry is missing");
      out.push_back({at, std::move(entry->payload), entry->chain});
    }
    return out;
  }

  std::optional<Position> find(const Digest& key) const override {
    if (tail_) {
      const Lock lock(mutex_);
      if (keys_.empty()) gather_keys();
      const auto found = keys_.find(key);
      return found == keys_.end() ? std::nullopt : std::optional(found->second);
    }
    const auto position = store_->find(key);
    if (!position)
      throw LogDamage(position.error().file, position.error().offset, {}, position.error().why);
    return *position;
  }

  std::vector<Snapshot> snapshots() const override { return snapshots_; }

  void verify() const override {
    if (store_) {
      const auto checksums = store_->verify_checksums();
      if (!checksums)
        throw LogDamage(checksums.error().file, checksums.error().offset, {},
                        checksums.error().why);
    }
    const Survey found = survey(input(true));
    const bool crashed =
        !found.damaged && !found.rocks_rebuild;  // a group cut off half-way is no damage
    if (crashed || found.findings.empty()) return;
    const Finding& finding = found.findings[0];
    throw LogDamage(finding.file, finding.offset, finding.first, finding.words);
  }

  std::vector<std::string> report() const override { return report_; }

 private:
  std::string in(const char* name) const { return directory_ + "/" + name; }

  SurveyInput input(bool everything) const {
    return {disk_,        in("tail"),  in("rocks"),
            store_.get(), refusal_,    find_snapshots(disk_, in("snapshots")).good,
            everything,   std::nullopt};
  }

  void open_store(const RocksStore::Options& options) {
    if (disk_.list(in("rocks")).empty()) {
      refusal_ = {in("rocks"), 0, "there is no RocksDB"};
      return;
    }
    auto opened = RocksStore::open(in("rocks"), RocksStore::Opening::read_only, options);
    if (opened) {
      store_ = std::move(*opened);
    } else if (opened.error().is_damage) {
      refusal_ = opened.error().damage;
    } else {
      throw DiskFault(
          "RocksDB in " + in("rocks") + " cannot be opened: " + opened.error().damage.why, EIO);
    }
  }

  std::vector<Snapshot> find_good_snapshots(const Survey& found) {
    FoundSnapshots all = find_snapshots(disk_, in("snapshots"));
    for (std::string& words : all.words) report_.push_back(std::move(words));
    std::erase_if(all.good,
                  [&](const Snapshot& snapshot) { return snapshot.at > found.head.last; });
    return std::move(all.good);
  }

  void gather_keys() const REQUIRES(mutex_) {
    for (Position from{1}; from <= last_;) {
      const std::vector<KeptEntry> entries = tail_->read(from, entries_at_once);
      for (const KeptEntry& entry : entries)
        if (entry.key && entry.position <= last_) keys_.emplace(*entry.key, entry.position);
      from.value += entries.size();
    }
  }

  std::string directory_;
  const Disk& disk_;
  std::unique_ptr<RocksStore> store_;
  StoreDamage refusal_;
  std::unique_ptr<TailReader> tail_;  // where RocksDB falls short
  Position last_;
  std::vector<Snapshot> snapshots_;
  std::vector<std::string> report_;
  mutable Mutex mutex_;
  mutable std::map<Digest, Position> keys_ GUARDED_BY(mutex_);  // only with tail_
};

}  // namespace

std::unique_ptr<const EventLog> open_read_only(const std::string& directory,
                                               const RocksLogOptions& options) {
  return std::make_unique<const ReadOnlyLog>(directory, options);
}

}  // namespace obverse
