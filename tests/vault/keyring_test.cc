// Slots: what survives a restart, a power cut at every byte, a flip of every byte; and that a
// destroyed key is nowhere.
#include "ledger/vault/keyring.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "ledger/vault/fault.h"
#include "ledger/vault/sealing.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

constexpr std::size_t slot_bytes = 128;

SecretName face(std::uint64_t rider, std::uint32_t version = 1) {
  return {RiderId{rider}, SecretKind::face, version};
}

Bytes key_of(const Keyring& keyring, const SecretName& name) {
  const auto key = keyring.key(name);
  if (!key) return {};
  return {key->bytes().begin(), key->bytes().end()};
}

struct Pair {
  Bytes first, second;
};
Pair files(const Scratch& scratch) {
  return {whole(scratch / "keys.a"), whole(scratch / "keys.b")};
}
void restore(const Scratch& scratch, const Bytes& first, const Bytes& second) {
  put(scratch / "keys.a", first);
  put(scratch / "keys.b", second);
}

// The slot in which two states of the file differ.
std::size_t changed_slot(const Bytes& before, const Bytes& after) {
  for (std::size_t at = 0; at < before.size(); ++at) {
    if (before[at] != after[at]) return at / slot_bytes;
  }
  BOOST_FAIL("nothing changed");
  return 0;
}

Bytes sealed_key_in(const Bytes& file, std::size_t slot) {
  const auto begin = file.begin() + static_cast<std::ptrdiff_t>(slot * slot_bytes + 32);
  return {begin, begin + key_bytes + sealing_bytes};
}

BOOST_AUTO_TEST_SUITE(keyring)

BOOST_AUTO_TEST_CASE(keys_survive_a_restart) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Bytes one;
  Bytes two;
  {
    Keyring keyring(scratch.path(), kek);
    const SecretBytes made = keyring.make(face(1));
    one.assign(made.bytes().begin(), made.bytes().end());
    keyring.make(face(2));
    two = key_of(keyring, face(2));
    BOOST_TEST((one != two));
    BOOST_TEST((key_of(keyring, face(1)) == one));
  }
  Keyring keyring(scratch.path(), kek);
  BOOST_TEST((key_of(keyring, face(1)) == one));
  BOOST_TEST((key_of(keyring, face(2)) == two));
  BOOST_TEST(!keyring.key(face(3)).has_value());
  BOOST_TEST(!keyring.key(face(1, 2)).has_value());
  BOOST_TEST(keyring.names().size() == 2U);
  BOOST_TEST(keyring.findings().empty());
}

BOOST_AUTO_TEST_CASE(another_kek_is_refused) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  const Pair fresh = (Keyring(scratch.path(), kek).make(face(1)), files(scratch));
  const Kek other = fresh_kek();
  const std::string text = fault_of<VaultFault>([&] { Keyring(scratch.path(), other); });
  BOOST_TEST(text.find("keys.a") != std::string::npos);
  BOOST_TEST(text.find("key-encryption key") != std::string::npos);
  BOOST_TEST((files(scratch).first == fresh.first));
  BOOST_TEST(Keyring(scratch.path(), kek).has(face(1)));
}

BOOST_AUTO_TEST_CASE(a_destroyed_key_is_nowhere_and_its_slot_serves_again) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Keyring keyring(scratch.path(), kek);
  keyring.make(face(1));
  const Bytes before = whole(scratch / "keys.a");
  keyring.make(face(2));
  const Bytes after = whole(scratch / "keys.a");
  const std::size_t slot = changed_slot(before, after);
  const Bytes doomed = sealed_key_in(after, slot);
  const Bytes control = sealed_key_in(after, changed_slot(Bytes(before.size()), before) + 1);
  const Bytes key = key_of(keyring, face(2));
  BOOST_TEST(hits(scratch.path(), doomed) > 0U);
  const std::size_t hits_of_control = hits(scratch.path(), control);
  BOOST_TEST(hits_of_control > 0U);

  const SecretName names[] = {face(2), face(9)};
  keyring.destroy(names);
  keyring.destroy(names);
  BOOST_TEST(!keyring.has(face(2)));
  BOOST_TEST(hits(scratch.path(), doomed) == 0U);
  BOOST_TEST(hits(scratch.path(), key) == 0U);
  BOOST_TEST(hits(scratch.path(), control) == hits_of_control);
  BOOST_TEST((whole(scratch / "keys.a") == whole(scratch / "keys.b")));

  keyring.make(face(3));
  BOOST_TEST(changed_slot(before, whole(scratch / "keys.a")) == slot);
  BOOST_TEST((key_of(keyring, face(3)) != key));
  keyring.make(face(2));
  BOOST_TEST((key_of(keyring, face(2)) != key));
}

