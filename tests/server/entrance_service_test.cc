#include "ledger/server/entrance_service.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;
using house::Seen;

namespace {

std::string held(const Inside::Login& login) {
  std::string roles;
  if (login.hasGate()) roles += "gate ";
  if (login.hasCheckout()) roles += "checkout ";
  if (login.hasEnrolment()) roles += "enrolment ";
  if (login.hasOperator()) roles += "operator ";
  if (login.hasAuditor()) roles += "auditor ";
  return roles;
}

std::string refusal(const Inside::Login& login) {
  return login.hasRefused() ? login.getRefused().getName().cStr() : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_entrance_service)

BOOST_AUTO_TEST_CASE(a_role_is_the_object_it_is_handed_and_no_other) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    BOOST_TEST(held(inside.log_in(house::gate_a_paper)) == "gate ");
    BOOST_TEST(held(inside.log_in(house::till_paper)) == "checkout ");
    BOOST_TEST(held(inside.log_in(house::enrolment_paper)) == "enrolment ");
    BOOST_TEST(held(inside.log_in(house::desk_paper)) == "operator ");
    BOOST_TEST(held(inside.log_in(house::auditor_paper)) == "auditor ");
    BOOST_TEST(inside.logins == 5);
  });
}

BOOST_AUTO_TEST_CASE(the_welcome_says_who_one_is_and_where_the_log_stands) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    const auto login = inside.log_in(house::gate_a_paper);
    const auto welcome = login.getWelcome();
    BOOST_TEST(welcome.getTerminal().cStr() == "gate-a");
    BOOST_TEST(welcome.getRole().cStr() == "gate");
    BOOST_TEST(welcome.getModel().cStr() == "mobilefacenet-512");
    BOOST_TEST(welcome.getDimensions() == 512U);
    BOOST_TEST(welcome.getServerTime() == inside.clock().now().ms);
    BOOST_TEST(welcome.getHead().getHeadPosition() ==
               inside.household().ledger.head().position.value);
    BOOST_TEST(welcome.getHead().getHeadChain().size() == 32U);
    auto ping = login.getSession().pingRequest();
    BOOST_TEST(inside.ask(kj::mv(ping)).getServerTime() == inside.clock().now().ms);
  });
}

BOOST_AUTO_TEST_CASE(strangers_and_the_revoked_get_nothing_and_are_told_why) {
  Inside inside;
  inside.set_up();
  inside.tell(RevokeTerminal{*inside.household().directory.terminal(Code("till"))});
  inside.run([&] {
    const auto stranger = inside.log_in(house::stranger_paper);
    BOOST_TEST(refusal(stranger) == "terminal_must_be_registered");
    BOOST_TEST(held(stranger) == "");
    BOOST_TEST(!stranger.hasSession());
    const auto revoked = inside.log_in(house::till_paper);
    BOOST_TEST(refusal(revoked) == "terminal_must_not_be_revoked");
    BOOST_TEST(held(revoked) == "");
    BOOST_TEST(inside.logins == 0);
    BOOST_TEST(inside.metrics().value(Count::logins_refused) == 2U);
  });
}

BOOST_AUTO_TEST_CASE(a_log_that_is_behind_or_another_one_lets_nobody_in) {
  Inside inside;
  inside.set_up();
  const Receipt head = inside.household().ledger.head();
  const std::vector<kj::byte> chain(head.chain.bytes.begin(), head.chain.bytes.end());
  inside.run([&] {
    BOOST_TEST(held(inside.log_in(house::gate_a_paper, {head.position.value, chain})) == "gate ");
    const auto behind = inside.log_in(house::gate_a_paper, {head.position.value + 1, chain});
    BOOST_TEST(refusal(behind) == "log_must_hold_what_was_answered");
    BOOST_TEST(held(behind) == "");
    auto another = chain;
    another[0] ^= 1;
    const auto differs = inside.log_in(house::gate_a_paper, {head.position.value, another});
    BOOST_TEST(refusal(differs) == "log_must_hold_what_was_answered");
    BOOST_TEST(refusal(inside.log_in(house::gate_a_paper, {head.position.value, {}})) ==
               "log_must_hold_what_was_answered");
    BOOST_TEST(inside.metrics().value(Count::rollbacks_noticed) == 3U);
  });
}

namespace {

// What the ledger itself says of a place that its log does not have, as it did before a rollback.
Seen lost_answer(Inside& inside) {
  const Receipt head = inside.household().ledger.head();
  const Receipt lost{{head.position.value + 1}, head.chain};
  const ReceiptMark mark = inside.vault().receipt_seal().mark(lost.position, lost.chain);
  return {lost.position.value,
          {lost.chain.bytes.begin(), lost.chain.bytes.end()},
          {mark.begin(), mark.end()}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_server_that_is_proven_to_be_rolled_back_serves_nobody) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    auto till = inside.log_in(house::till_paper);
    const Seen lost = lost_answer(inside);
    Seen forged = lost;
    forged.mark[0] ^= 1;
    BOOST_TEST(refusal(inside.log_in(house::gate_a_paper, forged)) ==
               "log_must_hold_what_was_answered");
    BOOST_TEST(held(inside.log_in(house::gate_b_paper)) == "gate ");  // a claim is not a proof
    BOOST_TEST(inside.metrics().value(Count::rollbacks_proven) == 0U);

    BOOST_TEST(refusal(inside.log_in(house::gate_a_paper, lost)) ==
               "log_must_hold_what_was_answered");
    BOOST_TEST(refusal(inside.log_in(house::gate_b_paper)) == "log_must_hold_what_was_answered");
    BOOST_TEST(refusal(inside.log_in(house::enrolment_paper)) == "log_must_hold_what_was_answered");
    BOOST_TEST(inside.metrics().value(Count::rollbacks_proven) == 1U);
    // Who was inside already is not served either: neither a wish nor a question after an answer.
    auto reverse = till.getCheckout().reverseRequest();
    house::fill(reverse.initAttempt(), house::key(1));
    house::fill(reverse.initOriginal(), house::key(2));
    BOOST_TEST(inside.ask(kj::mv(reverse)).getOutcome().getDeclined().getName().cStr() ==
               "log_must_hold_what_was_answered");
    auto status = till.getCheckout().statusRequest();
    house::fill(status.initAttempt(), house::key(2));
    BOOST_TEST(inside.ask(kj::mv(status)).getOutcome().getDeclined().getName().cStr() ==
               "log_must_hold_what_was_answered");
    // Somebody must be able to look.
    BOOST_TEST(held(inside.log_in(house::auditor_paper)) == "auditor ");
    BOOST_TEST(held(inside.log_in(house::desk_paper)) == "operator ");
  });
}

BOOST_AUTO_TEST_CASE(every_receipt_bears_the_mark_that_proves_it) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    const auto login = inside.log_in(house::gate_a_paper);
    const auto head = login.getWelcome().getHead();
    Receipt receipt{{head.getHeadPosition()}, {}};
    std::ranges::copy(head.getHeadChain(), receipt.chain.bytes.begin());
    const auto mark = head.getMark();
    BOOST_TEST(inside.vault().receipt_seal().is_ours(receipt.position, receipt.chain,
                                                     {mark.begin(), mark.size()}));
  });
}

BOOST_AUTO_TEST_SUITE_END()
