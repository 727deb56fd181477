#include "ledger/gtfs/archive.h"

#include <zip.h>

#include <fstream>
#include <memory>
#include <optional>
#include <system_error>

namespace obverse::gtfs {
namespace {

namespace fs = std::filesystem;

Fault wrong(const std::string& file, std::string what) {
  return Fault{{file, 0, ""}, std::move(what)};
}

// Counts what was taken, so that many files are bounded as one is.
class Budget {
 public:
  std::optional<Fault> take(const std::string& file, std::uint64_t bytes) {
    if (bytes > file_bytes_max) return wrong(file, over(file_bytes_max));
    taken_ += bytes;
    if (taken_ > feed_bytes_max)
      return wrong(file, "with the files before it, " + over(feed_bytes_max));
    return std::nullopt;
  }

 private:
  static std::string over(std::uint64_t most) {
    return "is larger than " + std::to_string(most >> 20) + " MiB";
  }
  std::uint64_t taken_ = 0;
};

Read<std::string> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad())
    return std::unexpected(wrong(file.string(), "cannot be read: check the path and its rights"));
  return bytes;
}

Read<Files> from_folder(const fs::path& folder, const std::set<std::string>& names) {
  Files files;
  Budget budget;
  std::error_code failed;
  std::size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (++entries > entries_max)
      return std::unexpected(wrong(folder.string(), "has too many files to be a feed"));
    if (!entry.is_regular_file(failed)) continue;
    if (!names.contains(name)) {
      files.others.insert(name);
      continue;
    }
    const auto size = entry.file_size(failed);
    if (failed) return std::unexpected(wrong(name, "cannot be read: " + failed.message()));
    if (const auto fault = budget.take(name, size)) return std::unexpected(*fault);
    Read<std::string> bytes = bytes_of(entry.path());
    if (!bytes) return std::unexpected(bytes.error());
    files.wanted.emplace(name, std::move(*bytes));
  }
  if (failed) return std::unexpected(wrong(folder.string(), "cannot be read: " + failed.message()));
  return files;
}

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

// An archive may say any size of an entry: what is read is what counts.
Read<std::string> bytes_of(zip_t& archive, zip_uint64_t index, const std::string& name) {
  const Entry entry(zip_fopen_index(&archive, index, 0));
  if (!entry)
    return std::unexpected(
        wrong(name, std::string("cannot be unpacked: ") + zip_strerror(&archive)));
  std::string bytes;
  std::string chunk(1U << 16, '\0');
  while (true) {
    const zip_int64_t got = zip_fread(entry.get(), chunk.data(), chunk.size());
    if (got < 0) return std::unexpected(wrong(name, "cannot be unpacked: the archive is damaged"));
    if (got == 0) return bytes;
    bytes.append(chunk, 0, static_cast<std::size_t>(got));
    if (bytes.size() > file_bytes_max)
      return std::unexpected(
          wrong(name, "unpacks to more than " + std::to_string(file_bytes_max >> 20) + " MiB"));
  }
}

Read<Files> from_zip(const fs::path& path, const std::set<std::string>& names) {
  int code = 0;
  const Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (!archive)
    return std::unexpected(
        wrong(path.string(), "is no whole zip archive: give a GTFS zip, or a folder of its files"));
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  if (entries < 0 || static_cast<std::size_t>(entries) > entries_max)
    return std::unexpected(wrong(path.string(), "has too many files to be a feed"));
  Files files;
  Budget budget;
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(entries); ++index) {
    zip_stat_t about{};
    if (zip_stat_index(archive.get(), index, 0, &about) != 0 || (about.valid & ZIP_STAT_NAME) == 0)
      return std::unexpected(wrong(path.string(), "has an entry without a name"));
    const std::string name = about.name;
    if (!names.contains(name)) {
      files.others.insert(name);
      continue;
    }
    Read<std::string> bytes = bytes_of(*archive, index, name);
    if (!bytes) return std::unexpected(bytes.error());
    if (const auto fault = budget.take(name, bytes->size())) return std::unexpected(*fault);
    if (!files.wanted.emplace(name, std::move(*bytes)).second)
      return std::unexpected(wrong(name, "is in the archive twice"));
  }
  return files;
}

}  // namespace

Read<Files> read_files(const fs::path& path, const std::set<std::string>& names) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return from_folder(path, names);
  if (!fs::is_regular_file(path, failed))
    return std::unexpected(
        wrong(path.string(), "is not there: give a GTFS zip, or a folder of its files"));
  return from_zip(path, names);
}

}  // namespace obverse::gtfs
