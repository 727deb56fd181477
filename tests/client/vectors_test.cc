// Rows of a file of face vectors.
#include "ledger/client/commands/vectors.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ledger/client/commands/settings.h"
#include "tests/server/house.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(vectors)

BOOST_AUTO_TEST_CASE(a_row_is_its_bytes_and_a_missing_row_is_named) {
  const house::Folder folder;
  const auto file = folder / "two.f32";
  std::ofstream(file, std::ios::binary) << std::string(16, 'a') << std::string(16, 'b');
  BOOST_TEST(read_vector(file, 1, 4) == std::string(16, 'b'));
  BOOST_CHECK_EXCEPTION(read_vector(file, 2, 4), CommandFailed, [](const CommandFailed& failure) {
    return std::string(failure.what()).find("no row 2") != std::string::npos;
  });
  BOOST_CHECK_THROW(read_vector(folder / "none.f32", 0, 4), CommandFailed);
}

BOOST_AUTO_TEST_SUITE_END()
