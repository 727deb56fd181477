#include "ledger/server/directory.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

namespace {

Digest paper(std::uint8_t number) {
  Digest digest;
  digest.bytes.fill(number);
  return digest;
}

void happen(Directory& directory, Events events) {
  Record record;
  record.events = std::move(events);
  directory.committed({&record, 1}, {});
}

TerminalRegistered a_terminal(std::uint32_t id, const char* code, Role role) {
  return {{id}, code, role, {}, "", {}, paper(static_cast<std::uint8_t>(id))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_directory)

BOOST_AUTO_TEST_CASE(it_follows_who_takes_part) {
  Directory directory{State{}};
  BOOST_TEST(!directory.has_operator_desk());
  BOOST_TEST(!directory.policy());
  happen(directory, {OperatorRegistered{{1}, "metro"}, MerchantRegistered{{1}, "bakery", {}},
                     a_terminal(1, "desk", Role::operator_desk)});
  BOOST_TEST((directory.transit_operator("metro") == OperatorId{1}));
  BOOST_TEST((directory.merchant("bakery") == MerchantId{1}));
  BOOST_TEST(!directory.merchant("metro"));
  BOOST_TEST(directory.code(OperatorId{1}).value() == "metro");
  BOOST_TEST(directory.code(MerchantId{1}).value() == "bakery");
  BOOST_TEST(!directory.code(MerchantId{2}));
  BOOST_TEST((directory.terminal(Code("desk")) == TerminalId{1}));
  BOOST_TEST(directory.terminal(paper(1)).value().code == "desk");
  BOOST_TEST(!directory.terminal(paper(9)));
  BOOST_TEST(directory.has_operator_desk());

  Policy policy;
  policy.margin = 17;
  happen(directory, {PolicyPublished{{1}, policy}});
  BOOST_REQUIRE(directory.policy());
  BOOST_TEST(directory.policy()->margin == 17);
}

BOOST_AUTO_TEST_CASE(a_revocation_is_told_and_the_certificate_is_known_as_revoked) {
  Directory directory{State{}};
  std::vector<Digest> told;
  directory.when_revoked([&](const Digest& certificate) { told.push_back(certificate); });
  happen(directory, {a_terminal(1, "desk", Role::operator_desk)});
  BOOST_TEST(told.empty());
  happen(directory, {TerminalRevoked{{1}}});
  BOOST_REQUIRE(told.size() == 1U);
  BOOST_TEST((told[0] == paper(1)));
  BOOST_TEST(directory.terminal(paper(1)).value().revoked);
  BOOST_TEST(!directory.has_operator_desk());
}

BOOST_AUTO_TEST_CASE(it_begins_where_the_state_is) {
  State state;
  apply(state.parties, OperatorRegistered{{1}, "metro"});
  apply(state.parties, PolicyPublished{{1}, Policy{}});
  state.enrolments.riders.resize(2);
  state.enrolments.riders[1].pin.version = {3};
  const Directory directory{state};
  BOOST_TEST((directory.transit_operator("metro") == OperatorId{1}));
  BOOST_TEST((directory.policy() != nullptr));
  BOOST_TEST(directory.pin({2}).value == 3U);
  BOOST_TEST(directory.pin({1}).value == 0U);
}

BOOST_AUTO_TEST_CASE(it_knows_the_version_of_a_pin) {
  Directory directory{State{}};
  happen(directory, {PinSet{{5}, {1}}});
  happen(directory, {PinSet{{5}, {2}}});
  BOOST_TEST(directory.pin({5}).value == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
