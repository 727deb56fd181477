// X.509 made with OpenSSL: see the header for what is and is not promised.
#include "ledger/vault/certificates.h"

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>

namespace obverse {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* thing) const {
    release(thing);
  }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using RevocationList = std::unique_ptr<X509_CRL, Release<X509_CRL_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Serial = std::unique_ptr<ASN1_INTEGER, Release<ASN1_INTEGER_free>>;
using Time = std::unique_ptr<ASN1_TIME, Release<ASN1_TIME_free>>;

constexpr long day_seconds = 86'400;
constexpr long clock_skew_seconds = 3'600;

[[noreturn]] void fail(const std::string& what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  throw std::runtime_error(reason != nullptr ? what + " (" + reason + ")" : what);
}

void require(bool holds, const char* what) {
  if (!holds) fail(std::string("certificate could not be made: ") + what);
}

template <class T, class Read>
T read_pem(const std::filesystem::path& file, const char* kind, Read read) {
  ERR_clear_error();
  Bio bio(BIO_new_file(file.c_str(), "r"));
  if (!bio) fail(file.string() + ": cannot be read; check that it exists and who may read it");
  T thing(read(bio.get()));
  if (!thing)
    fail(file.string() + ": is not " + kind + " in PEM; make it again with `obverse key`");
  return thing;
}

Certificate read_certificate(const std::filesystem::path& file) {
  return read_pem<Certificate>(file, "a certificate", [](BIO* bio) {
    return PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  });
}

Key read_key(const std::filesystem::path& file) {
  return read_pem<Key>(file, "a private key", [](BIO* bio) {
    return PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  });
}

// Written whole or not at all: a new file beside it, synced, then linked or renamed into place.
void write_pem(const std::filesystem::path& file, BIO* content, bool may_replace) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(content, &bytes);
  const std::string beside = file.string() + ".new";
  ::unlink(beside.c_str());
  const int out = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out < 0) fail(beside + ": cannot be made; check that its folder exists and is writable");
  const bool written =
      ::write(out, bytes, static_cast<std::size_t>(size)) == size && ::fsync(out) == 0;
  ::close(out);
  if (!written) {
    ::unlink(beside.c_str());
    fail(beside + ": cannot be written; check the free space");
  }
  const bool placed = may_replace ? ::rename(beside.c_str(), file.c_str()) == 0
                                  : ::link(beside.c_str(), file.c_str()) == 0;
  const int cause = errno;
  if (!may_replace || !placed) ::unlink(beside.c_str());
  if (placed) return;
  if (cause == EEXIST)
    fail(file.string() + ": exists already; move it away first, nothing was changed");
  fail(file.string() + ": cannot be put in place");
}

Bio memory() {
  Bio bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr, "memory");
  return bio;
}

void write_key(const std::filesystem::path& file, EVP_PKEY* key) {
  Bio bio = memory();
  require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "key");
  write_pem(file, bio.get(), false);
}

void write_certificate(const std::filesystem::path& file, X509* certificate) {
  Bio bio = memory();
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "certificate");
  write_pem(file, bio.get(), false);
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "P-256 key");
  return key;
}

// 127 random bits: positive, and never the same twice.
void set_random_serial(X509* certificate) {
  Number number(BN_new());
  require(number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "serial");
  require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "serial");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    fail("certificate could not be made: extension " + std::string(OBJ_nid2sn(kind)) + " = " +
         value);
  }
}

Certificate blank(const std::string& common_name, int days, EVP_PKEY* key) {
  Certificate certificate(X509_new());
  require(certificate && X509_set_version(certificate.get(), 2) == 1, "version");
  set_random_serial(certificate.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text,
                                     static_cast<int>(common_name.size()), -1, 0) == 1,
          "name");
  // An expired one must still begin before it ends.
  const long begins = -clock_skew_seconds + (days < 0 ? 2L * days * day_seconds : 0);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), begins);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * day_seconds);
  require(X509_set_pubkey(certificate.get(), key) == 1, "public key");
  return certificate;
}

// The character set of is_certificate_name leaves no way to break out of OpenSSL's value syntax;
// DNS names and addresses are held to the same.
std::string alternative_names(const CertificateRequest& request) {
  std::string names;
  const auto add = [&](const char* kind, const std::string& value) {
    if (!is_certificate_name(value)) fail("not a host name or an address: choose another one");
    names += (names.empty() ? "" : ",") + std::string(kind) + ":" + value;
  };
  for (const auto& name : request.dns_names) add("DNS", name);
  for (const auto& address : request.addresses) add("IP", address);
  return names;
}

void copy_revoked(X509_CRL* from, X509_CRL* to) {
  STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(from);
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
    X509_REVOKED* copy = X509_REVOKED_dup(sk_X509_REVOKED_value(revoked, i));
    require(copy != nullptr && X509_CRL_add0_revoked(to, copy) == 1, "revocation");
  }
}

void add_revoked(X509_CRL* list, X509* certificate, const ASN1_TIME* now) {
  X509_REVOKED* known = nullptr;
  if (X509_CRL_get0_by_cert(list, &known, certificate) == 1) return;
  X509_REVOKED* entry = X509_REVOKED_new();
  require(entry != nullptr, "revocation");
  X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate));
  X509_REVOKED_set_revocationDate(entry, const_cast<ASN1_TIME*>(now));
  require(X509_CRL_add0_revoked(list, entry) == 1, "revocation");
}

