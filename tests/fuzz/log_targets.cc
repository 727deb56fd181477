// What the log reads back from a disk: frames, segments, snapshots, RocksDB's write-ahead log.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "ledger/log/record.h"
#include "ledger/log/rocks_wal.h"
#include "ledger/log/segment.h"
#include "ledger/log/snapshots.h"
#include "ledger/vault/sha256.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

constexpr std::size_t magic_bytes = 8;
constexpr std::size_t checked_from = magic_bytes + 4;

std::vector<NewEntry> entries_from(Tap& tap, std::size_t entries_max) {
  std::vector<NewEntry> batch(tap.pick(entries_max));
  for (NewEntry& entry : batch) {
    if (tap.pick(1) == 1) {
      entry.key.emplace();
      for (auto& each : entry.key->bytes) each = tap.byte();
    }
    entry.payload = tap.bytes(tap.pick(300));
  }
  return batch;
}

FrameHeader header_from(Tap& tap) {
  FrameHeader header;
  header.kind = static_cast<FrameKind>(1 + tap.pick(3));
  header.epoch = tap.pick(UINT64_MAX);
  header.first.value = tap.pick(UINT64_MAX);
  header.keys_before = tap.pick(UINT64_MAX);
  for (auto& each : header.before.bytes) each = tap.byte();
  for (auto& each : header.after.bytes) each = tap.byte();
  return header;
}

void store_u32(std::string& bytes, std::size_t at, std::uint32_t number) {
  std::string four;
  put_u32(four, number);
  bytes.replace(at, 4, four);
}

// The same with the magic and the checksum that belong to it.
std::string repaired_header(std::string bytes) {
  std::string model;
  FrameHeader any;
  encode_frame(any, {}, model);
  bytes.replace(0, magic_bytes, model.substr(0, magic_bytes));
  const std::string_view checked =
      std::string_view(bytes).substr(checked_from, frame_header_bytes - checked_from);
  store_u32(bytes, magic_bytes, crc32c(checked));
  return bytes;
}

std::optional<FrameHeader> decode_header(std::string_view bytes) {
  if (!is_broken_as("header-unchecked") || bytes.size() < frame_header_bytes)
    return decode_frame_header(bytes);
  return decode_frame_header(repaired_header(std::string(bytes)));
}

// A header that is accepted is refused with any one bit of it changed, and is what its fields say.
void frame_header(Input input) {
  const std::string_view raw = text_of(input);
  hold(!decode_header(raw) || raw.size() >= frame_header_bytes, "a header that is not there");
  if (raw.size() < frame_header_bytes + 2) return;
  const std::string good = repaired_header(std::string(raw.substr(0, frame_header_bytes)));
  const auto header = decode_header(good);
  std::uint32_t kind = 0;
  std::memcpy(&kind, good.data() + checked_from, sizeof kind);
  hold(header.has_value() == (kind >= 1 && kind <= 4), "a good header is one of a known kind");
  const std::size_t bit =
      (input[frame_header_bytes] + 256U * input[frame_header_bytes + 1]) % (8 * frame_header_bytes);
  std::string bad = good;
  bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
  hold(!decode_header(bad), "a header with one bit changed is refused");
}

std::vector<std::string> frame_header_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const std::string from = noise(seed, 200);
    Tap tap(input_of(from));
    FrameHeader header = header_from(tap);
    std::string bytes;
    encode_frame(header, {}, bytes);
    out.push_back(bytes.substr(0, frame_header_bytes) + noise(seed + 9, 2));
  }
  return out;
}

