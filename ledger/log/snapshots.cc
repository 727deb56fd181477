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
std::unique_ptr<const DiskFile> open_if_there(const Disk& disk, const std::string& path) {
  try {
    return disk.open_to_read(path);
  } catch (const DiskFault& fault) {
    if (fault.code == ENOENT) return nullptr;
    throw;
  }
}

// All before the stamp, if the lengths in it are those of the whole.
struct Front {
  Snapshot snapshot;  // without stamp and state
  Digest checksum;
  std::string_view checked;  // of the bytes: what stands after the checksum
  std::uint64_t stamp_bytes = 0;
  std::uint64_t state_bytes = 0;
};
std::optional<Front> decode_front(std::string_view bytes, std::uint64_t whole) {
  if (bytes.size() < fixed_bytes || !bytes.starts_with(magic)) return std::nullopt;
  Front front;
  bytes.remove_prefix(magic.size());
  front.checksum = take_digest(bytes);
  front.checked = bytes.substr(0, fixed_bytes - magic.size() - front.checksum.bytes.size());
  front.snapshot.at.value = take_u64(bytes);
  front.snapshot.chain = take_digest(bytes);
  front.stamp_bytes = take_u64(bytes);
  front.state_bytes = take_u64(bytes);
  const std::uint64_t rest = whole - fixed_bytes;
  if (front.stamp_bytes > rest || front.state_bytes != rest - front.stamp_bytes)
    return std::nullopt;
  return front;
}

bool holds(const Front& front, std::string_view stamp, std::string_view state) {
  return Sha256().add(front.checked).add(stamp).add(state).finish() == front.checksum;
}

// A snapshot, or where it goes wrong: a checksum says that something is not as it was, not what.
struct ReadSnapshot {
  std::optional<Snapshot> snapshot;
  std::uint64_t bad_at = 0;
};

// As decode_snapshot, but the state, which may be most of a gigabyte, is read to where it stays.
ReadSnapshot read_snapshot(const DiskFile& file) {
  const std::string bytes = file.read(0, fixed_bytes);
  auto front = decode_front(bytes, std::max<std::uint64_t>(file.size(), fixed_bytes));
  if (!front) return {};
  Snapshot snapshot = std::move(front->snapshot);
  snapshot.stamp = file.read(fixed_bytes, front->stamp_bytes);
  snapshot.state = file.read(fixed_bytes + front->stamp_bytes, front->state_bytes);
  if (!holds(*front, snapshot.stamp, snapshot.state)) return {std::nullopt, magic.size()};
  return {std::move(snapshot), 0};
}

Position place_of(const std::string& name) {
  Position place;
  const auto [end, error] = std::from_chars(name.data(), name.data() + digits, place.value);
  return error == std::errc{} && end == name.data() + digits ? place : Position{};
}

}  // namespace

std::string encode_snapshot(const Snapshot& snapshot) {
  return encode_front(snapshot) + snapshot.state;
}

std::optional<Snapshot> decode_snapshot(std::string_view bytes) {
  auto front = decode_front(bytes, bytes.size());
  if (!front) return std::nullopt;
  const std::string_view stamp = bytes.substr(fixed_bytes, front->stamp_bytes);
  const std::string_view state = bytes.substr(fixed_bytes + stamp.size());
  if (!holds(*front, stamp, state)) return std::nullopt;
  Snapshot snapshot = std::move(front->snapshot);
  snapshot.stamp = stamp;
  snapshot.state = state;
  return snapshot;
}

Position newest_snapshot_place(const Disk& disk, const std::string& folder) {
  const std::vector<std::string> names = names_newest_first(disk, folder);
  return names.empty() ? Position{} : place_of(names.front());
}

FoundSnapshots find_snapshots(const Disk& disk, const std::string& folder) {
  FoundSnapshots found;
  for (const std::string& name : names_newest_first(disk, folder)) {
    const std::string path = folder + "/" + name;
    const auto file = open_if_there(disk, path);
    if (!file) continue;
    auto [snapshot, bad_at] = read_snapshot(*file);
    if (snapshot && name_of(snapshot->at) == name) {
      found.good.push_back(std::move(*snapshot));
    } else {
      found.words.push_back(
          path + " at byte " + std::to_string(bad_at) + ": damaged; the state at position " +
          std::to_string(place_of(name).value) + " was left out and is made again from the log");
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
