#include "ledger/log/snapshots.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "ledger/log/record.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::string_view magic = "obvsnap1";
constexpr std::string_view suffix = ".snapshot";
constexpr const char* unfinished = "unfinished";  // one name: what a crash leaves is overwritten
constexpr std::size_t digits = 20;
constexpr std::size_t fixed_bytes = 8 + 32 + 8 + 32 + 8 + 8;
constexpr std::size_t kept = 2;
constexpr std::size_t synced_at_once = 4U << 20U;

std::string name_of(Position at) {
  const std::string plain = std::to_string(at.value);
  return std::string(digits - plain.size(), '0').append(plain).append(suffix);
}

std::vector<std::string> names_newest_first(const Disk& disk, const std::string& folder) {
  std::vector<std::string> names;
  for (std::string& name : disk.list(folder))
    if (name.size() == digits + suffix.size() && name.ends_with(suffix))
      names.push_back(std::move(name));
  std::ranges::sort(names, std::greater{});
  return names;
}

// All that stands before the state.
std::string encode_front(const Snapshot& snapshot) {
  std::string checked;
  put_u64(checked, snapshot.at.value);
  put_digest(checked, snapshot.chain);
  put_u64(checked, snapshot.stamp.size());
  put_u64(checked, snapshot.state.size());
  checked += snapshot.stamp;
  std::string out(magic);
  put_digest(out, Sha256().add(std::string_view(checked)).add(snapshot.state).finish());
  return out += checked;
}

// Nothing if it went away: a newer one was kept meanwhile.
std::optional<std::string> read_if_there(const Disk& disk, const std::string& path) {
  try {
    return read_whole(disk, path);
  } catch (const DiskFault& fault) {
    if (fault.code == ENOENT) return std::nullopt;
    throw;
  }
}

}  // namespace

std::string encode_snapshot(const Snapshot& snapshot) {
  return encode_front(snapshot) + snapshot.state;
}

std::optional<Snapshot> decode_snapshot(std::string_view bytes) {
  if (bytes.size() < fixed_bytes || !bytes.starts_with(magic)) return std::nullopt;
  bytes.remove_prefix(magic.size());
  const Digest checksum = take_digest(bytes);
  if (sha256(bytes) != checksum) return std::nullopt;
  Snapshot snapshot;
  snapshot.at.value = take_u64(bytes);
  snapshot.chain = take_digest(bytes);
  const std::uint64_t stamp_bytes = take_u64(bytes);
  const std::uint64_t state_bytes = take_u64(bytes);
  if (stamp_bytes > bytes.size() || state_bytes != bytes.size() - stamp_bytes) return std::nullopt;
  snapshot.stamp = bytes.substr(0, stamp_bytes);
  snapshot.state = bytes.substr(stamp_bytes);
  return snapshot;
}

Position newest_snapshot_place(const Disk& disk, const std::string& folder) {
  Position place;
  const std::vector<std::string> names = names_newest_first(disk, folder);
  if (names.empty()) return place;
  const char* const name = names.front().data();
  const auto [end, error] = std::from_chars(name, name + digits, place.value);
  return error == std::errc{} && end == name + digits ? place : Position{};
}

FoundSnapshots find_snapshots(const Disk& disk, const std::string& folder) {
  FoundSnapshots found;
  for (const std::string& name : names_newest_first(disk, folder)) {
    const std::string path = folder + "/" + name;
    const auto bytes = read_if_there(disk, path);
    if (!bytes) continue;
    auto snapshot = decode_snapshot(*bytes);
    if (snapshot && name_of(snapshot->at) == name) {
      found.good.push_back(std::move(*snapshot));
    } else {
      found.words.push_back(path +
                            " is damaged and was left out; the state is made again from the log");
    }
  }
  return found;
}

// A little at a time: an append that is synced meanwhile waits for what is in front of it.
void store_snapshot(Disk& disk, const std::string& folder, const Snapshot& snapshot) {
  const std::string beside = folder + "/" + unfinished;
  const std::string front = encode_front(snapshot);
  const std::string_view state = snapshot.state;
  {
    const auto file = disk.create(beside);
    file->write(0, front);
    for (std::size_t at = 0; at < state.size(); at += synced_at_once) {
      if (at > 0) file->sync();
      file->write(front.size() + at, state.substr(at, synced_at_once));
    }
    file->sync();
  }
  disk.rename(beside, folder + "/" + name_of(snapshot.at));
  disk.sync_folder(folder);
  std::vector<std::string> names = names_newest_first(disk, folder);
  for (std::size_t i = kept; i < names.size(); ++i) disk.remove(folder + "/" + names[i]);
}

}  // namespace obverse
