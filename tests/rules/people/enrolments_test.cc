// Riders, guardians, consents, and the life of a face from enrolment to erasure.
#include "ledger/rules/people/enrolments.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/rules/people/world.h"

using namespace obverse;

namespace {

const Party everyone{};
const Party metro = party_of(OperatorId{1});
const Party shop = party_of(MerchantId{1});

Outcome<void> consent_of(const PeopleWorld& world, RiderId rider, Purpose purpose, Party party) {
  return consent_in_force(world.enrolments, rider, purpose, party);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(enrolments)

BOOST_AUTO_TEST_CASE(a_child_has_a_registered_adult_for_guardian) {
  PeopleWorld world = people_world();
  const auto child = [](std::optional<RiderId> guardian) {
    return RegisterRider{Category::child, guardian};
  };
  BOOST_TEST(refuses(world.ask(child({})), Refusal::guardian_must_be_linked));
  BOOST_TEST(refuses(world.ask(child(RiderId{1})), Refusal::rider_must_be_registered));
  const RiderId parent = world.add_rider();
  const RiderId kid = world.add_rider(Category::child, parent);
  BOOST_TEST((parent == RiderId{1} && kid == RiderId{2}));
  BOOST_TEST((find(world.enrolments, kid)->guardian == parent));
  BOOST_TEST(refuses(world.ask(child(kid)), Refusal::guardian_must_be_linked));
  BOOST_TEST(!find(world.enrolments, RiderId{0}));
  BOOST_TEST(
      (must_be_registered(world.enrolments, {3}).error() == Refusal::rider_must_be_registered));
  BOOST_TEST((*must_be_registered(world.enrolments, kid))->guardian.has_value());
}

BOOST_AUTO_TEST_CASE(a_category_can_change_where_a_guardian_is_linked) {
  PeopleWorld world = people_world();
  const RiderId adult = world.add_rider();
  const RiderId kid = world.add_rider(Category::child, adult);
  BOOST_TEST(
      refuses(world.ask(AssignCategory{{9}, Category::adult}), Refusal::rider_must_be_registered));
  BOOST_TEST(
      refuses(world.ask(AssignCategory{adult, Category::child}), Refusal::guardian_must_be_linked));
  BOOST_TEST(!refusal_of(world.ask(AssignCategory{kid, Category::adult})));
  BOOST_TEST((find(world.enrolments, kid)->category == Category::adult));
}

BOOST_AUTO_TEST_CASE(no_guardian_is_a_child) {
  PeopleWorld world = people_world();
  const RiderId adult = world.add_rider();
  const RiderId grown = world.add_rider(Category::child, adult);
  world.ask(AssignCategory{grown, Category::adult});
  const RiderId kid = world.add_rider(Category::child, grown);
  BOOST_TEST(
      refuses(world.ask(AssignCategory{grown, Category::child}), Refusal::guardian_must_be_linked));
  world.ask(AssignCategory{kid, Category::adult});
  BOOST_TEST(!refusal_of(world.ask(AssignCategory{grown, Category::child})));
  BOOST_TEST(
      refuses(world.ask(AssignCategory{kid, Category::child}), Refusal::guardian_must_be_linked));
}

BOOST_AUTO_TEST_CASE(consent_is_for_a_purpose_and_a_party) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_rider();
  BOOST_TEST((consent_of(world, {9}, Purpose::transit, metro).error() ==
              Refusal::rider_must_be_registered));
  BOOST_TEST((consent_of(world, rider, Purpose::transit, metro).error() ==
              Refusal::consent_must_be_in_force));
  world.consent(rider, Purpose::transit, metro);
  BOOST_TEST(consent_of(world, rider, Purpose::transit, metro).has_value());
  BOOST_TEST(!consent_of(world, rider, Purpose::transit, party_of(OperatorId{2})).has_value());
  BOOST_TEST(!consent_of(world, rider, Purpose::payment, shop).has_value());
  world.consent(rider, Purpose::payment, {Party::Kind::everyone, 77});
  BOOST_TEST(consent_of(world, rider, Purpose::payment, shop).has_value());
  BOOST_TEST(consent_of(world, rider, Purpose::payment, party_of(MerchantId{2})).has_value());
  BOOST_TEST(consent_of(world, rider, Purpose::payment, everyone).has_value());
  BOOST_TEST(!refusal_of(world.ask(WithdrawConsent{rider, Purpose::transit, metro}, false)));
  BOOST_TEST(!consent_of(world, rider, Purpose::transit, metro).has_value());
  BOOST_TEST(consent_of(world, rider, Purpose::payment, shop).has_value());
}

BOOST_AUTO_TEST_CASE(consent_needs_people_and_parties_that_exist) {
  PeopleWorld world = people_world();
  const RiderId parent = world.add_rider();
  const RiderId other = world.add_rider();
  const RiderId kid = world.add_rider(Category::child, parent);
  const auto grant = [&](RiderId rider, Party party, std::optional<RiderId> guardian) {
    return world.ask(GrantConsent{rider, Purpose::transit, party, 1, guardian});
  };
  BOOST_TEST(refuses(grant({9}, everyone, {}), Refusal::rider_must_be_registered));
  BOOST_TEST(
      refuses(grant(parent, party_of(OperatorId{9}), {}), Refusal::operator_must_be_registered));
  BOOST_TEST(
      refuses(grant(parent, party_of(MerchantId{9}), {}), Refusal::merchant_must_be_registered));
  BOOST_TEST(refuses(grant(parent, {Party::Kind{9}, 1}, {}), Refusal::merchant_must_be_registered));
  BOOST_TEST(refuses(grant(kid, everyone, {}), Refusal::guardian_must_consent));
  BOOST_TEST(refuses(grant(kid, everyone, other), Refusal::guardian_must_be_linked));
  BOOST_TEST(refuses(grant(parent, everyone, other), Refusal::guardian_must_be_linked));
  BOOST_TEST(!refusal_of(grant(kid, everyone, parent)));
  BOOST_TEST(consent_of(world, kid, Purpose::transit, metro).has_value());
}

BOOST_AUTO_TEST_CASE(a_childs_consent_counts_only_from_its_guardian) {
  PeopleWorld world = people_world();
  const RiderId parent = world.add_rider();
  const RiderId kid = world.add_rider(Category::child, parent);
  BOOST_TEST(
      (consent_of(world, kid, Purpose::transit, metro).error() == Refusal::guardian_must_consent));
  world.ask(AssignCategory{kid, Category::adult});
  world.ask(GrantConsent{kid, Purpose::transit, everyone, 1, {}});
  BOOST_TEST(consent_of(world, kid, Purpose::transit, metro).has_value());
  world.ask(AssignCategory{kid, Category::child});
  BOOST_TEST(
      (consent_of(world, kid, Purpose::transit, metro).error() == Refusal::guardian_must_consent));
  BOOST_TEST((refusal_of(world.enrol(kid)) == Refusal::guardian_must_consent));
}

BOOST_AUTO_TEST_CASE(withdrawing_needs_a_consent_to_withdraw) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_rider();
  world.consent(rider, Purpose::transit);
  BOOST_TEST(refuses(world.ask(WithdrawConsent{{9}, Purpose::transit, everyone}, false),
                     Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(WithdrawConsent{rider, Purpose::payment, everyone}, false),
                     Refusal::consent_must_be_in_force));
  BOOST_TEST(refuses(world.ask(WithdrawConsent{rider, Purpose::transit, metro}, false),
                     Refusal::consent_must_be_in_force));
  // Nothing is enrolled, so there is nothing to erase.
  const Decision last = world.ask(WithdrawConsent{rider, Purpose::transit, everyone}, false);
  BOOST_TEST(last.events.size() == 1U);
}

