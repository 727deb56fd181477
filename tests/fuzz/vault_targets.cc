// Secrets and papers: sealed records, marks on receipts, the file of the key-encryption key,
// certificates and revocation lists.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "ledger/server/transport/tls.h"
#include "ledger/vault/certificates.h"
#include "ledger/vault/fault.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/receipt_seal.h"
#include "ledger/vault/sealing.h"
#include "ledger/vault/sha256.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

SecretBytes fixed_key(std::uint8_t fill) {
  SecretBytes key(key_bytes);
  std::ranges::fill(key.writable(), std::byte{fill});
  return key;
}

// What was sealed opens, and with a bit of the record or of what it is about changed it does not.
void sealed_record(Input input) {
  static const SecretBytes key = fixed_key(3);
  Tap tap(input);
  const std::uint64_t at = tap.pick(UINT32_MAX);
  const std::string about = tap.bytes(tap.pick(64));
  const std::string content = tap.rest();
  hold(!unseal(key, bytes_of(about), bytes_of(content)), "what was not sealed does not open");
  auto record = seal(key, bytes_of(about), bytes_of(content));
  const auto opened = unseal(key, bytes_of(about), record);
  hold(opened && std::ranges::equal(opened->bytes(), bytes_of(content)), "what was sealed opens");
  const std::size_t bit = at % (8 * record.size());
  record[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  std::vector<std::byte> into(content.size(), std::byte{0x55});
  const bool wrong = unseal_into(into, key, bytes_of(about), record) ||
                     (is_broken_as("seal-unchecked") && !content.empty());
  hold(!wrong, "a changed record does not open");
  hold(std::ranges::all_of(into, [](std::byte each) { return each == std::byte{0}; }),
       "and leaves zeros");
}

std::vector<std::string> some_noise() {
  return {noise(1, 4), noise(2, 80), noise(3, 300), std::string(40, '\0')};
}

std::string refusal_of_key_file(std::string_view content) {
  const auto file = scratch_file("kek", content);
  ::chmod(file.c_str(), 0600);
  try {
    Kek::from_file(file);
  } catch (const VaultFault& fault) {
    return fault.what();
  }
  return {};
}

// The key file that an input is, and what must be read from it.
void kek_file(Input input) {
  static const std::string of_any_other = refusal_of_key_file("no key");
  const std::string_view text = text_of(input);
  const bool cut = is_broken_as("kek-takes-more") && text.size() > 64;
  const auto file = scratch_file("kek", cut ? text.substr(0, 64) : text);
  ::chmod(file.c_str(), 0600);
  const std::string_view digits = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  const bool is_key = digits.size() == 64 && std::ranges::all_of(digits, [](char each) {
                        return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f');
                      });
  try {
    const Kek kek = Kek::from_file(file);
    hold(is_key, "only 64 digits are a key");
    static constexpr std::string_view all = "0123456789abcdef";
    for (std::size_t i = 0; i < key_bytes; ++i) {
      const auto value = std::to_integer<unsigned>(kek.key().bytes()[i]);
      hold(all[value / 16] == digits[2 * i] && all[value % 16] == digits[2 * i + 1],
           "the key is what the file says");
    }
  } catch (const VaultFault& fault) {
    hold(!is_key, "64 digits are a key");
    hold(fault.what() == of_any_other, "no fault says what the file holds");
  }
  static const auto credentials = scratch() / "credentials";
  std::filesystem::create_directories(credentials);
  ::setenv("CREDENTIALS_DIRECTORY", credentials.c_str(), 1);
  try {
    Kek::from_credential(text.substr(0, 40));
    hold(false, "a credential is a file of that folder");
  } catch (const VaultFault&) {
  }
  ::chmod(file.c_str(), 0640);
  try {
    Kek::from_file(file);
    hold(false, "a file that others may read is refused");
  } catch (const VaultFault&) {
  }
}

std::vector<std::string> kek_file_seeds() {
  std::string key;
  for (int i = 0; i < 4; ++i) key += "0123456789abcdef";
  return {key, key + "\n", key + "\r\n", key.substr(1), key + "0", "", std::string(64, 'G')};
}

// A mark belongs to one position of one chain, and to all of its bytes.
void receipt_mark(Input input) {
  static const ReceiptSeal seal([] {
    const auto file = scratch() / "seal-kek";
    Kek::make_file(file);
    return Kek::from_file(file);
  }());
  Tap tap(input);
  const Position position{tap.pick(UINT64_MAX)};
  Digest chain;
  for (auto& each : chain.bytes) each = tap.byte();
  const std::uint64_t at = tap.pick(UINT16_MAX);
  const std::string other = tap.rest();
  const ReceiptMark mark = seal.mark(position, chain);
  hold(seal.is_ours(position, chain, mark), "our own mark is ours");
  hold(!seal.is_ours(position, chain, input_of(other)), "no other mark is");
  ReceiptMark changed = mark;
  changed[at / 8 % mark.size()] ^= static_cast<std::uint8_t>(1U << (at % 8));
  const std::size_t looked_at = is_broken_as("mark-first-half") ? 8 : 16;
  const bool same = std::equal(mark.begin(), mark.begin() + looked_at, changed.begin());
  hold(!seal.is_ours(position, chain, changed) && !(same && looked_at == 8),
       "a changed mark is not");
  hold(!seal.is_ours({position.value ^ (1 + at)}, chain, mark), "nor at another position");
  chain.bytes[at % 32] ^= 1;
  hold(!seal.is_ours(position, chain, mark), "nor of another chain");
}

// --- papers

std::string read_whole_file(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

struct Papers {
  Papers() {
    make_authority(authority, "fuzz authority", 2);
    issue(authority,
          {.common_name = "localhost",
           .days = 2,
           .is_server = true,
           .dns_names = {"localhost"},
           .addresses = {"127.0.0.1"}},
          server, server_key);
    issue(authority, {.common_name = "gate-1", .days = 2}, terminal, terminal_key);
    revoke(authority, list, {terminal});
  }
  std::filesystem::path folder = [] {
    const auto made = scratch() / "papers";
    std::filesystem::create_directories(made);
    return made;
  }();
  AuthorityFiles authority{folder / "a.pem", folder / "a.key"};
  std::filesystem::path server = folder / "s.pem", server_key = folder / "s.key",
                        terminal = folder / "t.pem", terminal_key = folder / "t.key",
                        list = folder / "l.pem";
};
const Papers& papers() {
  static const Papers made;
  return made;
}

// Genuine PEM with bytes of its base64 exchanged, or the input itself.
std::string pem_from(Tap& tap, const std::filesystem::path& genuine) {
  if (tap.pick(3) == 0) return tap.rest();
  std::string pem = read_whole_file(genuine);
  while (!tap.empty()) {
    const std::size_t at = tap.pick(UINT16_MAX) % pem.size();
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n";
    pem[at] = letters[tap.pick(letters.size() - 1)];
  }
  return pem;
}

// The defect "certificate-of-the-file" makes the digest of the file's bytes.
Digest digest_of_paper(const std::filesystem::path& file) {
  const Digest digest = certificate_digest(file);
  if (!is_broken_as("certificate-of-the-file")) return digest;
  Sha256 hasher;
  hasher.add(read_whole_file(file));
  return hasher.finish();
}

// A certificate has one digest, whatever stands around it in the file, and a file that is none is
// named; nothing else happens.
void certificate(Input input) {
  Tap tap(input);
  const std::string pem = pem_from(tap, papers().terminal);
  const auto file = scratch_file("some.pem", pem);
  try {
    const Digest digest = digest_of_paper(file);
    hold(digest != Digest{}, "a digest is not zero");
    const auto longer = scratch_file("longer.pem", "a line\n" + pem + "\nanother\n");
    hold(digest == digest_of_paper(longer), "a certificate has one digest");
    const bool is_ours = digest == digest_of_paper(papers().terminal);
    hold(pem != read_whole_file(papers().terminal) || is_ours, "and ours has ours");
  } catch (const std::runtime_error& fault) {
    hold(std::string_view(fault.what()).find(file.string()) != std::string_view::npos,
         "a fault names the file");
  }
}

// What a file's list says, whichever way its base64 is spelt.
std::string list_in(const std::filesystem::path& file) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_file(file.c_str(), "r"), BIO_free);
  const std::unique_ptr<X509_CRL, void (*)(X509_CRL*)> list(
      PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr), X509_CRL_free);
  unsigned char* bytes = nullptr;
  const int size = list ? i2d_X509_CRL(list.get(), &bytes) : 0;
  std::string out(reinterpret_cast<const char*>(bytes),
                  static_cast<std::size_t>(std::max(size, 0)));
  OPENSSL_free(bytes);
  ERR_clear_error();
  return out;
}

