// Where face templates and PIN verifiers are kept, sealed, beside the log and never in it. Every
// version of either has a key of its own; destroying the key is erasure. May be used from many
// threads. Throws VaultFault where the disk or the files fail; no text it makes holds a template, a
// PIN or a key.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/receipt_seal.h"
#include "ledger/vault/secret_bytes.h"

namespace obverse {

inline constexpr std::size_t face_content_bytes_max = std::size_t{1} << 19U;

class Vault {
 public:
  // Opens the vault of a directory, or makes one in it. One process at a time. Faults: another
  // key-encryption key, damage to both copies of something, another process. What one copy could
  // mend is in report().
  static std::unique_ptr<Vault> open(const std::filesystem::path& directory, const Kek& kek);
  ~Vault();

  // Enrolling: this first (synced twice over when it returns), then the event. A version that an
  // enrolment cut off before its event left behind is replaced. `content` is the matcher's own form
  // of the template, at most face_content_bytes_max. Gives the SHA-256 of the sealed record, which
  // goes into the event.
  Digest keep_face(RiderId rider, FaceVersion version, std::span<const std::byte> content);
  void keep_pin(RiderId rider, PinVersion version, std::string_view pin);  // 4 to 12 digits

  // Nothing if not kept, or destroyed.
  std::optional<SecretBytes> face(RiderId rider, FaceVersion version) const;
  std::optional<Digest> face_digest(RiderId rider, FaceVersion version) const;
  std::optional<bool> check_pin(RiderId rider, PinVersion version, std::string_view pin) const;

  // Erasing: the event first, then this, then the answer. Keys are overwritten in both copies and
  // synced before it returns, then the records; what is not there is no error, so start-up repeats
  // it. `destroy` takes everything; `destroy_face` leaves the PIN, with which a person inside can
  // still leave.
  void destroy(RiderId rider);
  void destroy_face(RiderId rider);
  void destroy_face(RiderId rider, FaceVersion version);  // after the event that replaced it
  void destroy_pin(RiderId rider, PinVersion version);

  // What is kept, for start-up to compare with the log: what the log does not know is to be
  // destroyed.
  std::vector<std::pair<RiderId, FaceVersion>> faces() const;
  std::vector<std::pair<RiderId, PinVersion>> pins() const;

  // Each kept face in the order of the disk; the span is good during the call only.
  using FaceReader = std::function<void(RiderId, FaceVersion, std::span<const std::byte>)>;
  void for_each_face(const FaceReader& reader) const;

  // Wraps every key under a fresh epoch key: what old backups and worn disk blocks hold of
  // destroyed slots is then noise.
  void roll_epoch(const Kek& kek);
  void change_kek(const Kek& next);

  // Of the key-encryption key that the vault was opened with.
  const ReceiptSeal& receipt_seal() const;

  std::vector<std::string> report()
      const;  // for operators: counts, what was mended, what could not be locked

 private:
  struct Files;
  explicit Vault(std::unique_ptr<Files> files);
  std::unique_ptr<Files> files_;
};

}  // namespace obverse
