#include "tests/log/simulated_rocks.h"

#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <atomic>
#include <cerrno>

namespace obverse {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Content = std::shared_ptr<SimulatedDisk::Content>;

template <class Action>
IOStatus tried(Action action) {
  try {
    action();
    return IOStatus::OK();
  } catch (const DiskFault& fault) {
    if (fault.code == ENOSPC) return IOStatus::NoSpace(fault.what());
    if (fault.code == ENOENT) return IOStatus::PathNotFound(fault.what());
    return IOStatus::IOError(fault.what());
  }
}

IOStatus read_into(const SimulatedDisk& disk, const Content& content, std::uint64_t offset,
                   std::size_t n, Slice* result, char* scratch) {
  return tried([&] { *result = Slice(scratch, disk.read_into(*content, offset, n, scratch)); });
}

class Writable final : public rocksdb::FSWritableFile {
 public:
  Writable(SimulatedDisk& disk, Content content) : disk_(disk), content_(std::move(content)) {}
  using FSWritableFile::Append;
  using FSWritableFile::PositionedAppend;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return tried(
        [&] { disk_.write(*content_, disk_.size(*content_), {data.data(), data.size()}); });
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    return tried([&] { disk_.truncate(*content_, size); });
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return tried([&] { disk_.sync(*content_); });
  }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return disk_.size(*content_); }

 private:
  SimulatedDisk& disk_;
  Content content_;
};

class Sequential final : public rocksdb::FSSequentialFile {
 public:
  Sequential(SimulatedDisk& disk, Content content) : disk_(disk), content_(std::move(content)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    const IOStatus status = read_into(disk_, content_, at_, n, result, scratch);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  Content content_;
  std::uint64_t at_ = 0;
};

class RandomAccess final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccess(SimulatedDisk& disk, Content content) : disk_(disk), content_(std::move(content)) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return read_into(disk_, content_, offset, n, result, scratch);
  }

 private:
  SimulatedDisk& disk_;
  Content content_;
};

class Folder final : public rocksdb::FSDirectory {
 public:
  Folder(SimulatedDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return tried([&] { disk_.sync_folder(path_); });
  }

 private:
  SimulatedDisk& disk_;
  std::string path_;
};

std::string plain(const std::string& path) {
  std::string out;
  for (const char c : path)
    if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

class Files final : public rocksdb::FileSystem {
 public:
  Files(SimulatedDisk& disk, bool keeps_options) : disk_(disk), keeps_options_(keeps_options) {}
  const char* Name() const override { return "SimulatedFiles"; }

  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* out,
                             IODebugContext*) override {
    return opened<Sequential>(path, out);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                               IODebugContext*) override {
    return opened<RandomAccess>(path, out);
  }
  IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* out,
                              IODebugContext*) override {
    return opened<Writable>(path, out);
  }
  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* out,
                           IODebugContext*) override {
    if (!keeps_options_ && path.find("/OPTIONS-") != std::string::npos)
      return IOStatus::NotSupported();
    return tried([&] { *out = std::make_unique<Writable>(disk_, disk_.make(plain(path))); });
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* out, IODebugContext*) override {
    *out = std::make_unique<Folder>(disk_, plain(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    return disk_.exists(plain(path)) ? IOStatus::OK() : IOStatus::NotFound();
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* out,
                       IODebugContext*) override {
    *out = disk_.list(plain(path));
    return disk_.exists(plain(path)) ? IOStatus::OK() : IOStatus::NotFound();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return tried([&] { disk_.remove(plain(path)); });
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return tried([&] { disk_.make_folders(plain(path)); });
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* context) override {
    return CreateDir(path, options, context);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions& options,
                     IODebugContext* context) override {
    return DeleteFile(path, options, context);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* size,
                       IODebugContext*) override {
    return tried([&] { *size = disk_.open_to_read(plain(path))->size(); });
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return tried([&] { disk_.rename(plain(from), plain(to)); });
  }
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    *lock = new rocksdb::FileLock;
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete lock;
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                           IODebugContext*) override {
    *out = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is,
                       IODebugContext*) override {
    *is = disk_.exists(plain(path)) && disk_.find(plain(path)) == nullptr;
    return IOStatus::OK();
  }
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>*,
                     IODebugContext*) override {
    return IOStatus::NotSupported();
  }

 private:
  template <class Made, class Out>
  IOStatus opened(const std::string& path, Out* out) {
    const Content content = disk_.find(plain(path));
    if (!content) return IOStatus::PathNotFound(path);
    *out = std::make_unique<Made>(disk_, content);
    return IOStatus::OK();
  }

  SimulatedDisk& disk_;
  bool keeps_options_;
};

// Time that only sleeping and asking moves: RocksDB's pauses after errors cost nothing.
class Clock final : public rocksdb::SystemClockWrapper {
 public:
  Clock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SimulatedClock"; }
  uint64_t NowMicros() override { return now_ += 1; }
  uint64_t NowNanos() override { return NowMicros() * 1000; }
  void SleepForMicroseconds(int microseconds) override {
    now_ += static_cast<std::uint64_t>(microseconds);
  }
  rocksdb::Status GetCurrentTime(int64_t* seconds) override {
    *seconds = static_cast<std::int64_t>(now_ / 1'000'000);
    return rocksdb::Status::OK();
  }

 private:
  std::atomic<std::uint64_t> now_{1'700'000'000'000'000};
};

class Env final : public rocksdb::EnvWrapper {
 public:
  Env(std::unique_ptr<rocksdb::Env> base, const std::shared_ptr<rocksdb::FileSystem>& files)
      : EnvWrapper(std::move(base)) {
    file_system_ = files;
    system_clock_ = std::make_shared<Clock>();
  }
  uint64_t NowMicros() override { return system_clock_->NowMicros(); }
  void SleepForMicroseconds(int microseconds) override {
    system_clock_->SleepForMicroseconds(microseconds);
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> simulated_env(SimulatedDisk& disk, bool keeps_options) {
  const auto files = std::make_shared<Files>(disk, keeps_options);
  return std::make_unique<Env>(rocksdb::NewCompositeEnv(files), files);
}

RocksLogOptions simulated_options(SimulatedDisk& disk, rocksdb::Env& env) {
  RocksLogOptions options;
  options.disk = &disk;
  options.rocks.env = &env;
  options.rocks.write_buffer_bytes = 1U << 16U;
  options.tail.segment_bytes = 1U << 16U;
  options.tail.prepare_ahead = false;
  options.free_bytes_min = 1U << 20U;
  options.ballast_bytes = 0;
  return options;
}

RocksLogOptions one_thread_options(SimulatedDisk& disk, rocksdb::Env& env, bool tail_first) {
  RocksLogOptions options = simulated_options(disk, env);
  options.rocks.write_buffer_bytes = 16U << 20U;  // more than is written between two openings
  options.rocks.in_background = false;
  options.tail_runs = tail_first ? Beside::Runs::at_start : Beside::Runs::at_wait;
  return options;
}

}  // namespace obverse
