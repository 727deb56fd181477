// A small certificate authority for the terminals of one deployment: makes the authority, issues
// certificates for servers and terminals, revokes them. X.509 v3 and CRL v2 (RFC 5280), ECDSA P-256
// with SHA-256, PEM files of mode 0600. It is not a public authority and keeps no register: a
// revocation list names serial numbers only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ledger/model/digest.h"

namespace obverse {

struct AuthorityFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct CertificateRequest {
  std::string common_name;  // 1 to 64 bytes of A-Z a-z 0-9 . _ ' : / -
  int days = 365;           // from now; a negative number makes one that has already expired
  bool is_server = false;   // otherwise a terminal: good only to connect with
  std::vector<std::string> dns_names = {};
  std::vector<std::string> addresses = {};  // IPv4 or IPv6, as text
};

// All throw std::runtime_error that names the file and the way out. None overwrites a key or a
// certificate.
// An authority's own name is only for people to read: 1 to 64 printable ASCII characters.
void make_authority(const AuthorityFiles&, const std::string& common_name, int days);
void issue(const AuthorityFiles&, const CertificateRequest&,
           const std::filesystem::path& certificate, const std::filesystem::path& key);

// Writes the list anew (atomically) with what it named before and `certificates`. Empty
// `certificates` makes or renews it.
void revoke(const AuthorityFiles&, const std::filesystem::path& revocation_list,
            const std::vector<std::filesystem::path>& certificates, int days = 365);

// SHA-256 of the certificate's DER: how the server names the holder of a connection.
Digest certificate_digest(const std::filesystem::path& certificate);

// Whether a common name is one that the ledger accepts in a certificate.
bool is_certificate_name(const std::string& common_name);

}  // namespace obverse
