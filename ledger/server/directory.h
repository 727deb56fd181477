// What the doors must know at once, without asking the writer: which certificate is which terminal,
// which short name is whose, the policy in force, the current version of a PIN. It follows the log,
// so it is never ahead of the disk; what it says is a hint, and the rules decide again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "ledger/engine/ledger.h"
#include "ledger/rules/machine.h"
#include "threads/lock.h"

namespace obverse {

class Directory final : public Follower {
 public:
  // `state` is that of the position from which it will follow.
  explicit Directory(const State& state);

  // Before it follows. Called on the writer's thread, before the revocation is answered.
  void when_revoked(std::function<void(const Digest& certificate)> call) {
    revoked_ = std::move(call);
  }

  void committed(std::span<const Record>, const Receipt&) override;

  // The rest: any thread.
  std::optional<Terminal> terminal(const Digest& certificate) const;  // revoked ones too
  std::optional<TerminalId> terminal(const Code&) const;
  std::optional<OperatorId> transit_operator(const Code&) const;
  std::optional<MerchantId> merchant(const Code&) const;
  std::optional<Code> code(OperatorId) const;
  std::optional<Code> code(MerchantId) const;
  std::shared_ptr<const Policy> policy() const;  // null before the first is published
  PinVersion pin(RiderId) const;                 // 0: none was ever set
  bool has_operator_desk() const;                // one that is not revoked

 private:
  mutable SharedMutex mutex_;
  Parties parties_ GUARDED_BY(mutex_);
  std::shared_ptr<const Policy> policy_ GUARDED_BY(mutex_);
  std::map<RiderId, PinVersion> pins_ GUARDED_BY(mutex_);
  std::function<void(const Digest&)> revoked_;
};

}  // namespace obverse
