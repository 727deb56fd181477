// Reads the embeddings of ../shared/data/faces (see its README): rows of float32 beside a CSV. For
// faces.cc and its test.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace obverse {

struct FaceRow {
  std::uint64_t person = 0;  // the number in "P0123", or in "s1"
  int image = 0;
  bool usable = true;           // not label_suspect; for a degraded probe: a face was found
  std::uint32_t clean_row = 0;  // degraded probes only: the row of the same photo, undegraded
  std::size_t vector = 0;       // its place among the vectors; an unfound face has none
};

struct FaceSet {
  std::uint32_t dimensions = 512;
  std::vector<FaceRow> rows;
  std::vector<float> numbers;
  std::span<const float> embedding(const FaceRow& row) const {
    return std::span(numbers).subspan(row.vector * dimensions, dimensions);
  }
};

// By the environment's OBVERSE_SHARED, else ../shared.
inline std::filesystem::path shared_folder() {
  const char* told = std::getenv("OBVERSE_SHARED");
  return told && *told ? told : "../shared";
}

inline std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  return fields;
}

// name: "lfw_512", "lfw_512_probe_mask", ... Throws std::runtime_error if the two files are not
// there or disagree.
inline FaceSet read_faces(const std::filesystem::path& embeddings, const std::string& name) {
  FaceSet set;
  std::ifstream table(embeddings / (name + ".csv"));
  std::string line;
  if (!std::getline(table, line)) throw std::runtime_error("cannot read " + name + ".csv");
  std::map<std::string, std::size_t> column;
  for (const std::string& field : csv_fields(line)) column.emplace(field, column.size());
  std::size_t vectors = 0;
  while (std::getline(table, line)) {
    const std::vector<std::string> fields = csv_fields(line);
    const auto number = [&](const char* wanted, unsigned long otherwise) {
      const auto found = column.find(wanted);
      return found == column.end() ? otherwise : std::stoul(fields.at(found->second));
    };
    FaceRow row;
    row.person = std::stoul(fields.at(column.at("person_id")).substr(1));
    row.image = static_cast<int>(number("img_no", 0));
    row.usable = number("label_suspect", 0) == 0 && number("face_found", 1) == 1;
    row.clean_row = static_cast<std::uint32_t>(number("clean_row", 0));
    if (number("face_found", 1) == 1) {
      row.vector = number("row", 0);
      vectors = std::max(vectors, row.vector + 1);
    }
    set.rows.push_back(row);
  }
  std::ifstream floats(embeddings / (name + ".f32"), std::ios::binary);
  set.numbers.resize(vectors * set.dimensions);
  floats.read(reinterpret_cast<char*>(set.numbers.data()),
              static_cast<std::streamsize>(set.numbers.size() * sizeof(float)));
  if (!floats) throw std::runtime_error(name + ".f32 is shorter than its table");
  return set;
}

}  // namespace obverse
