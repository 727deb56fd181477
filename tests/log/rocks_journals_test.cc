// What a start says of damage in RocksDB's files: which file, at which byte, and from which
// position on nothing could be read.
#include "ledger/log/rocks_journals.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/rocks_wal.h"
#include "tests/log/conformance.h"
#include "tests/log/simulated_rocks.h"

namespace obverse {
namespace {

using Image = std::map<std::string, std::string>;

struct Bench {
  SimulatedDisk disk;
  std::unique_ptr<rocksdb::Env> env = simulated_env(disk);

  RocksLogOptions options() {
    RocksLogOptions options = simulated_options(disk, *env);
    options.rocks.write_buffer_bytes = 8U << 20U;
    options.verify_all = true;
    return options;
  }
};

// Positions 1 to 200 are in tables, 201 to 400 in the write-ahead log, ten a batch.
const Image& crashed() {
  static const Image image = [] {
    Bench bench;
    Image last;
    for (std::uint64_t life = 0; life < 2; ++life) {
      RocksLog log("/log", bench.options());
      Head head = log.acquire();
      for (std::uint64_t batch = 0; batch < 20; ++batch)
        BOOST_TEST((log.append(head, conformance::entries_of(head.last.value + 1, 10)) ==
                    Appended::committed));
      last = bench.disk.image();
    }
    return last;
  }();
  return image;
}

// The largest: tables are of entries and of keys.
std::string path_of(const Image& image, const std::string& part) {
  std::string largest;
  for (const auto& [path, bytes] : image)
    if (path.find("/rocks/") != std::string::npos && path.find(part) != std::string::npos &&
        (largest.empty() || bytes.size() > image.at(largest).size()))
      largest = path;
  return largest;
}

// What the start says of it; it must have repaired it.
std::string said_of(const Image& image) {
  Bench bench;
  bench.disk.restore(image);
  RocksLog log("/log", bench.options());
  BOOST_TEST(conformance::differs(log, 400) == "");
  std::string words;
  for (const std::string& line : log.report()) words += line + "\n";
  return words;
}

void names(const std::string& words, const std::string& part) {
  BOOST_TEST((words.find(part) != std::string::npos), "\"" << part << "\" is not in:\n" << words);
}

std::string at(const std::string& path, std::uint64_t offset) {
  return path + " at byte " + std::to_string(offset) + ": ";
}

BOOST_AUTO_TEST_SUITE(rocks_journals)

BOOST_AUTO_TEST_CASE(a_whole_directory_is_no_contradiction_and_nothing_is_said) {
  Bench bench;
  bench.disk.restore(crashed());
  const RocksJournals journals(bench.disk, "/log/rocks");
  BOOST_TEST(!journals.contradiction().has_value());
  BOOST_REQUIRE(journals.last_log() != nullptr);
  const std::string log = path_of(crashed(), ".log");
  BOOST_TEST(journals.last_log()->path == log);
  BOOST_TEST(journals.last_log()->end == crashed().at(log).size());
  BOOST_TEST(!journals.last_log()->goes_on);
  BOOST_TEST(said_of(crashed()) == "");
}

BOOST_AUTO_TEST_CASE(a_log_cut_short_is_named_where_its_records_end) {
  Image image = crashed();
  const std::string path = path_of(image, ".log");
  const std::string whole = image[path];
  image[path].resize(whole.size() - 10);
  const WalLook look = look_at_wal(image[path]);
  BOOST_TEST(look.goes_on);
  const std::string torn = said_of(image);
  names(torn, at(path, look.end));
  names(torn, "RocksDB lacks positions 391 to 400");
  image[path] = whole.substr(0, look.end);  // where a record ends, it looks like a whole log
  BOOST_TEST(!look_at_wal(image[path]).goes_on);
  const std::string shorter = said_of(image);
  names(shorter, at(path, look.end));
  names(shorter, "RocksDB lacks positions 391 to 400");
  image[path].clear();
  names(said_of(image), at(path, 0) + "its good records end here; RocksDB lacks positions 201");
}

BOOST_AUTO_TEST_CASE(zeros_among_records_end_a_log_and_zeros_behind_them_do_not) {
  const std::string& whole = crashed().at(path_of(crashed(), ".log"));
  BOOST_REQUIRE(whole.size() > 40'000U);
  const WalLook reserved = look_at_wal(whole + std::string(70'000, '\0'));
  BOOST_TEST(reserved.end == whole.size());
  BOOST_TEST(!reserved.goes_on);
  std::string lost = whole;
  lost.replace(8192, 4096, 4096, '\0');
  const WalLook look = look_at_wal(lost);
  BOOST_TEST(look.goes_on);
  BOOST_TEST(look.end <= 8192U);
  BOOST_TEST(look_at_wal(std::string_view(whole).substr(0, look.end)).end == look.end);
  // From where a record begins up to the next block, which is good: RocksDB reads over it.
  const std::size_t begin = look.end;
  lost = whole;
  lost.replace(begin, 32768 - begin, 32768 - begin, '\0');
  BOOST_TEST(!first_bad_record(std::string_view(lost).substr(0, 32768)).has_value());
  BOOST_TEST(look_at_wal(lost).end == begin);
  BOOST_TEST(look_at_wal(lost).goes_on);
}

BOOST_AUTO_TEST_CASE(a_manifest_is_named_where_its_records_end) {
  Image image = crashed();
  const std::string path = path_of(image, "/MANIFEST-");
  const std::size_t middle = image[path].size() / 2;
  image[path][middle] ^= 4;
  const std::uint64_t end = look_at_wal(image[path]).end;
  BOOST_TEST(end <= middle);
  const std::string flipped = said_of(image);
  names(flipped, at(path, end));
  names(flipped, "the first bad position is 1;");
  image = crashed();
  image[path].resize(end);  // a shorter one that is good, and does not know the tables
  const std::string cut = said_of(image);
  names(cut, path.substr(path.rfind('/') + 1) + " at byte " + std::to_string(end));
  names(cut, "the first bad position is 1;");
}

BOOST_AUTO_TEST_CASE(a_current_that_leads_nowhere_is_named_and_not_given_to_rocksdb) {
  Image image = crashed();
  image["/log/rocks/CURRENT"] = "MANIFEST-000099\n";
  Bench bench;
  bench.disk.restore(image);
  const RocksJournals journals(bench.disk, "/log/rocks");
  BOOST_REQUIRE(journals.contradiction().has_value());
  BOOST_TEST(journals.contradiction()->file == "/log/rocks/CURRENT");
  const std::string words = said_of(image);
  names(words, at("/log/rocks/CURRENT", 0) + "it names no MANIFEST that is there");
  names(words, "the first bad position is 1;");
}

BOOST_AUTO_TEST_CASE(a_table_is_named_with_the_first_entry_that_it_does_not_give) {
  const std::string path = path_of(crashed(), ".sst");
  const auto payload = conformance::entries_of(150, 1).front().payload;
  Image image = crashed();
  const std::size_t place = image[path].find(payload);
  BOOST_REQUIRE((place != std::string::npos));
  BOOST_REQUIRE(place > 16'384U);  // not in the first block
  image[path][place] ^= 1;
  const std::string words = said_of(image);
  names(words, path + " at byte ");
  const std::string before = "the first bad position is ";
  BOOST_REQUIRE((words.find(before) != std::string::npos));
  const std::uint64_t first = std::stoull(words.substr(words.find(before) + before.size()));
  BOOST_TEST((first > 1 && first <= 150));
  const std::uint64_t offset = std::stoull(words.substr(words.find(" at byte ") + 9));
  BOOST_TEST((offset > 0 && offset <= place));
  BOOST_TEST((image[path].find(conformance::entries_of(first - 1, 1).front().payload) < offset));
  BOOST_TEST((image[path].find(conformance::entries_of(first, 1).front().payload) >= offset));
}

BOOST_AUTO_TEST_CASE(a_table_that_is_no_table_is_named_where_it_goes_wrong) {
  const std::string path = path_of(crashed(), ".sst");
  Image image = crashed();
  const std::size_t size = image[path].size();
  image[path].resize(size / 2);
  names(said_of(image), at(path, size / 2));
  image = crashed();
  image[path][size - 1] ^= 1;  // of the number that every table ends with
  const std::string words = said_of(image);
  names(words, at(path, size - 53));
  names(words, "the first bad position is 1;");
  image = crashed();
  image[path][size - 10] ^= 64;  // of its version, of which RocksDB says only the MANIFEST's name
  names(said_of(image), at(path, size - 53));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
