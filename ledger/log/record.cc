#include "ledger/log/record.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::string_view frame_magic{"obvframe", 8};
constexpr std::size_t checked_from = 12;  // the header's checksum covers the bytes after itself

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t rest = i;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1U) != 0 ? 0x82F63B78U : 0U);
    table[i] = rest;
  }
  return table;
}();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::string_view bytes) {
  std::uint64_t crc = 0xFFFFFFFFU;
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    crc = __builtin_ia32_crc32di(crc, word);
    bytes.remove_prefix(8);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (const char byte : bytes)
    narrow = __builtin_ia32_crc32qi(narrow, static_cast<unsigned char>(byte));
  return ~narrow;
}
#endif

void store_u32(char* at, std::uint32_t number) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>(number >> (8 * i));
}

template <class Number>
Number take(std::string_view& in) {
  assert(in.size() >= sizeof(Number));
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number |=
        static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(in[i])) << (8 * i));
  in.remove_prefix(sizeof(Number));
  return number;
}

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out.push_back(static_cast<char>(number >> (8 * i)));
}

std::string encode_header(const FrameHeader& header) {
  std::string out(frame_magic);
  put_u32(out, 0);
  put_u32(out, static_cast<std::uint32_t>(header.kind));
  put_u64(out, header.epoch);
  put_u64(out, header.first.value);
  put_u32(out, header.count);
  put_u32(out, header.body_crc);
  put_u64(out, header.body_bytes);
  put_u64(out, header.keys_before);
  put_digest(out, header.before);
  put_digest(out, header.after);
  assert(out.size() == frame_header_bytes);
  store_u32(out.data() + frame_magic.size(), crc32c(std::string_view(out).substr(checked_from)));
  return out;
}

}  // namespace

Digest chain_after(const Digest& before, Position position, std::string_view payload) {
  thread_local Sha256 hash;
  std::array<std::byte, 40> prefix{};
  std::memcpy(prefix.data(), before.bytes.data(), 32);
  for (std::size_t i = 0; i < 8; ++i)
    prefix[32 + i] = static_cast<std::byte>(position.value >> (8 * i));
  return hash.add(prefix).add(payload).finish();
}

void advance(Head& head, std::span<const NewEntry> batch, std::vector<Digest>* chains) {
  if (chains != nullptr) chains->clear();
  for (const NewEntry& entry : batch) {
    ++head.last.value;
    head.chain = chain_after(head.chain, head.last, entry.payload);
    if (chains != nullptr) chains->push_back(head.chain);
  }
}

std::uint32_t crc32c_portable(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ crc_table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU];
  return ~crc;
}

std::uint32_t crc32c(std::string_view bytes) {
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("sse4.2") != 0;
  if (fast) return crc32c_sse42(bytes);
#endif
  return crc32c_portable(bytes);
}

std::uint64_t frame_bytes(std::uint64_t body) {
  const std::uint64_t bare = frame_header_bytes + body;
  return (bare + frame_page_bytes - 1) / frame_page_bytes * frame_page_bytes;
}

std::uint64_t body_bytes(std::span<const NewEntry> batch) {
  std::uint64_t bytes = 0;
  for (const NewEntry& entry : batch) bytes += 5 + (entry.key ? 32U : 0U) + entry.payload.size();
  return bytes;
}

void encode_frame(FrameHeader& header, std::span<const NewEntry> batch, std::string& out) {
  header.count = static_cast<std::uint32_t>(batch.size());
  header.body_bytes = body_bytes(batch);
  out.clear();
  out.reserve(frame_bytes(header.body_bytes));
  out.resize(frame_header_bytes);
  for (const NewEntry& entry : batch) {
    put_u32(out, static_cast<std::uint32_t>(entry.payload.size()));
    out.push_back(entry.key ? '\1' : '\0');
    if (entry.key) put_digest(out, *entry.key);
    out.append(entry.payload);
  }
  assert(out.size() == frame_header_bytes + header.body_bytes);
  header.body_crc = crc32c(std::string_view(out).substr(frame_header_bytes));
  const std::string head = encode_header(header);
  std::memcpy(out.data(), head.data(), head.size());
  out.resize(frame_bytes(header.body_bytes));
}

FrameHeader segment_header(const FrameHeader& next) {
  FrameHeader header = next;
  header.kind = FrameKind::segment;
  header.after = next.before;
  return header;
}

std::uint64_t keys_in(std::span<const NewEntry> batch) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(batch, [](const NewEntry& entry) { return entry.key.has_value(); }));
}

std::optional<FrameHeader> decode_frame_header(std::string_view bytes) {
  if (bytes.size() < frame_header_bytes) return std::nullopt;
  if (bytes.substr(0, frame_magic.size()) != frame_magic) return std::nullopt;
  const std::string_view checked = bytes.substr(checked_from, frame_header_bytes - checked_from);
  bytes.remove_prefix(frame_magic.size());
  if (take_u32(bytes) != crc32c(checked)) return std::nullopt;
  FrameHeader header;
  const std::uint32_t kind = take_u32(bytes);
  if (kind < 1 || kind > 4) return std::nullopt;
  header.kind = static_cast<FrameKind>(kind);
  header.epoch = take_u64(bytes);
  header.first.value = take_u64(bytes);
  header.count = take_u32(bytes);
  header.body_crc = take_u32(bytes);
  header.body_bytes = take_u64(bytes);
  header.keys_before = take_u64(bytes);
  header.before = take_digest(bytes);
  header.after = take_digest(bytes);
  return header;
}

std::optional<std::vector<FramedEntry>> decode_frame_body(const FrameHeader& header,
                                                          std::string_view body) {
  assert(body.size() == header.body_bytes);
  if (crc32c(body) != header.body_crc) return std::nullopt;
  std::vector<FramedEntry> entries;
  while (!body.empty()) {
    if (body.size() < 5) return std::nullopt;
    const std::uint32_t payload_bytes = take_u32(body);
    const bool has_key = body.front() == '\1';
    if (!has_key && body.front() != '\0') return std::nullopt;  // an entry has one spelling
    body.remove_prefix(1);
    if (body.size() < std::uint64_t{payload_bytes} + (has_key ? 32U : 0U)) return std::nullopt;
    FramedEntry entry;
    if (has_key) entry.key = take_digest(body);
    entry.payload = body.substr(0, payload_bytes);
    body.remove_prefix(payload_bytes);
    entries.push_back(entry);
  }
  if (entries.size() != header.count) return std::nullopt;
  return entries;
}

void put_u32(std::string& out, std::uint32_t number) { put(out, number); }
void put_u64(std::string& out, std::uint64_t number) { put(out, number); }
void put_digest(std::string& out, const Digest& digest) {
  out.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
}
std::uint32_t take_u32(std::string_view& in) { return take<std::uint32_t>(in); }
std::uint64_t take_u64(std::string_view& in) { return take<std::uint64_t>(in); }
Digest take_digest(std::string_view& in) {
  Digest digest;
  assert(in.size() >= digest.bytes.size());
  std::memcpy(digest.bytes.data(), in.data(), digest.bytes.size());
  in.remove_prefix(digest.bytes.size());
  return digest;
}

}  // namespace obverse
