// The vault whole: keeping, finding again, erasing for ever, and what it says of itself.
#include "ledger/vault/template_vault.h"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "ledger/vault/fault.h"
#include "ledger/vault/sealed_records.h"
#include "ledger/vault/sealing.h"
#include "ledger/vault/sha256.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

constexpr RiderId kim{1};
constexpr RiderId lee{2};
constexpr FaceVersion v1{1};
constexpr FaceVersion v2{2};
constexpr PinVersion p1{1};

struct House {
  Scratch scratch;
  Kek kek = fresh_kek();
  std::unique_ptr<Vault> open() const { return Vault::open(scratch.path(), kek); }
};

bool is(const std::optional<SecretBytes>& kept, const Bytes& content) {
  return kept && std::ranges::equal(kept->bytes(), content);
}

// What lies in the first copy under a name, sealed.
Bytes sealed_of(const House& house, RiderId rider, FaceVersion version) {
  const SealedRecords records(house.scratch.path());
  return records.read({rider, SecretKind::face, version.value}).value_or(Bytes{});
}

std::vector<Bytes> files(const House& house) {
  std::vector<Bytes> all;
  for (const char* name : {"keys.a", "keys.b", "records.a", "records.b"}) {
    all.push_back(whole(house.scratch / name));
  }
  return all;
}

void restore(const House& house, const std::vector<Bytes>& all) {
  std::size_t i = 0;
  for (const char* name : {"keys.a", "keys.b", "records.a", "records.b"}) {
    put(house.scratch / name, all[i++]);
  }
}

BOOST_AUTO_TEST_SUITE(template_vault)

BOOST_AUTO_TEST_CASE(faces_and_pins_survive_a_restart) {
  const House house;
  Digest digest;
  {
    const auto vault = house.open();
    digest = vault->keep_face(kim, v1, noise(1, 512));
    vault->keep_face(kim, v2, noise(2, 1536));
    vault->keep_face(lee, v1, noise(3, 512));
    vault->keep_pin(kim, p1, "271828");
  }
  const auto vault = house.open();
  BOOST_TEST(is(vault->face(kim, v1), noise(1, 512)));
  BOOST_TEST(is(vault->face(kim, v2), noise(2, 1536)));
  BOOST_TEST(is(vault->face(lee, v1), noise(3, 512)));
  BOOST_TEST(!vault->face(lee, v2).has_value());
  BOOST_TEST((vault->face_digest(kim, v1) == digest));
  BOOST_TEST(!vault->face_digest(lee, v2).has_value());
  BOOST_TEST((vault->check_pin(kim, p1, "271828") == std::optional(true)));
  const std::vector<std::pair<RiderId, FaceVersion>> faces{{kim, v1}, {kim, v2}, {lee, v1}};
  BOOST_TEST((vault->faces() == faces));
  const std::vector<std::pair<RiderId, PinVersion>> pins{{kim, p1}};
  BOOST_TEST((vault->pins() == pins));
  BOOST_TEST(vault->report().size() >= 1U);
  BOOST_TEST(vault->report()[0] == "vault: 3 faces, 1 PINs, epoch 1");
}

BOOST_AUTO_TEST_CASE(the_digest_is_that_of_the_sealed_record) {
  const House house;
  const Digest digest = house.open()->keep_face(kim, v1, noise(1, 512));
  BOOST_TEST(hex(sha256(sealed_of(house, kim, v1))) == hex(digest));
  const Digest again = house.open()->keep_face(kim, v2, noise(1, 512));
  BOOST_TEST(hex(again) != hex(digest));  // it tells nothing about the face
}

