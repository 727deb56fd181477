// Backups under load, restored and compared, changed byte by byte, put back too late, and opened
// from the formats of earlier releases.
#include <sched.h>

#include <random>

#include "ledger/backup/restore.h"
#include "ledger/log/disk.h"
#include "ledger/vault/sha256.h"
#include "replay/rebuild.h"
#include "replay/source.h"
#include "replay/verify.h"
#include "tests/promises/backup/bank.h"
#include "tests/promises/backup/upgrade.h"
#include "tests/promises/kit/trial.h"

namespace obverse::promises {
namespace {

using std::chrono::milliseconds;

constexpr double p99_ratio_max = 1.1;
constexpr unsigned tills = 4;

About about() {
  return {.name = "backup",
          .promise =
              "backups beside a serving server: restored to the same digest at any "
              "position, every changed byte refused, an older one put back noticed",
          .dials = {{"people", "who pay", 20, 6},
                    {"rounds", "of three: without, onto another disk, onto the same", 20, 2},
                    {"round-ms", "length of a turn of a round", 1'500, 700},
                    {"history", "records before the rounds", 100'000, 5'000},
                    {"positions", "restored to and compared", 50, 4},
                    {"flips", "bytes changed, besides all of the manifest", 20'000, 200}},
          .mutants = {"seal-forged", "history-rewritten", "behind", "receipts-forgotten",
                      "other-position", "format-changed"},
          .examples = {"ops/prove backup --flips 100000", "ops/prove backup --mutant all"}};
}

// Memory, where the machine has it as a file system: syncing it costs the server's disk nothing.
class OtherDisk {
 public:
  OtherDisk() {
    const bool is_there = std::filesystem::is_directory("/dev/shm");
    std::string pattern =
        (is_there ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
        "obverse-other-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  OtherDisk(const OtherDisk&) = delete;
  OtherDisk& operator=(const OtherDisk&) = delete;
  ~OtherDisk() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Proof {
 public:
  Proof(Trial& trial, const std::string& mutant)
      : trial_(trial), mutant_(mutant), random_(trial.seed()), bank_(trial.dial("people")) {}

  void run() {
    if (mutant_.empty()) under_load();
    bank_.pay_for(milliseconds(mutant_.empty() ? 1'000 : 100), tills);  // what is backed up below
    same_digest();
    any_position();
    changed_bytes();
    rewritten();
    put_back();
    upgrades(trial_, bank_, is("format-changed"));
  }

 private:
  bool is(const char* mutant) const { return mutant_ == mutant; }
  std::string path(const std::string& name) const { return bank_.folder(name).string(); }
  BackupSeal seal() const { return BackupSeal(Kek::from_file(bank_.kek())); }

  Finished make(const std::string& folder) { return make_at(bank_, path(folder)); }
  static Finished make_at(const Bank& bank, const std::string& folder) {
    return bank.backup({"make", "--data", bank.data().string(), "--to", folder});
  }

  // A whole backup, one after the other, until the round ends.
  void back_up_while(const Bank& bank, const std::atomic<bool>& loaded, const std::string& folder) {
    while (loaded) {
      std::filesystem::remove_all(folder);
      const Finished done = make_at(bank, folder);
      trial_.check("a backup was made under load", done.status == 0, done.said);
      ++backups_;
    }
    std::filesystem::remove_all(folder);
  }

  Load with_backups(Bank& bank, milliseconds time, const std::string& folder) {
    std::atomic<bool> loaded = true;
    std::thread beside([&] {
      // As a timer's unit starts them, with CPUSchedulingPolicy=idle: a program that is only being
      // loaded cannot hold itself back.
      const sched_param none{};
      static_cast<void>(sched_setscheduler(0, SCHED_IDLE, &none));
      back_up_while(bank, loaded, folder);
    });
    Load load = bank.pay_for(time, tills);
    loaded = false;
    beside.join();
    return load;
  }

  // In turns: nothing beside the server; backups onto another disk, as they should be; backups onto
  // the server's own, where every sync of one waits for the other.
  void under_load() {
    const std::uint64_t rounds = trial_.dial("rounds");
    const milliseconds time(trial_.dial("round-ms"));
    const OtherDisk other;
    Bank bank(trial_.dial("people"));
    bank.live_on(trial_.dial("history"));
    std::vector<double> alone, elsewhere, same_disk;
    std::uint64_t declined = 0;
    const auto add = [&](std::vector<double>& to, const Load& load) {
      to.insert(to.end(), load.micros.begin(), load.micros.end());
      declined += load.declined;
    };
    for (std::uint64_t round = 0; round < rounds; ++round) {
      add(alone, bank.pay_for(time, tills));
      add(elsewhere, with_backups(bank, time, other.path() / "backup"));
      add(same_disk, with_backups(bank, time, bank.folder("under-load").string()));
      trial_.progress(round + 1, rounds, "rounds under load");
    }
    const std::size_t paid = alone.size() + elsewhere.size() + same_disk.size();
    trial_.check("every payment was approved", declined == 0 && paid > 0,
                 std::to_string(declined) + " declined");
    trial_.say("  " + std::to_string(paid) + " payments, " + std::to_string(backups_) +
               " whole backups beside them; the other disk is " +
               other.path().parent_path().string());
    compare("a backup onto another disk", elsewhere, alone, true);
    compare("a backup onto the same disk", same_disk, alone, false);
  }

  void compare(const std::string& what, std::vector<double>& with, std::vector<double>& without,
               bool promised) {
    if (with.empty() || without.empty()) return;
    const double beside = quantile(with, 0.99), before = quantile(without, 0.99);
    const auto ms = [](double micros) { return fixed(micros / 1e3, 2); };
    trial_.figure("p99 of a payment beside " + what + " / without",
                  fixed(beside / before, 2) + " (" + ms(beside) + " ms / " + ms(before) +
                      " ms; medians " + ms(quantile(with, 0.5)) + " / " +
                      ms(quantile(without, 0.5)) + "; payments " + std::to_string(with.size()) +
                      " / " + std::to_string(without.size()) + ")",
                  promised ? "<= " + fixed(p99_ratio_max, 1) : "",
                  promised ? std::optional(beside / before <= p99_ratio_max) : std::nullopt);
  }

  void same_digest() {
    const Finished older = make("older");
    trial_.check("an older backup is kept", older.status == 0, older.said);
    older_last_ = verify_backup(path("older"), seal()).last.value;
    std::filesystem::copy(path("older"), path("backup"), std::filesystem::copy_options::recursive);
    kept_ = bank_.pay_once();
    for (int i = 0; i < 20; ++i) bank_.pay_once();
    if (!is("behind")) {
      const Finished more = make("backup");
      trial_.check("a second run into the folder adds what is new", more.status == 0, more.said);
    }
    trial_.check("the server stops in good order", bank_.stop() == 0);
    const auto log = history_of(std::filesystem::path(bank_.data() / "log"));
    whole_ = verify(*log);
    trial_.check("the server's own history is whole", whole_.faults.empty());
    const Finished done =
        bank_.backup({"restore", "--from", path("backup"), "--to", path("restored")});
    trial_.check("it is restored", done.status == 0, done.said);
    const Verified again = verify(*history_of(std::filesystem::path(path("restored")) / "log"));
    trial_.check("the restored log has the same chain, state, totals and no fault",
                 again.faults.empty() && again.chain == whole_.chain &&
                     again.state == whole_.state && again.totals == whole_.totals,
                 "positions " + std::to_string(again.last.value) + " and " +
                     std::to_string(whole_.last.value));
  }

  void any_position() {
    const auto log = history_of(std::filesystem::path(bank_.data() / "log"));
    const std::uint64_t samples = mutant_.empty() ? trial_.dial("positions") : 2;
    std::uint64_t wrong = 0;
    std::string first;
    for (std::uint64_t i = 0; i < samples; ++i) {
      const std::uint64_t last = verify_backup(path("backup"), seal()).last.value;
      const Position at{1 + random_() % last};
      const std::string to = path("at-a-position");
      const Position asked{is("other-position") ? at.value % last + 1 : at.value};
      restore_backup(path("backup"), to, Kek::from_file(bank_.kek()),
                     {.position = asked, .time = {}});
      const Rebuilt theirs = rebuild(*history_of(std::filesystem::path(to) / "log"), {});
      const Rebuilt ours = rebuild(*log, at);
      std::filesystem::remove_all(to);
      trial_.progress(i + 1, samples, "positions");
      if (theirs.at == at && theirs.chain == ours.chain && theirs.state == ours.state) continue;
      if (wrong++ == 0) first = "position " + std::to_string(at.value);
    }
    trial_.check("restored to " + std::to_string(samples) +
                     " positions: the state that the server had there",
                 wrong == 0, first);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names{"manifest"};
    for (const std::string inside : {"log", "vault"})
      for (const std::string& name : real_disk().list(path("backup") + "/" + inside))
        names.push_back(inside + "/" + name);
    return names;
  }

  // What it says of the backup with that one bit changed.
  std::string words_about_flip(const std::string& file, std::uint64_t at, int bit) {
    const auto open = real_disk().open(file);
    const std::string good = open->read(at, 1);
    open->write(at, std::string(1, static_cast<char>(good[0] ^ (1 << bit))));
    std::string words;
    if (is("seal-forged")) forge_seal();
    try {
      verify_backup(path("backup"), seal());
    } catch (const std::exception& fault) {
      words = fault.what();
    }
    open->write(at, good);
    if (is("seal-forged")) forge_seal();
    return words;
  }

  // As if no key were needed for it: the manifest made to fit the files.
  void forge_seal() {
    const std::string file = path("backup") + "/manifest";
    auto manifest = decode_manifest(read_whole(real_disk(), file), seal());
    if (!manifest) return;
    const auto fit = [&](BackupFile& each) {
      each.digest = sha256(read_whole(real_disk(), path("backup") + "/" + each.name));
    };
    for (LogPart& part : manifest->parts) fit(part.file);
    for (BackupFile& each : manifest->vault) fit(each);
    write_whole(real_disk(), file, encode_manifest(*manifest, seal()));
  }

  void changed_bytes() {
    std::vector<std::pair<std::string, std::uint64_t>> places;
    std::vector<std::pair<std::string, std::uint64_t>> sizes;
    for (const std::string& name : files()) {
      const std::string file = path("backup") + "/" + name;
      sizes.emplace_back(file, std::filesystem::file_size(file));
      if (name == "manifest")
        for (std::uint64_t at = 0; at < sizes.back().second; ++at) places.push_back({file, at});
    }
    const std::uint64_t flips = mutant_.empty() ? trial_.dial("flips") : 60;
    for (std::uint64_t i = 0; i < flips; ++i) {
      const auto& [file, size] = sizes[i % sizes.size()];
      places.emplace_back(file, random_() % size);
    }
    std::uint64_t silent = 0, unnamed = 0;
    std::string first;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& [file, at] = places[i];
      const std::string words = words_about_flip(file, at, static_cast<int>(random_() % 8));
      silent += words.empty() ? 1 : 0;
      unnamed += words.find(file) == std::string::npos ? 1 : 0;
      if (words.empty() && first.empty()) first = file + " at byte " + std::to_string(at);
      trial_.progress(i + 1, places.size(), "bytes changed");
    }
    trial_.check(std::to_string(places.size()) + " changed bytes: every one refused", silent == 0,
                 std::to_string(silent) + " silent, first " + first);
    trial_.check("every refusal names the file", unnamed == silent,
                 std::to_string(unnamed) + " do not");
  }

  // Whoever holds the key-encryption key could write another history: not one that goes on from
  // what the server has.
  void rewritten() {
    const std::string folder = path("backup");
    auto manifest = decode_manifest(read_whole(real_disk(), folder + "/manifest"), seal());
    const std::string good = read_whole(real_disk(), folder + "/manifest");
    if (is("history-rewritten")) {
      manifest->chain.bytes[0] ^= 1;
      write_whole(real_disk(), folder + "/manifest", encode_manifest(*manifest, seal()));
    }
    const Finished next = make("backup");
    trial_.check("a run goes on from the history that it has", next.status == 0, next.said);
    if (is("history-rewritten")) write_whole(real_disk(), folder + "/manifest", good);
    auto other = *decode_manifest(read_whole(real_disk(), folder + "/manifest"), seal());
    const std::string newer = read_whole(real_disk(), folder + "/manifest");
    other.chain.bytes[0] ^= 1;
    write_whole(real_disk(), folder + "/manifest", encode_manifest(other, seal()));
    trial_.check("a run into a backup of another history is refused", make("backup").status == 1);
    write_whole(real_disk(), folder + "/manifest", newer);
  }

  void put_back() {
    const Finished done =
        bank_.backup({"restore", "--from", path("older"), "--to", path("put-back")});
    trial_.check("the older backup is restored", done.status == 0, done.said);
    bank_.serve(path("put-back"));
    const house::Seen shown = is("receipts-forgotten") ? house::Seen{} : bank_.newest();
    const std::string told = bank_.log_in(shown);
    trial_.check("a terminal that was shown more is turned away", !told.empty(),
                 "it was let in at position " + std::to_string(older_last_));
    trial_.check("and from then on everybody is", !bank_.log_in({}).empty());
    bank_.stop();
    if (is("behind") || is("receipts-forgotten")) return;
    bank_.serve(path("restored"));
    const std::string same = bank_.log_in(bank_.newest(), kept_);
    trial_.check("on the newest backup it serves, and an old attempt gets its old answer",
                 same.empty(), same);
    bank_.pay_once();
    bank_.stop();
  }

  Trial& trial_;
  std::string mutant_;
  std::mt19937_64 random_;
  Bank bank_;
  std::uint64_t backups_ = 0;
  std::uint64_t older_last_ = 0;
  Remembered kept_;
  Verified whole_;
};

int run(int count, char** arguments) {
  Trial trial(about(), count, arguments);
  if (trial.mutants().empty()) {
    try {
      Proof(trial, "").run();
    } catch (const std::exception& fault) {
      trial.check("it comes to its end", false, fault.what());
    }
  }
  for (const std::string& mutant : trial.mutants())
    trial.expect_caught(mutant, [&] { Proof(trial, mutant).run(); });
  return trial.close();
}

}  // namespace
}  // namespace obverse::promises

int main(int count, char** arguments) { return obverse::promises::run(count, arguments); }
