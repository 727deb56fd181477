#include "ledger/gtfs/standard.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace obverse::gtfs;

BOOST_AUTO_TEST_SUITE(standard)

// The data agrees with itself: keys and references are of columns that are described.
BOOST_AUTO_TEST_CASE(keys_and_references_name_described_columns) {
  const auto has = [](std::string_view file, std::string_view column) {
    const auto& files = described_files();
    const auto found = std::ranges::find(files, file, &Described::file);
    return found != files.end() &&
           (std::ranges::count(found->required, column) + std::ranges::count(found->other, column) >
            0);
  };
  for (const Described& each : described_files()) {
    for (const std::string_view column : each.key)
      BOOST_TEST((has(each.file, column) || is_understood_extension(each.file, column)),
                 each.file << " " << column);
    for (const Reference& reference : each.references) {
      BOOST_TEST((has(each.file, reference.column) ||
                  is_understood_extension(each.file, reference.column)),
                 each.file << " " << reference.column);
      for (const std::string_view target : reference.targets) {
        const std::size_t colon = target.find(':');
        BOOST_TEST(has(target.substr(0, colon), target.substr(colon + 1)), target);
      }
    }
  }
  BOOST_TEST(described_names().size() == described_files().size());
  BOOST_TEST(described_names().contains("fare_leg_join_rules.txt"));
}

BOOST_AUTO_TEST_CASE(what_is_not_read_is_not_odd) {
  BOOST_TEST(is_other_file_of_the_standard("stop_times.txt"));
  BOOST_TEST(is_other_file_of_the_standard("agency_jp.txt"));
  BOOST_TEST(!is_other_file_of_the_standard("fares.txt"));
  BOOST_TEST(is_understood_extension("fare_leg_rules.txt", "transfer_only"));
  BOOST_TEST(!is_understood_extension("fare_rules.txt", "transfer_only"));
}

BOOST_AUTO_TEST_SUITE_END()
