#include "ledger/gtfs/csv.h"

#include <boost/test/unit_test.hpp>

using namespace obverse::gtfs;

namespace {

struct Seen {
  Read<Table> table;
  Report report;
};

Seen seen(const std::string& bytes) {
  Report report;
  Read<Table> table = read_csv("t.txt", bytes, report);
  return {std::move(table), std::move(report)};
}

std::string fault_of(const std::string& bytes) {
  const Seen out = seen(bytes);
  return out.table ? "" : text(out.table.error());
}

using Cells = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(marks_commas_and_line_ends) {
  const Seen out = seen("\xEF\xBB\xBFid,name\r\n1,\"a, \"\"b\"\"\"\r\n\r\n2,\"two\nlines\"\n3,");
  BOOST_REQUIRE(out.table.has_value());
  BOOST_TEST(out.table->columns == (Cells{"id", "name"}));
  BOOST_REQUIRE(out.table->rows.size() == 3u);
  BOOST_TEST(out.table->rows[0].cells == (Cells{"1", "a, \"b\""}));
  BOOST_TEST(out.table->rows[0].line == 2u);
  BOOST_TEST(out.table->rows[1].cells == (Cells{"2", "two\nlines"}));
  BOOST_TEST(out.table->rows[1].line == 4u);
  BOOST_TEST(out.table->rows[2].cells == (Cells{"3", ""}));
  BOOST_TEST(out.table->rows[2].line == 6u);
  BOOST_TEST(out.report.count("line_end_in_value") == 1u);
  BOOST_TEST(out.table->at(out.table->rows[0], "name") == "a, \"b\"");
  BOOST_TEST(out.table->at(out.table->rows[0], "none").empty());
}

BOOST_AUTO_TEST_CASE(spaces_are_kept_and_named) {
  const Seen out = seen("id,name\n1 , x\n");
  BOOST_TEST(out.table->rows[0].cells == (Cells{"1 ", " x"}));
  BOOST_TEST(out.report.count("space_around_value") == 2u);
  BOOST_TEST(out.report.findings()[0].place.column == "id");
}

BOOST_AUTO_TEST_CASE(a_row_too_short_is_filled_and_one_too_long_is_none) {
  const Seen out = seen("a,b,c\n1\n");
  BOOST_TEST(out.table->rows[0].cells == (Cells{"1", "", ""}));
  BOOST_TEST(out.report.count("short_row") == 1u);
  BOOST_TEST(fault_of("a,b\n1,2\n1,2,3\n").starts_with("t.txt line 3: has 3 values"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named_with_its_line) {
  BOOST_TEST(fault_of("").find("no header") != std::string::npos);
  BOOST_TEST(fault_of("a,a\n").find("twice") != std::string::npos);
  BOOST_TEST(fault_of("a\n\"1\n2\n").starts_with("t.txt line 2: a quotation mark is opened"));
  BOOST_TEST(fault_of("a\n\"1\"2\n").starts_with("t.txt line 2: text stands behind"));
  BOOST_TEST(fault_of("a\n1\"2\n").starts_with("t.txt line 2: a quotation mark stands inside"));
  BOOST_TEST(fault_of("a\nb\n\xFF\n").starts_with("t.txt line 3: is not UTF-8"));
  BOOST_TEST(fault_of(std::string("a\n\0b\n", 5)).find("UTF-8") != std::string::npos);
  for (const char* bad :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE3\x81", "\x80"})
    BOOST_TEST(!fault_of(std::string("a\n") + bad).empty(), bad);
  BOOST_TEST(fault_of("a\n平石\n").empty());
}

BOOST_AUTO_TEST_CASE(sizes_are_bounded) {
  BOOST_TEST(fault_of("a\n" + std::string(cell_bytes_max, 'x') + "\n").empty());
  BOOST_TEST(!fault_of("a\n" + std::string(cell_bytes_max + 1, 'x') + "\n").empty());
  BOOST_TEST(!fault_of("a\n\"" + std::string(cell_bytes_max + 1, 'x') + "\"\n").empty());
  std::string columns = "c0";
  for (std::size_t i = 1; i < columns_max; ++i) columns += ",c" + std::to_string(i);
  BOOST_TEST(fault_of(columns).empty());
  BOOST_TEST(!fault_of(columns + ",more").empty());
}

BOOST_AUTO_TEST_SUITE_END()
