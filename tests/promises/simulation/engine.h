// The machine under trial: the real ledger over the real log on a simulated disk, its crashes, its
// starts, and everything that is checked of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/rocks_log.h"
#include "tests/log/simulated_rocks.h"
#include "tests/promises/simulation/checks.h"
#include "tests/promises/simulation/errand.h"
#include "tests/promises/simulation/opinion.h"
#include "tests/promises/simulation/plan.h"
#include "tests/promises/simulation/port.h"
#include "tests/promises/simulation/tally.h"

namespace obverse::simulation {

class Engine final : public Follower {
 public:
  Engine(const Plan& plan, const Swarm& swarm, const Photos& photos, Trace& trace, Tally& tally);
  ~Engine() override;

  bool is_up() const { return ledger_ != nullptr; }
  ManualClock& clock() { return clock_; }
  Directory& directory() { return *directory_; }
  Dice& dice() { return dice_; }

  // Recovers, and compares what came back with what was told. `calm`: nothing goes wrong meanwhile.
  void start(bool calm);
  void submit(Sent sent);
  bool waits_for(std::size_t errand, bool clone) const;
  std::shared_ptr<const Command> waiting_command(std::size_t errand, bool clone) const;
  // One batch; the answers. It may end the process: then it is down.
  std::vector<Told> step();

  void cut_power_soon();
  void stop_cleanly(bool reboots);
  void inject_fault();
  void make_room();
  void stop_faults();

  void finish();  // the last look, once nothing is under way
  bool is_wrong() const;
  std::string wrong() const;  // everything that is

  void committed(std::span<const Record> records, const Receipt& head) override;

 private:
  struct Decided {
    Position position;
    Reply reply;
    bool clone = false;
  };

  bool open();
  void close();
  void died(const std::string& why);
  bool comes_back();
  void recovered();
  void look_back(const Told& told);
  void rebuild();
  void verify();
  void search_for_secrets();
  const Sent* sent_of(const Record& record);
  Bytes payload_of(const Record& record, std::ptrdiff_t index);
  void decided(const Record& record, const Sent* sent);
  void look_at(const Told& told);
  const Sent* asked_for(const Record& record) const;
  void judge_batch(const std::vector<Told>& told);
  void judge(const Sent* sent, const Reply& reply, const Record* record, Instant at);
  void flip();
  void stray(bool lost);
  void fill();
  std::vector<std::string> files_that_rot() const;
  RocksLogOptions options();
  void fail(const std::string& what);

  const Plan& plan_;
  const Swarm& swarm_;
  const Photos& photos_;
  Trace& trace_;
  Tally& tally_;
  Dice dice_;
  ManualClock clock_;
  SimulatedDisk disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<RocksLog> log_;
  std::unique_ptr<Port> port_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Directory> directory_;
  Checks checks_;
  Opinion opinion_;
  State shadow_;  // every record that was told, applied
  Receipt durable_;
  std::vector<Record> fresh_;
  std::vector<Digest> fresh_chains_;
  std::vector<std::pair<Sent, bool>> in_flight_;  // and whether a record was found for it
  std::map<std::size_t, Decided> decided_;
  std::vector<Told> told_;
  std::vector<Bytes> tried_;  // what was being written when the engine last ended
  bool rotten_ = false;       // since the last start something rotted
  bool sync_may_fail_ = false;
  bool full_ = false;
  bool verify_all_ = false;
  std::uint64_t starts_ = 0;
  std::string wrong_;
};

}  // namespace obverse::simulation
