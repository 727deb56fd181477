#include "tests/promises/backup/upgrade.h"

#include <nlohmann/json.hpp>

#include "ledger/backup/restore.h"
#include "ledger/log/disk.h"
#include "ledger/vault/sha256.h"
#include "replay/rebuild.h"
#include "replay/source.h"
#include "replay/verify.h"

namespace obverse::promises {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void copy_all(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

Json read_json(const fs::path& file) {
  return Json::parse(read_whole(real_disk(), file.string()), nullptr, false);
}

// Tail and vault are zeros after what was written last: those are not kept.
void cut_zeros(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string bytes = read_whole(real_disk(), entry.path().string());
    const std::size_t last = bytes.find_last_not_of('\0');
    if (last == std::string::npos) {
      fs::remove(entry.path());
    } else {
      fs::resize_file(entry.path(), (last / 4'096 + 1) * 4'096);
    }
  }
}

// Every account as a line of text. Not the state's digest: that grows with what is remembered.
Json balances_of(const fs::path& log) {
  Json out = Json::array();
  for (const BalanceLine& line : rebuild(*history_of(log), {}).lines)
    out.push_back(text(line.account) + " DR " + std::to_string(line.debits) + " CR " +
                  std::to_string(line.credits) + " held " + std::to_string(line.held));
  return out;
}

void keep_as_golden(Bank& bank, const fs::path& folder) {
  fs::create_directories(folder);
  copy_all(bank.data(), folder / "data");
  const auto backup = (folder / "backup").string();
  const Finished made = bank.backup({"make", "--data", bank.data().string(), "--to", backup});
  if (made.status != 0) throw std::runtime_error(made.said);
  copy_all(bank.kek(), folder / "kek");
  fs::remove(folder / "data/log/ballast");
  fs::remove(folder / "backup/lock");
  for (const auto& inside : fs::directory_iterator(folder / "data/log/rocks")) {
    const std::string name = inside.path().filename().string();
    if (name.starts_with("LOG") || name.starts_with("OPTIONS") || name == "LOCK")
      fs::remove(inside.path());
  }
  cut_zeros(folder / "data/log/tail");
  const Verified found = verify(*history_of(folder / "data/log"));
  const Json expected{
      {"position", found.last.value},
      {"chain", hex(found.chain)},
      {"balances", balances_of(folder / "data/log")},
      {"people",
       Vault::open(folder / "data/vault", Kek::from_file(folder / "kek"))->faces().size()}};
  cut_zeros(folder / "data/vault");
  std::ofstream(folder / "expected.json") << expected.dump(2) << "\n";
}

bool is_as_expected(const fs::path& log, const Json& expected, std::string& why) {
  const Verified found = verify(*history_of(log));
  why = found.faults.empty() ? "position " + std::to_string(found.last.value) : found.faults[0];
  return found.faults.empty() && found.last.value == expected.value("position", 0ULL) &&
         hex(found.chain) == expected.value("chain", "") && !expected["balances"].empty() &&
         balances_of(log) == expected["balances"];
}

void open_one(Trial& trial, Bank& bank, const fs::path& golden, bool changed) {
  const std::string name = golden.filename().string();
  const Json expected = read_json(golden / "expected.json");
  const fs::path here = bank.folder(name);
  copy_all(golden, here);
  fs::permissions(here / "kek", fs::perms::owner_read | fs::perms::owner_write);
  const Kek kek = Kek::from_file(here / "kek");
  if (changed) {
    const auto file = real_disk().open((here / "data/log/tail/000000000001.tail").string());
    file->write(4'096 + 300, "?");
  }
  std::string why;
  try {
    trial.check(name + ": its log gives the chain and balances that it gave then",
                is_as_expected(here / "data/log", expected, why), why);
    restore_backup((here / "backup").string(), (here / "restored").string(), kek);
    trial.check(name + ": its backup is restored to the same",
                is_as_expected(here / "restored/log", expected, why), why);
    for (const char* data : {"data/vault", "restored/vault"}) {
      const auto vault = Vault::open(here / data, kek);
      std::size_t opened = 0;
      vault->for_each_face([&](RiderId, FaceVersion, auto) { ++opened; });
      trial.check(name + ": its sealed faces open (" + data + ")",
                  opened == expected.value("people", 0ULL));
    }
    RocksLogOptions options;
    options.ballast_bytes = 0;
    options.free_bytes_min = 0;
    RocksLog log((here / "data/log").string(), options);
    Head head = log.acquire();
    const std::vector<NewEntry> next{{"what this release adds", {}}};
    trial.check(name + ": its log takes the next entry",
                log.append(head, next) == Appended::committed);
  } catch (const std::exception& fault) {
    trial.check(name + " opens", false, fault.what());
  }
}

}  // namespace

void upgrades(Trial& trial, Bank& bank, bool changed) {
  if (bank.serves()) bank.stop();
  if (const char* wanted = std::getenv("OBVERSE_GOLDEN")) {
    keep_as_golden(bank, wanted);
    trial.say(std::string("  written: ") + wanted);
  }
  std::size_t found = 0;
  if (fs::is_directory("tests/golden")) {
    for (const auto& entry : fs::directory_iterator("tests/golden")) {
      if (!entry.path().filename().string().starts_with("data-v")) continue;
      ++found;
      open_one(trial, bank, entry.path(), changed);
    }
  }
  trial.check("tests/golden/ holds a data directory of every released format", found > 0,
              "run this in the root of the tree");
}

}  // namespace obverse::promises
