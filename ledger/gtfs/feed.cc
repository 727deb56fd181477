#include "ledger/gtfs/feed.h"

#include "ledger/gtfs/archive.h"
#include "ledger/gtfs/standard.h"

namespace obverse::gtfs {

bool Feed::has_any(std::string_view file) const {
  return has(file) || others.contains(std::string(file));
}

const Table& Feed::table(std::string_view file) const {
  static const Table nothing;
  const auto found = tables.find(file);
  return found == tables.end() ? nothing : found->second;
}

Read<Feed> read_feed(const std::filesystem::path& path) {
  Read<Files> files = read_files(path, described_names());
  if (!files) return std::unexpected(files.error());
  if (files->wanted.empty())
    return std::unexpected(
        Fault{{path.string(), 0, ""},
              "has none of the files of a GTFS feed at its root: give the folder or zip that has "
              "stops.txt"});
  Read<Feed> feed = feed_of(files->wanted);
  if (feed) feed->others.insert(files->others.begin(), files->others.end());
  return feed;
}

Read<Feed> feed_of(const std::map<std::string, std::string>& files) {
  const std::set<std::string> wanted = described_names();
  Feed feed;
  for (const auto& [name, bytes] : files) {
    if (!wanted.contains(name)) {
      feed.others.insert(name);
      continue;
    }
    Read<Table> table = read_csv(name, bytes, feed.report);
    if (!table) return std::unexpected(table.error());
    feed.tables.emplace(name, std::move(*table));
  }
  return feed;
}

}  // namespace obverse::gtfs