BOOST_AUTO_TEST_CASE(enrolling_a_face_is_checked) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_rider();
  EnrolFace enrol{rider, {1}, "sface-128", 3, Digest{}};
  BOOST_TEST(
      refuses(world.ask(EnrolFace{{9}, {1}, "m", 3, {}}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(enrol), Refusal::consent_must_be_in_force));
  world.consent(rider, Purpose::payment);
  enrol.photos = 0;
  BOOST_TEST(refuses(world.ask(enrol), Refusal::photos_must_be_enough));
  enrol.photos = photos_max + 1;
  BOOST_TEST(refuses(world.ask(enrol), Refusal::photos_must_be_enough));
  enrol.photos = photos_max;
  enrol.model = "no such/model";
  BOOST_TEST(refuses(world.ask(enrol), Refusal::code_must_be_valid));
  enrol.model = "sface-128";
  for (const std::uint32_t version : {0U, 2U}) {
    enrol.face = {version};
    BOOST_TEST(refuses(world.ask(enrol), Refusal::face_version_must_be_next));
  }
  enrol.face = {1};
  BOOST_TEST(!is_matchable(world.enrolments, rider));
  BOOST_TEST((std::get<Enrolled>(world.ask(enrol).reply) == Enrolled{rider, {1}}));
  BOOST_TEST(is_matchable(world.enrolments, rider));
  BOOST_TEST(refuses(world.ask(enrol), Refusal::face_version_must_be_next));
  BOOST_TEST(!refusal_of(world.enrol(rider)));
  BOOST_TEST(find(world.enrolments, rider)->face->version.value == 2U);
}

