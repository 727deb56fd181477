// The second copy of a log (ledger/log/tail.h) read while a server is writing it: committed entries
// in order, each held against the chain. Takes no lock and costs the server nothing but the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"
#include "ledger/log/rocks_store.h"

namespace obverse {

class LiveTail {
 public:
  LiveTail(Disk& disk, std::string folder);

  using Visitor = std::function<void(KeptEntry&&)>;
  // Every entry after `last`, whose chain is `chain`, up to the newest frame that no recovery will
  // take back: one that another follows; or, where none comes for a moment, one that was synced
  // from here once more. So the server is not made to wait while it is busy. Throws LogDamage where
  // a frame is bad that others follow, where another history is met than the one that `chain` is
  // of, or where the log ends before `last`; DiskFault.
  void read_after(Position last, const Digest& chain, const Visitor& visit);

 private:
  struct Segment;
  std::uint64_t first_segment(Position last) const;
  std::unique_ptr<Segment> open(std::uint64_t number) const;
  bool has_begun(std::uint64_t number) const;
  void read_segment(Segment& segment);
  bool read_frame(Segment& segment);
  void settle_newest(Segment& segment);
  void give_held();
  bool goes_on_after(const Segment& segment) const;
  [[noreturn]] void damage(const Segment& segment, const std::string& why) const;

  Disk& disk_;
  std::string folder_;
  const Visitor* visit_ = nullptr;
  std::vector<KeptEntry> held_;  // of the newest frame
  Position last_;                // what was read so far
  Digest chain_;
  Position wanted_;  // entries up to it are only compared
  Digest wanted_chain_;
};

}  // namespace obverse
