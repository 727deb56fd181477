// SHA-256 against FIPS 180-4's examples, and that pieces, reuse and threads change nothing.
#include "ledger/vault/sha256.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(sha256_of_the_vault)

BOOST_AUTO_TEST_CASE(gives_the_published_digests) {
  BOOST_TEST(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(hex(sha256("abc")) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  BOOST_TEST(hex(sha256(std::string(1'000'000, 'a'))) ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(pieces_make_the_same_digest_as_the_whole) {
  const std::string text = "a face at a door, now, and the money that moved";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 pieces;
    pieces.add(std::string_view(text).substr(0, cut)).add(std::string_view(text).substr(cut));
    BOOST_TEST(hex(pieces.finish()) == hex(sha256(text)));
  }
}

BOOST_AUTO_TEST_CASE(begins_anew_after_finish) {
  Sha256 hasher;
  hasher.add("abc");
  const Digest first = hasher.finish();
  hasher.add("abc");
  BOOST_TEST(hex(hasher.finish()) == hex(first));
  BOOST_TEST(hex(hasher.finish()) == hex(sha256("")));
  BOOST_TEST(hex(sha256("abd")) != hex(first));
}

BOOST_AUTO_TEST_CASE(threads_do_not_disturb_one_another) {
  std::vector<Digest> made(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < made.size(); ++i) {
    threads.emplace_back([&made, i] {
      for (int n = 0; n < 1000; ++n) made[i] = sha256(std::string(65, static_cast<char>('a' + i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < made.size(); ++i) {
    BOOST_TEST(hex(made[i]) == hex(sha256(std::string(65, static_cast<char>('a' + i)))));
  }
}

BOOST_AUTO_TEST_CASE(one_digest_has_one_spelling) {
  const Digest digest = sha256("abc");
  const std::string text = hex(digest);
  BOOST_TEST((digest_from_hex(text) == digest));
  BOOST_TEST(!digest_from_hex(text.substr(1)).has_value());
  BOOST_TEST(!digest_from_hex(text + "0").has_value());
  for (const char wrong : {'A', 'g', ' ', '/', ':', '`', '\0'}) {
    std::string damaged = text;
    damaged[17] = wrong;
    BOOST_TEST(!digest_from_hex(damaged).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