BOOST_AUTO_TEST_CASE(no_key_stands_in_clear) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Keyring keyring(scratch.path(), kek);
  for (std::uint64_t rider = 1; rider <= 20; ++rider) {
    keyring.make(face(rider));
    BOOST_TEST(hits(scratch.path(), key_of(keyring, face(rider))) == 0U);
  }
  BOOST_TEST(hits(scratch.path(), kek.key().bytes()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_does_not_open_in_another_slot) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Keyring(scratch.path(), kek).make(face(1));
  Bytes file = whole(scratch / "keys.a");
  std::copy_n(file.begin() + 2 * slot_bytes, slot_bytes, file.begin() + 3 * slot_bytes);
  restore(scratch, file, file);
  const std::string text = fault_of<VaultFault>([&] { Keyring(scratch.path(), kek); });
  BOOST_TEST(text.find("at byte 384") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_is_found_and_mended,
                     *boost::unit_test::label("exhaustive")) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Bytes key;
  {
    Keyring keyring(scratch.path(), kek);
    keyring.make(face(1));
    keyring.make(face(2));
    const SecretName gone = face(1);
    keyring.destroy({&gone, 1});
    key = key_of(keyring, face(2));
  }
  const Bytes good = whole(scratch / "keys.a");
  std::vector<std::size_t>
      places;  // both epoch slots, a destroyed one, a used one, a fresh one; then samples
  for (std::size_t at = 0; at < 5 * slot_bytes; ++at) places.push_back(at);
  for (std::size_t at = 5 * slot_bytes; at < good.size(); at += 7919) places.push_back(at);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string name = i % 2 == 0 ? "keys.a" : "keys.b";
    restore(scratch, good, good);
    flip(scratch / name, places[i], static_cast<std::uint8_t>(1U << (i % 8)));
    {
      const Keyring keyring(scratch.path(), kek);
      BOOST_TEST((key_of(keyring, face(2)) == key));
      BOOST_TEST(!keyring.has(face(1)));
      const std::string offset = std::to_string(places[i] / slot_bytes * slot_bytes);
      BOOST_TEST(contains(keyring.findings(), (scratch / name).string() + ": at byte " + offset));
    }
    BOOST_TEST((files(scratch).first == good));
    BOOST_TEST((files(scratch).second == good));
    if (i % 9 != 0) continue;
    flip(scratch / "keys.a", places[i]);
    flip(scratch / "keys.b", places[i]);
    const std::string text = fault_of<VaultFault>([&] { Keyring(scratch.path(), kek); });
    BOOST_TEST(text.find("at byte " + std::to_string(places[i] / slot_bytes * slot_bytes)) !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_flip_while_open_is_mended_on_demand) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Keyring keyring(scratch.path(), kek);
  keyring.make(face(1));
  const Bytes key = key_of(keyring, face(1));
  flip(scratch / "keys.a", 2 * slot_bytes + 50);
  BOOST_TEST(!keyring.key(face(1)).has_value());
  keyring.mend(face(1));
  BOOST_TEST((key_of(keyring, face(1)) == key));
}

