// A face as numbers: what a model's embedding must be like, and its small form (8-bit integers)
// that is searched, sealed and compared. Not an image, and no name: but a template identifies a
// person, so its memory is wiped when given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace obverse {

// Similarity of two faces: the cosine of their embeddings in units of 2^-22, never outside +-2^22.
using MatchScore = std::int32_t;
inline constexpr MatchScore match_score_one = 1 << 22;

// The nearest score to a cosine, for thresholds written as cosines.
constexpr MatchScore match_score(double cosine) {
  const double scaled = cosine * match_score_one;
  return static_cast<MatchScore>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

// Why an embedding was refused. Checked in this order; the first that holds is named.
enum class EmbeddingFault : std::uint8_t {
  wrong_length,  // not the model's number of dimensions
  not_finite,    // a NaN or an infinity among the numbers
  zero,          // all zero, or so small that nothing is left after rounding to 8 bits
  off_norm,      // Euclidean length differs from 1 by more than norm_tolerance
};
inline constexpr double norm_tolerance = 1e-3;
const char* explain(EmbeddingFault);

// An embedding model. Templates of different models are never compared.
struct ModelSpec {
  std::string id;            // 1 to 32 characters, as the ledger's codes
  std::uint32_t dimensions;  // 1 to dimensions_max
  float scale;               // an embedding's number times this, rounded, clipped to +-127
  friend bool operator==(const ModelSpec&, const ModelSpec&) = default;
};
inline constexpr std::uint32_t dimensions_max = 4096;

// The 512-dimensional MobileFaceNet: its numbers rarely pass 0.2, so 127/0.2.
ModelSpec mobilefacenet_512();

// Names a model inside a template (FNV-1a, 64 bits), so that another model's template is noticed.
std::uint64_t model_tag(std::string_view model_id);

// Overwrites memory in a way that the compiler keeps.
void wipe(void* memory, std::size_t bytes);

// Memory that is wiped before it is given back.
template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  explicit WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    wipe(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};
using WipedBytes = std::vector<std::int8_t, WipingAllocator<std::int8_t>>;

// Why stored bytes are no template.
enum class TemplateFault : std::uint8_t {
  wrong_version,  // not layout version 1
  wrong_model,    // of another model, or of another number of dimensions
  wrong_length,   // more or fewer bytes than the layout says
  damaged,        // a value of -128, or an inverse norm that is not that of the values
};
const char* explain(TemplateFault);

// One quantised face. Made by quantise() or from_bytes() only; then every invariant below holds.
struct Template {
  std::uint64_t model = 0;  // model_tag of its model
  std::uint32_t dimensions = 0;
  std::uint32_t inverse_norm = 0;  // round(2^31 / Euclidean length of the values), at least 1
  WipedBytes values;               // -127..127; padded with zeros to a multiple of 64

  // The vault's layout, little-endian: version (u8, 1), model (u64), dimensions (u32), inverse norm
  // (u32), then one signed byte a dimension. It has no checksum: it is stored sealed, and the seal
  // is one.
  std::vector<std::uint8_t> to_bytes() const;
  static std::expected<Template, TemplateFault> from_bytes(const ModelSpec&,
                                                           std::span<const std::uint8_t>);
  friend bool operator==(const Template&, const Template&) = default;
};

// The same bits on every machine and compiler: products of floats are exact in double, and only
// correctly rounded operations of IEEE 754 follow. Halves round up.
std::expected<Template, EmbeddingFault> quantise(const ModelSpec&, std::span<const float>);

// Score of two faces from the integer dot product of their values and their inverse norms:
// floor(floor(dot * a / 2^9) * b / 2^31), clipped to +-2^22. Never falls as dot grows. Integers
// only, so the same everywhere; a is the enrolled face's, since exchanging the two may move the
// last bit.
constexpr MatchScore score_of(std::int32_t dot, std::uint32_t inverse_norm,
                              std::uint32_t probe_inverse_norm) {
  const std::int64_t half = (std::int64_t{dot} * std::int64_t{inverse_norm}) >> 9;
  const std::int64_t whole = (half * std::int64_t{probe_inverse_norm}) >> 31;
  if (whole > match_score_one) return match_score_one;
  if (whole < -match_score_one) return -match_score_one;
  return static_cast<MatchScore>(whole);
}

}  // namespace obverse
