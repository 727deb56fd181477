#include "tests/log/simulated_disk.h"

#include <algorithm>
#include <cerrno>

namespace obverse {
namespace {

constexpr std::uint64_t sector = 512;

class File final : public DiskFile {
 public:
  File(SimulatedDisk& disk, std::shared_ptr<SimulatedDisk::Content> content)
      : disk_(disk), content_(std::move(content)) {}
  void write(std::uint64_t offset, std::string_view bytes) override {
    disk_.write(*content_, offset, bytes);
  }
  std::string read(std::uint64_t offset, std::uint64_t bytes) const override {
    return disk_.read(*content_, offset, bytes);
  }
  void sync() override { disk_.sync(*content_); }
  std::uint64_t size() const override { return disk_.size(*content_); }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<SimulatedDisk::Content> content_;
};

bool within(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path[folder.size()] == '/' && path.starts_with(folder);
}

}  // namespace

void SimulatedDisk::step() {
  if (!dead_ && ++operations_ >= power_until_) dead_ = true;
  if (dead_) throw DiskFault("power lost", EIO);
}

void SimulatedDisk::apply(Names& names, const Change& change) {
  if (change.kind == Change::Kind::put) names[change.path] = change.content;
  if (change.kind == Change::Kind::remove) names.erase(change.path);
  if (change.kind != Change::Kind::rename) return;
  Names moved;
  for (const auto& [path, content] : names)
    if (path == change.path || within(path, change.path))
      moved[change.to + path.substr(change.path.size())] = content;
  std::erase_if(names, [&](const auto& name) {
    return name.first == change.path || within(name.first, change.path) || name.first == change.to;
  });
  names.merge(moved);
}

void SimulatedDisk::change(Change change) {
  step();
  apply(live_, change);
  used_.reset();
  changes_.push_back(std::move(change));
}

std::shared_ptr<SimulatedDisk::Content> SimulatedDisk::make(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  auto content = std::make_shared<Content>();
  change({Change::Kind::put, path, "", content});
  return content;
}

std::shared_ptr<SimulatedDisk::Content> SimulatedDisk::find(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  const auto found = live_.find(path);
  return found == live_.end() ? nullptr : found->second;
}

std::unique_ptr<DiskFile> SimulatedDisk::create(const std::string& path) {
  return std::make_unique<File>(*this, make(path));
}

std::unique_ptr<DiskFile> SimulatedDisk::open(const std::string& path) {
  auto content = find(path);
  if (!content) throw DiskFault("no file " + path, ENOENT);
  return std::make_unique<File>(*this, std::move(content));
}

std::unique_ptr<const DiskFile> SimulatedDisk::open_to_read(const std::string& path) const {
  return const_cast<SimulatedDisk*>(this)->open(path);
}

bool SimulatedDisk::exists(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  return live_.contains(path);
}

std::vector<std::string> SimulatedDisk::list(const std::string& folder) const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, content] : live_)
    if (within(path, folder) && path.find('/', folder.size() + 1) == std::string::npos)
      names.push_back(path.substr(folder.size() + 1));
  return names;
}

void SimulatedDisk::make_folders(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (!live_.contains(part)) change({Change::Kind::put, part, "", nullptr});
    if (end == std::string::npos) return;
  }
}

void SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::scoped_lock lock(mutex_);
  if (!live_.contains(from)) throw DiskFault("no file " + from, ENOENT);
  change({Change::Kind::rename, from, to, nullptr});
}

void SimulatedDisk::remove(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (!live_.contains(path)) throw DiskFault("no file " + path, ENOENT);
  change({Change::Kind::remove, path, "", nullptr});
}

void SimulatedDisk::sync_folder(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  step();
  if (lies_) return;
  const auto touches = [&](const Change& change) {
    return within(change.path, path) || within(change.to, path);
  };
  const auto last = std::find_if(changes_.rbegin(), changes_.rend(), touches).base();
  for (auto each = changes_.begin(); each != last; ++each) apply(durable_, *each);
  changes_.erase(changes_.begin(), last);
}

