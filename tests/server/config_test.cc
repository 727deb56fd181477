#include "ledger/server/config.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/server/house.h"

using namespace obverse;

namespace {

const std::string least = R"(
[server]
data_directory = "data"
[tls]
certificate = "server.pem"
key = "/etc/server.key"
client_authority = "authority.pem"
[vault]
kek_file = "kek"
)";

std::string error_of(const std::string& toml) {
  try {
    parse_config(toml, "/etc/obverse/obverse.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string check_error(const Config& config) {
  try {
    check_config(config);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_config)

BOOST_AUTO_TEST_CASE(the_least_there_must_be_and_where_relative_paths_lead) {
  const Config config = parse_config(least, "/etc/obverse/obverse.toml");
  BOOST_TEST(config.data_directory == "/etc/obverse/data");
  BOOST_TEST(config.tls.certificate == "/etc/obverse/server.pem");
  BOOST_TEST(config.tls.key == "/etc/server.key");
  BOOST_TEST(config.tls.revocation_list.empty());
  BOOST_TEST(config.log_directory() == "/etc/obverse/data/log");
  BOOST_TEST(config.port == 7443);
}

BOOST_AUTO_TEST_CASE(the_file_that_we_ship_is_read_and_says_the_defaults) {
  const Config shipped = read_config("ops/obverse.toml");
  const Config defaults = parse_config(least, "/etc/obverse/obverse.toml");
  BOOST_TEST(shipped.address == defaults.address);
  BOOST_TEST(shipped.port == defaults.port);
  BOOST_TEST(shipped.reactors == defaults.reactors);
  BOOST_TEST((shipped.model == defaults.model));
  BOOST_TEST(shipped.searches == defaults.searches);
  BOOST_TEST(shipped.lane_max == defaults.lane_max);
  BOOST_TEST(shipped.searches_waiting_max == defaults.searches_waiting_max);
  BOOST_TEST(shipped.batch_max == defaults.batch_max);
  BOOST_TEST((shipped.request_life == defaults.request_life));
  BOOST_TEST((shipped.retry_after == defaults.retry_after));
  BOOST_TEST(shipped.snapshot_every == defaults.snapshot_every);
  BOOST_TEST(shipped.free_bytes_min == defaults.free_bytes_min);
  BOOST_TEST(shipped.listener.connections_max == defaults.listener.connections_max);
  BOOST_TEST(shipped.listener.questions_max == defaults.listener.questions_max);
  BOOST_TEST(shipped.listener.write_ms_max.count() == defaults.listener.write_ms_max.count());
  BOOST_TEST(shipped.operator_certificate.empty());
}

BOOST_AUTO_TEST_CASE(every_error_names_file_key_and_what_is_expected) {
  const auto file = std::string("/etc/obverse/obverse.toml: ");
  BOOST_TEST(error_of("[server]\nport = 70000") ==
             file + "server.port: must be a whole number from 0 to 65535");
  BOOST_TEST(error_of("[server]\naddress = \"localhost\"") ==
             file + "server.address: must be an IPv4 or IPv6 address, not a name");
  BOOST_TEST(error_of("") ==
             file + "server.data_directory: must name the directory of log and vault");
  BOOST_TEST(error_of("server = 1") == file + "server: must be a table: [server]");
  BOOST_TEST(error_of("[srever]") == file + "srever: is not a table that this server knows");
  BOOST_TEST(error_of(least + "[bounds]\nlane_mx = 1") ==
             file + "bounds.lane_mx: is not a key that this server knows");
  BOOST_TEST(error_of(least + "[bounds]\nlane_max = 0") ==
             file + "bounds.lane_max: must be a whole number from 1 to 1000000");
  BOOST_TEST(error_of(least + "[matcher]\nscale = -1.0") ==
             file + "matcher.scale: must be a number above 0");
  BOOST_TEST(
      error_of(least + "kek_credential = \"both\"").starts_with(file + "vault.kek_file: must"));
  BOOST_TEST(error_of("[server\n").starts_with(file + "line 1: "));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there) {
  BOOST_CHECK_THROW(read_config("/nowhere/obverse.toml"), ConfigError);
}

BOOST_AUTO_TEST_CASE(what_the_settings_name_must_be_of_use) {
  const house::Estate estate;
  Config config = estate.config();
  BOOST_TEST(check_error(config) == "");
  config.kernel = "mmx";
  BOOST_TEST(check_error(config).starts_with("matcher.kernel: "));
  config = estate.config();
  config.tls.key = estate / "kek";
  BOOST_TEST(check_error(config).starts_with("tls: "));
  config = estate.config();
  config.kek_file = estate / "nothing";
  BOOST_TEST(check_error(config).starts_with("vault.kek_file: "));
  config = estate.config();
  config.operator_certificate = estate / "nothing";
  BOOST_TEST(check_error(config).starts_with("bootstrap.operator_certificate: "));
}

BOOST_AUTO_TEST_SUITE_END()
