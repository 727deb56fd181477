// The seal over the settings: every sealed file is known again, whatever else was changed is named.
#include "ledger/server/config_seal.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/server/house.h"

using namespace obverse;

namespace {

// Settings in a file of their own, of an estate.
struct Sealed {
  house::Estate estate;
  std::filesystem::path file = estate / "obverse.toml";

  Sealed() { write("port = 7443\n"); }
  void write(const std::string& more) const {
    std::ofstream(file) << "[server]\ndata_directory = \"data\"\n"
                        << more
                        << "[tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n"
                           "client_authority = \"authority.pem\"\n[vault]\nkek_file = \"kek\"\n"
                           "[bootstrap]\noperator_certificate = \"first-operator.pem\"\n";
  }
  Config config() const { return read_config(file); }
  std::string error() const {
    try {
      check_seal(file, config());
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }
};

void flip(const std::filesystem::path& file, std::size_t at) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(at));
  const int byte = bytes.get();
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes.put(static_cast<char>(byte ^ 1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_config_seal)

BOOST_AUTO_TEST_CASE(what_was_sealed_is_known_again) {
  const Sealed sealed;
  BOOST_TEST(!check_seal(sealed.file, sealed.config()));  // none yet
  seal_config(sealed.file, sealed.config());
  BOOST_TEST(check_seal(sealed.file, sealed.config()));
}

BOOST_AUTO_TEST_CASE(another_valid_setting_is_not_what_was_sealed_until_it_is_sealed_anew) {
  const Sealed sealed;
  seal_config(sealed.file, sealed.config());
  sealed.write("port = 7442\n");
  BOOST_TEST(sealed.error().find("obverse.toml: is not what was sealed") != std::string::npos);
  seal_config(sealed.file, sealed.config());
  BOOST_TEST(sealed.error() == "");
}

BOOST_AUTO_TEST_CASE(every_file_is_named_that_is_not_what_was_sealed) {
  const Sealed sealed;
  seal_config(sealed.file, sealed.config());
  for (const char* name :
       {"server.pem", "server.key", "authority.pem", "first-operator.pem", "obverse.toml.seal"}) {
    flip(sealed.estate / name, 40);
    BOOST_TEST(sealed.error().find((sealed.estate / name).string()) == 0U, name);
    flip(sealed.estate / name, 40);
    BOOST_TEST(sealed.error() == "");
  }
}

BOOST_AUTO_TEST_CASE(a_seal_cut_short_at_any_length_is_no_seal) {
  const Sealed sealed;
  seal_config(sealed.file, sealed.config());
  const auto bytes = std::filesystem::file_size(seal_of(sealed.file));
  for (std::uintmax_t length = 0; length < bytes; ++length) {
    std::filesystem::resize_file(seal_of(sealed.file), length);
    BOOST_TEST(sealed.error() != "", length);
    seal_config(sealed.file, sealed.config());
  }
}

BOOST_AUTO_TEST_SUITE_END()
