// What goes wrong with the vault's files and keys: the text names the file, where, and the way out;
// never a secret.
#pragma once

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace obverse {

struct VaultFault : std::runtime_error {
  VaultFault(const std::filesystem::path& file, const std::string& what, const std::string& way_out)
      : std::runtime_error(file.string() + ": " + what + "; " + way_out) {}
  VaultFault(const std::filesystem::path& file, std::uint64_t offset, const std::string& what,
             const std::string& way_out)
      : VaultFault(file, "at byte " + std::to_string(offset) + ": " + what, way_out) {}
};

// "cannot be opened: No such file or directory", by errno.
inline std::string reason(const char* what) {
  return std::string(what) + ": " + std::generic_category().message(errno);
}

}  // namespace obverse
