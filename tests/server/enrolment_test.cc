#include "ledger/server/enrolment.h"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;

namespace {

AttemptKey attempt(std::uint8_t number) {
  AttemptKey key;
  key.bytes[6] = 0x70;
  key.bytes[8] = 0x80;
  key.bytes[15] = number;
  return key;
}

// Calls as the desk's service does, and waits for the letter.
struct Desk {
  explicit Desk(Inside& its_inside) : inside(its_inside) {}

  template <class Wish>
  Answer run(void (*slow)(Household&, const std::shared_ptr<const Wish>&,
                          const Crossing::Letter<Answer>&),
             Wish wish) {
    auto awaited = inside.crossing().await<Answer>();
    // On another thread, as in the pool: it waits for the writer.
    std::thread other(
        [&house = inside.household(), slow, letter = std::move(awaited.letter),
         shared = std::make_shared<const Wish>(std::move(wish))] { slow(house, shared, letter); });
    other.join();
    return awaited.promise.wait(inside.wait_scope());
  }
  Answer face(std::uint8_t number, std::uint64_t rider, std::size_t photos) {
    FaceWish wish{{5},
                  {attempt(number), inside.clock().now(), inside.clock().now() + seconds(10)},
                  {rider},
                  {}};
    for (std::size_t i = 0; i < photos; ++i) {
      const auto numbers = house::photo(rider, number * 10U + i);
      wish.photos.push_back({"mobilefacenet-512", {numbers.begin(), numbers.end()}});
    }
    return run(enrol_face, std::move(wish));
  }
  Answer pin(std::uint8_t number, std::uint64_t rider, std::string_view digits) {
    return run(set_pin,
               PinWish{{5},
                       {attempt(number), inside.clock().now(), inside.clock().now() + seconds(10)},
                       {rider},
                       {digits.begin(), digits.end()}});
  }
  Inside& inside;
};

Refusal refusal(const Answer& answer) { return std::get<Refused>(answer.reply).refusal; }

// Rider 1, with every consent, no face yet.
void with_desk(const std::function<void(Inside&, Desk&)>& body) {
  Inside inside;
  inside.set_up();
  inside.tell(RegisterRider{Category::adult, {}});
  inside.tell(GrantConsent{{1}, Purpose::payment, {}, 1, {}});
  inside.run([&] {
    Desk desk(inside);
    body(inside, desk);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_enrolment)

BOOST_AUTO_TEST_CASE(a_face_is_in_vault_log_and_gallery_when_it_is_answered) {
  with_desk([](Inside& inside, Desk& desk) {
    const Answer answer = desk.face(1, 1, 2);
    BOOST_TEST((answer.reply == Reply{Enrolled{{1}, {1}}}));
    BOOST_TEST(inside.household().matcher.people() == 1U);
    BOOST_TEST(inside.household().matcher.templates() == 2U);
    BOOST_TEST(inside.vault().faces().size() == 1U);
  });
}

BOOST_AUTO_TEST_CASE(a_retry_with_other_photos_has_the_first_outcome_and_keeps_nothing_more) {
  with_desk([](Inside& inside, Desk& desk) {
    const Answer first = desk.face(1, 1, 2);
    const Answer again = desk.face(1, 1, 3);
    BOOST_TEST((again.reply == first.reply));
    BOOST_TEST(again.repeated);
    BOOST_TEST(inside.vault().faces().size() == 1U);
    BOOST_TEST(inside.household().matcher.templates() == 2U);
    BOOST_TEST((desk.face(2, 1, 1).reply == Reply{Enrolled{{1}, {2}}}));
    BOOST_TEST(inside.vault().faces().size() == 1U);
  });
}

BOOST_AUTO_TEST_CASE(what_the_ledger_does_not_take_leaves_nothing_in_the_vault) {
  with_desk([](Inside& inside, Desk& desk) {
    inside.tell(RegisterRider{Category::adult, {}});  // rider 2 has not consented
    BOOST_TEST(is_refusal(desk.face(1, 2, 1)));
    BOOST_TEST((refusal(desk.face(2, 3, 1)) == Refusal::rider_must_be_registered));
    BOOST_TEST((refusal(desk.face(3, 1, 0)) == Refusal::photos_must_be_enough));
    BOOST_TEST((refusal(desk.face(4, 1, 9)) == Refusal::photos_must_be_enough));
    BOOST_TEST(inside.vault().faces().empty());
    BOOST_TEST(inside.household().matcher.people() == 0U);
  });
}

BOOST_AUTO_TEST_CASE(one_enrolment_of_a_person_at_a_time) {
  with_desk([](Inside& inside, Desk& desk) {
    auto turn = inside.household().turns.take({1});
    BOOST_TEST((desk.face(1, 1, 1).fault == Answer::Fault::busy));
    BOOST_TEST((desk.pin(2, 1, "1234").fault == Answer::Fault::busy));
    turn.reset();
    BOOST_TEST(!is_refusal(desk.face(1, 1, 1)));
  });
}

BOOST_AUTO_TEST_CASE(a_pin_is_kept_under_the_next_version_and_a_retry_changes_nothing) {
  with_desk([](Inside& inside, Desk& desk) {
    BOOST_TEST((desk.pin(1, 1, "1234").reply == Reply{Done{}}));
    BOOST_TEST(inside.household().directory.pin({1}).value == 1U);
    BOOST_TEST(desk.pin(1, 1, "1234").repeated);
    BOOST_TEST(inside.household().directory.pin({1}).value == 1U);
    BOOST_TEST(inside.vault().check_pin({1}, {1}, "1234").value());
    BOOST_TEST(inside.vault().pins().size() == 1U);
    BOOST_TEST((desk.pin(2, 1, "5678").reply == Reply{Done{}}));
    BOOST_TEST(!inside.vault().check_pin({1}, {1}, "1234"));
    BOOST_TEST((refusal(desk.pin(3, 9, "1234")) == Refusal::rider_must_be_registered));
  });
}

BOOST_AUTO_TEST_SUITE_END()
