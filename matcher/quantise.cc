// From an embedding's floats to small integers and back from the vault's bytes. Every refusal is
// decided here.
#include <cmath>
#include <cstring>

#include "matcher/embedding.h"

namespace obverse {
namespace {

constexpr std::uint8_t layout_version = 1;
constexpr std::size_t header_bytes = 1 + 8 + 4 + 4;
constexpr std::size_t padding = 64;

template <class Number>
void put(std::vector<std::uint8_t>& bytes, Number number) {
  for (unsigned shift = 0; shift < 8 * sizeof(Number); shift += 8) {
    bytes.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

template <class Number>
Number get(std::span<const std::uint8_t> bytes, std::size_t offset) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(Number{bytes[offset + i]} << (8 * i));
  }
  return number;
}

// 0 if all values are 0.
std::uint32_t inverse_norm_of(const WipedBytes& values) {
  std::uint64_t squares = 0;
  for (const std::int8_t value : values) squares += static_cast<std::uint64_t>(value * value);
  if (squares == 0) return 0;
  return static_cast<std::uint32_t>(
      std::floor(2147483648.0 / std::sqrt(static_cast<double>(squares)) + 0.5));
}

Template blank(const ModelSpec& model) {
  Template face;
  face.model = model_tag(model.id);
  face.dimensions = model.dimensions;
  face.values.assign((model.dimensions + padding - 1) / padding * padding, 0);
  return face;
}

}  // namespace

const char* explain(EmbeddingFault fault) {
  switch (fault) {
    case EmbeddingFault::wrong_length:
      return "the embedding has not the model's number of dimensions";
    case EmbeddingFault::not_finite:
      return "the embedding holds a NaN or an infinity";
    case EmbeddingFault::zero:
      return "the embedding is zero";
    case EmbeddingFault::off_norm:
      return "the embedding's length is not 1 (within 0.001)";
  }
  return "unknown embedding fault";
}

const char* explain(TemplateFault fault) {
  switch (fault) {
    case TemplateFault::wrong_version:
      return "the template's layout version is not known";
    case TemplateFault::wrong_model:
      return "the template is of another model";
    case TemplateFault::wrong_length:
      return "the template has too few or too many bytes";
    case TemplateFault::damaged:
      return "the template's numbers contradict each other";
  }
  return "unknown template fault";
}

ModelSpec mobilefacenet_512() { return {"mobilefacenet-512", 512, 635.0F}; }

std::uint64_t model_tag(std::string_view model_id) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char letter : model_id) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 1099511628211U;
  }
  return hash;
}

void wipe(void* memory, std::size_t bytes) {
  std::memset(memory, 0, bytes);
  asm volatile("" : : "r"(memory) : "memory");
}

std::expected<Template, EmbeddingFault> quantise(const ModelSpec& model,
                                                 std::span<const float> embedding) {
  if (embedding.size() != model.dimensions) return std::unexpected(EmbeddingFault::wrong_length);
  double squares = 0;
  for (const float number : embedding) {
    if (!std::isfinite(number)) return std::unexpected(EmbeddingFault::not_finite);
    squares += double{number} * double{number};
  }
  if (squares == 0) return std::unexpected(EmbeddingFault::zero);
  if (std::fabs(std::sqrt(squares) - 1) > norm_tolerance) {
    return std::unexpected(EmbeddingFault::off_norm);
  }
  Template face = blank(model);
  for (std::size_t i = 0; i < embedding.size(); ++i) {
    const double scaled = std::floor(double{embedding[i]} * double{model.scale} + 0.5);
    face.values[i] = static_cast<std::int8_t>(scaled > 127 ? 127 : scaled < -127 ? -127 : scaled);
  }
  face.inverse_norm = inverse_norm_of(face.values);
  if (face.inverse_norm == 0) return std::unexpected(EmbeddingFault::zero);
  return face;
}

std::vector<std::uint8_t> Template::to_bytes() const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(header_bytes + dimensions);
  put(bytes, layout_version);
  put(bytes, model);
  put(bytes, dimensions);
  put(bytes, inverse_norm);
  for (std::size_t i = 0; i < dimensions; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(values[i]));
  }
  return bytes;
}

std::expected<Template, TemplateFault> Template::from_bytes(const ModelSpec& model_spec,
                                                            std::span<const std::uint8_t> bytes) {
  if (bytes.size() < header_bytes) return std::unexpected(TemplateFault::wrong_length);
  if (bytes[0] != layout_version) return std::unexpected(TemplateFault::wrong_version);
  Template face = blank(model_spec);
  if (get<std::uint64_t>(bytes, 1) != face.model ||
      get<std::uint32_t>(bytes, 9) != face.dimensions) {
    return std::unexpected(TemplateFault::wrong_model);
  }
  if (bytes.size() != header_bytes + face.dimensions) {
    return std::unexpected(TemplateFault::wrong_length);
  }
  for (std::size_t i = 0; i < face.dimensions; ++i) {
    face.values[i] = static_cast<std::int8_t>(bytes[header_bytes + i]);
    if (face.values[i] == -128) return std::unexpected(TemplateFault::damaged);
  }
  face.inverse_norm = get<std::uint32_t>(bytes, 13);
  if (face.inverse_norm == 0 || face.inverse_norm != inverse_norm_of(face.values)) {
    return std::unexpected(TemplateFault::damaged);
  }
  return face;
}

}  // namespace obverse
