// What evidence is good enough: every row of S14 that is about a person, PIN counting, and
// invariants 16, 21 and 23 over generated histories.
#include "ledger/rules/people/acceptance.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>
#include <tuple>

#include "tests/rules/people/world.h"

using namespace obverse;

namespace {

const TerminalId gate{1};
const TerminalId till{2};
const Demand payment{till, Purpose::payment, party_of(MerchantId{1}), false};
const Demand entry{gate, Purpose::transit, party_of(OperatorId{1}), false};
const Demand leaving{gate, Purpose::transit, party_of(OperatorId{1}), true};

struct Scene {
  PeopleWorld world = people_world();
  RiderId rider = world.add_enrolled(Purpose::payment);

  Recognition seen() const {
    Recognition face;
    face.rider = rider;
    face.face = find(world.enrolments, rider)->last_face;
    face.model = "sface-128";
    face.scope = 100;
    face.score = 2'000'000;
    face.runner_up = 1'900'000;
    face.terminal = till;
    face.at = world.now;
    return face;
  }
  PinCheck typed(bool correct = true) const {
    return {rider, find(world.enrolments, rider)->pin.version, correct};
  }
  Judged judge_face(const Recognition& face, const Demand& demand = payment) {
    return world.judge_now({Capture::good, face, {}}, demand);
  }
  Judged judge_pin(const PinCheck& pin, const Demand& demand = payment) {
    return world.judge_now({Capture::good, {}, pin}, demand);
  }
};

bool refused(const Judged& judged, Refusal refusal) {
  return !judged.verdict && judged.verdict.error() == refusal;
}
// Nothing about anybody may be written.
bool leaves_nothing(const Judged& judged) { return judged.events.empty() && !judged.rider; }

}  // namespace

BOOST_AUTO_TEST_SUITE(acceptance)

BOOST_AUTO_TEST_CASE(a_good_face_is_accepted_with_its_evidence) {
  Scene scene;
  const Recognition face = scene.seen();
  const Judged judged = scene.judge_face(face);
  BOOST_REQUIRE(judged.verdict.has_value());
  BOOST_TEST((judged.verdict->rider == scene.rider));
  BOOST_TEST(judged.verdict->by_face);
  BOOST_TEST(!judged.verdict->by_pin);
  BOOST_TEST((judged.events == Events{FaceRecognised{face}}));
  BOOST_TEST((judged.rider == scene.rider));
}

BOOST_AUTO_TEST_CASE(bad_captures_are_remembered_without_a_person) {
  Scene scene;
  const auto see = [&](Capture capture) {
    return scene.world.judge_now({capture, scene.seen(), {}}, payment);
  };
  const Judged attack = see(Capture::attack_suspected);
  BOOST_TEST(refused(attack, Refusal::capture_must_be_live));
  BOOST_TEST((attack.events == Events{PresentationAttackDetected{till}}));
  BOOST_TEST(!attack.rider);
  const Judged covered = see(Capture::occluded);
  BOOST_TEST(refused(covered, Refusal::capture_must_be_clear));
  BOOST_TEST((covered.events == Events{CaptureRejected{till, Capture::occluded}}));
  const Judged poor = see(Capture::low_quality);
  BOOST_TEST(refused(poor, Refusal::capture_must_have_quality));
  BOOST_TEST((poor.events == Events{CaptureRejected{till, Capture::low_quality}}));
  BOOST_TEST(refused(see(Capture{9}), Refusal::capture_must_have_quality));
}

BOOST_AUTO_TEST_CASE(somebody_must_show_something) {
  Scene scene;
  const Judged judged = scene.world.judge_now({}, payment);
  BOOST_TEST(refused(judged, Refusal::recognition_must_be_present));
  BOOST_TEST(leaves_nothing(judged));
}

