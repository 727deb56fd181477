// Two people for what one alone may not do: a request, another's approval of the same, once, in
// time (invariant 46).
#include "ledger/rules/people/actions.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

struct Office {
  PlaceWorld world = place_world();
  TerminalId second = world.add_terminal("desk-2", Role::operator_desk, {}, {}, {});
  RiderId rider = world.add_rider(5'000);
  Policy policy = test_policy();

  Office() {
    policy.two_persons = {true, true, true, true, true, true};
    world.ask(PublishPolicy{policy});
  }
  TerminalId gate() const { return world.gates.at("A0"); }
  Action vouch() const { return GrantOverride{world.desk, rider, gate()}; }

  // As the engine does it: the digest is of what is asked for, here by a number of the test's own.
  Decision ask(const Command& command, std::uint8_t content) {
    Moment moment = world.moment();
    moment.action = digest_of(content);
    Decision decision = decide(world.state, command, moment);
    if (decision.events.empty()) return decision;
    Record record;
    record.position = moment.position;
    record.recorded_at = world.now;
    record.events = decision.events;
    apply(world.state, record);
    return decision;
  }
  ActionId request(TerminalId desk, const Action& action, std::uint8_t content) {
    return {std::get<Registered>(ask(RequestAction{desk, action}, content).reply).id};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(actions)

BOOST_AUTO_TEST_CASE(one_alone_may_not) {
  Office office;
  const State before = office.world.state;
  const TerminalId desk = office.world.desk;
  for (const Command& command :
       {Command{PublishTariff{}}, Command{PublishPolicy{office.policy}},
        Command{PublishTerminalLimits{}}, Command{CorrectJourney{{1}, "A0", desk}},
        Command{GrantOverride{desk, office.rider, office.gate()}},
        Command{ReleaseOffline{desk, {}, 1, true}}, Command{GiveUpOffline{desk, {}, 1}}})
    BOOST_TEST(refuses(office.ask(command, 1), Refusal::action_must_be_approved), command.index());
  BOOST_TEST((office.world.state == before));
}

BOOST_AUTO_TEST_CASE(unless_the_policy_lets_one) {
  Office office;
  Policy policy = test_policy();
  policy.two_persons = {false, false, false, false, false, false};
  const ActionId id = office.request(office.world.desk, PublishPolicy{policy}, 1);
  office.ask(ApproveAction{office.second, id, PublishPolicy{policy}}, 1);
  const Decision alone =
      office.ask(GrantOverride{office.world.desk, office.rider, office.gate()}, 0);
  BOOST_TEST((first<ManualOverrideGranted>(alone.events)->second == TerminalId{}));
}

BOOST_AUTO_TEST_CASE(by_default_tariffs_and_policies_need_one_and_overrides_two) {
  PlaceWorld world = place_world();
  BOOST_TEST(!needs_two(world.state.parties, ActionKind::publish_tariff));
  BOOST_TEST(!needs_two(world.state.parties, ActionKind::publish_policy));
  BOOST_TEST(!needs_two(world.state.parties, ActionKind::correct_journey));
  BOOST_TEST(needs_two(world.state.parties, ActionKind::grant_override));
  BOOST_TEST(needs_two(world.state.parties, ActionKind::release_offline));
  BOOST_TEST(!needs_two(Parties{}, ActionKind::grant_override));  // somebody must begin
}

BOOST_AUTO_TEST_CASE(what_another_approves_happens_with_the_approval) {
  Office office;
  const TerminalId desk = office.world.desk;
  const Decision asked = office.ask(RequestAction{desk, office.vouch()}, 5);
  const ActionId id{std::get<Registered>(asked.reply).id};
  BOOST_TEST((asked.events ==
              Events{OperatorActionRequested{id, ActionKind::grant_override, digest_of(5), desk,
                                             office.world.now, office.world.now + hours(24)}}));
  const Decision done = office.ask(ApproveAction{office.second, id, office.vouch()}, 5);
  BOOST_REQUIRE(done.events.size() == 2U);
  BOOST_TEST((done.events[0] == Event{OperatorActionApproved{id, office.second}}));
  const auto* granted = first<ManualOverrideGranted>(done.events);
  BOOST_TEST((granted->staff == desk && granted->second == office.second));
  BOOST_TEST(refuses(office.ask(ApproveAction{office.second, id, office.vouch()}, 5),
                     Refusal::action_must_be_requested));
}

BOOST_AUTO_TEST_CASE(nobody_approves_their_own_or_another_thing_or_too_late) {
  Office office;
  const TerminalId desk = office.world.desk;
  const ActionId id = office.request(desk, office.vouch(), 5);
  const auto approve = [&](TerminalId by, const Action& action, std::uint8_t content) {
    return office.ask(ApproveAction{by, id, action}, content);
  };
  BOOST_TEST(refuses(approve(desk, office.vouch(), 5), Refusal::approver_must_be_another));
  BOOST_TEST(refuses(approve(office.second, office.vouch(), 6), Refusal::action_must_be_the_same));
  BOOST_TEST(refuses(approve(office.second, PublishPolicy{office.policy}, 5),
                     Refusal::action_must_be_the_same));
  BOOST_TEST(
      refuses(approve(office.world.till, office.vouch(), 5), Refusal::terminal_must_have_role));
  office.world.now = office.world.now + hours(24);
  const State still_open = office.world.state;
  Moment last = office.world.moment();
  last.action = digest_of(5);
  const Command in_time{ApproveAction{office.second, id, office.vouch()}};
  BOOST_TEST(!refusal_of(decide(office.world.state, in_time, last)));
  office.world.now = office.world.now + milliseconds(1);
  BOOST_TEST(refuses(approve(office.second, office.vouch(), 5), Refusal::action_must_be_in_time));
  BOOST_TEST((office.world.state == still_open));
  office.request(desk, office.vouch(), 9);  // takes the old one away
  BOOST_TEST(office.world.state.actions.open.size() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_lost_the_right_has_not_asked) {
  Office office;
  const ActionId id = office.request(office.second, office.vouch(), 5);
  office.world.ask(RevokeTerminal{office.second});
  BOOST_TEST(refuses(office.ask(ApproveAction{office.world.desk, id, office.vouch()}, 5),
                     Refusal::terminal_must_not_be_revoked));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_done_alone_either_stays_requested) {
  Office office;
  const Action impossible = GrantOverride{office.world.desk, {77}, office.gate()};
  const ActionId id = office.request(office.world.desk, impossible, 5);
  BOOST_TEST(refuses(office.ask(ApproveAction{office.second, id, impossible}, 5),
                     Refusal::rider_must_be_registered));
  BOOST_TEST(office.world.state.actions.open.contains(id));
}

BOOST_AUTO_TEST_CASE(a_request_without_its_digest_is_none) {
  Office office;
  BOOST_TEST(refuses(office.world.ask(RequestAction{office.world.desk, office.vouch()}),
                     Refusal::action_must_be_the_same));
}

// Whatever desks request and approve: nothing takes effect but what two of them asked for.
BOOST_AUTO_TEST_CASE(invariant_46_nothing_by_one_identity) {
  using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;
  BOOST_TEST(rc::check("two people for every override", [] {
    Office office;
    const std::vector<TerminalId> desks{office.world.desk, office.second};
    std::map<std::uint64_t, std::pair<TerminalId, std::uint8_t>> requests;
    for (const auto& [what, who, content] : *rc::gen::arbitrary<std::vector<Step>>()) {
      const TerminalId desk = desks[who % 2];
      const std::uint8_t number = content % 3;
      Decision decision;
      ActionId id;
      if (what % 3 == 0) {
        decision = office.ask(RequestAction{desk, office.vouch()}, number);
        requests[std::get<Registered>(decision.reply).id] = {desk, number};
      } else if (what % 3 == 1 && !requests.empty()) {
        id = {std::next(requests.begin(), what % static_cast<int>(requests.size()))->first};
        decision = office.ask(ApproveAction{desk, id, office.vouch()}, number);
      } else {
        decision = office.ask(GrantOverride{desk, office.rider, office.gate()}, number);
      }
      const auto* granted = first<ManualOverrideGranted>(decision.events);
      if (granted == nullptr) continue;
      RC_ASSERT(granted->staff != granted->second);
      RC_ASSERT(requests.contains(id.value));
      RC_ASSERT((requests[id.value] == std::pair{granted->staff, number}));
      requests.erase(id.value);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
