// Who may connect, as OpenSSL understands it: TLS 1.3 only (RFC 8446), both sides with a
// certificate of one authority, a revocation list, and no way to resume a session, because a
// resumed one is not checked against that list.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "ledger/model/digest.h"
#include "threads/lock.h"

struct ssl_st;
struct ssl_ctx_st;

namespace obverse {

struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_authority;
  std::filesystem::path revocation_list;  // empty: none is checked
};

// Whom a client certificate names.
struct PeerIdentity {
  Digest certificate;       // SHA-256 of its DER
  std::string subject;      // its common name: 1 to 64 of A-Z a-z 0-9 . _ ' : / -
  std::string serial = {};  // its number at the authority, big-endian
  friend bool operator==(const PeerIdentity&, const PeerIdentity&) = default;
};

class TlsContext {
 public:
  explicit TlsContext(TlsFiles);  // throws std::runtime_error that names the file and the way out

  // Reads the files again, for connections from now on. Throws like the constructor, and then
  // nothing has changed.
  void reload();

  // Rises with every reload: a handshake that began under an older one must not be trusted. Any
  // thread.
  std::uint64_t generation() const { return generation_.load(); }

  std::shared_ptr<ssl_ctx_st> current() const;  // any thread

  // Whether the revocation list, as it was last read, names a certificate that was good when its
  // holder connected. Any thread.
  bool is_revoked(const PeerIdentity&) const;

 private:
  TlsFiles files_;
  mutable Mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_ GUARDED_BY(mutex_);
  std::set<std::string> revoked_ GUARDED_BY(mutex_);  // serials
  std::atomic<std::uint64_t> generation_{0};
};

// Nothing if there is no certificate, or its common name is not one the ledger accepts.
std::optional<PeerIdentity> identity_of(ssl_st*);

}  // namespace obverse
