#include "ledger/gtfs/archive.h"

#include <zip.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>

using namespace obverse::gtfs;
namespace fs = std::filesystem;

namespace {

// A folder that is gone with the test.
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("gtfs-" + std::to_string(std::random_device()()))) {
    fs::create_directories(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

void write_zip(const fs::path& file, const std::map<std::string, std::string>& entries) {
  int code = 0;
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  BOOST_REQUIRE(archive != nullptr);
  for (const auto& [name, bytes] : entries) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    BOOST_REQUIRE(zip_file_add(archive, name.c_str(), source, 0) >= 0);
  }
  BOOST_REQUIRE(zip_close(archive) == 0);
}

const std::set<std::string> wanted{"stops.txt", "routes.txt"};

std::string fault_of(const fs::path& path) {
  const auto files = read_files(path, wanted);
  return files ? "" : text(files.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(archive)

BOOST_AUTO_TEST_CASE(a_folder_and_a_zip_of_it_are_the_same) {
  const Folder folder;
  write(folder.path / "stops.txt", "stop_id\nA\n");
  write(folder.path / "other.txt", "x\n");
  fs::create_directory(folder.path / "sub");
  const auto files = read_files(folder.path, wanted);
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->wanted.at("stops.txt") == "stop_id\nA\n");
  BOOST_TEST(files->others.contains("other.txt"));

  const Folder other;
  const auto zip = other.path / "feed.zip";
  write_zip(zip, {{"stops.txt", "stop_id\nA\n"}, {"other.txt", "x\n"}, {"in/stops.txt", "y\n"}});
  const auto unpacked = read_files(zip, wanted);
  BOOST_REQUIRE(unpacked.has_value());
  BOOST_TEST((unpacked->wanted == files->wanted));
  BOOST_TEST(unpacked->others.contains("in/stops.txt"));
}

BOOST_AUTO_TEST_CASE(what_is_no_feed_is_named) {
  const Folder folder;
  BOOST_TEST(fault_of(folder.path / "none").find("is not there") != std::string::npos);
  write(folder.path / "text.zip", "this is no archive");
  BOOST_TEST(fault_of(folder.path / "text.zip").find("no whole zip") != std::string::npos);
}

// Cut off anywhere, or with any byte changed, an archive is refused or gives what was packed.
BOOST_AUTO_TEST_CASE(a_damaged_archive_is_never_taken_for_another_feed) {
  const Folder folder;
  const auto zip = folder.path / "feed.zip";
  std::string bytes = "stop_id\n";
  for (int i = 0; i < 200; ++i) bytes += "stop-" + std::to_string(i) + "\n";
  write_zip(zip, {{"stops.txt", bytes}});
  std::ifstream in(zip, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    write(folder.path / "changed.zip", changed);
    write(folder.path / "short.zip", whole.substr(0, at));
    BOOST_TEST(!read_files(folder.path / "short.zip", wanted).has_value());
    const auto files = read_files(folder.path / "changed.zip", wanted);
    if (!files) ++refused;
    if (files && files->wanted.contains("stops.txt"))
      BOOST_TEST((files->wanted.at("stops.txt") == bytes), "byte " << at);
  }
  BOOST_TEST(refused > whole.size() / 2);
}

BOOST_AUTO_TEST_SUITE_END()
