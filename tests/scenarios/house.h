// The whole engine for one scenario: memory log, manual clock, ledger, gallery. It submits what it
// is told to submit and watches what is committed; it posts nothing itself.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/engine/outbox.h"
#include "ledger/log/memory_log.h"
#include "ledger/rules/machine.h"
#include "tests/scenarios/faces.h"
#include "tests/scenarios/facts.h"
#include "tests/scenarios/rail.h"

namespace obverse::scenarios {

class House final : public Follower {
 public:
  explicit House(const Searching&);

  Answer submit(Actor, std::optional<Attempt>, Command);
  std::vector<Answer> submit_at_once(Actor, std::optional<Attempt>, Command, std::size_t times);
  void advance_to(Instant);  // timers that are due on the way run at their own time
  void restart();
  void capture_next_at(Instant at) { captured_at_ = at; }  // what the terminal will say
  Instant now() { return clock_.now(); }
  const State& state() const { return ledger_->state(); }
  const std::vector<Record>& records() const { return records_; }
  Digest digest() const { return ledger_->state_digest(); }
  Receipt head() const { return ledger_->head(); }

  ScriptedRail& rail() { return rail_; }
  void
  serve_rail();  // what is owed to the rail is sent, what it says is submitted, until both rest
  Faces& faces() { return faces_; }
  void name_face(RiderId rider, std::string face) { face_names_[rider] = std::move(face); }
  void committed(std::span<const Record>, const Receipt&) override;

  // What the records so far amount to, with people called by their names.
  using NameOf = std::function<std::string(const Account&)>;
  Course course(const NameOf&) const;

 private:
  void keep_gallery(const Record&);

  MemoryLog log_;
  ManualClock clock_;
  std::unique_ptr<Ledger> ledger_;
  ScriptedRail rail_;
  std::unique_ptr<Outbox> outbox_;
  std::vector<Record> records_;
  Faces faces_;
  std::map<RiderId, std::string> face_names_;
  std::map<RiderId, FaceVersion> enrolled_;
  std::optional<Instant> captured_at_;
};

std::string name_of(const Event&);  // "JourneyOpened"

}  // namespace obverse::scenarios
