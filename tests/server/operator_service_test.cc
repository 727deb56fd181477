#include "ledger/server/operator_service.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;
using house::key;

namespace {

struct Desk {
  explicit Desk(Inside& its_inside) : inside(its_inside), login(inside.log_in(house::desk_paper)) {}
  auto client() { return login.getOperator(); }

  template <class Request>
  std::string send(Request request) {  // the refusal's name; empty if done
    house::fill(request.initAttempt(), key(attempt++));
    const auto response = inside.ask(kj::mv(request));
    const auto outcome = response.getOutcome();
    return outcome.isRefused() ? outcome.getRefused().getName().cStr() : "";
  }
  Inside& inside;
  Inside::Login login;
  std::uint64_t attempt = 1;
};

void with_desk(const std::function<void(Inside&, Desk&)>& body) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    Desk desk(inside);
    body(inside, desk);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_operator_service)

BOOST_AUTO_TEST_CASE(who_takes_part) {
  with_desk([](Inside& inside, Desk& desk) {
    auto transit = desk.client().registerOperatorRequest();
    transit.setCode("tram");
    BOOST_TEST(desk.send(kj::mv(transit)) == "");
    auto merchant = desk.client().registerMerchantRequest();
    merchant.setCode("florist");
    merchant.setCurrency(392);
    BOOST_TEST(desk.send(kj::mv(merchant)) == "");
    auto again = desk.client().registerMerchantRequest();
    again.setCode("florist");
    again.setCurrency(392);
    BOOST_TEST(desk.send(kj::mv(again)) == "code_must_be_new");
    auto foreign = desk.client().registerMerchantRequest();
    foreign.setCode("banker");
    BOOST_TEST(desk.send(kj::mv(foreign)) == "currency_must_match");

    const auto terminal = [&](const char* merchant_code, std::size_t digest_bytes) {
      auto request = desk.client().registerTerminalRequest();
      auto wanted = request.initTerminal();
      wanted.setCode("till-2");
      wanted.setRole(rpc::NewTerminal::Role::TILL);
      wanted.setMerchant(merchant_code);
      const std::vector<kj::byte> digest(digest_bytes, 50);
      wanted.setCertificate({digest.data(), digest.size()});
      return desk.send(kj::mv(request));
    };
    BOOST_TEST(terminal("nobody", 32) == "merchant_must_be_registered");
    BOOST_TEST(terminal("florist", 31) == "request_must_be_readable");
    BOOST_TEST(terminal("florist", 32) == "");
    BOOST_TEST(inside.log_in(50).hasCheckout());
  });
}

BOOST_AUTO_TEST_CASE(a_revocation_cuts_before_it_is_answered) {
  with_desk([](Inside& inside, Desk& desk) {
    auto revoke = desk.client().revokeTerminalRequest();
    revoke.setCode("till");
    BOOST_TEST(desk.send(kj::mv(revoke)) == "");
    BOOST_REQUIRE(inside.cut.size() == 1U);
    BOOST_TEST((inside.cut[0] == house::certificate(house::till_paper)));
    auto unknown = desk.client().revokeTerminalRequest();
    unknown.setCode("nothing");
    BOOST_TEST(desk.send(kj::mv(unknown)) == "terminal_must_be_registered");
  });
}

BOOST_AUTO_TEST_CASE(tariff_and_policy_are_published_and_read_back) {
  with_desk([](Inside& inside, Desk& desk) {
    auto tariff = desk.client().publishTariffRequest();
    house::fill_tariff(tariff.initTariff(), "metro");
    tariff.getTariff().setEffectiveFrom(inside.clock().now().ms + 1'000);
    tariff.getTariff().setCode("T-2");
    BOOST_TEST(desk.send(kj::mv(tariff)) == "");
    auto elsewhere = desk.client().publishTariffRequest();
    house::fill_tariff(elsewhere.initTariff(), "nobody");
    BOOST_TEST(desk.send(kj::mv(elsewhere)) == "operator_must_be_registered");
    auto policy = desk.client().publishPolicyRequest();
    house::fill_policy(policy.initPolicy());
    policy.getPolicy().setFaceOnlyPurchaseMax(4'321);
    BOOST_TEST(desk.send(kj::mv(policy)) == "");
    const auto read = inside.ask(desk.client().policyRequest());
    BOOST_TEST(read.getPolicy().getFaceOnlyPurchaseMax() == 4'321);
    BOOST_REQUIRE(read.getPolicy().getThresholds().size() == 2U);
    BOOST_TEST(read.getPolicy().getThresholds()[0].getOneToMany());
    BOOST_TEST(!read.getPolicy().getThresholds()[1].getOneToMany());
  });
}

BOOST_AUTO_TEST_CASE(before_the_first_policy_there_is_none) {
  Inside inside;
  inside.tell(RegisterTerminal{"desk", Role::operator_desk, {}, "", {}, house::certificate(1)});
  inside.run([&] {
    Desk desk(inside);
    const auto read = inside.ask(desk.client().policyRequest());
    BOOST_TEST(read.getRefused().getName().cStr() == "policy_must_be_published");
  });
}

BOOST_AUTO_TEST_CASE(corrections_name_what_must_be_known) {
  with_desk([](Inside&, Desk& desk) {
    auto correct = desk.client().correctJourneyRequest();
    correct.setJourney(999);
    correct.setExit("B");
    BOOST_TEST(desk.send(kj::mv(correct)) == "journey_must_be_known");
  });
}

BOOST_AUTO_TEST_CASE(status_counts) {
  with_desk([](Inside& inside, Desk& desk) {
    inside.enrol(1, 100);
    inside.clock().advance(seconds(5));
    const auto response = inside.ask(desk.client().statusRequest());
    const auto status = response.getStatus();
    BOOST_TEST(status.getPeople() == 1U);
    BOOST_TEST(status.getKernel().size() > 0U);
    BOOST_TEST(status.getUptimeMs() == 5'000U);
    BOOST_TEST(status.getHead().getPosition() == inside.household().ledger.head().position.value);
    BOOST_TEST(status.getCounters().size() == counts_number);
    BOOST_TEST(status.getReport().size() > 0U);
  });
}

BOOST_AUTO_TEST_SUITE_END()
