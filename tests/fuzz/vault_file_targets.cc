// The vault's pairs of files, changed as an input says: keys in slots, sealed records in frames.
// What is opened afterwards is what was put there, or a fault that names the place.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/vault/fault.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/sealed_records.h"
#include "ledger/vault/sha256.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

// Whatever is not zero of a file stands at its beginning: the rest is preallocated.
std::string used_part(std::string file) {
  file.resize(std::min(file.find_last_not_of('\0') + 1 + 256, file.size()));
  return file;
}

struct Changes {
  bool first = false;   // anything of the first copy
  bool second = false;  // or the second
  bool sound = false;   // with checksums that fit
};

// What SHA-256 over a place and the bytes above it says, as both files keep it.
void mend_check(std::string& bytes, std::uint64_t place, std::size_t from, std::size_t checked) {
  if (from + checked + 16 > bytes.size()) return;
  Sha256 hasher;
  hasher.add(std::as_bytes(std::span(&place, 1)));
  hasher.add(std::string_view(bytes).substr(from, checked));
  const Digest digest = hasher.finish();
  std::memcpy(bytes.data() + from + checked, digest.bytes.data(), 16);
}

using Mend = void (*)(std::string& bytes, std::size_t at);

Changes change(Tap& tap, std::string& a, std::string& b, Mend mend) {
  Changes changes;
  while (!tap.empty()) {
    const std::uint64_t how = tap.pick(15);
    const std::size_t at = tap.pick(UINT32_MAX) % a.size();
    const std::string patch = tap.bytes(1 + tap.pick(8));
    const bool mended = (how & 4U) != 0;
    for (auto* copy : {&a, &b}) {
      const bool chosen = copy == &a ? (how & 1U) == 0 : (how & 2U) == 0;
      if (!chosen) continue;
      const std::string before = *copy;
      for (std::size_t i = 0; i < patch.size() && at + i < copy->size(); ++i)
        (*copy)[at + i] = patch[i];
      if (mended) mend(*copy, at);
      if (*copy == before) continue;
      (copy == &a ? changes.first : changes.second) = true;
      changes.sound = changes.sound || mended;
    }
  }
  return changes;
}

void put_pair(const std::filesystem::path& folder, const std::string& name, const std::string& a,
              const std::string& b) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / (name + ".a"), std::ios::binary) << a;
  std::ofstream(folder / (name + ".b"), std::ios::binary) << b;
}

const std::filesystem::path& kek_of_both() {
  static const auto file = [] {
    const auto made = scratch() / "pair-kek";
    Kek::make_file(made);
    return made;
  }();
  return file;
}

// --- keys

const std::vector<SecretName>& key_names() {
  static const std::vector<SecretName> names{{{1}, SecretKind::face, 1},
                                             {{1}, SecretKind::pin, 1},
                                             {{2}, SecretKind::face, 1},
                                             {{7}, SecretKind::face, 3}};
  return names;
}

struct Keys {
  Keys() {
    const auto folder = scratch() / "keys-made";
    std::filesystem::create_directories(folder);
    Keyring ring(folder, Kek::from_file(kek_of_both()));
    for (const auto& name : key_names()) keys.push_back(ring.make(name));
    const SecretName gone{{9}, SecretKind::face, 1};
    ring.make(gone);
    ring.destroy({&gone, 1});
    ring.roll_epoch(Kek::from_file(kek_of_both()));
    file = used_part(read_file(folder / "keys.a"));
  }
  std::string file;
  std::vector<SecretBytes> keys;
};

void mend_slot(std::string& bytes, std::size_t at) {
  constexpr std::size_t slot_bytes = 128;
  mend_check(bytes, at / slot_bytes, at / slot_bytes * slot_bytes, slot_bytes - 16);
}

