#include "tests/promises/flip/judge.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "ledger/engine/dedup.h"
#include "ledger/log/snapshots.h"
#include "ledger/server/common_service.h"
#include "ledger/vault/sha256.h"
#include "ledger/wire/event_wire.h"

namespace obverse::flip {
namespace {

using Faces = std::map<std::pair<std::uint64_t, std::uint32_t>, Digest>;

Faces faces_of(const Vault& vault) {
  Faces faces;
  for (const auto& [rider, version] : vault.faces()) {
    const auto content = vault.face(rider, version);
    faces[{rider.value, version.value}] = content ? sha256(content->bytes()) : Digest{};
  }
  return faces;
}

std::set<std::string> said(Premises& premises) {
  std::set<std::string> lines;
  for (auto& line : premises.log().report()) lines.insert(std::move(line));
  for (auto& line : premises.vault().report()) lines.insert(std::move(line));
  return lines;
}

// A log whose snapshots are believed without their checksum.
class BelievingLog final : public EventLog {
 public:
  BelievingLog(EventLog& log, std::filesystem::path folder)
      : log_(log), folder_(std::move(folder)) {}
  Head acquire() override { return log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    return log_.append(head, batch, chains);
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot& snapshot) override { log_.keep_snapshot(snapshot); }
  std::vector<Snapshot> snapshots() const override {
    std::vector<Snapshot> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream read;
      read << in.rdbuf();
      std::string bytes = std::move(read).str();
      if (bytes.size() > 40) {
        const Digest right = sha256(std::string_view(bytes).substr(40));
        std::ranges::copy(right.bytes, bytes.begin() + 8);
      }
      if (auto snapshot = decode_snapshot(bytes)) out.push_back(std::move(*snapshot));
    }
    std::ranges::sort(out, std::greater{}, &Snapshot::at);
    return out;
  }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return log_.report(); }

 private:
  EventLog& log_;
  std::filesystem::path folder_;
};

}  // namespace

struct Judge::Expected {
  std::vector<StoredEntry> entries;
  std::vector<std::pair<Digest, Position>> keys;
  std::vector<Snapshot> snapshots;
  Digest state;
  std::uint32_t people = 0;
  Faces faces;
  std::vector<std::pair<RiderId, PinVersion>> pins;
  std::set<std::string> said;
  Receipt receipt;
  ReceiptMark mark{};
};

const char* name_of(Fate fate) {
  return std::array{"unharmed", "repaired", "refused", "told", "rolled back", "SILENT", "ABORTED"}
      [static_cast<std::size_t>(fate)];
}

Judge::Judge(std::filesystem::path data, std::filesystem::path kek, Mutant mutant)
    : data_(std::move(data)), kek_(std::move(kek)), mutant_(mutant) {
  Premises premises(data_, kek_, options(false));
  auto expected = std::make_shared<Expected>();
  expected->entries = premises.log().read({1}, 1'000'000);
  for (const StoredEntry& entry : expected->entries) {
    const auto record = decode_record(entry.payload);
    if (record && record->attempt)
      expected->keys.emplace_back(key_of(*record->attempt), entry.position);
  }
  expected->snapshots = premises.log().snapshots();
  expected->state = premises.house().ledger.state_digest();
  expected->people = premises.house().matcher.people();
  expected->faces = faces_of(premises.vault());
  expected->pins = premises.vault().pins();
  expected->said = said(premises);
  expected->receipt = premises.house().ledger.head();
  expected->mark =
      premises.vault().receipt_seal().mark(expected->receipt.position, expected->receipt.chain);
  expected_ = std::move(expected);
}

RocksLogOptions Judge::options(bool plainly) const {
  RocksLogOptions options = log_options();
  options.verify_all = !plainly;
  options.keep_tail = mutant_ != Mutant::no_tail;
  return options;
}

