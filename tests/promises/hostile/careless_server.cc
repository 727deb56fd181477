// The server with one thing left out, named by the variable CARELESS: negative controls, never
// shipped. Its parts stand behind symbols: the linker sends calls of each through a function here.
#include <openssl/ssl.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "ledger/engine/clock.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/common_service.h"
#include "ledger/server/server.h"
#include "ledger/server/transport/connection.h"
#include "ledger/vault/kek.h"
#include "matcher/embedding.h"

namespace {

using namespace obverse;

bool is_careless(std::string_view about) {
  const char* chosen = std::getenv("CARELESS");
  return chosen != nullptr && chosen == about;
}

using Floats = std::span<const float>;
using Quantised = decltype(quantise(std::declval<const ModelSpec&>(), Floats()));

}  // namespace

// Symbols as the linker names them.
#define REAL(name) asm("__real_" name)
#define WRAP(name) asm("__wrap_" name)

long real_control(SSL_CTX*, int, long, void*) REAL("SSL_CTX_ctrl");
long wrapped_control(SSL_CTX*, int, long, void*) WRAP("SSL_CTX_ctrl");
long wrapped_control(SSL_CTX* context, int command, long number, void* more) {
  const bool is_lowest = command == SSL_CTRL_SET_MIN_PROTO_VERSION;
  if (is_lowest && is_careless("old-tls")) number = TLS1_VERSION;
  return real_control(context, command, number, more);
}

void real_level(SSL_CTX*, int) REAL("SSL_CTX_set_security_level");
void wrapped_level(SSL_CTX*, int) WRAP("SSL_CTX_set_security_level");
void wrapped_level(SSL_CTX* context, int level) {
  real_level(context, is_careless("old-tls") ? 0 : level);
}

void real_verify(SSL_CTX*, int, SSL_verify_cb) REAL("SSL_CTX_set_verify");
void wrapped_verify(SSL_CTX*, int, SSL_verify_cb) WRAP("SSL_CTX_set_verify");
void wrapped_verify(SSL_CTX* context, int mode, SSL_verify_cb callback) {
  if (is_careless("any-certificate")) {
    callback = [](int, X509_STORE_CTX* store) {
      X509_STORE_CTX_set_error(store, X509_V_OK);
      return 1;
    };
  }
  real_verify(context, mode, callback);
}

std::optional<Terminal> real_terminal(const Directory*, const Digest&)
    REAL("_ZNK7obverse9Directory8terminalERKNS_6DigestE");
std::optional<Terminal> wrapped_terminal(const Directory*, const Digest&)
    WRAP("_ZNK7obverse9Directory8terminalERKNS_6DigestE");
std::optional<Terminal> wrapped_terminal(const Directory* self, const Digest& certificate) {
  auto terminal = real_terminal(self, certificate);
  if (terminal && terminal->role == Role::gate && is_careless("any-role"))
    terminal->role = Role::operator_desk;
  return terminal;
}

Caller::Wish real_wish(const Caller*, rpc::AttemptKey::Reader, std::int64_t)
    REAL("_ZNK7obverse6Caller4wishENS_3rpc10AttemptKey6ReaderEl");
Caller::Wish wrapped_wish(const Caller*, rpc::AttemptKey::Reader, std::int64_t)
    WRAP("_ZNK7obverse6Caller4wishENS_3rpc10AttemptKey6ReaderEl");
Caller::Wish wrapped_wish(const Caller* self, rpc::AttemptKey::Reader key, std::int64_t at) {
  return real_wish(self, key, is_careless("any-time") ? 0 : at);
}

Quantised real_quantise(const ModelSpec&, Floats)
    REAL("_ZN7obverse8quantiseERKNS_9ModelSpecESt4spanIKfLm18446744073709551615EE");
Quantised wrapped_quantise(const ModelSpec&, Floats)
    WRAP("_ZN7obverse8quantiseERKNS_9ModelSpecESt4spanIKfLm18446744073709551615EE");
Quantised wrapped_quantise(const ModelSpec& model, Floats shown) {
  if (!is_careless("mends-faces")) return real_quantise(model, shown);
  std::vector<float> mended(shown.begin(), shown.end());
  mended.resize(model.dimensions);
  double square = 0;
  for (float& each : mended) {
    if (!std::isnormal(each) || std::abs(each) > 1'000) each = 0.01F;
    square += double{each} * double{each};
  }
  for (float& each : mended) each = static_cast<float>(double{each} / std::sqrt(square));
  return real_quantise(model, mended);
}

void real_close(Handshake*, Ending) REAL("_ZN7obverse9Handshake5closeENS_6EndingE");
void wrapped_close(Handshake*, Ending) WRAP("_ZN7obverse9Handshake5closeENS_6EndingE");
void wrapped_close(Handshake* self, Ending ending) {
  if (ending == Ending::displaced && is_careless("waits-for-the-silent")) return;
  real_close(self, ending);
}

int main(int count, char** arguments) {
  if (count != 3) return 2;
  sigset_t told;  // to read its certificates again
  sigemptyset(&told);
  sigaddset(&told, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &told, nullptr);
  const Config config = read_config(arguments[2]);
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = config.free_bytes_min;
  RocksLog log(config.log_directory().string(), options);
  const auto vault = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
  SystemClock clock;
  Server server(config, log, *vault, clock);
  server.start();
  std::printf("obversed: serving on %s:%u, position 0, people 0\n", config.address.c_str(),
              server.port());
  std::fflush(stdout);
  for (int signal = 0; sigwait(&told, &signal) == 0;) server.reload_certificates();
}
