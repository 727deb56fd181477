// A seal is text, one line for each file: "<64 hexadecimal digits>  <setting>", and last the digest
// of the lines before, of "seal".
#include "ledger/server/config_seal.h"

#include <utility>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr const char* way_out =
    "bring back the file, or, if you changed it, seal anew: obversed --config FILE --seal";

std::string digest_of(std::string_view bytes) { return hex(sha256(bytes)); }

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw ConfigError(file.string() + ": " + what + "; " + way_out);
}

std::string bytes_of(const std::filesystem::path& file) {
  try {
    return read_whole(real_disk(), file.string());
  } catch (const DiskFault& fault) {
    fail(file, fault.what());
  }
}

using Named = std::pair<const char*, std::filesystem::path>;

std::vector<Named> sealed_files(const std::filesystem::path& file, const Config& config) {
  std::vector<Named> files{{"settings", file},
                           {"tls.certificate", config.tls.certificate},
                           {"tls.key", config.tls.key},
                           {"tls.client_authority", config.tls.client_authority}};
  if (!config.operator_certificate.empty())
    files.emplace_back("bootstrap.operator_certificate", config.operator_certificate);
  return files;
}

std::string line_of(const std::string& digest, const char* name) {
  return digest + "  " + name + "\n";
}

}  // namespace

std::filesystem::path seal_of(const std::filesystem::path& file) { return file.string() + ".seal"; }

void seal_config(const std::filesystem::path& file, const Config& config) {
  std::string text;
  for (const auto& [name, path] : sealed_files(file, config))
    text += line_of(digest_of(bytes_of(path)), name);
  text += line_of(digest_of(text), "seal");
  try {
    write_whole(real_disk(), std::filesystem::absolute(seal_of(file)).string(), text);
  } catch (const DiskFault& fault) {
    fail(seal_of(file), fault.what());
  }
}

bool check_seal(const std::filesystem::path& file, const Config& config) {
  const std::filesystem::path seal = seal_of(file);
  if (!std::filesystem::exists(seal)) return false;
  const std::string text = bytes_of(seal);
  const std::size_t last = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  if (text.substr(last) != line_of(digest_of(text.substr(0, last)), "seal"))
    fail(seal, "the seal itself is damaged");
  std::string wanted;
  for (const auto& [name, path] : sealed_files(file, config)) {
    const std::string line = line_of(digest_of(bytes_of(path)), name);
    if (text.find(line) == std::string::npos)
      fail(path, std::string("is not what was sealed (") + name + ")");
    wanted += line;
  }
  if (text.substr(0, last) != wanted) fail(seal, "names other files than the settings do");
  return true;
}

}  // namespace obverse
