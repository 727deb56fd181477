// Real faces: the README's error rates, and nobody taken for another. Skipped, and says so, where
// the shared data is absent. benchmarks/faces.cc counts more.
#include <cmath>
#include <iostream>

#include "benchmarks/face_trials.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(faces)

namespace {

struct SharedFaces {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    const auto wanted = shared_folder() / "data" / "faces" / "emb" / "lfw_512.csv";
    boost::test_tools::assertion_result here(std::filesystem::exists(wanted));
    here.message() << "SKIPPED: no face embeddings in the shared folder (OBVERSE_SHARED)";
    if (!here) std::cout << "SKIPPED: no face embeddings in the shared folder (OBVERSE_SHARED)\n";
    return here;
  }
};

struct BundledFaces {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result here(std::filesystem::exists("ops/demo/orl_faces.csv"));
    here.message() << "SKIPPED: not started in the repository's root";
    if (!here) std::cout << "SKIPPED: not started in the repository's root\n";
    return here;
  }
};

const Photos& photos() {
  static const Photos read(read_faces(shared_folder() / "data" / "faces" / "emb", "lfw_512"));
  return read;
}

}  // namespace

BOOST_AUTO_TEST_CASE(non_match_rates_are_the_stated_ones,
                     *boost::unit_test::label("exhaustive") *
                         boost::unit_test::precondition(SharedFaces{})) {
  const auto stated = stated_rates(shared_folder() / "data" / "faces" / "README.md");
  BOOST_TEST_REQUIRE(stated.size() == 3U);
  const auto pairs = genuine_pairs(photos());
  for (const StatedRate& rate : stated) {
    double missed = 0;
    double missed_by_integers = 0;
    for (const auto& [one, other] : pairs) {
      const FaceSet& set = photos().faces;
      missed += cosine(set.embedding(set.rows[one]), set.embedding(set.rows[other])) < rate.cosine;
      missed_by_integers +=
          integer_score(photos().face(one), photos().face(other)) < match_score(rate.cosine);
    }
    const double whole = static_cast<double>(pairs.size()) / 100;
    BOOST_TEST(std::fabs(missed / whole - rate.fnmr_percent) <= 0.0051);
    BOOST_TEST(std::fabs(missed_by_integers - missed) / whole <= 0.05);
  }
}

BOOST_AUTO_TEST_CASE(nobody_is_taken_for_another,
                     *boost::unit_test::label("exhaustive") *
                         boost::unit_test::precondition(SharedFaces{})) {
  FaceTrials gallery(photos(), false);
  const ModelPolicy policy = shipped_policy();
  std::vector<Trial> trials{gallery.clean()};
  for (const char* name : {"mask", "lowres", "dim"}) {
    trials.push_back(gallery.degraded(name, read_faces(shared_folder() / "data" / "faces" / "emb",
                                                       std::string("lfw_512_probe_") + name)));
  }
  for (const Trial& trial : trials) {
    BOOST_TEST_CONTEXT(trial.name) {
      BOOST_TEST(trial.mated.size() > 700U);
      const Decided enrolled = decided(trial.mated, policy);
      BOOST_TEST(enrolled.wrong == 0U);
      BOOST_TEST(decided(trial.strangers, policy).wrong == 0U);
      if (trial.name == "clean") BOOST_TEST(enrolled.right * 10 > trial.mated.size() * 7);
    }
  }
}

// Negative control: the count above does see wrong people where the policy lets them through.
BOOST_AUTO_TEST_CASE(a_lax_policy_is_caught, *boost::unit_test::precondition(SharedFaces{})) {
  FaceTrials gallery(photos(), false);
  const ModelPolicy lax{mobilefacenet_512().id, {{100000, match_score(0.45)}}, 0, 0};
  BOOST_TEST(decided(gallery.clean().strangers, lax).wrong > 0U);
}

// The people whose embeddings come with the repository: what ops/demo/README.md says of them.
BOOST_AUTO_TEST_CASE(the_bundled_people, *boost::unit_test::precondition(BundledFaces{})) {
  const Photos bundled(read_faces("ops/demo", "orl_faces"));
  const ModelPolicy policy = shipped_policy();
  Matcher matcher(mobilefacenet_512());
  const auto templates = [&](const std::vector<std::size_t>& rows) {
    return std::vector{bundled.face(rows[0]), bundled.face(rows[1]), bundled.face(rows[2])};
  };
  for (const auto& [person, rows] : bundled.all) matcher.enrol({person, 1}, templates(rows), 1);
  BOOST_TEST(matcher.people() == 20U);
  std::vector<Searched> mated;
  std::vector<Searched> strangers;
  for (const auto& [person, rows] : bundled.all) {
    for (std::size_t i = 3; i < rows.size(); ++i) {
      mated.push_back({person, rows[i], matcher.identify(bundled.face(rows[i]))});
    }
    matcher.remove(person, 1);
    for (const std::size_t row : rows) {
      strangers.push_back({person, row, matcher.identify(bundled.face(row))});
    }
    matcher.enrol({person, 1}, templates(rows), 1);
  }
  const Decided enrolled = decided(mated, policy);
  BOOST_TEST(enrolled.right == 137U);
  BOOST_TEST(enrolled.wrong == 0U);
  BOOST_TEST(enrolled.ambiguous == 0U);
  BOOST_TEST(enrolled.below == 3U);
  BOOST_TEST(strangers.size() == 200U);
  BOOST_TEST(decided(strangers, policy).wrong == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
