#include "ledger/backup/manifest.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "ledger/vault/hmac.h"
#include "ledger/vault/sealing.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::string_view title = "obverse backup 1\n";
constexpr std::string_view sealed_by = "seal ";
constexpr std::size_t seal_line = 5 + 64 + 1;

std::string body_of(const Manifest& manifest) {
  std::ostringstream out;
  out << title << "number " << manifest.number << "\nhead " << manifest.last.value << ' '
      << hex(manifest.chain) << ' ' << manifest.keys << '\n';
  const auto file = [&out](const char* kind, const BackupFile& each) -> std::ostream& {
    return out << kind << ' ' << each.name << ' ' << each.bytes << ' ' << hex(each.digest);
  };
  for (const LogPart& part : manifest.parts)
    file("log", part.file) << ' ' << part.first.value << ' ' << part.last.value << '\n';
  for (const BackupFile& each : manifest.vault) file("vault", each) << '\n';
  return out.str();
}

// Reads words leniently: that a manifest has one form only is held by writing it again.
class Words {
 public:
  explicit Words(const std::string& line) : in_(line) { in_ >> kind; }
  std::string word() {
    std::string text;
    in_ >> text;
    return text;
  }
  std::uint64_t number() {
    const std::string text = word();
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  Digest digest() { return digest_from_hex(word()).value_or(Digest{}); }
  BackupFile file() {
    BackupFile out;
    out.name = word();
    out.bytes = number();
    out.digest = digest();
    return out;
  }
  std::string kind;

 private:
  std::istringstream in_;
};

Manifest read_lines(std::string_view body) {
  Manifest manifest;
  std::istringstream lines{std::string(body)};
  for (std::string line; std::getline(lines, line);) {
    Words words(line);
    if (words.kind == "number") {
      manifest.number = words.number();
    } else if (words.kind == "head") {
      manifest.last = {words.number()};
      manifest.chain = words.digest();
      manifest.keys = words.number();
    } else if (words.kind == "log") {
      LogPart part{words.file(), {}, {}};
      part.first = {words.number()};
      part.last = {words.number()};
      manifest.parts.push_back(std::move(part));
    } else if (words.kind == "vault") {
      manifest.vault.push_back(words.file());
    }
  }
  return manifest;
}

bool is_plain(std::string_view name) {
  return !name.empty() && !name.starts_with('/') && name.find("..") == std::string_view::npos;
}

// The parts are one row of positions from 1 to the head, and no name leads out of the folder.
bool holds_together(const Manifest& manifest) {
  std::uint64_t next = 1;
  for (const LogPart& part : manifest.parts) {
    if (part.first.value != next || part.last < part.first || !is_plain(part.file.name))
      return false;
    next = part.last.value + 1;
  }
  return next == manifest.last.value + 1 &&
         std::ranges::all_of(manifest.vault, [](const auto& each) { return is_plain(each.name); });
}

}  // namespace

BackupSeal::BackupSeal(const Kek& kek) : key_(key_for(kek, "obverse backup manifest")) {}

Digest BackupSeal::of(std::string_view text) const {
  return hmac(key_.bytes(), std::as_bytes(std::span(text)));
}

std::string encode_manifest(const Manifest& manifest, const BackupSeal& seal) {
  const std::string body = body_of(manifest);
  return body + std::string(sealed_by) + hex(seal.of(body)) + "\n";
}

std::expected<Manifest, std::string> decode_manifest(std::string_view bytes,
                                                     const BackupSeal& seal) {
  if (!bytes.starts_with("obverse backup "))
    return std::unexpected("this is no manifest of a backup");
  if (!bytes.starts_with(title))
    return std::unexpected("of a later release: use that release's obverse-backup");
  if (bytes.size() < title.size() + seal_line) return std::unexpected("cut short");
  const std::string_view body = bytes.substr(0, bytes.size() - seal_line);
  const std::string_view last = bytes.substr(body.size());
  const Digest ours = seal.of(body);
  const auto theirs = digest_from_hex(last.substr(sealed_by.size(), 64));
  const bool is_ours = theirs && equal_in_constant_time(std::as_bytes(std::span(theirs->bytes)),
                                                        std::as_bytes(std::span(ours.bytes)));
  if (!is_ours || !last.starts_with(sealed_by) || !last.ends_with('\n'))
    return std::unexpected(
        "its seal does not hold: it was changed, or made under another key-encryption key");
  Manifest manifest = read_lines(body);
  if (body_of(manifest) != body || !holds_together(manifest))
    return std::unexpected("sealed, but not as this release writes it");
  return manifest;
}

}  // namespace obverse
