#include "tests/promises/flip/damage.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <random>

#include "ledger/log/record.h"
#include "ledger/log/segment.h"
#include "ledger/vault/sha256.h"

namespace obverse::flip {
namespace {

constexpr std::uint64_t zeros_step = 512;
constexpr std::uint64_t own_step = 16;
constexpr std::uint64_t slot_bytes = 128;  // of the vault's keys

std::uint64_t first_u64(const std::string& text) {
  const Digest digest = sha256(text);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.bytes.data(), sizeof number);
  return number;
}

bool is_reserved_ahead(Part part) {
  return part == Part::tail || part == Part::keys || part == Part::records;
}

// Bytes that stand in a page of zeros only, in files that are reserved ahead, were never written.
std::vector<bool> written(Part part, const std::string& bytes) {
  std::vector<bool> out(bytes.size(), true);
  if (!is_reserved_ahead(part)) return out;
  constexpr std::uint64_t unit = slot_bytes;
  for (std::uint64_t at = 0; at < bytes.size(); at += unit) {
    const auto end = bytes.begin() +
                     static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(at + unit, bytes.size()));
    const bool zero = std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(at), end,
                                  [](char byte) { return byte == '\0'; });
    if (zero)
      for (std::uint64_t i = at; i < std::min<std::uint64_t>(at + unit, bytes.size()); ++i)
        out[i] = false;
  }
  return out;
}

class Lister {
 public:
  Lister(const Times& times, std::uint64_t seed, std::uint64_t step)
      : times_(times), seed_(seed), step_(step) {}

  std::vector<Case> run() {
    for (const auto& [path, bytes] : times_.last) {
      random_.seed(seed_ ^ first_u64(path));  // some files have another length each time
      bytes_of(path, bytes);
      pages_of(path, bytes);
      swaps_of(path, bytes);
    }
    both_copies();
    single_files();
    sets();
    return std::move(cases_);
  }

 private:
  bool one_in(std::uint64_t count) { return count <= 1 || random_() % count == 0; }

  void bytes_of(const std::string& path, const std::string& bytes) {
    const std::vector<bool> used = written(part_of(path), bytes);
    for (std::uint64_t at = 0; at < bytes.size(); ++at) {
      std::uint64_t step = used[at] ? step_ : step_ * zeros_step;
      if (part_of(path) == Part::own) step *= own_step;
      if (one_in(step)) cases_.push_back({Blow::flipped, path, at, random_() % 8});
      if (one_in(step * 4)) cases_.push_back({Blow::cut, path, at});
    }
  }

  void pages_of(const std::string& path, const std::string& bytes) {
    for (std::uint64_t at = 0; at < bytes.size(); at += page_bytes) {
      const std::string_view here = std::string_view(bytes).substr(at, page_bytes);
      const bool zero = here.find_first_not_of('\0') == std::string_view::npos;
      if (!zero && one_in(step_ / 32)) cases_.push_back({Blow::page_zeroed, path, at});
      if (at + page_bytes < bytes.size() &&
          here != std::string_view(bytes).substr(at + page_bytes, page_bytes) && one_in(step_ / 32))
        cases_.push_back({Blow::page_doubled, path, at});
    }
  }

  // Records of equal length: frames of the tail, slots of the keys; elsewhere any two stretches.
  void swaps_of(const std::string& path, const std::string& bytes) {
    const Part part = part_of(path);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> records;  // where, how long
    if (part == Part::tail) {
      for (const Piece& piece : scan_segment(bytes))
        records.emplace_back(piece.offset, piece.bytes);
    } else {
      const std::uint64_t length = part == Part::keys ? slot_bytes : 64;
      const std::vector<bool> used = written(part, bytes);
      for (std::uint64_t at = 0; at + length <= bytes.size(); at += length)
        if (used[at]) records.emplace_back(at, length);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (!one_in(step_ / 8 * (part == Part::own ? own_step : 1))) continue;
      const std::size_t j = random_() % records.size();
      const auto [at, length] = records[i];
      if (records[j].second != length ||
          bytes.compare(at, length, bytes, records[j].first, length) == 0)
        continue;
      cases_.push_back({Blow::swapped, path, at, records[j].first, length});
    }
  }

