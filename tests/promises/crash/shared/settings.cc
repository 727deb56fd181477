#include "tests/promises/crash/shared/settings.h"

namespace obverse::mortal {

void write_settings(const house::Estate& estate, std::uint64_t snapshot_every) {
  const auto quoted = [&](const char* name) { return '"' + (estate / name).string() + '"'; };
  std::ofstream(estate / "obverse.toml")
      << "[server]\nport = 0\nlog_level = \"error\"\ndata_directory = " << quoted("data")
      << "\n[tls]\ncertificate = " << quoted("server.pem") << "\nkey = " << quoted("server.key")
      << "\nclient_authority = " << quoted("authority.pem")
      << "\n[vault]\nkek_file = " << quoted("kek")
      << "\n[bounds]\nfree_mib_min = 1\nsnapshot_every = " << snapshot_every
      << "\n[bootstrap]\noperator_certificate = " << quoted("first-operator.pem") << "\n";
}

}  // namespace obverse::mortal
