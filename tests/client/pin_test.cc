// Where a PIN comes from, and what is said where there is none.
#include "ledger/client/commands/pin.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "ledger/client/commands/settings.h"
#include "tests/client/shell.h"

using namespace obverse;

namespace {

// Standard input says this, for as long as it lives.
class Typed {
 public:
  explicit Typed(const std::string& text) : text_(text), before_(std::cin.rdbuf(text_.rdbuf())) {}
  ~Typed() {
    std::cin.rdbuf(before_);
    std::cin.clear();
  }

 private:
  std::istringstream text_;
  std::streambuf* before_;
};

std::string failure(const std::string& from) {
  try {
    read_pin(from);
  } catch (const CommandFailed& failed) {
    return failed.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pin)

BOOST_AUTO_TEST_CASE(a_file_or_standard_input_gives_its_first_line) {
  const house::Estate estate;
  const auto file = estate / "pin";
  for (const char* text : {"2580", "2580\n", "2580\r\nmore"}) {
    std::ofstream(file) << text;
    BOOST_TEST(read_pin(file.string()) == "2580");
    const Typed typed(text);
    BOOST_TEST(read_pin("-") == "2580");
  }
}

BOOST_AUTO_TEST_CASE(no_file_and_no_digits_are_said_with_a_way_out) {
  const house::Estate estate;
  BOOST_TEST(failure((estate / "none").string()).find("or - to be asked") != std::string::npos);
  std::ofstream(estate / "empty") << "\n";
  BOOST_TEST(failure((estate / "empty").string()).find("4 to 12 digits") != std::string::npos);
  const Typed typed("");
  BOOST_TEST(failure("-").find("4 to 12 digits") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
