#include "ledger/log/survey.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <random>
#include <utility>

#include "ledger/log/record.h"

namespace obverse {
namespace {

std::string number(Position position) { return std::to_string(position.value); }

std::string range(Position first, Position last) {
  return first == last ? "position " + number(first)
                       : "positions " + number(first) + " to " + number(last);
}

Position before(Position position) { return {position.value - 1}; }
Position after(Position position) { return {position.value + 1}; }

class Surveyor {
 public:
  explicit Surveyor(const SurveyInput& input) : in_(input) {
    if (!in_.snapshots.empty()) newest_snapshot_ = in_.snapshots.front().at;
    if (in_.rocks != nullptr) cursor_ = std::make_unique<RocksStore::Cursor>(*in_.rocks);
  }

  Survey run() {
    look_at_store();
    for (const Snapshot& snapshot : in_.snapshots)
      if (!in_.until || snapshot.at <= *in_.until) prove(snapshot.at, "a snapshot");
    const std::vector<std::uint64_t> numbers = segment_numbers(in_.disk, in_.tail_folder);
    for (std::size_t i = start(numbers); i < numbers.size() && !finished(); ++i)
      look_at_segment(numbers[i]);
    finish();
    return std::move(out_);
  }

 private:
  struct Bad {
    std::string file;
    std::uint64_t offset = 0;
    std::uint64_t segment = 0;
    std::string why;
  };

  bool finished() const { return finished_at(next_); }
  bool finished_at(Position position) const { return in_.until && position > *in_.until; }

  void prove(Position acknowledged, const std::string& by) {
    if (acknowledged <= acknowledged_) return;
    acknowledged_ = acknowledged;
    acknowledged_by_ = by;
  }

  void found(const std::string& file, std::uint64_t offset, Position first,
             const std::string& what) {
    out_.findings.push_back(
        {file, offset, first, file + " at byte " + std::to_string(offset) + ": " + what});
  }

  // Where the tail goes wrong: the bad stretch, or where a frame should stand and none does.
  struct Place {
    std::string file;
    std::uint64_t offset = 0;
  };
  Place place() const {
    if (bad_) return {bad_->file, bad_->offset};
    const bool goes_on = !out_.segments.empty() && out_.segments.back().number > end_.segment;
    const bool has_gap = goes_on && out_.segments.back().number > end_.segment + 1;
    if (end_.segment == 0 || has_gap || (goes_on && !is_opened_))
      return {in_.tail_folder + "/" + segment_name(end_.segment + 1), 0};
    return {in_.tail_folder + "/" + segment_name(end_.segment), end_.offset};
  }

  [[noreturn]] void refuse(Position first) const {
    const auto [file, offset] = place();
    std::string why = "the log is damaged: position " + number(first) +
                      " is good in neither copy. The tail: " + file + " at byte " +
                      std::to_string(offset) + (bad_ ? " (" + bad_->why + ")" : "") +
                      "; RocksDB in " + in_.rocks_folder + ": " + store_why_;
    if (first <= acknowledged_) why += ". It was acknowledged, as is proved by " + acknowledged_by_;
    why +=
        ". Nothing was changed. Way out: bring back these files from a copy of the directory, or "
        "from the other "
        "disk, and start again";
    throw LogDamage(file, offset, first, why);
  }

  void look_at_store() {
    if (in_.rocks == nullptr) {
      distrust_store(in_.rocks_refusal, {1});
      return;
    }
    const auto last = in_.rocks->last();
    const auto epoch = in_.rocks->epoch();
    if (last) store_last_ = *last;
    if (epoch) out_.head.epoch = *epoch;
    if (!last) distrust_some(last.error());
    if (!epoch) distrust_some(epoch.error());
    look_at_blocks();
  }

  // Filters and properties are not read with any entry; they would go on being wrong.
  void look_at_blocks() {
    if (!in_.everything || in_.until) return;
    const auto checksums = in_.rocks->verify_checksums();
    if (!checksums) distrust_some(checksums.error());
  }