// Adds to a list, as whoever revokes does. The defect "list-unsigned" takes any that can be read.
bool takes(const std::filesystem::path& file) {
  if (is_broken_as("list-unsigned") && !list_in(file).empty()) return true;
  try {
    revoke(papers().authority, file, {});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

// A list is added to if it is what this authority signed, and a listener names one that it cannot
// read; whose it is, that is asked at each handshake.
void revocation_list(Input input) {
  static const std::string genuine = list_in(papers().list);
  Tap tap(input);
  const std::string pem = pem_from(tap, papers().list);
  const auto file = scratch_file("some-list.pem", pem);
  const std::string list = list_in(file);
  const bool same = pem == read_whole_file(papers().list);
  const bool taken = takes(file);
  hold(taken || !same, "our own list is taken");
  hold(!taken || list == genuine, "and what we did not sign is not");
  const auto again = scratch_file("some-list.pem", pem);
  try {
    const TlsContext context(
        {papers().server, papers().server_key, papers().authority.certificate, again});
    hold(!list.empty(), "a listener takes a list that can be read");
  } catch (const std::runtime_error& fault) {
    hold(!same, "a listener takes our own list");
    hold(std::string_view(fault.what()).find(again.string()) != std::string_view::npos,
         "a fault names the list");
  }
}

std::vector<std::string> paper_seeds() {
  return {std::string(1, '\0').append(read_whole_file(papers().terminal)),
          std::string(1, '\0').append(read_whole_file(papers().list)),
          "\1",
          "\1\1\1\1",
          "\2" + noise(5, 9),
          std::string(1, '\0').append("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")};
}

// A name that a certificate may bear.
void certificate_name(Input input) {
  const std::string name(text_of(input));
  std::string asked = name;
  if (is_broken_as("name-with-a-space")) std::ranges::replace(asked, ' ', '-');
  const bool is_name = is_certificate_name(asked);
  const bool plain = !name.empty() && name.size() <= 64 &&
                     name.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789._':/-") == std::string::npos;
  hold(is_name == plain, "a name is of plain letters");
}

std::vector<std::string> name_seeds() {
  return {"gate-1", "till.7", "", std::string(64, 'a'), std::string(65, 'a'), "a b", "a\n"};
}

}  // namespace

std::vector<Target> vault_targets() {
  return {
      {"sealed_record",
       "what was sealed opens, and nothing else",
       4'096,
       sealed_record,
       some_noise,
       {"seal-unchecked"}},
      {"kek_file",
       "64 digits of a private file are a key",
       128,
       kek_file,
       kek_file_seeds,
       {"kek-takes-more"},
       400},
      {"receipt_mark",
       "a mark is ours for one place of one chain",
       256,
       receipt_mark,
       some_noise,
       {"mark-first-half"}},
      {"certificate",
       "a certificate has one digest, or a fault that names the file",
       4'096,
       certificate,
       paper_seeds,
       {"certificate-of-the-file"},
       200},
      {"revocation_list",
       "only our own list is taken",
       4'096,
       revocation_list,
       paper_seeds,
       {"list-unsigned"},
       60},
      {"certificate_name",
       "a certificate's name is of plain letters",
       128,
       certificate_name,
       name_seeds,
       {"name-with-a-space"}},
  };
}

}  // namespace obverse::fuzz