RevocationList old_list(const std::filesystem::path& file, EVP_PKEY* authority_key) {
  if (!std::filesystem::exists(file)) return nullptr;
  auto list = read_pem<RevocationList>(file, "a revocation list", [](BIO* bio) {
    return PEM_read_bio_X509_CRL(bio, nullptr, nullptr, nullptr);
  });
  if (X509_CRL_verify(list.get(), authority_key) != 1) {
    fail(file.string() + ": was not signed by this authority; give the list that belongs to it");
  }
  return list;
}

void set_list_number(X509_CRL* list, X509_CRL* before) {
  long number = 1;
  if (before != nullptr) {
    Serial old(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(before, NID_crl_number, nullptr, nullptr)));
    if (old) number = ASN1_INTEGER_get(old.get()) + 1;
  }
  Serial serial(ASN1_INTEGER_new());
  require(serial && ASN1_INTEGER_set(serial.get(), number) == 1, "list number");
  require(X509_CRL_add1_ext_i2d(list, NID_crl_number, serial.get(), 0, 0) == 1, "list number");
}

}  // namespace

bool is_certificate_name(const std::string& name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("._':/-").find(c) == std::string_view::npos) return false;
  }
  return true;
}

void make_authority(const AuthorityFiles& files, const std::string& common_name, int days) {
  if (std::filesystem::exists(files.certificate) || std::filesystem::exists(files.key)) {
    fail(files.key.string() + ": exists already; move it and its certificate away first");
  }
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (common_name.empty() || common_name.size() > 64 ||
      !std::all_of(common_name.begin(), common_name.end(), printable)) {
    fail("an authority's name is 1 to 64 printable ASCII characters; choose another one");
  }
  Key key = new_key();
  Certificate certificate = blank(common_name, days, key.get());
  X509* self = certificate.get();
  require(X509_set_issuer_name(self, X509_get_subject_name(self)) == 1, "issuer");
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, self, NID_subject_key_identifier, "hash");
  require(X509_sign(self, key.get(), EVP_sha256()) != 0, "signature");
  write_key(files.key, key.get());
  write_certificate(files.certificate, self);
}

void issue(const AuthorityFiles& authority, const CertificateRequest& request,
           const std::filesystem::path& certificate_file, const std::filesystem::path& key_file) {
  if (!is_certificate_name(request.common_name)) {
    fail("a certificate's name is 1 to 64 of A-Z a-z 0-9 . _ ' : / - ; choose another one");
  }
  Certificate issuer = read_certificate(authority.certificate);
  Key issuer_key = read_key(authority.key);
  if (X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    fail(authority.key.string() + ": is not the key of " + authority.certificate.string());
  }
  if (std::filesystem::exists(certificate_file)) {
    fail(certificate_file.string() + ": exists already; move it away first");
  }
  Key key = new_key();
  Certificate certificate = blank(request.common_name, request.days, key.get());
  X509* made = certificate.get();
  require(X509_set_issuer_name(made, X509_get_subject_name(issuer.get())) == 1, "issuer");
  add_extension(made, issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made, issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(made, issuer.get(), NID_ext_key_usage,
                request.is_server ? "serverAuth" : "clientAuth");
  add_extension(made, issuer.get(), NID_subject_key_identifier, "hash");
  add_extension(made, issuer.get(), NID_authority_key_identifier, "keyid");
  const std::string names = alternative_names(request);
  if (!names.empty()) add_extension(made, issuer.get(), NID_subject_alt_name, names);
  require(X509_sign(made, issuer_key.get(), EVP_sha256()) != 0, "signature");
  write_key(key_file, key.get());
  write_certificate(certificate_file, made);
}

void revoke(const AuthorityFiles& authority, const std::filesystem::path& revocation_list,
            const std::vector<std::filesystem::path>& certificates, int days) {
  Certificate issuer = read_certificate(authority.certificate);
  Key key = read_key(authority.key);
  RevocationList before = old_list(revocation_list, key.get());
  RevocationList list(X509_CRL_new());
  Time now(X509_gmtime_adj(nullptr, 0));
  Time next(X509_gmtime_adj(nullptr, days * day_seconds));
  require(list && now && next && X509_CRL_set_version(list.get(), 1) == 1, "list");
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get()));
  X509_CRL_set1_lastUpdate(list.get(), now.get());
  X509_CRL_set1_nextUpdate(list.get(), next.get());
  if (before) copy_revoked(before.get(), list.get());
  for (const auto& file : certificates) {
    Certificate certificate = read_certificate(file);
    if (X509_verify(certificate.get(), key.get()) != 1) {
      fail(file.string() + ": was not issued by this authority; nothing was revoked");
    }
    add_revoked(list.get(), certificate.get(), now.get());
  }
  set_list_number(list.get(), before.get());
  X509_CRL_sort(list.get());
  require(X509_CRL_sign(list.get(), key.get(), EVP_sha256()) != 0, "signature");
  Bio bio = memory();
  require(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1, "list");
  write_pem(revocation_list, bio.get(), true);
}

Digest certificate_digest(const std::filesystem::path& file) {
  Certificate certificate = read_certificate(file);
  Digest digest;
  unsigned size = 0;
  require(X509_digest(certificate.get(), EVP_sha256(), digest.bytes.data(), &size) == 1, "digest");
  return digest;
}

}  // namespace obverse
