// Which desk may ask for what, and what becomes of names and of what nobody can read.
#include "ledger/server/desk_commands.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <boost/test/unit_test.hpp>
#include <functional>

using namespace obverse;

namespace {

struct Desk {
  State state;
  Directory directory;

  static State town() {
    State state;
    obverse::apply(state, Event{OperatorRegistered{{1}, "OM"}});
    return state;
  }
  Desk() : state(town()), directory(state) {}

  Command command(const std::function<void(rpc::DeskCommand::Builder)>& fill, Role role) const {
    capnp::MallocMessageBuilder message;
    auto asked = message.initRoot<rpc::DeskCommand>();
    fill(asked);
    Terminal caller;
    caller.id = {7};
    caller.role = role;
    return desk_command(asked.asReader(), directory, caller);
  }
  std::optional<Refusal> refusal(const std::function<void(rpc::DeskCommand::Builder)>& fill,
                                 Role role) const {
    try {
      command(fill, role);
    } catch (const Unreadable& unreadable) {
      return unreadable.refusal;
    }
    return {};
  }
};

void a_pass(rpc::DeskCommand::Builder asked) {
  auto sale = asked.initSellPass();
  sale.setRider(3);
  sale.setTransit("OM");
  sale.setFrom("A");
  sale.setTo("B");
  sale.setFirstDay(20'000);
  sale.setMonths(3);
}
void a_sponsor(rpc::DeskCommand::Builder asked) { asked.initRegisterSponsor().setCode("city"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(desk_commands)

BOOST_AUTO_TEST_CASE(fields_are_the_command_s) {
  const Command command = Desk().command(a_pass, Role::enrolment_desk);
  const auto* sale = std::get_if<SellPass>(&command);
  BOOST_REQUIRE(sale != nullptr);
  BOOST_TEST((sale->rider == RiderId{3} && sale->transit == OperatorId{1}));
  BOOST_TEST((sale->from == "A" && sale->to == "B"));
  BOOST_TEST((sale->first_day == 20'000 && sale->months == 3));
}

BOOST_AUTO_TEST_CASE(each_kind_belongs_to_one_desk) {
  const Desk desk;
  BOOST_TEST(!desk.refusal(a_pass, Role::enrolment_desk));
  BOOST_TEST(!desk.refusal(a_sponsor, Role::operator_desk));
  for (const Role other : {Role::gate, Role::till, Role::operator_desk, Role::auditor})
    BOOST_TEST((desk.refusal(a_pass, other) == Refusal::terminal_must_have_role));
  for (const Role other : {Role::gate, Role::till, Role::enrolment_desk, Role::auditor})
    BOOST_TEST((desk.refusal(a_sponsor, other) == Refusal::terminal_must_have_role));
}

// Read with nothing said: each finds the fields of its command, in its order.
BOOST_AUTO_TEST_CASE(every_kind_has_the_fields_of_its_command) {
  const Desk desk;
  std::size_t kinds = 0;
  for (const auto field : capnp::Schema::from<rpc::DeskCommand>().getUnionFields()) {
    ++kinds;
    const auto unsaid = [&](rpc::DeskCommand::Builder asked) {
      capnp::DynamicStruct::Builder(asked).init(field);
    };
    std::size_t served = 0;
    for (const Role role : {Role::enrolment_desk, Role::operator_desk, Role::processor})
      served += desk.refusal(unsaid, role) == Refusal::terminal_must_have_role ? 0U : 1U;
    BOOST_TEST(served == 1U, field.getProto().getName().cStr());
    for (const Role role : {Role::gate, Role::till, Role::auditor})
      BOOST_TEST((desk.refusal(unsaid, role) == Refusal::terminal_must_have_role));
  }
  BOOST_TEST(kinds >= 28U);
}

BOOST_AUTO_TEST_CASE(who_asks_is_the_caller) {
  const auto closing = [](rpc::DeskCommand::Builder asked) {
    asked.initCloseSettlementWindow().setWindow(12);
  };
  const Command command = Desk().command(closing, Role::processor);
  const auto* close = std::get_if<CloseSettlementWindow>(&command);
  BOOST_REQUIRE(close != nullptr);
  BOOST_TEST((close->by == TerminalId{7} && close->window == WindowId{12}));
  const auto grouping = [](rpc::DeskCommand::Builder asked) {
    auto members = asked.initFormLookalikeGroup().initMembers(2);
    members.set(0, 3);
    members.set(1, 9);
  };
  const Command group = Desk().command(grouping, Role::enrolment_desk);
  BOOST_TEST((std::get<FormLookalikeGroup>(group).desk == TerminalId{7}));
  BOOST_TEST((std::get<FormLookalikeGroup>(group).members == std::vector<RiderId>{{3}, {9}}));
}

BOOST_AUTO_TEST_CASE(parts_and_what_may_be_absent) {
  const auto dated = [](rpc::DeskCommand::Builder asked) {
    auto grant = asked.initGrantCategory();
    grant.setRider(3);
    grant.setCategory(4);
    grant.setFrom(1'750'000'000'000);
    grant.getUntil().setSome(1'750'000'086'400);
  };
  const Command command = Desk().command(dated, Role::enrolment_desk);
  const auto& grant = std::get<GrantCategory>(command);
  BOOST_TEST((grant.category == Category::senior && grant.from == Instant{1'750'000'000'000}));
  BOOST_TEST((grant.until == Instant{1'750'000'086'400}));
  const auto terms = [](rpc::DeskCommand::Builder asked) {
    auto limits = asked.initPublishTerminalLimits().initLimits();
    limits.setCurrency(392);
    limits.setSaleMax(500);
  };
  const Command published = Desk().command(terms, Role::operator_desk);
  BOOST_TEST(std::get<PublishTerminalLimits>(published).limits.sale_max == 500);
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has) {
  const auto elsewhere = [](rpc::DeskCommand::Builder asked) {
    a_pass(asked);
    asked.getSellPass().setTransit("XX");
  };
  BOOST_TEST(
      (Desk().refusal(elsewhere, Role::enrolment_desk) == Refusal::operator_must_be_registered));
}

BOOST_AUTO_TEST_CASE(what_is_no_code_is_no_request) {
  const auto bad = [](rpc::DeskCommand::Builder asked) {
    asked.initRegisterSponsor().setCode("two words");
  };
  BOOST_TEST((Desk().refusal(bad, Role::operator_desk) == Refusal::request_must_be_readable));
}

BOOST_AUTO_TEST_SUITE_END()
