// A run adds what is new, clears what it must, and can be cut off anywhere.
#include "ledger/backup/backup.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ledger/backup/restore.h"
#include "ledger/log/disk.h"
#include "tests/backup/estate.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(backup_backup)

BOOST_AUTO_TEST_CASE(each_run_adds_what_is_new_and_leaves_the_rest) {
  InUse own;
  own.live(50);
  const BackupDone first = make_backup(own.data(), own.backup(), own.seal());
  BOOST_TEST(first.entries == 50U);
  BOOST_TEST((first.manifest.chain == own.head.chain));
  const std::string part = own.backup() + "/" + first.manifest.parts[0].file.name;
  const std::string bytes = read_whole(real_disk(), part);
  own.live(20);
  const BackupDone second = make_backup(own.data(), own.backup(), own.seal());
  BOOST_TEST(second.entries == 20U);
  BOOST_TEST(second.manifest.number == 2U);
  BOOST_TEST(second.manifest.keys == 70U);
  BOOST_TEST(read_whole(real_disk(), part) == bytes);
  const BackupDone third = make_backup(own.data(), own.backup(), own.seal());
  BOOST_TEST(third.entries == 0U);
  BOOST_TEST((verify_backup(own.backup(), own.seal()) == third.manifest));
}

BOOST_AUTO_TEST_CASE(a_long_log_becomes_several_parts) {
  InUse own;
  own.live(9'000);
  BackupWishes wishes;
  wishes.part_bytes = 1;
  const BackupDone done = make_backup(own.data(), own.backup(), own.seal(), wishes);
  BOOST_TEST(done.manifest.parts.size() > 1U);
  BOOST_TEST((verify_backup(own.backup(), own.seal()) == done.manifest));
}

BOOST_AUTO_TEST_CASE(only_the_newest_keys_are_there_and_the_old_ones_were_overwritten) {
  InUse own;
  own.live(1);
  own.keep_face(1);
  make_backup(own.data(), own.backup(), own.seal());
  const std::string before = own.backup() + "/vault/keys-1";
  const std::string also = own.folder.in("the same bytes on the disk");
  std::filesystem::create_hard_link(before, also);
  own.vault->destroy(RiderId{1});
  make_backup(own.data(), own.backup(), own.seal());
  BOOST_TEST(!real_disk().exists(before));
  BOOST_TEST(read_whole(real_disk(), also).find_first_not_of('\0') == std::string::npos);
  BOOST_TEST(real_disk().list(own.backup() + "/vault").size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_a_run_that_was_cut_off_left_is_cleared) {
  InUse own;
  own.live(5);
  make_backup(own.data(), own.backup(), own.seal());
  std::ofstream(own.backup() + "/log/00000000000000000006.part") << "half a part";
  std::ofstream(own.backup() + "/vault/keys-2") << "half of it";
  own.live(5);
  const BackupDone done = make_backup(own.data(), own.backup(), own.seal());
  BOOST_TEST((verify_backup(own.backup(), own.seal()) == done.manifest));
}

BOOST_AUTO_TEST_CASE(a_folder_with_other_files_and_another_log_are_refused) {
  InUse own;
  own.live(10);
  BOOST_TEST(words_of([&] { make_backup(own.data(), own.data(), own.seal()); }) != "");
  BOOST_TEST(real_disk().exists(own.data() + "/log/tail"));
  BOOST_TEST(words_of([&] { make_backup(own.backup(), own.folder.in("b"), own.seal()); }) != "");
  make_backup(own.data(), own.backup(), own.seal());
  InUse other;
  other.live(9);
  const std::string why = words_of([&] { make_backup(other.data(), own.backup(), own.seal()); });
  BOOST_TEST(why.find("before position 10") != std::string::npos);
  BOOST_TEST(words_of([&] { make_backup(own.data(), own.backup(), other.seal()); }) != "");
  BOOST_TEST(verify_backup(own.backup(), own.seal()).last.value == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
