// obverse-backup: make a backup of a running server's data directory, verify one, restore one.
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "ledger/backup/backup.h"
#include "ledger/backup/restore.h"
#include "ledger/log/disk.h"
#include "ledger/vault/fault.h"
#include "ledger/vault/secret_bytes.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

using Json = nlohmann::ordered_json;

enum class Ended : int { done = 0, refused = 1, usage = 2 };

constexpr const char* examples = R"(Examples:
  obverse-backup make --data /var/lib/obverse --to /backup/obverse --kek /etc/obverse/kek
      beside the running server, as its user, onto another disk; again into the same folder:
      what is new is added, and what was erased meanwhile is gone from the backup too
  obverse-backup verify --from /backup/obverse --kek /etc/obverse/kek
      reads every byte; names file and offset of the first that is not what it was
  obverse-backup restore --from /backup/obverse --to /var/lib/obverse.new --kek /etc/obverse/kek
      then set data_directory, or rename the folders, and start the server
  obverse-backup restore --from B --to D --kek K --at-position 1200
  obverse-backup restore --from B --to D --kek K --at-time 2026-11-22T08:15:00Z
A server on a log that lacks what terminals were shown says so and serves nobody: restore to an
earlier point for looking into the past, and to the end for going on.
FOLDER/vault/keys-N is the one file that must not be kept in old versions: with it and the
key-encryption key, what was erased since could be read.
Exit codes: 0 done, 1 refused and nothing changed, 2 wrong arguments.)";

struct Options {
  std::string data;
  std::string folder;
  std::filesystem::path kek;
  std::uint64_t rate_mib = 32;
  std::uint64_t at_position = 0;
  std::string at_time;
  bool json = false;
};

// At most one line a second.
std::function<void(Position)> progress_of(const char* verb) {
  return [verb, last = std::chrono::steady_clock::now()](Position at) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::seconds(1)) return;
    last = now;
    std::cerr << verb << ": position " << at.value << "\n";
  };
}

void show(const Options& options, const Json& out) {
  if (options.json) {
    std::cout << out.dump() << "\n";
    return;
  }
  for (const auto& [name, value] : out.items())
    std::cout << std::left << std::setw(12) << name << " "
              << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
}

Json head_of(const Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const LogPart& part : manifest.parts) bytes += part.file.bytes;
  for (const BackupFile& file : manifest.vault) bytes += file.bytes;
  return {{"run", manifest.number},
          {"position", manifest.last.value},
          {"chain", hex(manifest.chain)},
          {"bytes", bytes}};
}

// 2026-11-22T08:15:00Z, or milliseconds since 1970.
Instant instant_of(const std::string& text) {
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos)
    return {std::stoll(text)};
  std::istringstream in(text);
  std::tm calendar{};
  in >> std::get_time(&calendar, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof())
    throw BackupFault("--at-time: write it as 2026-11-22T08:15:00Z, or as milliseconds since 1970");
  return {static_cast<std::int64_t>(timegm(&calendar)) * 1'000};
}

// Only what nobody else wants of the processors and the disk. Where that is not allowed, the pace
// alone keeps the server's disk free.
void let_the_server_come_first() {
  constexpr int this_process = 1, idle_class = 3 << 13;  // of ioprio_set, which has no header
  static_cast<void>(setpriority(PRIO_PROCESS, 0, 19));
  const sched_param none{};
  static_cast<void>(sched_setscheduler(0, SCHED_IDLE, &none));
  static_cast<void>(syscall(SYS_ioprio_set, this_process, 0, idle_class));
}

void run_make(const Options& options) {
  let_the_server_come_first();
  BackupWishes wishes;
  wishes.bytes_a_second = options.rate_mib << 20U;
  wishes.progress = progress_of("copied");
  const BackupSeal seal(Kek::from_file(options.kek));
  const BackupDone done = make_backup(options.data, options.folder, seal, wishes);
  Json out = head_of(done.manifest);
  out["added"] = done.entries;
  show(options, out);
}

void run_verify(const Options& options) {
  const BackupSeal seal(Kek::from_file(options.kek));
  Json out = head_of(verify_backup(options.folder, seal, progress_of("verified")));
  out["verified"] = true;
  show(options, out);
}

void run_restore(const Options& options) {
  Until until;
  if (options.at_position != 0) until.position = Position{options.at_position};
  if (!options.at_time.empty()) until.time = instant_of(options.at_time);
  const RestoreDone done = restore_backup(options.folder, options.data, Kek::from_file(options.kek),
                                          until, progress_of("restored"));
  show(options, {{"position", done.last.value}, {"chain", hex(done.chain)}, {"vault", done.vault}});
}

int run(int count, char** arguments) {
  Options options;
  CLI::App app{"obverse-backup: backups of a running server, verified, and restored to any point."};
  app.footer(examples);
  app.require_subcommand(1);
  CLI::App* make = app.add_subcommand("make", "copy what is new of a server's data directory");
  CLI::App* verify = app.add_subcommand("verify", "read every byte of a backup");
  CLI::App* restore = app.add_subcommand("restore", "a new data directory from a backup");
  make->add_option("--data", options.data, "the server's data directory")->required();
  make->add_option("--to", options.folder, "the backup's folder")->required();
  make->add_option("--mib-a-second", options.rate_mib, "not faster than that")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  for (CLI::App* verb : {verify, restore})
    verb->add_option("--from", options.folder, "the backup's folder")->required();
  restore->add_option("--to", options.data, "the data directory to make")->required();
  auto* position =
      restore->add_option("--at-position", options.at_position, "the last record wanted");
  restore->add_option("--at-time", options.at_time, "nothing recorded after it")
      ->excludes(position);
  for (CLI::App* verb : {make, verify, restore}) {
    verb->add_option("--kek", options.kek, "file of the key-encryption key")->required();
    verb->add_flag("--json", options.json, "one JSON object");
  }
  make->callback([&] { run_make(options); });
  verify->callback([&] { run_verify(options); });
  restore->callback([&] { run_restore(options); });
  try {
    harden_process();
    app.parse(count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return static_cast<int>(app.exit(wrong) == 0 ? Ended::done : Ended::usage);
  } catch (const std::exception& fault) {
    std::cerr << "obverse-backup: " << fault.what() << "\n";
    return static_cast<int>(Ended::refused);
  }
  return static_cast<int>(Ended::done);
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) { return obverse::run(count, arguments); }
