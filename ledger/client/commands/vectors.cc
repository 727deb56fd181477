#include "ledger/client/commands/vectors.h"

#include <fstream>

#include "ledger/client/commands/settings.h"

namespace obverse {

std::string read_vector(const std::filesystem::path& file, std::size_t row,
                        std::size_t dimensions) {
  const std::size_t bytes = dimensions * 4;
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw CommandFailed(Ended::usage,
                        "cannot read the face vectors in " + file.string() + ": check the path");
  std::string vector(bytes, '\0');
  in.seekg(static_cast<std::streamoff>(row * bytes));
  in.read(vector.data(), static_cast<std::streamsize>(bytes));
  if (static_cast<std::size_t>(in.gcount()) != bytes)
    throw CommandFailed(Ended::usage, file.string() + " has no row " + std::to_string(row) +
                                          " of " + std::to_string(dimensions) +
                                          " float32: check --row and the model");
  return vector;
}

}  // namespace obverse
