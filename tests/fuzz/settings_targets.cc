// What operators write: the server's settings, a tariff, a policy.
#include <capnp/message.h>

#include <fstream>
#include <sstream>

#include "ledger/client/commands/settings.h"
#include "ledger/client/commands/tariff_file.h"
#include "ledger/model/money.h"
#include "ledger/server/config.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

std::string shipped(const char* file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

// Settings that are taken keep every bound; all others name file and key.
void config(Input input) {
  static const std::filesystem::path file = "/etc/obverse/fuzz.toml";
  try {
    Config config = parse_config(text_of(input), file);
    if (is_broken_as("config-any-bound")) config.batch_max *= 100;
    hold(!config.data_directory.empty() && config.data_directory.is_absolute(), "data_directory");
    hold(config.kek_file.empty() != config.kek_credential.empty(), "one key");
    hold(config.reactors >= 1 && config.reactors <= 64, "reactors");
    hold(config.batch_max >= 1 && config.batch_max <= 4'096, "batch_max");
    hold(config.model.dimensions >= 1 && config.model.dimensions <= dimensions_max, "dimensions");
    hold(config.model.scale > 0 && !config.model.id.empty(), "model");
    hold(config.request_life >= milliseconds(100), "request_life");
    hold(config.listener.handshake_ms_max.count() > 0, "handshake_ms_max");
    hold(!config.tls.certificate.empty() && !config.tls.key.empty(), "tls");
  } catch (const ConfigError& fault) {
    hold(std::string_view(fault.what()).starts_with(file.string()), "a fault names the file");
    return;
  }
  // From a disk the same; and what the settings name is not there.
  const auto kept = scratch_file("fuzz.toml", text_of(input));
  try {
    check_config(read_config(kept));
    hold(false, "files that are not there are missed");
  } catch (const ConfigError& fault) {
    hold(std::string_view(fault.what()).starts_with("tls: "), "and named by their key");
  }
}

std::vector<std::string> config_seeds() {
  const std::string whole = shipped("ops/obverse.toml");
  std::vector<std::string> out{whole, whole.substr(0, whole.size() / 2)};
  const std::string least =
      "[server]\ndata_directory = \"d\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n"
      "client_authority = \"a\"\n[vault]\nkek_file = \"f\"\n";
  for (const char* more :
       {"", "[matcher]\nmodel = \"m\"\ndimensions = 16\nscale = 3.5\n",
        "[bounds]\nbatch_max = 4096\nfree_mib_min = 1\n", "[bounds]\nbatch_max = 4097\n",
        "[bounds]\nrequest_life_ms = 99\n", "[matcher]\nscale = -1\n", "[matcher]\nmodel = 7\n",
        "[bootstrap]\noperator_certificate = \"o.pem\"\n", "[other]\n", "[bounds]\nother = 1\n"})
    out.push_back(least + more);
  out.emplace_back("[server]\naddress = \"localhost\"\n");
  out.emplace_back("[server]\nlog_level = \"all\"\n");
  out.emplace_back("server = 1\n");
  return out;
}

void hold_stations(rpc::Tariff::Reader tariff) {
  const auto stations = tariff.getStations();
  for (const auto track : tariff.getTracks()) {
    const bool known = track.getA() < stations.size() && track.getB() < stations.size() &&
                       !(is_broken_as("tariff-any-track") && track.getMetres() > 0);
    hold(known, "a track joins two of its stations");
  }
  hold(currency_of(tariff.getCurrency()).has_value(), "its currency is known");
}

template <class Words, class Read>
void read_file(Input input, Read read) {
  const auto file = scratch_file("words.json", text_of(input));
  capnp::MallocMessageBuilder message;
  try {
    const auto words = message.initRoot<Words>();
    read(file, words);
  } catch (const CommandFailed& failed) {
    hold(failed.ended() == Ended::usage, "a wrong file is a wrong use");
    hold(std::string_view(failed.what()).starts_with(file.string()), "a fault names the file");
  }
}

void tariff(Input input) {
  read_file<rpc::Tariff>(input, [](const auto& file, rpc::Tariff::Builder words) {
    read_tariff(file, words);
    hold_stations(words.asReader());
  });
}

std::vector<std::string> tariff_seeds() {
  const std::string small =
      R"({"code":"T","operator":"m","currency":"JPY",)"
      R"("effective_from":"2025-01-19T00:00:00+09:00","stations":["A","B"],)"
      R"("tracks":[{"a":"A","b":"B","metres":900,"surcharge":0}],)"
      R"("sections":[{"metres_max":null,"adult":190,"child":100}],"child_rounding":10,)"
      R"("maximum":{"adult":390,"child":200},"entry_minimum":{"adult":190,"child":100},)"
      R"("journey_window_minutes":240,"same_station_free_seconds":900,)"
      R"("travel_time_min_minutes":0})";
  return {shipped("ops/tariffs/osaka-metro.json"),
          small,
          "{}",
          "[]",
          "{\"code\":",
          R"({"sections":{},"tracks":{},"maximum":{},"entry_minimum":{}})"};
}

void policy(Input input) {
  read_file<rpc::Policy>(input, [](const auto& file, rpc::Policy::Builder words) {
    read_policy(file, words);
    const auto policy = words.asReader();
    hold(currency_of(policy.getCurrency()).has_value(), "its currency is known");
    if (is_broken_as("policy-any-margin")) hold(policy.getMargin() == 0, "margin");
  });
}

std::vector<std::string> policy_seeds() {
  return {shipped("ops/policy.json"), "{}", "[]", "{\"currency\":\"JPY\"}", "7e777"};
}

}  // namespace

std::vector<Target> settings_targets() {
  return {
      {"config", "settings keep every bound", 8'192, config, config_seeds, {"config-any-bound"}},
      {"tariff",
       "a tariff's words are whole, or its fault is named",
       16'384,
       tariff,
       tariff_seeds,
       {"tariff-any-track"}},
      {"policy",
       "a policy's words are whole, or its fault is named",
       4'096,
       policy,
       policy_seeds,
       {"policy-any-margin"}},
  };
}

}  // namespace obverse::fuzz
