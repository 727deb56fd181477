// Tariffs and policies as files: what ships is read whole, what is wrong is named.
#include "ledger/client/commands/tariff_file.h"

#include <capnp/message.h>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ledger/client/commands/settings.h"
#include "matcher/policy.h"
#include "tests/server/house.h"

using namespace obverse;

namespace {

bool refuses_tariff(const std::filesystem::path& file, const std::string& words,
                    const std::string& naming) {
  std::ofstream(file) << words;
  capnp::MallocMessageBuilder message;
  try {
    read_tariff(file, message.initRoot<rpc::Tariff>());
  } catch (const CommandFailed& failure) {
    return std::string(failure.what()).find(naming) != std::string::npos;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tariff_file)

BOOST_AUTO_TEST_CASE(osaka_metro_ships_with_its_published_amounts) {
  capnp::MallocMessageBuilder message;
  auto tariff = message.initRoot<rpc::Tariff>();
  read_tariff("ops/tariffs/osaka-metro.json", tariff);
  BOOST_TEST(tariff.getStations().size() == 56u);
  BOOST_TEST(tariff.getSections().size() == 5u);
  BOOST_TEST(tariff.getSections()[4].getAdult() == 390);
  BOOST_TEST(tariff.getEffectiveFrom() == 1'737'212'400'000);
}

BOOST_AUTO_TEST_CASE(the_policy_that_ships_has_the_thresholds_that_were_counted) {
  capnp::MallocMessageBuilder message;
  auto policy = message.initRoot<rpc::Policy>();
  read_policy("ops/policy.json", policy);
  const ModelPolicy counted = shipped_policy();
  BOOST_TEST(policy.getMargin() == counted.margin);
  const auto rows = policy.asReader().getThresholds();
  BOOST_REQUIRE(rows.size() == counted.one_to_many.size() + 1);
  for (unsigned i = 0; i < counted.one_to_many.size(); ++i) {
    BOOST_TEST(rows[i].getModel().cStr() == counted.model);
    BOOST_TEST(rows[i].getScopeMax() == counted.one_to_many[i].scope_max);
    BOOST_TEST(rows[i].getThreshold() == counted.one_to_many[i].threshold);
  }
  BOOST_TEST(rows[rows.size() - 1].getThreshold() == counted.one_to_one);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_file_is_named) {
  const house::Folder folder;
  const auto file = folder / "tariff.json";
  BOOST_TEST(refuses_tariff(file, "{", "not JSON"));
  BOOST_TEST(refuses_tariff(file, "{\"code\": 1e999}", "not JSON"));
  BOOST_TEST(refuses_tariff(file, "{}", "sections"));
  std::ifstream in("ops/tariffs/osaka-metro.json");
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  BOOST_TEST(refuses_tariff(file, with("\"JPY\"", "\"yen\""), "currency"));
  BOOST_TEST(refuses_tariff(file, with("2025-01-19T00:00:00+09:00", "2025-02-30T00:00:00+09:00"),
                            "no instant"));
  BOOST_TEST(refuses_tariff(file, with("\"metres\": 2000", "\"metres\": 2000.5"), "whole number"));
  BOOST_TEST(refuses_tariff(file, with("{\"a\": \"M11\"", "{\"a\": \"X1\""), "unknown station"));
}

// Nothing is cut to fit, wraps, or is guessed.
BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_is_named) {
  const house::Folder folder;
  std::ifstream tariffs("ops/tariffs/osaka-metro.json"), policies("ops/policy.json");
  const std::string tariff{std::istreambuf_iterator<char>(tariffs), {}};
  const std::string policy{std::istreambuf_iterator<char>(policies), {}};
  const auto changed = [](const std::string& good, const std::string& from, const std::string& to) {
    std::string out = good;
    const auto at = out.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    return out.replace(at, from.size(), to);
  };
  const auto refuses_policy = [&](const std::string& from, const std::string& to,
                                  const std::string& naming) {
    const auto file = folder / "policy.json";
    std::ofstream(file) << changed(policy, from, to);
    capnp::MallocMessageBuilder message;
    try {
      read_policy(file, message.initRoot<rpc::Policy>());
    } catch (const CommandFailed& failure) {
      return std::string(failure.what()).find(naming) != std::string::npos;
    }
    return false;
  };
  BOOST_TEST(refuses_policy("\"photos_min\": 1", "\"photos_min\": 257", "photos_min"));
  BOOST_TEST(refuses_policy("\"margin\": 335544", "\"margin\": 4294967296", "margin"));
  BOOST_TEST(refuses_policy("\"margin\": 335544", "\"margin\": 18446744073709551615", "margin"));
  BOOST_TEST(refuses_policy("\"day_offset_minutes\": 540",
                            "\"day_offset_minutes\": 9223372036854775", "day_offset_minutes"));
  BOOST_TEST(refuses_policy("\"scope_max\": 1000", "\"scope_max\": -1", "scope_max"));
  BOOST_TEST(refuses_policy("\"search\": \"1:N\"", "\"search\": \"1:n\"", "search"));
  BOOST_TEST(refuses_policy("\"thresholds\": [", "\"thresholds\": \"1\", \"more\": [", "list"));
  const auto file = folder / "tariff.json";
  const std::string when = "2025-01-19T00:00:00+09:00";
  for (const char* wrong : {"2025-01-19T-1:00:00+09:00", "2025-01-19T00:00:00+99:00",
                            " 025-01-19T00:00:00+09:00", "2025-01-19T00:00:00*09:00"})
    BOOST_TEST(refuses_tariff(file, changed(tariff, when, wrong), "no instant"), wrong);
  BOOST_TEST(refuses_tariff(file, changed(tariff, "\"tracks\": [", "\"tracks\": {}, \"more\": ["),
                            "list"));
}

BOOST_AUTO_TEST_SUITE_END()
