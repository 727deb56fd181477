#include "tests/promises/flip/settings.h"

#include <fstream>

#include "ledger/server/config_seal.h"
#include "ledger/vault/certificates.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/template_vault.h"

namespace obverse::flip {
namespace {

void open_all(const std::filesystem::path& file, bool seal) {
  const Config config = read_config(file);
  if (seal) check_seal(file, config);
  check_config(config);
  const auto vault = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
}

// What a start without an error would do otherwise than the sealed settings.
bool same(const Config& one, const Config& other) {
  return one.address == other.address && one.port == other.port &&
         one.data_directory == other.data_directory && one.kek_file == other.kek_file &&
         one.free_bytes_min == other.free_bytes_min && one.lane_max == other.lane_max;
}

}  // namespace

void make_settings(const std::filesystem::path& folder) {
  const auto in = [&](const char* name) { return folder / "settings" / name; };
  std::filesystem::create_directories(folder / "settings");
  const AuthorityFiles authority{in("authority.pem"), folder / "authority.key"};
  make_authority(authority, "flip authority", 2);
  issue(authority,
        {.common_name = "localhost", .days = 2, .is_server = true, .dns_names = {"localhost"}},
        in("server.pem"), in("server.key"));
  issue(authority, {.common_name = "operator", .days = 2}, in("operator.pem"),
        folder / "operator.key");
  Kek::make_file(in("kek"));
  std::ofstream(in("obverse.toml"))
      << "# the settings of a test\n[server]\naddress = \"127.0.0.1\"\nport = 7443\n"
         "data_directory = \"data\"\nlog_level = \"error\"\n[tls]\ncertificate = \"server.pem\"\n"
         "key = \"server.key\"\nclient_authority = \"authority.pem\"\n[vault]\nkek_file = \"kek\"\n"
         "[bounds]\nlane_max = 4096\nfree_mib_min = 256\n[bootstrap]\n"
         "operator_certificate = \"operator.pem\"\n";
  const Config config = read_config(in("obverse.toml"));
  seal_config(in("obverse.toml"), config);
  Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
}

std::vector<Case> cases_of_settings(const Image& settings, std::uint64_t seed, std::uint64_t step) {
  Times times;
  for (const auto& [path, bytes] : settings)
    if (path.starts_with("settings/") && !path.starts_with("settings/data/"))
      times.last[path] = bytes;
  std::vector<Case> cases = cases_of(times, seed, step);
  std::erase_if(cases, [](const Case& one) { return one.blow == Blow::older; });
  return cases;
}

Verdict judge_settings(const Case& one, Yard& yard, const Image& settings, bool seal) {
  yard.make_whole();
  const std::filesystem::path& folder = yard.folder();
  const std::filesystem::path file = folder / "settings" / "obverse.toml";
  std::filesystem::permissions(
      folder / "settings" / "kek",
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const Config sealed = read_config(file);
  Times times;
  times.last = settings;
  strike(one, times, folder);
  try {
    open_all(file, seal);
    // The vault knows its key again: a line end is all that can be missing.
    if (one.path == "settings/kek") return {Fate::unharmed, ""};
    if (!same(read_config(file), sealed)) return {Fate::silent, "other settings are used"};
    return {Fate::silent, "it starts with what was not sealed"};
  } catch (const std::exception& fault) {
    return {Fate::refused, fault.what()};
  }
}

}  // namespace obverse::flip