  // Damage that was met elsewhere than while reading the entries one after the other: which of them
  // it is about.
  void distrust_some(const StoreDamage& damage) {
    RocksStore::Cursor cursor(*in_.rocks);
    for (Position position{1};; ++position.value) {
      const auto entry = cursor.at(position);
      if (!entry) return distrust_store(entry.error(), position);
      if (!*entry) return distrust_store(damage, position <= store_last_ ? position : Position{});
    }
  }

  // `first`: 0 where no entry is concerned.
  void distrust_store(const StoreDamage& damage, Position first) {
    store_why_ = damage.why;
    if (std::exchange(out_.rocks_rebuild, true)) return;
    const StoreDamage at = in_.journals != nullptr ? in_.journals->located(damage) : damage;
    const std::string what = at.why +
                             (first.value == 0 ? "; every entry can be read"
                                               : "; the first bad position is " + number(first)) +
                             "; RocksDB is made again from the tail";
    if (at.file != in_.rocks_folder) return found(at.file, at.offset, first, what);
    out_.findings.push_back({at.file, at.offset, first, at.file + ": " + what});
  }

  // The entry if RocksDB has a good one that continues the chain.
  std::optional<KeptEntry> from_store(Position position, const Digest& chain) {
    if (!cursor_) return std::nullopt;
    auto read = cursor_->at(position);
    if (!read) {
      distrust_store(read.error(), position);
      return std::nullopt;
    }
    std::optional<KeptEntry>& entry = *read;
    if (!entry) {
      store_why_ = "it ends before";
      return std::nullopt;
    }
    if (chain_after(chain, position, entry->payload) != entry->chain) {
      distrust_store({in_.rocks_folder, 0, "an entry does not continue the chain"}, position);
      return std::nullopt;
    }
    note_key(entry->key, position);
    return std::move(entry);
  }

  void note_key(const std::optional<Digest>& key, Position entry) {
    if (in_.everything && key) key_sum_.add(*key, entry);
  }

  // Every key of an entry must lead to it, and no other key to anything.
  void check_keys() {
    if (!in_.everything || in_.rocks == nullptr || out_.rocks_rebuild) return;
    const auto held =
        in_.rocks->add_keys(KeySum(secret_), in_.until.value_or(Position{~std::uint64_t{0}}));
    if (held && *held == key_sum_) return;
    RocksStore::Cursor cursor(*in_.rocks);
    for (Position position{1};; ++position.value) {
      const auto read = cursor.at(position);
      if (!read) return distrust_store(read.error(), position);
      const std::optional<KeptEntry>& entry = *read;
      if (!entry || finished_at(position)) break;
      const std::optional<Digest>& key = entry->key;
      if (!key) continue;
      const auto leads_to = in_.rocks->find(*key);
      if (!leads_to) return distrust_store(leads_to.error(), position);
      if (*leads_to != position)
        return distrust_store({in_.rocks_folder, 0, "a key does not lead to its entry"}, position);
    }
    distrust_store(
        held ? StoreDamage{in_.rocks_folder, 0, "a key leads to no entry"} : held.error(), {});
  }

  // The next entry, of which the tail holds the truth.
  void compare(const FramedEntry& truth, const Digest& chain) {
    if (!cursor_ || out_.rocks_rebuild || out_.rocks_short_from) return;
    const auto held = cursor_->compare(next_, truth.key, chain, truth.payload);
    if (!held) return distrust_store(held.error(), next_);
    switch (*held) {
      case RocksStore::Held::same:
        return note_key(truth.key, next_);
      case RocksStore::Held::other:
        return distrust_store(
            {in_.rocks_folder, 0, "an entry differs from the tail, whose chain holds"}, next_);
      case RocksStore::Held::absent:
        if (next_ <= store_last_)
          return distrust_store({in_.rocks_folder, 0, "an entry is missing"}, next_);
        out_.rocks_short_from = next_;
        short_keys_ = keys_;
    }
  }

