// Framing by hand-made bytes, and a stream over a channel made of memory.
#include "ledger/server/transport/message_stream.h"

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <kj/debug.h>

#include <boost/test/unit_test.hpp>

#include "tests/server/transport/stream_bench.h"

namespace obverse {
namespace {

using capnp::word;
using Whole = std::deque<kj::Array<word>>;

void put(Bytes& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8)
    to.push_back(static_cast<std::byte>(number >> shift & 0xff));
}

// A message of segments of these sizes in words, its content counting up.
Bytes message(const std::vector<std::uint32_t>& segments) {
  Bytes bytes;
  put(bytes, static_cast<std::uint32_t>(segments.size() - 1));
  for (const auto words : segments) put(bytes, words);
  if (segments.size() % 2 == 0) put(bytes, 0);
  std::uint8_t next = 0;
  for (const auto words : segments) {
    for (std::uint32_t i = 0; i < words * 8; ++i) bytes.push_back(static_cast<std::byte>(next++));
  }
  return bytes;
}

Bytes bytes_of(const kj::Array<word>& whole) {
  const auto bytes = whole.asBytes();
  const auto* from = reinterpret_cast<const std::byte*>(bytes.begin());
  return {from, from + bytes.size()};
}

constexpr std::size_t limit = 1'024;

BOOST_AUTO_TEST_SUITE(message_streams)

BOOST_AUTO_TEST_CASE(whole_whatever_byte_it_is_split_at) {
  const std::vector<Bytes> all{message({1}), message({0}), message({2, 3}), message({1, 1, 1}),
                               message({20})};
  Bytes stream;
  for (const auto& one : all) append(stream, one);
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); second += 7) {
      MessageSplitter splitter(512, limit);
      Whole whole;
      const std::span<const std::byte> bytes(stream);
      BOOST_REQUIRE(splitter.take(bytes.first(first), whole));
      BOOST_REQUIRE(splitter.take(bytes.subspan(first, second - first), whole));
      BOOST_REQUIRE(splitter.take(bytes.subspan(second), whole));
      BOOST_REQUIRE(whole.size() == all.size());
      for (std::size_t i = 0; i < all.size(); ++i) BOOST_REQUIRE((bytes_of(whole[i]) == all[i]));
      BOOST_REQUIRE(!splitter.partial());
      BOOST_REQUIRE(splitter.count() == all.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(byte_by_byte_and_a_thousand_at_once) {
  const Bytes one = message({3, 1});
  MessageSplitter slow(512, limit);
  Whole whole;
  for (std::size_t i = 0; i < one.size(); ++i) {
    BOOST_REQUIRE(whole.empty());
    BOOST_REQUIRE(slow.take(std::span(one).subspan(i, 1), whole));
    BOOST_REQUIRE(slow.partial() == (i + 1 < one.size()));
  }
  BOOST_REQUIRE(whole.size() == 1U);
  Bytes many;
  for (int i = 0; i < 1'000; ++i) append(many, one);
  MessageSplitter fast(512, limit);
  BOOST_REQUIRE(fast.take(many, whole));
  BOOST_TEST(whole.size() == 1'001U);
  for (const auto& each : whole) BOOST_REQUIRE((bytes_of(each) == one));
}

BOOST_AUTO_TEST_CASE(each_is_shown_once_where_it_lies_and_some_are_not_kept) {
  Bytes said;
  for (std::uint32_t i = 0; i < 6; ++i) append(said, finish_message(i));
  for (const std::size_t begin : {std::size_t{0}, std::size_t{3}}) {
    for (const std::size_t piece : {std::size_t{5}, said.size()}) {
      std::vector<std::byte> room(begin + said.size());
      std::ranges::copy(said, room.begin() + static_cast<std::ptrdiff_t>(begin));
      MessageSplitter splitter(512, limit);
      std::deque<kj::Array<capnp::word>> whole;
      std::vector<std::uint32_t> shown;
      for (std::size_t at = begin; at < room.size(); at += piece) {
        const auto some = std::span(room).subspan(at, std::min(piece, room.size() - at));
        BOOST_TEST(splitter.take(some, whole, [&](kj::ArrayPtr<const capnp::word> words) {
          capnp::FlatArrayMessageReader reader(words);
          const auto finish = reader.getRoot<capnp::rpc::Message>().getFinish();
          shown.push_back(finish.getQuestionId());
          return finish.getQuestionId() % 3 != 0;
        }));
      }
      BOOST_TEST(shown == std::vector<std::uint32_t>({0, 1, 2, 3, 4, 5}),
                 boost::test_tools::per_element());
      BOOST_TEST(whole.size() == 2U);
      BOOST_TEST(splitter.count() == 6U);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_has_begun_can_be_moved_before_what_comes) {
  const Bytes said = finish_message(7);
  MessageSplitter splitter(512, limit);
  std::deque<kj::Array<capnp::word>> whole;
  BOOST_TEST(splitter.take(std::span(said).first(13), whole));
  std::vector<std::byte> room(said.size());
  BOOST_TEST(splitter.give_back(std::span(room).first(12)) == 0U);
  BOOST_TEST(splitter.partial());
  BOOST_TEST(splitter.give_back(room) == 13U);
  BOOST_TEST(!splitter.partial());
  std::ranges::copy(std::span(said).subspan(13), room.begin() + 13);
  BOOST_TEST(splitter.take(room, whole));
  BOOST_TEST(whole.size() == 1U);
}

BOOST_AUTO_TEST_CASE(impossible_tables_are_refused_at_their_first_word) {
  struct Case {
    const char* what;
    std::vector<std::uint32_t> words;
    bool taken;
  };
  const std::vector<Case> cases{
      {"as many segments as wrap", {0xffffffff, 5}, false},
      {"one fewer", {0xfffffffe, 5}, false},
      {"513 segments", {512, 1}, false},
      {"512 segments, table to come", {511, 1}, true},
      {"a segment of 32 GiB", {0, 0xffffffff}, false},
      {"two that add up to over the limit", {1, 64, 63, 0}, false},
      {"the limit and a word", {0, limit / 8}, false},
      {"the limit", {0, limit / 8 - 1}, true},
      {"half a word says nothing yet", {0xffffffff}, true},
  };
  for (const auto& [what, words, taken] : cases) {
    Bytes bytes;
    for (const auto number : words) put(bytes, number);
    MessageSplitter splitter(512, limit);
    Whole whole;
    BOOST_TEST(splitter.take(bytes, whole) == taken, what);
    BOOST_TEST(whole.empty(), what);
  }
}

BOOST_AUTO_TEST_CASE(the_bound_is_also_held_against_a_table_that_comes_in_pieces) {
  const Bytes big = message({100, 100});
  MessageSplitter splitter(512, limit);
  Whole whole;
  std::size_t taken = 0;
  while (taken < big.size() && splitter.take(std::span(big).subspan(taken, 1), whole)) ++taken;
  BOOST_TEST(taken == 15U);  // with its sixteenth byte the table is complete
}

BOOST_AUTO_TEST_CASE(after_login_more_is_let_in) {
  const Bytes big = message({200});
  MessageSplitter splitter(512, limit);
  Whole whole;
  splitter.widen(2 * limit);
  BOOST_REQUIRE(splitter.take(big, whole));
  BOOST_TEST(whole.size() == 1U);
}

// --- over a channel of memory --------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(many_messages_leave_in_one_write_at_the_end_of_the_turn) {
  Bench::run([](Bench& bench) {
    Bytes expected;
    for (std::uint32_t i = 0; i < 100; ++i) {
      capnp::MallocMessageBuilder message;
      message.initRoot<capnp::rpc::Message>().initBootstrap().setQuestionId(i);
      bench.write(message);
      append(expected, bootstrap_message(i));
    }
    BOOST_TEST(bench.memory->writes == 0);
    bench.outer.io().poll();
    BOOST_TEST(bench.memory->writes == 1);
    BOOST_TEST((bench.memory->out == expected));
    BOOST_TEST(bench.stream.progress().queued_bytes == expected.size());
    BOOST_TEST(bench.stream.progress().sent_bytes == expected.size());
  });
}

BOOST_AUTO_TEST_CASE(one_who_does_not_read_is_not_read_from) {
  ListenerLimits limits;
  limits.outgoing_bytes_high = 400;
  Bench::run(
      [](Bench& bench) {
        bench.memory->room = 0;
        capnp::MallocMessageBuilder message;
        message.initRoot<capnp::rpc::Message>().initBootstrap();
        while (bench.stream.progress().queued_bytes <= 400) bench.write(message);
        bench.outer.io().poll();
        auto next = bench.read();
        bench.arrives(bootstrap_message(1));
        BOOST_TEST(!next.poll(bench.scope()));
        BOOST_TEST(bench.memory->reads == 0);
        bench.writable(200);  // over a quarter is left
        BOOST_TEST(!next.poll(bench.scope()));
        bench.writable(200);
        BOOST_TEST(!next.poll(bench.scope()));
        BOOST_REQUIRE(bench.memory->readable != nullptr);  // now it asks
        bench.arrives({});
        BOOST_TEST(next.poll(bench.scope()));
        BOOST_TEST(bench.memory->reads == 1);
      },
      limits);
}

// Turns away every question with an odd number.
struct Odd final : Usher {
  kj::ArrayPtr<const capnp::word> turn_away(capnp::rpc::Call::Reader call) override {
    if (call.getQuestionId() % 2 == 0) ++let_on;
    if (call.getQuestionId() % 2 == 0) return nullptr;
    capnp::MallocMessageBuilder message;
    message.initRoot<capnp::rpc::Message>().initReturn().setAnswerId(call.getQuestionId());
    answer = capnp::messageToFlatArray(message);
    return answer;
  }
  void all_begun() override { let_on = 0; }
  kj::Array<capnp::word> answer;
  int let_on = 0;
};

struct Weary final : Usher {
  kj::ArrayPtr<const capnp::word> turn_away(capnp::rpc::Call::Reader) override {
    rests_ = std::chrono::milliseconds(40);
    return nullptr;
  }
  std::chrono::milliseconds rest() override { return std::exchange(rests_, {}); }

 private:
  std::chrono::milliseconds rests_{};
};

BOOST_AUTO_TEST_CASE(while_the_usher_rests_nothing_is_read_and_then_all_of_it) {
  Bench::run([](Bench& bench) {
    bench.stream.ask_first(std::make_shared<Weary>());
    bench.arrives({});
    auto first = bench.read();
    bench.arrives(echo_message(1, 0, 8));
    BOOST_TEST((first.wait(bench.scope()) != nullptr));
    auto second = bench.read();
    bench.arrives(echo_message(2, 0, 8));
    BOOST_TEST(!bench.memory->readable);  // what has come is not looked for
    bool rested = false;
    bench.outer.after(std::chrono::milliseconds(60), [&] {
      rested = true;
      bench.arrives({});
    });
    BOOST_TEST((second.wait(bench.scope()) != nullptr));
    BOOST_TEST(rested);
  });
}

BOOST_AUTO_TEST_CASE(what_the_usher_answers_goes_no_further_and_nor_does_its_end) {
  Bench::run([](Bench& bench) {
    bench.stream.ask_first(std::make_shared<Odd>());
    Bytes said = echo_message(1, 0, 8);
    append(said, finish_message(1));
    append(said, echo_message(3, 0, 8));
    append(said, echo_message(4, 0, 8));
    append(said, finish_message(4));
    bench.arrives({});
    auto first = bench.read();
    bench.arrives(said);
    KJ_IF_MAYBE (message, first.wait(bench.scope())) {
      const auto call = message->reader->getRoot<capnp::rpc::Message>();
      BOOST_REQUIRE(call.isCall());
      BOOST_TEST(call.getCall().getQuestionId() == 4U);
    }
    KJ_IF_MAYBE (message, bench.read().wait(bench.scope())) {
      const auto finish = message->reader->getRoot<capnp::rpc::Message>();
      BOOST_REQUIRE(finish.isFinish());
      BOOST_TEST(finish.getFinish().getQuestionId() == 4U);
    }
    bench.outer.io().poll();
    BOOST_TEST(!bench.memory->out.empty());
    BOOST_TEST(bench.endings.empty());
  });
}

BOOST_AUTO_TEST_CASE(nobody_else_is_woken_for_what_the_usher_answers) {
  Bench::run([](Bench& bench) {
    bench.stream.ask_first(std::make_shared<Odd>());
    auto next = bench.read();
    for (const std::uint32_t question : {1U, 3U, 5U}) {
      Bytes said = echo_message(question, 0, 8);
      const Bytes rest(said.begin() + 24, said.end());
      said.resize(24);
      bench.arrives(said);  // and in two pieces
      bench.arrives(rest);
      bench.outer.io().poll();
      BOOST_TEST(!next.poll(bench.scope()));
    }
    BOOST_TEST(bench.memory->out.size() > 0U);
    bench.arrives(echo_message(8, 0, 8));
    BOOST_TEST(next.poll(bench.scope()));
  });
}

BOOST_AUTO_TEST_CASE(what_was_let_on_is_awaited_until_it_has_been_handed_on) {
  Bench::run([](Bench& bench) {
    const auto usher = std::make_shared<Odd>();
    bench.stream.ask_first(usher);
    auto next = bench.read();
    Bytes said = echo_message(2, 0, 8);
    append(said, echo_message(4, 0, 8));
    bench.arrives(said);
    BOOST_TEST(usher->let_on == 2);
    next.wait(bench.scope());
    bench.read().wait(bench.scope());
    BOOST_TEST(usher->let_on == 2);
    auto none = bench.read();
    BOOST_TEST(usher->let_on == 0);
  });
}

BOOST_AUTO_TEST_CASE(a_number_that_was_turned_away_is_not_used_again_before_its_end) {
  Bench::run([](Bench& bench) {
    bench.stream.ask_first(std::make_shared<Odd>());
    auto next = bench.read();
    Bytes said = echo_message(1, 0, 8);
    append(said, echo_message(1, 0, 8));
    bench.arrives(said);
    BOOST_CHECK_THROW(next.wait(bench.scope()), kj::Exception);
    BOOST_TEST((bench.endings == std::vector{Ending::questions}));
  });
}

BOOST_AUTO_TEST_CASE(what_came_before_the_end_is_read_before_it) {
  Bench::run([](Bench& bench) {
    auto first = bench.read();
    bench.memory->ended = true;
    Bytes both = bootstrap_message(1);
    append(both, bootstrap_message(2));
    bench.arrives(both);
    BOOST_TEST((first.wait(bench.scope()) != nullptr));
    BOOST_TEST((bench.read().wait(bench.scope()) != nullptr));
    BOOST_TEST((bench.read().wait(bench.scope()) == nullptr));
    BOOST_TEST(bench.endings.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_bad_table_ends_the_stream_once) {
  Bench::run([](Bench& bench) {
    auto next = bench.read();
    Bytes bad = bootstrap_message(1);
    put(bad, 0xffffffff);
    put(bad, 0);
    bench.arrives(bad);
    const auto thrown = kj::runCatchingExceptions([&] { next.wait(bench.scope()); });
    BOOST_TEST((KJ_ASSERT_NONNULL(thrown).getType() == kj::Exception::Type::DISCONNECTED));
    BOOST_TEST((bench.endings == std::vector{Ending::framing}));
    BOOST_TEST(bench.memory->closed);
  });
}

BOOST_AUTO_TEST_CASE(no_exception_text_leaves) {
  Bench::run([](Bench& bench) {
    const auto fill = [](capnp::rpc::Exception::Builder exception) {
      exception.setReason("the secret of the house");
      exception.setTrace("the secret of the stack");
      exception.setType(capnp::rpc::Exception::Type::OVERLOADED);
    };
    capnp::MallocMessageBuilder abort;
    fill(abort.initRoot<capnp::rpc::Message>().initAbort());
    bench.write(abort);
    capnp::MallocMessageBuilder answer;
    fill(answer.initRoot<capnp::rpc::Message>().initReturn().initException());
    bench.write(answer);
    capnp::MallocMessageBuilder resolve;
    fill(resolve.initRoot<capnp::rpc::Message>().initResolve().initException());
    bench.write(resolve);
    bench.outer.io().poll();
    const std::string sent(reinterpret_cast<const char*>(bench.memory->out.data()),
                           bench.memory->out.size());
    BOOST_TEST(sent.find("secret") == std::string::npos);
    Whole whole;
    MessageSplitter splitter(512, 1 << 20);
    BOOST_REQUIRE(splitter.take(bench.memory->out, whole));
    BOOST_REQUIRE(whole.size() == 3U);
    for (const auto& one : whole) {
      capnp::FlatArrayMessageReader reader(one);
      const auto root = reader.getRoot<capnp::rpc::Message>();
      const auto exception = root.isAbort()    ? root.getAbort()
                             : root.isReturn() ? root.getReturn().getException()
                                               : root.getResolve().getException();
      BOOST_TEST(is_bare(exception.getReason()));
      BOOST_TEST((exception.getType() == capnp::rpc::Exception::Type::OVERLOADED));
    }
  });
}

BOOST_AUTO_TEST_CASE(questions_are_open_until_answered_and_finished) {
  ListenerLimits limits;
  limits.questions_max = 2;
  Bench::run(
      [](Bench& bench) {
        const auto read_one = [&](const Bytes& bytes) {
          auto next = bench.read();
          bench.arrives(bytes);
          return kj::runCatchingExceptions([&] { next.wait(bench.scope()); }) == nullptr;
        };
        const auto answer = [&](std::uint32_t id) {
          capnp::MallocMessageBuilder message;
          message.initRoot<capnp::rpc::Message>().initReturn().setAnswerId(id);
          bench.write(message);
        };
        BOOST_TEST(read_one(bootstrap_message(1)));
        BOOST_TEST(read_one(bootstrap_message(2)));
        answer(1);
        BOOST_TEST(read_one(finish_message(1)));  // settled
        BOOST_TEST(read_one(bootstrap_message(1)));
        BOOST_TEST(read_one(finish_message(2)));  // not answered yet
        BOOST_TEST(read_one(finish_message(2)));  // says nothing new
        BOOST_TEST(bench.endings.empty());
        BOOST_TEST(!read_one(bootstrap_message(3)));
        BOOST_TEST((bench.endings == std::vector{Ending::questions}));
      },
      limits);
}

BOOST_AUTO_TEST_CASE(too_much_unsent_ends_it) {
  ListenerLimits limits;
  limits.outgoing_bytes_max = 1'000;
  Bench::run(
      [](Bench& bench) {
        bench.memory->room = 0;
        capnp::MallocMessageBuilder message;
        message.initRoot<capnp::rpc::Message>().initBootstrap();
        for (int i = 0; i < 50 && bench.endings.empty(); ++i) bench.write(message);
        BOOST_TEST((bench.endings == std::vector{Ending::outgoing}));
      },
      limits);
}

BOOST_AUTO_TEST_CASE(goodbye_follows_the_last_byte) {
  Bench::run([](Bench& bench) {
    bench.memory->room = 8;
    capnp::MallocMessageBuilder message;
    message.initRoot<capnp::rpc::Message>().initBootstrap();
    bench.write(message);
    bench.stream.end().wait(bench.scope());
    bench.outer.io().poll();
    BOOST_TEST(!bench.memory->finished);
    bench.writable(1'000);
    BOOST_TEST(bench.memory->finished);
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
