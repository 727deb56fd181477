// One 256-bit key per secret (a version of a person's face or PIN), in fixed slots of a
// preallocated pair of files, overwritten in place. Each is wrapped by an epoch key, and that by
// the key-encryption key. Nothing else is kept here: when a slot is overwritten, whatever its key
// sealed is gone, wherever copies of it lie.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/secret_bytes.h"
#include "ledger/vault/twin_file.h"
#include "ledger/vault/twin_reader.h"

namespace obverse {

enum class SecretKind : std::uint8_t { epoch = 1, face = 2, pin = 3 };

// What a key is for, and what a sealed record holds.
struct SecretName {
  RiderId rider;
  SecretKind kind = SecretKind::face;
  std::uint32_t version = 0;
  friend auto operator<=>(const SecretName&, const SecretName&) = default;
};

class Keyring {
 public:
  // Opens keys.a and keys.b, or makes them. Mends what one copy can mend, ends an epoch's rolling
  // that was cut off. Throws VaultFault: another key-encryption key, or damage to both copies.
  Keyring(const std::filesystem::path& directory, const Kek& kek);

  SecretBytes make(
      const SecretName& name);  // a fresh key, on disk in both copies before it returns
  bool has(const SecretName& name) const { return slots_.contains(name); }

  // Nothing if there is no such key, or its slot cannot be read as it is: mend() then decides.
  std::optional<SecretBytes> key(const SecretName& name) const;
  void mend(const SecretName& name);  // throws VaultFault if both copies are damaged

  void destroy(
      std::span<const SecretName> names);  // overwritten and synced, both copies, before it returns
  std::vector<SecretName> names() const;
  std::vector<SecretName> names_of(RiderId rider) const;

  // Wraps every key anew under a fresh epoch key and destroys the old one: old bytes of slots that
  // a disk or a backup may still hold cannot be unwrapped any more.
  void roll_epoch(const Kek& kek);
  void change_kek(const Kek& next);  // wraps the epoch key by another key-encryption key

  // The bytes of a good key file, for a backup, read beside whoever has the directory open: every
  // slot whole, and as new as when it was read. Throws VaultFault.
  static void copy_out(const std::filesystem::path& directory, const ByteSink& sink);

  std::uint64_t epoch() const { return epoch_; }
  const std::vector<std::string>& findings() const { return file_.findings(); }

 private:
  struct Slot;
  struct Held {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0;
    std::uint32_t epoch = 0;
  };
  void load_slots();
  void load_epochs(const Kek& kek);
  void begin_epoch(std::uint32_t epoch, const Kek& kek);
  void end_older_epochs();
  Held take_free();
  void put(const SecretName& name, Held held, const SecretBytes& wrapping, const SecretBytes& key);
  void write_and_wipe(std::vector<TwinFile::Patch> patches);
  TwinFile::Patch wrapped(const SecretName& name, const Held& held, const SecretBytes& wrapping,
                          const SecretBytes& key) const;
  std::optional<SecretBytes> unwrapped(const SecretName& name, const SecretBytes& wrapping) const;

  TwinFile file_;
  std::map<SecretName, Held> slots_;
  std::map<std::uint64_t, std::uint64_t> free_;  // slot, its generation
  std::uint32_t epoch_ = 0;
  std::map<std::uint32_t, SecretBytes> epoch_keys_;  // one; two while an epoch is rolled
};

}  // namespace obverse