  // A bit of the entry itself, of which neither copy's checksum holds then.
  void both_copies() {
    random_.seed(seed_);
    std::uint64_t position = 0;
    for (const Entry& entry : entries_of(times_.last)) {
      ++position;
      if (!one_in(step_ / 32)) continue;
      const std::uint64_t middle = entry.payload.size() / 2;
      for (const auto& [path, bytes] : times_.last) {
        if (part_of(path) != Part::write_ahead && part_of(path) != Part::table) continue;
        const std::size_t at = bytes.find(entry.payload);
        if (at == std::string::npos) continue;  // not here, or over the border of a block
        cases_.push_back({.blow = Blow::both,
                          .path = entry.path,
                          .at = entry.at + middle,
                          .other = random_() % 8,
                          .path_too = path,
                          .at_too = at + middle,
                          .position = position});
      }
    }
  }

  void single_files() {
    for (const auto& [name, image] :
         {std::pair<const char*, const Image&>{"second", times_.second}, {"first", times_.first}})
      for (const auto& [path, bytes] : image)
        if (times_.last.contains(path) && times_.last.at(path) != bytes)
          cases_.push_back({Blow::older, path, 0, 0, 0, {path}, name});
  }

  void sets() {
    const std::vector<std::pair<const char*, std::vector<std::string>>> all{
        {"RocksDB", {"log/rocks/"}},
        {"the tail", {"log/tail/"}},
        {"the snapshots", {"log/snapshots/"}},
        {"both copies of the log", {"log/rocks/", "log/tail/"}},
        {"the log", {"log/"}},
        {"the keys", {"vault/keys."}},
        {"the records", {"vault/records."}},
        {"the vault", {"vault/"}},
        {"everything", {"log/", "vault/"}}};
    for (const char* from : {"second", "first"})
      for (const auto& [name, set] : all) cases_.push_back({Blow::older, name, 0, 0, 0, set, from});
  }

  const Times& times_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint64_t step_;
  std::vector<Case> cases_;
};

bool is_in(const std::string& path, const std::vector<std::string>& set) {
  return std::ranges::any_of(set, [&](const auto& one) { return path.starts_with(one); });
}

void put_back(const Case& one, const Times& times, const std::filesystem::path& data) {
  const Image& from = one.from == "first" ? times.first : times.second;
  for (const auto& [path, bytes] : times.last)
    if (is_in(path, one.set)) std::filesystem::remove(data / path);
  for (const auto& [path, bytes] : from)
    if (is_in(path, one.set)) std::ofstream(data / path, std::ios::binary) << bytes;
}

}  // namespace

const char* name_of(Blow blow) {
  return std::array{
      "a bit flipped", "cut short",     "a page zeroed",        "a page doubled",
      "two swapped",   "an older copy", "a bit flipped in both"}[static_cast<std::size_t>(blow)];
}

const char* name_of(Part part) {
  return std::array{"write-ahead log",      "table",    "MANIFEST",     "CURRENT",
                    "RocksDB's own, locks", "tail",     "snapshot",     "vault keys",
                    "vault records",        "settings", "sets of files"}[static_cast<std::size_t>(
      part)];
}

Part part_of(const std::string& path) {
  if (path.starts_with("settings/")) return Part::settings;
  if (path.starts_with("vault/keys")) return Part::keys;
  if (path.starts_with("vault/records")) return Part::records;
  if (path.ends_with(".log")) return Part::write_ahead;
  if (path.ends_with(".sst")) return Part::table;
  if (path.find("MANIFEST") != std::string::npos) return Part::manifest;
  if (path.ends_with("CURRENT")) return Part::current;
  if (path.ends_with(".tail")) return Part::tail;
  if (path.ends_with(".snapshot")) return Part::snapshot;
  if (path.find('/') == std::string::npos) return Part::set;
  return Part::own;
}

