// A TLS 1.3 client has finished its handshake before the server has looked at its certificate, so
// connecting includes the first round trip: only then is it known whether the certificate was
// accepted.
#include "ledger/client/terminal_client.h"

#include <capnp/rpc-twoparty.h>
#include <kj/compat/tls.h>
#include <kj/debug.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace obverse {
namespace {

using Cause = ConnectionError::Cause;
constexpr auto connect_max = 10 * kj::SECONDS;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in && !text.empty()) return text;
  throw ConnectionError(
      Cause::files, file.string() + ": cannot be read; check that it exists and who may read it");
}

std::string text_of(const kj::Exception& exception) {
  return {exception.getDescription().begin(), exception.getDescription().size()};
}

template <class Parse>
auto parse_file(const std::filesystem::path& file, const char* kind, Parse parse) {
  const std::string pem = read_file(file);
  std::optional<decltype(parse(kj::StringPtr()))> parsed;
  auto wrong =
      kj::runCatchingExceptions([&] { parsed.emplace(parse(kj::StringPtr(pem.c_str()))); });
  if (wrong == nullptr && parsed) return std::move(*parsed);
  throw ConnectionError(Cause::files, file.string() + ": is not " + kind +
                                          " in PEM; make it again with `obverse key`");
}

// KJ would quietly go without a key that does not belong to the certificate.
bool belong_together(const ClientTls& files) {
  using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;
  const Bio certificate_file(BIO_new_file(files.certificate.c_str(), "r"), BIO_free);
  const Bio key_file(BIO_new_file(files.key.c_str(), "r"), BIO_free);
  if (!certificate_file || !key_file) return false;
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      PEM_read_bio_X509(certificate_file.get(), nullptr, nullptr, nullptr), X509_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const bool fit = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return fit;
}

kj::Own<kj::TlsContext> make_tls(const ClientTls& files) {
  const auto certificate = [](kj::StringPtr pem) { return kj::TlsCertificate(pem); };
  const kj::TlsCertificate authority = parse_file(files.authority, "a certificate", certificate);
  const kj::TlsKeypair own{parse_file(files.key, "a private key",
                                      [](kj::StringPtr pem) { return kj::TlsPrivateKey(pem); }),
                           parse_file(files.certificate, "a certificate", certificate)};
  if (!belong_together(files)) {
    throw ConnectionError(Cause::files, files.key.string() + ": is not the key of " +
                                            files.certificate.string() +
                                            "; give the key that was made with it");
  }
  kj::TlsContext::Options options;
  options.useSystemTrustStore = false;
  options.trustedCertificates = kj::arrayPtr(&authority, 1);
  options.defaultKeypair = own;
  return kj::heap<kj::TlsContext>(kj::mv(options));
}

}  // namespace

struct Connection::Parts {
  std::shared_ptr<ClientLoop> loop;
  kj::Own<kj::TlsContext> tls;
  kj::Own<kj::AsyncIoStream> stream;
  kj::Own<capnp::TwoPartyClient> client;
  // Asked for once: asking a lost connection anew would abort the process (capnp 0.9.2), calling
  // this one only fails.
  kj::Maybe<capnp::Capability::Client> bootstrap;
  kj::Maybe<kj::ForkedPromise<void>> lost;
  bool is_lost = false;
  kj::Maybe<kj::Promise<void>> watch;

  // Waits, within what is left of the time; what fails is said by `tell`.
  template <class T, class Tell>
  T wait(kj::Promise<T> promise, kj::TimePoint until, const std::string& peer, Tell tell) {
    auto& timer = loop->io().provider->getTimer();
    const bool has_time = timer.now() < until;
    std::optional<kj::Exception> cause;
    try {
      return timer.timeoutAt(has_time ? until : timer.now(), kj::mv(promise))
          .wait(loop->io().waitScope);
    } catch (const kj::Exception& exception) {
      cause.emplace(kj::cp(exception));
    }
    if (cause->getType() == kj::Exception::Type::OVERLOADED) {
      throw ConnectionError(Cause::late,
                            peer + " did not answer in time; it may be busy, try again");
    }
    throw tell(text_of(*cause));
  }
};

Connection::Connection(const std::string& host, std::uint16_t port, const ClientTls& files,
                       const std::string& server_name)
    : Connection(std::make_shared<ClientLoop>(), host, port, files, server_name) {}

Connection::Connection(std::shared_ptr<ClientLoop> loop, const std::string& host,
                       std::uint16_t port, const ClientTls& files, const std::string& server_name)
    : parts_(std::make_unique<Parts>()) {
  Parts& own = *parts_;
  own.loop = std::move(loop);
  own.tls = make_tls(files);
  auto& io = own.loop->io();
  io.waitScope.poll();  // the timer's clock stands since the loop last turned
  const auto until = io.provider->getTimer().now() + connect_max;
  const std::string peer = host + " port " + std::to_string(port);
  auto dialled = io.provider->getNetwork()
                     .parseAddress(kj::StringPtr(host.c_str()), port)
                     .then([](kj::Own<kj::NetworkAddress> address) {
                       return address->connect().attach(kj::mv(address));
                     });
  auto plain = own.wait(kj::mv(dialled), until, peer, [&](const std::string& why) {
    return ConnectionError(
        Cause::unreachable,
        "cannot reach " + peer + " (" + why + "); check that the server runs and listens there");
  });
  auto wrapped = own.tls->wrapClient(kj::mv(plain), kj::StringPtr(server_name.c_str()));
  own.stream = own.wait(kj::mv(wrapped), until, peer, [&](const std::string& why) {
    return ConnectionError(Cause::server_not_trusted,
                           "the server at " + peer + " did not prove to be " + server_name + " (" +
                               why + "); check the name, and that " + files.authority.string() +
                               " is its authority's");
  });
  own.client = kj::heap<capnp::TwoPartyClient>(*own.stream);
  own.bootstrap = own.client->bootstrap();
  own.wait(bootstrap().whenResolved(), until, peer, [&](const std::string& why) {
    return ConnectionError(Cause::not_accepted,
                           "the server at " + peer + " did not accept " +
                               files.certificate.string() + " (" + why +
                               "); it may be expired, revoked, unknown or another authority's: ask "
                               "the operator for a new one");
  });
  own.lost = own.client->onDisconnect().fork();
  own.watch = KJ_ASSERT_NONNULL(own.lost)
                  .addBranch()
                  .then([&own] { own.is_lost = true; })
                  .eagerlyEvaluate(nullptr);
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

capnp::Capability::Client Connection::bootstrap() { return KJ_ASSERT_NONNULL(parts_->bootstrap); }
kj::WaitScope& Connection::wait_scope() { return parts_->loop->io().waitScope; }
kj::Timer& Connection::timer() { return parts_->loop->io().provider->getTimer(); }
const std::shared_ptr<ClientLoop>& Connection::loop() const { return parts_->loop; }

kj::Promise<void> Connection::when_lost() { return KJ_ASSERT_NONNULL(parts_->lost).addBranch(); }

bool Connection::is_lost() {
  wait_scope().poll();
  return parts_->is_lost;
}

}  // namespace obverse
