// Who may take part: codes, certificates, roles, and the bounds of a policy.
#include "ledger/rules/people/parties.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/rules/people/world.h"

using namespace obverse;

namespace {

constexpr Duration too_long{duration_max.ms + 1};

}  // namespace

BOOST_AUTO_TEST_SUITE(parties)

BOOST_AUTO_TEST_CASE(codes_are_short_and_plain) {
  for (const char* good : {"A", "A1'", "OMT-1", "a.b_c", "0123456789012345678901234567890x"})
    BOOST_TEST(is_valid_code(good), good);
  for (const char* bad : {"", "a b", "a/b", "\xc3\xa9", "a\n", "0123456789012345678901234567890xy"})
    BOOST_TEST(!is_valid_code(bad), bad);
}

BOOST_AUTO_TEST_CASE(ids_are_dense_from_one) {
  PeopleWorld world;
  BOOST_TEST(std::get<Registered>(world.ask(RegisterOperator{"OM"}).reply).id == 1U);
  BOOST_TEST(std::get<Registered>(world.ask(RegisterOperator{"CB"}).reply).id == 2U);
  BOOST_TEST(std::get<Registered>(world.ask(RegisterMerchant{"OM", Currency::jpy}).reply).id == 1U);
}

BOOST_AUTO_TEST_CASE(operators_and_merchants_have_valid_new_codes) {
  PeopleWorld world = people_world();
  BOOST_TEST(refuses(world.ask(RegisterOperator{"O M"}), Refusal::code_must_be_valid));
  BOOST_TEST(refuses(world.ask(RegisterOperator{"OM"}), Refusal::code_must_be_new));
  BOOST_TEST(refuses(world.ask(RegisterMerchant{"", Currency::jpy}), Refusal::code_must_be_valid));
  BOOST_TEST(refuses(world.ask(RegisterMerchant{"M1", Currency::gbp}), Refusal::code_must_be_new));
  BOOST_TEST(refuses(world.ask(RegisterMerchant{"M9", Currency{1}}), Refusal::currency_must_match));
  BOOST_TEST(find(world.parties, OperatorId{1})->code == "OM");
  BOOST_TEST(find(world.parties, MerchantId{2})->code == "M2");
  BOOST_TEST(!find(world.parties, MerchantId{0}));
  BOOST_TEST(!find(world.parties, MerchantId{3}));
}

BOOST_AUTO_TEST_CASE(a_terminal_stands_somewhere) {
  PeopleWorld world = people_world();
  const auto gate = [](OperatorId transit, Code station) {
    return RegisterTerminal{"G9", Role::gate, transit, std::move(station), {}, digest_of(99)};
  };
  BOOST_TEST(refuses(world.ask(gate({9}, "A0")), Refusal::operator_must_be_registered));
  BOOST_TEST(refuses(world.ask(gate({1}, "")), Refusal::code_must_be_valid));
  RegisterTerminal till{"T9", Role::till, {}, {}, {9}, digest_of(99)};
  BOOST_TEST(refuses(world.ask(till), Refusal::merchant_must_be_registered));
  till.merchant = {1};
  till.code = "T1";
  BOOST_TEST(refuses(world.ask(till), Refusal::code_must_be_new));
  till.code = "T 9";
  BOOST_TEST(refuses(world.ask(till), Refusal::code_must_be_valid));
  till.code = "T9";
  till.certificate = digest_of(2);
  BOOST_TEST(refuses(world.ask(till), Refusal::certificate_must_be_new));
  till.role = Role{0};
  BOOST_TEST(refuses(world.ask(till), Refusal::terminal_must_have_role));
  till.role = Role{7};
  BOOST_TEST(refuses(world.ask(till), Refusal::terminal_must_have_role));
}

BOOST_AUTO_TEST_CASE(a_terminal_names_only_its_own_place) {
  PeopleWorld world = people_world();
  world.ask(RegisterTerminal{"T9", Role::till, {1}, "A0", {1}, digest_of(99)});
  const Terminal* till = find_by_certificate(world.parties, digest_of(99));
  BOOST_REQUIRE(till);
  BOOST_TEST((till->transit == OperatorId{}));
  BOOST_TEST(till->station.empty());
  BOOST_TEST((till->merchant == MerchantId{1}));
}

BOOST_AUTO_TEST_CASE(a_terminal_may_what_its_role_says_and_no_more) {
  const PeopleWorld world = people_world();
  BOOST_TEST((*may(world.parties, {1}, Role::gate))->code == "G1");
  for (const Role role : {Role::till, Role::enrolment_desk, Role::operator_desk, Role::auditor})
    BOOST_TEST((may(world.parties, {1}, role).error() == Refusal::terminal_must_have_role));
  BOOST_TEST((may(world.parties, {0}, Role::gate).error() == Refusal::terminal_must_be_registered));
  BOOST_TEST((may(world.parties, {9}, Role::gate).error() == Refusal::terminal_must_be_registered));
}