void SimulatedDisk::reserve(const std::string& path, std::uint64_t bytes) {
  write(*make(path), 0, std::string(bytes, '\0'));
}

std::uint64_t SimulatedDisk::free_bytes(const std::string&) const {
  const std::scoped_lock lock(mutex_);
  if (!used_) {
    used_ = 0;
    for (const auto& [path, content] : live_)
      if (content) *used_ += content->live.size();
  }
  return *used_ > capacity_ ? 0 : capacity_ - *used_;
}

std::unique_ptr<DiskLock> SimulatedDisk::lock(const std::string&) {
  return std::make_unique<DiskLock>();
}

void SimulatedDisk::write(Content& content, std::uint64_t offset, std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t end = offset + bytes.size();
  if (end > content.live.size() && end - content.live.size() > free_bytes(""))
    throw DiskFault("disk full", ENOSPC);
  const bool was_alive = !dead_;
  if (content.is_deaf) bytes = {};
  if (was_alive && operations_ + 1 >= power_until_)
    bytes = bytes.substr(0, random_() % (bytes.size() + 1));
  if (was_alive) {
    if (offset + bytes.size() > content.live.size()) {
      if (used_) *used_ += offset + bytes.size() - content.live.size();
      content.live.resize(offset + bytes.size());
    }
    bytes.copy(content.live.data() + offset, bytes.size());
    content.dirty.push_back({offset, bytes.size(), content.stray.value_or(offset)});
    if (content.stray) ++misdeeds_.stray_writes;
    content.stray.reset();
  }
  step();
}

void SimulatedDisk::truncate(Content& content, std::uint64_t size) {
  const std::scoped_lock lock(mutex_);
  step();
  used_.reset();
  content.live.resize(size);
  content.parted = true;
}

void SimulatedDisk::sync(Content& content) {
  const std::scoped_lock lock(mutex_);
  step();
  if (fail_sync_in_ != 0 && --fail_sync_in_ == 0) {
    content.live = content.durable;
    content.dirty.clear();
    content.parted = false;
    ++misdeeds_.failed_syncs;
    throw DiskFault("sync failed", EIO);
  }
  if (lies_) return;
  content.durable.resize(content.live.size());
  const std::uint64_t size = content.live.size();
  for (const Dirty& each : content.dirty) {
    content.parted = content.parted || each.lands != each.offset;
    if (each.offset >= size || each.lands >= size) continue;
    const std::uint64_t bytes = std::min({each.bytes, size - each.offset, size - each.lands});
    content.live.copy(content.durable.data() + each.lands, bytes, each.offset);
  }
  content.dirty.clear();
}

std::string SimulatedDisk::read(const Content& content, std::uint64_t offset,
                                std::uint64_t bytes) const {
  const std::scoped_lock lock(mutex_);
  if (dead_) throw DiskFault("power lost", EIO);
  return offset >= content.live.size() ? std::string() : content.live.substr(offset, bytes);
}

std::size_t SimulatedDisk::read_into(const Content& content, std::uint64_t offset,
                                     std::size_t bytes, char* to) const {
  const std::scoped_lock lock(mutex_);
  if (dead_) throw DiskFault("power lost", EIO);
  return offset >= content.live.size() ? 0 : content.live.copy(to, bytes, offset);
}

std::uint64_t SimulatedDisk::size(const Content& content) const {
  const std::scoped_lock lock(mutex_);
  return content.live.size();
}

void SimulatedDisk::lose_power_after(std::uint64_t operations) {
  const std::scoped_lock lock(mutex_);
  power_until_ = operations_ + operations;
}

bool SimulatedDisk::dead() const {
  const std::scoped_lock lock(mutex_);
  return dead_;
}

