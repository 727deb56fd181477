// Which files are taken for a key-encryption key, and which are refused, and that no refusal tells
// the key.
#include "ledger/vault/kek.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

#include "ledger/vault/fault.h"
#include "ledger/vault/sealing.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

const std::string digits(64, 'b');

std::filesystem::path written(const Scratch& scratch, const std::string& text,
                              std::filesystem::perms mode) {
  std::filesystem::remove(scratch / "kek");
  put(scratch / "kek", bytes_of(text));
  std::filesystem::permissions(scratch / "kek", mode);
  return scratch / "kek";
}

std::string refusal(const std::filesystem::path& file) {
  return fault_of<VaultFault>([&file] { Kek::from_file(file); });
}

BOOST_AUTO_TEST_SUITE(key_encryption_key)

using std::filesystem::perms;

BOOST_AUTO_TEST_CASE(is_read_from_64_digits) {
  const Scratch scratch;
  for (const std::string& text : {digits, digits + "\n"}) {
    const Kek kek = Kek::from_file(written(scratch, text, perms::owner_read));
    BOOST_TEST(equal_in_constant_time(kek.key().bytes(), Bytes(32, std::byte{0xBB})));
  }
}

BOOST_AUTO_TEST_CASE(is_made_once_for_its_owner_only) {
  const Scratch scratch;
  Kek::make_file(scratch / "kek");
  BOOST_TEST((std::filesystem::status(scratch / "kek").permissions() ==
              (perms::owner_read | perms::owner_write)));
  const Kek kek = Kek::from_file(scratch / "kek");
  BOOST_TEST(kek.key().size() == key_bytes);
  BOOST_TEST(fault_of<VaultFault>([&] { Kek::make_file(scratch / "kek"); }).find("never") !=
             std::string::npos);
  Kek::make_file(scratch / "other");
  BOOST_TEST(
      !equal_in_constant_time(kek.key().bytes(), Kek::from_file(scratch / "other").key().bytes()));
}

BOOST_AUTO_TEST_CASE(is_refused_where_others_may_touch_it) {
  const Scratch scratch;
  for (const perms open : {perms::group_read, perms::group_write, perms::group_exec,
                           perms::others_read, perms::others_write, perms::others_exec}) {
    const std::string text = refusal(written(scratch, digits, perms::owner_read | open));
    BOOST_TEST(text.find("open to group or others") != std::string::npos);
    BOOST_TEST(text.find((scratch / "kek").string()) != std::string::npos);
    BOOST_TEST(text.find("bbbb") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_is_no_key) {
  const Scratch scratch;
  const std::string canary = "c0ffeec0ffee";
  for (const std::string& text :
       {std::string(), canary, digits.substr(1), digits + "b", digits + " ", digits + "\n\n",
        digits.substr(1) + "B", digits.substr(1) + "g", canary + digits.substr(13) + "\0"}) {
    const std::string said = refusal(written(scratch, text, perms::owner_read));
    BOOST_TEST(said.find("is not 64 characters") != std::string::npos);
    BOOST_TEST(said.find(canary) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_is_no_plain_file) {
  const Scratch scratch;
  BOOST_TEST(!refusal(scratch.path()).empty());
  BOOST_TEST(!refusal(scratch / "none").empty());
  std::filesystem::create_symlink(written(scratch, digits, perms::owner_read), scratch / "link");
  BOOST_TEST(!refusal(scratch / "link").empty());
}

BOOST_AUTO_TEST_CASE(comes_as_a_credential_of_the_service) {
  const Scratch scratch;
  written(scratch, digits, perms::owner_read);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const auto of = [](std::string_view name) {
    return fault_of<VaultFault>([name] { Kek::from_credential(name); });
  };
  BOOST_TEST(!of("kek").empty());
  ::setenv("CREDENTIALS_DIRECTORY", scratch.path().c_str(), 1);
  BOOST_TEST(of("kek").empty());
  BOOST_TEST(!of("other").empty());
  BOOST_TEST(!of("../kek").empty());
  BOOST_TEST(!of("").empty());
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
