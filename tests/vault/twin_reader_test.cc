// A piece from whichever copy is whole and newer, while somebody else writes them.
#include "ledger/vault/twin_reader.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <thread>

#include "ledger/vault/fault.h"
#include "ledger/vault/keyring.h"
#include "ledger/vault/sealed_records.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

// Eight bytes of generation, then eight bytes that all equal its lowest.
Bytes piece_of(std::uint64_t generation) {
  Bytes bytes(16, static_cast<std::byte>(generation));
  std::memcpy(bytes.data(), &generation, sizeof generation);
  return bytes;
}

std::optional<std::uint64_t> judge(std::span<const std::byte> bytes) {
  std::uint64_t generation = 0;
  std::memcpy(&generation, bytes.data(), sizeof generation);
  const Bytes good = piece_of(generation);
  if (std::memcmp(good.data(), bytes.data(), good.size()) != 0) return std::nullopt;
  return generation;
}

Bytes copied(void (*copy_out)(const std::filesystem::path&, const ByteSink&),
             const std::filesystem::path& directory) {
  Bytes all;
  copy_out(directory, [&all](std::span<const std::byte> bytes) {
    all.insert(all.end(), bytes.begin(), bytes.end());
  });
  return all;
}

BOOST_AUTO_TEST_SUITE(vault_twin_reader)

BOOST_AUTO_TEST_CASE(the_newer_whole_copy_is_taken_and_the_damaged_one_is_not) {
  const Scratch scratch;
  put(scratch / "a", piece_of(3));
  put(scratch / "b", piece_of(2));
  const TwinReader twin(scratch / "a", scratch / "b");
  BOOST_TEST((twin.piece(0, 16, judge) == piece_of(3)));
  flip(scratch / "a", 12);
  BOOST_TEST((twin.piece(0, 16, judge) == piece_of(2)));
  flip(scratch / "b", 12);
  BOOST_TEST(!fault_of<VaultFault>([&] { twin.piece(0, 16, judge); }).empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_missing_is_named) {
  const Scratch scratch;
  put(scratch / "a", piece_of(1));
  const std::string why =
      fault_of<VaultFault>([&] { const TwinReader twin(scratch / "a", scratch / "b"); });
  BOOST_TEST(why.find("/b: cannot be read") != std::string::npos);
}

// What comes out is a directory that opens, with every secret that was there before the copy began.
BOOST_AUTO_TEST_CASE(a_copy_made_while_secrets_come_and_go_opens) {
  const Scratch scratch;
  const Kek kek = fresh_kek();
  std::filesystem::create_directory(scratch / "live");
  Keyring keys(scratch / "live", kek);
  SealedRecords records(scratch / "live");
  const SecretName first{RiderId{1}, SecretKind::face, 1};
  keys.make(first);
  records.keep(first, noise(1, 300));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (std::uint64_t rider = 2; !stop; ++rider) {
      const SecretName name{RiderId{rider}, SecretKind::face, 1};
      keys.make(name);
      records.keep(name, noise(rider, 100 + rider % 400));
      if (rider % 3 != 0) keys.destroy({&name, 1}), records.remove({&name, 1});
    }
  });
  for (int run = 0; run < 20; ++run) {
    const auto copy = scratch / std::to_string(run);
    std::filesystem::create_directory(copy);
    const Bytes sealed = copied(SealedRecords::copy_out, scratch / "live");
    const Bytes wrapped = copied(Keyring::copy_out, scratch / "live");
    for (const char* twin : {"a", "b"}) {
      put(copy / (std::string("records.") + twin), sealed);
      put(copy / (std::string("keys.") + twin), wrapped);
    }
    const Keyring opened(copy, kek);
    const SealedRecords found(copy);
    BOOST_TEST(opened.key(first).has_value());
    BOOST_TEST((found.read(first) == noise(1, 300)));
    BOOST_TEST(opened.findings().empty());
    BOOST_TEST(found.findings().empty());
  }
  stop = true;
  writer.join();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