// Each sector of each un-synced write is old, new, or (rarely) garbage where it was written.
void SimulatedDisk::decide_survivors(Content& content) {
  std::string& out = content.durable;
  if (content.live.size() > out.size())
    out.resize(out.size() + random_() % (content.live.size() - out.size() + 1));
  for (const auto& [offset, bytes, lands] : content.dirty) {
    ++misdeeds_.torn_writes;
    if (lands != offset) continue;
    for (std::uint64_t at = offset; at < std::min<std::uint64_t>(offset + bytes, out.size());) {
      const std::uint64_t end =
          std::min({(at / sector + 1) * sector, offset + bytes, std::uint64_t{out.size()}});
      const std::uint64_t fate = random_() % 16;
      for (; at < end; ++at) {
        if (fate >= 8 && at < content.live.size()) out[at] = content.live[at];
        if (fate == 0) out[at] = static_cast<char>(random_());
      }
    }
  }
}

// Most files have not changed since they were synced, and stay as they are: a start is asked for
// often, and a disk is large.
void SimulatedDisk::reboot() {
  const std::scoped_lock lock(mutex_);
  const std::size_t kept = random_() % (changes_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) apply(durable_, changes_[i]);
  changes_.clear();
  live_.clear();
  for (auto& [path, content] : durable_) {
    if (!content) continue;
    // Handles of the time before write into nothing.
    if (content.use_count() > 1) content = std::make_shared<Content>(*content);
    const bool same_size = content->live.size() == content->durable.size();
    if (content->dirty.empty() && same_size && !content->parted) {
      content->stray.reset();
      continue;
    }
    if (!content->dirty.empty() || !same_size) decide_survivors(*content);
    *content = {content->durable, std::move(content->durable), {}, {}};
  }
  live_ = durable_;
  used_.reset();
  fail_sync_in_ = 0;
  dead_ = false;
  power_until_ = ~std::uint64_t{0};
}

void SimulatedDisk::fail_sync(std::uint64_t in_so_many) {
  const std::scoped_lock lock(mutex_);
  fail_sync_in_ = in_so_many;
}

void SimulatedDisk::misdirect_next_write(const std::string& path, std::uint64_t lands) {
  const std::scoped_lock lock(mutex_);
  if (const auto content = find(path)) content->stray = lands;
}

void SimulatedDisk::deafen(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (const auto content = find(path)) content->is_deaf = true;
}

void SimulatedDisk::flip(const std::string& path, std::uint64_t offset, unsigned bit) {
  const std::scoped_lock lock(mutex_);
  const auto content = find(path);
  if (!content) return;
  for (std::string* bytes : {&content->live, &content->durable})
    if (offset < bytes->size())
      (*bytes)[offset] =
          static_cast<char>(static_cast<unsigned char>((*bytes)[offset]) ^ (1U << bit % 8U));
}

std::uint64_t SimulatedDisk::durable_bytes(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  const auto content = find(path);
  return content ? content->durable.size() : 0;
}

void SimulatedDisk::lie_about_syncs(bool lies) {
  const std::scoped_lock lock(mutex_);
  lies_ = lies;
}

void SimulatedDisk::set_capacity(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  capacity_ = bytes;
}

std::uint64_t SimulatedDisk::operations() const {
  const std::scoped_lock lock(mutex_);
  return operations_;
}

SimulatedDisk::Misdeeds SimulatedDisk::misdeeds() const {
  const std::scoped_lock lock(mutex_);
  return misdeeds_;
}

std::map<std::string, std::string> SimulatedDisk::image() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, std::string> out;
  for (const auto& [path, content] : live_)
    out[content ? path : path + "/"] = content ? content->live : "";
  return out;
}

void SimulatedDisk::restore(const std::map<std::string, std::string>& image) {
  const std::scoped_lock lock(mutex_);
  live_.clear();
  used_.reset();
  changes_.clear();
  for (const auto& [path, bytes] : image) {
    if (path.ends_with('/')) {
      live_[path.substr(0, path.size() - 1)] = nullptr;
    } else {
      live_[path] = std::make_shared<Content>(Content{bytes, bytes, {}, {}});
    }
  }
  durable_ = live_;
  dead_ = false;
  power_until_ = ~std::uint64_t{0};
}

}  // namespace obverse
