// See the header.
#include "tests/promises/kit/terminal_peer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "benchmarks/house.h"
#include "tests/promises/kit/terminal_fleet.h"

namespace obverse::promises {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* thing) const { Free(thing); }
};
template <class T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freed<T, Free>>;
using Certificate = Owned<X509, X509_free>;
using PrivateKey = Owned<EVP_PKEY, EVP_PKEY_free>;
struct Closed {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closed>;

void limit_reads(int socket, std::chrono::milliseconds time) {
  const timeval limit{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

}  // namespace

Peer::Peer(std::uint16_t port, const ClientTls& files, Manner manner)
    : socket_(dial(port, std::chrono::seconds(10), manner.from)),
      context_(SSL_CTX_new(TLS_client_method())) {
  begun_ = Clock::now();
  SSL_CTX_set_security_level(context_, 0);  // it is the server that must refuse
  SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_, manner.version_max);
  if (manner.groups != nullptr) SSL_CTX_set1_groups_list(context_, manner.groups);
  if (manner.with_certificate) {
    if (SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
      throw std::runtime_error(files.certificate.string() + ": cannot be used");
  }
  session_ = SSL_new(context_);
  SSL_set_fd(session_, socket_);
  if (manner.offer != nullptr) SSL_set_session(session_, manner.offer);
  SSL_set_app_data(session_, &alert_);
  SSL_set_info_callback(session_, [](const SSL* session, int where, int value) {
    if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
    // This OpenSSL has no words for TLS 1.3's own (RFC 8446, 6.2).
    const bool is_new = (value & 0xFF) == SSL_AD_CERTIFICATE_REQUIRED;
    const std::string words = is_new ? "certificate required" : SSL_alert_desc_string_long(value);
    if (words != "close notify") *static_cast<std::string*>(SSL_get_app_data(session)) = words;
  });
  ERR_clear_error();
  SSL_connect(session_);
}

Peer::~Peer() {
  SSL_free(session_);
  SSL_CTX_free(context_);
  if (socket_ >= 0) close(socket_);
}

double Peer::ms_since_begun() const {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun_).count();
}

std::string Peer::why_over(int result) {
  const int cause = errno;
  const int error = SSL_get_error(session_, result);
  if (!alert_.empty()) return "alert: " + alert_;
  if (error == SSL_ERROR_WANT_READ) return "nothing";
  if (cause == EAGAIN || cause == EWOULDBLOCK) return "nothing";
  if (cause == ECONNRESET || cause == EPIPE) return "reset";
  return "closed";
}

void Peer::say(const Words& words) {
  last_said_ = words;
  std::size_t went = 0;
  ERR_clear_error();
  SSL_write_ex(session_, words.data(), words.size(), &went);
}

std::string Peer::ending(std::chrono::milliseconds patience) {
  limit_reads(socket_, patience);
  for (;;) {
    std::array<std::byte, 16 * 1024> bytes{};
    std::size_t got = 0;
    errno = 0;
    ERR_clear_error();
    if (!SSL_is_init_finished(session_)) return why_over(0);
    const int result = SSL_read_ex(session_, bytes.data(), bytes.size(), &got);
    if (result != 1) return why_over(result);
  }
}

Told Peer::listen(std::uint32_t question, Phrase::Verb verb) {
  limit_reads(socket_, std::chrono::seconds(10));
  std::optional<Told> found;
  while (!found) {
    std::array<std::byte, 16 * 1024> bytes{};
    std::size_t got = 0;
    errno = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(session_, bytes.data(), bytes.size(), &got);
    if (result != 1) {
      Told lost;
      lost.verdict = Verdict::lost;
      lost.name = why_over(result);
      return lost;
    }
    hearing_.hear(
        std::span(bytes).first(got),
        [&](std::uint32_t asked) { return asked == question ? verb : Phrase::Verb::ping; },
        [&](const Told& told) {
          if (told.question == question) found = told;
        });
  }
  return *found;
}

std::string Peer::log_in() {
  if (!SSL_is_init_finished(session_)) return why_over(0);
  Words hello = bootstrap_words(0);
  const Words login = login_words(1);
  hello.insert(hello.end(), login.begin(), login.end());
  say(hello);
  const Told told = listen(1, Phrase::Verb::login);
  return told.verdict == Verdict::done ? "" : told.name;
}

Told Peer::ask(const Phrase& phrase, std::uint64_t attempt, std::uint32_t question) {
  if (question == 0) question = next_question_++;
  Words words;
  phrase.say(words, question, attempt);
  begin_again();
  say(words);
  return listen(question, phrase.verb());
}

ClientTls forge(const AuthorityFiles& authority, const std::filesystem::path& folder,
                const std::string& name, const Flaw& flaw) {
  const File authority_file(std::fopen(authority.certificate.c_str(), "r"));
  const File key_file(std::fopen(authority.key.c_str(), "r"));
  if (!authority_file || !key_file) throw std::runtime_error("the test's authority is not there");
  const Certificate issuer(PEM_read_X509(authority_file.get(), nullptr, nullptr, nullptr));
  const PrivateKey signer(PEM_read_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
  const PrivateKey key(
      flaw.rsa_bits != 0
          ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(flaw.rsa_bits))
          : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  std::int64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(made.get()), serial & INT64_MAX);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), flaw.begins_days * 86'400L - 60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), flaw.ends_days * 86'400L);
  X509_NAME* const subject = X509_get_subject_name(made.get());
  for (int i = 0; i < (flaw.second_name ? 2 : 1); ++i) {
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(flaw.name), -1, -1, 0);
  }
  X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
  X509_set_pubkey(made.get(), key.get());
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer.get(), made.get(), nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> usage(
      X509V3_EXT_conf_nid(nullptr, &context, NID_ext_key_usage, flaw.usage));
  X509_add_ext(made.get(), usage.get(), -1);
  X509_sign(made.get(), signer.get(), EVP_sha256());
  const ClientTls files{folder / (name + ".pem"), folder / (name + ".key"), authority.certificate};
  const File certificate_out(std::fopen(files.certificate.c_str(), "w"));
  const File key_out(std::fopen(files.key.c_str(), "w"));
  PEM_write_X509(certificate_out.get(), made.get());
  PEM_write_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return files;
}

}  // namespace obverse::promises
