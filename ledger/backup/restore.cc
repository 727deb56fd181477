#include "ledger/backup/restore.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "ledger/backup/known_secrets.h"
#include "ledger/log/disk.h"
#include "ledger/log/record.h"
#include "ledger/log/rocks_log.h"
#include "ledger/vault/sha256.h"
#include "ledger/vault/template_vault.h"
#include "ledger/wire/event_wire.h"

namespace obverse {
namespace {

constexpr std::uint64_t stretch_bytes = 4U << 20U;
constexpr std::uint64_t frame_body_max = 64U << 20U;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw BackupFault(file + ": " + why + "; nothing was restored: use another copy of the backup");
}

[[noreturn]] void refuse_at(const std::string& file, std::uint64_t offset, const std::string& why) {
  refuse(file + " at byte " + std::to_string(offset), why);
}

Manifest read_manifest(const Disk& disk, const std::string& folder, const BackupSeal& seal) {
  const std::string path = folder + "/" + manifest_name;
  if (!disk.exists(path)) refuse(path, "there is none, so this is no backup");
  auto manifest = decode_manifest(read_whole(disk, path), seal);
  if (!manifest) refuse(path, manifest.error());
  return *std::move(manifest);
}

std::unique_ptr<const DiskFile> open_whole(const Disk& disk, const std::string& path,
                                           const BackupFile& about) {
  if (!disk.exists(path)) refuse(path, "is missing");
  auto file = disk.open_to_read(path);
  if (file->size() != about.bytes)
    refuse_at(path, std::min(file->size(), about.bytes), "it has another length than it had");
  return file;
}

// Where a part goes wrong is said by its frames; whether it does, by its digest in the manifest.
class PartReader {
 public:
  PartReader(std::string path, const DiskFile& file) : path_(std::move(path)), file_(file) {}

  using Visitor = std::function<bool(const FrameHeader&, const std::vector<FramedEntry>&)>;
  // Each frame in order, held against the chain; until `visit` says false.
  void read(const LogPart& part, Digest& chain, const Visitor& visit) {
    Position next = part.first;
    for (std::uint64_t offset = 0; offset < part.file.bytes;) {
      const auto header = decode_frame_header(file_.read(offset, frame_header_bytes));
      if (!header || header->body_bytes > frame_body_max) refuse_at(path_, offset, "damaged");
      const std::string bytes = file_.read(offset, frame_bytes(header->body_bytes));
      const std::uint64_t used = frame_header_bytes + header->body_bytes;
      if (bytes.size() < used || bytes.find_first_not_of('\0', used) != std::string::npos)
        refuse_at(path_, offset, "damaged");
      const auto entries = decode_frame_body(
          *header, std::string_view(bytes).substr(frame_header_bytes, header->body_bytes));
      if (!entries || header->first != next || header->before != chain)
        refuse_at(path_, offset, "damaged");
      for (const FramedEntry& entry : *entries) {
        chain = chain_after(chain, next, entry.payload);
        ++next.value;
      }
      if (chain != header->after)
        refuse_at(path_, offset, "its entries are not those of its chain");
      if (!visit(*header, *entries)) return;
      offset += bytes.size();
    }
    if (next.value != part.last.value + 1) refuse(path_, "it ends too early");
  }

 private:
  std::string path_;
  const DiskFile& file_;
};

bool is_whole(const DiskFile& file, const BackupFile& about) {
  Sha256 digest;
  for (std::uint64_t at = 0; at < about.bytes; at += stretch_bytes)
    digest.add(file.read(at, stretch_bytes));
  return digest.finish() == about.digest;
}

// Entries on their way into a new log.
class Refilling {
 public:
  Refilling(const std::string& folder, const Until& until) : until_(until) {
    RocksLogOptions options;
    options.ballast_bytes = 0;  // the server makes it when it has room
    options.free_bytes_min = 0;
    log_ = std::make_unique<RocksLog>(folder, options);
    head_ = log_->acquire();
  }
  // False where no more is wanted.
  bool take(const std::vector<FramedEntry>& entries) {
    std::vector<NewEntry> batch;
    bool more = true;
    for (const FramedEntry& entry : entries) {
      if (!wanted({head_.last.value + batch.size() + 1}, entry.payload)) {
        more = false;
        break;
      }
      batch.push_back({Bytes(entry.payload), entry.key});
    }
    if (batch.empty() || log_->append(head_, batch) == Appended::committed) return more;
    throw DiskFault("the restored log could not be written: check the disk's space", 0);
  }
  const Head& head() const { return head_; }
  const EventLog& log() const { return *log_; }

 private:
  bool wanted(Position position, std::string_view payload) const {
    if (until_.position && *until_.position < position) return false;
    if (!until_.time) return true;
    const auto record = decode_record(payload);
    if (!record)
      throw BackupFault("the entry at position " + std::to_string(position.value) +
                        " is not one that this release can read, and so its time is not known: " +
                        record.error().why);
    return record->recorded_at <= *until_.time;
  }

