// Runs on threads of the desks' own pool, so that it may wait for disk and writer.
#include "ledger/server/enrolment.h"

#include <algorithm>
#include <future>

#include "ledger/model/limits.h"
#include "ledger/server/gallery_feed.h"

namespace obverse {
namespace {

// Waits for the writer. Throws std::future_error if the ledger stops first.
Answer submit_and_wait(Household& house, TerminalId desk, const Caller::Wish& wish,
                       Command command) {
  auto told = std::make_shared<std::promise<Answer>>();
  auto answer = told->get_future();
  submit(house, desk, wish, std::move(command),
         [told](const Answer& given) { told->set_value(given); });
  told.reset();
  return answer.get();
}

// The rider as the ledger has them now; nothing if there is no such person.
std::optional<Rider> ask_rider(Household& house, RiderId rider) {
  auto told = std::make_shared<std::promise<std::optional<Rider>>>();
  auto found = told->get_future();
  const bool has_room = house.ledger.ask([told, rider](const State& state, const Receipt&) {
    const Rider* known = find(state.enrolments, rider);
    told->set_value(known ? std::optional(*known) : std::nullopt);
  });
  if (!has_room) throw std::runtime_error("no room for a question");
  told.reset();
  return found.get();
}

// The write may have happened: then what was kept must stay, and the next start looks again.
bool was_not_taken(const Answer& answer, bool took_it) {
  return answer.fault != Answer::Fault::stopped && !took_it;
}

std::expected<std::vector<Template>, Refusal> templates_of_photos(const Household& house,
                                                                  const FaceWish& wish) {
  if (wish.photos.empty() || wish.photos.size() > photos_max) {
    return std::unexpected(Refusal::photos_must_be_enough);
  }
  std::vector<Template> templates;
  for (const ShownFace& photo : wish.photos) {
    auto made = house.recogniser.photo(photo);
    if (!made) return std::unexpected(made.error());
    templates.push_back(std::move(*made));
  }
  return templates;
}

Answer enrolled(Household& house, const FaceWish& wish) {
  const auto templates = templates_of_photos(house, wish);
  if (!templates) return refused(house, templates.error());
  const auto rider = ask_rider(house, wish.rider);
  if (!rider) return refused(house, Refusal::rider_must_be_registered);

  const FaceVersion version{rider->last_face.value + 1};
  auto content = face_content(*templates);
  const Digest sealed = house.vault.keep_face(wish.rider, version, content);
  wipe(content.data(), content.size());
  Answer answer = submit_and_wait(house, wish.desk, wish.wish,
                                  EnrolFace{.rider = wish.rider,
                                            .face = version,
                                            .model = house.matcher.model().id,
                                            .photos = static_cast<std::uint8_t>(wish.photos.size()),
                                            .sealed = sealed});
  const auto* took = std::get_if<Enrolled>(&answer.reply);
  if (was_not_taken(answer, took && took->face == version)) {
    house.vault.destroy_face(wish.rider, version);
  }
  return answer;
}

Answer pin_set(Household& house, const PinWish& wish) {
  const auto rider = ask_rider(house, wish.rider);
  if (!rider) return refused(house, Refusal::rider_must_be_registered);

  const PinVersion version{rider->pin.version.value + 1};
  house.vault.keep_pin(wish.rider, version, {wish.digits.data(), wish.digits.size()});
  Answer answer = submit_and_wait(house, wish.desk, wish.wish, SetPin{wish.rider, version});
  const bool took_it = std::holds_alternative<Done>(answer.reply) && !answer.repeated;
  if (was_not_taken(answer, took_it)) house.vault.destroy_pin(wish.rider, version);
  return answer;
}

// The turn is over before the answer can be read: who asks again at once finds it free.
template <class Wish>
void in_turn(Household& house, const Wish& wish, const Crossing::Letter<Answer>& letter,
             Answer (*work)(Household&, const Wish&)) {
  if (!wish.wish.attempt) return letter.send(refused(house, Refusal::attempt_must_be_given));
  auto turn = house.turns.take(wish.rider);
  if (!turn) return letter.send(busy(house));
  const Answer answer = work(house, wish);
  turn.reset();
  letter.send(answer);
}

}  // namespace

void enrol_face(Household& house, const std::shared_ptr<const FaceWish>& wish,
                const Crossing::Letter<Answer>& letter) {
  in_turn(house, *wish, letter, enrolled);
}

void set_pin(Household& house, const std::shared_ptr<const PinWish>& wish,
             const Crossing::Letter<Answer>& letter) {
  in_turn(house, *wish, letter, pin_set);
}

}  // namespace obverse
