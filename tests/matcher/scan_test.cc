// The scan against comparing one by one, over galleries with holes, negative scores and ties, on
// every kernel.
#include "matcher/scan.h"

#include "matcher/kernels/choose.h"
#include "tests/matcher/made_faces.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(scanning)

namespace {

MatchScore one_by_one(const Template& probe, const Template& enrolled) {
  std::int32_t dot = 0;
  for (std::size_t i = 0; i < probe.dimensions; ++i) dot += probe.values[i] * enrolled.values[i];
  return score_of(dot, enrolled.inverse_norm, probe.inverse_norm);
}

struct Enrolled {
  PersonLabel label;
  std::vector<Template> faces;
};

void agrees(const std::vector<Enrolled>& people, const Gallery& gallery, const Template& probe) {
  TopTwo expected;
  for (const Enrolled& person : people) {
    for (const Template& face : person.faces) {
      expected.offer(person.label, one_by_one(probe, face));
    }
  }
  const Gallery::Reading reading(gallery);
  for (const Kernel* kernel : kernels_present()) {
    TopTwo top;
    scan(reading.faces(), *kernel, ScanProbe(probe), 0, reading.faces().groups(), top);
    BOOST_REQUIRE(top.best() == expected.best());
    BOOST_REQUIRE(top.score() == expected.score());
    BOOST_REQUIRE(top.runner_up() == expected.runner_up());
    for (const Enrolled& person : people) {
      MatchScore best = -match_score_one;
      for (const Template& face : person.faces) best = std::max(best, one_by_one(probe, face));
      const Seat* seat = reading.faces().find(person.label.value);
      BOOST_REQUIRE(compare(reading.faces(), *kernel, ScanProbe(probe), *seat) == best);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_scan_is_exact_with_holes_and_every_length) {
  for (const std::uint32_t dimensions : {1U, 2U, 3U, 4U, 5U, 31U, 64U, 130U}) {
    const ModelSpec model = made_model(dimensions);
    Gallery gallery(dimensions);
    std::vector<Enrolled> people;
    for (std::uint64_t person = 1; person <= 60; ++person) {
      Enrolled enrolled{{person, 1}, {}};
      // Few directions, so that scores are often equal, and often all negative.
      for (std::uint64_t photo = 0; photo <= person % 3; ++photo) {
        enrolled.faces.push_back(made_face(model, person % 7, photo % 2));
      }
      gallery.enrol(enrolled.label, enrolled.faces, person);
      people.push_back(enrolled);
    }
    for (std::uint64_t person = 5; person <= 60; person += 5) {
      gallery.remove(person, 100);
      std::erase_if(people, [&](const Enrolled& one) { return one.label.value == person; });
    }
    for (std::uint64_t probe = 0; probe < 30; ++probe) {
      agrees(people, gallery, made_face(model, probe % 11, probe));
    }
  }
}

// Both signs of every score, nobody, one, two: where a bound on a group's scores could go wrong.
BOOST_AUTO_TEST_CASE(small_galleries_of_opposite_faces) {
  const ModelSpec model = made_model(8);
  for (std::uint32_t people_count = 0; people_count < 4; ++people_count) {
    Gallery gallery(8);
    std::vector<Enrolled> people;
    std::vector<float> turned = made_embedding(8, 1, 1);
    for (float& number : turned) number = -number;
    for (std::uint32_t person = 1; person <= people_count; ++person) {
      people.push_back({{person, 3}, {quantise(model, turned).value()}});
      gallery.enrol(people.back().label, people.back().faces, person);
      turned = made_embedding(8, 1, person + 1, 0.1);
      for (float& number : turned) number = -number;
    }
    agrees(people, gallery, made_face(model, 1, 1));
    agrees(people, gallery, quantise(model, turned).value());
  }
}

// Spiky faces are clipped, so their norms differ widely; full groups, and nobody like the probe.
BOOST_AUTO_TEST_CASE(full_groups_of_negative_scores_and_uneven_norms) {
  const ModelSpec model = made_model(16);
  std::mt19937_64 random(99);
  for (int turn = 0; turn < 150; ++turn) {
    const std::vector<float> towards = made_embedding(16, 1, random());
    const Template probe = quantise(model, towards).value();
    Gallery gallery(16);
    std::vector<Enrolled> people;
    while (people.size() < 64) {
      std::vector<float> away(16);
      for (std::size_t i = 0; i < 16; ++i) {
        away[i] = -towards[i] * static_cast<float>(random() % 4);
      }
      away[random() % 16] += random() % 2 == 0 ? 3.0F : -3.0F;
      float squares = 0;
      for (const float number : away) squares += number * number;
      for (float& number : away) number /= std::sqrt(squares);
      const Template face = quantise(model, away).value();
      if (one_by_one(probe, face) >= 0) continue;
      people.push_back({{people.size() + 1, 1}, {face}});
      gallery.enrol(people.back().label, people.back().faces, 1);
    }
    agrees(people, gallery, probe);
  }
}

// The lowest label comes last: a group that could only draw level must be looked at.
BOOST_AUTO_TEST_CASE(of_equal_faces_the_lowest_label_even_if_it_comes_last) {
  const ModelSpec model = made_model(16);
  Gallery gallery(16);
  std::vector<Enrolled> people;
  for (std::uint64_t label = 100; label > 60; --label) {
    people.push_back({{label, 1}, {made_face(model, 1, 1)}});
    gallery.enrol(people.back().label, people.back().faces, 1);
    agrees(people, gallery, made_face(model, 1, 1));
    agrees(people, gallery, made_face(model, 2, 2));
  }
}

BOOST_AUTO_TEST_CASE(a_group_of_fewer_than_sixteen_has_no_ghosts) {
  const ModelSpec model = made_model(16);
  Gallery gallery(16);
  std::vector<float> turned = made_embedding(16, 1, 1);
  for (float& number : turned) number = -number;
  gallery.enrol({4, 1}, std::vector{quantise(model, turned).value()}, 1);
  const Gallery::Reading reading(gallery);
  TopTwo top;
  scan(reading.faces(), *scalar_kernel(), ScanProbe(made_face(model, 1, 1)), 0, 1, top);
  BOOST_TEST(top.best().value().value == 4U);
  BOOST_TEST(top.score() < 0);
  BOOST_TEST(!top.runner_up().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