BOOST_AUTO_TEST_CASE(below_the_threshold_nobody_was_there) {
  Scene scene;
  const auto nobody = [&](auto change) {
    Recognition face = scene.seen();
    change(face);
    const Judged judged = scene.judge_face(face);
    return refused(judged, Refusal::recognition_must_reach_threshold) && leaves_nothing(judged);
  };
  BOOST_TEST(nobody([](Recognition& f) { f.score = 1'999'999; }));
  BOOST_TEST(nobody([](Recognition& f) { f.scope = 101; }));        // a larger search asks for more
  BOOST_TEST(nobody([](Recognition& f) { f.scope = 10'001; }));     // no row: nobody
  BOOST_TEST(nobody([](Recognition& f) { f.model = "another"; }));  // no row: nobody
  BOOST_TEST(nobody([](Recognition& f) { f.threshold = 1, f.score = 1; }));   // ours counts
  BOOST_TEST(nobody([](Recognition& f) { f.search = Search::one_to_one; }));  // scope 100 of 1
  // Not even where something else is wrong that would name the person.
  BOOST_TEST(nobody([](Recognition& f) { f.score = 0, f.at = {0}; }));
  BOOST_TEST(nobody([](Recognition& f) { f.score = 0, f.terminal = {9}; }));
  scene.world.ask(SuspendFace{scene.rider});
  BOOST_TEST(nobody([](Recognition& f) { f.score = 0; }));
}

BOOST_AUTO_TEST_CASE(thresholds_are_found_by_model_search_and_scope) {
  const Policy policy = test_policy();
  const auto of = [&](Search search, std::uint32_t scope) {
    return threshold_for(policy, "sface-128", search, scope);
  };
  BOOST_TEST((of(Search::one_to_many, 0) == Score{2'000'000}));
  BOOST_TEST((of(Search::one_to_many, 100) == Score{2'000'000}));
  BOOST_TEST((of(Search::one_to_many, 101) == Score{2'500'000}));
  BOOST_TEST((of(Search::one_to_many, 10'001) == std::nullopt));
  BOOST_TEST((of(Search::one_to_one, 1) == Score{1'500'000}));
  BOOST_TEST((threshold_for(policy, "x", Search::one_to_one, 1) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(two_alike_are_nobody) {
  Scene scene;
  Recognition face = scene.seen();
  face.runner_up = 1'900'001;
  const Judged judged = scene.judge_face(face);
  BOOST_TEST(refused(judged, Refusal::recognition_must_be_unambiguous));
  BOOST_TEST(leaves_nothing(judged));
  face.runner_up = std::numeric_limits<Score>::min();
  BOOST_TEST(scene.judge_face(face).verdict.has_value());
  face.runner_up.reset();
  BOOST_TEST(scene.judge_face(face).verdict.has_value());
  // One person was asked for, so nobody else stood for comparison.
  face.search = Search::one_to_one;
  face.scope = 1;
  face.runner_up = face.score;
  BOOST_TEST(scene.judge_face(face).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(evidence_is_bound_to_terminal_and_moment) {
  Scene scene;
  Recognition face = scene.seen();
  face.terminal = gate;
  const Judged elsewhere = scene.judge_face(face);
  BOOST_TEST(refused(elsewhere, Refusal::recognition_must_be_of_this_terminal));
  BOOST_TEST((elsewhere.rider == scene.rider));
  BOOST_TEST(elsewhere.events.empty());
  face = scene.seen();
  scene.world.now = scene.world.now + seconds(5);
  BOOST_TEST(scene.judge_face(face).verdict.has_value());
  scene.world.now = scene.world.now + milliseconds(1);
  BOOST_TEST(refused(scene.judge_face(face), Refusal::recognition_must_be_fresh));
  face.at = scene.world.now + milliseconds(1);
  BOOST_TEST(refused(scene.judge_face(face), Refusal::recognition_must_be_fresh));
}

BOOST_AUTO_TEST_CASE(evidence_speaks_of_the_face_enrolled_now) {
  Scene scene;
  Recognition face = scene.seen();
  face.rider = {77};
  const Judged unknown = scene.judge_face(face);
  BOOST_TEST(refused(unknown, Refusal::rider_must_be_registered));
  BOOST_TEST(leaves_nothing(unknown));
  face.rider = scene.world.add_rider();
  BOOST_TEST(refused(scene.judge_face(face), Refusal::face_must_be_enrolled));
  face = scene.seen();
  scene.world.enrol(scene.rider);
  BOOST_TEST(refused(scene.judge_face(face), Refusal::recognition_must_be_of_current_face));
  face = scene.seen();
  BOOST_TEST(scene.judge_face(face).verdict.has_value());
  scene.world.ask(SuspendFace{scene.rider});
  BOOST_TEST(refused(scene.judge_face(face), Refusal::face_must_not_be_suspended));
  scene.world.ask(EraseRider{scene.rider}, false);
  BOOST_TEST(refused(scene.judge_face(face), Refusal::face_must_not_be_erased));
}

BOOST_AUTO_TEST_CASE(another_model_with_a_row_of_its_own_is_not_the_enrolled_face) {
  Scene scene;
  Policy policy = test_policy();
  policy.thresholds.push_back({"other", Search::one_to_many, 1'000, 1'000'000});
  scene.world.ask(PublishPolicy{policy});
  Recognition face = scene.seen();
  face.model = "other";
  BOOST_TEST(refused(scene.judge_face(face), Refusal::recognition_must_be_of_current_face));
}

BOOST_AUTO_TEST_CASE(the_right_face_without_consent_is_refused_by_name_only) {
  Scene scene;
  Recognition face = scene.seen();
  face.terminal = gate;
  const Judged judged = scene.judge_face(face, entry);
  BOOST_TEST(refused(judged, Refusal::consent_must_be_in_force));
  BOOST_TEST((judged.rider == scene.rider));
  BOOST_TEST(judged.events.empty());
  // A face needs consent on the way out too; a PIN does not (invariant 31).
  BOOST_TEST(refused(scene.judge_face(face, leaving), Refusal::consent_must_be_in_force));
  scene.world.set_pin(scene.rider);
  BOOST_TEST(refused(scene.judge_pin(scene.typed(), entry), Refusal::consent_must_be_in_force));
  BOOST_TEST(scene.judge_pin(scene.typed(), leaving).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_suspended_or_erased_person_leaves_by_pin) {
  Scene scene;
  scene.world.set_pin(scene.rider);
  scene.world.ask(WithdrawConsent{scene.rider, Purpose::payment, {}}, true);
  Recognition face = scene.seen();
  face.terminal = gate;
  BOOST_TEST(refused(scene.judge_face(face, leaving), Refusal::face_must_not_be_suspended));
  BOOST_TEST(scene.judge_pin(scene.typed(), leaving).verdict.has_value());
  scene.world.settle({finish_erasure(scene.world.enrolments, scene.rider, false), Done{}});
  BOOST_TEST(scene.judge_pin(scene.typed(), leaving).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_child_needs_its_guardian) {
  Scene scene;
  const RiderId kid = scene.world.add_rider(Category::child, scene.rider);
  scene.world.set_pin(kid);
  BOOST_TEST(refused(scene.judge_pin({kid, {1}, true}), Refusal::guardian_must_consent));
  scene.world.consent(kid, Purpose::payment);
  BOOST_TEST(scene.judge_pin({kid, {1}, true}).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_pin_is_checked_and_counted) {
  Scene scene;
  const Judged unset = scene.judge_pin({scene.rider, {0}, true});
  BOOST_TEST(refused(unset, Refusal::pin_must_be_set));
  BOOST_TEST(refused(scene.judge_pin({{77}, {1}, true}), Refusal::rider_must_be_registered));
  scene.world.set_pin(scene.rider);
  BOOST_TEST(refused(scene.judge_pin({scene.rider, {2}, true}), Refusal::pin_must_be_current));
  const Judged right = scene.judge_pin(scene.typed());
  BOOST_TEST((right.events == Events{PinVerified{scene.rider, {1}, till}}));
  BOOST_TEST(right.verdict->by_pin);
  BOOST_TEST(!right.verdict->by_face);
  const Judged wrong = scene.judge_pin(scene.typed(false));
  BOOST_TEST(refused(wrong, Refusal::pin_must_be_correct));
  BOOST_TEST((wrong.events == Events{PinFailed{scene.rider, till, 1}}));
  BOOST_TEST((wrong.rider == scene.rider));
}

// S18: three wrong PINs lock, and the third says so.
BOOST_AUTO_TEST_CASE(the_third_wrong_pin_in_a_row_locks) {
  Scene scene;
  scene.world.set_pin(scene.rider);
  scene.judge_pin(scene.typed(false));
  scene.judge_pin(scene.typed(false));
  scene.judge_pin(scene.typed());
  scene.judge_pin(scene.typed(false));
  BOOST_TEST(refused(scene.judge_pin(scene.typed(false)), Refusal::pin_must_be_correct));
  const Judged third = scene.judge_pin(scene.typed(false));
  BOOST_TEST(refused(third, Refusal::pin_must_not_be_locked));
  BOOST_TEST((third.events == Events{PinFailed{scene.rider, till, 3}, PinLocked{scene.rider}}));
  const Judged late = scene.judge_pin(scene.typed());
  BOOST_TEST(refused(late, Refusal::pin_must_not_be_locked));
  BOOST_TEST(late.events.empty());
  scene.world.ask(ResetPin{scene.rider, {4}});
  BOOST_TEST(scene.judge_pin(scene.typed()).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(face_and_pin_are_of_one_person) {
  Scene scene;
  scene.world.set_pin(scene.rider);
  const RiderId other = scene.world.add_enrolled(Purpose::payment);
  scene.world.set_pin(other);
  const Judged both = scene.world.judge_now({Capture::good, scene.seen(), scene.typed()}, payment);
  BOOST_REQUIRE(both.verdict.has_value());
  BOOST_TEST((both.verdict->by_face && both.verdict->by_pin));
  BOOST_TEST(both.events.size() == 2U);
  // Whatever was typed for the other one does not count against them.
  const Judged mixed =
      scene.world.judge_now({Capture::good, scene.seen(), PinCheck{other, {1}, false}}, payment);
  BOOST_TEST(refused(mixed, Refusal::pin_must_be_of_same_person));
  BOOST_TEST(mixed.events.empty());
  BOOST_TEST(int{find(scene.world.enrolments, other)->pin.failures} == 0);
}

// Invariant 23, against an oracle that only counts.
BOOST_AUTO_TEST_CASE(invariant_23_consecutive_failures_lock) {
  BOOST_TEST(rc::check("failures in a row lock; a success or a reset zeroes", [] {
    Scene scene;
    scene.world.set_pin(scene.rider);
    const int limit = test_policy().pin_failures_max;
    int in_a_row = 0;
    for (const int what : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
      if (what == 0) {
        scene.world.ask(ResetPin{scene.rider, {4}});
        in_a_row = 0;
      } else if (what == 1) {
        scene.world.set_pin(scene.rider);
      } else {
        const bool was_locked = in_a_row >= limit;
        const bool correct = what < 4;
        const Judged judged = scene.judge_pin(scene.typed(correct));
        if (!was_locked) in_a_row = correct ? 0 : in_a_row + 1;
        RC_ASSERT(judged.verdict.has_value() == (correct && !was_locked));
      }
      RC_ASSERT(find(scene.world.enrolments, scene.rider)->pin.locked == (in_a_row >= limit));
    }
  }));
}

// Invariants 16 and 21, against an oracle that folds only consent events: nobody is accepted
// without a consent for that purpose and party, and nobody who was not singled out.
BOOST_AUTO_TEST_CASE(invariants_16_and_21_acceptance_needs_consent_and_one_person) {
  using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>;
  BOOST_TEST(rc::check("who is accepted has consented and was singled out", [] {
    Scene scene;
    scene.world.set_pin(scene.rider);
    std::set<std::pair<Purpose, Party>> given{{Purpose::payment, Party{}}};
    const std::vector<Party> parties{Party{}, party_of(OperatorId{1}), party_of(MerchantId{1}),
                                     party_of(MerchantId{2})};
    for (const auto& [kind, a, b, c] : *rc::gen::arbitrary<std::vector<Step>>()) {
      const Purpose purpose = a % 2 ? Purpose::payment : Purpose::transit;
      const Party party = parties[b % parties.size()];
      Events events;
      if (kind % 4 == 0) {
        scene.world.consent(scene.rider, purpose, party);
        given.insert({purpose, party});
      } else if (kind % 4 == 1) {
        events = scene.world.ask(WithdrawConsent{scene.rider, purpose, party}, c % 2).events;
        if (!events.empty()) given.erase({purpose, party});
      } else if (kind % 8 == 2) {
        scene.world.enrol(scene.rider);
      } else {
        Recognition face = scene.seen();
        face.score = 1'999'950 + c;
        face.runner_up = 1'900'100;
        const bool by_pin = kind % 3 == 0;
        const Demand demand{till, purpose, party, false};
        const Judged judged =
            by_pin ? scene.judge_pin(scene.typed(), demand) : scene.judge_face(face, demand);
        if (!judged.verdict) continue;
        RC_ASSERT(given.contains({purpose, party}) || given.contains({purpose, Party{}}));
        RC_ASSERT(by_pin || (face.score >= 2'000'000 && face.score - *face.runner_up >= 100'000));
        RC_ASSERT(by_pin || is_matchable(scene.world.enrolments, scene.rider));
      }
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
