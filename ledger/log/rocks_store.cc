#include "ledger/log/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/memtablerep.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "ledger/log/record.h"

namespace obverse {
namespace {

constexpr const char* epoch_key = "epoch";
constexpr std::uint64_t wal_bytes_at_least = 1U << 20U;

class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

std::string entry_key(
    Position position) {  // big-endian, so that the order of bytes is the order of positions
  std::string key(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) key[i] = static_cast<char>(position.value >> (56 - 8 * i));
  return key;
}

Position position_of(rocksdb::Slice key) {
  Position position;
  for (std::size_t i = 0; i < 8; ++i)
    position.value = position.value << 8U | static_cast<unsigned char>(key[i]);
  return position;
}

rocksdb::Slice slice(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// value = has-key u8, [key 32 bytes], chain 32 bytes, payload
std::optional<KeptEntry> decode(Position position, std::string_view value) {
  if (value.empty()) return std::nullopt;
  const bool has_key = value.front() == '\1';
  if (value.size() < 33U + (has_key ? 32U : 0U)) return std::nullopt;
  value.remove_prefix(1);
  KeptEntry entry;
  entry.position = position;
  if (has_key) entry.key = take_digest(value);
  entry.chain = take_digest(value);
  entry.payload = value;
  return entry;
}

// RocksDB says "... in FILE offset N size M" of a damaged block, and "... in file FILE" of what
// else it reads: of a table's file, if it says of several, and where that should end, if it is
// short.
StoreDamage damage_of(const rocksdb::Status& status, const std::string& folder) {
  StoreDamage damage{folder, 0, status.ToString()};
  const std::string& why = damage.why;
  const auto number_after = [&why](std::size_t words, std::size_t length) {
    std::uint64_t number = 0;
    if (words != std::string::npos)
      std::from_chars(why.data() + words + length, why.data() + why.size(), number);
    return number;
  };
  const std::size_t in_file = why.rfind(" in file /");
  if (const std::size_t end = why.find(".sst"); end != std::string::npos) {
    const std::size_t begin = why.rfind(folder + "/", end);
    if (begin == std::string::npos) return damage;
    damage.file = why.substr(begin, end + 4 - begin);
    const std::size_t offset = why.find(" offset ", end);
    const std::size_t is_short = why.find("too short (");
    damage.offset = std::max(number_after(offset, 8), number_after(is_short, 11));
  } else if (in_file != std::string::npos) {
    damage.file = why.substr(in_file + 9);
  }
  return damage;
}

// Of some damage to a table RocksDB says only in which MANIFEST it stands: which table it is.
StoreDamage in_table(StoreDamage damage, const std::string& folder, const rocksdb::Options& with) {
  std::vector<std::string> names;
  if (!with.env->GetChildren(folder, &names).ok()) return damage;
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (!name.ends_with(".sst")) continue;
    rocksdb::Options options;
    options.env = with.env;
    if (rocksdb::SstFileReader(options).Open(folder + "/" + name).ok()) continue;
    damage.file = folder + "/" + name;
    return damage;
  }
  return damage;
}

StoreDamage no_position(const std::string& path) {
  return {path, 0, "a key of RocksDB has no position"};
}

StoreRefusal refusal_of(const rocksdb::Status& status, const std::string& folder) {
  const bool missing_file =
      status.IsIOError() && status.subcode() == rocksdb::Status::kPathNotFound;
  return {
      status.IsCorruption() || status.IsInvalidArgument() || status.IsNotFound() || missing_file,
      damage_of(status, folder)};
}

rocksdb::ColumnFamilyOptions entries_options(std::uint64_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = write_buffer_bytes;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 16U << 10U;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Keys are digests, asked for whole and never in order: hashed in memory, which costs a third of a
// skip list's insert. Their buffer is small, because it is sorted when it is written out, which a
// start may have to wait for.
rocksdb::ColumnFamilyOptions keys_options(std::uint64_t write_buffer_bytes) {
  const std::uint64_t bytes = write_buffer_bytes / 8;
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = bytes;
  options.max_write_buffer_number = 4;
  // The bound of the write-ahead log makes small tables, each with keys of everywhere: more of them
  // at once, or every key is written again too often.
  options.level0_file_num_compaction_trigger = 16;
  options.level0_slowdown_writes_trigger = 40;
  options.level0_stop_writes_trigger = 64;
  options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(8));
  options.memtable_factory.reset(rocksdb::NewHashLinkListRepFactory(bytes / 256));
  // Nearly every question is for a key that is not there.
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.05;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Neither recovery mode tells a torn tail from rot (measured on 7.8.3: the default silently loses
// acknowledged records on one flipped bit). So the strict opening stops at a bad record and changes
// nothing; recovery then keeps a copy of the write-ahead log, opens leniently, and puts back from
// the tail what RocksDB forgot.
rocksdb::Options database_options(RocksStore::Opening how, const RocksStore::Options& wanted) {
  rocksdb::Options options;
  if (wanted.env != nullptr) options.env = wanted.env;
  options.create_if_missing = how == RocksStore::Opening::new_store;
  options.error_if_exists = how == RocksStore::Opening::new_store;
  options.create_missing_column_families = how != RocksStore::Opening::read_only;
  options.wal_recovery_mode = how == RocksStore::Opening::strict
                                  ? rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords
                                  : rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.paranoid_checks = true;
  options.max_bgerror_resume_count =
      0;  // a failed write is never retried: the process stops and reads the truth
  options.allow_concurrent_memtable_write = false;  // there is one writer
  // A start reads all of the write-ahead log again. Without this bound it would be everything since
  // the start before: the epoch is in a family of its own, which is written out when it has to be.
  if (wanted.in_background)
    options.max_total_wal_size = std::max(wanted.write_buffer_bytes / 4, wal_bytes_at_least);
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.keep_log_file_num = 3;
  options.max_log_file_size = 1U << 20U;
  options.info_log_level = rocksdb::WARN_LEVEL;
  if (!wanted.in_background) options.max_file_opening_threads = 1;
  if (how == RocksStore::Opening::read_only || wanted.env != nullptr)
    options.info_log = std::make_shared<SilentLogger>();
  return options;
}

}  // namespace

struct RocksStore::State {
  std::string path;
  bool sync = true;
  bool in_background = true;
  bool joins_tables = false;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, 3>
      families{};  // default, entries, keys: in the order of opening
  rocksdb::WriteBatch batch;

  rocksdb::ColumnFamilyHandle* entries() const { return families[1]; }
  rocksdb::ColumnFamilyHandle* keys() const { return families[2]; }

  std::optional<std::string> write() {
    rocksdb::WriteOptions options;
    options.sync = sync;
    const rocksdb::Status status = db->Write(options, &batch);
    if (status.ok()) return std::nullopt;
    return status.ToString();
  }
};

RocksStore::RocksStore(std::unique_ptr<State> state) : state_(std::move(state)) {}

RocksStore::~RocksStore() {
  for (rocksdb::ColumnFamilyHandle* family : state_->families)
    if (family != nullptr) state_->db->DestroyColumnFamilyHandle(family);
}

std::expected<std::unique_ptr<RocksStore>, StoreRefusal> RocksStore::open(const std::string& path,
                                                                          Opening how,
                                                                          const Options& options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted{
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions()},
      {"entries", entries_options(options.write_buffer_bytes)},
      {"keys", keys_options(options.write_buffer_bytes)}};
  for (auto& family : wanted) family.options.disable_auto_compactions = true;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Options settings = database_options(how, options);
  const rocksdb::Status status =
      how == Opening::read_only
          ? rocksdb::DB::OpenForReadOnly(settings, path, wanted, &handles, &db)
          : rocksdb::DB::Open(settings, path, wanted, &handles, &db);
  if (!status.ok()) {
    StoreRefusal refusal = refusal_of(status, path);
    if (status.IsCorruption() && refusal.damage.file.find("/MANIFEST-") != std::string::npos)
      refusal.damage = in_table(std::move(refusal.damage), path, settings);
    return std::unexpected(std::move(refusal));
  }
  auto state = std::make_unique<State>();
  state->path = path;
  state->sync = options.sync;
  state->in_background = options.in_background;
  state->db.reset(db);
  for (std::size_t i = 0; i < handles.size(); ++i) state->families.at(i) = handles[i];
  return std::unique_ptr<RocksStore>(new RocksStore(std::move(state)));
}

std::optional<std::string> RocksStore::write(std::span<const NewEntry> batch, Position first,
                                             std::span<const Digest> chains) {
  assert(batch.size() == chains.size());
  const rocksdb::Slice with_key("\1", 1);
  const rocksdb::Slice without_key("\0", 1);
  state_->batch.Clear();
  Position position = first;
  for (std::size_t i = 0; i < batch.size(); ++i, ++position.value) {
    const std::string key = entry_key(position);
    const rocksdb::Slice key_slice(key);
    const NewEntry& entry = batch[i];
    const rocksdb::Slice own_key = entry.key ? slice(*entry.key) : rocksdb::Slice();
    const std::array<rocksdb::Slice, 4> value{entry.key ? with_key : without_key, own_key,
                                              slice(chains[i]), rocksdb::Slice(entry.payload)};
    state_->batch.Put(state_->entries(), rocksdb::SliceParts(&key_slice, 1),
                      rocksdb::SliceParts(value.data(), static_cast<int>(value.size())));
    if (entry.key) state_->batch.Put(state_->keys(), own_key, key_slice);
  }
  return state_->write();
}

std::optional<std::string> RocksStore::write_epoch(std::uint64_t epoch) {
  state_->batch.Clear();
  state_->batch.Put(epoch_key, entry_key({epoch}));
  return state_->write();
}

RocksStore::Read<std::uint64_t> RocksStore::epoch() const {
  std::string value;
  const rocksdb::Status status = state_->db->Get({}, epoch_key, &value);
  if (status.IsNotFound()) return 0;
  if (!status.ok() || value.size() != 8) return std::unexpected(damage_of(status, state_->path));
  return position_of(value).value;
}

RocksStore::Read<Position> RocksStore::last() const {
  const std::unique_ptr<rocksdb::Iterator> end(state_->db->NewIterator({}, state_->entries()));
  end->SeekToLast();
  if (!end->status().ok()) return std::unexpected(damage_of(end->status(), state_->path));
  return end->Valid() ? position_of(end->key()) : Position{};
}

RocksStore::Read<std::optional<KeptEntry>> RocksStore::at(Position position) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      state_->db->Get({}, state_->entries(), entry_key(position), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(damage_of(status, state_->path));
  auto entry = decode(position, view(value));
  if (!entry)
    return std::unexpected(StoreDamage{state_->path, 0, "an entry of RocksDB has no chain"});
  return entry;
}

RocksStore::Read<std::optional<Position>> RocksStore::find(const Digest& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = state_->db->Get({}, state_->keys(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(damage_of(status, state_->path));
  if (value.size() != 8) return std::unexpected(no_position(state_->path));
  return position_of(value);
}

RocksStore::Read<KeySum> RocksStore::add_keys(KeySum sum, Position until) const {
  rocksdb::ReadOptions once;
  once.fill_cache = false;
  once.total_order_seek = true;  // all of them, whatever they begin with
  const std::unique_ptr<rocksdb::Iterator> key(state_->db->NewIterator(once, state_->keys()));
  Digest digest;
  for (key->SeekToFirst(); key->Valid(); key->Next()) {
    if (key->key().size() != digest.bytes.size() || key->value().size() != 8)
      return std::unexpected(no_position(state_->path));
    const Position position = position_of(key->value());
    if (position > until) continue;
    std::memcpy(digest.bytes.data(), key->key().data(), digest.bytes.size());
    sum.add(digest, position);
  }
  if (!key->status().ok()) return std::unexpected(damage_of(key->status(), state_->path));
  return sum;
}

void RocksStore::join_tables(bool may) {
  if (!state_->in_background || state_->joins_tables == may) return;
  // Where that fails it stays as it was, and is tried again when it is said again.
  for (rocksdb::ColumnFamilyHandle* family : {state_->entries(), state_->keys()})
    if (!state_->db->SetOptions(family, {{"disable_auto_compactions", may ? "false" : "true"}})
             .ok())
      return;
  state_->joins_tables = may;
}

std::uint64_t RocksStore::table_bytes() const {
  std::uint64_t sum = 0;
  for (rocksdb::ColumnFamilyHandle* family : {state_->entries(), state_->keys()}) {
    std::uint64_t bytes = 0;
    state_->db->GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
    sum += bytes;
  }
  return sum;
}

// Nothing is ever written twice or deleted, so the sums are exact.
RocksStore::Read<RocksStore::Counts> RocksStore::counts() const {
  std::array<std::uint64_t, 2> sums{};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    rocksdb::ColumnFamilyHandle* family = state_->families.at(i + 1);
    rocksdb::TablePropertiesCollection tables;
    const rocksdb::Status status = state_->db->GetPropertiesOfAllTables(family, &tables);
    if (!status.ok()) return std::unexpected(damage_of(status, state_->path));
    for (const auto& [name, properties] : tables) sums.at(i) += properties->num_entries;
    for (const std::string& property : {rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                                        rocksdb::DB::Properties::kNumEntriesImmMemTables}) {
      std::uint64_t in_memory = 0;
      if (state_->db->GetIntProperty(family, property, &in_memory)) sums.at(i) += in_memory;
    }
  }
  return Counts{sums[0], sums[1]};
}

RocksStore::Read<std::monostate> RocksStore::verify_checksums() const {
  const rocksdb::Status status = state_->db->VerifyChecksum();
  if (!status.ok()) return std::unexpected(damage_of(status, state_->path));
  return std::monostate{};
}

struct RocksStore::Cursor::State {
  bool is_used = false;
  std::unique_ptr<rocksdb::Iterator> iterator;  // from the second entry on
};

RocksStore::Cursor::Cursor(const RocksStore& store)
    : store_(store), state_(std::make_unique<State>()) {}

RocksStore::Cursor::~Cursor() = default;

// False: absent, or damaged, or its form is not that of an entry, which the store's at() tells.
bool RocksStore::Cursor::seek(Position position) {
  if (!state_->iterator) {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    options.readahead_size = 1U << 20U;
    state_->iterator.reset(store_.state_->db->NewIterator(options, store_.state_->entries()));
  }
  rocksdb::Iterator& iterator = *state_->iterator;
  if (iterator.Valid() && position_of(iterator.key()).value + 1 == position.value) iterator.Next();
  if (!iterator.Valid() || position_of(iterator.key()) != position)
    iterator.Seek(entry_key(position));
  return iterator.Valid() && position_of(iterator.key()) == position;
}

// An iterator opens every table, and reads ahead: for one entry, which is the usual question, that
// costs several times what the entry does.
RocksStore::Read<std::optional<KeptEntry>> RocksStore::Cursor::at(Position position) {
  if (!std::exchange(state_->is_used, true) || !seek(position)) return store_.at(position);
  auto entry = decode(position, view(state_->iterator->value()));
  if (!entry) return store_.at(position);
  return entry;
}

RocksStore::Read<RocksStore::Held> RocksStore::Cursor::compare(Position position,
                                                               const std::optional<Digest>& key,
                                                               const Digest& chain,
                                                               std::string_view payload) {
  if (!seek(position)) {
    const auto read = store_.at(position);
    if (!read) return std::unexpected(read.error());
    const std::optional<KeptEntry>& entry = *read;
    if (!entry) return Held::absent;
    const bool same = entry->key == key && entry->chain == chain && entry->payload == payload;
    return same ? Held::same : Held::other;
  }
  std::string_view value = view(state_->iterator->value());
  const auto starts_with = [&value](std::string_view part) {
    if (!value.starts_with(part)) return false;
    value.remove_prefix(part.size());
    return true;
  };
  const bool same = starts_with(key ? std::string_view("\1", 1) : std::string_view("\0", 1)) &&
                    (!key || starts_with(view(slice(*key)))) && starts_with(view(slice(chain))) &&
                    value == payload;
  if (same) return Held::same;
  if (decode(position, view(state_->iterator->value()))) return Held::other;
  const auto entry = store_.at(position);  // says what is wrong with it
  if (!entry) return std::unexpected(entry.error());
  return Held::other;
}

}  // namespace obverse
