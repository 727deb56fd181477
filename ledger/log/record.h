// What a record of the log is made of: the chain over entries, the checksum, and the frame that the
// tail keeps. Pure: bytes in, bytes out. The grammar of the frame is at the top of tail.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"

namespace obverse {

// chain_n, from chain_{n-1}, n and the payload of entry n.
Digest chain_after(const Digest& before, Position position, std::string_view payload);

// The head after these entries, and, if wanted, the chain after each of them, in place of what
// `chains` had.
void advance(Head& head, std::span<const NewEntry> batch, std::vector<Digest>* chains);

// CRC-32C (Castagnoli, RFC 3720 B.4), reflected, initial and final value all ones:
// crc32c("123456789") = 0xE3069283.
std::uint32_t crc32c(std::string_view bytes);
std::uint32_t crc32c_portable(
    std::string_view bytes);  // the reference that the fast one must equal

enum class FrameKind : std::uint32_t {
  entries = 1,  // one committed batch
  epoch = 2,    // an acquire; no entries
  closed = 3,   // the log was closed in good order; no entries
  segment = 4,  // the first frame of every segment; no entries
};

struct FrameHeader {
  FrameKind kind = FrameKind::entries;
  std::uint64_t epoch = 0;
  Position first;  // of the first entry; of the entry that would come next where there are none
  std::uint32_t count = 0;
  std::uint64_t body_bytes = 0;
  std::uint32_t body_crc = 0;
  std::uint64_t keys_before = 0;  // how many of the entries before the first have a key
  Digest before;                  // the chain before the first entry
  Digest after;                   // the chain after the last
  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

// An entry inside a frame's body, which must outlive it.
struct FramedEntry {
  std::string_view payload;
  std::optional<Digest> key;
};

constexpr std::size_t frame_header_bytes = 120;
constexpr std::size_t frame_page_bytes =
    4096;  // frames begin at a multiple of it and are padded with zeros to one

// Bytes of the frame on disk, padding included.
std::uint64_t frame_bytes(std::uint64_t body_bytes);
std::uint64_t body_bytes(std::span<const NewEntry> batch);

// The whole padded frame into `out`, whose old content is lost. Counts and checksums in `header`
// are filled in.
void encode_frame(FrameHeader& header, std::span<const NewEntry> batch, std::string& out);

// The frame that opens a segment whose first other frame is `next`.
FrameHeader segment_header(const FrameHeader& next);

// How many of them have a key.
std::uint64_t keys_in(std::span<const NewEntry> batch);

// Nothing if these are not the bytes of a header: wrong magic, wrong checksum, too few.
std::optional<FrameHeader> decode_frame_header(std::string_view bytes);

// Nothing if the body is not the one that the header was written for. `body` has exactly
// header.body_bytes.
std::optional<std::vector<FramedEntry>> decode_frame_body(const FrameHeader& header,
                                                          std::string_view body);

// Little-endian numbers at the end of `out`, and from the front of `in` (which must be long
// enough).
void put_u32(std::string& out, std::uint32_t number);
void put_u64(std::string& out, std::uint64_t number);
void put_digest(std::string& out, const Digest& digest);
std::uint32_t take_u32(std::string_view& in);
std::uint64_t take_u64(std::string_view& in);
Digest take_digest(std::string_view& in);

}  // namespace obverse
