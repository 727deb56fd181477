// In this order: new files, each synced; then the manifest, in one rename; then what the manifest
// before named and this one does not. Cut off anywhere, one of the two manifests is whole and so
// are its files; what no manifest names is cleared by the next run.
#include "ledger/backup/backup.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "ledger/backup/live_tail.h"
#include "ledger/log/disk.h"
#include "ledger/log/record.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/sealed_records.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::uint64_t frame_body_bytes = 512U << 10U;
constexpr std::uint64_t written_bytes = 2U << 20U;
constexpr std::uint64_t wipe_bytes = 1U << 20U;

std::string twenty_digits(std::uint64_t number) {
  const std::string plain = std::to_string(number);
  return std::string(20 - plain.size(), '0') + plain;
}

// Never faster than so much, measured from the first byte.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_a_second) : rate_(std::max<std::uint64_t>(bytes_a_second, 1)) {}
  void spend(std::uint64_t bytes) {
    spent_ += bytes;
    const std::chrono::duration<double> due(static_cast<double>(spent_) /
                                            static_cast<double>(rate_));
    std::this_thread::sleep_until(
        begun_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due));
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::uint64_t rate_;
  std::uint64_t spent_ = 0;
};

// A new file, its digest made on the way.
class Growing {
 public:
  Growing(Disk& disk, const std::string& folder, std::string name, Pace& pace)
      : pace_(pace), file_(disk.create(folder + "/" + name)) {
    about_.name = std::move(name);
  }
  void add(std::string_view bytes) {
    waiting_ += bytes;
    about_.bytes += bytes.size();
    if (waiting_.size() >= written_bytes) flush();
  }
  std::uint64_t bytes() const { return about_.bytes; }
  BackupFile finish() {
    flush();
    about_.digest = digest_.finish();
    return about_;
  }

 private:
  // Synced bit by bit: one great flush would keep the server waiting for the disk.
  void flush() {
    file_->write(about_.bytes - waiting_.size(), waiting_);
    file_->sync();
    digest_.add(waiting_);
    pace_.spend(waiting_.size());
    waiting_.clear();
  }

  Pace& pace_;
  BackupFile about_;
  std::string waiting_;
  Sha256 digest_;
  std::unique_ptr<DiskFile> file_;
};

// Entries gathered into frames, frames into parts.
class PartWriter {
 public:
  PartWriter(Disk& disk, std::string folder, Manifest& manifest, const BackupWishes& wishes,
             Pace& pace)
      : disk_(disk),
        folder_(std::move(folder)),
        manifest_(manifest),
        wishes_(wishes),
        pace_(pace) {}

  void take(KeptEntry&& entry) {
    gathered_bytes_ += entry.payload.size();
    chain_ = entry.chain;
    gathered_.push_back({std::move(entry.payload), entry.key});
    if (gathered_bytes_ >= frame_body_bytes) write_frame();
  }
  void finish() {
    if (!gathered_.empty()) write_frame();
    end_part();
  }

 private:
  void write_frame() {
    FrameHeader header;
    header.first = {manifest_.last.value + 1};
    header.keys_before = manifest_.keys;
    header.before = manifest_.chain;
    header.after = chain_;
    encode_frame(header, gathered_, frame_);
    if (!part_) {
      first_ = header.first;
      part_.emplace(disk_, folder_, "log/" + twenty_digits(first_.value) + ".part", pace_);
    }
    part_->add(frame_);
    manifest_.last.value += gathered_.size();
    manifest_.keys += keys_in(gathered_);
    manifest_.chain = chain_;
    gathered_.clear();
    gathered_bytes_ = 0;
    if (wishes_.progress) wishes_.progress(manifest_.last);
    if (part_->bytes() >= wishes_.part_bytes) end_part();
  }
  void end_part() {
    if (!part_) return;
    manifest_.parts.push_back({part_->finish(), first_, manifest_.last});
    part_.reset();
  }

  Disk& disk_;
  std::string folder_;
  Manifest& manifest_;
  const BackupWishes& wishes_;
  Pace& pace_;
  std::vector<NewEntry> gathered_;
  std::uint64_t gathered_bytes_ = 0;
  Digest chain_;
  std::string frame_;
  std::optional<Growing> part_;
  Position first_;
};