BOOST_AUTO_TEST_CASE(enrolling_needs_a_policy) {
  PeopleWorld world;
  const RiderId rider = world.add_rider();
  BOOST_TEST(refuses(world.enrol(rider), Refusal::policy_must_be_published));
}

BOOST_AUTO_TEST_CASE(a_suspended_face_comes_back_only_by_reinstating) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_enrolled(Purpose::transit);
  const RiderId bare = world.add_rider();
  BOOST_TEST(refuses(world.ask(SuspendFace{{9}}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(SuspendFace{bare}), Refusal::face_must_be_enrolled));
  BOOST_TEST(refuses(world.ask(ReinstateFace{bare}), Refusal::face_must_be_enrolled));
  BOOST_TEST(refuses(world.ask(ReinstateFace{rider}), Refusal::face_must_be_suspended));
  BOOST_TEST(!refusal_of(world.ask(SuspendFace{rider})));
  BOOST_TEST(!is_matchable(world.enrolments, rider));
  BOOST_TEST(refuses(world.ask(SuspendFace{rider}), Refusal::face_must_not_be_suspended));
  BOOST_TEST(refuses(world.enrol(rider), Refusal::face_must_not_be_suspended));
  BOOST_TEST(!refusal_of(world.ask(ReinstateFace{rider})));
  BOOST_TEST(is_matchable(world.enrolments, rider));
}

BOOST_AUTO_TEST_CASE(a_face_comes_back_only_on_a_consent_that_counts) {
  PeopleWorld world = people_world();
  const RiderId adult = world.add_rider();
  const RiderId grown = world.add_rider(Category::child, adult);
  world.ask(AssignCategory{grown, Category::adult});
  world.ask(GrantConsent{grown, Purpose::transit, {}, 1, {}});
  BOOST_TEST(!refusal_of(world.enrol(grown)));
  world.ask(SuspendFace{grown});
  world.ask(AssignCategory{grown, Category::child});
  BOOST_TEST(refuses(world.ask(ReinstateFace{grown}), Refusal::guardian_must_consent));
  world.ask(GrantConsent{grown, Purpose::transit, {}, 1, adult});
  BOOST_TEST(!refusal_of(world.ask(ReinstateFace{grown})));
}

BOOST_AUTO_TEST_CASE(withdrawing_the_last_consent_erases_the_face_at_once) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_enrolled(Purpose::transit);
  world.consent(rider, Purpose::payment, shop);
  const Decision first_of_two =
      world.ask(WithdrawConsent{rider, Purpose::transit, everyone}, false);
  BOOST_TEST(first_of_two.events.size() == 1U);
  BOOST_TEST(is_matchable(world.enrolments, rider));
  const Decision last = world.ask(WithdrawConsent{rider, Purpose::payment, shop}, false);
  const Events expected{ConsentWithdrawn{rider, Purpose::payment, shop},
                        FaceSuspended{rider, Suspension::consent_withdrawn}, FaceErased{rider, {1}},
                        ErasureCompleted{rider}};
  BOOST_TEST((last.events == expected));
  BOOST_TEST(!find(world.enrolments, rider)->face.has_value());
  BOOST_TEST(refuses(world.ask(SuspendFace{rider}), Refusal::face_must_not_be_erased));
  BOOST_TEST(refuses(world.ask(ReinstateFace{rider}), Refusal::face_must_not_be_erased));
}

// S29: kim withdraws inside the gates; the face is gone for matching at once, erased at the exit.
BOOST_AUTO_TEST_CASE(erasure_waits_for_what_is_open) {
  PeopleWorld world = people_world();
  const RiderId kim = world.add_enrolled(Purpose::transit);
  const Decision withdrawn = world.ask(WithdrawConsent{kim, Purpose::transit, everyone}, true);
  const Events expected{ConsentWithdrawn{kim, Purpose::transit, everyone},
                        FaceSuspended{kim, Suspension::consent_withdrawn}, ErasureDeferred{kim}};
  BOOST_TEST((withdrawn.events == expected));
  BOOST_TEST(!is_matchable(world.enrolments, kim));
  BOOST_TEST(find(world.enrolments, kim)->face.has_value());
  BOOST_TEST(refuses(world.ask(ReinstateFace{kim}), Refusal::face_must_not_be_erased));
  world.consent(kim, Purpose::transit);
  BOOST_TEST(refuses(world.enrol(kim), Refusal::face_must_not_be_erased));
  // Withdrawn again: the erasure that waits is not begun a second time.
  const Decision again = world.ask(WithdrawConsent{kim, Purpose::transit, everyone}, true);
  BOOST_TEST(again.events.size() == 1U);

  BOOST_TEST(finish_erasure(world.enrolments, kim, true).empty());
  const Events end = finish_erasure(world.enrolments, kim, false);
  BOOST_TEST((end == Events{FaceErased{kim, {1}}, ErasureCompleted{kim}}));
  world.settle({end, Done{}});
  BOOST_TEST(finish_erasure(world.enrolments, kim, false).empty());
  BOOST_TEST(finish_erasure(world.enrolments, {9}, false).empty());
}

