// The journal of a terminal without network: what was kept is there after a power cut at any byte,
// and what is damaged is said to be.
#include "ledger/client/sale_journal.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace obverse {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "obverse-journal-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  fs::path file() const { return path / "sales"; }
  std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(std::string_view bytes) const {
    std::ofstream(file(), std::ios::binary | std::ios::trunc).write(bytes.data(), ssize(bytes));
  }
};

OfflinePeriod period(std::uint64_t first) {
  OfflinePeriod out{first, {1'760'000'000'000}, {1'759'999'000'000}, {3}, {}};
  out.key.bytes[0] = static_cast<std::uint8_t>(first);
  return out;
}

OfflineSale sale(std::uint64_t sequence) {
  OfflineSale out{
      sequence, {}, {800 + static_cast<std::int64_t>(sequence), Currency::jpy}, {1'760'000'060'000},
      {},       {}};
  out.key.bytes[3] = static_cast<std::uint8_t>(sequence);
  if (sequence % 2 == 0) {
    out.code = Token{{7}, {8}, sequence, TokenPurpose::ride, 0, {1}, {2}};
  } else {
    out.face =
        Recognition{.rider = {7},
                    .face = {2},
                    .model = "mobilefacenet-512",
                    .search = Search::one_to_many,
                    .gallery = 99,
                    .scope = 40,
                    .score = -3,
                    .threshold = 4,
                    .runner_up = sequence % 3 == 0 ? std::optional<Score>(-77) : std::nullopt,
                    .terminal = {},
                    .at = {1'760'000'059'000}};
  }
  return out;
}

std::string fault_of(const Folder& folder) {
  try {
    const SaleJournal journal(folder.file());
  } catch (const JournalFault& fault) {
    return fault.what();
  }
  return {};
}

BOOST_AUTO_TEST_SUITE(client_sale_journal)

BOOST_AUTO_TEST_CASE(what_was_kept_is_read_again) {
  const Folder folder;
  SalesKept before;
  {
    SaleJournal journal(folder.file());
    BOOST_TEST((journal.kept() == SalesKept{}));
    journal.begin(period(1));
    for (std::uint64_t i = 1; i <= 3; ++i) journal.keep(sale(i));
    journal.end();
    journal.taken(1);
    journal.begin(period(4));
    journal.keep(sale(4));
    before = journal.kept();
  }
  const SaleJournal again(folder.file());
  BOOST_TEST((again.kept() == before));
  BOOST_TEST(again.kept().next == 5U);
  BOOST_TEST(again.kept().is_open);
  BOOST_TEST((again.kept().waiting == std::deque<OfflineSale>{sale(2), sale(3), sale(4)}));
  BOOST_TEST((again.kept().of_last == std::vector<OfflineSale>{sale(4)}));
  BOOST_TEST((again.kept().periods == std::deque<OfflinePeriod>{period(1), period(4)}));
}

BOOST_AUTO_TEST_CASE(a_period_is_done_with_when_its_sales_are_taken) {
  const Folder folder;
  SaleJournal journal(folder.file());
  journal.begin(period(1));  // nothing was sold in it
  journal.end();
  journal.begin(period(1));
  journal.keep(sale(1));
  journal.end();
  BOOST_TEST((journal.kept().periods == std::deque<OfflinePeriod>{period(1)}));
  journal.begin(period(2));
  BOOST_TEST(journal.kept().periods.size() == 2U);
  journal.taken(1);
  BOOST_TEST((journal.kept().periods == std::deque<OfflinePeriod>{period(2)}));
}