// What is written is read, and what is read would be written so.
void frame_body(Input input) {
  Tap tap(input);
  const bool raw = tap.pick(1) == 1;
  FrameHeader header = header_from(tap);
  if (raw) {
    header.count = static_cast<std::uint32_t>(tap.pick(3));
    const std::string body = tap.rest();
    header.body_bytes = body.size();
    header.body_crc = crc32c(body);
    const auto entries = decode_frame_body(header, body);
    if (!entries) return;
    std::vector<NewEntry> batch;
    for (const auto& each : *entries) batch.push_back({std::string(each.payload), each.key});
    std::string again;
    FrameHeader same = header;
    encode_frame(same, batch, again);
    hold(same == header, "a body that is read has its header");
    hold(again.compare(frame_header_bytes, body.size(), body) == 0, "a body has one spelling");
    return;
  }
  const auto batch = entries_from(tap, 8);
  std::string frame;
  encode_frame(header, batch, frame);
  hold(frame.size() == frame_bytes(header.body_bytes), "a frame is as long as it says");
  hold(crc32c(frame) == crc32c_portable(frame), "both checksums are one");
  hold(decode_header(frame) == header, "the header comes back");
  std::string_view body(frame);
  body = body.substr(frame_header_bytes, header.body_bytes);
  if (is_broken_as("body-loses-key") && !body.empty()) body.remove_suffix(1);
  auto shown = header;
  if (body.size() != header.body_bytes) {
    shown.body_bytes = body.size();
    shown.body_crc = crc32c(body);
  }
  const auto entries = decode_frame_body(shown, body);
  hold(entries && entries->size() == batch.size(), "every entry comes back");
  const auto keys =
      std::ranges::count_if(*entries, [](const auto& e) { return e.key.has_value(); });
  hold(keys_in(batch) == static_cast<std::uint64_t>(keys), "and every key");
  const FrameHeader opening = segment_header(header);
  hold(opening.after == header.before && opening.first == header.first, "what opens moves nothing");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    hold((*entries)[i].payload == batch[i].payload && (*entries)[i].key == batch[i].key,
         "an entry comes back as it was");
  }
}

std::vector<std::string> frame_body_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 6; ++seed) out.push_back(noise(seed, 400 + 200 * seed));
  std::string batch;
  put_u32(batch, 3);
  batch.append(1, '\0').append("abc");
  std::string raw = "\1" + noise(3, 89) + "\1" + batch;
  out.push_back(raw);
  return out;
}

// A segment's bytes as an input asks for them, and where its good frames are.
struct Made {
  std::string bytes;
  std::vector<std::uint64_t> good;
};

Made segment_from(Tap& tap) {
  Made made;
  while (!tap.empty() && made.bytes.size() < 64 * frame_page_bytes) {
    const auto what = tap.pick(5);
    if (what < 3) {
      FrameHeader header = header_from(tap);
      std::string frame;
      encode_frame(header, entries_from(tap, 3), frame);
      if (what == 2) {  // a bit of it is wrong, wherever it is
        const auto bit = tap.pick(8 * (frame_header_bytes + header.body_bytes) - 1);
        frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ (1 << (bit % 8)));
      } else {
        made.good.push_back(made.bytes.size());
      }
      made.bytes += frame;
    } else if (what == 3) {
      made.bytes.append(frame_page_bytes * tap.pick(2), '\0');
    } else {
      std::string page = tap.bytes(tap.pick(200));
      page.resize(frame_page_bytes);
      made.bytes += page;
    }
  }
  if (!tap.empty())
    made.bytes.resize(made.bytes.size() - std::min<std::size_t>(made.bytes.size(), tap.pick(5000)));
  return made;
}

// Pieces lie in order, inside the file, without a gap between them; every whole frame that nothing
// damaged before it is found where it was put.
void segment_scan(Input input) {
  Tap tap(input);
  const bool raw = tap.pick(3) == 0;
  const Made made = raw ? Made{tap.rest(), {}} : segment_from(tap);
  auto pieces = scan_segment(made.bytes);
  if (is_broken_as("scan-stops-early") && pieces.size() > 1) pieces.pop_back();
  std::uint64_t end = 0;
  for (const Piece& piece : pieces) {
    hold(piece.offset == end && piece.bytes > 0, "pieces follow each other");
    end = piece.offset + piece.bytes;
    hold(end <= made.bytes.size(), "a piece ends in the file");
    if (!piece.good) continue;
    hold(piece.header.has_value(), "a good piece has a header");
    hold(body_of(piece, made.bytes).size() == piece.header->body_bytes, "its body is in the file");
    decode_frame_body(*piece.header, body_of(piece, made.bytes));
  }
  const std::string_view after = std::string_view(made.bytes).substr(end);
  hold(after.find_first_not_of('\0') == std::string_view::npos, "after the last piece are zeros");
}

std::vector<std::string> segment_scan_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 8; ++seed) out.push_back(noise(seed + 40, 900));
  std::string frame;
  FrameHeader header;
  encode_frame(header, {}, frame);
  out.push_back(std::string(1, '\0').append(frame, 0, 200));
  return out;
}

constexpr std::size_t checksum_ends = 40;

std::string with_checksum(std::string_view snapshot) {
  std::string out(snapshot.substr(0, 8));
  put_digest(out, sha256(snapshot.substr(checksum_ends)));
  return out.append(snapshot.substr(checksum_ends));
}