// A keyring opens with the keys that were put there, or not at all; one whole copy is enough.
void key_slots(Input input) {
  static const Keys genuine;
  Tap tap(input);
  std::string a = genuine.file, b = genuine.file;
  const Changes changes = change(tap, a, b, mend_slot);
  const auto folder = scratch() / "keys";
  put_pair(folder, "keys", a, b);
  const bool whole = !changes.sound && !(changes.first && changes.second);
  try {
    const Keyring ring(folder, Kek::from_file(kek_of_both()));
    for (std::size_t i = 0; i < genuine.keys.size(); ++i) {
      const auto key = ring.key(key_names()[i]);
      hold(key || !whole, "with a whole copy every key is there");
      if (!key) continue;
      const bool same = std::ranges::equal(key->bytes(), genuine.keys[i].bytes()) &&
                        !(is_broken_as("keys-swapped") && changes.second);
      hold(same, "a key is the one that was made");
    }
    hold(!ring.has({{9}, SecretKind::face, 1}) || changes.sound, "what was destroyed is gone");
  } catch (const VaultFault&) {
    hold(!whole, "one whole copy is enough");
  }
}

// --- records

const std::vector<std::pair<SecretName, std::string>>& record_values() {
  static const std::vector<std::pair<SecretName, std::string>> values{
      {{{1}, SecretKind::face, 1}, noise(1, 40)},
      {{{1}, SecretKind::pin, 1}, noise(2, 90)},
      {{{2}, SecretKind::face, 1}, noise(3, 300)}};
  return values;
}

std::string records_made() {
  const auto folder = scratch() / "records-made";
  std::filesystem::create_directories(folder);
  SealedRecords records(folder);
  const SecretName gone{{9}, SecretKind::face, 1};
  const std::string content = noise(9, 50);
  records.keep(gone, std::as_bytes(std::span(content)));
  for (const auto& [name, value] : record_values())
    records.keep(name, std::as_bytes(std::span(value)));
  records.remove({&gone, 1});
  return used_part(read_file(folder / "records.a"));
}

// Frames begin at a multiple of 64: the last that has the magic before `at`.
void mend_frame(std::string& bytes, std::size_t at) {
  for (std::size_t from = at / 64 * 64;; from -= 64) {
    // 32 bytes into a row of 64 is where a frame of 96 and its capacity may begin too.
    for (const std::size_t begin : {from + 32, from}) {
      if (begin > at || bytes.compare(begin, 4, "OVR1") != 0) continue;
      return mend_check(bytes, begin, begin, 80);
    }
    if (from == 0) return;
  }
}

// Records open with what was kept, or not at all; one whole copy is enough.
void record_frames(Input input) {
  static const std::string genuine = records_made();
  Tap tap(input);
  std::string a = genuine, b = genuine;
  const Changes changes = change(tap, a, b, mend_frame);
  const auto folder = scratch() / "records";
  put_pair(folder, "records", a, b);
  const bool whole = !changes.sound && !(changes.first && changes.second);
  try {
    SealedRecords records(folder);
    for (const SecretName& name : records.names()) {
      const auto read = records.read(name);
      hold(!read || read->size() <= sealed_record_bytes_max, "a record is no longer than a record");
    }
    if (!whole) return;
    for (const auto& [name, value] : record_values()) {
      auto read = records.read(name);
      if (is_broken_as("records-cut") && read && !read->empty()) read->pop_back();
      hold(read && std::ranges::equal(*read, std::as_bytes(std::span(value))),
           "with a whole copy every record is as it was kept");
    }
  } catch (const VaultFault&) {
    hold(!whole, "one whole copy is enough");
  }
}

std::vector<std::string> change_seeds() {
  std::vector<std::string> out{""};
  for (std::uint64_t seed = 0; seed < 10; ++seed) out.push_back(noise(seed + 20, 8 + 7 * seed));
  for (const char how : {'\0', '\1', '\2', '\4', '\5', '\6'}) {
    std::string one(1, how);
    one += std::string("\0\0\0\x04", 4) + "\1" + "\x03\xff";
    out.push_back(one);
  }
  return out;
}

}  // namespace

std::vector<Target> vault_file_targets() {
  return {
      {"key_slots",
       "keys are those that were made, or a fault",
       256,
       key_slots,
       change_seeds,
       {"keys-swapped"},
       60},
      {"record_frames",
       "records are those that were kept, or a fault",
       256,
       record_frames,
       change_seeds,
       {"records-cut"},
       60},
  };
}

}  // namespace obverse::fuzz
