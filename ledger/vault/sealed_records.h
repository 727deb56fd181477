// Sealed records (faces, PIN verifiers) in a pair of files beside the log, found by name. Opaque
// here: this file knows no key. What is removed is overwritten with zeros, though erasure does not
// rest on that: it rests on the keyring.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/model/digest.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/twin_file.h"
#include "ledger/vault/twin_reader.h"

namespace obverse {

inline constexpr std::size_t sealed_record_bytes_max = std::size_t{1} << 20U;

class SealedRecords {
 public:
  // Opens records.a and records.b, or makes them; mends what one copy can mend. Throws VaultFault.
  explicit SealedRecords(const std::filesystem::path& directory);

  void reserve(std::size_t sealed_bytes);  // so that keep() of as many cannot fail for want of room
  Digest keep(const SecretName& name, std::span<const std::byte> sealed);  // the name must be new
  void remove(std::span<const SecretName> names);
  bool has(const SecretName& name) const { return places_.contains(name); }

  // As it lies in the first copy: whoever opens it finds damage, and then asks for mend(). Nothing
  // if not kept, or if the disk cannot read it.
  std::optional<std::vector<std::byte>> read(const SecretName& name) const;
  void mend(const SecretName& name);

  // The bytes of a good file of records, for a backup, read beside whoever has the directory open.
  // Throws VaultFault.
  static void copy_out(const std::filesystem::path& directory, const ByteSink& sink);

  std::string where(const SecretName& name) const;  // "file: at byte n", for a fault's text
  std::vector<SecretName> names() const;
  std::vector<SecretName> names_in_file_order() const;
  const std::vector<std::string>& findings() const { return file_.findings(); }

 private:
  struct Header;
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t generation = 0;
    std::uint32_t capacity = 0;
    std::uint32_t length = 0;
  };
  void load();
  std::optional<Header> header_at(std::uint64_t offset, TwinScan& scan);
  void clear_tail(std::uint64_t offset);
  void take_up(std::uint64_t offset, const Header& header);
  Place take_place(std::uint32_t capacity);
  static TwinFile::Patch frame(const Place& place, Header header,
                               std::span<const std::byte> sealed);
  static TwinFile::Judge judge(std::uint64_t offset);
  static bool is_sound(std::uint64_t offset, std::span<const std::byte> header);

  TwinFile file_;
  std::uint64_t end_ = 0;  // of the last frame; beyond it, zeros
  std::map<SecretName, Place> places_;
  std::multimap<std::uint32_t, Place> free_;  // by capacity
};

}  // namespace obverse