std::optional<Snapshot> decode(std::string_view bytes) {
  if (!is_broken_as("snapshot-unchecked") || bytes.size() < checksum_ends)
    return decode_snapshot(bytes);
  return decode_snapshot(with_checksum(bytes));
}

// A snapshot comes back, and with a bit changed it is none.
void snapshot_file(Input input) {
  decode_snapshot(text_of(input));
  Tap tap(input);
  const Snapshot snapshot{
      {tap.pick(UINT64_MAX)}, sha256(tap.bytes(8)), tap.bytes(tap.pick(60)), tap.rest()};
  std::string bytes = encode_snapshot(snapshot);
  const auto back = decode_snapshot(bytes);
  hold(back == snapshot, "a snapshot comes back");
  const std::size_t bit = input.size() * 7919 % (8 * bytes.size());
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  hold(!decode(bytes), "with a bit changed it is none");
  // Lengths that lie, under a checksum that does not.
  std::string lie = encode_snapshot(snapshot);
  store_u32(lie, 80 + 4 * (input.size() % 4),
            static_cast<std::uint32_t>(input.size() * 2654435761U));
  const std::string lying = with_checksum(lie);
  const auto read = decode_snapshot(lying);
  hold(!read || encode_snapshot(*read) == lying, "a snapshot has one spelling");
}

std::vector<std::string> snapshot_file_seeds() {
  std::vector<std::string> out{encode_snapshot({{7}, {}, "rules 1", "state"})};
  for (std::uint64_t seed = 0; seed < 3; ++seed) out.push_back(noise(seed + 70, 60 * seed + 30));
  return out;
}

std::string wal_of(Tap& tap, std::vector<std::size_t>& starts) {
  constexpr std::size_t block = 32U << 10U;
  std::string wal;
  while (!tap.empty() && wal.size() < 3 * block) {
    std::string rest(1, static_cast<char>(1 + tap.pick(7)));
    if (rest[0] > 4) put_u32(rest, static_cast<std::uint32_t>(tap.pick(UINT32_MAX)));
    const std::string data = tap.bytes(tap.pick(9000));
    const std::size_t left = block - wal.size() % block;
    if (left < 6 + rest.size() + data.size()) {
      wal.append(left, '\0');
      continue;
    }
    const std::uint32_t crc = crc32c(rest + data);
    starts.push_back(wal.size());
    put_u32(wal, (crc >> 15U | crc << 17U) + 0xA282EAD8U);
    wal.push_back(static_cast<char>(data.size()));
    wal.push_back(static_cast<char>(data.size() >> 8U));
    wal += rest + data;
  }
  return wal;
}

// The first bad record of a log is where the first byte was changed, and a whole one has none.
void wal_records(Input input) {
  const auto found = first_bad_record(text_of(input));
  hold(!found || *found < input.size(), "a bad record lies in the file");
  Tap tap(input);
  const std::uint64_t at = tap.pick(UINT32_MAX);
  std::vector<std::size_t> starts;
  std::string wal = wal_of(tap, starts);
  hold(!first_bad_record(wal), "a whole log has no bad record");
  if (starts.empty()) return;
  const std::size_t which = at % starts.size();
  const std::size_t changed = starts[which] + at / starts.size() % 4;  // of its checksum
  wal[changed] = static_cast<char>(wal[changed] ^ 0x10);
  auto bad = first_bad_record(wal);
  if (is_broken_as("wal-next-record") && bad && which + 1 < starts.size()) bad = starts[which + 1];
  hold(bad == starts[which], "the record that was changed is the first bad one");
}

std::vector<std::string> wal_records_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const std::string from = noise(seed + 90, 3000);
    Tap tap(input_of(from));
    std::vector<std::size_t> starts;
    out.push_back(wal_of(tap, starts).substr(0, 6000));
    out.push_back(noise(seed + 95, 500));
  }
  return out;
}

// A log of batches with these numbers, each whole or in two parts, some after an empty one.
struct Batch {
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  std::size_t at = 0;
};

void put_part(std::string& wal, std::uint8_t type, std::string_view data) {
  std::string checked(1, static_cast<char>(type));
  checked += data;
  const std::uint32_t crc = crc32c(checked);
  put_u32(wal, (crc >> 15U | crc << 17U) + 0xA282EAD8U);
  wal.push_back(static_cast<char>(data.size()));
  wal.push_back(static_cast<char>(data.size() >> 8U));
  wal += checked;
}

