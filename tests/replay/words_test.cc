// Every event and every reply has words.
#include "replay/words.h"

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace obverse;

namespace {
template <class T>
T made() {
  T value{};
  if constexpr (std::is_same_v<T, Posted>) value.reason = PostingReason::funds_loaded;
  if constexpr (requires { value.refusal = Refusal::capture_must_be_live; })
    value.refusal = Refusal::capture_must_be_live;
  return value;
}

template <class Variant, class Say, std::size_t... numbers>
void say_each(const Say& say, std::index_sequence<numbers...>) {
  (say(Variant(made<std::variant_alternative_t<numbers, typename Variant::Kinds>>())), ...);
}
}  // namespace

BOOST_AUTO_TEST_CASE(every_event_and_reply_is_said_in_words) {
  const State state;
  const auto event = [&](const Event& each) { BOOST_TEST(in_words(each, state).size() > 3u); };
  say_each<Event>(event, std::make_index_sequence<std::variant_size_v<EventKinds>>());
  const auto reply = [&](const Reply& each) { BOOST_TEST(in_words(each).size() > 3u); };
  say_each<Reply>(reply, std::make_index_sequence<std::variant_size_v<ReplyKinds>>());
}

BOOST_AUTO_TEST_CASE(instants_are_said_in_utc_until_a_policy_names_a_zone) {
  BOOST_TEST(in_words(Instant{1'735'689'600'123}, State()) == "2025-01-01 00:00:00.123");
}
