// See the header; what OpenSSL must be told for it to hold.
#include "ledger/server/transport/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <stdexcept>
#include <utility>

#include "ledger/vault/certificates.h"

namespace obverse {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  throw std::runtime_error(file.string() + ": " + what +
                           (reason != nullptr ? " (" + std::string(reason) + ")" : ""));
}

void use_own_certificate(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    refuse(files.certificate, "is not a readable PEM certificate; make one with `obverse key`");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    refuse(files.key, "is not the readable PEM key of " + files.certificate.string() +
                          "; give the key that was made with it");
  }
}

void require_client_certificates(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_load_verify_file(context, files.client_authority.c_str()) != 1) {
    refuse(files.client_authority, "is not a readable PEM certificate of the terminals' authority");
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  if (files.revocation_list.empty()) return;
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr ||
      X509_load_crl_file(lookup, files.revocation_list.c_str(), X509_FILETYPE_PEM) < 1) {
    refuse(files.revocation_list,
           "is not a readable PEM revocation list; write one with `obverse key`");
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

// A resumed session skips the certificate, so there is no ticket, no cache and no early data to
// resume with.
void forbid_resumption(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_max_early_data(context, 0);
}

// What was decrypted is overwritten once it has been read: faces and PINs are among it.
void keep_no_plain_text(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
}

std::shared_ptr<SSL_CTX> make_context(const TlsFiles& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1) {
    refuse(files.certificate, "TLS 1.3 is not to be had from the installed OpenSSL");
  }
  // Nothing under 128 bits: OpenSSL would also take finite fields of 2048 bits, and short RSA keys.
  SSL_CTX_set_security_level(context.get(), 2);
  if (SSL_CTX_set1_groups_list(context.get(), "X25519:P-256:X448:P-521:P-384") != 1)
    refuse(files.certificate, "the groups of TLS are not to be had from the installed OpenSSL");
  use_own_certificate(context.get(), files);
  require_client_certificates(context.get(), files);
  keep_no_plain_text(context.get());
  forbid_resumption(context.get());
  // Small: an idle connection holds no record buffers; one read of the socket takes what is there.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

std::string bytes_of(const ASN1_INTEGER* number) {
  const auto* from = reinterpret_cast<const char*>(ASN1_STRING_get0_data(number));
  return {from, static_cast<std::size_t>(ASN1_STRING_length(number))};
}

// The context has checked that the file is a list; whose, it checks at each handshake.
std::set<std::string> revoked_serials(const TlsFiles& files) {
  std::set<std::string> serials;
  if (files.revocation_list.empty()) return serials;
  using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;
  const Bio file(BIO_new_file(files.revocation_list.c_str(), "r"), BIO_free);
  while (file) {
    const std::unique_ptr<X509_CRL, void (*)(X509_CRL*)> list(
        PEM_read_bio_X509_CRL(file.get(), nullptr, nullptr, nullptr), X509_CRL_free);
    if (!list) break;
    STACK_OF(X509_REVOKED)* const rows = X509_CRL_get_REVOKED(list.get());
    for (int i = 0; i < sk_X509_REVOKED_num(rows); ++i) {
      serials.insert(bytes_of(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(rows, i))));
    }
  }
  ERR_clear_error();
  return serials;
}

std::optional<std::string> common_name(X509* certificate) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  // Two names would let two readers of one certificate see two terminals.
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return std::nullopt;
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                   static_cast<std::size_t>(ASN1_STRING_length(text)));
  if (!is_certificate_name(name)) return std::nullopt;
  return name;
}

}  // namespace

TlsContext::TlsContext(TlsFiles files)
    : files_(std::move(files)), context_(make_context(files_)), revoked_(revoked_serials(files_)) {}

void TlsContext::reload() {
  auto fresh = make_context(files_);
  auto revoked = revoked_serials(files_);
  const Lock lock(mutex_);
  context_ = std::move(fresh);
  revoked_ = std::move(revoked);
  generation_.fetch_add(1);
}

std::shared_ptr<ssl_ctx_st> TlsContext::current() const {
  const Lock lock(mutex_);
  return context_;
}

bool TlsContext::is_revoked(const PeerIdentity& peer) const {
  const Lock lock(mutex_);
  return revoked_.contains(peer.serial);
}

std::optional<PeerIdentity> identity_of(ssl_st* session) {
  X509* certificate = SSL_get0_peer_certificate(session);
  if (certificate == nullptr || SSL_get_verify_result(session) != X509_V_OK) return std::nullopt;
  auto name = common_name(certificate);
  if (!name) return std::nullopt;
  PeerIdentity identity{{}, std::move(*name), bytes_of(X509_get0_serialNumber(certificate))};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), identity.certificate.bytes.data(), &size) != 1) {
    return std::nullopt;
  }
  return identity;
}

}  // namespace obverse
