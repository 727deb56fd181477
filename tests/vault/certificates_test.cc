// What the authority makes, checked by OpenSSL's own verification.
#include "ledger/vault/certificates.h"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <memory>

namespace obverse {
namespace {

struct Folder {
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "obverse-authority-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
    make_authority(authority(), "The bank's authority, 1", 10);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  AuthorityFiles authority() const { return {path / "ca.crt", path / "ca.key"}; }
  void make(const std::string& name, int days = 1, bool is_server = false) const {
    issue(authority(),
          {.common_name = name,
           .days = days,
           .is_server = is_server,
           .dns_names = {"localhost"},
           .addresses = {"127.0.0.1", "::1"}},
          path / (name + ".crt"), path / (name + ".key"));
  }
  std::filesystem::path path;
};

std::shared_ptr<X509> read(const std::filesystem::path& file) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_file(file.c_str(), "r"), BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}

// X509_V_OK, or why not.
int verify(const Folder& folder, const std::string& name, int purpose, bool with_list) {
  const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_load_file(store.get(), folder.authority().certificate.c_str());
  if (with_list) {
    X509_LOOKUP* lookup = X509_STORE_add_lookup(store.get(), X509_LOOKUP_file());
    BOOST_REQUIRE(X509_load_crl_file(lookup, (folder.path / "crl").c_str(), X509_FILETYPE_PEM) ==
                  1);
    X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK);
  }
  const auto certificate = read(folder.path / (name + ".crt"));
  const std::unique_ptr<X509_STORE_CTX, void (*)(X509_STORE_CTX*)> context(X509_STORE_CTX_new(),
                                                                           X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(certificates)

BOOST_AUTO_TEST_CASE(what_is_issued_is_good_for_its_purpose_only) {
  const Folder folder;
  folder.make("gate-1");
  folder.make("server", 1, true);
  folder.make("old", -1);
  BOOST_TEST(verify(folder, "gate-1", X509_PURPOSE_SSL_CLIENT, false) == X509_V_OK);
  BOOST_TEST(verify(folder, "gate-1", X509_PURPOSE_SSL_SERVER, false) ==
             X509_V_ERR_INVALID_PURPOSE);
  BOOST_TEST(verify(folder, "server", X509_PURPOSE_SSL_SERVER, false) == X509_V_OK);
  BOOST_TEST(verify(folder, "server", X509_PURPOSE_SSL_CLIENT, false) ==
             X509_V_ERR_INVALID_PURPOSE);
  BOOST_TEST(verify(folder, "old", X509_PURPOSE_SSL_CLIENT, false) == X509_V_ERR_CERT_HAS_EXPIRED);
}

BOOST_AUTO_TEST_CASE(a_server_bears_its_names) {
  const Folder folder;
  folder.make("server", 1, true);
  const auto certificate = read(folder.path / "server.crt");
  BOOST_TEST(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr) == 1);
  BOOST_TEST(X509_check_host(certificate.get(), "elsewhere", 0, 0, nullptr) == 0);
  BOOST_TEST(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
  BOOST_TEST(X509_check_ip_asc(certificate.get(), "::1", 0) == 1);
  BOOST_TEST(X509_check_ip_asc(certificate.get(), "127.0.0.2", 0) == 0);
}

BOOST_AUTO_TEST_CASE(another_authority_of_the_same_name_is_another) {
  const Folder folder;
  const Folder other;
  other.make("gate-1");
  std::filesystem::copy(other.path / "gate-1.crt", folder.path / "gate-1.crt");
  BOOST_TEST(verify(folder, "gate-1", X509_PURPOSE_SSL_CLIENT, false) != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(the_list_names_what_was_ever_revoked) {
  const Folder folder;
  for (const auto* name : {"a", "b", "c"}) folder.make(name);
  revoke(folder.authority(), folder.path / "crl", {});
  BOOST_TEST(verify(folder, "a", X509_PURPOSE_SSL_CLIENT, true) == X509_V_OK);
  revoke(folder.authority(), folder.path / "crl", {folder.path / "a.crt"});
  revoke(folder.authority(), folder.path / "crl", {folder.path / "b.crt"});
  revoke(folder.authority(), folder.path / "crl", {folder.path / "b.crt"});
  BOOST_TEST(verify(folder, "a", X509_PURPOSE_SSL_CLIENT, true) == X509_V_ERR_CERT_REVOKED);
  BOOST_TEST(verify(folder, "b", X509_PURPOSE_SSL_CLIENT, true) == X509_V_ERR_CERT_REVOKED);
  BOOST_TEST(verify(folder, "c", X509_PURPOSE_SSL_CLIENT, true) == X509_V_OK);
  revoke(folder.authority(), folder.path / "crl", {}, -1);
  BOOST_TEST(verify(folder, "c", X509_PURPOSE_SSL_CLIENT, true) == X509_V_ERR_CRL_HAS_EXPIRED);
}

BOOST_AUTO_TEST_CASE(only_the_owner_reads_what_is_written) {
  const Folder folder;
  folder.make("gate-1");
  revoke(folder.authority(), folder.path / "crl", {});
  for (const auto* name : {"ca.crt", "ca.key", "gate-1.crt", "gate-1.key", "crl"}) {
    struct stat about{};
    BOOST_REQUIRE(::stat((folder.path / name).c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 0777) == 0600, name);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    BOOST_TEST(entry.path().extension() != ".new", "a half-written file stayed");
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_overwritten) {
  const Folder folder;
  folder.make("gate-1");
  const Digest before = certificate_digest(folder.path / "gate-1.crt");
  BOOST_TEST(says(message_of([&] { folder.make("gate-1"); }), "gate-1.crt: exists already"));
  BOOST_TEST((certificate_digest(folder.path / "gate-1.crt") == before));
  BOOST_TEST(says(message_of([&] { make_authority(folder.authority(), "again", 1); }),
                  "ca.key: exists already"));
  std::filesystem::remove(folder.path / "gate-1.crt");
  BOOST_TEST(says(message_of([&] { folder.make("gate-1"); }), "gate-1.key: exists already"));
  BOOST_TEST(!std::filesystem::exists(folder.path / "gate-1.crt"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  const Folder folder;
  const Folder other;
  folder.make("gate-1");
  const auto list = folder.path / "crl";
  BOOST_TEST(
      says(message_of([&] { revoke(other.authority(), list, {folder.path / "gate-1.crt"}); }),
           "gate-1.crt: was not issued by this authority"));
  BOOST_TEST(!std::filesystem::exists(list));
  revoke(other.authority(), list, {});
  BOOST_TEST(says(message_of([&] { revoke(folder.authority(), list, {}); }),
                  "crl: was not signed by this authority"));
  BOOST_TEST(says(message_of([&] { certificate_digest(folder.path / "none.crt"); }),
                  "none.crt: cannot be read"));
  std::ofstream(folder.path / "bad.crt") << "nothing of the kind";
  BOOST_TEST(says(message_of([&] { certificate_digest(folder.path / "bad.crt"); }),
                  "bad.crt: is not a certificate"));
  const AuthorityFiles mixed{folder.authority().certificate, other.authority().key};
  BOOST_TEST(says(message_of([&] {
                    issue(mixed, {.common_name = "x", .dns_names = {}, .addresses = {}},
                          folder.path / "x.crt", folder.path / "x.key");
                  }),
                  "is not the key of"));
}

BOOST_AUTO_TEST_CASE(names_are_of_few_characters) {
  for (const auto* name : {"gate-1", "A.b_c'd:e/f-0", "x"})
    BOOST_TEST(is_certificate_name(name), name);
  for (const auto* name : {"", "two words", "a,b", "a=b", "na\xc3\xafve", "a\n", "*"}) {
    BOOST_TEST(!is_certificate_name(name), name);
  }
  BOOST_TEST(is_certificate_name(std::string(64, 'x')));
  BOOST_TEST(!is_certificate_name(std::string(65, 'x')));
  const Folder folder;
  for (const auto& name : {std::string(), std::string(65, 'x'), std::string("a\nb")}) {
    const AuthorityFiles second{folder.path / "second.crt", folder.path / "second.key"};
    BOOST_TEST(says(message_of([&] { make_authority(second, name, 1); }), "choose another one"));
    BOOST_TEST(!std::filesystem::exists(second.key));
  }
  BOOST_TEST(message_of([&] { folder.make("a,DNS:evil"); }) != "");
  BOOST_TEST(!std::filesystem::exists(folder.path / "a,DNS:evil.crt"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