std::string words_of(const Case& one) {
  std::string words = one.path + ": " + name_of(one.blow);
  if (one.blow == Blow::older) return words + " of the " + one.from + " time";
  words += one.blow == Blow::cut ? " to " : " at byte ";
  words += std::to_string(one.at);
  if (one.blow == Blow::both)
    words += " and " + one.path_too + " at byte " + std::to_string(one.at_too);
  if (one.blow == Blow::flipped || one.blow == Blow::both)
    words += ", bit " + std::to_string(one.other);
  if (one.blow == Blow::swapped) words += " and " + std::to_string(one.other);
  return words;
}

std::vector<Entry> entries_of(const Image& image) {
  std::vector<Entry> entries;
  for (const auto& [path, bytes] : image) {  // segments come in their order
    if (part_of(path) != Part::tail) continue;
    for (const Piece& piece : scan_segment(bytes)) {
      const auto framed = decode_frame_body(*piece.header, body_of(piece, bytes));
      for (const FramedEntry& entry : *framed)
        entries.push_back({std::string(entry.payload), path,
                           static_cast<std::uint64_t>(entry.payload.data() - bytes.data())});
    }
  }
  return entries;
}

bool met_nothing(const Case& one, const Image& image) {
  const auto file = image.find(one.path);
  if (file == image.end()) return false;
  const auto& [path, bytes] = *file;
  const Part part = part_of(path);
  if (one.blow == Blow::cut)  // what is missing of such a file is filled up with zeros again
    return is_reserved_ahead(part) && bytes.find_first_not_of('\0', one.at) == std::string::npos;
  if (one.blow != Blow::flipped) return false;
  const bool in_footer = part == Part::table && one.at + table_footer_bytes >= bytes.size();
  return in_footer || !written(part, bytes)[one.at];
}

std::vector<Case> cases_of(const Times& times, std::uint64_t seed, std::uint64_t step) {
  return Lister(times, seed, step).run();
}

void strike(const Case& one, const Times& times, const std::filesystem::path& data) {
  if (one.blow == Blow::older) return put_back(one, times, data);
  const std::string& bytes = times.last.at(one.path);
  if (one.blow == Blow::cut) return std::filesystem::resize_file(data / one.path, one.at);
  std::fstream file(data / one.path, std::ios::in | std::ios::out | std::ios::binary);
  const auto write = [&](std::uint64_t at, const std::string& what) {
    file.seekp(static_cast<std::streamoff>(at));
    file.write(what.data(), static_cast<std::streamsize>(what.size()));
  };
  switch (one.blow) {
    case Blow::both: {
      std::fstream too(data / one.path_too, std::ios::in | std::ios::out | std::ios::binary);
      too.seekp(static_cast<std::streamoff>(one.at_too));
      too.put(static_cast<char>(times.last.at(one.path_too)[one.at_too] ^ (1 << one.other)));
      [[fallthrough]];
    }
    case Blow::flipped:
      write(one.at, std::string(1, static_cast<char>(bytes[one.at] ^ (1 << one.other))));
      break;
    case Blow::page_zeroed:
      write(one.at, std::string(std::min<std::size_t>(page_bytes, bytes.size() - one.at), '\0'));
      break;
    case Blow::page_doubled:
      write(one.at + page_bytes,
            bytes.substr(one.at,
                         std::min<std::size_t>(page_bytes, bytes.size() - one.at - page_bytes)));
      break;
    case Blow::swapped:
      write(one.at, bytes.substr(one.other, one.bytes));
      write(one.other, bytes.substr(one.at, one.bytes));
      break;
    case Blow::cut:
    case Blow::older:
      break;
  }
}

}  // namespace obverse::flip
