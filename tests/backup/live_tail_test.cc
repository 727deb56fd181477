// Committed entries, all of them and nothing else, from a log that is being written.
#include "ledger/backup/live_tail.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "ledger/log/segment.h"
#include "tests/backup/estate.h"

using namespace obverse;

namespace {

std::vector<KeptEntry> read_after(const InUse& own, Position last = {}, Digest chain = {}) {
  std::vector<KeptEntry> entries;
  LiveTail(real_disk(), own.data() + "/log/tail").read_after(last, chain, [&](KeptEntry&& entry) {
    entries.push_back(std::move(entry));
  });
  return entries;
}

std::string second_segment(const InUse& own) { return own.data() + "/log/tail/" + segment_name(2); }

void damage(const std::string& path, std::uint64_t at) {
  const auto file = real_disk().open(path);
  std::string byte = file->read(at, 1);
  byte[0] = static_cast<char>(byte[0] ^ 1);
  file->write(at, byte);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_live_tail)

BOOST_AUTO_TEST_CASE(everything_is_read_over_segments_and_again_from_anywhere) {
  InUse own;
  BOOST_TEST(read_after(own).empty());
  own.live(200);
  const auto all = read_after(own);
  BOOST_REQUIRE(all.size() == 200U);
  BOOST_TEST(segment_numbers(real_disk(), own.data() + "/log/tail").size() > 3U);
  const auto stored = own.log->read({1}, 200);
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_TEST((all[i].payload == stored[i].payload && all[i].chain == stored[i].chain));
    BOOST_TEST((own.log->find(*all[i].key) == all[i].position));
    const auto rest = read_after(own, all[i].position, all[i].chain);
    BOOST_REQUIRE(rest.size() == 199 - i);
    if (!rest.empty()) BOOST_TEST((rest.front() == all[i + 1]));
  }
}

BOOST_AUTO_TEST_CASE(another_history_and_a_shorter_one_are_refused) {
  InUse own;
  own.live(60);
  const auto all = read_after(own);
  for (const std::size_t i : {0UL, 20UL, 59UL}) {
    Digest other = all[i].chain;
    other.bytes[5] ^= 1;
    BOOST_TEST(words_of([&] { read_after(own, all[i].position, other); }) != "");
  }
  const std::string why = words_of([&] { read_after(own, {61}, all.back().chain); });
  BOOST_TEST(why.find("ends at position 60") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_torn_last_frame_is_the_end_and_a_damaged_one_before_it_is_named) {
  InUse own(1U << 20U);
  own.live(30);
  const std::string path = own.data() + "/log/tail/" + segment_name(1);
  const auto pieces = scan_segment(read_whole(real_disk(), path));
  damage(path, pieces.back().offset + frame_header_bytes + 3);
  BOOST_TEST(read_after(own).size() == 27U);
  const Piece& middle = pieces[pieces.size() / 2];
  damage(path, middle.offset + frame_header_bytes + 3);
  try {
    read_after(own);
    BOOST_ERROR("nothing was noticed");
  } catch (const LogDamage& found) {
    BOOST_TEST(found.file == path);
    BOOST_TEST(found.offset == middle.offset);
    BOOST_TEST((found.first_bad == middle.header->first));
  }
}

BOOST_AUTO_TEST_CASE(damage_at_the_end_of_a_segment_that_was_left_is_named) {
  InUse own;
  own.live(200);
  const std::string path = second_segment(own);
  const auto pieces = scan_segment(read_whole(real_disk(), path));
  damage(path, pieces.back().offset + 2);
  BOOST_TEST(words_of([&] { read_after(own); }).find("damaged frame") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_writer_beside_it_is_never_taken_for_damage) {
  InUse own;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) own.live(7);
  });
  Position last;
  Digest chain;
  // A writer that gets no processor has written nothing yet: then it is read on.
  for (int run = 0; run < 200 || last.value == 0; ++run) {
    for (const KeptEntry& entry : read_after(own, last, chain)) {
      BOOST_REQUIRE(entry.position.value == last.value + 1);
      last = entry.position;
      chain = entry.chain;
    }
  }
  stop = true;
  writer.join();
  BOOST_TEST(last.value > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