  // Index of the segment to begin with; the chain before it is then known.
  std::size_t start(const std::vector<std::uint64_t>& numbers) {
    if (in_.everything || in_.snapshots.empty()) return 0;
    for (std::size_t i = numbers.size(); i-- > 0;) {
      const auto file = in_.disk.open_to_read(in_.tail_folder + "/" + segment_name(numbers[i]));
      const auto header = decode_frame_header(file->read(0, frame_header_bytes));
      if (!header || header->kind != FrameKind::segment) continue;
      if (header->first > after(in_.snapshots.front().at)) continue;
      if (header->first.value == 1 || !cursor_) return 0;
      const auto read = in_.rocks->at(before(header->first));
      if (!read) return 0;
      const std::optional<KeptEntry>& joint = *read;
      if (!joint || joint->chain != header->before) return 0;
      next_ = header->first;
      chain_ = header->before;
      keys_ = header->keys_before;
      out_.partial = true;
      return i;
    }
    return 0;
  }

  void look_at_segment(std::uint64_t segment) {
    file_ = in_.tail_folder + "/" + segment_name(segment);
    const auto checked =
        in_.ahead != nullptr ? in_.ahead->take(segment) : check_segment(in_.disk, file_);
    out_.segments.push_back({segment, checked->bytes.size(), false, {}});
    std::uint64_t good_end = 0;
    std::uint64_t end = 0;
    before_.reset();
    is_opened_ = true;
    for (const CheckedPiece& piece : checked->pieces) {
      if (finished()) return;
      offset_ = piece.piece.offset;
      end = offset_ + piece.piece.bytes;
      if (!look_at_piece(piece)) continue;
      good_end = end;
      end_ = {segment, end};
      if (in_.verified != nullptr && next_ > newest_snapshot_) in_.verified->add(checked, piece);
    }
    if (end == 0) return;
    out_.end_number = segment;
    out_.end_offset = good_end;
    out_.torn_bytes = end - good_end;
  }

  // Whether it is part of the log.
  bool look_at_piece(const CheckedPiece& checked) {
    const Piece& piece = checked.piece;
    const std::uint64_t segment = out_.segments.back().number;
    if (piece.offset == 0) is_opened_ = piece.header && piece.header->kind == FrameKind::segment;
    if (piece.header && piece.header->first > next_)
      prove(before(piece.header->first), "the frame after it");
    if (!piece.good) {
      spoiled_ = spoiled_ || (bad_ && bad_->segment != segment);
      note_bad(piece.header ? "the checksum of a frame does not hold" : "not a frame");
      return false;
    }
    if (!is_opened_ && piece.offset == 0) {
      note_bad("a segment begins with another frame than its own first");
      return false;
    }
    assert(piece.header);
    const FrameHeader& header = *piece.header;
    if (repeats(header)) {
      if (const SegmentPart* part = overtaken_by(header))
        out_of_order(*part, header);
      else
        note_bad("a frame repeats the one before it, or an earlier one");
      return false;
    }
    if (header.first > next_) fill_gap(header);
    if (header.before != chain_ || header.keys_before != keys_)
      return foreign("a frame does not continue the chain");
    if (!follow(checked)) return foreign("the entries of a frame do not give its chain");
    settle_bad(header.first);
    out_.segments.back().parts.push_back({piece, {}, {}, header.epoch, 0, {}});
    tail_epoch_ = std::max(tail_epoch_, header.epoch);
    out_.head.epoch = std::max(out_.head.epoch, tail_epoch_);
    before_ = header;
    return true;
  }

  // Frames without entries fit in wherever the chain holds: but no epoch begins or ends twice, nor
  // after a later one.
  bool repeats(const FrameHeader& frame) const {
    if (frame.first < next_) return true;
    if (frame.count != 0) return false;
    if (before_ == frame) return true;
    return frame.kind != FrameKind::segment && frame.epoch < tail_epoch_;
  }

