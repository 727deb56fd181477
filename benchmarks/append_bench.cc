// Appending through the port, against the raw RocksDB synced batch of the same payloads, and
// against the same frame overwritten and synced in two preallocated files in parallel: what the
// disk allows. Rounds alternate in one run.
#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/beside.h"
#include "ledger/log/rocks_log.h"
#include "ledger/log/segment.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t payload_bytes = 300;
constexpr std::array<std::size_t, 5> batch_sizes{1, 32, 256, 4000, 8192};
constexpr std::uint64_t file_bytes = 64U << 20U;

struct Settings {
  std::string folder;
  double seconds = 0.5;  // of one round
  int rounds = 4;
  bool json = false;
};

std::vector<NewEntry> batch_of(std::size_t count, std::uint64_t& unique) {
  std::vector<NewEntry> batch(count);
  for (NewEntry& entry : batch) {
    entry.payload.assign(payload_bytes, static_cast<char>(++unique));
    const std::string seed = std::to_string(unique);
    std::ranges::copy(seed, entry.payload.begin());
    entry.key = sha256(seed);
  }
  return batch;
}

class Way {
 public:
  virtual ~Way() = default;
  virtual void commit(const std::vector<NewEntry>& batch) = 0;
};

class Port final : public Way {
 public:
  explicit Port(const std::string& folder) : log_(folder), head_(log_.acquire()) {}
  void commit(const std::vector<NewEntry>& batch) override {
    if (log_.append(head_, batch) != Appended::committed)
      throw std::runtime_error("the log did not commit");
  }

 private:
  RocksLog log_;
  Head head_;
};

class RawRocks final : public Way {
 public:
  explicit RawRocks(const std::string& folder) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::DB* db = nullptr;
    if (!rocksdb::DB::Open(options, folder, &db).ok())
      throw std::runtime_error("RocksDB does not open");
    db_.reset(db);
  }
  void commit(const std::vector<NewEntry>& batch) override {
    rocksdb::WriteBatch writes;
    for (const NewEntry& entry : batch) {
      std::array<char, 8> key{};
      ++position_;
      for (std::size_t i = 0; i < key.size(); ++i)
        key.at(i) = static_cast<char>(position_ >> (56 - 8 * i));
      writes.Put(rocksdb::Slice(key.data(), key.size()), entry.payload);
    }
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (!db_->Write(synced, &writes).ok()) throw std::runtime_error("RocksDB did not write");
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t position_ = 0;
};

class TwoFiles final : public Way {
 public:
  explicit TwoFiles(const std::string& folder) {
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      files_.at(i) = real_disk().create(folder + "/" + std::to_string(i));
      fill_with_zeros(*files_.at(i), 0, file_bytes);
    }
  }
  void commit(const std::vector<NewEntry>& batch) override {
    FrameHeader header;
    encode_frame(header, batch, frame_);
    if (offset_ + frame_.size() > file_bytes) offset_ = 0;
    beside_.start([this] { write(*files_[0]); });
    write(*files_[1]);
    beside_.wait();
    offset_ += frame_.size();
  }

 private:
  void write(DiskFile& file) {
    file.write(offset_, frame_);
    file.sync();
  }
  std::array<std::unique_ptr<DiskFile>, 2> files_;
  Beside beside_{"second file"};
  std::string frame_;
  std::uint64_t offset_ = 0;
};

struct Total {
  double seconds = 0;
  std::uint64_t entries = 0;
  std::vector<double> milliseconds;  // of each commit
  double rate() const { return static_cast<double>(entries) / seconds; }
  double quantile(double q) {
    std::ranges::sort(milliseconds);
    return milliseconds.at(
        static_cast<std::size_t>(q * static_cast<double>(milliseconds.size() - 1)));
  }
};

void round(Way& way, std::size_t size, double seconds, std::uint64_t& unique, Total& total) {
  double spent = 0;
  while (spent < seconds) {
    const std::vector<NewEntry> batch = batch_of(size, unique);
    const auto begin = Clock::now();
    way.commit(batch);
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    spent += took;
    total.entries += size;
    total.milliseconds.push_back(took * 1e3);
  }
  total.seconds += spent;
}

void measure(const Settings& settings, std::size_t size, bool first) {
  const std::string folder = settings.folder + "/" + std::to_string(size);
  std::array<std::unique_ptr<Way>, 3> ways{std::make_unique<Port>(folder + "-port"),
                                           std::make_unique<RawRocks>(folder + "-rocks"),
                                           std::make_unique<TwoFiles>(folder + "-files")};
  std::array<Total, 3> totals;
  std::uint64_t unique = 0;
  for (int i = 0; i < settings.rounds; ++i)
    for (std::size_t way = 0; way < ways.size(); ++way)
      round(*ways.at(way), size, settings.seconds, unique, totals.at(way));
  const double port = totals[0].rate();
  const double rocks = totals[1].rate();
  const double files = totals[2].rate();
  if (settings.json) {
    std::printf(
        "%s  {\"batch\": %zu, \"port_per_s\": %.0f, \"rocksdb_per_s\": %.0f, \"two_files_per_s\": "
        "%.0f, "
        "\"port_to_rocksdb\": %.3f, \"port_to_two_files\": %.3f, \"port_p50_ms\": %.3f, "
        "\"port_p99_ms\": %.3f}",
        first ? "" : ",\n", size, port, rocks, files, port / rocks, port / files,
        totals[0].quantile(0.5), totals[0].quantile(0.99));
  } else {
    std::printf("%6zu %12.0f %12.0f %12.0f %9.2f %9.2f %9.3f %9.3f %9.3f %9.3f\n", size, port,
                rocks, files, port / rocks, port / files, totals[0].quantile(0.5),
                totals[0].quantile(0.99), totals[1].quantile(0.5), totals[2].quantile(0.5));
  }
  std::fflush(stdout);
}

Settings settings_of(int count, char** arguments) {
  Settings settings;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--json") {
      settings.json = true;
    } else if (argument == "--seconds" && i + 1 < count) {
      settings.seconds = std::strtod(arguments[++i], nullptr);
    } else if (argument == "--folder" && i + 1 < count) {
      settings.folder = arguments[++i];
    } else {
      std::fprintf(
          stderr,
          "append_bench [--json] [--seconds OF-A-ROUND] [--folder ON-THE-DISK-TO-MEASURE]\n");
      std::exit(2);
    }
  }
  return settings;
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) {
  using namespace obverse;
  Settings settings = settings_of(count, arguments);
  std::string name = (settings.folder.empty() ? std::filesystem::temp_directory_path().string()
                                              : settings.folder) +
                     "/append-bench-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    std::perror("append_bench");
    return 1;
  }
  settings.folder = name;
  if (settings.json) {
    std::printf("[\n");
  } else {
    std::printf(
        "entries/s durable, payloads of %zu bytes with a key each; two files: the same frames "
        "overwritten\n",
        payload_bytes);
    std::printf("%6s %12s %12s %12s %9s %9s %9s %9s %9s %9s\n", "batch", "port", "rocksdb",
                "two files", "/rocksdb", "/files", "p50 ms", "p99 ms", "rocks p50", "files p50");
  }
  for (const std::size_t size : batch_sizes) measure(settings, size, size == batch_sizes.front());
  if (settings.json) std::printf("\n]\n");
  std::filesystem::remove_all(settings.folder);
  return 0;
}
