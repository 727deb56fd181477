// keys.a and keys.b are rows of slots, little-endian:
//   slot = magic:4 "OVK1" | kind:1 (0 free) | 0:3 | generation:8 | rider or epoch:8 | version:4 |
//   wrapped by epoch:4
//        | sealed key:60 (nonce 12, ciphertext 32, tag 16) | 0:20 | check:16 (SHA-256 of slot
//        number and the bytes above)
// Slots 0 and 1 are the epoch keys' (odd and even epochs), wrapped by the key-encryption key, which
// is "epoch 0".
#include "ledger/vault/keyring.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "ledger/vault/fault.h"
#include "ledger/vault/sealing.h"
#include "ledger/vault/sha256.h"

namespace obverse {

struct Keyring::Slot {
  std::uint32_t magic = 0;
  std::uint8_t kind = 0;
  std::array<std::uint8_t, 3> zero{};
  std::uint64_t generation = 0;
  std::uint64_t owner = 0;
  std::uint32_t version = 0;
  std::uint32_t epoch = 0;
  std::array<std::byte, key_bytes + sealing_bytes> sealed{};
  std::array<std::uint8_t, 20> more_zero{};
  std::array<std::uint8_t, 16> check{};
};

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t slot_bytes = 128;
constexpr std::size_t checked_bytes = slot_bytes - 16;
constexpr std::uint64_t slots_at_once = 4096;
constexpr std::uint64_t first_secret_slot = 2;
constexpr std::uint32_t magic_number = 0x314B564F;
constexpr char way_out[] = "restore one of keys.a and keys.b from a backup";

std::array<std::uint8_t, 16> check_of(std::uint64_t slot, std::span<const std::byte> bytes) {
  Sha256 hasher;
  hasher.add(std::as_bytes(std::span(&slot, 1))).add(bytes.first(checked_bytes));
  std::array<std::uint8_t, 16> check;
  std::copy_n(hasher.finish().bytes.begin(), check.size(), check.begin());
  return check;
}

TwinFile::Judge judge(std::uint64_t slot) {
  return [slot](std::span<const std::byte> bytes) -> std::optional<std::uint64_t> {
    const auto check = check_of(slot, bytes);
    if (std::memcmp(check.data(), bytes.data() + checked_bytes, check.size()) != 0) return {};
    std::uint64_t generation = 0;
    std::memcpy(&generation, bytes.data() + 8, sizeof generation);
    return generation;
  };
}

SecretName epoch_name(std::uint32_t epoch) { return {RiderId{epoch}, SecretKind::epoch, 0}; }

// A wrapped key opens in its own slot only, as the key of its own secret only.
std::array<std::byte, 40> about(const SecretName& name, std::uint64_t slot, std::uint32_t epoch) {
  constexpr char purpose[] = "obverse key";
  struct {
    std::array<char, 12> purpose;
    std::uint32_t kind;
    std::uint64_t slot;
    std::uint64_t owner;
    std::uint32_t version;
    std::uint32_t epoch;
  } fields{{}, static_cast<std::uint32_t>(name.kind), slot, name.rider.value, name.version, epoch};
  std::memcpy(fields.purpose.data(), purpose, sizeof purpose);
  return std::bit_cast<std::array<std::byte, 40>>(fields);
}

}  // namespace

Keyring::Keyring(const std::filesystem::path& directory, const Kek& kek)
    : file_(directory / "keys.a", directory / "keys.b") {
  static_assert(sizeof(Slot) == slot_bytes);
  const std::uint64_t rows = (file_.size() / slot_bytes + slots_at_once - 1) / slots_at_once;
  file_.reserve(std::max<std::uint64_t>(rows, 1) * slots_at_once * slot_bytes);
  load_slots();
  load_epochs(kek);
}

void Keyring::load_slots() {
  TwinScan scan(file_);
  for (std::uint64_t slot = 0; slot < file_.size() / slot_bytes; ++slot) {
    const std::uint64_t offset = slot * slot_bytes;
    std::vector<std::byte> bytes;
    if (scan.same(offset, slot_bytes)) {
      const auto both = scan.bytes(offset, slot_bytes);
      if (all_zero(both) || judge(slot)(both)) bytes.assign(both.begin(), both.end());
    }
    if (bytes.empty()) bytes = file_.settle(offset, slot_bytes, judge(slot));
    Slot cell;
    std::memcpy(&cell, bytes.data(), slot_bytes);
    wipe(bytes);
    wipe(cell.sealed);
    if (cell.kind == 0) {
      free_.emplace(slot, cell.generation);
      continue;
    }
    const SecretName name{RiderId{cell.owner}, SecretKind{cell.kind}, cell.version};
    if (!slots_.emplace(name, Held{slot, cell.generation, cell.epoch}).second) {
      throw VaultFault(file_.first(), offset, "holds a key that another slot holds too", way_out);
    }
  }
}

