// A test stands at its source's address, and nothing stands where the build does not look.
#include "tests/tidy/checks.h"

namespace obverse::tidy {
namespace {

bool has_prefix(std::string& path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  path.erase(0, prefix.size());
  return true;
}

bool is_code_folder(std::string_view path) {
  for (const std::string_view top : {"ledger/", "matcher/", "replay/", "schemas/", "threads/"}) {
    if (path.starts_with(top)) return true;
  }
  return false;
}

}  // namespace

// ledger/log/tail.cc -> tests/log/tail_test.cc. All kernels are compared in one test; what stands
// below client/ is tested in tests/client.
std::string test_of(const std::string& source) {
  std::string path = source.substr(0, source.size() - 3);
  if (folder_of(path) == "matcher/kernels") return "tests/matcher/kernels_test.cc";
  if (has_prefix(path, "ledger/client/")) {
    const std::size_t slash = path.rfind('/');
    return "tests/client/" + path.substr(slash == std::string::npos ? 0 : slash + 1) + "_test.cc";
  }
  has_prefix(path, "ledger/");
  return "tests/" + path + "_test.cc";
}

Complaints sources_have_tests(const House& house, const SourceFile& file) {
  Complaints complaints;
  const bool source = file.path.ends_with(".cc") && is_code_folder(file.path) &&
                      !house.programs.contains(file.path);
  if (source && !house.files.contains(test_of(file.path))) {
    complaints.push_back(complaint(file, 1, "its test " + test_of(file.path) + " is not there"));
  }
  return complaints;
}

Complaints files_are_built(const House& house, const SourceFile& file) {
  Complaints complaints;
  const auto complain = [&](const std::string& what) {
    complaints.push_back(complaint(file, 1, what));
  };
  if (!is_cpp(file.path)) return complaints;
  if (is_code_folder(file.path)) {
    if (house.room_of(file.path) == nullptr && !house.programs.contains(file.path)) {
      complain("stands in no room of CMakeLists.txt");
    }
  } else if (is_benchmark(file.path)) {
    const std::string name = file.path.substr(11, file.path.rfind('.') - 11);
    if (file.path.ends_with(".cc") && !house.benchmarks.contains(name)) {
      complain("is no bench(...) of cmake/tests.cmake");
    }
  } else if (std::string path = file.path; has_prefix(path, "tests/promises/")) {
    const std::string folder = path.substr(0, path.find('/'));
    if (folder != "kit" && !house.promises.contains(folder))
      complain("is of no promise(...) of cmake/promises.cmake");
  } else if (!is_test(file.path)) {
    complain("is code outside the house");
  } else if (file.path.ends_with("_test.cc")) {
    std::string folder(folder_of(file.path).substr(std::string_view("tests/").size()));
    if (folder.ends_with("/events")) folder = folder_of(folder);
    if (!house.test_folders.contains(folder)) complain("no tests(...) line builds its folder");
    if (file.text.find("BOOST_") == std::string::npos) complain("a test without a test case");
  }
  return complaints;
}

Complaints all_checks(const House& house, const SourceFile& file) {
  Complaints all;
  const auto take = [&all](const Complaints& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  take(includes_are_granted(house, file));
  take(kernels_include_next_to_nothing(file));
  take(libraries_are_at_home(file));
  take(pure_rooms_are_pure(file));
  take(sizes_are_kept(file));
  take(files_open_with_a_comment(file));
  take(words_are_ours(file));
  take(rules_never_throw(file));
  take(sources_have_tests(house, file));
  take(files_are_built(house, file));
  return all;
}

}  // namespace obverse::tidy