BOOST_AUTO_TEST_CASE(a_pin_is_right_or_wrong_or_unknown) {
  const House house;
  const auto vault = house.open();
  vault->keep_pin(kim, p1, "2718");
  BOOST_TEST((vault->check_pin(kim, p1, "2718") == std::optional(true)));
  for (const char* wrong : {"2719", "271", "27180", "", "8172"}) {
    BOOST_TEST((vault->check_pin(kim, p1, wrong) == std::optional(false)));
  }
  BOOST_TEST(!vault->check_pin(kim, PinVersion{2}, "2718").has_value());
  BOOST_TEST(!vault->check_pin(lee, p1, "2718").has_value());
  vault->destroy_pin(kim, p1);
  BOOST_TEST(!vault->check_pin(kim, p1, "2718").has_value());
}

BOOST_AUTO_TEST_CASE(a_version_left_by_a_cut_off_enrolment_is_replaced) {
  const House house;
  const auto vault = house.open();
  vault->keep_face(kim, v1, noise(1, 512));
  const Digest digest = vault->keep_face(kim, v1, noise(2, 512));
  BOOST_TEST(is(vault->face(kim, v1), noise(2, 512)));
  BOOST_TEST((vault->face_digest(kim, v1) == digest));
  BOOST_TEST(vault->faces().size() == 1U);
}

BOOST_AUTO_TEST_CASE(erasing_the_face_leaves_the_pin) {
  const House house;
  const auto vault = house.open();
  vault->keep_face(kim, v1, noise(1, 512));
  vault->keep_face(kim, v2, noise(2, 512));
  vault->keep_face(lee, v1, noise(3, 512));
  vault->keep_pin(kim, p1, "2718");
  vault->destroy_face(kim, v1);
  BOOST_TEST(!vault->face(kim, v1).has_value());
  BOOST_TEST(vault->face(kim, v2).has_value());
  vault->destroy_face(kim);
  BOOST_TEST(!vault->face(kim, v2).has_value());
  BOOST_TEST((vault->check_pin(kim, p1, "2718") == std::optional(true)));
  vault->destroy(kim);
  vault->destroy(kim);
  vault->destroy(RiderId{77});
  BOOST_TEST(!vault->check_pin(kim, p1, "2718").has_value());
  BOOST_TEST(is(vault->face(lee, v1), noise(3, 512)));
  vault->keep_face(kim, v1, noise(4, 512));
  BOOST_TEST(is(vault->face(kim, v1), noise(4, 512)));
}

// Every file below the directory, byte for byte: the erased one nowhere, the other where it was.
BOOST_AUTO_TEST_CASE(what_is_destroyed_is_nowhere) {
  const House house;
  house.open()->keep_face(kim, v1, noise(1, 512));
  const std::vector<Bytes> with_kim = files(house);
  house.open()->keep_face(lee, v1, noise(2, 512));
  const Bytes doomed = sealed_of(house, kim, v1);
  const Bytes control = sealed_of(house, lee, v1);
  const auto slot = [](const Bytes& keys, std::ptrdiff_t number) {
    return Bytes(keys.begin() + number * 128 + 32, keys.begin() + number * 128 + 92);
  };
  const Bytes doomed_key = slot(with_kim[0], 2);
  const Bytes control_key = slot(whole(house.scratch / "keys.a"), 3);
  const auto count = [&house](const Bytes& bytes) { return hits(house.scratch.path(), bytes); };
  BOOST_TEST(count(doomed) == 2 * (doomed.size() - 15));
  BOOST_TEST(count(doomed_key) == 2 * (doomed_key.size() - 15));

  house.open()->destroy(kim);
  BOOST_TEST(count(doomed) == 0U);
  BOOST_TEST(count(doomed_key) == 0U);
  BOOST_TEST(count(noise(1, 512)) == 0U);
  BOOST_TEST(count(control) == 2 * (control.size() - 15));
  BOOST_TEST(count(control_key) == 2 * (control_key.size() - 15));
  BOOST_TEST(count(noise(2, 512)) == 0U);  // nobody's stands in clear
}

