// records.a and records.b are rows of frames, little-endian, then zeros:
//   frame  = header:96 | sealed:length | 0 up to capacity        (a frame is a multiple of 64 bytes
//   and never changes size) header = magic:4 "OVR1" | kind:1 (0 free) | 0:3 | generation:8 |
//   rider:8 | version:4 | length:4 | capacity:4 | 0:12
//          | SHA-256 of sealed:32 | check:16 (SHA-256 of the frame's offset and the bytes above)
#include "ledger/vault/sealed_records.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "ledger/vault/fault.h"
#include "ledger/vault/sha256.h"

namespace obverse {

struct SealedRecords::Header {
  std::uint32_t magic = 0;
  std::uint8_t kind = 0;
  std::array<std::uint8_t, 3> zero{};
  std::uint64_t generation = 0;
  std::uint64_t rider = 0;
  std::uint32_t version = 0;
  std::uint32_t length = 0;
  std::uint32_t capacity = 0;
  std::array<std::uint8_t, 12> more_zero{};
  Digest digest;
  std::array<std::uint8_t, 16> check{};
};

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t header_bytes = 96;
constexpr std::size_t checked_bytes = header_bytes - 16;
constexpr std::size_t frame_multiple = 64;
constexpr std::uint64_t grow_bytes = std::uint64_t{1} << 20U;
constexpr std::uint32_t magic_number = 0x3152564F;
constexpr char way_out[] = "restore one of records.a and records.b from a backup";

std::array<std::uint8_t, 16> check_of(std::uint64_t offset, std::span<const std::byte> header) {
  Sha256 hasher;
  hasher.add(std::as_bytes(std::span(&offset, 1))).add(header.first(checked_bytes));
  std::array<std::uint8_t, 16> check;
  std::copy_n(hasher.finish().bytes.begin(), check.size(), check.begin());
  return check;
}

bool checks_out(std::uint64_t offset, std::span<const std::byte> header) {
  const auto check = check_of(offset, header);
  return std::memcmp(check.data(), header.data() + checked_bytes, check.size()) == 0;
}

std::uint32_t capacity_for(std::size_t length) {
  const std::size_t frame =
      (header_bytes + length + frame_multiple - 1) / frame_multiple * frame_multiple;
  return static_cast<std::uint32_t>(frame - header_bytes);
}

}  // namespace

// Written so, and of sizes that a frame can have: whoever can write the file can also compute its
// checks, and must get no memory by it.
bool SealedRecords::is_sound(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (!checks_out(offset, bytes)) return false;
  Header header;
  std::memcpy(&header, bytes.data(), header_bytes);
  return header.length <= header.capacity &&
         header.capacity <= capacity_for(sealed_record_bytes_max);
}

TwinFile::Judge SealedRecords::judge(std::uint64_t offset) {
  return [offset](std::span<const std::byte> bytes) -> std::optional<std::uint64_t> {
    if (!is_sound(offset, bytes)) return std::nullopt;
    Header header;
    std::memcpy(&header, bytes.data(), header_bytes);
    if (header_bytes + header.capacity != bytes.size()) return std::nullopt;
    const auto body = bytes.subspan(header_bytes);
    if (sha256(body.first(header.length)) != header.digest) return std::nullopt;
    if (!all_zero(body.subspan(header.length))) return std::nullopt;
    return header.generation;
  };
}

SealedRecords::SealedRecords(const std::filesystem::path& directory)
    : file_(directory / "records.a", directory / "records.b") {
  static_assert(sizeof(Header) == header_bytes);
  const std::uint64_t blocks = (file_.size() + grow_bytes - 1) / grow_bytes;
  file_.reserve(std::max<std::uint64_t>(blocks, 1) * grow_bytes);
  load();
}

void SealedRecords::load() {
  TwinScan scan(file_);
  while (file_.size() - end_ >= header_bytes) {
    auto header = header_at(end_, scan);
    if (!header) break;
    const std::size_t size = header_bytes + header->capacity;
    if (size > file_.size() - end_) throw VaultFault(file_.first(), end_, "cut short", way_out);
    if (!scan.same(end_, size)) {
      const auto settled = file_.settle(end_, size, judge(end_));
      scan.forget();
      if (all_zero(settled)) break;
      std::memcpy(&*header, settled.data(), header_bytes);
    }
    take_up(end_, *header);
    end_ += size;
  }
  clear_tail(end_);
}

// The header that says where the next frame ends: the same in both, or the sound one of the two.
// Nothing at the end.
std::optional<SealedRecords::Header> SealedRecords::header_at(std::uint64_t offset,
                                                              TwinScan& scan) {
  std::array<std::byte, header_bytes> one{};
  std::array<std::byte, header_bytes> two{};
  if (scan.same(offset, header_bytes)) {
    std::ranges::copy(scan.bytes(offset, header_bytes), one.begin());
    two = one;
  } else {
    if (!file_.read(offset, one)) one.fill(std::byte{0xFF});
    if (!file_.read_second(offset, two)) two.fill(std::byte{0xFF});
  }
  for (const auto& bytes : {one, two}) {
    if (!is_sound(offset, bytes)) continue;
    Header header;
    std::memcpy(&header, bytes.data(), header_bytes);
    return header;
  }
  if (all_zero(one) || all_zero(two)) return std::nullopt;
  throw VaultFault(file_.first(), offset, "damaged, and so is the other copy", way_out);
}

