// ops/prove disk-full: a server on a disk that fills up, from outside and by its own growth. It
// refuses in time and by name, lets people out of the reserve, answers questions always, never
// aborts, and goes on by itself.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include "tests/promises/disk-full/growth.h"
#include "tests/promises/disk-full/server_process.h"
#include "tests/promises/disk-full/small_disk.h"
#include "tests/promises/disk-full/town.h"
#include "tests/promises/kit/trial.h"

using namespace obverse;
using namespace obverse::promises;

namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
constexpr std::uint64_t disk_bytes = 384 * mib;
constexpr std::uint64_t watermark = 64 * mib;  // free_mib_min below; the reserve is half of it
constexpr std::uint64_t growth_disk_bytes = 96 * mib;
constexpr std::uint64_t growth_watermark = 16 * mib;

std::string in_mib(std::uint64_t bytes) {
  return fixed(static_cast<double>(bytes) / static_cast<double>(mib), 1) + " MiB";
}

const char* name_of(Told::Kind kind) {
  switch (kind) {
    case Told::Kind::yes:
      return "yes";
    case Told::Kind::disk_full:
      return "refused for room";
    case Told::Kind::refused:
      return "refused";
    case Told::Kind::failed:
      return "failed";
  }
  return "";
}

void write_settings(const house::Estate& estate, const std::filesystem::path& data) {
  const auto quoted = [&](const char* name) { return '"' + (estate / name).string() + '"'; };
  std::ofstream(estate / "obverse.toml")
      << "[server]\nport = 0\nlog_level = \"error\"\ndata_directory = \"" << data.string()
      << "\"\n[tls]\ncertificate = " << quoted("server.pem") << "\nkey = " << quoted("server.key")
      << "\nclient_authority = " << quoted("authority.pem")
      << "\n[vault]\nkek_file = " << quoted("kek") << "\n[bounds]\nfree_mib_min = 64\n"
      << "snapshot_every = 500\n[bootstrap]\noperator_certificate = "
      << quoted("first-operator.pem") << "\n";
}

// A server that answers nobody any more must not keep us waiting: it is shot, and whoever waits for
// it is told.
class Patience {
 public:
  Patience(ServerProcess& server, std::chrono::seconds longest)
      : watch_([&server, longest, this](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          if (!over_.wait_for(lock, stop, longest, [] { return false; }) &&
              !stop.stop_requested()) {
            ended_ = true;
            server.shoot();
          }
        }) {}
  bool ended() const { return ended_; }

 private:
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::atomic<bool> ended_{false};
  std::jthread watch_;
};

// One server through a full disk and back.
class Ordeal {
 public:
  Ordeal(Trial& trial, SmallDisk& disk, const std::string& defect)
      : trial_(trial),
        disk_(disk),
        data_(disk.path() / ("data-" + (defect.empty() ? "sound" : defect))),
        server_(command(defect), town_.estate() / "words") {
    write_settings(town_.estate(), data_);
  }
  ~Ordeal() {
    town_.stop_load();
    server_.kill();
    disk_.leave_free(disk_bytes);
    std::error_code ignored;
    std::filesystem::remove_all(data_, ignored);
  }

  void run() {
    if (!start("on an empty disk")) return;
    town_.settle(port_);
    town_.start_load(port_);
    for (std::uint64_t round = 1; round <= trial_.dial("rounds"); ++round) {
      trial_.progress(round, trial_.dial("rounds"));
      in_time([&] { above_the_watermark(); });
      in_time([&] { in_the_reserve(); });
      in_time([&] { full(); });
      in_time([&] { back(); });
    }
    in_time([&] { restart_on_the_full_disk(); });
    town_.stop_load();
    in_time([&] { nothing_lost(); });
  }

 private:
  std::vector<std::string> command(const std::string& defect) const {
    const std::string settings = (town_.estate() / "obverse.toml").string();
    if (defect.empty()) return {OBVERSED, "--config", settings};
    return {RECKLESS_SERVER, defect, "--config", settings};
  }

  void in_time(const std::function<void()>& step) {
    const Patience patience(server_, std::chrono::seconds(60));
    step();
    trial_.check("nobody waits for ever", !patience.ended());
  }

  bool start(const std::string& where) {
    const auto port = server_.start();
    trial_.check("the server starts " + where, port.has_value(),
                 server_.ended() + ": " + server_.last_words());
    port_ = port.value_or(0);
    return port.has_value();
  }

  void expect(const std::string& what, const Told& told, Told::Kind wanted) {
    trial_.check(what, told.kind == wanted,
                 std::string(name_of(told.kind)) + " " + told.words + ", " +
                     in_mib(disk_.free_bytes()) + " free" +
                     (server_.alive() ? "" : ", the server ended: " + server_.ended()));
  }

  void above_the_watermark() {
    disk_.leave_free(watermark + 8 * mib);
    expect("above the watermark a purchase is approved", town_.pay(port_, 0), Told::Kind::yes);
  }

  void in_the_reserve() {
    disk_.leave_free(watermark - 2 * mib);
    expect("under the watermark a purchase is refused for room", town_.pay(port_, 0),
           Told::Kind::disk_full);
    expect("under the watermark people get out", town_.leave(port_), Told::Kind::yes);
    expect("under the watermark questions are answered", town_.ask(port_), Told::Kind::yes);
    disk_.leave_free(watermark / 2 + 2 * mib);
    expect("at the end of the reserve people get out", town_.leave(port_), Told::Kind::yes);
  }

