// Faces from outside: the floats of a probe, and the bytes of a template out of the vault.
#include <cmath>
#include <cstring>

#include "matcher/embedding.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

// Few dimensions, so that a byte more or less decides; scale and rounding as the product's.
ModelSpec small_model() { return {"fuzz-16", 16, 300.0F}; }

std::vector<float> floats_of(std::string_view bytes) {
  std::vector<float> numbers(bytes.size() / sizeof(float));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

void normalise(std::vector<float>& numbers) {
  double squares = 0;
  for (float& number : numbers) {
    if (!std::isfinite(number) || std::fabs(number) > 1e18F) number = 1;
    squares += double{number} * double{number};
  }
  if (squares == 0) return;
  const double length = std::sqrt(squares);
  for (float& number : numbers) number = static_cast<float>(double{number} / length);
}

void hold_template(const ModelSpec& model, const Template& face) {
  const auto bytes = face.to_bytes();
  const auto back = Template::from_bytes(model, bytes);
  hold(back && *back == face, "a template comes back");
  std::int32_t dot = 0;
  for (const std::int8_t value : face.values) {
    hold(value != -128, "values are in range");
    dot += value * value;
  }
  const MatchScore own = score_of(dot, face.inverse_norm, face.inverse_norm);
  hold(own > match_score_one - 64 && own <= match_score_one, "a face is like itself");
}

// A probe is refused for what is wrong with it, or becomes a template of its own face.
void probe(Input input) {
  const ModelSpec model = small_model();
  Tap tap(input);
  const bool make_whole = tap.pick(1) == 1;
  std::string bytes = tap.rest();
  if (make_whole) bytes.resize(model.dimensions * sizeof(float));
  auto numbers = floats_of(bytes);
  if (make_whole) normalise(numbers);
  double squares = 0;
  bool finite = true;
  for (const float number : numbers) {
    finite = finite && std::isfinite(number);
    squares += double{number} * double{number};
  }
  const auto face = quantise(model, numbers);
  const bool whole = numbers.size() == model.dimensions && finite &&
                     std::fabs(std::sqrt(squares) - 1) <= norm_tolerance;
  const bool is_taken = face.has_value() || (is_broken_as("probe-any-norm") && finite);
  hold(!is_taken || whole, "only a unit vector of the model's length is taken");
  if (face) hold_template(model, *face);
  if (!face) hold(std::string_view(explain(face.error())).find("embedding") == 4, "and said why");
}

std::vector<std::string> probe_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    std::vector<float> numbers;
    for (const char each : noise(seed, 16)) numbers.push_back(static_cast<float>(each));
    normalise(numbers);
    std::string bytes(reinterpret_cast<const char*>(numbers.data()), 64);
    out.push_back(std::string(1, '\0').append(bytes));
    out.push_back(std::string(1, '\1').append(noise(seed, 64)));
  }
  const float nan = std::nanf("");
  std::string bad = out.front();
  std::memcpy(bad.data() + 1, &nan, sizeof nan);
  out.push_back(bad);
  out.push_back(std::string(65, '\0'));
  return out;
}

std::expected<Template, TemplateFault> read_template(const ModelSpec& model, Input bytes) {
  if (is_broken_as("template-cut") && bytes.size() > 17U + model.dimensions)
    bytes = bytes.first(17U + model.dimensions);
  return Template::from_bytes(model, bytes);
}

// A template has one spelling, and its model's.
void template_bytes(Input input) {
  const ModelSpec model = small_model();
  const auto face = read_template(model, input);
  if (!face) {
    hold(std::string_view(explain(face.error())).find("template") == 4, "a refusal says why");
    return;
  }
  const auto bytes = face->to_bytes();
  hold(text_of(bytes) == text_of(input), "a template has one spelling");
  hold_template(model, *face);
  const ModelSpec other{"fuzz-17", 16, 300.0F};
  hold(!Template::from_bytes(other, input), "it is of its own model only");
}

std::vector<std::string> template_seeds() {
  std::vector<std::string> out;
  for (const std::string& seed : probe_seeds()) {
    const auto face = quantise(small_model(), floats_of(std::string_view(seed).substr(1)));
    if (!face) continue;
    const auto bytes = face->to_bytes();
    out.emplace_back(text_of(bytes));
    out.push_back(out.back() + "\1");
    out.push_back(out.back().substr(0, 20));
  }
  return out;
}

}  // namespace

std::vector<Target> matcher_targets() {
  return {
      {"probe",
       "a unit vector becomes a template, all else is refused",
       512,
       probe,
       probe_seeds,
       {"probe-any-norm"}},
      {"template_bytes",
       "a template has one spelling",
       128,
       template_bytes,
       template_seeds,
       {"template-cut"}},
  };
}

}  // namespace obverse::fuzz
