// Every kernel this machine has gives the reference's bits; the reference gives what a plain sum
// over plain rows gives.
#include <array>
#include <cstdint>
#include <iostream>
#include <random>
#include <stdexcept>
#include <vector>

#include "matcher/kernels/choose.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(kernels)

namespace {

struct alignas(64) Line {
  std::array<std::uint8_t, kernel_line_bytes> bytes;
};

// Sixteen templates and a probe of one length, as rows and as lines.
struct Case {
  explicit Case(std::uint32_t length)
      : rows(kernel_lanes, std::vector<std::int8_t>(length)),
        probe((length + 3) / 4 * 4, 0),
        lines((length + 3) / 4),
        dimensions(length) {}

  void pack() {
    for (Line& line : lines) line.bytes.fill(kernel_zero);
    for (std::size_t lane = 0; lane < kernel_lanes; ++lane) {
      for (std::size_t i = 0; i < dimensions; ++i) {
        lines[i / 4].bytes[lane * 4 + i % 4] =
            static_cast<std::uint8_t>(rows[lane][i] + kernel_zero);
      }
    }
  }

  std::array<std::int32_t, kernel_lanes> dots(const Kernel& kernel) const {
    std::int32_t sum = 0;
    for (const std::int8_t value : probe) sum += value;
    const KernelProbe lanes{probe.data(), static_cast<std::uint32_t>(lines.size()), sum};
    std::array<std::int32_t, kernel_lanes> out;
    out.fill(-1);
    const auto* first = lines.front().bytes.data();
    kernel.dot(first, lanes, first, out.data());
    return out;
  }

  std::array<std::int32_t, kernel_lanes> plain_dots() const {
    std::array<std::int32_t, kernel_lanes> out{};
    for (std::size_t lane = 0; lane < kernel_lanes; ++lane) {
      for (std::size_t i = 0; i < dimensions; ++i) out[lane] += rows[lane][i] * probe[i];
    }
    return out;
  }

  std::vector<std::vector<std::int8_t>> rows;
  std::vector<std::int8_t> probe;
  std::vector<Line> lines;
  std::size_t dimensions;
};

Case random_case(std::uint32_t length, std::mt19937& random) {
  Case made(length);
  std::uniform_int_distribution<int> value(-128, 127);
  for (auto& row : made.rows) {
    for (auto& number : row) number = static_cast<std::int8_t>(value(random));
  }
  for (std::size_t i = 0; i < length; ++i) made.probe[i] = static_cast<std::int8_t>(value(random));
  made.pack();
  return made;
}

// The extremes that saturating or sign-confused arithmetic gets wrong.
Case extreme_case(std::uint32_t length, std::int8_t faces, std::int8_t probe) {
  Case made(length);
  for (auto& row : made.rows) row.assign(length, faces);
  for (std::size_t i = 0; i < length; ++i) made.probe[i] = probe;
  made.pack();
  return made;
}

// False, and says so, if this CPU has not the kernel: its cases are then skipped, not passed.
bool present_or_skipped(std::string_view name) {
  for (const Kernel* kernel : kernels_present()) {
    if (kernel->name == name) return true;
  }
  return false;
}

struct Present {
  std::string_view name;
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result here(present_or_skipped(name));
    here.message() << "SKIPPED: this CPU, or this build, has no kernel " << name;
    if (!here) std::cout << "SKIPPED: no kernel " << name << " on this CPU or in this build\n";
    return here;
  }
};

void equals_plain_sums(std::string_view name) {
  const Kernel& kernel = *choose_kernel(name);
  std::mt19937 random(20240607);
  std::size_t compared = 0;
  for (std::uint32_t length = 1; length <= 600; ++length) {
    for (int turn = 0; turn < 3; ++turn) {
      const Case made = random_case(length, random);
      BOOST_REQUIRE_MESSAGE(made.dots(kernel) == made.plain_dots(),
                            name << " differs at length " << length);
      ++compared;
    }
    for (const int faces : {-128, -127, 127, 0}) {
      for (const int probe : {-128, 127, 1}) {
        const Case made =
            extreme_case(length, static_cast<std::int8_t>(faces), static_cast<std::int8_t>(probe));
        BOOST_REQUIRE_MESSAGE(made.dots(kernel) == made.plain_dots(),
                              name << " differs at the extremes, length " << length);
        ++compared;
      }
    }
  }
  BOOST_TEST(compared == 600U * 15);
}

}  // namespace

BOOST_AUTO_TEST_CASE(scalar_is_the_plain_sum, *boost::unit_test::label("exhaustive")) {
  equals_plain_sums("scalar");
}

BOOST_AUTO_TEST_CASE(avx2_gives_the_same_bits,
                     *boost::unit_test::label("exhaustive") *
                         boost::unit_test::precondition(Present{"avx2"})) {
  equals_plain_sums("avx2");
}

BOOST_AUTO_TEST_CASE(avx512_gives_the_same_bits,
                     *boost::unit_test::label("exhaustive") *
                         boost::unit_test::precondition(Present{"avx512"})) {
  equals_plain_sums("avx512");
}

BOOST_AUTO_TEST_CASE(the_greatest_length_does_not_overflow) {
  for (const Kernel* kernel : kernels_present()) {
    for (const int faces : {-128, 127}) {
      for (const int probe : {-128, 127}) {
        const Case made = extreme_case(4 * kernel_quads_max, static_cast<std::int8_t>(faces),
                                       static_cast<std::int8_t>(probe));
        BOOST_TEST((made.dots(*kernel) == made.plain_dots()), kernel->name);
      }
    }
  }
}

// Negative control: the comparison above sees a kernel that is wrong by one in one lane at one
// length.
BOOST_AUTO_TEST_CASE(a_wrong_kernel_would_be_seen) {
  static const Kernel wrong{"wrong", [](const std::uint8_t* lines, const KernelProbe& probe,
                                        const std::uint8_t* ahead, std::int32_t* dots) {
                              scalar_kernel()->dot(lines, probe, ahead, dots);
                              if (probe.quads == 77) dots[5] += 1;
                            }};
  std::mt19937 random(1);
  const Case touched = random_case(77 * 4 - 1, random);
  BOOST_TEST((touched.dots(wrong) != touched.plain_dots()));
  const Case untouched = random_case(76 * 4, random);
  BOOST_TEST((untouched.dots(wrong) == untouched.plain_dots()));
}

BOOST_AUTO_TEST_CASE(the_best_is_chosen_and_any_can_be_forced) {
  BOOST_TEST(choose_kernel("") == kernels_present().front());
  for (const Kernel* kernel : kernels_present()) BOOST_TEST(choose_kernel(kernel->name) == kernel);
  BOOST_TEST(kernels_present().back() == scalar_kernel());
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_refused_with_the_choices) {
  try {
    choose_kernel("abacus");
    BOOST_FAIL("accepted");
  } catch (const std::invalid_argument& refused) {
    const std::string said = refused.what();
    BOOST_TEST(said.find("abacus") != std::string::npos);
    BOOST_TEST(said.find("scalar") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