  void full() {
    disk_.leave_free(watermark / 2 - 2 * mib);
    expect("with the reserve used up an exit is refused for room", town_.leave(port_),
           Told::Kind::disk_full);
    disk_.leave_free(0);
    const std::uint64_t before = town_.load_full();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    trial_.check("with 0 bytes free the tills are refused, by name", town_.load_full() > before);
    expect("with 0 bytes free an exit is refused for room", town_.leave(port_),
           Told::Kind::disk_full);
    expect("with 0 bytes free questions are answered", town_.ask(port_), Told::Kind::yes);
    trial_.check("with 0 bytes free the server lives", server_.alive(), server_.ended());
  }

  void back() {
    disk_.leave_free(watermark + 8 * mib);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    Told told;
    do {
      told = town_.pay(port_, 1);
    } while (server_.alive() && told.kind == Told::Kind::disk_full &&
             std::chrono::steady_clock::now() < until);
    expect("when there is space again purchases are approved, without a restart", told,
           Told::Kind::yes);
    expect("when there is space again people get out", town_.leave(port_), Told::Kind::yes);
    expect("when there is space again people get in", town_.admit(port_), Told::Kind::yes);
    trial_.check("the tills were told nothing but yes and refused for room",
                 town_.load_trouble().empty(), town_.load_trouble());
  }

  void restart_on_the_full_disk() {
    disk_.leave_free(0);
    town_.stop_load();
    server_.kill();
    disk_.leave_free(0);  // what it had reserved is not kept for it
    if (!start("on a full disk, because it gives its ballast back")) return;
    expect("after that questions are answered", town_.ask(port_), Told::Kind::yes);
    expect("after that a purchase is refused for room", town_.pay(port_, 0), Told::Kind::disk_full);
    disk_.leave_free(0);
    server_.kill();
    disk_.leave_free(0);
    const bool started = server_.start().has_value();
    trial_.check("without a ballast left it starts, or says what it lacks, and does not abort",
                 started || server_.ended() == "exit status 1",
                 server_.ended() + ": " + server_.last_words());
    server_.kill();
    disk_.leave_free(watermark + 8 * mib);
    if (!start("when there is space again")) return;
    expect("and a purchase is approved", town_.pay(port_, 0), Told::Kind::yes);
  }

  void nothing_lost() {
    const Town::Again again = town_.retry_all(port_);
    trial_.check(
        "every acknowledged payment and exit has its first answer: " + std::to_string(again.asked),
        again.asked > 0 && again.lost == 0 && again.changed == 0,
        std::to_string(again.lost) + " lost, " + std::to_string(again.changed) + " changed");
    trial_.check("not a yen is missing", again.missing_yen == 0,
                 std::to_string(again.missing_yen) + " yen");
    trial_.say("  the tills: " + std::to_string(town_.load_yes()) + " approved, " +
               std::to_string(town_.load_full()) + " refused for room");
  }

  Trial& trial_;
  SmallDisk& disk_;
  std::filesystem::path data_;
  Town town_;
  ServerProcess server_;
  std::uint16_t port_ = 0;
};

void own_growth(Trial& trial, SmallDisk& disk, const std::string& of, const Growing& how) {
  disk.resize(growth_disk_bytes);
  const std::filesystem::path folder = disk.path() / "growth";
  std::filesystem::create_directories(folder);
  const Grown grown = grow_until_full(folder, how, [&] { disk.resize(disk_bytes); });
  disk.resize(disk_bytes);
  std::filesystem::remove_all(folder);
  trial.check("a log " + of + " grows until it refuses, and never fails", grown.trouble.empty(),
              grown.trouble);
  trial.check("it refuses in time: " + std::to_string(grown.ordinary) + " entries, " +
                  in_mib(grown.free_then) + " free then",
              grown.ordinary > 0 && grown.free_then >= how.free_bytes_min / 2);
  trial.check("the reserve takes " + std::to_string(grown.reserve) + " more, " +
                  in_mib(grown.free_at_end) + " free then",
              grown.reserve > 0 && grown.free_at_end >= how.free_bytes_min / 4);
  trial.check("what RocksDB does beside never takes the rest: " + in_mib(grown.free_least) +
                  " free at least",
              grown.free_least >= how.free_bytes_min / 4);
  trial.check("with more space it goes on, and all entries are there",
              grown.went_on && grown.all_there);
}

}  // namespace

int main(int count, char** arguments) {
  Trial trial({.name = "disk-full",
               .promise = "a full disk is refused by name before it is full; exits and questions "
                          "are served, nothing aborts or is lost, and it goes on by itself",
               .dials = {{"rounds", "times that the disk fills up", 20, 1}},
               .mutants = {"no-watermark", "no-reserve", "no-ballast"},
               .examples = {"ops/prove disk-full --short"}},
              count, arguments);
  std::optional<SmallDisk> disk;
  try {
    disk.emplace(disk_bytes);
  } catch (const std::runtime_error& why) {
    trial.skip("a small file system", std::string(why.what()) + "; run it as root");
    return trial.close();
  }
  if (trial.mutants().empty()) {
    own_growth(trial, *disk, "of large entries", {growth_watermark, 300, 20});
    own_growth(trial, *disk, "that is mostly keys", {growth_watermark, 20, 500});
    Ordeal(trial, *disk, "").run();
  }
  for (const std::string& defect : trial.mutants())
    trial.expect_caught(defect, [&] { Ordeal(trial, *disk, defect).run(); });
  return trial.close();
}