  // A frame without entries that stands here alone belongs before the first frame of this segment
  // that was written after it: there the order of the two was lost.
  const SegmentPart* overtaken_by(const FrameHeader& late) const {
    if (late.count != 0 || bad_) return nullptr;
    const auto& parts = out_.segments.back().parts;
    if (std::ranges::any_of(parts, [&](const auto& part) { return part.piece.header == late; }))
      return nullptr;
    const auto later = [&](const SegmentPart& part) {
      const auto& header = part.piece.header;
      if (!header || header->kind == FrameKind::segment) return false;
      return header->first.value + header->count > late.first.value || header->epoch > late.epoch;
    };
    const auto found = std::ranges::find_if(parts, later);
    return found == parts.end() ? nullptr : &*found;
  }

  void out_of_order(const SegmentPart& part, const FrameHeader& late) {
    const std::optional<FrameHeader>& header = part.piece.header;
    assert(header);
    out_.segments.back().rewrite = true;
    out_.damaged = true;
    found(file_, part.piece.offset, header->first,
          "a frame stands before the one of position " + number(late.first) +
              " that was written before it; written again");
  }

  // A good frame of another history cannot be a torn write.
  bool foreign(const char* why) {
    note_bad(why);
    spoiled_ = true;
    return false;
  }

  void note_bad(const char* why) {
    if (!bad_) bad_ = Bad{file_, offset_, out_.segments.back().number, why};
    if (waiting_.empty() || waiting_.back() != out_.segments.size() - 1)
      waiting_.push_back(out_.segments.size() - 1);
  }

  // A good frame follows the bad stretch: it was no torn tail, and it is to be replaced.
  void settle_bad(Position next) {
    if (!bad_) return;
    for (const std::size_t i : waiting_) out_.segments[i].rewrite = true;
    waiting_.clear();
    out_.damaged = true;
    if (!filled_)
      found(
          bad_->file, bad_->offset, next,
          bad_->why + "; it held no entries, before position " + number(next) + "; written again");
    filled_ = false;
    spoiled_ = false;
    bad_.reset();
  }

  void fill_gap(const FrameHeader& header) {
    const Position first = next_;
    Digest chain = chain_;
    std::uint64_t keys = keys_;
    for (Position position = first; position < header.first; ++position.value) {
      const auto entry = from_store(position, chain);
      if (!entry) refuse(position);
      chain = entry->chain;
      keys += entry->key ? 1U : 0U;
    }
    if (chain != header.before || keys != header.keys_before) refuse(first);
    const Position last = before(header.first);
    const auto [file, offset] = place();
    found(file, offset, first,
          (bad_ ? bad_->why : std::string("frames are missing here")) + "; " + range(first, last) +
              " taken from RocksDB");
    const std::uint64_t epoch = tail_epoch_ != 0 ? tail_epoch_ : header.epoch;
    out_.segments.back().parts.push_back({{}, first, last, epoch, keys_, chain_});
    keys_ = keys;
    out_.segments.back().rewrite = true;
    out_.damaged = true;
    filled_ = true;
    next_ = header.first;
    chain_ = chain;
  }

  bool follow(const CheckedPiece& piece) {
    const std::optional<FrameHeader>& header = piece.piece.header;
    if (!piece.adds_up || !header) return false;
    for (std::size_t i = 0; i < piece.entries.size(); ++i) {
      compare(piece.entries[i], piece.chains[i]);
      ++next_.value;
      keys_ += piece.entries[i].key ? 1U : 0U;
    }
    chain_ = header->after;
    return true;
  }