// Beyond the last frame one copy may hold a frame that a power cut tore, or rot. No answer was ever
// given for the former.
void SealedRecords::clear_tail(std::uint64_t offset) {
  std::vector<std::byte> block(std::size_t{1} << 20U);
  bool first_clear = true;
  bool second_clear = true;
  for (std::uint64_t at = offset; at < file_.size(); at += block.size()) {
    block.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file_.size() - at)));
    first_clear = file_.read(at, block) && all_zero(block) && first_clear;
    second_clear = file_.read_second(at, block) && all_zero(block) && second_clear;
  }
  if (first_clear && second_clear) return;
  if (!first_clear && !second_clear) {
    throw VaultFault(file_.first(), offset, "damaged, and so is the other copy", way_out);
  }
  const auto never = [](std::span<const std::byte>) { return std::optional<std::uint64_t>(); };
  file_.settle(offset, static_cast<std::size_t>(file_.size() - offset), never);
}

void SealedRecords::take_up(std::uint64_t offset, const Header& header) {
  const Place place{offset, header.generation, header.capacity, header.length};
  if (header.kind == 0) {
    free_.emplace(place.capacity, place);
    return;
  }
  const SecretName name{RiderId{header.rider}, SecretKind{header.kind}, header.version};
  if (!places_.emplace(name, place).second) {
    throw VaultFault(file_.first(), offset, "holds a record that another frame holds too", way_out);
  }
}

void SealedRecords::reserve(std::size_t sealed_bytes) {
  const std::uint64_t needed = end_ + header_bytes + capacity_for(sealed_bytes);
  if (needed > file_.size()) file_.reserve((needed / grow_bytes + 1) * grow_bytes);
}

SealedRecords::Place SealedRecords::take_place(std::uint32_t capacity) {
  const auto found = free_.lower_bound(capacity);
  if (found != free_.end() && found->first <= 2 * capacity) {
    return free_.extract(found).mapped();
  }
  reserve(capacity);
  const Place place{end_, 0, capacity, 0};
  end_ += header_bytes + capacity;
  return place;
}

TwinFile::Patch SealedRecords::frame(const Place& place, Header header,
                                     std::span<const std::byte> sealed) {
  header.magic = magic_number;
  header.generation = place.generation;
  header.capacity = place.capacity;
  header.length = static_cast<std::uint32_t>(sealed.size());
  header.digest = sha256(sealed);
  header.check = check_of(place.offset, std::as_bytes(std::span(&header, 1)));
  std::vector<std::byte> bytes(header_bytes + place.capacity);
  std::memcpy(bytes.data(), &header, header_bytes);
  std::ranges::copy(sealed, bytes.begin() + header_bytes);
  return {place.offset, std::move(bytes)};
}

Digest SealedRecords::keep(const SecretName& name, std::span<const std::byte> sealed) {
  assert(!has(name) && sealed.size() <= sealed_record_bytes_max);
  Place place = take_place(capacity_for(sealed.size()));
  ++place.generation;
  place.length = static_cast<std::uint32_t>(sealed.size());
  Header header;
  header.kind = static_cast<std::uint8_t>(name.kind);
  header.rider = name.rider.value;
  header.version = name.version;
  const TwinFile::Patch patch = frame(place, header, sealed);
  file_.write({&patch, 1});
  places_.emplace(name, place);
  return sha256(sealed);
}

void SealedRecords::remove(std::span<const SecretName> names) {
  std::vector<TwinFile::Patch> patches;
  for (const SecretName& name : names) {
    const auto known = places_.extract(name);
    if (known.empty()) continue;
    Place place = known.mapped();
    ++place.generation;
    place.length = 0;
    patches.push_back(frame(place, {}, {}));
    free_.emplace(place.capacity, place);
  }
  file_.write(patches);
}

std::optional<std::vector<std::byte>> SealedRecords::read(const SecretName& name) const {
  const auto place = places_.find(name);
  if (place == places_.end()) return std::nullopt;
  std::vector<std::byte> sealed(place->second.length);
  if (!file_.read(place->second.offset + header_bytes, sealed)) return std::nullopt;
  return sealed;
}

void SealedRecords::mend(const SecretName& name) {
  const Place& place = places_.at(name);
  file_.settle(place.offset, header_bytes + place.capacity, judge(place.offset));
}

std::string SealedRecords::where(const SecretName& name) const {
  return file_.first().string() + ": at byte " + std::to_string(places_.at(name).offset);
}

std::vector<SecretName> SealedRecords::names() const {
  std::vector<SecretName> all;
  all.reserve(places_.size());
  for (const auto& [name, place] : places_) all.push_back(name);
  return all;
}

std::vector<SecretName> SealedRecords::names_in_file_order() const {
  std::vector<std::pair<std::uint64_t, SecretName>> placed;
  placed.reserve(places_.size());
  for (const auto& [name, place] : places_) placed.emplace_back(place.offset, name);
  std::ranges::sort(placed, {}, &std::pair<std::uint64_t, SecretName>::first);
  std::vector<SecretName> all;
  all.reserve(placed.size());
  for (const auto& [offset, name] : placed) all.push_back(name);
  return all;
}

// A frame never changes its size and never goes, so headers may be followed while frames are
// written.
void SealedRecords::copy_out(const std::filesystem::path& directory, const ByteSink& sink) {
  const TwinReader twin(directory / "records.a", directory / "records.b");
  const std::uint64_t size = twin.size();
  for (std::uint64_t offset = 0; size - offset >= header_bytes;) {
    const auto sound = [offset](std::span<const std::byte> bytes) -> std::optional<std::uint64_t> {
      if (!is_sound(offset, bytes)) return std::nullopt;
      Header header;
      std::memcpy(&header, bytes.data(), header_bytes);
      return header.generation;
    };
    const auto bytes = twin.piece(offset, header_bytes, sound);
    if (all_zero(bytes)) break;
    Header header;
    std::memcpy(&header, bytes.data(), header_bytes);
    const std::size_t whole = header_bytes + header.capacity;
    sink(twin.piece(offset, whole, judge(offset)));
    offset += whole;
  }
}

}  // namespace obverse
