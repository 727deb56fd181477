#include "ledger/log/snapshots.h"

#include <algorithm>

#include "ledger/log/record.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::string_view magic = "obvsnap1";
constexpr std::string_view suffix = ".snapshot";
constexpr std::size_t digits = 20;
constexpr std::size_t fixed_bytes = 8 + 32 + 8 + 32 + 8 + 8;
constexpr std::size_t kept = 2;

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

}  // namespace

std::string encode_snapshot(const Snapshot& snapshot) {
  std::string rest;
  rest.reserve(fixed_bytes + snapshot.stamp.size() + snapshot.state.size());
  put_u64(rest, snapshot.at.value);
  put_digest(rest, snapshot.chain);
  put_u64(rest, snapshot.stamp.size());
  put_u64(rest, snapshot.state.size());
  rest += snapshot.stamp;
  rest += snapshot.state;
  std::string out(magic);
  put_digest(out, sha256(rest));
  return out += rest;
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

FoundSnapshots find_snapshots(const Disk& disk, const std::string& folder) {
  FoundSnapshots found;
  for (const std::string& name : names_newest_first(disk, folder)) {
    const std::string path = folder + "/" + name;
    auto snapshot = decode_snapshot(read_whole(disk, path));
    if (snapshot && name_of(snapshot->at) == name) {
      found.good.push_back(std::move(*snapshot));
    } else {
      found.words.push_back(path +
                            " is damaged and was left out; the state is made again from the log");
    }
  }
  return found;
}

void store_snapshot(Disk& disk, const std::string& folder, const Snapshot& snapshot) {
  write_whole(disk, folder + "/" + name_of(snapshot.at), encode_snapshot(snapshot));
  std::vector<std::string> names = names_newest_first(disk, folder);
  for (std::size_t i = kept; i < names.size(); ++i) disk.remove(folder + "/" + names[i]);
}

}  // namespace obverse
