// What the vault's tests share: a directory that goes away, whole files as bytes, flips and
// searches in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/vault/kek.h"

namespace obverse {

using Bytes = std::vector<std::byte>;

class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

Kek fresh_kek();

Bytes whole(const std::filesystem::path& file);
void put(const std::filesystem::path& file,
         std::span<const std::byte> bytes);  // in place, same inode
void flip(const std::filesystem::path& file, std::uint64_t offset, std::uint8_t mask = 1);

Bytes bytes_of(std::string_view text);
Bytes noise(std::uint64_t seed, std::size_t size);  // the same for the same seed

// In how many places of all files below a directory 16 bytes of `wanted` stand in a row.
std::size_t hits(const std::filesystem::path& directory, std::span<const std::byte> wanted);

bool contains(std::span<const std::string> lines, std::string_view text);

// The text of the exception of type Fault that an action throws; empty if it throws none.
template <class Fault, class Action>
std::string fault_of(Action action) {
  try {
    action();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return {};
}

}  // namespace obverse
