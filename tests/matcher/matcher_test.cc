// The door: answers are the same on every kernel and with any number of threads, and stay right
// while people come and go.
#include "matcher/matcher.h"

#include <rapidcheck.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "matcher/kernels/choose.h"
#include "tests/matcher/made_faces.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(matching)

namespace {

const ModelSpec model = made_model(32);

std::vector<Template> faces_of(std::uint64_t person, std::size_t count = 2) {
  std::vector<Template> faces;
  for (std::size_t i = 0; i < count; ++i) faces.push_back(made_face(model, person, i));
  return faces;
}

void fill(Matcher& matcher, std::uint64_t people, std::size_t templates) {
  for (std::uint64_t person = 1; person <= people; ++person) {
    matcher.enrol({person, 1}, faces_of(person, templates), person);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_empty_gallery_knows_nobody) {
  const Matcher matcher(model);
  const Identification found = matcher.identify(made_face(model, 1, 1));
  BOOST_TEST((found == Identification{}));
  BOOST_TEST((matcher.verify(made_face(model, 1, 1), 1) == Verification{}));
  BOOST_TEST(matcher.people() == 0U);
}

BOOST_AUTO_TEST_CASE(one_to_many_and_one_to_one) {
  Matcher matcher(model);
  fill(matcher, 50, 3);
  matcher.enrol({7, 9}, faces_of(7, 1), 60);
  matcher.reached(88);
  const Template probe = made_face(model, 7, 0);
  const Identification found = matcher.identify(probe);
  BOOST_TEST((found.best == PersonLabel{7, 9}));
  BOOST_TEST(found.score >= match_score_one - 2);
  BOOST_TEST(found.runner_up.value() < found.score);
  BOOST_TEST(found.scope == 50U);
  BOOST_TEST(found.gallery == 88U);
  const Verification same = matcher.verify(probe, 7);
  BOOST_TEST((same == Verification{true, 9, found.score, 88}));
  BOOST_TEST(matcher.verify(probe, 8).score < found.score);
  BOOST_TEST(!matcher.verify(probe, 51).enrolled);
  matcher.remove(7, 90);
  BOOST_TEST((matcher.verify(probe, 7) == Verification{.gallery = 90}));
  BOOST_TEST(matcher.identify(probe).best.value().value != 7U);
  BOOST_TEST(matcher.identify(probe).score == found.runner_up.value());
  BOOST_TEST(matcher.people() == 49U);
  BOOST_TEST(matcher.templates() == 49U * 3);
}

BOOST_AUTO_TEST_CASE(what_it_is_made_of_is_checked) {
  BOOST_CHECK_THROW(Matcher(model, "abacus"), std::invalid_argument);
  BOOST_CHECK_THROW(Matcher(model, "", 0), std::invalid_argument);
  BOOST_CHECK_THROW(Matcher(ModelSpec{"", 32, 1.0F}), std::invalid_argument);
  BOOST_CHECK_THROW(Matcher(ModelSpec{"x", 0, 1.0F}), std::invalid_argument);
  BOOST_CHECK_THROW(Matcher(ModelSpec{"x", dimensions_max + 1, 1.0F}), std::invalid_argument);
  BOOST_CHECK_THROW(Matcher(ModelSpec{"x", 32, 0.0F}), std::invalid_argument);
  const Matcher scalar(model, "scalar");
  BOOST_TEST(scalar.kernel() == "scalar");
  BOOST_TEST(Matcher(model).kernel() == kernels_present().front()->name);
  BOOST_TEST((scalar.model() == model));
}

BOOST_AUTO_TEST_CASE(templates_of_another_model_are_refused) {
  Matcher matcher(model);
  const ModelSpec other{"another", 32, model.scale};
  const ModelSpec longer{model.id, 33, model.scale};
  for (const ModelSpec& wrong : {other, longer}) {
    const std::vector<Template> faces{made_face(wrong, 1, 1)};
    BOOST_CHECK_THROW(matcher.enrol({1, 1}, faces, 1), std::invalid_argument);
    BOOST_CHECK_THROW(matcher.identify(faces[0]), std::invalid_argument);
    BOOST_CHECK_THROW(matcher.verify(faces[0], 1), std::invalid_argument);
  }
  BOOST_CHECK_THROW(matcher.identify(Template{}), std::invalid_argument);
  BOOST_CHECK_THROW(matcher.enrol({1, 1}, {}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(matcher.enrol({1, 1}, faces_of(1, templates_per_person_max + 1), 1),
                    std::invalid_argument);
  BOOST_TEST(matcher.people() == 0U);
  matcher.enrol({1, 1}, faces_of(1, templates_per_person_max), 1);
  BOOST_TEST(matcher.templates() == templates_per_person_max);
}

// Enough templates for a scan to be divided among threads.
BOOST_AUTO_TEST_CASE(every_kernel_and_any_number_of_threads_give_the_same_answer) {
  std::vector<std::unique_ptr<Matcher>> matchers;
  for (const Kernel* kernel : kernels_present()) {
    for (const unsigned threads : {1U, 2U, 5U}) {
      matchers.push_back(std::make_unique<Matcher>(model, kernel->name, threads));
      fill(*matchers.back(), 1500, 2);
    }
  }
  const bool held = rc::check("same answer everywhere", [&] {
    const auto person = *rc::gen::inRange<std::uint64_t>(1, 2000);
    const auto photo = *rc::gen::inRange<std::uint64_t>(0, 50);
    const Template probe = made_face(model, person, photo);
    const Identification expected = matchers.front()->identify(probe);
    RC_ASSERT(expected.best.has_value());
    for (const auto& matcher : matchers) RC_ASSERT(matcher->identify(probe) == expected);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(somebody_else_never_changes_ones_own_score) {
  const bool held = rc::check("adding an unrelated person", [] {
    Matcher matcher(model);
    fill(matcher, *rc::gen::inRange<std::uint64_t>(1, 40), 2);
    const auto person = *rc::gen::inRange<std::uint64_t>(1, 60);
    const Template probe = made_face(model, person, 1000);
    const Verification own = matcher.verify(probe, person);
    const Identification among = matcher.identify(probe);
    matcher.enrol({1000, 1}, faces_of(*rc::gen::inRange<std::uint64_t>(100, 200)), 50);
    const Verification own_then = matcher.verify(probe, person);
    RC_ASSERT(own_then.score == own.score && own_then.enrolled == own.enrolled);
    const Identification then = matcher.identify(probe);
    RC_ASSERT(then.score >= among.score);
    RC_ASSERT(then.best == among.best || then.best->value == 1000U);
    matcher.remove(1000, 51);
    const Identification last = matcher.identify(probe);
    RC_ASSERT(last.best == among.best && last.score == among.score);
    RC_ASSERT(last.runner_up == among.runner_up);
  });
  BOOST_TEST(held);
}

// One writer, several searchers. Person n is enrolled at position 2n and, 12 persons later, removed
// at an odd position: so the position that an answer names says exactly how many people were
// searched.
BOOST_AUTO_TEST_CASE(searches_stay_right_while_people_come_and_go) {
  constexpr std::uint64_t last = 1500;
  constexpr std::uint64_t stay = 12;
  Matcher matcher(model, "", 2);
  fill(matcher, 0, 0);
  std::vector<Template> probes;
  for (std::uint64_t person = 0; person <= last; ++person) {
    probes.push_back(made_face(model, person, 0));
  }
  std::atomic<std::uint64_t> enrolled{0};
  std::atomic<std::uint64_t> removal_begun{0};
  std::atomic<std::uint64_t> removed{0};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> searches{0};
  std::atomic<std::uint64_t> found_count{0};
  std::array<std::atomic<int>, 4> wrong{};  // erased returned, enrolled missed, scope, verification
  const auto search = [&](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    while (!stop) {
      const std::uint64_t removed_before = removed.load();
      const std::uint64_t enrolled_before = enrolled.load();
      if (enrolled_before == 0) continue;
      const std::uint64_t low = removed_before < 3 ? 1 : removed_before - 2;
      const std::uint64_t person = low + random() % (enrolled_before - low + 1);
      const Identification found = matcher.identify(probes[person]);
      const Verification own = matcher.verify(probes[person], person);
      const bool removal_not_begun = removal_begun.load() < person;
      ++searches;
      if (found.best && found.best->value <= removed_before) ++wrong[0];
      if (person <= removed_before && own.enrolled) ++wrong[3];
      if (removal_not_begun) {
        ++found_count;
        if (found.best != PersonLabel{person, static_cast<std::uint32_t>(person)}) ++wrong[1];
        if (!own.enrolled || own.score < match_score_one - 2) ++wrong[3];
      }
      const std::uint64_t at = found.gallery;
      const std::uint64_t count = at % 2 == 1 ? stay : at / 2 > stay ? stay + 1 : at / 2;
      if (found.scope != count) ++wrong[2];
    }
  };
  std::vector<std::jthread> searchers;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) searchers.emplace_back(search, seed);
  for (std::uint64_t person = 1; person <= last; ++person) {
    matcher.enrol({person, static_cast<std::uint32_t>(person)}, faces_of(person), 2 * person);
    enrolled = person;
    if (person <= stay) continue;
    removal_begun = person - stay;
    matcher.remove(person - stay, 2 * person + 1);
    removed = person - stay;
  }
  // On a busy machine the searchers may hardly have run yet.
  while (searches.load() < 200) std::this_thread::yield();
  stop = true;
  searchers.clear();
  BOOST_TEST(wrong[0].load() == 0, "an erased person was returned");
  BOOST_TEST(wrong[1].load() == 0, "an enrolled person was missed");
  BOOST_TEST(wrong[2].load() == 0, "an answer's position and scope disagree");
  BOOST_TEST(wrong[3].load() == 0, "a verification was wrong");
  BOOST_TEST(found_count.load() > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
