// Evidence besides a face that is searched and a PIN: a comparison one to one, a code, people who
// look alike, staff who vouch; invariants 16, 18 and 23 of them over generated histories.
#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "ledger/rules/people/credentials.h"
#include "tests/rules/people/world.h"

using namespace obverse;

namespace {

const TerminalId gate{1};
const TerminalId till{2};
const TerminalId desk{4};
const Demand payment{till, Purpose::payment, party_of(MerchantId{1}), false};
const Demand entry{gate, Purpose::transit, party_of(OperatorId{1}), false};
const Demand leaving{gate, Purpose::transit, party_of(OperatorId{1}), true};

struct Scene {
  PeopleWorld world = people_world();
  RiderId bob = person();
  RiderId ben = person();
  DeviceId phone{std::get<Registered>(world.ask(LinkDevice{bob, digest_of(1)}).reply).id};
  std::uint64_t serial = 0;

  RiderId person() {
    const RiderId rider = world.add_enrolled(Purpose::payment);
    world.consent(rider, Purpose::transit);
    world.set_pin(rider);
    return rider;
  }
  Recognition seen(RiderId rider, TerminalId at, Search search = Search::one_to_many) const {
    Recognition face;
    face.rider = rider;
    face.face = find(world.enrolments, rider)->last_face;
    face.model = "sface-128";
    face.search = search;
    face.scope = search == Search::one_to_one ? 1 : 100;
    face.score = 2'000'000;
    face.terminal = at;
    face.at = world.now;
    return face;
  }
  Presence face(RiderId rider, TerminalId at, Search search = Search::one_to_many) const {
    return {Capture::good, seen(rider, at, search), {}};
  }
  Presence compared(RiderId rider, Score score) const {
    Presence shown = face(rider, till, Search::one_to_one);
    shown.face->score = score;
    return shown;
  }
  PinCheck pin(RiderId rider, bool correct = true) const {
    return {rider, find(world.enrolments, rider)->pin.version, correct};
  }
  TokenCheck code(TokenPurpose purpose = TokenPurpose::ride, std::uint64_t bound = 0) {
    return {{bob, phone, ++serial, purpose, bound, world.now, world.now + seconds(60)}, true};
  }
  Presence with_code(const TokenCheck& token) const {
    Presence shown;
    shown.token = token;
    return shown;
  }
  LookalikeId twins() {
    return {std::get<Registered>(world.ask(FormLookalikeGroup{desk, {bob, ben}}).reply).id};
  }
  Judged judge(const Presence& shown, const Demand& demand) {
    return world.judge_now(shown, demand);
  }
};

bool refused(const Judged& judged, Refusal refusal) {
  return !judged.verdict && judged.verdict.error() == refusal;
}

// Whether the number of a person stands anywhere in these events.
bool names(const Events& events, RiderId rider) {
  return std::ranges::any_of(events, [&](const Event& event) {
    return std::visit(
        [&](const auto& fact) {
          if constexpr (requires { fact.evidence.rider; }) return fact.evidence.rider == rider;
          if constexpr (requires { fact.rider == rider; }) return fact.rider == rider;
          return false;
        },
        event);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(evidence)

// S13: the matcher could not tell two people apart.
BOOST_AUTO_TEST_CASE(an_ambiguous_face_names_nobody_and_a_pin_does) {
  Scene scene;
  Presence shown;
  shown.ambiguous = Ambiguity{2};
  const Judged alone = scene.judge(shown, payment);
  BOOST_TEST(refused(alone, Refusal::recognition_must_be_unambiguous));
  BOOST_TEST((alone.events == Events{FaceAmbiguous{till, 2, {}}}));
  BOOST_TEST(!alone.rider);
  shown.pin = scene.pin(scene.bob);
  const Judged typed = scene.judge(shown, payment);
  BOOST_REQUIRE(typed.verdict.has_value());
  BOOST_TEST((typed.verdict->rider == scene.bob));
  BOOST_TEST((!typed.verdict->by_face && typed.verdict->by_pin));
  BOOST_TEST(!names(typed.events, scene.ben));
  // A face beside it counts for as little.
  shown.face = scene.seen(scene.ben, till);
  const Judged both = scene.judge(shown, payment);
  BOOST_TEST((both.verdict->rider == scene.bob && !both.verdict->by_face));
  BOOST_TEST(!names(both.events, scene.ben));
}

BOOST_AUTO_TEST_CASE(lookalikes_are_always_asked_who_they_are) {
  Scene scene;
  BOOST_TEST(scene.judge(scene.face(scene.bob, till), payment).verdict.has_value());
  const LookalikeId group = scene.twins();
  for (const Search search : {Search::one_to_many, Search::one_to_one}) {
    const Judged alone = scene.judge(scene.face(scene.bob, till, search), payment);
    BOOST_TEST(refused(alone, Refusal::recognition_must_be_unambiguous));
    BOOST_TEST((alone.events == Events{FaceAmbiguous{till, 2, group}}));
    BOOST_TEST(!alone.rider);
  }
  // Whichever of them the matcher thought of, the PIN says who it is.
  for (const RiderId seen : {scene.bob, scene.ben}) {
    Presence shown = scene.face(seen, till);
    shown.pin = scene.pin(scene.bob);
    const Judged typed = scene.judge(shown, payment);
    BOOST_REQUIRE(typed.verdict.has_value());
    BOOST_TEST((typed.verdict->rider == scene.bob));
    BOOST_TEST((typed.verdict->by_face == (seen == scene.bob)));
    BOOST_TEST(!names(typed.events, scene.ben));
  }
  // Somebody else's PIN names neither of them.
  Presence shown = scene.face(scene.bob, till);
  shown.pin = scene.pin(scene.person(), false);
  const Judged stranger = scene.judge(shown, payment);
  BOOST_TEST(refused(stranger, Refusal::pin_must_be_of_same_person));
  BOOST_TEST((stranger.events.empty() && !stranger.rider));
  scene.world.ask(DissolveLookalikeGroup{desk, group});
  BOOST_TEST(scene.judge(scene.face(scene.bob, till), payment).verdict.has_value());
}

// S14: the tenth in a row locks, and says so.
BOOST_AUTO_TEST_CASE(the_tenth_comparison_in_a_row_that_fails_locks) {
  Scene scene;
  const auto fail = [&] { return scene.judge(scene.compared(scene.bob, 1'499'999), payment); };
  for (std::uint8_t failures = 1; failures < 10; ++failures) {
    const Judged judged = fail();
    BOOST_TEST(refused(judged, Refusal::face_must_match_claim));
    BOOST_TEST((judged.events == Events{FaceVerificationFailed{scene.bob, till, failures}}));
    BOOST_TEST((judged.rider == scene.bob));
  }
  const Judged tenth = fail();
  BOOST_TEST(refused(tenth, Refusal::face_must_not_be_locked));
  BOOST_TEST(
      (tenth.events == Events{FaceVerificationFailed{scene.bob, till, 10}, FaceLocked{scene.bob}}));
  for (const Search search : {Search::one_to_one, Search::one_to_many}) {
    const Judged late = scene.judge(scene.face(scene.bob, till, search), payment);
    BOOST_TEST(refused(late, Refusal::face_must_not_be_locked));
    BOOST_TEST(late.events.empty());
  }
  Presence typed;
  typed.pin = scene.pin(scene.bob);
  BOOST_TEST(scene.judge(typed, payment).verdict.has_value());  // the PIN is another matter
  scene.world.ask(UnlockFace{scene.bob, desk});
  BOOST_TEST(scene.judge(scene.face(scene.bob, till), payment).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_comparison_that_succeeds_zeroes_and_a_search_does_not_count) {
  Scene scene;
  scene.judge(scene.compared(scene.bob, 0), payment);
  BOOST_TEST(int{credential_of(scene.world.enrolments, scene.bob).face_failures} == 1);
  scene.judge(scene.face(scene.bob, till), payment);
  BOOST_TEST(int{credential_of(scene.world.enrolments, scene.bob).face_failures} == 1);
  const Judged alike = scene.judge(scene.compared(scene.bob, 1'500'000), payment);
  BOOST_REQUIRE(alike.verdict.has_value());
  BOOST_TEST(
      (alike.events == Events{FaceRecognised{scene.compared(scene.bob, 1'500'000).face.value()},
                              FaceVerified{scene.bob, till}}));
  BOOST_TEST(int{credential_of(scene.world.enrolments, scene.bob).face_failures} == 0);
}

// What is stale, or of another terminal, is no try of anybody.
BOOST_AUTO_TEST_CASE(only_a_bound_comparison_counts) {
  Scene scene;
  Presence shown = scene.compared(scene.bob, 0);
  shown.face->terminal = gate;
  BOOST_TEST(refused(scene.judge(shown, payment), Refusal::recognition_must_be_of_this_terminal));
  shown = scene.compared(scene.bob, 0);
  shown.face->at.ms -= 5'001;
  BOOST_TEST(refused(scene.judge(shown, payment), Refusal::recognition_must_be_fresh));
  BOOST_TEST(scene.world.enrolments.credentials.at(scene.bob).face_failures == 0);
}

BOOST_AUTO_TEST_CASE(whose_template_is_their_own_is_never_searched_for) {
  Scene scene;
  for (const Custody custody : {Custody::device_held, Custody::rider_key}) {
    scene.world.ask(ChooseCustody{scene.bob, custody});
    scene.world.enrol(scene.bob);
    const Judged searched = scene.judge(scene.face(scene.bob, till), payment);
    BOOST_TEST(refused(searched, Refusal::face_must_be_compared_one_to_one));
    BOOST_TEST((searched.events.empty() && !searched.rider));
    BOOST_TEST(
        scene.judge(scene.face(scene.bob, till, Search::one_to_one), payment).verdict.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_code_lets_its_owner_in_and_out_once) {
  Scene scene;
  const TokenCheck token = scene.code();
  const Judged in = scene.judge(scene.with_code(token), entry);
  BOOST_REQUIRE(in.verdict.has_value());
  BOOST_TEST((in.verdict->rider == scene.bob && in.verdict->by_token && !in.verdict->by_face));
  BOOST_TEST((in.events == Events{TokenAccepted{scene.bob, scene.phone, 1, TokenPurpose::ride, gate,
                                                scene.world.now, token.token.expires}}));
  const Judged again = scene.judge(scene.with_code(token), leaving);
  BOOST_TEST(refused(again, Refusal::token_must_not_be_used));
  BOOST_TEST((again.rider == scene.bob));
  BOOST_TEST(scene.judge(scene.with_code(scene.code()), leaving).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_forged_code_is_nobodys) {
  Scene scene;
  TokenCheck forged = scene.code();
  forged.genuine = false;
  const Judged judged = scene.judge(scene.with_code(forged), entry);
  BOOST_TEST(refused(judged, Refusal::token_must_be_genuine));
  BOOST_TEST((judged.events.empty() && !judged.rider));
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_one_thing) {
  Scene scene;
  const auto shown = [&](TokenPurpose purpose, const Demand& demand) {
    return scene.judge(scene.with_code(scene.code(purpose, 5)), demand);
  };
  BOOST_TEST(refused(shown(TokenPurpose::ride, payment), Refusal::token_must_fit_purpose));
  BOOST_TEST(refused(shown(TokenPurpose::leave, entry), Refusal::token_must_fit_purpose));
  BOOST_TEST(refused(shown(TokenPurpose::confirm, entry), Refusal::token_must_fit_purpose));
  BOOST_TEST(refused(shown(TokenPurpose::session, leaving), Refusal::token_must_fit_purpose));
  BOOST_TEST(shown(TokenPurpose::leave, leaving).verdict.has_value());
  const Judged confirmed = shown(TokenPurpose::confirm, payment);
  BOOST_REQUIRE(confirmed.verdict.has_value());
  BOOST_TEST((confirmed.verdict->confirms == StepUpId{5}));
}

BOOST_AUTO_TEST_CASE(face_code_and_pin_speak_of_one_person) {
  Scene scene;
  Presence shown = scene.with_code(scene.code());
  shown.face = scene.seen(scene.ben, gate, Search::one_to_one);
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::token_must_be_of_same_person));
  shown.face.reset();
  shown.pin = scene.pin(scene.ben, false);
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::pin_must_be_of_same_person));
  BOOST_TEST(int{find(scene.world.enrolments, scene.ben)->pin.failures} == 0);
  shown.pin.reset();
  shown.face = scene.seen(scene.bob, gate, Search::one_to_one);
  const Judged one = scene.judge(shown, entry);
  BOOST_REQUIRE(one.verdict.has_value());
  BOOST_TEST((one.verdict->by_face && one.verdict->by_token));
}

// S30: the phone's codes and the PIN are gone, the face is not.
BOOST_AUTO_TEST_CASE(after_a_lost_phone_only_the_face_is_good) {
  Scene scene;
  scene.world.ask(ReportDeviceLost{scene.bob, scene.phone});
  BOOST_TEST(refused(scene.judge(scene.with_code(scene.code()), entry),
                     Refusal::token_must_not_be_revoked));
  BOOST_TEST(refused(scene.judge(scene.with_code(scene.code(TokenPurpose::confirm, 1)), payment),
                     Refusal::token_must_not_be_revoked));
  Presence typed;
  typed.pin = scene.pin(scene.bob);
  BOOST_TEST(refused(scene.judge(typed, entry), Refusal::pin_must_be_set_anew));
  scene.world.ask(ResetPin{scene.bob, desk});  // unlocks, and brings nothing back
  BOOST_TEST(refused(scene.judge(typed, entry), Refusal::pin_must_be_set_anew));
  BOOST_TEST(scene.judge(scene.face(scene.bob, gate), entry).verdict.has_value());
  scene.world.set_pin(scene.bob);
  typed.pin = scene.pin(scene.bob);
  BOOST_TEST(scene.judge(typed, entry).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(staff_vouch_for_one_passage) {
  Scene scene;
  scene.judge(scene.compared(scene.bob, 0), payment);
  const auto vouch = [&] {
    scene.world.settle(
        {{ManualOverrideGranted{{77}, scene.bob, gate, {8}, {9}, scene.world.now + minutes(2)}},
         Done{}});
  };
  Presence shown;
  shown.vouched = OverrideId{77};
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::override_must_be_granted));
  vouch();
  BOOST_TEST(refused(scene.judge(shown, payment), Refusal::override_must_be_granted));
  const Judged in = scene.judge(shown, entry);
  BOOST_REQUIRE(in.verdict.has_value());
  BOOST_TEST((in.verdict->rider == scene.bob && !in.verdict->by_face));
  BOOST_TEST((in.events == Events{ManualOverrideUsed{{77}, scene.bob, gate}}));
  // It resets nothing (invariant 23).
  BOOST_TEST(int{credential_of(scene.world.enrolments, scene.bob).face_failures} == 1);
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::override_must_be_granted));
  vouch();
  shown.vouched = OverrideId{78};
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::override_must_be_granted));
  shown.vouched = OverrideId{77};
  shown.pin = scene.pin(scene.ben);
  BOOST_TEST(!scene.judge(shown, entry).verdict.has_value());
  shown.pin.reset();
  scene.world.now = scene.world.now + minutes(2) + milliseconds(1);
  BOOST_TEST(refused(scene.judge(shown, entry), Refusal::override_must_be_granted));
}