// Each writing is cut at each byte of each copy: the state is the one before or the one after,
// whole.
BOOST_AUTO_TEST_CASE(a_power_cut_leaves_the_state_before_or_after,
                     *boost::unit_test::label("exhaustive")) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Pair before;
  Pair after;
  Pair gone;
  {
    Keyring keyring(scratch.path(), kek);
    keyring.make(face(1));
    before = files(scratch);
    keyring.make(face(2));
    after = files(scratch);
    const SecretName name = face(2);
    keyring.destroy({&name, 1});
    gone = files(scratch);
  }
  const auto cut = [](const Bytes& old, const Bytes& next, std::size_t slot, std::size_t bytes) {
    Bytes torn = old;
    const auto from = static_cast<std::ptrdiff_t>(slot * slot_bytes);
    std::copy_n(next.begin() + from, bytes, torn.begin() + from);
    return torn;
  };
  const std::size_t slot = changed_slot(before.first, after.first);
  for (const auto& [old, next, has_then] :
       {std::tuple(before, after, true), std::tuple(after, gone, false)}) {
    for (std::size_t bytes = 0; bytes <= slot_bytes; bytes += 4) {
      const bool complete = bytes == slot_bytes;
      restore(scratch, cut(old.first, next.first, slot, bytes), old.second);
      BOOST_TEST(Keyring(scratch.path(), kek).has(face(2)) == (complete ? has_then : !has_then));
      restore(scratch, next.first, cut(old.second, next.second, slot, bytes));
      BOOST_TEST(Keyring(scratch.path(), kek).has(face(2)) == has_then);
      BOOST_TEST((files(scratch).first == files(scratch).second));
      BOOST_TEST(Keyring(scratch.path(), kek).key(face(1)).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_or_missing_copy_is_made_again) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Bytes key;
  {
    Keyring keyring(scratch.path(), kek);
    keyring.make(face(1));
    key = key_of(keyring, face(1));
  }
  const Bytes good = whole(scratch / "keys.a");
  for (const char* name : {"keys.a", "keys.b"}) {
    for (const std::size_t left : {0U, 1U, 127U, 128U, 300U, 384U, 5000U}) {
      restore(scratch, good, good);
      std::filesystem::resize_file(scratch / name, left);
      BOOST_TEST((key_of(Keyring(scratch.path(), kek), face(1)) == key));
    }
    std::filesystem::remove(scratch / name);
    BOOST_TEST((key_of(Keyring(scratch.path(), kek), face(1)) == key));
    BOOST_TEST((whole(scratch / name) == good));
  }
}

BOOST_AUTO_TEST_CASE(keys_without_their_epoch_are_a_fault) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Keyring(scratch.path(), kek).make(face(1));
  Bytes file = whole(scratch / "keys.a");
  std::fill_n(file.begin(), 2 * slot_bytes, std::byte{0});
  restore(scratch, file, file);
  const std::string text = fault_of<VaultFault>([&] { Keyring(scratch.path(), kek); });
  BOOST_TEST(text.find("epoch key is gone") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rolling_the_epoch_makes_old_slots_useless) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  Bytes kept;
  Pair backup;
  {
    Keyring keyring(scratch.path(), kek);
    for (std::uint64_t rider = 1; rider <= 10; ++rider) keyring.make(face(rider));
    kept = key_of(keyring, face(2));
    backup = files(scratch);
    const SecretName gone = face(1);
    keyring.destroy({&gone, 1});
    keyring.roll_epoch(kek);
    BOOST_TEST(keyring.epoch() == 2U);
    BOOST_TEST((key_of(keyring, face(2)) == kept));
    keyring.make(face(11));
  }
  {
    const Keyring keyring(scratch.path(), kek);
    BOOST_TEST(keyring.epoch() == 2U);
    BOOST_TEST((key_of(keyring, face(2)) == kept));
    BOOST_TEST(keyring.key(face(11)).has_value());
  }
  // The old slot of rider 1, put back from the backup: its epoch key is not in the ring any more.
  Bytes file = whole(scratch / "keys.a");
  std::copy_n(backup.first.begin() + 2 * slot_bytes, slot_bytes, file.begin() + 2 * slot_bytes);
  restore(scratch, file, file);
  BOOST_TEST(fault_of<VaultFault>([&] { Keyring(scratch.path(), kek); }).find("epoch") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rolling_cut_off_anywhere_is_ended_at_the_next_start) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  std::vector<Bytes> keys;
  Bytes before;
  Bytes after;
  {
    Keyring keyring(scratch.path(), kek);
    for (std::uint64_t rider = 1; rider <= 6; ++rider) keyring.make(face(rider));
    for (std::uint64_t rider = 1; rider <= 6; ++rider) keys.push_back(key_of(keyring, face(rider)));
    before = whole(scratch / "keys.a");
    keyring.roll_epoch(kek);
    after = whole(scratch / "keys.a");
  }
  // In the order of writing: the new epoch's slot 0, the keys' slots 2 to 7, the old epoch's
  // slot 1.
  Bytes step = before;
  for (const std::size_t slot : {0U, 2U, 3U, 4U, 5U, 6U, 7U, 1U}) {
    std::copy_n(after.begin() + static_cast<std::ptrdiff_t>(slot * slot_bytes), slot_bytes,
                step.begin() + static_cast<std::ptrdiff_t>(slot * slot_bytes));
    restore(scratch, step, step);
    const Keyring keyring(scratch.path(), kek);
    BOOST_TEST(keyring.epoch() == 2U);
    for (std::uint64_t rider = 1; rider <= 6; ++rider) {
      BOOST_TEST((key_of(keyring, face(rider)) == keys[rider - 1]));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_kek_can_be_changed) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  const Kek next = fresh_kek();
  Bytes key;
  {
    Keyring keyring(scratch.path(), kek);
    keyring.make(face(1));
    key = key_of(keyring, face(1));
    keyring.change_kek(next);
  }
  BOOST_TEST((key_of(Keyring(scratch.path(), next), face(1)) == key));
  BOOST_TEST(!fault_of<VaultFault>([&] { Keyring(scratch.path(), kek); }).empty());
}

BOOST_AUTO_TEST_CASE(grows_beyond_its_first_slots) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  constexpr std::uint64_t riders =
      4'100;  // 4,096 slots are laid out at once, two of them the epochs'
  Bytes last;
  {
    Keyring keyring(scratch.path(), kek);
    const std::size_t size = whole(scratch / "keys.a").size();
    for (std::uint64_t rider = 1; rider <= riders; ++rider) keyring.make(face(rider));
    BOOST_TEST(whole(scratch / "keys.a").size() == 2 * size);
    last = key_of(keyring, face(riders));
  }
  const Keyring keyring(scratch.path(), kek);
  BOOST_TEST(keyring.names().size() == riders);
  BOOST_TEST((key_of(keyring, face(riders)) == last));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
