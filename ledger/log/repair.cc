#include "ledger/log/repair.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>
#include <vector>

#include "ledger/log/record.h"
#include "ledger/log/segment.h"
#include "ledger/log/tail_reader.h"

namespace obverse {
namespace {

constexpr std::size_t entries_at_once = 2048;
constexpr std::uint64_t bytes_at_once = 4U << 20U;

std::string free_name(const Disk& disk, const std::string& path, const std::string& folder) {
  const std::string name = path.substr(path.rfind('/') + 1);
  for (std::uint64_t n = 1;; ++n) {
    const std::string candidate = folder + "/" + std::to_string(n) + "-" + name;
    if (!disk.exists(candidate)) return candidate;
  }
}

// Entries of RocksDB in frames of a moderate size, each given to `use(header, batch)`. They were
// surveyed: they are there.
template <class Use>
void in_frames(const RocksStore& rocks, Position first, Position last, std::uint64_t epoch,
               std::uint64_t keys, Digest chain, Use use) {
  RocksStore::Cursor cursor(rocks);
  for (Position position = first; position <= last;) {
    FrameHeader header;
    header.epoch = epoch;
    header.keys_before = keys;
    header.first = position;
    header.before = chain;
    std::vector<NewEntry> batch;
    std::uint64_t bytes = 0;
    while (position <= last && batch.size() < entries_at_once && bytes < bytes_at_once) {
      std::optional<KeptEntry> kept = cursor.at(position).value();
      if (!kept) throw LogDamage("rocks", 0, position, "an entry that the survey met is gone");
      KeptEntry& entry = *kept;
      bytes += entry.payload.size();
      chain = entry.chain;
      batch.push_back({std::move(entry.payload), entry.key});
      ++position.value;
    }
    header.after = chain;
    keys += keys_in(batch);
    use(header, batch);
  }
}

// Gives the length of what it wrote.
std::uint64_t rewrite(Disk& disk, const std::string& path, const SegmentPlan& plan,
                      const RocksStore* rocks) {
  const std::string old = read_whole(disk, path);
  std::string bytes;
  std::string frame;
  const auto open = [&](const FrameHeader& next) {
    if (!bytes.empty() || next.kind == FrameKind::segment) return;
    FrameHeader opening = segment_header(next);
    encode_frame(opening, {}, frame);
    bytes += frame;
  };
  for (const SegmentPart& part : plan.parts) {
    if (part.first.value == 0) {
      const std::optional<FrameHeader>& header = part.piece.header;
      assert(header);  // only what is good is kept
      open(*header);
      bytes += old.substr(part.piece.offset, part.piece.bytes);
      continue;
    }
    assert(rocks != nullptr);
    in_frames(*rocks, part.first, part.last, part.epoch, part.keys_before, part.chain_before,
              [&](FrameHeader& header, std::span<const NewEntry> batch) {
                open(header);
                encode_frame(header, batch, frame);
                bytes += frame;
              });
  }
  const std::uint64_t used = bytes.size();
  bytes.resize(std::max<std::uint64_t>(plan.size, used));
  write_whole(disk, path, bytes);
  return used;
}

}  // namespace

std::string move_aside(Disk& disk, const std::string& path, const std::string& damaged_folder) {
  disk.make_folders(damaged_folder);
  std::string to = free_name(disk, path, damaged_folder);
  disk.rename(path, to);
  disk.sync_folder(damaged_folder);
  disk.sync_folder(path.substr(0, path.rfind('/')));
  return to;
}

std::string copy_aside(Disk& disk, const std::string& path, const std::string& damaged_folder) {
  disk.make_folders(damaged_folder);
  std::string to = free_name(disk, path, damaged_folder);
  write_whole(disk, to, read_whole(disk, path));
  return to;
}

TailEnd repair_segments(Disk& disk, const std::string& tail_folder,
                        const std::string& damaged_folder, const Survey& found,
                        const RocksStore* rocks) {
  TailEnd end{found.end_number, found.end_offset};
  for (const SegmentPlan& plan : found.segments) {
    const std::string path = tail_folder + "/" + segment_name(plan.number);
    const bool is_end = plan.number == found.end_number;
    if (plan.rewrite) {
      copy_aside(disk, path, damaged_folder);
      const std::uint64_t used = rewrite(disk, path, plan, rocks);
      if (is_end) end.offset = used;
    } else if (is_end && found.torn_bytes != 0) {
      const auto file = disk.open(path);
      fill_with_zeros(*file, found.end_offset, found.end_offset + found.torn_bytes);
    }
  }
  return end;
}

void extend_tail(Tail& tail, const Survey& found, const RocksStore& rocks) {
  in_frames(rocks, {found.tail_last.value + 1}, found.head.last, found.head.epoch, found.tail_keys,
            found.tail_chain, [&](FrameHeader& header, std::span<const NewEntry> batch) {
              if (!tail.make_room(body_bytes(batch), UINT64_MAX))
                throw DiskFault("no space to repair the tail", ENOSPC);
              tail.write(header, batch);
            });
}

void fill_store(RocksStore& rocks, const Disk& disk, const std::string& tail_folder, Position from,
                Position last) {
  const TailReader reader(disk, tail_folder);
  while (from <= last) {
    std::vector<KeptEntry> entries = reader.read(from, entries_at_once);
    std::vector<NewEntry> batch;
    std::vector<Digest> chains;
    for (KeptEntry& entry : entries) {
      assert(entry.position.value == from.value + batch.size());
      if (entry.position > last) break;
      batch.push_back({std::move(entry.payload), entry.key});
      chains.push_back(entry.chain);
    }
    assert(!batch.empty());
    if (const auto why = rocks.write(batch, from, chains))
      throw DiskFault("cannot repair RocksDB: " + *why, EIO);
    from.value += batch.size();
  }
}

}  // namespace obverse