BOOST_AUTO_TEST_CASE(who_owes_stays_outside_and_is_never_kept_inside) {
  Scene scene;
  scene.world.settle({{DenyListed{scene.bob, DenyCause::offline_debt}}, Done{}});
  BOOST_TEST(refused(scene.judge(scene.face(scene.bob, gate), entry),
                     Refusal::rider_must_not_be_deny_listed));
  BOOST_TEST(refused(scene.judge(scene.face(scene.bob, till), payment),
                     Refusal::rider_must_not_be_deny_listed));
  BOOST_TEST(scene.judge(scene.face(scene.bob, gate), leaving).verdict.has_value());
  Demand earlier = payment;
  earlier.was_offline = true;
  BOOST_TEST(scene.judge(scene.face(scene.bob, till), earlier).verdict.has_value());
  scene.world.settle({{DenyListCleared{scene.bob, DenyCause::offline_debt}}, Done{}});
  BOOST_TEST(scene.judge(scene.face(scene.bob, gate), entry).verdict.has_value());
}

BOOST_AUTO_TEST_CASE(a_suspended_face_comes_back_with_face_and_pin_where_that_is_asked) {
  Scene scene;
  Policy policy = test_policy();
  policy.credentials.reinstating_needs_proof = true;
  scene.world.ask(PublishPolicy{policy});
  scene.world.ask(SuspendFace{scene.bob});
  const auto reinstate = [&](const Presence& proof) {
    return scene.world.ask(ReinstateFace{scene.bob, desk, proof});
  };
  BOOST_TEST(refuses(reinstate({}), Refusal::proof_must_be_given));
  Presence proof = scene.face(scene.bob, desk, Search::one_to_one);
  BOOST_TEST(refuses(reinstate(proof), Refusal::proof_must_be_given));
  proof.pin = scene.pin(scene.ben);
  BOOST_TEST(refuses(reinstate(proof), Refusal::proof_must_be_given));
  proof.pin = scene.pin(scene.bob, false);
  BOOST_TEST((refusal_of(reinstate(proof)) == Refusal::pin_must_be_correct));
  proof.pin = scene.pin(scene.bob);
  proof.face->score = 0;
  BOOST_TEST((refusal_of(reinstate(proof)) == Refusal::face_must_match_claim));
  proof = scene.face(scene.bob, desk);  // a search is no proof
  proof.pin = scene.pin(scene.bob);
  BOOST_TEST(refuses(reinstate(proof), Refusal::proof_must_be_given));
  proof = scene.face(scene.bob, desk, Search::one_to_one);
  proof.pin = scene.pin(scene.bob);
  const Decision back = reinstate(proof);
  BOOST_TEST(!refusal_of(back));
  BOOST_TEST((count<FaceReinstated>(back.events) == 1U && count<PinVerified>(back.events) == 1U));
  BOOST_TEST(is_matchable(scene.world.enrolments, scene.bob));
}

