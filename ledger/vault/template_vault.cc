// The order is what makes this safe. Keeping: key, then record. Destroying: key, then record. So a
// key without a record, or a record without a key, was cut off half-way and is cleared when the
// vault is opened.
#include "ledger/vault/template_vault.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "ledger/vault/fault.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/sealed_records.h"
#include "ledger/vault/sealing.h"
#include "ledger/vault/sha256.h"
#include "threads/lock.h"

namespace obverse {
namespace {

constexpr std::size_t salt_bytes = 16;

// What is sealed for a PIN. The cost is kept with it, so that it can be raised later.
struct PinRecord {
  std::uint8_t log2_rounds = 0;
  std::uint8_t blocks = 0;
  std::array<std::byte, salt_bytes> salt{};
  std::array<std::byte, key_bytes> verifier{};
};
static_assert(sizeof(PinRecord) == 2 + salt_bytes + key_bytes);

SecretName face_name(RiderId rider, FaceVersion version) {
  return {rider, SecretKind::face, version.value};
}

SecretName pin_name(RiderId rider, PinVersion version) {
  return {rider, SecretKind::pin, version.value};
}

// A record opens as the secret that it was sealed for, and as no other.
std::array<std::byte, 32> about(const SecretName& name) {
  struct {
    std::array<char, 16> purpose;
    std::uint64_t rider;
    std::uint32_t kind;
    std::uint32_t version;
  } fields{{}, name.rider.value, static_cast<std::uint32_t>(name.kind), name.version};
  constexpr char purpose[] = "obverse secret";
  std::memcpy(fields.purpose.data(), purpose, sizeof purpose);
  return std::bit_cast<std::array<std::byte, 32>>(fields);
}

// Two processes on one vault would overwrite each other's slots.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (descriptor_ < 0) {
      throw VaultFault(file, reason("cannot be opened"), "check the directory's owner");
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor_);
      throw VaultFault(file, "the vault is in use by another process", "stop that one first");
    }
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { ::close(descriptor_); }

 private:
  int descriptor_;
};

std::filesystem::path made(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  if (error) throw VaultFault(directory, "cannot be made: " + error.message(), "check the path");
  return directory;
}

}  // namespace

struct Vault::Files {
  Files(const std::filesystem::path& directory, const Kek& kek)
      : lock(made(directory) / "lock"),
        keys(directory, kek),
        records(directory),
        receipt_seal(kek) {}

  Digest keep(const SecretName& name, std::span<const std::byte> content);
  void destroy(const std::vector<SecretName>& names) REQUIRES(mutex);
  void clear_halves();
  std::vector<SecretName> of(RiderId rider, bool faces_only) const REQUIRES_SHARED(mutex);
  std::vector<SecretName> all(SecretKind kind) const REQUIRES_SHARED(mutex);

  // Opens a record, mending what can be mended, and gives it with its sealed form. Takes the mutex
  // itself.
  struct Opened {
    SecretBytes content;
    std::vector<std::byte> sealed;
  };
  std::optional<Opened> fetch(const SecretName& name);
  std::optional<Opened> try_open(const SecretName& name) const REQUIRES_SHARED(mutex);

  FolderLock lock;
  SharedMutex mutex;  // readers of slots and records share it, whoever writes has it alone
  Keyring keys GUARDED_BY(mutex);
  SealedRecords records GUARDED_BY(mutex);
  ReceiptSeal receipt_seal;
  std::size_t cleared GUARDED_BY(mutex) = 0;
};

Digest Vault::Files::keep(const SecretName& name, std::span<const std::byte> content) {
  const Lock alone(mutex);
  destroy({name});
  records.reserve(content.size() + sealing_bytes);
  const SecretBytes key = keys.make(name);
  return records.keep(name, seal(key, about(name), content));
}

void Vault::Files::destroy(const std::vector<SecretName>& names) {
  keys.destroy(names);
  records.remove(names);
}

void Vault::Files::clear_halves() {
  const Lock alone(mutex);
  std::vector<SecretName> halves;
  for (const SecretName& name : keys.names()) {
    if (!records.has(name)) halves.push_back(name);
  }
  for (const SecretName& name : records.names()) {
    if (!keys.has(name)) halves.push_back(name);
  }
  cleared = halves.size();
  destroy(halves);
}

std::vector<SecretName> Vault::Files::of(RiderId rider, bool faces_only) const {
  std::vector<SecretName> names = keys.names_of(rider);
  std::erase_if(names, [faces_only](const SecretName& name) {
    return faces_only && name.kind != SecretKind::face;
  });
  return names;
}

std::vector<SecretName> Vault::Files::all(SecretKind kind) const {
  std::vector<SecretName> names = keys.names();
  std::erase_if(names, [kind](const SecretName& name) { return name.kind != kind; });
  return names;
}

std::optional<Vault::Files::Opened> Vault::Files::try_open(const SecretName& name) const {
  const auto key = keys.key(name);
  if (!key) return std::nullopt;
  auto sealed = records.read(name);
  if (!sealed) return std::nullopt;
  auto content = unseal(*key, about(name), *sealed);
  if (!content) return std::nullopt;
  return Opened{std::move(*content), std::move(*sealed)};
}

std::optional<Vault::Files::Opened> Vault::Files::fetch(const SecretName& name) {
  {
    const SharedLock together(mutex);
    if (!keys.has(name)) return std::nullopt;
    if (auto opened = try_open(name)) return opened;
  }
  const Lock alone(mutex);
  if (!keys.has(name)) return std::nullopt;
  keys.mend(name);
  records.mend(name);
  if (auto opened = try_open(name)) return opened;
  throw VaultFault(records.where(name), "a sealed record does not open under its key",
                   "restore the vault from a backup, or erase and enrol again");
}