BOOST_AUTO_TEST_CASE(a_revoked_terminal_may_nothing_and_its_certificate_never_comes_back) {
  PeopleWorld world = people_world();
  BOOST_TEST(refuses(world.ask(RevokeTerminal{{9}}), Refusal::terminal_must_be_registered));
  BOOST_TEST(!refusal_of(world.ask(RevokeTerminal{{2}})));
  BOOST_TEST(
      (may(world.parties, {2}, Role::till).error() == Refusal::terminal_must_not_be_revoked));
  BOOST_TEST(!find_by_certificate(world.parties, digest_of(2)));
  BOOST_TEST(find(world.parties, TerminalId{2})->revoked);
  BOOST_TEST(refuses(world.ask(RevokeTerminal{{2}}), Refusal::terminal_must_not_be_revoked));
  const RegisterTerminal again{"T1b", Role::till, {}, {}, {1}, digest_of(2)};
  BOOST_TEST(refuses(world.ask(again), Refusal::certificate_must_be_new));
  const RegisterTerminal renewed{"T1b", Role::till, {}, {}, {1}, digest_of(102)};
  BOOST_TEST(!refusal_of(world.ask(renewed)));
  BOOST_TEST((find_by_certificate(world.parties, digest_of(102))->id == TerminalId{7}));
}

BOOST_AUTO_TEST_CASE(the_last_published_policy_is_in_force) {
  PeopleWorld world;
  BOOST_TEST((policy_in_force(world.parties).error() == Refusal::policy_must_be_published));
  BOOST_TEST(policy_version(world.parties).value == 0U);
  Policy policy = test_policy();
  world.ask(PublishPolicy{policy});
  policy.margin = 7;
  world.ask(PublishPolicy{policy});
  BOOST_TEST((*policy_in_force(world.parties))->margin == 7);
  BOOST_TEST(policy_version(world.parties).value == 2U);
}

// One broken bound at a time; each alone must be enough.
BOOST_AUTO_TEST_CASE(a_policy_out_of_bounds_is_refused) {
  using Break = void (*)(Policy&);
  const Break breaks[] = {
      [](Policy& p) { p.currency = Currency{1}; },
      [](Policy& p) { p.authorisation_life = {0}; },
      [](Policy& p) { p.authorisation_life = too_long; },
      [](Policy& p) { p.step_up_life = {0}; },
      [](Policy& p) { p.step_up_life = too_long; },
      [](Policy& p) { p.hold_life = {-1}; },
      [](Policy& p) { p.hold_life = too_long; },
      [](Policy& p) { p.face_only_purchase_max = -1; },
      [](Policy& p) { p.face_only_purchase_max = amount_minor_max + 1; },
      [](Policy& p) { p.face_only_day_max = -1; },
      [](Policy& p) { p.face_only_day_max = amount_minor_max + 1; },
      [](Policy& p) { p.pin_failures_max = 0; },
      [](Policy& p) { p.photos_min = 0; },
      [](Policy& p) { p.photos_min = photos_max + 1; },
      [](Policy& p) { p.day_offset = hours(15); },
      [](Policy& p) { p.day_offset = hours(-15); },
      [](Policy& p) { p.correction_window = {-1}; },
      [](Policy& p) { p.correction_window = too_long; },
      [](Policy& p) { p.margin = -1; },
      [](Policy& p) { p.margin = 2 * score_one + 1; },
      [](Policy& p) { p.thresholds[0].model = ""; },
      [](Policy& p) { p.thresholds[0].scope_max = 0; },
      [](Policy& p) { p.thresholds[0].threshold = 0; },
      [](Policy& p) { p.thresholds[0].threshold = score_one + 1; },
      [](Policy& p) { p.thresholds[0].search = Search{0}; },
      [](Policy& p) { std::swap(p.thresholds[0], p.thresholds[1]); },
      [](Policy& p) { p.thresholds[1].scope_max = p.thresholds[0].scope_max; },
      [](Policy& p) { p.thresholds.resize(thresholds_max + 1, p.thresholds[0]); },
      [](Policy& p) { p.credentials.face_failures_max = 0; },
      [](Policy& p) { p.credentials.token_life_max = {}; },
      [](Policy& p) { p.credentials.exit_token_life = too_long; },
      [](Policy& p) { p.credentials.clock_skew_max = {-1}; },
      [](Policy& p) { p.credentials.override_life = {}; },
      [](Policy& p) { p.credentials.action_life = {}; },
  };
  PeopleWorld world;
  BOOST_TEST(is_valid_policy(test_policy()));
  BOOST_TEST(is_valid_policy(Policy{}));
  int number = 0;
  for (const Break broken : breaks) {
    Policy policy = test_policy();
    broken(policy);
    BOOST_TEST_CONTEXT("bound " << number++) {
      BOOST_TEST(refuses(world.ask(PublishPolicy{policy}), Refusal::policy_must_be_valid));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
