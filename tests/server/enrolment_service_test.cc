#include "ledger/server/enrolment_service.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;
using house::key;

namespace {

struct Desk {
  explicit Desk(Inside& its_inside)
      : inside(its_inside), login(inside.log_in(house::enrolment_paper)) {}
  auto client() { return login.getEnrolment(); }

  template <class Request>
  auto send(Request request) {
    house::fill(request.initAttempt(), key(attempt++));
    return inside.ask(kj::mv(request));
  }
  template <class Request>
  auto about(Request request, std::uint64_t rider) {
    request.setRider(rider);
    return send(kj::mv(request));
  }
  auto person(std::uint64_t rider) {
    auto request = client().personRequest();
    request.setRider(rider);
    return inside.ask(kj::mv(request));
  }
  Inside& inside;
  Inside::Login login;
  std::uint64_t attempt = 1'000'000;
};

void with_desk(const std::function<void(Inside&, Desk&)>& body) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    Desk desk(inside);
    body(inside, desk);
  });
}

template <class Response>
std::string refusal(const Response& response) {
  const auto outcome = response.getOutcome();
  return outcome.isRefused() ? outcome.getRefused().getName().cStr() : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_enrolment_service)

BOOST_AUTO_TEST_CASE(a_person_from_the_first_word_to_the_last) {
  with_desk([](Inside& inside, Desk& desk) {
    const std::uint64_t rider = inside.enrol(1, 3'000);
    auto person = desk.person(rider);
    BOOST_TEST(person.getPerson().getFace().cStr() == "enrolled");
    BOOST_TEST(person.getPerson().getFaceVersion() == 1U);
    BOOST_TEST(person.getPerson().getPin().cStr() == "none");
    BOOST_TEST(person.getPerson().getBalance().getMinor() == 3'000);
    BOOST_TEST(person.getPerson().getAvailable().getMinor() == 3'000);
    BOOST_TEST(person.getPerson().getConsents().size() == 2U);

    auto pin = desk.client().setPinRequest();
    pin.setPin("1234");
    BOOST_TEST(desk.about(kj::mv(pin), rider).getOutcome().isDone());
    BOOST_TEST(desk.about(desk.client().suspendRequest(), rider).getOutcome().isDone());
    BOOST_TEST(desk.person(rider).getPerson().getFace().cStr() == "suspended");
    BOOST_TEST(inside.household().matcher.people() == 0U);
    BOOST_TEST(desk.about(desk.client().reinstateRequest(), rider).getOutcome().isDone());
    BOOST_TEST(inside.household().matcher.people() == 1U);

    BOOST_TEST(desk.about(desk.client().eraseRequest(), rider).getOutcome().getDone().getId() ==
               0U);
    person = desk.person(rider);
    BOOST_TEST(person.getPerson().getFace().cStr() == "erased");
    BOOST_TEST(person.getPerson().getConsents().size() == 0U);
    BOOST_TEST(person.getPerson().getBalance().getMinor() == 3'000);
    BOOST_TEST(inside.household().matcher.people() == 0U);
    BOOST_TEST(inside.vault().faces().empty());
    BOOST_TEST(inside.vault().pins().empty());
  });
}

BOOST_AUTO_TEST_CASE(consent_for_one_party_is_given_and_withdrawn) {
  with_desk([](Inside&, Desk& desk) {
    const auto rider = house::done(desk.send(desk.client().registerRequest()).getOutcome());
    auto consent = desk.client().consentRequest();
    consent.initParty().setMerchant("bakery");
    consent.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    consent.setTextVersion(3);
    BOOST_TEST(desk.about(kj::mv(consent), rider).getOutcome().isDone());
    const auto person = desk.person(rider);
    const auto consents = person.getPerson().getConsents();
    BOOST_REQUIRE(consents.size() == 1U);
    BOOST_TEST(consents[0].getParty().getMerchant().cStr() == "bakery");
    BOOST_TEST(consents[0].getTextVersion() == 3U);
    auto withdraw = desk.client().withdrawRequest();
    withdraw.initParty().setMerchant("bakery");
    withdraw.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    BOOST_TEST(desk.about(kj::mv(withdraw), rider).getOutcome().isDone());
    BOOST_TEST(desk.person(rider).getPerson().getConsents().size() == 0U);
  });
}

BOOST_AUTO_TEST_CASE(who_or_what_is_not_known_is_refused_by_name) {
  with_desk([](Inside&, Desk& desk) {
    BOOST_TEST(desk.person(7).getRefused().getName().cStr() == "rider_must_be_registered");
    auto consent = desk.client().consentRequest();
    consent.initParty().setTransitOperator("tram");
    BOOST_TEST(refusal(desk.about(kj::mv(consent), 1)) == "operator_must_be_registered");
    auto withdraw = desk.client().withdrawRequest();
    withdraw.initParty().setMerchant("florist");
    BOOST_TEST(refusal(desk.about(kj::mv(withdraw), 1)) == "merchant_must_be_registered");
    auto wallet = desk.client().openWalletRequest();
    wallet.setCurrency(1);
    BOOST_TEST(refusal(desk.about(kj::mv(wallet), 1)) == "currency_must_match");
    auto load = desk.client().loadRequest();
    load.initAmount().setCurrency(1);
    BOOST_TEST(refusal(desk.about(kj::mv(load), 1)) == "currency_must_match");
    BOOST_TEST(refusal(desk.about(desk.client().resetPinRequest(), 77)) ==
               "rider_must_be_registered");
  });
}

BOOST_AUTO_TEST_CASE(a_child_its_guardian_and_a_change_of_category) {
  with_desk([](Inside&, Desk& desk) {
    const auto guardian = house::done(desk.send(desk.client().registerRequest()).getOutcome());
    auto request = desk.client().registerRequest();
    request.setCategory(rpc::EnrolmentDesk::Category::CHILD);
    request.setGuardian(guardian);
    const auto child = house::done(desk.send(kj::mv(request)).getOutcome());
    const auto category = [&] { return desk.person(child).getPerson().getCategory(); };
    BOOST_TEST((category() == rpc::EnrolmentDesk::Category::CHILD));
    auto assign = desk.client().assignCategoryRequest();
    assign.setCategory(rpc::EnrolmentDesk::Category::ADULT);
    BOOST_TEST(desk.about(kj::mv(assign), child).getOutcome().isDone());
    BOOST_TEST((category() == rpc::EnrolmentDesk::Category::ADULT));
  });
}

BOOST_AUTO_TEST_CASE(what_is_no_pin_is_refused_and_leaves_nothing) {
  with_desk([](Inside& inside, Desk& desk) {
    const auto before = inside.household().ledger.head().position.value;
    for (const char* digits : {"123", "12a4", "1234567890123"}) {
      auto pin = desk.client().setPinRequest();
      pin.setPin(digits);
      BOOST_TEST(refusal(desk.about(kj::mv(pin), 1)) == "pin_must_be_digits");
    }
    BOOST_TEST(inside.household().ledger.head().position.value == before);
  });
}

BOOST_AUTO_TEST_CASE(a_kind_that_a_newer_desk_may_know_is_refused_by_name) {
  with_desk([](Inside&, Desk& desk) {
    auto registration = desk.client().registerRequest();
    registration.setCategory(static_cast<rpc::EnrolmentDesk::Category>(9));
    BOOST_TEST(refusal(desk.send(kj::mv(registration))) == "request_must_be_readable");
    auto consent = desk.client().consentRequest();
    consent.setPurpose(static_cast<rpc::EnrolmentDesk::Purpose>(9));
    BOOST_TEST(refusal(desk.about(kj::mv(consent), 1)) == "request_must_be_readable");
    auto enrol = desk.client().enrolRequest();
    enrol.initPhotos(photos_max + 1);
    BOOST_TEST(refusal(desk.about(kj::mv(enrol), 1)) == "photos_must_be_enough");
  });
}

BOOST_AUTO_TEST_SUITE_END()
