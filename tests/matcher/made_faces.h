// Faces made from a seed, for tests: unit vectors around a person's own direction. Nobody's.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "matcher/embedding.h"

namespace obverse {

inline ModelSpec made_model(std::uint32_t dimensions = 64) {
  // The 8 bits hold three standard deviations of a unit vector's numbers.
  return {"made-faces", dimensions,
          static_cast<float>(127 / 3.0 * std::sqrt(static_cast<double>(dimensions)))};
}

inline std::vector<float> made_embedding(std::uint32_t dimensions, std::uint64_t person,
                                         std::uint64_t photo, double noise = 0.5) {
  std::mt19937_64 own(person * 2 + 1);
  std::mt19937_64 other(person * 1000003 + photo * 7919 + 17);
  std::normal_distribution<double> normal;
  std::vector<double> numbers(dimensions);
  double squares = 0;
  for (double& number : numbers) {
    number = normal(own) + noise * normal(other);
    squares += number * number;
  }
  std::vector<float> embedding;
  for (const double number : numbers) {
    embedding.push_back(static_cast<float>(number / std::sqrt(squares)));
  }
  return embedding;
}

inline Template made_face(const ModelSpec& model, std::uint64_t person, std::uint64_t photo,
                          double noise = 0.5) {
  return quantise(model, made_embedding(model.dimensions, person, photo, noise)).value();
}

}  // namespace obverse