// Cut off at any byte, the file holds what was whole before, and the next sale takes the number of
// the one that was not.
BOOST_AUTO_TEST_CASE(a_power_cut_at_any_byte_loses_only_what_was_not_finished) {
  const Folder folder;
  std::vector<std::size_t> ends;  // of the file, after each sale
  {
    SaleJournal journal(folder.file());
    journal.begin(period(1));
    ends.push_back(folder.bytes().size());
    for (std::uint64_t i = 1; i <= 4; ++i) {
      journal.keep(sale(i));
      ends.push_back(folder.bytes().size());
    }
  }
  const std::string whole = folder.bytes();
  for (const bool zeros : {false, true}) {
    for (std::size_t cut = ends.front(); cut <= whole.size(); ++cut) {
      std::string left = whole.substr(0, cut);
      if (zeros) left.append(whole.size() - cut + 40, '\0');  // the size was there, the bytes not
      folder.put(left);
      std::uint64_t finished = 0;
      while (finished + 1 < ends.size() && ends[finished + 1] <= cut) ++finished;
      // A frame whose last bytes are zeros anyway is there a little sooner.
      SaleJournal journal(folder.file());
      BOOST_TEST(journal.kept().waiting.size() >= finished, cut);
      BOOST_TEST(journal.kept().waiting.size() <= finished + (zeros ? 1U : 0U), cut);
      BOOST_TEST(journal.kept().next == journal.kept().waiting.size() + 1, cut);
      const std::uint64_t next = journal.kept().next;
      journal.keep(sale(next));
      const SaleJournal again(folder.file());
      BOOST_TEST((again.kept().waiting.back() == sale(next)), cut);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_said) {
  const Folder folder;
  {
    SaleJournal journal(folder.file());
    journal.begin(period(1));
    for (std::uint64_t i = 1; i <= 3; ++i) journal.keep(sale(i));
  }
  const std::string whole = folder.bytes();
  std::size_t unnoticed = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    folder.put(flipped);
    const std::string fault = fault_of(folder);
    // Of the last frame a longer length alone looks like one that was cut off.
    if (fault.empty()) ++unnoticed;
    if (!fault.empty()) {
      BOOST_TEST(fault.find(folder.file().string()) == 0U);
      BOOST_TEST(fault.find("at byte ") != std::string::npos);
    }
  }
  BOOST_TEST(unnoticed <= 16U);  // the two bytes of the last frame's length
}

BOOST_AUTO_TEST_CASE(a_sale_that_is_missing_is_said) {
  const Folder folder;
  std::size_t from = 0, to = 0;
  {
    SaleJournal journal(folder.file());
    journal.begin(period(1));
    journal.keep(sale(1));
    from = folder.bytes().size();
    journal.keep(sale(2));
    to = folder.bytes().size();
    journal.keep(sale(3));
  }
  std::string without = folder.bytes();
  without.erase(from, to - from);
  folder.put(without);
  BOOST_TEST(fault_of(folder).find("a sale is missing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_only_a_later_version_reads_is_left_alone) {
  const Folder folder;
  {
    SaleJournal(folder.file()).begin(period(1));
  }
  const std::string bytes = folder.bytes();
  folder.put("OBVX" + bytes.substr(4));
  BOOST_TEST(!fault_of(folder).empty());
  BOOST_TEST(folder.bytes() == "OBVX" + bytes.substr(4));
  BOOST_CHECK_THROW(SaleJournal(folder.path / "no folder" / "sales"), JournalFault);
}

BOOST_AUTO_TEST_CASE(a_great_file_of_taken_sales_is_begun_anew_and_numbers_go_on) {
  const Folder folder;
  std::uint64_t next = 1;
  std::size_t greatest = 0;
  for (int times = 0; times < 8; ++times) {
    SaleJournal journal(folder.file(), 500);
    BOOST_TEST(journal.kept().next == next);
    journal.begin(period(next));
    for (int i = 0; i < 3; ++i) journal.keep(sale(next++));
    journal.end();
    BOOST_TEST(journal.kept().waiting.size() == 3U);
    journal.taken(next - 1);
    greatest = std::max(greatest, folder.bytes().size());
  }
  BOOST_TEST(next == 25U);
  BOOST_TEST(greatest < 1'500U);
  // What waits is never dropped.
  SaleJournal journal(folder.file(), 0);
  journal.begin(period(next));
  journal.keep(sale(next++));
  journal.end();
  journal.begin(period(next));
  BOOST_TEST((SaleJournal(folder.file()).kept().waiting == std::deque<OfflineSale>{sale(25)}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
