// Each key is taken from its table once; what is left over afterwards is a key that we do not know.
#include "ledger/server/config.h"

#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <vector>

#include <toml++/toml.h>
#include <boost/asio/ip/address.hpp>

#include "ledger/vault/certificates.h"
#include "ledger/vault/kek.h"
#include "matcher/matcher.h"

namespace obverse {
namespace {

// One table of the file, and the words for what is wrong in it.
class Section {
 public:
  Section(const toml::table& root, std::string name, const std::filesystem::path& file)
      : name_(std::move(name)), file_(file) {
    const auto* node = root.get(name_);
    if (node && !node->is_table()) fail("", "must be a table: [" + name_ + "]");
    if (node) table_ = node->as_table();
  }

  void take(const char* key, std::string& into) {
    if (const auto* node = find(key)) {
      const auto value = node->value_exact<std::string>();
      if (!value) fail(key, "must be a string in quotes");
      into = *value;
    }
  }

  void take(const char* key, std::filesystem::path& into) {
    std::string text;
    take(key, text);
    if (text.empty()) return;
    const std::filesystem::path path(text);
    into = path.is_absolute() ? path : file_.parent_path() / path;
  }

  template <class Number>
  void take(const char* key, Number& into, std::int64_t min, std::int64_t max) {
    if (const auto* node = find(key)) {
      const auto value = node->value_exact<std::int64_t>();
      if (!value || *value < min || *value > max) {
        fail(key,
             "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
      }
      into = static_cast<Number>(*value);
    }
  }

  void take(const char* key, Duration& into, std::int64_t min_ms, std::int64_t max_ms) {
    take(key, into.ms, min_ms, max_ms);
  }

  void take(const char* key, std::chrono::milliseconds& into, std::int64_t max_ms) {
    std::int64_t ms = into.count();
    take(key, ms, 1, max_ms);
    into = std::chrono::milliseconds(ms);
  }

  void take(const char* key, float& into) {
    if (const auto* node = find(key)) {
      const auto value = node->value<double>();
      if (!value || !(*value > 0) || *value > 1e6) fail(key, "must be a number above 0");
      into = static_cast<float>(*value);
    }
  }

  void must_have(const char* key, bool has, const char* what) const {
    if (!has) fail(key, what);
  }

  void must_be_known() const {
    if (!table_) return;
    for (const auto& [key, value] : *table_) {
      const std::string name(key.str());
      if (!taken_.contains(name)) fail(name, "is not a key that this server knows");
    }
  }

  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    throw ConfigError(file_.string() + ": " + name_ + (key.empty() ? "" : "." + key) + ": " + what);
  }

 private:
  const toml::node* find(const char* key) {
    taken_.insert(key);
    return table_ ? table_->get(key) : nullptr;
  }

