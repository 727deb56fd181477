// Power comes back: the data directory is what the platter kept, and perhaps some of what was being
// written when it went.
#pragma once

#include <filesystem>
#include <random>

namespace obverse::mortal {

// `tears`: sectors of 512 bytes that were written and not synced may have reached the medium, each
// by itself, and where a write was under way there may be garbage.
void power_returns(const std::filesystem::path& live, const std::filesystem::path& platter,
                   bool tears, std::mt19937_64& random);

// Holes stay holes.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace obverse::mortal
