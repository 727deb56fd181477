#include "ledger/log/rocks_journals.h"

#include <algorithm>
#include <utility>

#include "ledger/log/rocks_wal.h"

namespace obverse {
namespace {

constexpr std::uint64_t footer_bytes = 53;  // of a table

bool has(const std::string& words, const char* part) {
  return words.find(part) != std::string::npos;
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string at_byte(const Journal& journal) {
  return name_of(journal.path) + " at byte " + std::to_string(journal.end);
}

}  // namespace

RocksJournals::RocksJournals(const Disk& disk, std::string folder)
    : disk_(disk), folder_(std::move(folder)) {
  const std::vector<std::string> names = disk_.list(folder_);
  read_logs(names);
  read_manifest(names);
}

void RocksJournals::read_logs(const std::vector<std::string>& names) {
  std::vector<std::string> logs;
  for (const std::string& name : names)
    if (name.ends_with(".log")) logs.push_back(name);
  std::ranges::sort(logs, {}, [](const std::string& name) { return std::pair(name.size(), name); });
  std::uint64_t last = 0;
  for (const std::string& name : logs) {
    const std::string path = folder_ + "/" + name;
    const WalLook look = look_at_wal(read_whole(disk_, path));
    logs_.push_back({path, look.end, look.goes_on});
    if (!look.numbers || contradiction_) continue;
    if (look.numbers->first <= last)
      contradiction_ = {path, 0, "it begins before the write-ahead log before it ends"};
    else if (look.numbers->goes_back)
      contradiction_ = {path, *look.numbers->goes_back,
                        "a batch begins before the one before it ends"};
    last = look.numbers->last;
  }
}

void RocksJournals::read_manifest(const std::vector<std::string>& names) {
  const std::string current = folder_ + "/CURRENT";
  if (!disk_.exists(current)) return;
  const std::string words = read_whole(disk_, current);
  for (const std::string& name : names) {
    if (!name.starts_with("MANIFEST-") || words != name + "\n") continue;
    const WalLook look = look_at_wal(read_whole(disk_, folder_ + "/" + name));
    manifest_ = {folder_ + "/" + name, look.end, look.goes_on};
    return;
  }
  if (!contradiction_) contradiction_ = {current, 0, "it names no MANIFEST that is there"};
}

const Journal* RocksJournals::last_log() const {
  const auto wrong = std::ranges::find(logs_, true, &Journal::goes_on);
  if (wrong != logs_.end()) return &*wrong;
  return logs_.empty() ? nullptr : &logs_.back();
}

std::string RocksJournals::where_all_end() const {
  std::string words;
  for (const Journal& log : logs_) words += (words.empty() ? "" : ", ") + at_byte(log);
  if (manifest_) words += (words.empty() ? "" : ", ") + at_byte(*manifest_);
  return words;
}

StoreDamage RocksJournals::located(StoreDamage damage) const {
  if (damage.file.ends_with(".sst") && disk_.exists(damage.file)) {
    const std::uint64_t size = disk_.open_to_read(damage.file)->size();
    for (const char* of_footer :
         {"magic number", "checksum type", "format_version", "truncated block"})
      if (has(damage.why, of_footer)) damage.offset = size - std::min(size, footer_bytes);
    damage.offset = std::min(damage.offset, size);
    return damage;
  }
  const bool is_manifest = manifest_ && damage.file == manifest_->path;
  if (!is_manifest && damage.file != folder_) return damage;
  const Journal* const log = last_log();
  if (is_manifest || (manifest_ && manifest_->goes_on))
    return {manifest_->path, manifest_->end, damage.why};
  if (log != nullptr && log->goes_on) return {log->path, log->end, damage.why};
  const std::string ends = where_all_end();
  if (!ends.empty()) damage.why += " (its journals end: " + ends + ")";
  return damage;
}

}  // namespace obverse