// A store that only marks records as deleted, or a backup of them, gives nothing back: the key is
// gone.
BOOST_AUTO_TEST_CASE(a_record_without_its_key_is_noise) {
  const House house;
  house.open()->keep_face(kim, v1, noise(1, 512));
  house.open()->keep_face(lee, v1, noise(2, 512));
  const std::vector<Bytes> before = files(house);
  const Bytes record = sealed_of(house, kim, v1);
  house.open()->destroy(kim);
  const std::vector<Bytes> after = files(house);
  restore(house, {after[0], after[1], before[2], before[3]});
  BOOST_TEST(hits(house.scratch.path(), record) > 0U);
  {
    const auto vault = house.open();
    BOOST_TEST(!vault->face(kim, v1).has_value());
    BOOST_TEST(is(vault->face(lee, v1), noise(2, 512)));
    BOOST_TEST(contains(vault->report(), "cut off half-way"));
  }
  BOOST_TEST(hits(house.scratch.path(), record) == 0U);
  // The control: with the keys of before it opens, so what was destroyed is what protected it.
  restore(house, before);
  BOOST_TEST(is(house.open()->face(kim, v1), noise(1, 512)));
}

BOOST_AUTO_TEST_CASE(what_was_cut_off_half_way_is_cleared) {
  const House house;
  house.open()->keep_face(lee, v1, noise(2, 512));
  const std::vector<Bytes> before = files(house);
  house.open()->keep_face(kim, v1, noise(1, 512));
  const std::vector<Bytes> after = files(house);
  // The key was written, the record was not.
  restore(house, {after[0], after[1], before[2], before[3]});
  {
    const auto vault = house.open();
    BOOST_TEST(!vault->face(kim, v1).has_value());
    BOOST_TEST(vault->faces().size() == 1U);
    BOOST_TEST(is(vault->face(lee, v1), noise(2, 512)));
    vault->keep_face(kim, v1, noise(3, 512));
  }
  BOOST_TEST(is(house.open()->face(kim, v1), noise(3, 512)));
}

BOOST_AUTO_TEST_CASE(another_kek_or_process_is_refused) {
  const House house;
  const auto vault = house.open();
  BOOST_TEST(fault_of<VaultFault>([&] { house.open(); }).find("another process") !=
             std::string::npos);
  const House other;
  other.open()->keep_face(kim, v1, noise(1, 512));
  const std::string text =
      fault_of<VaultFault>([&] { Vault::open(other.scratch.path(), house.kek); });
  BOOST_TEST(text.find("key-encryption key") != std::string::npos);
  BOOST_TEST(is(other.open()->face(kim, v1), noise(1, 512)));
}

BOOST_AUTO_TEST_CASE(damage_while_open_is_mended_and_reported) {
  const House house;
  const auto vault = house.open();
  vault->keep_face(kim, v1, noise(1, 512));
  for (const auto& [name, offset] : {std::pair("keys.a", 300U), std::pair("records.a", 200U)}) {
    flip(house.scratch / name, offset);
    BOOST_TEST(is(vault->face(kim, v1), noise(1, 512)));
    BOOST_TEST(contains(vault->report(), (house.scratch / name).string() + ": at byte "));
  }
  flip(house.scratch / "records.a", 200);
  flip(house.scratch / "records.b", 201);
  const std::string text = fault_of<VaultFault>([&] { vault->face(kim, v1); });
  BOOST_TEST(text.find("records.a: at byte 0") != std::string::npos);
}

// Both copies agree and their digest is right, yet it is not what was sealed for this person.
BOOST_AUTO_TEST_CASE(a_record_of_somebody_else_does_not_open) {
  const House house;
  house.open()->keep_face(kim, v1, noise(1, 512));
  const Bytes foreign = sealed_of(house, kim, v1);
  house.open()->keep_face(lee, v1, noise(2, 512));
  {
    SealedRecords records(house.scratch.path());
    const SecretName name{lee, SecretKind::face, 1};
    records.remove({&name, 1});
    records.keep(name, foreign);
  }
  const auto vault = house.open();
  BOOST_TEST(fault_of<VaultFault>([&] { vault->face(lee, v1); }).find("does not open") !=
             std::string::npos);
  BOOST_TEST(is(vault->face(kim, v1), noise(1, 512)));
  vault->destroy(lee);  // the way out
  BOOST_TEST(!vault->face(lee, v1).has_value());
}

