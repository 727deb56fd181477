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

BOOST_AUTO_TEST_SUITE_END()
