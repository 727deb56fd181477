// Keeps the matcher's gallery and the vault equal to the log: at the start, and after every commit,
// before anybody is told of it. An erased face's key is destroyed here. Decides nothing.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/rules/machine.h"
#include "ledger/server/metrics.h"
#include "ledger/vault/template_vault.h"
#include "matcher/matcher.h"

namespace obverse {

// What the vault keeps of one enrolment: the bytes of each photo's template, one after the other;
// all have the length that the model's dimensions give them.
std::vector<std::byte> face_content(std::span<const Template>);
std::optional<std::vector<Template>> templates_of(const ModelSpec&, std::span<const std::byte>);

class GalleryFeed final : public Follower {
 public:
  // `on_fault` is called when the vault fails while an erasure must be done: nobody may be told of
  // one that did not happen.
  GalleryFeed(Matcher&, Vault&, Metrics&, std::function<void(const std::string& why)> on_fault);

  // After it was shown the newest records once more, and before the first new one: fills the
  // gallery with whoever may be matched in `state`; destroys what the vault keeps although the log
  // does not know it, or says that it is erased, in case that a crash came between event and
  // destruction. Throws, and has destroyed nothing, where the vault shows that the log was put back
  // to an older day.
  void open(const State& state, Position at);

  void committed(std::span<const Record>, const Receipt&) override;

 private:
  void remember_erasures(std::span<const Record>);
  void fill(const State&, Position);
  void refuse_older_log(const State&) const;
  void destroy_orphans(const State&);
  void happened(const Event&, Position);
  void happened_to(const Event&, Position);
  void enrol(RiderId, FaceVersion, Position);

  // Why a face that is enrolled is not searched for; of several reasons each must end.
  enum class Withheld : std::uint8_t { suspended, locked, own_custody };
  void withhold(RiderId, Withheld, Position);
  void give_back(RiderId, Withheld, Position);

  Matcher& matcher_;
  Vault& vault_;
  Metrics& metrics_;
  std::function<void(const std::string&)> on_fault_;
  bool is_open_ = false;
  std::set<RiderId> erased_;              // lately, and without a PIN since
  std::map<RiderId, FaceVersion> faces_;  // the version that counts, withheld or not
  std::map<RiderId, std::set<Withheld>> withheld_;
};

}  // namespace obverse