BOOST_AUTO_TEST_CASE(all_faces_can_be_read_in_a_row) {
  const House house;
  {
    const auto vault = house.open();
    for (std::uint64_t rider = 1; rider <= 50; ++rider) {
      vault->keep_face(RiderId{rider}, v1, noise(rider, 512));
      if (rider % 5 == 0) vault->keep_pin(RiderId{rider}, p1, "1234");
      if (rider % 7 == 0) vault->destroy_face(RiderId{rider});
    }
  }
  std::size_t seen = 0;
  house.open()->for_each_face([&](RiderId rider, FaceVersion, std::span<const std::byte> content) {
    BOOST_TEST(std::ranges::equal(content, noise(rider.value, 512)));
    BOOST_TEST(rider.value % 7 != 0U);
    ++seen;
  });
  BOOST_TEST(seen == 43U);
}

BOOST_AUTO_TEST_CASE(epochs_roll_and_the_kek_changes_under_it) {
  const House house;
  const auto vault = house.open();
  vault->keep_face(kim, v1, noise(1, 512));
  vault->roll_epoch(house.kek);
  BOOST_TEST(is(vault->face(kim, v1), noise(1, 512)));
  BOOST_TEST(contains(vault->report(), "epoch 2"));
  vault->change_kek(fresh_kek());
  BOOST_TEST(is(vault->face(kim, v1), noise(1, 512)));
}

// Boost.Test's own checks are for one thread: the threads only count.
BOOST_AUTO_TEST_CASE(many_threads_may_ask_while_one_keeps_and_destroys) {
  const House house;
  const auto vault = house.open();
  vault->keep_pin(kim, p1, "2718");
  vault->keep_face(kim, v1, noise(1, 512));
  std::atomic<int> wrong = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        wrong += vault->check_pin(kim, p1, "2718") == std::optional(true) ? 0 : 1;
        wrong += vault->check_pin(kim, p1, "3141") == std::optional(false) ? 0 : 1;
        wrong += is(vault->face(kim, v1), noise(1, 512)) ? 0 : 1;
        const auto other = vault->face(lee, v1);
        wrong += !other || is(other, noise(2, 512)) ? 0 : 1;
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    vault->keep_face(lee, v1, noise(2, 512));
    vault->destroy(lee);
    wrong += vault->face(lee, v1) ? 1 : 0;
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(no_secret_is_ever_said) {
  const House house;
  const std::string face = "CANARY-OF-A-FACE-THAT-NOBODY-MAY-READ";
  const std::string pin = "314159265358";
  std::string said;
  {
    const auto vault = house.open();
    vault->keep_face(kim, v1, bytes_of(face));
    vault->keep_pin(kim, p1, pin);
    flip(house.scratch / "records.a", 100);
    BOOST_TEST(vault->face(kim, v1).has_value());
    flip(house.scratch / "records.a", 100);
    flip(house.scratch / "records.b", 100, 2);
    said += fault_of<VaultFault>([&] { vault->face(kim, v1); });
    for (const std::string& line : vault->report()) said += line;
  }
  said += fault_of<VaultFault>([&] { house.open(); });
  said += fault_of<VaultFault>([&] { Vault::open(house.scratch.path(), fresh_kek()); });
  BOOST_TEST(said.size() > 100U);
  BOOST_TEST(said.find("CANARY") == std::string::npos);
  BOOST_TEST(said.find(pin.substr(0, 6)) == std::string::npos);
  BOOST_TEST(hits(house.scratch.path(), bytes_of(face)) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