Premises::Around Judge::around() const {
  if (mutant_ != Mutant::snapshot_unchecked) return {};
  return [folder = data_ / "log" / "snapshots"](EventLog& log) {
    return std::make_unique<BelievingLog>(log, folder);
  };
}

std::string Judge::wrong_with(Premises& premises) const {
  const auto entries = premises.log().read({1}, expected_->entries.size() + 1'000);
  for (std::size_t i = 0; i < std::min(entries.size(), expected_->entries.size()); ++i)
    if (entries[i] != expected_->entries[i])
      return "the entry at position " + std::to_string(i + 1) + " differs";
  if (entries.size() != expected_->entries.size())
    return std::to_string(entries.size()) + " entries, not " +
           std::to_string(expected_->entries.size());
  for (const auto& [key, position] : expected_->keys)
    if (premises.log().find(key) != position)
      return "the key of position " + std::to_string(position.value) + " is not found";
  for (const Snapshot& snapshot : premises.log().snapshots())
    if (std::ranges::find(expected_->snapshots, snapshot) == expected_->snapshots.end())
      return "a snapshot differs";
  if (premises.house().ledger.state_digest() != expected_->state) return "the state differs";
  return "";
}

std::string Judge::secrets_wrong(Premises& premises) const {
  if (faces_of(premises.vault()) != expected_->faces) return "a face in the vault differs";
  if (premises.vault().pins() != expected_->pins) return "a PIN in the vault differs";
  if (premises.house().matcher.people() != expected_->people)
    return std::to_string(premises.house().matcher.people()) + " people can be recognised";
  return "";
}

std::string Judge::news(Premises& premises) const {
  std::string news;
  for (const std::string& line : said(premises))
    if (!expected_->said.contains(line)) news += line + " | ";
  return news;
}

Verdict Judge::verdict_on(Premises& premises, bool plainly) const {
  const std::string wrong = wrong_with(premises);
  const std::string news = this->news(premises);
  if (mutant_ == Mutant::asserts && !news.empty()) std::abort();  // instead of saying so
  if (!wrong.empty()) {
    const Ledger& ledger = premises.house().ledger;
    const auto doubt = premises.house().rollback.doubt(expected_->receipt, expected_->mark);
    if (mutant_ != Mutant::no_tail && doubt &&
        ledger.standing(expected_->receipt) == Standing::behind)
      return {Fate::rolled_back, *doubt + " | " + news};
    return {Fate::silent, wrong + " | " + news};
  }
  const std::string secrets = secrets_wrong(premises);
  if (!secrets.empty()) {
    const auto missing = premises.metrics().value(Count::faces_missing);
    const auto orphans = premises.metrics().value(Count::orphans_destroyed);
    const std::string words = secrets + " | faces missing " + std::to_string(missing) +
                              ", orphans destroyed " + std::to_string(orphans) + " | " + news;
    return {missing > 0 ? Fate::told : Fate::silent, words};
  }
  const bool is_whole =
      mutant_ == Mutant::none || mutant_ == Mutant::no_offset || mutant_ == Mutant::no_position;
  if (is_whole && plainly) premises.log().verify();  // another start has, also after a repair
  return {news.empty() ? Fate::unharmed : Fate::repaired, news};
}

// What is met while the log is read ends the process, and says so; the start after that verifies
// everything.
Verdict Judge::open(bool plainly, bool same_vault) {
  if (!same_vault) vault_.reset();
  for (bool again = false;; again = true) {
    try {
      Premises premises(data_, kek_, options(plainly), around(), vault_);
      vault_ = premises.shared_vault();
      return verdict_on(premises, plainly);
    } catch (const LogDamage& damage) {
      if (again)
        return {Fate::refused, damage.file + " at byte " + std::to_string(damage.offset) +
                                   ", first bad position " +
                                   std::to_string(damage.first_bad.value) + ": " + damage.what()};
    } catch (const std::exception& fault) {
      return {Fate::refused, fault.what()};
    }
  }
}

}  // namespace obverse::flip