  std::string name_;
  const std::filesystem::path& file_;
  const toml::table* table_ = nullptr;
  std::set<std::string> taken_;
};

void read_server(Section server, Config& config) {
  server.take("address", config.address);
  boost::system::error_code error;
  boost::asio::ip::make_address(config.address, error);
  server.must_have("address", !error, "must be an IPv4 or IPv6 address, not a name");
  server.take("port", config.port, 0, 65'535);
  server.take("reactors", config.reactors, 1, 64);
  server.take("data_directory", config.data_directory);
  server.must_have("data_directory", !config.data_directory.empty(),
                   "must name the directory of log and vault");
  server.take("log_level", config.log_level);
  static const std::set<std::string> levels{"debug", "info", "warn", "error"};
  server.must_have("log_level", levels.contains(config.log_level),
                   "must be one of debug, info, warn, error");
  server.must_be_known();
}

void read_tls(Section tls, Config& config) {
  tls.take("certificate", config.tls.certificate);
  tls.take("key", config.tls.key);
  tls.take("client_authority", config.tls.client_authority);
  tls.take("revocation_list", config.tls.revocation_list);
  tls.must_have("certificate", !config.tls.certificate.empty(),
                "must name the server's certificate (PEM)");
  tls.must_have("key", !config.tls.key.empty(), "must name the server's private key (PEM)");
  tls.must_have("client_authority", !config.tls.client_authority.empty(),
                "must name the certificate of the terminals' authority (PEM)");
  tls.must_be_known();
}

void read_vault(Section vault, Config& config) {
  vault.take("kek_file", config.kek_file);
  vault.take("kek_credential", config.kek_credential);
  vault.must_have(
      "kek_file", config.kek_file.empty() != config.kek_credential.empty(),
      "must name the key-encryption key's file, or kek_credential a systemd credential; "
      "one of the two");
  vault.must_be_known();
}

void read_matcher(Section matcher, Config& config) {
  matcher.take("model", config.model.id);
  matcher.must_have("model", !config.model.id.empty() && config.model.id.size() <= 32,
                    "must be 1 to 32 characters");
  matcher.take("dimensions", config.model.dimensions, 1, dimensions_max);
  matcher.take("scale", config.model.scale);
  matcher.take("kernel", config.kernel);
  matcher.take("scan_threads", config.scan_threads, 1, 64);
  matcher.take("searches", config.searches, 1, 256);
  matcher.take("enrolments", config.enrolments, 1, 64);
  matcher.take("probes_remembered", config.probes_remembered, 0, 1 << 24);
  matcher.must_be_known();
}

void read_bounds(Section bounds, Config& config) {
  constexpr std::int64_t million = 1'000'000;
  bounds.take("lane_max", config.lane_max, 1, million);
  bounds.take("searches_waiting_max", config.searches_waiting_max, 1, million);
  bounds.take("batch_max", config.batch_max, 1, 4'096);
  bounds.take("request_life_ms", config.request_life, 100, hours(1).ms);
  bounds.take("terminal_calls_a_second_max", config.terminal_calls_a_second_max, 0, million);
  bounds.take("answer_ms_aim", config.answer_aim, 1, hours(1).ms);
  bounds.take("retry_after_ms", config.retry_after, 1, hours(1).ms);
  bounds.take("snapshot_every", config.snapshot_every, 0, std::numeric_limits<std::int64_t>::max());
  std::int64_t free_mib = static_cast<std::int64_t>(config.free_bytes_min >> 20U);
  bounds.take("free_mib_min", free_mib, 1, std::int64_t{1} << 40U);
  config.free_bytes_min = static_cast<std::uint64_t>(free_mib) << 20U;
  ListenerLimits& listener = config.listener;
  bounds.take("connections_max", listener.connections_max, 1, million);
  bounds.take("handshakes_max", listener.handshakes_max, 1, million);
  bounds.take("questions_max", listener.questions_max, 1, million);
  bounds.take("handshake_ms_max", listener.handshake_ms_max, minutes(10).ms);
  bounds.take("login_ms_max", listener.login_ms_max, minutes(10).ms);
  bounds.take("message_ms_max", listener.message_ms_max, minutes(10).ms);
  bounds.take("write_ms_max", listener.write_ms_max, minutes(10).ms);
  bounds.must_be_known();
}

template <class Try>
void check(const char* key, Try attempt) {
  try {
    attempt();
  } catch (const std::exception& fault) {
    throw ConfigError(std::string(key) + ": " + fault.what());
  }
}

}  // namespace

Config parse_config(std::string_view text, const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse(text, file.string());
  } catch (const toml::parse_error& error) {
    std::ostringstream words;
    words << file.string() << ": line " << error.source().begin.line << ": " << error.description();
    throw ConfigError(words.str());
  }
  static const std::set<std::string> known{"server",  "tls",    "vault",
                                           "matcher", "bounds", "bootstrap"};
  for (const auto& [key, value] : root) {
    const std::string name(key.str());
    if (!known.contains(name)) {
      throw ConfigError(file.string() + ": " + name + ": is not a table that this server knows");
    }
  }
  Config config;
  read_server({root, "server", file}, config);
  read_tls({root, "tls", file}, config);
  read_vault({root, "vault", file}, config);
  read_matcher({root, "matcher", file}, config);
  read_bounds({root, "bounds", file}, config);
  Section bootstrap(root, "bootstrap", file);
  bootstrap.take("operator_certificate", config.operator_certificate);
  bootstrap.must_be_known();
  return config;
}

Config read_config(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    throw ConfigError(file.string() + ": cannot be read; name the settings file with --config");
  }
  return parse_config(text.str(), std::filesystem::absolute(file));
}

void check_config(const Config& config) {
  check("tls", [&] { const TlsContext context(config.tls); });
  check("vault.kek_file", [&] {
    if (config.kek_credential.empty()) Kek::from_file(config.kek_file);
  });
  check("vault.kek_credential", [&] {
    if (!config.kek_credential.empty()) Kek::from_credential(config.kek_credential);
  });
  check("matcher.kernel", [&] { const Matcher matcher(config.model, config.kernel); });
  check("bootstrap.operator_certificate", [&] {
    if (!config.operator_certificate.empty()) certificate_digest(config.operator_certificate);
  });
}

}  // namespace obverse
