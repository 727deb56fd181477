// Devices and their codes, lookalikes, custody, the lock of a face, dated categories, guardianships
// that end, staff who vouch, and the trace of whoever looks at personal data.
#include "ledger/rules/people/credentials.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/rules/people/world.h"

using namespace obverse;

namespace {

const TerminalId gate{1};
const TerminalId till{2};
const TerminalId desk{4};
const TerminalId auditor{5};

struct Scene {
  PeopleWorld world = people_world();
  RiderId rider = world.add_enrolled(Purpose::transit);

  DeviceId link(RiderId owner) {
    return {std::get<Registered>(world.ask(LinkDevice{owner, digest_of(9)}).reply).id};
  }
  Token code(DeviceId device, std::uint64_t serial) const {
    return {rider, device, serial, TokenPurpose::ride, 0, world.now, world.now + seconds(60)};
  }
  Outcome<void> good(const Token& token) const {
    return token_must_be_good(world.enrolments, **policy_in_force(world.parties), token, world.now);
  }
  void use(const Token& token) {
    world.settle({{TokenAccepted{token.rider, token.device, token.serial, token.purpose, gate,
                                 world.now, token.expires}},
                  Done{}});
  }
  Decision exit_token(bool is_inside) {
    return world.settle(
        decide(world.enrolments, world.parties, IssueExitToken{rider}, is_inside, world.moment()));
  }
  const Credential& kept() const { return credential_of(world.enrolments, rider); }
};

bool is(const Outcome<void>& outcome, Refusal refusal) {
  return !outcome && outcome.error() == refusal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(a_code_of_a_linked_device_is_good_in_its_time) {
  Scene scene;
  const DeviceId device = scene.link(scene.rider);
  Token token = scene.code(device, 1);
  BOOST_TEST(scene.good(token).has_value());
  scene.world.now = token.expires;
  BOOST_TEST(is(scene.good(token), Refusal::token_must_be_fresh));
  scene.world.now = token.issued;
  const CredentialPolicy bounds;
  token.issued = scene.world.now + bounds.clock_skew_max;
  token.expires = token.issued + seconds(60);
  BOOST_TEST(scene.good(token).has_value());
  token.issued = token.issued + milliseconds(1);
  BOOST_TEST(is(scene.good(token), Refusal::token_must_be_fresh));
  token = scene.code(device, 1);
  token.expires = token.issued + bounds.token_life_max;
  BOOST_TEST(scene.good(token).has_value());
  token.expires = token.expires + milliseconds(1);
  BOOST_TEST(is(scene.good(token), Refusal::token_must_be_fresh));
  token.issued = {-1};
  BOOST_TEST(is(scene.good(token), Refusal::token_must_be_fresh));
}

BOOST_AUTO_TEST_CASE(a_code_is_good_once) {
  Scene scene;
  const DeviceId device = scene.link(scene.rider);
  const DeviceId other = scene.link(scene.rider);
  const Token token = scene.code(device, 7);
  scene.use(token);
  BOOST_TEST(is(scene.good(token), Refusal::token_must_not_be_used));
  BOOST_TEST(scene.good(scene.code(device, 8)).has_value());
  BOOST_TEST(scene.good(scene.code(other, 7)).has_value());
  // Once it has expired it is refused for that, and is remembered no more.
  scene.world.now = token.expires;
  scene.use(scene.code(device, 9));
  BOOST_TEST(!scene.kept().used.contains({device, 7}));
  BOOST_TEST(is(scene.good(token), Refusal::token_must_be_fresh));
}

BOOST_AUTO_TEST_CASE(a_lost_device_takes_its_codes_and_the_pin_with_it) {
  Scene scene;
  scene.world.set_pin(scene.rider);
  const DeviceId lost = scene.link(scene.rider);
  const DeviceId kept = scene.link(scene.rider);
  BOOST_TEST(
      refuses(scene.world.ask(ReportDeviceLost{scene.rider, {99}}), Refusal::device_must_be_known));
  BOOST_TEST(!refusal_of(scene.world.ask(ReportDeviceLost{scene.rider, lost})));
  BOOST_TEST(refuses(scene.world.ask(ReportDeviceLost{scene.rider, lost}),
                     Refusal::device_must_not_be_lost));
  Token session = scene.code(lost, 1);
  session.purpose = TokenPurpose::session;
  for (const Token& token : {scene.code(lost, 1), session})
    BOOST_TEST(is(scene.good(token), Refusal::token_must_not_be_revoked));
  BOOST_TEST(scene.good(scene.code(kept, 1)).has_value());
  BOOST_TEST((scene.kept().lost_pin == PinVersion{1}));
  // Before it was reported it was good: that is asked of what comes in later.
  const Instant before = scene.world.now + milliseconds(-1);
  Token earlier = scene.code(lost, 1);
  earlier.issued = before;
  BOOST_TEST(
      token_must_be_good(scene.world.enrolments, test_policy(), earlier, before).has_value());
  BOOST_TEST(is_matchable(scene.world.enrolments, scene.rider));  // the face is not the phone
}

BOOST_AUTO_TEST_CASE(somebody_elses_device_is_no_device) {
  Scene scene;
  const RiderId other = scene.world.add_rider();
  BOOST_TEST(is(scene.good(scene.code(scene.link(other), 1)), Refusal::token_must_not_be_revoked));
  BOOST_TEST(refuses(scene.world.ask(LinkDevice{{77}, {}}), Refusal::rider_must_be_registered));
  for (std::size_t i = 0; i < devices_max; ++i) scene.link(scene.rider);
  BOOST_TEST(
      refuses(scene.world.ask(LinkDevice{scene.rider, {}}), Refusal::devices_must_not_be_too_many));
}

BOOST_AUTO_TEST_CASE(a_code_without_a_device_only_leaves_and_was_issued) {
  Scene scene;
  BOOST_TEST(refuses(scene.exit_token(false), Refusal::journey_must_be_open));
  const auto issued = std::get<ExitToken>(scene.exit_token(true).reply);
  Token token{scene.rider,   {}, issued.serial, TokenPurpose::leave, 0, scene.world.now,
              issued.expires};
  BOOST_TEST(scene.good(token).has_value());
  Token other = token;
  other.serial += 1;
  BOOST_TEST(is(scene.good(other), Refusal::token_must_not_be_revoked));
  other = token;
  other.purpose = TokenPurpose::ride;
  BOOST_TEST(is(scene.good(other), Refusal::token_must_not_be_revoked));
  // A signature with a later end does not lengthen what was issued.
  other = token;
  other.expires = token.expires + hours(1);
  scene.world.now = issued.expires;
  BOOST_TEST(is(scene.good(other), Refusal::token_must_be_fresh));
  scene.world.now = token.issued;
  scene.use(token);
  BOOST_TEST(is(scene.good(token), Refusal::token_must_not_be_revoked));
  BOOST_TEST(scene.world.enrolments.credentials.empty());  // nothing special is left of them
}

BOOST_AUTO_TEST_CASE(lookalikes_are_a_whole_group_of_different_people) {
  Scene scene;
  PeopleWorld& world = scene.world;
  const RiderId a = world.add_rider(), b = world.add_rider(), c = world.add_rider();
  const auto form = [&](std::vector<RiderId> members, TerminalId by = desk) {
    return world.ask(FormLookalikeGroup{by, std::move(members)});
  };
  BOOST_TEST(refuses(form({a, b}, till), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(form({a}), Refusal::lookalikes_must_be_valid));
  BOOST_TEST(refuses(form({a, a}), Refusal::lookalikes_must_be_valid));
  BOOST_TEST(refuses(form({a, {77}}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(form({{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}}),
                     Refusal::lookalikes_must_be_valid));
  const Decision pair = form({a, b});
  const LookalikeId first_group{std::get<Registered>(pair.reply).id};
  BOOST_TEST((pair.events == Events{LookalikeGroupFormed{first_group, 2, desk},
                                    LookalikeAssigned{a, first_group},
                                    LookalikeAssigned{b, first_group}}));
  // A third one joins only with both.
  BOOST_TEST(refuses(form({b, c}), Refusal::lookalikes_must_be_valid));
  const LookalikeId second_group{std::get<Registered>(form({a, b, c}).reply).id};
  BOOST_TEST(world.enrolments.lookalikes.size() == 1U);
  for (const RiderId member : {a, b, c})
    BOOST_TEST((credential_of(world.enrolments, member).lookalikes == second_group));
  BOOST_TEST(refuses(world.ask(DissolveLookalikeGroup{desk, first_group}),
                     Refusal::lookalikes_must_be_known));
  BOOST_TEST(!refusal_of(world.ask(DissolveLookalikeGroup{desk, second_group})));
  BOOST_TEST(world.enrolments.lookalikes.empty());
  BOOST_TEST(world.enrolments.credentials.empty());
}

BOOST_AUTO_TEST_CASE(whoever_is_erased_is_nobodys_lookalike) {
  Scene scene;
  PeopleWorld& world = scene.world;
  const RiderId a = world.add_rider(), b = world.add_rider(), c = world.add_rider();
  const LookalikeId group{
      std::get<Registered>(world.ask(FormLookalikeGroup{desk, {a, b, c}}).reply).id};
  BOOST_TEST(count<LookalikeGroupDissolved>(world.ask(EraseRider{a}, false).events) == 0U);
  BOOST_TEST((world.enrolments.lookalikes.at(group) == std::set<RiderId>{b, c}));
  const Decision last = world.ask(EraseRider{b}, false);
  BOOST_TEST((first<LookalikeGroupDissolved>(last.events)->group == group));
  BOOST_TEST(world.enrolments.lookalikes.empty());
  BOOST_TEST(world.enrolments.credentials.empty());
}

// Nobody is enrolled twice unnoticed; whoever is known to be one of several may be.
BOOST_AUTO_TEST_CASE(a_double_is_suspected_and_lookalikes_are_told_apart) {
  Scene scene;
  PeopleWorld& world = scene.world;
  const RiderId bob = world.add_enrolled(Purpose::payment);
  const RiderId ben = world.add_rider();
  world.consent(ben, Purpose::payment);
  const EnrolFace asked{ben, {1}, "sface-128", 3, {}, {bob}};
  const Decision suspected = world.ask(asked);
  BOOST_TEST((refusal_of(suspected) == Refusal::face_must_not_be_double));
  BOOST_TEST((suspected.events == Events{DuplicateFaceSuspected{ben, 1}}));
  BOOST_TEST(!find(world.enrolments, ben)->face);
  world.ask(FormLookalikeGroup{desk, {bob, ben}});
  BOOST_TEST(!refusal_of(world.ask(asked)));
  // Somebody outside of the group is a double again.
  const EnrolFace again{ben, {2}, "sface-128", 3, {}, {bob, scene.rider}};
  BOOST_TEST((world.ask(again).events == Events{DuplicateFaceSuspected{ben, 1}}));
}

BOOST_AUTO_TEST_CASE(a_locked_face_is_unlocked_by_a_desk_only) {
  Scene scene;
  PeopleWorld& world = scene.world;
  BOOST_TEST(refuses(world.ask(UnlockFace{scene.rider, desk}), Refusal::face_must_be_locked));
  for (std::uint8_t failures = 1; failures <= 10; ++failures)
    world.settle({{FaceVerificationFailed{scene.rider, gate, failures}}, Done{}});
  world.settle({{FaceLocked{scene.rider}}, Done{}});
  BOOST_TEST(!is_matchable(world.enrolments, scene.rider));
  BOOST_TEST(refuses(world.enrol(scene.rider), Refusal::face_must_not_be_locked));
  BOOST_TEST(refuses(world.ask(UnlockFace{scene.rider, till}), Refusal::terminal_must_have_role));
  BOOST_TEST(
      (world.ask(UnlockFace{scene.rider, desk}).events == Events{FaceUnlocked{scene.rider, desk}}));
  BOOST_TEST(is_matchable(world.enrolments, scene.rider));
  BOOST_TEST(world.enrolments.credentials.empty());
}

BOOST_AUTO_TEST_CASE(custody_is_one_of_three) {
  Scene scene;
  PeopleWorld& world = scene.world;
  BOOST_TEST(refuses(world.ask(ChooseCustody{{77}}), Refusal::rider_must_be_registered));
  for (const Custody none : {Custody{0}, Custody{4}})
    BOOST_TEST(
        refuses(world.ask(ChooseCustody{scene.rider, none}), Refusal::custody_must_be_known));
  world.ask(SuspendFace{scene.rider});
  BOOST_TEST(refuses(world.ask(ChooseCustody{scene.rider, Custody::rider_key}),
                     Refusal::face_must_not_be_suspended));
  world.ask(ReinstateFace{scene.rider});
  // What was kept in one way is not kept in another.
  for (const Custody mine : {Custody::device_held, Custody::rider_key}) {
    const FaceVersion face = find(world.enrolments, scene.rider)->face->version;
    BOOST_TEST((world.ask(ChooseCustody{scene.rider, mine}).events ==
                Events{FaceErased{scene.rider, face}, CustodyChosen{scene.rider, mine}}));
    world.enrol(scene.rider);
    BOOST_TEST(!is_matchable(world.enrolments, scene.rider));
    BOOST_TEST(count<FaceErased>(world.ask(ChooseCustody{scene.rider, mine}).events) == 0U);
  }
  world.ask(ChooseCustody{scene.rider, Custody::operator_key});
  world.enrol(scene.rider);
  BOOST_TEST(is_matchable(world.enrolments, scene.rider));
  BOOST_TEST(world.enrolments.credentials.empty());
}

BOOST_AUTO_TEST_CASE(a_dated_category_holds_between_its_dates) {
  Scene scene;
  PeopleWorld& world = scene.world;
  const auto at = [&](Instant instant) {
    return category_at(*find(world.enrolments, scene.rider), instant);
  };
  const Instant spring = world.now + days(30);
  const Instant summer = world.now + days(60);
  BOOST_TEST(refuses(world.ask(GrantCategory{scene.rider, Category::student, summer, spring}),
                     Refusal::category_must_be_dated));
  BOOST_TEST(refuses(world.ask(GrantCategory{scene.rider, Category{7}, spring, summer}),
                     Refusal::category_must_be_dated));
  BOOST_TEST(refuses(world.ask(GrantCategory{scene.rider, Category::child, spring, summer}),
                     Refusal::guardian_must_be_linked));
  world.ask(GrantCategory{scene.rider, Category::student, spring, summer});
  BOOST_TEST((at(spring + milliseconds(-1)) == Category::adult));
  BOOST_TEST((at(spring) == Category::student));
  BOOST_TEST((at(summer + milliseconds(-1)) == Category::student));
  BOOST_TEST((at(summer) == Category::adult));
  // The last given goes first, where both are in force.
  world.ask(GrantCategory{scene.rider, Category::disabled, spring + days(1), {}});
  BOOST_TEST((at(spring) == Category::student));
  BOOST_TEST((at(spring + days(1)) == Category::disabled));
  BOOST_TEST((at(summer + days(9'000)) == Category::disabled));
  world.ask(AssignCategory{scene.rider, Category::senior});
  BOOST_TEST((at(spring + days(1)) == Category::senior));
  for (std::size_t i = 0; i < categories_max + 3; ++i)
    world.ask(GrantCategory{scene.rider, Category::student, spring, {}});
  BOOST_TEST(find(world.enrolments, scene.rider)->grants.size() == categories_max);
}

BOOST_AUTO_TEST_CASE(a_childs_fare_ends_before_its_guardianship) {
  Scene scene;
  PeopleWorld& world = scene.world;
  const RiderId kid = world.add_rider(Category::child, scene.rider);
  world.consent(kid, Purpose::transit);
  const Instant twelfth = world.now + days(10);
  const Instant sixteenth = world.now + days(1'470);
  world.ask(GrantCategory{kid, Category::child, world.now, twelfth});
  world.ask(EndGuardianship{kid, sixteenth + days(1)});
  world.ask(EndGuardianship{kid, sixteenth});  // the newer date counts
  world.now = twelfth;
  BOOST_TEST((category_at(*find(world.enrolments, kid), world.now) == Category::adult));
  BOOST_TEST(refuses(world.ask(GrantConsent{kid, Purpose::payment, {}, 1, {}}),
                     Refusal::guardian_must_consent));
  BOOST_REQUIRE(next_due(world.enrolments).has_value());
  BOOST_TEST((*next_due(world.enrolments) == GuardianshipDue{sixteenth, kid}));
  BOOST_TEST(refuses(world.ask(ExpireGuardianship{kid}), Refusal::timer_must_be_due));
  world.now = sixteenth;
  BOOST_TEST((world.ask(ExpireGuardianship{kid}).events == Events{GuardianshipEnded{kid}}));
  BOOST_TEST(!next_due(world.enrolments).has_value());
  BOOST_TEST(refuses(world.ask(ExpireGuardianship{kid}), Refusal::timer_must_be_due));
  // What the guardian agreed to stands until the person withdraws it, and they decide the rest.
  BOOST_TEST(consent_in_force(world.enrolments, kid, Purpose::transit, {}).has_value());
  BOOST_TEST(!refusal_of(world.ask(GrantConsent{kid, Purpose::payment, {}, 1, {}})));
  BOOST_TEST(refuses(world.ask(EndGuardianship{kid, sixteenth}), Refusal::guardianship_must_last));
}

BOOST_AUTO_TEST_CASE(a_guardianship_can_end_at_once) {
  Scene scene;
  const RiderId kid = scene.world.add_rider(Category::infant, scene.rider);
  BOOST_TEST((scene.world.ask(EndGuardianship{kid, scene.world.now}).events ==
              Events{GuardianshipEnded{kid}}));
  BOOST_TEST(refuses(scene.world.ask(RegisterRider{Category::infant, {}}),
                     Refusal::guardian_must_be_linked));
}

BOOST_AUTO_TEST_CASE(staff_vouch_at_one_gate) {
  Scene scene;
  PeopleWorld& world = scene.world;
  world.ask(RegisterTerminal{"S1", Role::operator_desk, {}, {}, {}, digest_of(7)});
  const TerminalId staff{7};
  const auto vouch = [&](TerminalId by, RiderId rider, TerminalId where) {
    return world.settle(decide(world.enrolments, world.parties, GrantOverride{by, rider, where},
                               TerminalId{8}, world.moment()));
  };
  BOOST_TEST(refuses(vouch(desk, scene.rider, gate), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(vouch(staff, scene.rider, till), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(vouch(staff, {77}, gate), Refusal::rider_must_be_registered));
  const Decision granted = vouch(staff, scene.rider, gate);
  const OverrideId id{std::get<Registered>(granted.reply).id};
  BOOST_TEST((granted.events == Events{ManualOverrideGranted{
                                    id, scene.rider, gate, staff, {8}, world.now + minutes(2)}}));
  BOOST_TEST((world.enrolments.overrides.at(gate).rider == scene.rider));
}

BOOST_AUTO_TEST_CASE(every_look_at_personal_data_leaves_a_record) {
  Scene scene;
  PeopleWorld& world = scene.world;
  for (const TerminalId reader : {desk, auditor}) {
    const Decision seen = world.ask(ReadPersonalData{reader, scene.rider, PersonalData::statement});
    BOOST_TEST(
        (seen.events == Events{AuditAccessed{reader, scene.rider, PersonalData::statement}}));
  }
  const Decision own = world.ask(ReadPersonalData{desk, scene.rider, PersonalData::own_export});
  BOOST_TEST((own.events == Events{AuditAccessed{desk, scene.rider, PersonalData::own_export},
                                   DataExported{scene.rider, desk}}));
  BOOST_TEST(
      refuses(world.ask(ReadPersonalData{till, scene.rider}), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(world.ask(ReadPersonalData{{99}, scene.rider}),
                     Refusal::terminal_must_be_registered));
  BOOST_TEST(refuses(world.ask(ReadPersonalData{desk, {77}}), Refusal::rider_must_be_registered));
  world.ask(RevokeTerminal{auditor});
  BOOST_TEST(refuses(world.ask(ReadPersonalData{auditor, scene.rider}),
                     Refusal::terminal_must_not_be_revoked));
}

BOOST_AUTO_TEST_SUITE_END()
