#include "ledger/log/rocks_log.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <future>
#include <utility>

#include "ledger/log/record.h"
#include "ledger/log/repair.h"
#include "ledger/log/rocks_wal.h"
#include "ledger/log/snapshots.h"

namespace obverse {
namespace {

// What RocksDB may join at once: its first two levels, or a table of one level with those under it.
constexpr std::uint64_t joined_at_once_bytes = 1U << 30U;
constexpr std::uint64_t judged_again_bytes = 1U << 20U;
constexpr std::uint64_t recovery_bytes =
    32U << 20U;  // opening may need so much, and the write-ahead log once more: it becomes a table

std::uint64_t over(std::uint64_t floor, std::uint64_t bytes) {
  return bytes > floor ? bytes - floor : 0;
}

std::string numbered(std::uint64_t n, const char* what) { return std::to_string(n) + " " + what; }

}  // namespace

RocksLog::RocksLog(std::string directory, RocksLogOptions options)
    : directory_(std::move(directory)),
      options_(options),
      disk_(options_.disk != nullptr ? *options_.disk : real_disk()) {
  prepare_directory();
  const Lock lock(writer_);
  recover();
  beside_ = std::make_unique<Beside>("tail", options_.tail_runs);
}

RocksLog::~RocksLog() {
  const Lock lock(writer_);
  if (!acquired_ || failed_ || !tail_) return;
  try {  // says that all before it was acknowledged, the last batch too; without it that batch is
         // only probable
    FrameHeader closed = frame(FrameKind::closed, head_, head_.chain);
    if (tail_->make_room(0, space_over(options_.free_bytes_min))) tail_->write(closed, {});
  } catch (const DiskFault&) {
    return;  // the next start does without it
  }
}

void RocksLog::prepare_directory() {
  disk_.make_folders(directory_);
  lock_ = disk_.lock(in("lock"));
  if (!lock_) throw LogInUse(directory_ + " is open in another process");
  give_ballast_back();
  disk_.make_folders(in("tail"));
  disk_.make_folders(in("snapshots"));
  disk_.sync_folder(directory_);
}

// A RocksDB that runs out of space while it opens may end the process: better said before.
void RocksLog::give_ballast_back() {
  std::uint64_t wal_bytes = 0;
  for (const std::string& name : disk_.list(in("rocks")))
    if (name.ends_with(".log")) wal_bytes += disk_.open_to_read(in("rocks") + "/" + name)->size();
  if (disk_.exists(in("ballast")) && disk_.free_bytes(directory_) < recovery_bytes + wal_bytes) {
    disk_.remove(in("ballast"));
    say("the disk is nearly full: the ballast of " + numbered(options_.ballast_bytes, "bytes") +
        " was given back, so that the log can be opened");
  }
  if (disk_.free_bytes(directory_) < wal_bytes)
    throw DiskFault(directory_ +
                        " cannot be opened: the disk is full, and the write-ahead log of " +
                        numbered(wal_bytes, "bytes") +
                        " must be written out as a table. Nothing was changed. Way out: make so "
                        "much room, and start again",
                    ENOSPC);
}

void RocksLog::open_store() {
  const bool is_new = disk_.list(in("rocks")).empty();
  if (is_new && !segment_numbers(disk_, tail_folder()).empty()) {
    refusal_ = {in("rocks"), 0, "there is no RocksDB"};
    return;
  }
  journals_.emplace(disk_, in("rocks"));
  if (const auto& contradiction = journals_->contradiction()) {
    refusal_ = *contradiction;
    return;
  }
  auto opened = RocksStore::open(
      in("rocks"), is_new ? RocksStore::Opening::new_store : RocksStore::Opening::strict,
      options_.rocks);
  if (opened) {
    store_ = std::move(*opened);
  } else if (opened.error().is_damage) {
    open_leniently(opened.error().damage.why);
  } else {
    throw DiskFault("RocksDB in " + in("rocks") + " cannot be opened: " + opened.error().damage.why,
                    EIO);
  }
}

// RocksDB forgets what lies behind a bad record of its write-ahead log, and deletes the file: a
// copy is kept. That the file is gone must last, or it contradicts its successor one day.
void RocksLog::open_leniently(const std::string& why) {
  for (const std::string& name : disk_.list(in("rocks"))) {
    if (!name.ends_with(".log")) continue;
    const std::string path = in("rocks") + "/" + name;
    if (const auto offset = first_bad_record(read_whole(disk_, path)))
      say(path + " at byte " + std::to_string(*offset) +
          ": a bad record; RocksDB reads up to there");
    copy_aside(disk_, path, in("damaged"));
  }
  auto opened = RocksStore::open(in("rocks"), RocksStore::Opening::lenient, options_.rocks);
  if (opened) {
    disk_.sync_folder(in("rocks"));
    say(in("rocks") + ": " + why + "; opened up to there");
    store_ = std::move(*opened);
  } else if (opened.error().is_damage) {
    refusal_ = opened.error().damage;
  } else {
    throw DiskFault("RocksDB in " + in("rocks") + " cannot be opened: " + opened.error().damage.why,
                    EIO);
  }
}

// Snapshots are large: what is read of them for the survey is kept for snapshots(), which follows.
SurveyInput RocksLog::survey_input(bool everything) const {
  const Lock lock(saying_);
  if (!found_) found_ = find_snapshots(disk_, in("snapshots"));
  std::vector<Snapshot> places;
  for (const Snapshot& snapshot : found_->good)
    places.push_back({snapshot.at, snapshot.chain, {}, {}});
  return {disk_,    tail_folder(),     in("rocks"), store_.get(),
          refusal_, std::move(places), everything,  std::nullopt};
}

FoundSnapshots RocksLog::take_found() const {
  {
    const Lock lock(saying_);
    auto found = std::exchange(found_, std::nullopt);
    if (found && !found->good.empty()) return *std::move(found);
  }
  return find_snapshots(disk_, in("snapshots"));
}

// While RocksDB opens, other threads read the snapshots and the tail.
Survey RocksLog::survey_all(bool& everything) {
  const bool has_threads = options_.tail_runs == Beside::Runs::on_own_thread;
  std::optional<SegmentsAhead> ahead;
  std::future<FoundSnapshots> snapshots =
      std::async(has_threads ? std::launch::async : std::launch::deferred,
                 [this] { return find_snapshots(disk_, in("snapshots")); });
  if (has_threads)
    ahead.emplace(disk_, tail_folder(),
                  everything ? Position{1}
                             : Position{newest_snapshot_place(disk_, in("snapshots")).value + 1});
  open_store();
  {
    FoundSnapshots read = snapshots.get();
    const Lock lock(saying_);
    found_ = std::move(read);
  }
  auto verified = std::make_shared<VerifiedEntries>();
  SurveyInput input = survey_input(everything);
  input.ahead = ahead ? &*ahead : nullptr;
  input.verified = verified.get();
  input.journals = journals_ ? &*journals_ : nullptr;
  Survey found = survey(input);
  if (found.damaged || found.rocks_rebuild) {
    if (everything) return found;
    everything = true;
    SurveyInput whole = survey_input(true);
    whole.journals = input.journals;
    return survey(whole);
  }
  const Lock lock(verifying_);
  verified_ = std::move(verified);
  has_verified_ = true;
  return found;
}

void RocksLog::recover() {
  bool everything = options_.verify_all || disk_.exists(in("check-everything"));
  const Survey found = survey_all(everything);
  for (const Finding& finding : found.findings) say(finding.words);
  if (options_.keep_tail) repair(found, everything);
  if (!store_)
    throw LogDamage(in("rocks"), 0, {1},
                    "RocksDB is damaged and there is no tail: " + refusal_.why);
  journals_.reset();
  head_ = found.head;
  keys_ = found.keys;
  committed_ = head_.last.value;
  if (disk_.exists(in("check-everything"))) disk_.remove(in("check-everything"));
  if (options_.ballast_bytes != 0 && !disk_.exists(in("ballast")) &&
      disk_.free_bytes(directory_) > options_.free_bytes_min + 2 * options_.ballast_bytes)
    disk_.reserve(in("ballast"), options_.ballast_bytes);
}

// The tail first, from RocksDB; then RocksDB, from the tail.
void RocksLog::repair(const Survey& found, bool everything) {
  const TailEnd end = repair_segments(disk_, in("tail"), in("damaged"), found, store_.get());
  tail_ = std::make_unique<Tail>(disk_, in("tail"), options_.tail, end.number, end.offset);
  if (found.tail_last < found.head.last) extend_tail(*tail_, found, *store_);
  if (found.rocks_rebuild) {
    store_.reset();
    if (!disk_.list(in("rocks")).empty())
      say("the damaged RocksDB was moved to " + move_aside(disk_, in("rocks"), in("damaged")));
    auto opened = RocksStore::open(in("rocks"), RocksStore::Opening::new_store, options_.rocks);
    if (!opened)
      throw DiskFault("RocksDB in " + in("rocks") + " cannot be made: " + opened.error().damage.why,
                      EIO);
    store_ = std::move(*opened);
    fill_store(*store_, disk_, in("tail"), {1}, found.head.last);
  } else if (found.rocks_short_from) {
    fill_store(*store_, disk_, in("tail"), *found.rocks_short_from, found.head.last);
  }
  if (!found.needs_repair()) return;
  const Survey again = survey(second_look(found, everything));
  if (again.needs_repair() || again.head.last != found.head.last ||
      again.head.chain != found.head.chain)
    throw DiskFault(
        directory_ + " is still damaged after the repair: the disk does not keep what it is given",
        EIO);
  say("both copies hold positions 1 to " + std::to_string(found.head.last.value) + " again");
}

// As thorough as the look before: what it had not looked for would be taken for a failed repair.
// Where only the ends differed, as after every crash under load, all before them was just found
// equal and was not touched.
SurveyInput RocksLog::second_look(const Survey& found, bool everything) const {
  SurveyInput input = survey_input(everything);
  if (everything || found.damaged || found.rocks_rebuild) return input;
  Position both = found.tail_last;
  if (found.rocks_short_from) both = std::min(both, Position{found.rocks_short_from->value - 1});
  if (input.snapshots.empty() || input.snapshots.front().at < both)
    input.snapshots.insert(input.snapshots.begin(), Snapshot{both, {}, {}, {}});
  return input;
}

Head RocksLog::acquire() {
  const Lock lock(writer_);
  if (failed_) throw DiskFault("the log has stopped after a failed write", EIO);
  const bool in_tail =  // on a full disk RocksDB alone keeps the epoch
      tail_ && tail_->make_room(0, space_over(options_.free_bytes_min));
  Head raised = head_;
  ++raised.epoch;
  FrameHeader header = frame(FrameKind::epoch, raised, raised.chain);
  if (in_tail) beside_->start([&] { tail_->write(header, {}); });
  const auto why = store_->write_epoch(raised.epoch);
  try {
    if (in_tail) beside_->wait();
  } catch (const DiskFault& fault) {
    fail(fault.what());
    throw;
  }
  if (why) {
    fail(*why);
    throw DiskFault("cannot raise the epoch: " + *why, EIO);
  }
  head_ = raised;
  acquired_ = true;
  return head_;
}

std::uint64_t RocksLog::space_over(std::uint64_t floor) const {
  return over(floor, disk_.free_bytes(directory_));
}

bool RocksLog::has_room(std::span<const NewEntry> batch) {
  const std::uint64_t body = body_bytes(batch);
  std::uint64_t floor = options_.free_bytes_min;
  if (std::ranges::all_of(batch, &NewEntry::from_reserve))
    floor -= std::min(floor, options_.reserve_bytes.value_or(floor / 2));
  const std::uint64_t on_disk = disk_.free_bytes(directory_);
  const std::uint64_t free = over(floor, on_disk);
  if (free < 2 * body) return false;
  if (tail_ && !tail_->make_room(body, free - 2 * body)) return false;
  judge_joining(on_disk);
  return true;
}

// RocksDB joins tables whatever the watermark says: near a full disk it is kept from beginning, or
// what it needs meanwhile would be taken from the reserve.
void RocksLog::judge_joining(std::uint64_t free) {
  const std::uint64_t floor = options_.free_bytes_min;
  const std::uint64_t moved =
      judged_free_ ? std::max(free, *judged_free_) - std::min(free, *judged_free_) : ~0ULL;
  if (moved < std::max(floor / 16, judged_again_bytes)) return;
  judged_free_ = free;
  const bool has_plenty = free > floor + 2 * joined_at_once_bytes;
  store_->join_tables(has_plenty ||
                      free > floor + 2 * std::min(store_->table_bytes(), joined_at_once_bytes));
}

Appended RocksLog::append(Head& head, std::span<const NewEntry> batch,
                          std::vector<Digest>* chains) {
  assert(!batch.empty());
  const Lock lock(writer_);
  if (failed_) return Appended::unknown;
  if (!acquired_ || head != head_) return Appended::fenced;
  try {
    if (!has_room(batch)) return Appended::disk_full;
  } catch (const DiskFault& fault) {
    fail(fault.what());
    return Appended::unknown;
  }
  std::vector<Digest> unwanted;
  std::vector<Digest>& after = chains != nullptr ? *chains : unwanted;
  Head next = head_;
  advance(next, batch, &after);
  if (!commit(batch, head_, after)) return Appended::unknown;
  keys_ += keys_in(batch);
  head_ = next;
  head = next;
  committed_.store(next.last.value, std::memory_order_release);
  return Appended::committed;
}

bool RocksLog::commit(std::span<const NewEntry> batch, const Head& before,
                      std::span<const Digest> chains) {
  FrameHeader header = frame(FrameKind::entries, before, chains.back());
  if (tail_) beside_->start([&] { tail_->write(header, batch); });
  const auto why = store_->write(batch, {before.last.value + 1}, chains);
  try {
    if (tail_) beside_->wait();
  } catch (const DiskFault& fault) {
    return fail(fault.what());
  }
  return why ? fail(*why) : true;
}

FrameHeader RocksLog::frame(FrameKind kind, const Head& before, const Digest& after) const {
  FrameHeader header;
  header.kind = kind;
  header.epoch = before.epoch;
  header.first = {before.last.value + 1};
  header.keys_before = keys_;
  header.before = before.chain;
  header.after = after;
  return header;
}

// What is on disk is no longer known, and nothing may be tried again: the kernel may have dropped
// the pages.
bool RocksLog::fail(const std::string& why) {
  failed_ = true;
  say("a write failed and the log has stopped: " + why);
  return false;
}

std::vector<StoredEntry> RocksLog::read(Position from, std::size_t entries_max) const {
  assert(from.value >= 1);
  const std::uint64_t committed = committed_.load(std::memory_order_acquire);
  std::vector<StoredEntry> out = read_verified(from, entries_max, {committed});
  if (out.size() == entries_max) return out;
  RocksStore::Cursor cursor(*store_);
  for (Position at{from.value + out.size()}; at.value <= committed && out.size() < entries_max;
       ++at.value) {
    auto read = cursor.at(at);
    if (!read) stop_over(read.error(), at);
    std::optional<KeptEntry>& entry = *read;
    if (!entry) stop_over({in("rocks"), 0, "an entry is missing"}, at);
    out.push_back({at, std::move(entry->payload), entry->chain});
  }
  return out;
}

// What the start has in hand, until somebody has read to the end.
std::vector<StoredEntry> RocksLog::read_verified(Position from, std::size_t entries_max,
                                                 Position last) const {
  if (!has_verified_.load(std::memory_order_acquire)) return {};
  std::shared_ptr<const VerifiedEntries> verified;
  {
    const Lock lock(verifying_);
    verified = verified_;
  }
  if (!verified) return {};
  auto out = verified->read(from, entries_max, last);
  if (from.value + out.size() > last.value && out.size() < entries_max) {
    const Lock lock(verifying_);
    has_verified_ = false;
    verified_.reset();
  }
  return out;
}

std::optional<Position> RocksLog::find(const Digest& key) const {
  const std::uint64_t committed = committed_.load(std::memory_order_acquire);
  const auto read = store_->find(key);
  if (!read) stop_over(read.error(), {});
  const std::optional<Position>& position = *read;
  if (!position || position->value > committed) return std::nullopt;
  return position;
}

// The next start repairs it: it finds the other copy whole, or says what is lost.
void RocksLog::stop_over(const StoreDamage& damage, Position position) const {
  disk_.create(in("check-everything"))->sync();
  disk_.sync_folder(directory_);
  throw LogDamage(damage.file, damage.offset, position,
                  damage.file + " at byte " + std::to_string(damage.offset) + ": " + damage.why +
                      ". Way out: start again; the next start verifies everything and repairs it "
                      "from the tail");
}

void RocksLog::keep_snapshot(const Snapshot& snapshot) {
  assert(snapshot.at.value <= committed_);
  const Lock alone(snapshotting_);
  if (disk_.free_bytes(directory_) < options_.free_bytes_min + snapshot.state.size()) {
    say("no space for a snapshot at position " + std::to_string(snapshot.at.value));
    return;
  }
  store_snapshot(disk_, in("snapshots"), snapshot);
  const Lock lock(saying_);
  found_.reset();
}

std::vector<Snapshot> RocksLog::snapshots() const {
  FoundSnapshots found = take_found();
  for (std::string& words : found.words) say(std::move(words));
  std::erase_if(found.good, [&](const Snapshot& snapshot) {
    Digest chain;
    if (snapshot.at.value != 0) {
      const std::vector<StoredEntry> entry = read(snapshot.at, 1);
      if (!entry.empty()) chain = entry.front().chain;
    }
    if (chain == snapshot.chain) return false;
    say("the snapshot at position " + std::to_string(snapshot.at.value) +
        " is not of this log and was left out");
    return true;
  });
  return std::move(found.good);
}

void RocksLog::verify() const {
  SurveyInput input = survey_input(true);
  take_found();  // nobody may ask for them for long
  input.until = Position{committed_.load(std::memory_order_acquire)};
  const auto checksums = store_->verify_checksums();
  if (!checksums) stop_over(checksums.error(), {});
  const Survey found = survey(input);
  if (!found.needs_repair()) return;
  const Finding finding =
      found.findings.empty() ? Finding{directory_, 0, {}, "the copies differ"} : found.findings[0];
  stop_over({finding.file, finding.offset, finding.words}, finding.first);
}

void RocksLog::say(std::string words) const {
  const Lock lock(saying_);
  if (std::ranges::find(report_, words) == report_.end()) report_.push_back(std::move(words));
}

std::vector<std::string> RocksLog::report() const {
  const Lock lock(saying_);
  return report_;
}

}  // namespace obverse
