// What is refused as an embedding and as stored bytes, and that quantising is exact and the same
// everywhere.
#include <cmath>
#include <limits>
#include <string>

#include "matcher/embedding.h"
#include "tests/matcher/made_faces.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(quantising)

namespace {

const ModelSpec model = made_model(64);

EmbeddingFault fault_of(const std::vector<float>& embedding) {
  const auto face = quantise(model, embedding);
  BOOST_REQUIRE(!face.has_value());
  return face.error();
}

std::vector<float> good() { return made_embedding(64, 1, 1); }

std::vector<float> good_with(std::size_t place, float number) {
  std::vector<float> embedding = good();
  embedding[place] = number;
  return embedding;
}

std::vector<float> good_times(float factor) {
  std::vector<float> embedding = good();
  for (float& number : embedding) number *= factor;
  return embedding;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_fault_is_named) {
  BOOST_TEST(quantise(model, good()).has_value());
  BOOST_TEST((fault_of({}) == EmbeddingFault::wrong_length));
  BOOST_TEST((fault_of(std::vector<float>(63, 0.125F)) == EmbeddingFault::wrong_length));
  BOOST_TEST((fault_of(std::vector<float>(65, 0.125F)) == EmbeddingFault::wrong_length));
  for (const std::size_t place : {0U, 31U, 63U}) {
    const float infinity = std::numeric_limits<float>::infinity();
    BOOST_TEST((fault_of(good_with(place, std::nanf(""))) == EmbeddingFault::not_finite));
    BOOST_TEST((fault_of(good_with(place, infinity)) == EmbeddingFault::not_finite));
    BOOST_TEST((fault_of(good_with(place, -infinity)) == EmbeddingFault::not_finite));
  }
  BOOST_TEST((fault_of(std::vector<float>(64, 0.0F)) == EmbeddingFault::zero));
  BOOST_TEST((fault_of(std::vector<float>(64, -0.0F)) == EmbeddingFault::zero));
  BOOST_TEST((fault_of(good_with(3, 1e30F)) == EmbeddingFault::off_norm));
  BOOST_TEST((fault_of(good_times(1e-30F)) == EmbeddingFault::off_norm));
}

BOOST_AUTO_TEST_CASE(the_norm_may_be_off_by_a_thousandth) {
  BOOST_TEST(quantise(model, good_times(1.0009F)).has_value());
  BOOST_TEST(quantise(model, good_times(0.9991F)).has_value());
  BOOST_TEST((fault_of(good_times(1.0011F)) == EmbeddingFault::off_norm));
  BOOST_TEST((fault_of(good_times(0.9989F)) == EmbeddingFault::off_norm));
}

BOOST_AUTO_TEST_CASE(what_rounds_to_nothing_is_zero) {
  const ModelSpec coarse{"coarse", 64, 0.1F};
  const auto face = quantise(coarse, good());
  BOOST_REQUIRE(!face.has_value());
  BOOST_TEST((face.error() == EmbeddingFault::zero));
}

BOOST_AUTO_TEST_CASE(values_round_half_up_and_clip) {
  const ModelSpec four{"four", 4, 10.0F};
  // 0.25 and 0.05 are not what they look like in binary: 0.25 is, so 2.5 rounds up to 3.
  const float rest = std::sqrt(1 - 2 * 0.0625F - 0.01F);
  const Template face = quantise(four, std::vector<float>{0.25F, -0.25F, rest, 0.1F}).value();
  BOOST_TEST(int{face.values[0]} == 3);
  BOOST_TEST(int{face.values[1]} == -2);
  BOOST_TEST(int{face.values[2]} == 9);
  BOOST_TEST(int{face.values[3]} == 1);
  BOOST_TEST(face.values.size() == 64U);
  const ModelSpec steep{"steep", 4, 1000.0F};
  const Template clipped = quantise(steep, std::vector<float>{0.6F, -0.8F, 0, 0}).value();
  BOOST_TEST(int{clipped.values[0]} == 127);
  BOOST_TEST(int{clipped.values[1]} == -127);
  // round(2^31 / sqrt(127^2 + 127^2))
  BOOST_TEST(clipped.inverse_norm == 11956695U);
}

BOOST_AUTO_TEST_CASE(a_score_is_the_cosine) {
  const ModelSpec large = made_model(512);
  for (std::uint64_t photo = 0; photo < 20; ++photo) {
    const auto one = made_embedding(512, 1, photo);
    const auto other = made_embedding(512, 1 + photo % 3, photo + 100);
    double cosine = 0;
    for (std::size_t i = 0; i < 512; ++i) cosine += double{one[i]} * double{other[i]};
    const Template a = quantise(large, one).value();
    const Template b = quantise(large, other).value();
    std::int32_t dot = 0;
    for (std::size_t i = 0; i < 512; ++i) dot += a.values[i] * b.values[i];
    const MatchScore score = score_of(dot, a.inverse_norm, b.inverse_norm);
    BOOST_TEST(std::fabs(score / double{match_score_one} - cosine) < 0.01);
    // Rounded down twice: which face is the probe may move the last bit.
    BOOST_TEST(std::abs(score - score_of(dot, b.inverse_norm, a.inverse_norm)) <= 2);
  }
  BOOST_TEST(score_of(2, 1U << 31, 1U << 31) == match_score_one);
  BOOST_TEST(score_of(-2, 1U << 31, 1U << 31) == -match_score_one);
}

BOOST_AUTO_TEST_CASE(bytes_come_back_as_the_same_template) {
  for (const std::uint32_t dimensions : {1U, 3U, 64U, 100U, 512U}) {
    const ModelSpec spec = made_model(dimensions);
    const Template face = made_face(spec, 5, 1);
    const auto bytes = face.to_bytes();
    BOOST_TEST(bytes.size() == 17U + dimensions);
    BOOST_TEST(int{bytes[0]} == 1);
    BOOST_TEST((Template::from_bytes(spec, bytes).value() == face));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_template_are_refused) {
  const auto bytes = made_face(model, 5, 1).to_bytes();
  const auto fault = [](const ModelSpec& spec, std::vector<std::uint8_t> stored) {
    const auto face = Template::from_bytes(spec, stored);
    BOOST_REQUIRE(!face.has_value());
    return face.error();
  };
  auto changed = bytes;
  changed[0] = 2;
  BOOST_TEST((fault(model, changed) == TemplateFault::wrong_version));
  BOOST_TEST((fault(model, {}) == TemplateFault::wrong_length));
  changed = bytes;
  changed.pop_back();
  BOOST_TEST((fault(model, changed) == TemplateFault::wrong_length));
  changed = bytes;
  changed.push_back(0);
  BOOST_TEST((fault(model, changed) == TemplateFault::wrong_length));
  BOOST_TEST((fault(made_model(65), bytes) == TemplateFault::wrong_model));
  BOOST_TEST((fault({"another", 64, model.scale}, bytes) == TemplateFault::wrong_model));
  for (std::size_t place = 13; place < bytes.size(); place += 7) {
    changed = bytes;
    changed[place] ^= 0x15;
    BOOST_TEST((fault(model, changed) == TemplateFault::damaged), "byte " << place);
  }
  changed = bytes;
  changed[20] = 0x80;
  BOOST_TEST((fault(model, changed) == TemplateFault::damaged));
}

// No message holds a number of the embedding; each fault has its own.
BOOST_AUTO_TEST_CASE(every_fault_can_be_said) {
  const std::vector<std::string> said{
      explain(EmbeddingFault::wrong_length), explain(EmbeddingFault::not_finite),
      explain(EmbeddingFault::zero),         explain(EmbeddingFault::off_norm),
      explain(TemplateFault::wrong_version), explain(TemplateFault::wrong_model),
      explain(TemplateFault::wrong_length),  explain(TemplateFault::damaged)};
  BOOST_TEST((std::set<std::string>(said.begin(), said.end()).size() == said.size()));
}

BOOST_AUTO_TEST_CASE(memory_is_wiped) {
  std::vector<std::uint8_t> secret(100, 7);
  wipe(secret.data(), secret.size());
  BOOST_TEST((secret == std::vector<std::uint8_t>(100, 0)));
}

BOOST_AUTO_TEST_SUITE_END()
