// Erasure on a disk of our own and in the server's own memory: what was erased is looked for in the
// raw volume and in all that the process has mapped, and is not there; what was not erased is found
// by the same search where it should be.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "ledger/log/disk.h"
#include "ledger/log/rocks_log.h"
#include "ledger/vault/fault.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/sha256.h"
#include "matcher/embedding.h"
#include "matcher/kernels/kernels.h"
#include "replay/rebuild.h"
#include "replay/source.h"
#include "replay/verify.h"
#include "tests/promises/erasure/crowd.h"
#include "tests/promises/erasure/volume.h"
#include "tests/promises/kit/trial.h"

namespace obverse::promises {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t slot_bytes = 128;
constexpr std::size_t wrapped_at = 32;
constexpr std::size_t wrapped_bytes = 60;
constexpr char spare_name[] = "OBVERSE_SPARE";
constexpr std::size_t spare_bytes = 8'192;

About about() {
  return {.name = "erasure",
          .promise =
              "of 10,000 enrolled 100 are erased: no 16 bytes of their faces, keys or wrapped "
              "keys are on the raw volume, in its backups or in the server's memory",
          .dials = {{"people", "enrolled, two photos each", 10'000, 400},
                    {"erased", "of them", 100, 20}},
          .mutants = {"key-back-in-both", "key-back-in-one-copy", "key-in-a-deleted-database",
                      "old-backup-kept", "template-left-in-memory", "gallery-not-wiped",
                      "one-not-erased"},
          .examples = {"ops/prove erasure --people 100000 --erased 1000"}};
}

struct KeySlot {
  std::uint64_t offset = 0;
  Raw bytes;
};

class Proof {
 public:
  Proof(Trial& trial, const Volume& volume, const std::string& mutant)
      : trial_(trial),
        mutant_(mutant),
        volume_(volume),
        people_(mutant.empty() ? trial.dial("people")
                               : std::min<std::uint64_t>(trial.dial("people"), 100)),
        crowd_(estate_, people_) {
    choose(mutant.empty() ? trial.dial("erased") : 5);
  }

  void run() {
    fs::remove_all(data());
    fs::remove_all(backup());
    setenv(spare_name, std::string(spare_bytes, '.').c_str(), 1);
    serve();
    crowd_.enrol(server_->port());
    trial_.progress(1, 4, "enrolled");
    crowd_.pay(server_->port(), doomed_);
    crowd_.pay(server_->port(), spared_);
    back_up();
    take_keys();
    before_ = books();
    found_before();
    crowd_.erase(server_->port(), mutant_ == "one-not-erased" ? all_but_one() : doomed_);
    trial_.progress(2, 4, "erased");
    if (mutant_ == "old-backup-kept")
      fs::copy(backup() / "vault", volume_.root() / "kept", fs::copy_options::recursive);
    back_up();
    break_on_purpose();
    on_the_volume();
    in_memory();
    trial_.progress(3, 4, "searched");
    still_served();
    books_unchanged();
    fs::remove_all(volume_.root() / "kept");
  }

 private:
  fs::path data() const { return volume_.root() / "data"; }
  fs::path backup() const { return volume_.root() / "backup"; }
  fs::path kek() const { return estate_ / "kek"; }

  void serve() {
    write_settings(estate_, data(), estate_ / "obverse.toml");
    server_.emplace(product("obversed"), estate_ / "obverse.toml", estate_ / "server.log");
  }

  // Those to be erased, and as many others to look for beside them.
  void choose(std::uint64_t count) {
    std::vector<std::uint64_t> all(people_);
    for (std::uint64_t i = 0; i < people_; ++i) all[i] = i + 1;
    std::mt19937_64 random(trial_.seed());
    std::ranges::shuffle(all, random);
    const auto half = static_cast<std::ptrdiff_t>(std::min(count, people_ / 2));
    doomed_.assign(all.begin(), all.begin() + half);
    spared_.assign(all.begin() + half, all.begin() + 2 * half);
  }
  std::vector<std::uint64_t> all_but_one() const { return {doomed_.begin() + 1, doomed_.end()}; }

  void back_up() {
    const Finished done =
        run_program({product("obverse-backup").string(), "make", "--data", data().string(), "--to",
                     backup().string(), "--kek", kek().string(), "--json"});
    trial_.check("a backup is made beside it", done.status == 0, done.said);
  }

  // Keys and wrapped keys of both, out of a copy of the key files: what the vault itself would use.
  void take_keys() {
    const fs::path copy = estate_ / "keys-then";
    fs::create_directory(copy);
    for (const char* name : {"keys.a", "keys.b"})
      fs::copy_file(data() / "vault" / name, copy / name);
    const std::string bytes = read_whole(real_disk(), (copy / "keys.a").string());
    for (std::size_t at = 2 * slot_bytes; at + slot_bytes <= bytes.size(); at += slot_bytes) {
      if (bytes[at + 4] != static_cast<char>(SecretKind::face)) continue;
      std::uint64_t rider = 0;
      std::memcpy(&rider, bytes.data() + at + 16, sizeof rider);
      const auto* slot = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at;
      slots_[rider] = {at, Raw(slot, slot + slot_bytes)};
    }
    const Keyring keys(copy, Kek::from_file(kek()));
    for (auto [search, whom] : {std::pair(&gone_, &doomed_), std::pair(&there_, &spared_)}) {
      for (const std::uint64_t person : *whom) {
        const std::uint64_t rider = crowd_.rider(person);
        const auto key = keys.key({RiderId{rider}, SecretKind::face, 1});
        const auto* first = reinterpret_cast<const std::uint8_t*>(key->bytes().data());
        search->add({"key", person, Raw(first, first + key->size())});
        const auto wrapped = slots_.at(rider).bytes.begin() + wrapped_at;
        search->add({"wrapped key", person, Raw(wrapped, wrapped + wrapped_bytes)});
        add_faces(*search, person);
      }
      search->ready();
    }
    for (const std::uint64_t person : doomed_) add_gallery_faces(gallery_gone_, person);
    for (const std::uint64_t person : spared_) add_gallery_faces(gallery_there_, person);
    gallery_gone_.ready();
    gallery_there_.ready();
    fs::remove_all(copy);
  }

  // The same searches find those who are to be erased, as long as they are there.
  void found_before() {
    const Found disk = gone_.file(volume_.image());
    trial_.check("before: the wrapped keys of all who will be erased are on the volume",
                 disk.people("wrapped key") == doomed_.size(), disk.in_words());
    const Found gallery = gallery_gone_.memory(server_->pid());
    trial_.check("before: their faces are in the gallery in memory",
                 gallery.people("gallery") == doomed_.size(), gallery.in_words());
  }

  void on_the_volume() {
    const Found gone = gone_.file(volume_.image());
    trial_.check("raw volume, " + std::to_string(gone.bytes >> 20U) +
                     " MiB: no 16 bytes of a face, key or wrapped key of the erased",
                 gone.kinds.empty(), gone.in_words());
    const Found there = there_.file(volume_.image());
    trial_.check(
        "raw volume: the wrapped keys of " + std::to_string(spared_.size()) + " others are found",
        there.people("wrapped key") == spared_.size(), there.in_words());
    const bool sealed_only = there.kinds.size() == 1;
    trial_.check("raw volume: of the others no face and no bare key either", sealed_only,
                 there.in_words());
  }

  void in_memory() {
    const Found gone = gone_.memory(server_->pid());
    trial_.check("memory, " + std::to_string(gone.bytes >> 20U) +
                     " MiB: no 16 bytes of a face, key or wrapped key of the erased",
                 gone.kinds.empty(), gone.in_words());
    const Found gallery = gallery_gone_.memory(server_->pid());
    trial_.check("memory: none of them in a gallery's lanes", gallery.kinds.empty(),
                 gallery.in_words());
    const Found there = gallery_there_.memory(server_->pid());
    trial_.check(
        "memory: the gallery's lanes of " + std::to_string(spared_.size()) + " others are found",
        there.people("gallery") == spared_.size(), there.in_words());
    const Found loose = there_.memory(server_->pid());
    trial_.figure("others whose face, key or wrapped key lies elsewhere in memory",
                  loose.kinds.empty() ? "none" : loose.in_words(), "", {});
  }

  void still_served() {
    const auto again = crowd_.served(server_->port(), doomed_);
    trial_.check("none of the erased is recognised", again.empty(),
                 std::to_string(again.size()) + " were");
    trial_.check("all of the others are",
                 crowd_.served(server_->port(), spared_).size() == spared_.size());
  }

  struct Books {
    Position at;
    Digest chain;
    Rebuilt rebuilt;
  };
  // Of a copy: the server goes on.
  Books books() {
    const fs::path copy = estate_ / "log-copy";
    fs::remove_all(copy);
    const Finished done =
        run_program({product("obverse-backup").string(), "restore", "--from", backup().string(),
                     "--to", copy.string(), "--kek", kek().string()});
    if (done.status != 0) throw std::runtime_error(done.said);
    const Rebuilt rebuilt = rebuild(*history_of(copy / "log"), {});
    fs::remove_all(copy);
    return {rebuilt.at, rebuilt.chain, rebuilt};
  }

  static bool same_lines(const Rebuilt& one, const Rebuilt& two) {
    return std::ranges::equal(one.lines, two.lines, [](const auto& a, const auto& b) {
      return a.account == b.account && a.debits == b.debits && a.credits == b.credits &&
             a.held == b.held;
    });
  }

  void books_unchanged() {
    trial_.check("the server stops in good order", server_->stop() == 0);
    server_.reset();
    const auto log = history_of(data() / "log");
    const Verified whole = verify(*log);
    trial_.check("the history is whole, and its books balance", whole.faults.empty());
    const Rebuilt then = rebuild(*log, before_.at);
    trial_.check("as of before the erasures: the same chain, state and balances",
                 then.chain == before_.chain && then.state == before_.rebuilt.state &&
                     same_lines(then, before_.rebuilt));
    // What was paid after the erasures is not in the books of before: so the erasures' own.
    const Position last_erasure{before_.at.value + doomed_.size()};
    const Rebuilt after = rebuild(*log, last_erasure);
    trial_.check("after the last erasure: the same balances", same_lines(after, before_.rebuilt));
    serve();
    const auto back = crowd_.served(server_->port(), doomed_);
    trial_.check("after a restart: none of the erased is recognised, all of the others are",
                 back.empty() && crowd_.served(server_->port(), spared_).size() == spared_.size());
    server_->stop();
    server_.reset();
  }

  // --- what a defect would leave behind ---------------------------------------------------------

  void write_slot(const char* file, const KeySlot& slot) {
    const auto open = real_disk().open((data() / "vault" / file).string());
    open->write(slot.offset, {reinterpret_cast<const char*>(slot.bytes.data()), slot.bytes.size()});
    open->sync();
  }

  // In a database, and then out of it again: its files go, their bytes stay.
  void through_a_database(const KeySlot& slot) {
    const fs::path folder = volume_.root() / "kept";
    {
      RocksLogOptions options;
      options.ballast_bytes = 0;
      options.free_bytes_min = 0;
      options.keep_tail = false;
      RocksLog log(folder.string(), options);
      Head head = log.acquire();
      const std::vector<NewEntry> entry{{Bytes(slot.bytes.begin(), slot.bytes.end()), {}}};
      if (log.append(head, entry) != Appended::committed) throw std::runtime_error("no append");
    }
    fs::remove_all(folder);
  }

  // In the copy of its environment that the process never looks at again; `stride` as in Search.
  void leave_in_memory(std::uint64_t person, std::size_t stride, std::uint8_t added) {
    const pid_t pid = server_->pid();
    Search spare;
    spare.add({"spare", 0, Raw(64, '.')});
    spare.ready();
    const std::string where = spare.memory(pid).kinds.at("spare").first;
    const std::uint64_t found = std::stoull(where.substr(where.rfind(' ') + 1));
    const std::uint64_t begin = (found / 64 + 2) * 64;
    const auto made = quantise(mobilefacenet_512(), house::photo(person, 1));
    const int memory =
        open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_WRONLY | O_CLOEXEC);
    for (std::size_t quad = 0; quad < 16; ++quad) {
      std::array<std::uint8_t, 4> bytes;
      for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(made->values[4 * quad + i] + added);
      const auto at = static_cast<off_t>(begin + quad * stride);
      if (pwrite(memory, bytes.data(), bytes.size(), at) != 4)
        throw std::runtime_error("the process's memory cannot be written");
    }
    close(memory);
  }

  void break_on_purpose() {
    const KeySlot& slot = slots_.at(crowd_.rider(doomed_.front()));
    if (mutant_ == "key-back-in-both" || mutant_ == "key-back-in-one-copy")
      write_slot("keys.b", slot);
    if (mutant_ == "key-back-in-both") write_slot("keys.a", slot);
    if (mutant_ == "key-in-a-deleted-database") through_a_database(slot);
    if (mutant_ == "template-left-in-memory") leave_in_memory(doomed_.front(), 4, 0);
    if (mutant_ == "gallery-not-wiped")
      leave_in_memory(doomed_.front(), kernel_line_bytes, kernel_zero);
  }

  Trial& trial_;
  std::string mutant_;
  const Volume& volume_;
  house::Estate estate_;
  std::uint64_t people_;
  Crowd crowd_;
  std::vector<std::uint64_t> doomed_, spared_;
  std::optional<ServerProcess> server_;
  std::map<std::uint64_t, KeySlot> slots_;
  Search gone_, there_;
  Search gallery_gone_{kernel_line_bytes}, gallery_there_{kernel_line_bytes};
  Books before_;
};

int run(int count, char** arguments) {
  Trial trial(about(), count, arguments);
  const std::uint64_t mib = trial.dial("people") / 20 + 384;
  if (trial.mutants().empty()) {
    const Volume volume(mib);
    if (!volume.mounted()) {
      trial.skip("erasure on a raw volume", volume.why());
    } else {
      try {
        Proof(trial, volume, "").run();
      } catch (const std::exception& fault) {
        trial.check("it comes to its end", false, fault.what());
      }
    }
  }
  for (const std::string& mutant : trial.mutants()) {
    const Volume volume(mib);
    if (volume.mounted())
      trial.expect_caught(mutant, [&] { Proof(trial, volume, mutant).run(); });
    else
      trial.skip(mutant, volume.why());
  }
  return trial.close();
}

}  // namespace
}  // namespace obverse::promises

int main(int count, char** arguments) { return obverse::promises::run(count, arguments); }
