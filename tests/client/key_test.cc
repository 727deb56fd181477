// Keys and certificates from the command line.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(an_authority_issues_names_and_revokes) {
  const house::Folder folder;
  const std::string where = (folder / "keys").string();
  std::filesystem::create_directories(where);
  const auto key = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "key");
    return shell::run(words);
  };
  BOOST_TEST((key({"authority", "--directory", where}).ended == Ended::done));
  const auto issued = key({"issue", "--directory", where, "--name", "G1"});
  BOOST_TEST((issued.ended == Ended::done));
  const auto named = key({"fingerprint", where + "/G1.pem"});
  BOOST_TEST(named.json["fingerprint"] == issued.json["fingerprint"]);
  BOOST_TEST((key({"issue", "--directory", where, "--name", "G1"}).ended != Ended::done));
  BOOST_TEST((key({"revoke", "--directory", where, where + "/G1.pem"}).ended == Ended::done));
  BOOST_TEST((key({"wrapping", where + "/kek"}).ended == Ended::done));
  BOOST_TEST((key({"wrapping", where + "/kek"}).ended != Ended::done));
  for (const char* secret : {"/G1.key", "/authority.key", "/kek"}) {
    struct stat file{};
    BOOST_REQUIRE(stat((where + secret).c_str(), &file) == 0);
    BOOST_TEST((file.st_mode & 0777) == 0600u, secret);
  }
}