// Invariant 23 for faces, against an oracle that only counts.
BOOST_AUTO_TEST_CASE(invariant_23_failed_comparisons_lock) {
  BOOST_TEST(rc::check("failed comparisons in a row lock; an override changes nothing", [] {
    Scene scene;
    Policy policy = test_policy();
    policy.credentials.face_failures_max = 4;
    scene.world.ask(PublishPolicy{policy});
    int in_a_row = 0;
    for (const int what : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9))) {
      const bool was_locked = in_a_row >= 4;
      if (what == 0) {
        if (!refusal_of(scene.world.ask(UnlockFace{scene.bob, desk}))) in_a_row = 0;
      } else if (what == 1) {
        scene.world.settle(
            {{ManualOverrideGranted{{5}, scene.bob, gate, {8}, {9}, scene.world.now + minutes(2)}},
             Done{}});
        Presence shown;
        shown.vouched = OverrideId{5};
        RC_ASSERT(scene.judge(shown, entry).verdict.has_value());
      } else {
        const bool alike = what == 2;
        const Judged judged =
            scene.judge(scene.compared(scene.bob, alike ? 1'500'000 : 7), payment);
        if (!was_locked) in_a_row = alike ? 0 : in_a_row + 1;
        RC_ASSERT(judged.verdict.has_value() == (alike && !was_locked));
      }
      RC_ASSERT(credential_of(scene.world.enrolments, scene.bob).face_locked == (in_a_row >= 4));
      RC_ASSERT(is_matchable(scene.world.enrolments, scene.bob) == (in_a_row < 4));
    }
  }));
}

