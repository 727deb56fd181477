// Acts in the language itself: messages that are too long, never end, hold themselves, or ask a
// reader to read for ever.
#include <capnp/message.h>
#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>

#include <cstring>

#include "schemas/operator.capnp.h"
#include "tests/promises/hostile/scene.h"

namespace obverse::promises {
namespace {

namespace protocol = capnp::rpc;

Words table(std::initializer_list<std::uint32_t> numbers, std::size_t more_bytes = 0) {
  Words words(numbers.size() * 4 + more_bytes);
  std::size_t at = 0;
  for (const std::uint32_t number : numbers) {
    std::memcpy(words.data() + at, &number, 4);
    at += 4;
  }
  return words;
}

// Says it once it has shaken hands (and, if so wished, logged in); how it ended.
std::string ends(Scene& scene, const Words& words, bool logged_in = false) {
  Peer peer(scene.server->port(), scene.till());
  if (logged_in && !peer.log_in().empty()) return "was not let in";
  peer.begin_again();
  peer.say(words);
  const std::string how = peer.ending();
  scene.refused_after(peer.ms_since_begun());
  // What it did not want to read any more is answered with a reset.
  return how == "reset" ? "closed" : how;
}

// A way that the server itself must have counted once more.
void ends_as(Scene& scene, const std::string& act, const std::string& way, const Words& words,
             bool logged_in = false) {
  const std::uint64_t before = scene.ended(way);
  scene.expect(act, "closed", [&] { return ends(scene, words, logged_in); });
  scene.trial.check(act + ": counted as " + way, scene.ended(way) == before + 1);
}

Words framed(capnp::MessageBuilder& message) {
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  const auto* from = reinterpret_cast<const std::byte*>(bytes.begin());
  return {from, from + bytes.size()};
}

// A tariff of which every station's name is one and the same long text: a few KiB that a reader
// would copy as many MiB.
Words amplifying_tariff() {
  constexpr std::size_t names = 4'000, letters = 16'000;
  capnp::MallocMessageBuilder message(1U << 20U);
  auto call = message.initRoot<protocol::Message>().initCall();
  call.setQuestionId(2);
  call.setInterfaceId(capnp::typeId<rpc::OperatorDesk>());
  call.setMethodId(4);
  auto target = call.initTarget().initPromisedAnswer();
  target.setQuestionId(1);
  target.initTransform(1)[0].setGetPointerField(5);
  auto params = call.initParams().getContent().initAs<rpc::OperatorDesk::PublishTariffParams>();
  house::fill(params.initAttempt(), house::key(77));
  auto tariff = params.initTariff();
  const std::string text(letters, 'q');
  tariff.setCode("T-9");
  tariff.setTransitOperator("metro");
  tariff.setCurrency(392);
  tariff.initStations(names).set(0, text.c_str());  // allocated right behind the list
  Words words = framed(message);
  const std::array<std::byte, 8> mark{std::byte{'q'}, std::byte{'q'}, std::byte{'q'},
                                      std::byte{'q'}, std::byte{'q'}, std::byte{'q'},
                                      std::byte{'q'}, std::byte{'q'}};
  const auto found = std::ranges::search(words, mark);
  const auto text_at = static_cast<std::int64_t>(found.begin() - words.begin()) / 8;
  const auto first = text_at - static_cast<std::int64_t>(names);
  for (std::int64_t i = first; i < first + static_cast<std::int64_t>(names); ++i) {
    // A list of bytes (2) at that distance: the encoding's list pointer.
    const std::uint64_t distance = static_cast<std::uint32_t>(text_at - i - 1) << 2U;
    const std::uint64_t pointer = (distance & 0xFFFFFFFFU) | 1U | (std::uint64_t{2} << 32U) |
                                  (std::uint64_t{letters + 1} << 35U);
    std::memcpy(words.data() + i * 8, &pointer, 8);
  }
  return words;
}

// A call whose target is itself: a pointer back to where it stands.
Words cyclic_call() {
  capnp::MallocMessageBuilder message;
  auto call = message.initRoot<protocol::Message>().initCall();
  call.setQuestionId(2);
  call.setInterfaceId(capnp::typeId<rpc::Checkout>());
  call.initTarget().initPromisedAnswer().setQuestionId(0x5EEDF00D);
  call.initParams().getContent().initAs<rpc::Checkout::PayParams>();
  Words words = framed(message);
  // The message's root is a struct of one data word and one pointer; the parameters' pointer is
  // made to lead to the root's own pointer, as a struct that holds itself.
  const std::size_t root = 8;
  for (std::size_t at = root + 8; at + 8 <= words.size(); at += 8) {
    std::uint64_t pointer = 0;
    std::memcpy(&pointer, words.data() + at, 8);
    if ((pointer & 3U) != 0 || pointer >> 48U == 0) continue;
    const auto back = static_cast<std::uint32_t>(-2) << 2U;
    pointer = back | (std::uint64_t{1} << 48U);
    std::memcpy(words.data() + at, &pointer, 8);
  }
  return words;
}

}  // namespace

void speak_out_of_turn(Scene& scene) {
  ends_as(scene, "more segments than there can be", "framing", table({0xFFFFFFFF, 1, 1, 1}));
  ends_as(scene, "600 segments", "framing", table({599, 1}, 600 * 4));
  ends_as(scene, "a message over 64 KiB before login", "framing", table({0, 8'193}));
  ends_as(scene, "a message over 2 MiB after login", "framing", table({0, 262'145}), true);
  ends_as(scene, "a segment of 32 GiB", "framing", table({0, 0xFFFFFFFF}), true);
  Words bytes(4'096, std::byte{0xA5});
  ends_as(scene, "noise", "framing", bytes);

  scene.expect("a call that holds itself", "closed",
               [&] { return ends(scene, cyclic_call(), true); });
  scene.expect("4,000 names that are one text of 16,000 letters", "FAILED", [&] {
    Peer peer(scene.server->port(), scene.estate.terminal("first-operator"));
    if (!peer.log_in().empty()) return std::string("was not let in");
    peer.begin_again();
    peer.say(amplifying_tariff());
    const Told told = peer.listen(2, Phrase::Verb::manage);
    scene.refused_after(peer.ms_since_begun());
    return told.name;
  });
  Words questions;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const Words one = bootstrap_words(i + 10);
    questions.insert(questions.end(), one.begin(), one.end());
  }
  ends_as(scene, "5,000 open questions", "questions", questions, true);
  scene.trial.check("the server still serves", [&] {
    Peer peer(scene.server->port(), scene.till());
    return peer.log_in().empty() &&
           peer.ask(scene.pay(1), scene.attempt()).verdict == Verdict::done;
  }());
}

}  // namespace obverse::promises
