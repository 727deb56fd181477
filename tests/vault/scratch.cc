// Plain streams here, on purpose: the tests look at the files as anybody could.
#include "tests/vault/scratch.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <unordered_set>

namespace obverse {

Scratch::Scratch() {
  // Thousands of reopenings, each with its syncs: in memory where there is such a place.
  const std::filesystem::path memory = "/dev/shm";
  const bool in_memory = ::access(memory.c_str(), W_OK | X_OK) == 0;
  const auto base = in_memory ? memory : std::filesystem::temp_directory_path();
  std::string pattern = (base / "obverse-vault-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch directory");
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Kek fresh_kek() {
  const Scratch scratch;
  Kek::make_file(scratch / "kek");
  return Kek::from_file(scratch / "kek");
}

Bytes whole(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return bytes_of(text);
}

void put(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

void flip(const std::filesystem::path& file, std::uint64_t offset, std::uint8_t mask) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(static_cast<std::streamoff>(offset));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(static_cast<char>(byte ^ mask));
  if (byte < 0 || !stream.flush()) throw std::runtime_error("cannot flip in " + file.string());
}

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Bytes noise(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 generator(seed);
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(generator() & 0xFFU);
  return bytes;
}

std::size_t hits(const std::filesystem::path& directory, std::span<const std::byte> wanted) {
  constexpr std::size_t window = 16;
  const auto text = [](std::span<const std::byte> bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  std::unordered_set<std::string_view> windows;
  for (std::size_t at = 0; at + window <= wanted.size(); ++at) {
    windows.insert(text(wanted.subspan(at, window)));
  }
  // Most of a file is space that was reserved.
  static constexpr std::array<std::byte, window> zeros{};
  const bool seeks_zeros = windows.contains(text(zeros));
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const Bytes bytes = whole(entry.path());
    for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
      if (!seeks_zeros && std::memcmp(&bytes[at], zeros.data(), window) == 0) continue;
      found += windows.contains(text(std::span(bytes).subspan(at, window))) ? 1 : 0;
    }
  }
  return found;
}

bool contains(std::span<const std::string> lines, std::string_view text) {
  return std::ranges::any_of(
      lines, [text](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace obverse
