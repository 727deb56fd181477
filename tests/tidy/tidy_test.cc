// ARCHITECTURE.md as code: the whole tree is held to it, and each check is seen to complain about
// what is wrong.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

const SourceFile* find(const std::vector<SourceFile>& files, const std::string& path) {
  for (const SourceFile& file : files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

BOOST_AUTO_TEST_SUITE(tidy)

BOOST_AUTO_TEST_CASE(the_tree_keeps_its_manners) {
  const std::vector<SourceFile> files = tree(std::filesystem::current_path());
  const SourceFile* const rooms = find(files, "CMakeLists.txt");
  const SourceFile* const tests = find(files, "cmake/tests.cmake");
  const SourceFile* const promises = find(files, "cmake/promises.cmake");
  BOOST_REQUIRE_MESSAGE(rooms != nullptr && tests != nullptr && promises != nullptr,
                        "run this in the root of the tree");
  House house = house_from(rooms->text, tests->text + promises->text);
  BOOST_TEST(house.rooms.size() > 10U);
  BOOST_TEST(house.programs.size() == 4U);
  for (const SourceFile& file : files) house.files.insert(file.path);
  BOOST_TEST(house.files.contains("tests/tidy/tidy_test.cc"));
  for (const std::string& what : rooms_lean_downward(house)) BOOST_ERROR(what);
  for (const SourceFile& file : files) {
    for (const std::string& what : all_checks(house, file)) BOOST_ERROR(what);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse::tidy