  void finish() {
    out_.tail_last = before(next_);
    out_.tail_keys = keys_;
    out_.tail_chain = chain_;
    while (!finished()) {
      const auto entry = from_store(next_, chain_);
      if (!entry) break;
      chain_ = entry->chain;
      keys_ += entry->key ? 1U : 0U;
      ++next_.value;
    }
    if (next_ <= store_last_ && !finished()) prove(store_last_, "a later position of RocksDB");
    if (in_.until) prove(*in_.until, "the running log");
    const bool adopted = out_.tail_last < before(next_);
    if (acknowledged_ >= next_ || (spoiled_ && bad_ && !adopted)) refuse(next_);
    finish_bad(adopted);
    count_store();
    check_keys();
    if (out_.rocks_short_from) store_is_short(*out_.rocks_short_from);
    out_.head.last = before(next_);
    out_.head.chain = chain_;
    out_.keys = keys_;
  }

  // What it lacks stood behind the last good record of its newest write-ahead log.
  void store_is_short(Position from) {
    const std::string what =
        "RocksDB lacks " + range(from, before(next_)) + "; taken from the tail";
    const Journal* journal = in_.journals != nullptr ? in_.journals->last_log() : nullptr;
    if (journal != nullptr)
      found(journal->path, journal->end, from, "its good records end here; " + what);
    else
      out_.findings.push_back({in_.rocks_folder, 0, from, in_.rocks_folder + ": " + what});
  }

  void finish_bad(bool adopted) {
    const auto [file, offset] = place();
    if (adopted)
      found(file, offset, after(out_.tail_last),
            (bad_ ? bad_->why : std::string("the tail ends here")) + "; " +
                range(after(out_.tail_last), before(next_)) + " taken from RocksDB");
    else if (bad_ && !finished())
      found(file, offset, next_,
            "taken for a torn tail (" + bad_->why + ") before position " + number(next_) +
                ": nothing shows that it was acknowledged; dropped");
    for (const std::size_t i : waiting_)
      if (out_.segments[i].number != out_.end_number)
        out_.segments[i].rewrite = out_.damaged = true;
  }

  // A table that RocksDB has forgotten takes its keys with it, and an absent key is no error: count
  // them.
  void count_store() {
    if (in_.rocks == nullptr || in_.until || out_.rocks_rebuild) return;
    const auto counts = in_.rocks->counts();
    if (!counts) return distrust_some(counts.error());
    const Position end = out_.rocks_short_from.value_or(next_);
    if (counts->entries != end.value - 1)
      return distrust_some({in_.rocks_folder, 0, "entries are missing from its tables"});
    if (counts->keys != (out_.rocks_short_from ? short_keys_ : keys_))
      distrust_some({in_.rocks_folder, 0, "keys are missing from its tables"});
  }

  const SurveyInput& in_;
  std::unique_ptr<RocksStore::Cursor> cursor_;
  Survey out_;
  Position newest_snapshot_;
  Position next_{1};
  Digest chain_;
  std::uint64_t keys_ = 0;        // in the entries before next_
  std::uint64_t short_keys_ = 0;  // where RocksDB ends
  const std::uint64_t secret_ = std::random_device()();
  KeySum key_sum_{secret_};  // of what was found in RocksDB as the chain has it
  std::string file_;         // where we are in the tail
  std::uint64_t offset_ = 0;
  struct {
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
  } end_;                              // of the last good frame
  std::optional<FrameHeader> before_;  // the last good frame of this segment
  bool is_opened_ = true;              // this segment begins as every one does
  std::uint64_t tail_epoch_ = 0;       // the highest of the tail's
  std::optional<Bad> bad_;             // the first bad stretch since the last good frame
  std::vector<std::size_t> waiting_;   // segments with bad stretches since then
  bool spoiled_ = false;               // it cannot be a torn tail
  bool filled_ = false;                // its entries came from RocksDB
  Position store_last_;
  std::string store_why_ = "it is good";
  Position acknowledged_;
  std::string acknowledged_by_;
};

}  // namespace

Survey survey(const SurveyInput& input) { return Surveyor(input).run(); }

}  // namespace obverse
