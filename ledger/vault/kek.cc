// The text of the file is read into secret memory too: its digits are the key.
#include "ledger/vault/kek.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "ledger/vault/fault.h"
#include "ledger/vault/sealing.h"

namespace obverse {
namespace {

constexpr std::size_t text_bytes = 2 * key_bytes;

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

int digit(std::byte b) {
  const int c = std::to_integer<int>(b);
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void refuse_unless_private(const std::filesystem::path& file, int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw VaultFault(file, "is not a plain file", "name the file of the key-encryption key");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw VaultFault(file, "is open to group or others",
                     "chmod 0600 it, and replace a key that was seen");
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    throw VaultFault(file, "belongs to another user", "chown it to the server's user");
  }
}

}  // namespace

Kek Kek::from_file(const std::filesystem::path& file) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (descriptor.value < 0) {
    throw VaultFault(file, reason("cannot be opened"),
                     "the vault cannot be read without its key-encryption key");
  }
  refuse_unless_private(file, descriptor.value);
  SecretBytes text(text_bytes + 2);
  const ssize_t read = ::read(descriptor.value, text.writable().data(), text.size());
  const bool line_end = read == text_bytes + 1 && text.bytes()[text_bytes] == std::byte{'\n'};
  SecretBytes key(key_bytes);
  bool good = read == text_bytes || line_end;
  for (std::size_t i = 0; i < key_bytes && good; ++i) {
    const int high = digit(text.bytes()[2 * i]);
    const int low = digit(text.bytes()[2 * i + 1]);
    good = high >= 0 && low >= 0;
    if (good) key.writable()[i] = static_cast<std::byte>(16 * high + low);
  }
  if (!good) {
    throw VaultFault(file, "is not 64 characters of 0-9 a-f",
                     "make one with: openssl rand -hex 32");
  }
  return Kek(std::move(key));
}

Kek Kek::from_credential(std::string_view name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread of ours changes the environment.
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || name.empty() || name.find('/') != std::string_view::npos) {
    throw VaultFault(std::string(name), "is no credential of this service",
                     "set LoadCredential= in the service unit");
  }
  return from_file(std::filesystem::path(directory) / name);
}

void Kek::make_file(const std::filesystem::path& file) {
  const Descriptor descriptor{
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (descriptor.value < 0) {
    throw VaultFault(file, reason("cannot be made"), "a key-encryption key is never overwritten");
  }
  const SecretBytes key = SecretBytes::random(key_bytes);
  SecretBytes text(text_bytes + 1);
  for (std::size_t i = 0; i < key_bytes; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto value = std::to_integer<unsigned>(key.bytes()[i]);
    text.writable()[2 * i] = static_cast<std::byte>(digits[value / 16]);
    text.writable()[2 * i + 1] = static_cast<std::byte>(digits[value % 16]);
  }
  text.writable()[text_bytes] = std::byte{'\n'};
  if (::write(descriptor.value, text.bytes().data(), text.size()) !=
          static_cast<ssize_t>(text.size()) ||
      ::fsync(descriptor.value) != 0) {
    throw VaultFault(file, "cannot be written", "delete it and make room on the disk");
  }
}

}  // namespace obverse
