// Sixteen bytes in a row hold eight that begin at a multiple of eight: so only those are looked up
// in what is searched, and all of them, at whatever offset, are kept of what is wanted. In a
// gallery everything is in quads, and two of them are looked up.
#include "tests/promises/erasure/search.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace obverse::promises {
namespace {

constexpr std::size_t block_bytes = std::size_t{4} << 20U;
constexpr std::size_t margin = 256;  // a hit may begin before a block and end after it
constexpr unsigned bloom_bits_min = 18;
constexpr std::size_t bloom_bits_an_entry = 16;

std::uint64_t bloom_place(std::uint64_t key, unsigned bits) {
  return (key * 0x9E3779B97F4A7C15U) >> (64 - bits);
}

std::uint64_t eight_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint64_t two_quads(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t stride) {
  std::uint32_t low = 0, high = 0;
  std::memcpy(&low, bytes.data() + at, sizeof low);
  std::memcpy(&high, bytes.data() + at + stride, sizeof high);
  return low | (std::uint64_t{high} << 32U);
}

// As much as can be read; pages that cannot are left out.
std::size_t read_some(int descriptor, std::uint64_t offset, std::span<std::uint8_t> bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n = pread(descriptor, bytes.data() + have, bytes.size() - have,
                            static_cast<off_t>(offset + have));
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  return have;
}

}  // namespace

std::uint64_t Found::people(const std::string& kind) const {
  const auto found = kinds.find(kind);
  return found == kinds.end() ? 0 : found->second.people.size();
}

std::string Found::in_words() const {
  std::ostringstream out;
  for (const auto& [kind, of] : kinds) {
    out << (out.tellp() > 0 ? "; " : "") << kind << " of " << of.people.size() << " people, "
        << of.hits << " times, first " << of.first;
  }
  return out.str();
}

void Search::add(Needle needle) {
  assert(needle.bytes.size() >= 16);
  const auto number = static_cast<std::uint32_t>(needles_.size());
  const std::size_t step = stride_ == 4 ? 1 : 4;
  for (std::size_t at = 0; at + 8 <= needle.bytes.size(); at += step)
    entries_.push_back({eight_at(needle.bytes, at), number, static_cast<std::uint32_t>(at)});
  needles_.push_back(std::move(needle));
}

void Search::ready() {
  bloom_bits_ = bloom_bits_min;
  std::ranges::sort(entries_);
  while (std::size_t{1} << bloom_bits_ < bloom_bits_an_entry * entries_.size()) ++bloom_bits_;
  bloom_.assign((std::size_t{1} << bloom_bits_) / 8, 0);
  for (const Entry& entry : entries_) {
    const std::uint64_t place = bloom_place(entry.key, bloom_bits_);
    bloom_[place / 8] = static_cast<std::uint8_t>(bloom_[place / 8] | (1U << (place % 8)));
  }
}

bool Search::matches(std::span<const std::uint8_t> bytes, std::size_t at,
                     const Entry& entry) const {
  const Raw& wanted = needles_[entry.needle].bytes;
  if (stride_ != 4) {
    if (entry.offset + 16 > wanted.size() || at + 3 * stride_ + 4 > bytes.size()) return false;
    for (std::size_t quad = 0; quad < 4; ++quad) {
      const std::uint8_t* const there = bytes.data() + at + quad * stride_;
      if (std::memcmp(there, wanted.data() + entry.offset + quad * 4, 4) != 0) return false;
    }
    return true;
  }
  std::size_t before = 0, after = 8;
  while (before < 8 && before < entry.offset && before < at &&
         bytes[at - before - 1] == wanted[entry.offset - before - 1])
    ++before;
  while (after < 16 && entry.offset + after < wanted.size() && at + after < bytes.size() &&
         bytes[at + after] == wanted[entry.offset + after])
    ++after;
  return before + after >= 16;
}

void Search::look_at(std::span<const std::uint8_t> bytes, std::size_t at, const std::string& where,
                     std::uint64_t base, Found& found) const {
  const std::uint64_t key = stride_ == 4 ? eight_at(bytes, at) : two_quads(bytes, at, stride_);
  if (key == 0) return;  // most of what is searched, and nothing of what is wanted
  const std::uint64_t place = bloom_place(key, bloom_bits_);
  if ((bloom_[place / 8] >> (place % 8) & 1U) == 0) return;
  auto entry = std::ranges::lower_bound(entries_, key, {}, &Entry::key);
  for (; entry != entries_.end() && entry->key == key; ++entry) {
    if (!matches(bytes, at, *entry)) continue;
    const Needle& needle = needles_[entry->needle];
    Found::Of& of = found.kinds[needle.kind];
    if (of.hits++ == 0) of.first = where + " at byte " + std::to_string(base + at);
    of.people.insert(needle.person);
  }
}

void Search::look(std::span<const std::uint8_t> bytes, std::size_t from, const std::string& where,
                  std::uint64_t base, Found& found) const {
  const std::size_t step = stride_ == 4 ? 8 : 4;
  for (std::size_t at = from; at + stride_ + 4 <= bytes.size() && at + 8 <= bytes.size();
       at += step)
    look_at(bytes, at, where, base, found);
}

Found Search::file(const std::filesystem::path& path) const {
  Found found;
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error(path.string() + " cannot be read");
  std::vector<std::uint8_t> bytes(block_bytes + 2 * margin);
  const std::uint64_t size = std::filesystem::file_size(path);
  for (std::uint64_t at = 0; at < size; at += block_bytes) {
    const std::uint64_t base = at < margin ? 0 : at - margin;
    const std::size_t have = read_some(descriptor, base, bytes);
    const std::size_t from = static_cast<std::size_t>(at - base);
    const std::size_t to = std::min(have, from + block_bytes + margin);
    found.bytes += std::min<std::uint64_t>(block_bytes, size - at);
    look(std::span(bytes).first(to), from, path.filename().string(), base, found);
  }
  close(descriptor);
  return found;
}

Found Search::memory(pid_t process) const {
  Found found;
  const std::string folder = "/proc/" + std::to_string(process);
  std::ifstream maps(folder + "/maps");
  const int descriptor = open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || !maps) throw std::runtime_error(folder + "/mem cannot be read");
  std::vector<std::uint8_t> bytes;
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0, end = 0;
    char dash = 0;
    std::string rights;
    std::istringstream words(line);
    words >> std::hex >> begin >> dash >> end >> rights;
    if (rights.empty() || rights[0] != 'r' || line.ends_with("[vvar]")) continue;
    const auto name = line.find_first_of("/[");
    const std::string where = name == std::string::npos ? "heap" : line.substr(name);
    for (std::uint64_t at = begin; at < end; at += block_bytes) {
      bytes.resize(
          static_cast<std::size_t>(std::min<std::uint64_t>(end - at, block_bytes + margin)));
      const std::size_t have = read_some(descriptor, at, bytes);
      found.bytes += std::min(have, block_bytes);
      look(std::span(bytes).first(have), 0, where, at, found);
    }
  }
  close(descriptor);
  return found;
}

}  // namespace obverse::promises