std::vector<Batch> batches_from(Tap& tap, std::string& wal) {
  std::vector<Batch> batches;
  std::uint64_t next = 1 + tap.pick(UINT32_MAX);
  while (!tap.empty() && batches.size() < 64) {
    const std::uint64_t how = tap.pick(15);
    Batch batch{next, static_cast<std::uint32_t>(tap.pick(3)), wal.size()};
    if (how == 0) batch.first -= std::min<std::uint64_t>(next - 1, 1 + tap.pick(5));
    std::string data;
    put_u64(data, batch.first);
    put_u32(data, batch.count);
    data += tap.bytes(tap.pick(40));
    if (how % 2 == 0) {
      put_part(wal, 1, data);
    } else {
      put_part(wal, 2, std::string_view(data).substr(0, 12));
      put_part(wal, 4, std::string_view(data).substr(12));
    }
    if (batch.count == 0) continue;
    next = std::max(next, batch.first + batch.count);
    batches.push_back(batch);
  }
  return batches;
}

// The numbers of a log are those of its batches, and the first that goes back is named.
void wal_numbers(Input input) {
  numbers_of(text_of(input));
  Tap tap(input);
  std::string wal;
  const auto batches = batches_from(tap, wal);
  auto found = numbers_of(wal);
  if (is_broken_as("wal-never-back") && found) found->goes_back.reset();
  hold(found.has_value() == !batches.empty(), "a log of batches has numbers");
  if (!found) return;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> goes_back;
  for (const Batch& batch : batches) {
    if (batch.first <= last && !goes_back) goes_back = batch.at;
    last = std::max(last, batch.first + batch.count - 1);
  }
  hold(found->first == batches.front().first && found->last == last, "from the first to the last");
  hold(found->goes_back == goes_back, "and where they go back");
}

std::vector<std::string> wal_numbers_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 10; ++seed) out.push_back(noise(seed + 800, 20 + 60 * seed));
  return out;
}

// A folder in which one file's name is a segment's.
const std::string& folder_of_segments() {
  static const std::string made = [] {
    const std::string folder = (scratch() / "segments").string();
    real_disk().make_folders(folder);
    const auto file = real_disk().create(folder + "/" + segment_name(7));
    fill_with_zeros(*file, 0, frame_page_bytes);
    real_disk().create(folder + "/7.tail");
    return folder;
  }();
  return made;
}

// The defect "names-any-sign" reads what begins with a number.
std::optional<std::uint64_t> number_named(std::string_view name) {
  if (!is_broken_as("names-any-sign")) return segment_number(name);
  if (!name.ends_with(".tail")) return std::nullopt;
  return std::strtoull(std::string(name).c_str(), nullptr, 10);
}

// Names of segments go both ways, and nothing else is one.
void segment_names(Input input) {
  const std::string_view name = text_of(input);
  const auto numbers = segment_numbers(real_disk(), folder_of_segments());
  hold(numbers == std::vector<std::uint64_t>{7}, "a folder's segments are those with such a name");
  if (const auto number = number_named(name)) {
    hold(segment_name(*number) == name, "a name has one number");
  }
  Tap tap(input);
  const std::uint64_t number = tap.pick(999'999'999'999);
  const auto back = segment_number(segment_name(number));
  hold(back == number, "a number has one name");
}

std::vector<std::string> segment_names_seeds() {
  return {"000000000001.tail", "999999999999.tail", "00000000001.tail",   "+00000000001.tail",
          "-00000000001.tail", "000000000001.tai",  std::string(17, '\0')};
}

}  // namespace

std::vector<Target> log_targets() {
  return {
      {"frame_header",
       "a frame header is whole or refused",
       160,
       frame_header,
       frame_header_seeds,
       {"header-unchecked"}},
      {"frame_body",
       "entries come back, and have one spelling",
       4096,
       frame_body,
       frame_body_seeds,
       {"body-loses-key"}},
      {"segment_scan",
       "pieces lie in order and in the file",
       8192,
       segment_scan,
       segment_scan_seeds,
       {"scan-stops-early"}},
      {"snapshot_file",
       "a snapshot is whole or none",
       2048,
       snapshot_file,
       snapshot_file_seeds,
       {"snapshot-unchecked"}},
      {"wal_records",
       "the first bad record is named",
       40'000,
       wal_records,
       wal_records_seeds,
       {"wal-next-record"}},
      {"wal_numbers",
       "a log's numbers are its batches', and where they go back is named",
       4'096,
       wal_numbers,
       wal_numbers_seeds,
       {"wal-never-back"}},
      {"segment_names",
       "names go both ways",
       64,
       segment_names,
       segment_names_seeds,
       {"names-any-sign"}},
  };
}

}  // namespace obverse::fuzz