// The first run says first whose folder this is, since every run removes what no manifest names.
Manifest manifest_before(Disk& disk, const std::string& folder, const BackupSeal& seal) {
  const std::string path = folder + "/" + manifest_name;
  if (!disk.exists(path)) {
    for (const std::string& name : disk.list(folder))
      if (name != "lock")
        throw BackupFault(folder + ": holds other files, and no manifest: give an empty folder");
    write_whole(disk, path, encode_manifest({}, seal));
    return {};
  }
  const auto manifest = decode_manifest(read_whole(disk, path), seal);
  if (!manifest) throw BackupFault(path + ": " + manifest.error() + "; nothing was changed");
  return *manifest;
}

// Over the bytes where they lie, before the name goes: on a disk that writes in place nothing is
// left of them.
std::string in(const std::string& folder, const std::string& name) { return folder + "/" + name; }

void overwrite(Disk& disk, const std::string& path) {
  const auto file = disk.open(path);
  const std::string zeros(wipe_bytes, '\0');
  for (std::uint64_t at = 0; at < file->size(); at += wipe_bytes)
    file->write(at, std::string_view(zeros).substr(0, std::min(wipe_bytes, file->size() - at)));
  file->sync();
}

void clear_unnamed(Disk& disk, const std::string& folder, const Manifest& manifest) {
  std::set<std::string> named;
  for (const LogPart& part : manifest.parts) named.insert(part.file.name);
  for (const BackupFile& file : manifest.vault) named.insert(file.name);
  for (const std::string inside : {"log", "vault"}) {
    const std::string within = in(folder, inside);
    bool cleared = false;
    for (const std::string& name : disk.list(within)) {
      if (named.contains(in(inside, name))) continue;
      const std::string path = in(within, name);
      if (name.starts_with("keys-")) overwrite(disk, path);
      disk.remove(path);
      cleared = true;
    }
    if (cleared) disk.sync_folder(within);
  }
}

template <class CopyOut>
BackupFile copy_vault(Disk& disk, const std::string& folder, const std::string& name, Pace& pace,
                      const CopyOut& copy_out) {
  Growing file(disk, folder, name, pace);
  copy_out([&file](std::span<const std::byte> bytes) {
    file.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  return file.finish();
}

// After the log: whatever face an entry names is here, unless it was replaced or erased since. The
// keys last: what is erased meanwhile has none.
void add_vault(Disk& disk, const std::string& data, const std::string& folder, Manifest& manifest,
               Pace& pace) {
  manifest.vault.clear();
  const std::string vault = data + "/vault";
  const std::string number = std::to_string(manifest.number);
  manifest.vault.push_back(
      copy_vault(disk, folder, "vault/records-" + number, pace,
                 [&](const ByteSink& sink) { SealedRecords::copy_out(vault, sink); }));
  manifest.vault.push_back(
      copy_vault(disk, folder, "vault/keys-" + number, pace,
                 [&](const ByteSink& sink) { Keyring::copy_out(vault, sink); }));
}

}  // namespace

BackupDone make_backup(const std::string& data, const std::string& folder, const BackupSeal& seal,
                       const BackupWishes& wishes) {
  Disk& disk = real_disk();
  if (!disk.exists(data + "/log/tail"))
    throw BackupFault(data + ": no data directory of a server: log/tail is not in it");
  disk.make_folders(folder);
  const auto lock = disk.lock(folder + "/lock");
  if (!lock) throw BackupFault(folder + ": another run is writing to it; wait for that one");
  const Manifest before = manifest_before(disk, folder, seal);
  disk.make_folders(folder + "/log");
  disk.make_folders(folder + "/vault");
  clear_unnamed(disk, folder, before);

  Manifest manifest = before;
  ++manifest.number;
  Pace pace(wishes.bytes_a_second);
  PartWriter parts(disk, folder, manifest, wishes, pace);
  LiveTail tail(disk, data + "/log/tail");
  tail.read_after(before.last, before.chain,
                  [&parts](KeptEntry&& entry) { parts.take(std::move(entry)); });
  parts.finish();
  add_vault(disk, data, folder, manifest, pace);
  disk.sync_folder(folder + "/log");
  disk.sync_folder(folder + "/vault");
  write_whole(disk, folder + "/" + manifest_name, encode_manifest(manifest, seal));
  clear_unnamed(disk, folder, manifest);
  return {manifest, manifest.last.value - before.last.value};
}

}  // namespace obverse
