// Face vectors from a file: rows of float32, little-endian, no header, as an embedding model writes
// them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace obverse {

// The bytes of one row of `dimensions` float32; throws CommandFailed naming the file where there is
// no such row.
std::string read_vector(const std::filesystem::path&, std::size_t row, std::size_t dimensions);

}  // namespace obverse