void Keyring::load_epochs(const Kek& kek) {
  for (const auto& [name, held] : slots_) {
    if (name.kind != SecretKind::epoch) continue;
    auto key = unwrapped(name, kek.key());
    if (!key) {
      throw VaultFault(file_.first(), held.slot * slot_bytes,
                       "cannot be opened with this key-encryption key",
                       "start with the key-encryption key that the vault was made with");
    }
    epoch_ = std::max(epoch_, static_cast<std::uint32_t>(name.rider.value));
    epoch_keys_.emplace(static_cast<std::uint32_t>(name.rider.value), std::move(*key));
  }
  for (const auto& [name, held] : slots_) {
    if (name.kind == SecretKind::epoch || epoch_keys_.contains(held.epoch)) continue;
    throw VaultFault(file_.first(), held.slot * slot_bytes, "its epoch key is gone", way_out);
  }
  if (epoch_ == 0) begin_epoch(1, kek);
  end_older_epochs();
}

void Keyring::begin_epoch(std::uint32_t epoch, const Kek& kek) {
  const auto place = free_.extract(epoch % first_secret_slot);
  assert(!place.empty());
  SecretBytes key = SecretBytes::random(key_bytes);
  put(epoch_name(epoch), {place.key(), place.mapped() + 1, 0}, kek.key(), key);
  epoch_keys_.emplace(epoch, std::move(key));
  epoch_ = epoch;
}

// Cut off anywhere, this is done again from where it stood: each slot says which epoch wraps it.
void Keyring::end_older_epochs() {
  if (epoch_keys_.size() == 1) return;
  std::vector<TwinFile::Patch> patches;
  for (auto& [name, held] : slots_) {
    if (name.kind == SecretKind::epoch || held.epoch == epoch_) continue;
    const auto key = unwrapped(name, epoch_keys_.at(held.epoch));
    if (!key) throw VaultFault(file_.first(), held.slot * slot_bytes, "does not unwrap", way_out);
    held = {held.slot, held.generation + 1, epoch_};
    patches.push_back(wrapped(name, held, epoch_keys_.at(epoch_), *key));
    if (patches.size() == slots_at_once) write_and_wipe(std::exchange(patches, {}));
  }
  write_and_wipe(std::move(patches));
  const SecretName older = epoch_name(epoch_ - 1);
  destroy({&older, 1});
  epoch_keys_.erase(epoch_ - 1);
}

void Keyring::roll_epoch(const Kek& kek) {
  begin_epoch(epoch_ + 1, kek);
  end_older_epochs();
}

void Keyring::change_kek(const Kek& next) {
  Held held = slots_.at(epoch_name(epoch_));
  ++held.generation;
  put(epoch_name(epoch_), held, next.key(), epoch_keys_.at(epoch_));
}

Keyring::Held Keyring::take_free() {
  auto place = free_.lower_bound(first_secret_slot);
  if (place == free_.end()) {
    const std::uint64_t slots = file_.size() / slot_bytes;
    file_.reserve((slots + slots_at_once) * slot_bytes);
    for (std::uint64_t i = 0; i < slots_at_once; ++i) free_.emplace(slots + i, 0);
    place = free_.find(slots);
  }
  const Held held{place->first, place->second + 1, epoch_};
  free_.erase(place);
  return held;
}

void Keyring::put(const SecretName& name, Held held, const SecretBytes& wrapping,
                  const SecretBytes& key) {
  std::vector<TwinFile::Patch> patches;
  patches.push_back(wrapped(name, held, wrapping, key));
  write_and_wipe(std::move(patches));
  slots_.insert_or_assign(name, held);
}

TwinFile::Patch Keyring::wrapped(const SecretName& name, const Held& held,
                                 const SecretBytes& wrapping, const SecretBytes& key) const {
  Slot cell;
  cell.magic = magic_number;
  cell.kind = static_cast<std::uint8_t>(name.kind);
  cell.generation = held.generation;
  cell.owner = name.rider.value;
  cell.version = name.version;
  cell.epoch = held.epoch;
  auto sealed = seal(wrapping, about(name, held.slot, held.epoch), key.bytes());
  std::copy(sealed.begin(), sealed.end(), cell.sealed.begin());
  wipe(sealed);
  const auto bytes = std::as_bytes(std::span(&cell, 1));
  cell.check = check_of(held.slot, bytes);
  TwinFile::Patch patch{held.slot * slot_bytes, {bytes.begin(), bytes.end()}};
  wipe(cell.sealed);
  return patch;
}

