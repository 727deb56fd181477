// The first copy of every entry: RocksDB, and nothing but it. It keeps and finds; it judges no
// chain and repairs nothing. Column families: entries (position -> entry), keys (key -> position,
// bloom filter), default (the epoch).
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "ledger/log/event_log.h"
#include "ledger/log/key_sum.h"

namespace rocksdb {
class Env;
}

namespace obverse {

// An entry as both copies keep it.
struct KeptEntry {
  Position position;
  std::optional<Digest> key;
  Digest chain;
  Bytes payload;
  friend bool operator==(const KeptEntry&, const KeptEntry&) = default;
};

// Bytes of RocksDB that are not what it wrote, where RocksDB says so.
struct StoreDamage {
  std::string file;  // the store's folder where RocksDB names no file
  std::uint64_t offset = 0;
  std::string why;
};

struct StoreRefusal {
  bool is_damage = false;  // the files are wrong; else the machine is: permission, space, lock
  StoreDamage damage;
};

class RocksStore {
 public:
  enum class Opening : std::uint8_t {
    new_store,  // must not exist
    strict,  // refuses a write-ahead log with a bad record before its end, and changes nothing then
    lenient,    // takes the write-ahead log up to its first bad record and forgets the rest
    read_only,  // lenient, and changes no file
  };
  struct Options {
    rocksdb::Env* env = nullptr;  // the operating system's if absent
    std::uint64_t write_buffer_bytes = 64U << 20U;
    bool sync = true;  // only a negative control of the tests says false
    // False in a simulation, which has one thread: nothing is compacted, and written out only at
    // opening.
    bool in_background = true;
  };

  static std::expected<std::unique_ptr<RocksStore>, StoreRefusal> open(const std::string& path,
                                                                       Opening how,
                                                                       const Options& options);
  ~RocksStore();

  // One write, one sync: batch[i] at position first + i, with chains[i] after it. Says why it
  // failed, if it did.
  std::optional<std::string> write(std::span<const NewEntry> batch, Position first,
                                   std::span<const Digest> chains);
  std::optional<std::string> write_epoch(std::uint64_t epoch);

  template <class T>
  using Read = std::expected<T, StoreDamage>;
  Read<std::uint64_t> epoch() const;
  Read<Position> last() const;  // 0 where there is none
  Read<std::optional<KeptEntry>> at(Position position) const;
  Read<std::optional<Position>> find(const Digest& key) const;
  Read<KeySum> add_keys(KeySum sum, Position until) const;  // of all positions up to there
  struct Counts {
    std::uint64_t entries = 0;
    std::uint64_t keys = 0;
  };
  // Whether tables may be joined in the background, which takes their space again until it is done.
  // Not from opening on, until it is said.
  void join_tables(bool may);
  std::uint64_t table_bytes() const;
  Read<Counts> counts() const;                    // by the tables' own words; nothing is scanned
  Read<std::monostate> verify_checksums() const;  // of every block of every table

  enum class Held : std::uint8_t { absent, same, other };
  // Entries one after another, cheaper than at() for each.
  class Cursor {
   public:
    explicit Cursor(const RocksStore& store);
    ~Cursor();
    Read<std::optional<KeptEntry>> at(Position position);  // positions only grow
    // How the entry there stands to this one; nothing is copied. Positions only grow.
    Read<Held> compare(Position position, const std::optional<Digest>& key, const Digest& chain,
                       std::string_view payload);

   private:
    struct State;
    bool seek(Position position);
    const RocksStore& store_;
    std::unique_ptr<State> state_;
  };

 private:
  struct State;
  explicit RocksStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace obverse