// Invariant 16 for lookalikes: whatever is shown, nobody is accepted by a face alone, and no event
// names one of them who is not the one accepted.
BOOST_AUTO_TEST_CASE(invariant_16_a_twin_is_never_named) {
  BOOST_TEST(rc::check("twins", [](std::uint8_t face_of, std::uint8_t pin_of, bool one_to_one,
                                   bool ambiguous, bool with_code, bool correct) {
    Scene scene;
    scene.twins();
    const std::vector<RiderId> people{scene.bob, scene.ben};
    Presence shown;
    if (face_of % 3 < 2)
      shown.face = scene.seen(people[face_of % 3], gate,
                              one_to_one ? Search::one_to_one : Search::one_to_many);
    if (ambiguous) shown.ambiguous = Ambiguity{2};
    if (pin_of % 3 < 2) shown.pin = scene.pin(people[pin_of % 3], correct);
    if (with_code) shown.token = scene.code();
    const Judged judged = scene.judge(shown, entry);
    if (judged.verdict) RC_ASSERT(shown.pin || shown.token);
    const std::optional<RiderId> claimed = shown.token ? std::optional(scene.bob)
                                           : shown.pin ? std::optional(shown.pin->rider)
                                                       : std::nullopt;
    for (const RiderId person : people) {
      if (claimed == person) continue;
      RC_ASSERT(!names(judged.events, person));
      RC_ASSERT(judged.rider != person);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