// A wrapped key in freed memory would outlive its erasure there.
void Keyring::write_and_wipe(std::vector<TwinFile::Patch> patches) {
  file_.write(patches);
  for (TwinFile::Patch& patch : patches) wipe(patch.bytes);
}

std::optional<SecretBytes> Keyring::unwrapped(const SecretName& name,
                                              const SecretBytes& wrapping) const {
  const Held& held = slots_.at(name);
  Slot cell;
  const auto bytes = std::as_writable_bytes(std::span(&cell, 1));
  if (!file_.read(held.slot * slot_bytes, bytes)) return std::nullopt;
  std::optional<SecretBytes> key;
  if (cell.check == check_of(held.slot, bytes))
    key = unseal(wrapping, about(name, held.slot, held.epoch), cell.sealed);
  wipe(cell.sealed);
  return key;
}

SecretBytes Keyring::make(const SecretName& name) {
  assert(name.kind != SecretKind::epoch && !has(name));
  SecretBytes key = SecretBytes::random(key_bytes);
  put(name, take_free(), epoch_keys_.at(epoch_), key);
  return key;
}

std::optional<SecretBytes> Keyring::key(const SecretName& name) const {
  if (!has(name)) return std::nullopt;
  return unwrapped(name, epoch_keys_.at(slots_.at(name).epoch));
}

void Keyring::mend(const SecretName& name) {
  const std::uint64_t slot = slots_.at(name).slot;
  file_.settle(slot * slot_bytes, slot_bytes, judge(slot));
}

void Keyring::destroy(std::span<const SecretName> names) {
  std::vector<TwinFile::Patch> patches;
  for (const SecretName& name : names) {
    const auto known = slots_.extract(name);
    if (known.empty()) continue;
    const auto [slot, generation, epoch] = known.mapped();
    Slot cell;
    cell.magic = magic_number;
    cell.generation = generation + 1;
    const auto bytes = std::as_bytes(std::span(&cell, 1));
    cell.check = check_of(slot, bytes);
    patches.push_back({slot * slot_bytes, {bytes.begin(), bytes.end()}});
    free_.emplace(slot, cell.generation);
  }
  file_.write(patches);
}

std::vector<SecretName> Keyring::names() const {
  std::vector<SecretName> all;
  for (const auto& [name, held] : slots_) {
    if (name.kind != SecretKind::epoch) all.push_back(name);
  }
  return all;
}

std::vector<SecretName> Keyring::names_of(RiderId rider) const {
  std::vector<SecretName> all;
  const SecretName lowest{rider, SecretKind::face, 0};
  for (auto at = slots_.lower_bound(lowest); at != slots_.end(); ++at) {
    if (at->first.rider != rider) break;
    all.push_back(at->first);
  }
  return all;
}

// While an epoch is rolled, slots are under two epoch keys: then the copy would hold keys that
// nothing in it opens. So the epochs' own slots must be the same before and after.
void Keyring::copy_out(const std::filesystem::path& directory, const ByteSink& sink) {
  const TwinReader twin(directory / "keys.a", directory / "keys.b");
  const auto epochs = [&twin] {
    auto both = twin.piece(0, slot_bytes, judge(0));
    const auto odd = twin.piece(slot_bytes, slot_bytes, judge(1));
    both.insert(both.end(), odd.begin(), odd.end());
    return both;
  };
  const std::vector<std::byte> before = epochs();
  sink(before);
  std::vector<std::byte> zeros;  // slots never used; those at the end are left out
  for (std::uint64_t slot = first_secret_slot; slot < twin.size() / slot_bytes; ++slot) {
    const auto bytes = twin.piece(slot * slot_bytes, slot_bytes, judge(slot));
    if (all_zero(bytes)) {
      zeros.insert(zeros.end(), bytes.begin(), bytes.end());
      continue;
    }
    sink(zeros);
    zeros.clear();
    sink(bytes);
  }
  if (epochs() != before)
    throw VaultFault(twin.first(), "the epoch was rolled meanwhile", "make the backup again");
}

}  // namespace obverse