BOOST_AUTO_TEST_CASE(an_erased_person_can_come_back_with_new_consent_only) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_enrolled(Purpose::transit);
  const Decision erased = world.ask(EraseRider{rider}, false);
  const Events expected{ErasureRequested{rider}, FaceSuspended{rider, Suspension::erasure},
                        FaceErased{rider, {1}}, ErasureCompleted{rider}};
  BOOST_TEST((erased.events == expected));
  BOOST_TEST((std::get<Erased>(erased.reply) == Erased{rider, false}));
  BOOST_TEST(!consent_of(world, rider, Purpose::transit, metro).has_value());
  BOOST_TEST(refuses(world.enrol(rider), Refusal::consent_must_be_in_force));
  world.consent(rider, Purpose::transit);
  EnrolFace old{rider, {1}, "sface-128", 3, {}};
  BOOST_TEST(refuses(world.ask(old), Refusal::face_version_must_be_next));
  BOOST_TEST((std::get<Enrolled>(world.enrol(rider).reply) == Enrolled{rider, {2}}));
  BOOST_TEST(is_matchable(world.enrolments, rider));
}

BOOST_AUTO_TEST_CASE(erasure_on_request_waits_too_and_asks_no_face) {
  PeopleWorld world = people_world();
  BOOST_TEST(refuses(world.ask(EraseRider{{9}}, false), Refusal::rider_must_be_registered));
  const RiderId rider = world.add_enrolled(Purpose::payment);
  const Decision deferred = world.ask(EraseRider{rider}, true);
  BOOST_TEST((std::get<Erased>(deferred.reply) == Erased{rider, true}));
  BOOST_TEST(count<ErasureDeferred>(deferred.events) == 1U);
  BOOST_TEST(count<FaceErased>(deferred.events) == 0U);
  const Decision again = world.ask(EraseRider{rider}, false);
  BOOST_TEST(count<FaceErased>(again.events) == 1U);
  BOOST_TEST(!find(world.enrolments, rider)->erasure_deferred);
  const RiderId bare = world.add_rider();
  const Decision none = world.ask(EraseRider{bare}, false);
  BOOST_TEST((none.events == Events{ErasureRequested{bare}, ErasureCompleted{bare}}));
}

BOOST_AUTO_TEST_CASE(pins_are_versioned_and_reset_at_a_desk) {
  PeopleWorld world = people_world();
  const TerminalId desk{4};
  const RiderId rider = world.add_rider();
  BOOST_TEST(refuses(world.ask(SetPin{{9}, {1}}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(SetPin{rider, {2}}), Refusal::pin_must_be_current));
  BOOST_TEST(refuses(world.ask(ResetPin{rider, desk}), Refusal::pin_must_be_set));
  world.set_pin(rider);
  world.set_pin(rider);
  BOOST_TEST(find(world.enrolments, rider)->pin.version.value == 2U);
  BOOST_TEST(refuses(world.ask(ResetPin{{9}, desk}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(ResetPin{rider, {2}}), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(world.ask(ResetPin{rider, {9}}), Refusal::terminal_must_be_registered));
  world.settle({{PinFailed{rider, desk, 1}, PinLocked{rider}}, Done{}});
  BOOST_TEST(refuses(world.ask(SetPin{rider, {3}}), Refusal::pin_must_not_be_locked));
  BOOST_TEST(!refusal_of(world.ask(ResetPin{rider, desk})));
  BOOST_TEST(!find(world.enrolments, rider)->pin.locked);
  BOOST_TEST(int{find(world.enrolments, rider)->pin.failures} == 0);
}

BOOST_AUTO_TEST_CASE(a_new_pin_forgives_no_failures) {
  PeopleWorld world = people_world();
  const RiderId rider = world.add_rider();
  world.set_pin(rider);
  world.settle({{PinFailed{rider, {2}, 1}}, Done{}});
  world.set_pin(rider);
  BOOST_TEST(int{find(world.enrolments, rider)->pin.failures} == 1);
}

BOOST_AUTO_TEST_SUITE_END()
