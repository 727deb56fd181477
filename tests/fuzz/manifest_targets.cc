// What vouches for other files: the manifest of a backup, the seal of the settings.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "ledger/backup/manifest.h"
#include "ledger/server/config_seal.h"
#include "ledger/vault/sha256.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

Kek fixed_kek() {
  const auto file = scratch() / "manifest-kek";
  std::ofstream(file) << std::string(64, '7');
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  return Kek::from_file(file);
}
const BackupSeal& backup_seal() {
  static const BackupSeal seal(fixed_kek());
  return seal;
}

Digest digest_from(Tap& tap) {
  Digest out;
  for (auto& each : out.bytes) each = tap.byte();
  return out;
}

BackupFile file_from(Tap& tap, const std::string& name) {
  return {name, tap.pick(UINT64_MAX), digest_from(tap)};
}

Manifest manifest_from(Tap& tap) {
  Manifest out;
  out.number = tap.pick(UINT64_MAX);
  out.keys = tap.pick(UINT64_MAX);
  out.chain = digest_from(tap);
  std::uint64_t next = 1;
  for (std::uint64_t parts = tap.pick(3); parts > 0; --parts) {
    const std::uint64_t last = next + tap.pick(UINT16_MAX);
    out.parts.push_back({file_from(tap, "log/" + std::to_string(next)), {next}, {last}});
    next = last + 1;
  }
  out.last = {next - 1};
  for (std::uint64_t files = tap.pick(2); files > 0; --files)
    out.vault.push_back(file_from(tap, "vault/" + std::to_string(files)));
  return out;
}

std::string sealed(const std::string& body) {
  return body + "seal " + hex(backup_seal().of(body)) + "\n";
}

// No row of a manifest leads out of the backup's folder, and the parts are one row of positions.
void hold_together(const Manifest& manifest) {
  std::uint64_t next = 1;
  const auto is_inside = [](const std::string& name) {
    const std::filesystem::path path(name);
    return !path.empty() && path.is_relative() &&
           std::ranges::find(path, std::filesystem::path("..")) == path.end();
  };
  for (const LogPart& part : manifest.parts) {
    hold(part.first.value == next && part.first <= part.last, "the parts have no gap");
    hold(is_inside(part.file.name), "a part is inside of the backup");
    next = part.last.value + 1;
  }
  hold(next == manifest.last.value + 1, "and end at the head");
  for (const BackupFile& each : manifest.vault)
    hold(is_inside(each.name), "so is every file of the vault");
}

// A manifest comes back; changed it is none; and what was sealed has one form, whatever it says.
void manifest(Input input) {
  const auto raw = decode_manifest(text_of(input), backup_seal());
  hold(!raw, "what was not sealed is no manifest");
  Tap tap(input);
  const std::uint64_t at = tap.pick(UINT16_MAX);
  const bool is_body = tap.pick(1) == 1;
  const std::string body = is_body ? "obverse backup 1\n" + tap.rest() : std::string();
  const Manifest made = is_body ? Manifest() : manifest_from(tap);
  std::string bytes = is_body ? sealed(body) : encode_manifest(made, backup_seal());
  const auto back = decode_manifest(bytes, backup_seal());
  if (!is_body) hold(back && *back == made, "a manifest comes back");
  if (back) {
    hold_together(*back);
    hold(encode_manifest(*back, backup_seal()) == bytes, "and has one form");
  }
  const std::size_t bit = at % (8 * bytes.size());
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  if (is_broken_as("manifest-unsealed") && bytes.size() > 70)
    bytes = sealed(bytes.substr(0, bytes.size() - 70));
  hold(!decode_manifest(bytes, backup_seal()) || (is_body && !back),
       "with a bit changed it is none");
}

std::vector<std::string> manifest_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    out.push_back(noise(seed, 2) + '\0' + noise(seed + 700, 30 + 50 * seed));
  const std::string zeros(64, '0');
  const std::string head = "number 1\nhead 3 " + zeros + " 2\n";
  for (const char* name : {"log/1", "../1", "/1", "log/..", "a b"})
    out.push_back("ab\1" + head + "log " + name + " 10 " + zeros + " 1 3\nvault v 4 " + zeros +
                  "\n");
  out.push_back("ab\1" + head + "log x 10 " + zeros + " 2 3\n");
  out.push_back("ab\1number 01\nhead 0 " + zeros + " 0\n");
  return out;
}

// --- the seal of the settings

struct Settings {
  Settings() {
    std::filesystem::create_directories(folder);
    config.tls.certificate = put("certificate", "one");
    config.tls.key = put("key", "two");
    config.tls.client_authority = put("authority", "three");
    put("settings", "four");
    seal_config(file, config);
    genuine = read(seal_of(file));
  }
  std::filesystem::path put(const char* name, std::string_view content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
    return folder / name;
  }
  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  std::filesystem::path folder = scratch() / "sealed-settings", file = folder / "settings";
  Config config;
  std::string genuine;
};

// A seal of any bytes, or ours changed, or ours over a file that was changed: none holds but ours
// over what it was made of.
void config_seal(Input input) {
  static const Settings settings;
  Tap tap(input);
  const std::uint64_t how = tap.pick(2);
  std::string seal = how == 0 ? tap.rest() : settings.genuine;
  std::string content = "four";
  if (how == 1)
    for (; !tap.empty() && !seal.empty();
         seal[tap.pick(UINT16_MAX) % seal.size()] = static_cast<char>(tap.byte())) {
    }
  if (how == 2) content = tap.rest();
  settings.put("settings", content);
  settings.put("settings.seal", seal);
  const bool is_ours = seal == settings.genuine && content == "four";
  bool holds = false;
  try {
    holds = check_seal(settings.file, settings.config);
    hold(holds, "a seal that is there is looked at");
  } catch (const ConfigError& fault) {
    const std::string_view why = fault.what();
    hold(why.starts_with(settings.folder.string()), "a fault names the file");
  }
  if (is_broken_as("seal-of-the-seal") && seal == settings.genuine) holds = true;
  hold(holds == is_ours, "only our seal over our files holds");
}

std::vector<std::string> config_seal_seeds() {
  static const Settings settings;
  const std::string& ours = settings.genuine;
  return {"\2four",
          "\2fou",
          "\1",
          "\1\1\1\1",
          std::string(1, '\0') + ours,
          std::string(1, '\0') + ours.substr(0, 80),
          std::string(1, '\0'),
          "\1" + noise(3, 9)};
}

}  // namespace

std::vector<Target> manifest_targets() {
  return {
      {"manifest",
       "a manifest has one form, under its seal",
       2'048,
       manifest,
       manifest_seeds,
       {"manifest-unsealed"}},
      {"config_seal",
       "only our seal over our files holds",
       1'024,
       config_seal,
       config_seal_seeds,
       {"seal-of-the-seal"},
       200},
  };
}

}  // namespace obverse::fuzz
