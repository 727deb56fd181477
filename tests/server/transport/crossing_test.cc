#include "ledger/server/transport/crossing.h"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <thread>

using namespace obverse;

namespace {

// Runs the body on the reactor, with a crossing to it.
void on_reactor(const std::function<void(Reactor&, Crossing&)>& body) {
  Reactor reactor;
  Crossing crossing(reactor);
  reactor.post([&] {
    body(reactor, crossing);
    reactor.stop();
  });
  reactor.run();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_crossing)

BOOST_AUTO_TEST_CASE(a_letter_of_another_thread_fills_the_promise) {
  on_reactor([](Reactor& reactor, Crossing& crossing) {
    auto first = crossing.await<std::string>();
    auto second = crossing.await<int>();
    std::thread sender([letter = first.letter, other = second.letter] {
      other.send(7);
      letter.send("here");
    });
    BOOST_TEST(first.promise.wait(reactor.wait_scope()) == "here");
    BOOST_TEST(second.promise.wait(reactor.wait_scope()) == 7);
    sender.join();
  });
}

BOOST_AUTO_TEST_CASE(a_letter_that_nobody_sends_rejects) {
  on_reactor([](Reactor& reactor, Crossing& crossing) {
    auto dropped = crossing.await<int>();
    auto lost = crossing.await<int>();
    std::thread other([drops = std::make_unique<Crossing::Letter<int>>(std::move(dropped.letter)),
                       letter = lost.letter]() mutable {
      drops.reset();
      letter.lose("the disk failed");
    });
    KJ_IF_MAYBE (exception,
                 kj::runCatchingExceptions([&] { dropped.promise.wait(reactor.wait_scope()); })) {
      BOOST_TEST((exception->getType() == kj::Exception::Type::DISCONNECTED));
    } else {
      BOOST_ERROR("a dropped letter must reject");
    }
    KJ_IF_MAYBE (exception,
                 kj::runCatchingExceptions([&] { lost.promise.wait(reactor.wait_scope()); })) {
      BOOST_TEST((exception->getType() == kj::Exception::Type::FAILED));
      BOOST_TEST(exception->getDescription().cStr() == "the disk failed");
    } else {
      BOOST_ERROR("a lost letter must reject");
    }
    other.join();
  });
}

BOOST_AUTO_TEST_CASE(a_letter_may_come_after_the_reactor_is_gone) {
  std::unique_ptr<Crossing::Letter<int>> late;
  on_reactor([&](Reactor&, Crossing& crossing) {
    late = std::make_unique<Crossing::Letter<int>>(crossing.await<int>().letter);
  });
  late->send(1);
  late.reset();
}

BOOST_AUTO_TEST_CASE(a_call_that_was_dropped_takes_its_letter_quietly) {
  on_reactor([](Reactor& reactor, Crossing& crossing) {
    auto awaited = crossing.await<int>();
    {
      const auto dropped = kj::mv(awaited.promise);
    }
    auto next = crossing.await<int>();
    std::thread other([first = awaited.letter, second = next.letter] {
      first.send(1);
      second.send(2);
    });
    BOOST_TEST(next.promise.wait(reactor.wait_scope()) == 2);
    other.join();
  });
}

BOOST_AUTO_TEST_SUITE_END()
