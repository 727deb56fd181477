// The same log and the same secrets come back, whole or up to a point; a changed byte never does.
#include "ledger/backup/restore.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/disk.h"
#include "ledger/log/read_only_log.h"
#include "tests/backup/estate.h"

using namespace obverse;

namespace {

struct Backed {
  Backed() {
    own.live(40);
    own.keep_face(1);
    own.keep_face(2);
    make_backup(own.data(), own.backup(), own.seal());
  }
  RestoreDone restore(const std::string& name, const Until& until = {}) const {
    return restore_backup(own.backup(), own.folder.in(name), own.kek(), until);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> all{"manifest"};
    for (const std::string inside : {"log", "vault"})
      for (const std::string& name : real_disk().list(own.backup() + "/" + inside))
        all.push_back(inside + "/" + name);
    return all;
  }
  InUse own;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_restore)

BOOST_AUTO_TEST_CASE(the_same_log_and_vault_come_back) {
  Backed given;
  const RestoreDone done = given.restore("again");
  BOOST_TEST((done.chain == given.own.head.chain));
  const std::string data = given.own.folder.in("again");
  const auto log = open_read_only(data + "/log");
  BOOST_TEST((log->read({1}, 50) == given.own.log->read({1}, 50)));
  BOOST_TEST((log->find(sha256("attempt 17")) == Position{17}));
  log->verify();
  const auto vault = Vault::open(data + "/vault", given.own.kek());
  BOOST_TEST((vault->faces() == given.own.vault->faces()));
  BOOST_TEST(vault->face(RiderId{2}, FaceVersion{1})->size() == 300U);
}

BOOST_AUTO_TEST_CASE(any_position_and_any_time_can_be_had) {
  const Backed given;
  for (const std::uint64_t wanted : {1U, 2U, 3U, 17U, 39U, 40U}) {
    const std::string name = std::to_string(wanted);
    const RestoreDone by_position =
        given.restore("p" + name, {.position = Position{wanted}, .time = {}});
    const RestoreDone by_time =
        given.restore("t" + name, {.position = {}, .time = InUse::time_of(wanted)});
    BOOST_TEST(by_position.last.value == wanted);
    BOOST_TEST((by_position.chain == given.own.log->read({wanted}, 1).front().chain));
    BOOST_TEST((by_time.chain == by_position.chain));
  }
  BOOST_TEST(words_of([&] { given.restore("late", {.position = Position{41}, .time = {}}); }) !=
             "");
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_a_missing_and_a_shorter_file_are_refused_and_named) {
  const Backed given;
  for (const std::string& name : given.files()) {
    const std::string path = given.own.backup() + "/" + name;
    const std::string good = read_whole(real_disk(), path);
    const std::size_t step = std::max<std::size_t>(1, good.size() / 97);
    for (std::size_t at = 0; at < good.size(); at += step) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      real_disk().open(path)->write(0, bad);
      const std::string why =
          words_of([&] { verify_backup(given.own.backup(), given.own.seal()); });
      BOOST_TEST(why.find(path) != std::string::npos, path << " at " << at << ": " << why);
    }
    real_disk().open(path)->write(0, good);
    std::filesystem::resize_file(path, good.size() - 1);
    BOOST_TEST(words_of([&] { given.restore("not"); }).find(path) != std::string::npos);
    std::filesystem::rename(path, path + ".away");
    BOOST_TEST(words_of([&] { given.restore("not"); }).find(path) != std::string::npos);
    std::filesystem::rename(path + ".away", path);
    write_whole(real_disk(), path, good);
  }
  BOOST_TEST(!real_disk().exists(given.own.folder.in("not")));
  given.restore("whole again");
}

BOOST_AUTO_TEST_CASE(what_is_not_empty_is_never_written_over) {
  const Backed given;
  given.restore("again");
  const std::string why = words_of([&] { given.restore("again"); });
  BOOST_TEST(why.find("not empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_erased_stays_erased_whatever_point_is_restored) {
  Backed given;
  given.own.vault->destroy(RiderId{1});
  make_backup(given.own.data(), given.own.backup(), given.own.seal());
  given.restore("early", {.position = Position{3}, .time = {}});
  const auto vault = Vault::open(given.own.folder.in("early") + "/vault", given.own.kek());
  BOOST_TEST(!vault->face(RiderId{1}, FaceVersion{1}).has_value());
  BOOST_TEST(vault->face(RiderId{2}, FaceVersion{1}).has_value());
}

// A server takes a vault that knows more than its log for a log that was put back.
BOOST_AUTO_TEST_CASE(a_face_that_is_newer_than_the_restored_log_is_left_out) {
  const Backed given;
  const RestoreDone done = given.restore("early", {.position = Position{1}, .time = {}});
  BOOST_TEST(done.vault.back().starts_with("1 faces and PINs are newer"));
  const auto vault = Vault::open(given.own.folder.in("early") + "/vault", given.own.kek());
  BOOST_TEST(vault->face(RiderId{1}, FaceVersion{1}).has_value());
  BOOST_TEST(!vault->face(RiderId{2}, FaceVersion{1}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