  Until until_;
  std::unique_ptr<RocksLog> log_;
  Head head_;
};

void restore_log(const Disk& disk, const std::string& folder, const Manifest& manifest,
                 Refilling& log, const std::function<void(Position)>& progress) {
  Digest chain;
  for (const LogPart& part : manifest.parts) {
    const std::string path = folder + "/" + part.file.name;
    const auto file = open_whole(disk, path, part.file);
    bool more = true;
    PartReader(path, *file).read(part, chain, [&](const FrameHeader&, const auto& entries) {
      more = log.take(entries);
      if (progress) progress(log.head().last);
      return more;
    });
    if (!more) return;
  }
}

// Both copies of a twin file from the one of the backup.
void restore_twin(Disk& disk, const std::string& from, const std::string& to) {
  const auto source = disk.open_to_read(from);
  for (const char* copy : {".a", ".b"}) {
    const auto file = disk.create(to + copy);
    if (::chmod((to + copy).c_str(), S_IRUSR | S_IWUSR) != 0)
      throw DiskFault("cannot keep others from reading " + to + copy, errno);
    for (std::uint64_t at = 0; at < source->size(); at += stretch_bytes)
      file->write(at, source->read(at, stretch_bytes));
    file->sync();
  }
}

std::vector<std::string> restore_vault(Disk& disk, const std::string& folder,
                                       const Manifest& manifest, const std::string& vault,
                                       const Kek& kek, const KnownSecrets* known) {
  disk.make_folders(vault);
  std::filesystem::permissions(vault, std::filesystem::perms::owner_all);
  for (const BackupFile& file : manifest.vault) {
    const std::string from = folder + "/" + file.name;
    const bool is_keys = file.name.starts_with("vault/keys-");
    restore_twin(disk, from, vault + (is_keys ? "/keys" : "/records"));
  }
  disk.sync_folder(vault);
  const auto opened = Vault::open(vault, kek);
  auto report = opened->report();
  if (const std::size_t forgotten = known ? known->destroy_unknown(*opened) : 0; forgotten > 0)
    report.push_back(std::to_string(forgotten) +
                     " faces and PINs are newer than the restored log, and were left out");
  return report;
}

// Of a log that ends where the backup does nothing has to be known.
std::optional<KnownSecrets> known_to(const Refilling& log, Position last) {
  if (log.head().last == last) return std::nullopt;
  auto known = KnownSecrets::of(log.log());
  if (known) return *std::move(known);
  throw BackupFault("the entry at position " + std::to_string(known.error().value) +
                    " is not one that this release can read, and so it is not known which faces "
                    "belong to the restored log; restore to the end");
}

}  // namespace

Manifest verify_backup(const std::string& folder, const BackupSeal& seal,
                       const std::function<void(Position)>& progress) {
  const Disk& disk = real_disk();
  Manifest manifest = read_manifest(disk, folder, seal);
  Digest chain;
  for (const LogPart& part : manifest.parts) {
    const std::string path = folder + "/" + part.file.name;
    const auto file = open_whole(disk, path, part.file);
    PartReader(path, *file).read(part, chain, [&](const FrameHeader& header, const auto&) {
      if (progress) progress(header.first);
      return true;
    });
    if (!is_whole(*file, part.file)) refuse(path, "it is not the file that the manifest names");
  }
  if (chain != manifest.chain) refuse(folder, "its entries are not those of the manifest's chain");
  for (const BackupFile& about : manifest.vault) {
    const std::string path = folder + "/" + about.name;
    if (!is_whole(*open_whole(disk, path, about), about))
      refuse(path, "it is not the file that the manifest names");
  }
  return manifest;
}

RestoreDone restore_backup(const std::string& folder, const std::string& data, const Kek& kek,
                           const Until& until, const std::function<void(Position)>& progress) {
  Disk& disk = real_disk();
  if (disk.exists(data) && !disk.list(data).empty())
    throw BackupFault(data +
                      ": is not empty; restore into a new folder, and change the setting "
                      "data_directory or rename the folders");
  const Manifest manifest = verify_backup(folder, BackupSeal(kek));
  if (until.position && manifest.last < *until.position)
    throw BackupFault(folder + ": ends at position " + std::to_string(manifest.last.value) +
                      ", before the position that is wanted");
  if (manifest.vault.size() != 2)
    throw BackupFault(folder + ": its first run was not completed: it holds nothing yet");
  const std::string making = data + ".restoring";
  if (disk.exists(making))
    throw BackupFault(making + ": is left of a restore that was cut off; remove it");
  RestoreDone done;
  std::optional<KnownSecrets> known;
  {
    disk.make_folders(making);
    Refilling log(making + "/log", until);
    restore_log(disk, folder, manifest, log, progress);
    done.last = log.head().last;
    done.chain = log.head().chain;
    known = known_to(log, manifest.last);
  }
  done.vault =
      restore_vault(disk, folder, manifest, making + "/vault", kek, known ? &*known : nullptr);
  disk.sync_folder(making);
  disk.rename(making, data);
  const auto parent = std::filesystem::absolute(data).parent_path();
  disk.sync_folder(parent.string());
  return done;
}

}  // namespace obverse
