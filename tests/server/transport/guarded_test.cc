// What is left of an exception when it leaves the house.
#include "ledger/server/transport/guarded.h"

#include <kj/debug.h>

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace obverse {
namespace {

struct Ledgered {
  std::vector<std::pair<std::string, std::string>> noted;
  Incidents incidents{
      [this](const std::string& id, const std::string& cause) { noted.emplace_back(id, cause); }};
};

std::string text(const kj::Exception& exception) { return exception.getDescription().cStr(); }

BOOST_AUTO_TEST_SUITE(guarded_methods)

BOOST_AUTO_TEST_CASE(the_text_stays_and_the_id_goes) {
  Ledgered at;
  auto cause = KJ_EXCEPTION(OVERLOADED, "card 4711 in /var/lib");
  cause.wrapContext("secret.c++", 7, kj::str("a context"));
  const auto bare = at.incidents.bare(cause);
  BOOST_REQUIRE(at.noted.size() == 1U);
  BOOST_TEST(text(bare) == "incident " + at.noted[0].first);
  BOOST_TEST(at.noted[0].second.find("card 4711 in /var/lib") != std::string::npos);
  BOOST_TEST((bare.getType() == kj::Exception::Type::OVERLOADED));
  BOOST_TEST((bare.getContext() == nullptr));
  BOOST_TEST(std::string(bare.getFile()) == "");
}

BOOST_AUTO_TEST_CASE(what_is_bare_passes_once_noted) {
  Ledgered at;
  const auto once = at.incidents.bare(KJ_EXCEPTION(FAILED, "x"));
  const auto twice = at.incidents.bare(once);
  BOOST_TEST(text(once) == text(twice));
  BOOST_TEST(at.noted.size() == 1U);
}

BOOST_AUTO_TEST_CASE(only_the_exact_form_is_bare) {
  BOOST_TEST(is_bare("incident 0123456789abcdef"));
  for (const auto* other :
       {"", "incident ", "incident 0123456789abcdeg", "incident 0123456789abcdef ",
        "incident 0123456789ABCDEF", "Incident 0123456789abcdef", "x incident 0123456789abcdef"}) {
    BOOST_TEST(!is_bare(other), other);
  }
}

BOOST_AUTO_TEST_CASE(the_operator_reads_one_short_line) {
  Ledgered at;
  const std::string chosen = "a\nb\x1b[2J" + std::string(2'000, 'x');
  at.incidents.bare(kj::Exception(kj::Exception::Type::FAILED, "", 0, kj::str(chosen.c_str())));
  BOOST_TEST(at.noted[0].second.size() == 400U);
  BOOST_TEST(at.noted[0].second.starts_with("a?b?[2J"));
}

BOOST_AUTO_TEST_CASE(bodies_that_throw_or_fail_or_do_neither) {
  kj::EventLoop loop;
  kj::WaitScope scope(loop);
  Ledgered at;
  bool ran = false;
  guarded(at.incidents, [&] { ran = true; }).wait(scope);
  BOOST_TEST(ran);
  BOOST_TEST(at.noted.empty());
  const auto thrown = kj::runCatchingExceptions([&] {
    guarded(at.incidents, [] { throw std::runtime_error("the first secret"); }).wait(scope);
  });
  const auto failed = kj::runCatchingExceptions([&] {
    guarded(at.incidents, []() -> kj::Promise<void> {
      return KJ_EXCEPTION(FAILED, "the second secret");
    }).wait(scope);
  });
  BOOST_REQUIRE(at.noted.size() == 2U);
  BOOST_TEST(text(KJ_ASSERT_NONNULL(thrown)).find("secret") == std::string::npos);
  BOOST_TEST(text(KJ_ASSERT_NONNULL(failed)) == "incident " + at.noted[1].first);
  BOOST_TEST(at.noted[0].first != at.noted[1].first);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
