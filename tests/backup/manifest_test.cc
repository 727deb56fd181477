// One form, one seal: no other byte is a manifest.
#include "ledger/backup/manifest.h"

#include <boost/test/unit_test.hpp>

#include "ledger/vault/sha256.h"
#include "tests/log/temporary_folder.h"

using namespace obverse;

namespace {

Manifest some_manifest() {
  return {.number = 2,
          .last = {9},
          .chain = sha256("chain"),
          .keys = 4,
          .parts = {{{"log/1.part", 4096, sha256("one")}, {1}, {5}},
                    {{"log/6.part", 8192, sha256("two")}, {6}, {9}}},
          .vault = {{"vault/records-2", 96, sha256("r")}, {"vault/keys-2", 128, sha256("k")}}};
}

struct Sealing {
  Sealing() { Kek::make_file(folder.in("kek")), Kek::make_file(folder.in("other")); }
  BackupSeal seal(const char* name = "kek") const {
    return BackupSeal(Kek::from_file(folder.in(name)));
  }
  TemporaryFolder folder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_manifest)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  const Sealing own;
  for (const Manifest& manifest : {some_manifest(), Manifest{}}) {
    const auto read = decode_manifest(encode_manifest(manifest, own.seal()), own.seal());
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((*read == manifest));
  }
}

BOOST_AUTO_TEST_CASE(every_other_bit_length_and_key_is_refused) {
  const Sealing own;
  const std::string good = encode_manifest(some_manifest(), own.seal());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      BOOST_TEST(!decode_manifest(bad, own.seal()).has_value());
    }
    BOOST_TEST(!decode_manifest(good.substr(0, at), own.seal()).has_value());
  }
  BOOST_TEST(!decode_manifest(good + "\n", own.seal()).has_value());
  const auto other = decode_manifest(good, own.seal("other"));
  BOOST_REQUIRE(!other.has_value());
  BOOST_TEST(other.error().find("seal") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_sealed_one_that_does_not_hold_together_is_refused) {
  const Sealing own;
  const auto refused = [&own](const auto& change) {
    Manifest manifest = some_manifest();
    change(manifest);
    return !decode_manifest(encode_manifest(manifest, own.seal()), own.seal()).has_value();
  };
  BOOST_TEST(refused([](Manifest& manifest) { manifest.parts.pop_back(); }));
  BOOST_TEST(refused([](Manifest& manifest) { manifest.parts[1].first = {7}; }));
  BOOST_TEST(refused([](Manifest& manifest) { manifest.last = {10}; }));
  BOOST_TEST(refused([](Manifest& manifest) { manifest.vault[0].name = "../keys"; }));
  BOOST_TEST(refused([](Manifest& manifest) { manifest.parts[0].file.name = "/etc/passwd"; }));
}

BOOST_AUTO_TEST_CASE(a_later_release_is_named) {
  const Sealing own;
  const auto read = decode_manifest("obverse backup 2\nnumber 1\n", own.seal());
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST(read.error().find("later release") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