Vault::Vault(std::unique_ptr<Files> files) : files_(std::move(files)) {}

Vault::~Vault() = default;

std::unique_ptr<Vault> Vault::open(const std::filesystem::path& directory, const Kek& kek) {
  auto files = std::make_unique<Files>(directory, kek);
  files->clear_halves();
  return std::unique_ptr<Vault>(new Vault(std::move(files)));
}

Digest Vault::keep_face(RiderId rider, FaceVersion version, std::span<const std::byte> content) {
  assert(content.size() <= face_content_bytes_max);
  return files_->keep(face_name(rider, version), content);
}

void Vault::keep_pin(RiderId rider, PinVersion version, std::string_view pin) {
  const StretchCost cost;
  SecretBytes content(sizeof(PinRecord));
  auto* const record = new (content.writable().data()) PinRecord;
  record->log2_rounds = static_cast<std::uint8_t>(cost.log2_rounds);
  record->blocks = static_cast<std::uint8_t>(cost.blocks);
  std::ranges::copy(SecretBytes::random(salt_bytes).bytes(), record->salt.begin());
  std::ranges::copy(stretch(pin, record->salt, cost).bytes(), record->verifier.begin());
  files_->keep(pin_name(rider, version), content.bytes());
}

std::optional<SecretBytes> Vault::face(RiderId rider, FaceVersion version) const {
  auto opened = files_->fetch(face_name(rider, version));
  if (!opened) return std::nullopt;
  return std::move(opened->content);
}

std::optional<Digest> Vault::face_digest(RiderId rider, FaceVersion version) const {
  const auto opened = files_->fetch(face_name(rider, version));
  if (!opened) return std::nullopt;
  return sha256(opened->sealed);
}

std::optional<bool> Vault::check_pin(RiderId rider, PinVersion version,
                                     std::string_view pin) const {
  const auto opened = files_->fetch(pin_name(rider, version));
  if (!opened) return std::nullopt;
  assert(opened->content.size() == sizeof(PinRecord));
  const auto* const record = reinterpret_cast<const PinRecord*>(opened->content.bytes().data());
  const SecretBytes typed = stretch(pin, record->salt, {record->log2_rounds, record->blocks});
  return equal_in_constant_time(typed.bytes(), record->verifier);
}

void Vault::destroy(RiderId rider) {
  const Lock alone(files_->mutex);
  files_->destroy(files_->of(rider, false));
}

void Vault::destroy_face(RiderId rider) {
  const Lock alone(files_->mutex);
  files_->destroy(files_->of(rider, true));
}

void Vault::destroy_face(RiderId rider, FaceVersion version) {
  const Lock alone(files_->mutex);
  files_->destroy({face_name(rider, version)});
}

void Vault::destroy_pin(RiderId rider, PinVersion version) {
  const Lock alone(files_->mutex);
  files_->destroy({pin_name(rider, version)});
}

std::vector<std::pair<RiderId, FaceVersion>> Vault::faces() const {
  const SharedLock together(files_->mutex);
  std::vector<std::pair<RiderId, FaceVersion>> kept;
  for (const SecretName& name : files_->all(SecretKind::face)) {
    kept.emplace_back(name.rider, FaceVersion{name.version});
  }
  return kept;
}

std::vector<std::pair<RiderId, PinVersion>> Vault::pins() const {
  const SharedLock together(files_->mutex);
  std::vector<std::pair<RiderId, PinVersion>> kept;
  for (const SecretName& name : files_->all(SecretKind::pin)) {
    kept.emplace_back(name.rider, PinVersion{name.version});
  }
  return kept;
}

void Vault::for_each_face(const FaceReader& reader) const {
  std::vector<SecretName> names;
  {
    const SharedLock together(files_->mutex);
    names = files_->records.names_in_file_order();
  }
  for (const SecretName& name : names) {
    if (name.kind != SecretKind::face) continue;
    const auto opened = files_->fetch(name);
    if (opened) reader(name.rider, FaceVersion{name.version}, opened->content.bytes());
  }
}

void Vault::roll_epoch(const Kek& kek) {
  const Lock alone(files_->mutex);
  files_->keys.roll_epoch(kek);
}

void Vault::change_kek(const Kek& next) {
  const Lock alone(files_->mutex);
  files_->keys.change_kek(next);
}

const ReceiptSeal& Vault::receipt_seal() const { return files_->receipt_seal; }

std::vector<std::string> Vault::report() const {
  const SharedLock together(files_->mutex);
  std::vector<std::string> lines;
  lines.push_back("vault: " + std::to_string(files_->all(SecretKind::face).size()) + " faces, " +
                  std::to_string(files_->all(SecretKind::pin).size()) + " PINs, epoch " +
                  std::to_string(files_->keys.epoch()));
  if (files_->cleared > 0) {
    lines.push_back("vault: " + std::to_string(files_->cleared) +
                    " enrolments or erasures that were cut off half-way were cleared");
  }
  for (const auto* findings : {&files_->keys.findings(), &files_->records.findings()}) {
    lines.insert(lines.end(), findings->begin(), findings->end());
  }
  if (unlocked_secrets() > 0) {
    lines.push_back("vault: " + std::to_string(unlocked_secrets()) +
                    " secrets could not be locked in memory: raise LimitMEMLOCK");
  }
  return lines;
}

}  // namespace obverse
