// Two files of the same bytes: which copy wins, what is named, what is refused.
#include "ledger/vault/twin_file.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "ledger/vault/fault.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

// A piece of the tests is one byte of generation and the same byte seven times more.
std::optional<std::uint64_t> judge(std::span<const std::byte> piece) {
  const bool whole =
      std::ranges::all_of(piece, [&piece](std::byte byte) { return byte == piece.front(); });
  if (!whole) return std::nullopt;
  return std::to_integer<std::uint64_t>(piece.front());
}

Bytes piece(int generation) { return Bytes(8, static_cast<std::byte>(generation)); }

Bytes torn(int generation, int over, std::size_t at) {
  Bytes bytes = piece(over);
  std::fill_n(bytes.begin(), at, static_cast<std::byte>(generation));
  return bytes;
}

struct Outcome {
  Bytes settled;
  bool same = false;
  std::vector<std::string> findings;
};

Outcome settle(const Scratch& scratch, const Bytes& first, const Bytes& second) {
  put(scratch / "a", first);
  put(scratch / "b", second);
  TwinFile file(scratch / "a", scratch / "b");
  Outcome outcome;
  outcome.settled = file.settle(0, 8, judge);
  outcome.same = whole(scratch / "a") == whole(scratch / "b");
  outcome.findings = file.findings();
  return outcome;
}

BOOST_AUTO_TEST_SUITE(twin_file)

BOOST_AUTO_TEST_CASE(writes_the_same_to_both) {
  const Scratch scratch;
  TwinFile file(scratch / "a", scratch / "b");
  BOOST_TEST(file.size() == 0U);
  file.reserve(100);
  file.reserve(50);
  BOOST_TEST(file.size() == 100U);
  const std::vector<TwinFile::Patch> patches{{10, piece(1)}, {92, piece(2)}};
  file.write(patches);
  BOOST_TEST((whole(scratch / "a") == whole(scratch / "b")));
  BOOST_TEST(whole(scratch / "a").size() == 100U);
  Bytes read(8);
  BOOST_TEST(file.read(92, read));
  BOOST_TEST((read == piece(2)));
  BOOST_TEST(!file.read(96, read));
}

BOOST_AUTO_TEST_CASE(the_whole_or_the_later_copy_wins) {
  const Scratch scratch;
  struct Case {
    Bytes first, second, expected;
    bool finding;
  };
  std::vector<Case> cases{
      {piece(3), piece(3), piece(3), false},      // nothing happened
      {piece(4), piece(3), piece(4), true},       // cut off between the two
      {piece(3), piece(4), piece(4), true},       // an old page came back
      {piece(1), piece(0), piece(1), true},       // the first writing, cut off between the two
      {torn(1, 0, 5), piece(0), piece(0), true},  // the first writing, torn
      {piece(0), piece(0), piece(0), false},      // never written
  };
  for (std::size_t at = 1; at < 8; ++at) {
    cases.push_back({torn(4, 3, at), piece(3), piece(3), true});
    cases.push_back({piece(4), torn(4, 3, at), piece(4), true});
  }
  for (const Case& one : cases) {
    const Outcome outcome = settle(scratch, one.first, one.second);
    BOOST_TEST((outcome.settled == one.expected));
    BOOST_TEST(outcome.same);
    BOOST_TEST(!outcome.findings.empty() == one.finding);
  }
}

BOOST_AUTO_TEST_CASE(a_finding_names_file_and_offset) {
  const Scratch scratch;
  const Outcome outcome = settle(scratch, piece(3), torn(4, 3, 5));
  BOOST_REQUIRE(outcome.findings.size() == 1U);
  BOOST_TEST(outcome.findings[0].starts_with((scratch / "b").string() + ": at byte 0"));
}

BOOST_AUTO_TEST_CASE(damage_to_both_is_a_fault) {
  const Scratch scratch;
  for (const auto& [first, second] :
       {std::pair(torn(4, 3, 5), torn(4, 3, 2)), std::pair(torn(4, 3, 5), torn(4, 3, 5))}) {
    const std::string text =
        fault_of<VaultFault>([&, one = first, two = second] { settle(scratch, one, two); });
    BOOST_TEST(text.find((scratch / "a").string() + ": at byte 0") != std::string::npos);
    BOOST_TEST(text.find((scratch / "b").string()) != std::string::npos);
    BOOST_TEST(text.find("backup") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_or_shorter_copy_is_made_good) {
  const Scratch scratch;
  for (const std::size_t left : {0U, 1U, 7U, 8U}) {
    put(scratch / "a", piece(3));
    put(scratch / "b", Bytes(left, std::byte{3}));
    if (left == 0) std::filesystem::remove(scratch / "b");
    TwinFile file(scratch / "a", scratch / "b");
    BOOST_TEST((file.settle(0, 8, judge) == piece(3)));
    BOOST_TEST((whole(scratch / "b") == piece(3)));
  }
}

BOOST_AUTO_TEST_CASE(a_scan_sees_every_difference) {
  const Scratch scratch;
  const Bytes bytes = noise(1, 3'000'000);
  put(scratch / "a", bytes);
  put(scratch / "b", bytes);
  flip(scratch / "b", 2'500'001);
  TwinFile file(scratch / "a", scratch / "b");
  TwinScan scan(file);
  for (std::uint64_t at = 0; at < bytes.size(); at += 1000) {
    BOOST_TEST(scan.same(at, 1000) == (at != 2'500'000));
    if (at == 2'500'000) continue;
    BOOST_TEST(std::ranges::equal(scan.bytes(at, 1000), std::span(bytes).subspan(at, 1000)));
  }
}

// After a write that failed nothing more is written: what is on disk is a rumour.
BOOST_AUTO_TEST_CASE(a_failed_write_is_the_last) {
  const Scratch scratch;
  TwinFile file(scratch / "a", scratch / "b");
  file.reserve(8);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &none);
  const std::vector<TwinFile::Patch> patches{{0, piece(1)}};
  const std::string failed = fault_of<VaultFault>([&] { file.write(patches); });
  const std::string full = fault_of<VaultFault>([&] { file.reserve(16); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old);
  BOOST_TEST(failed.find((scratch / "a").string()) != std::string::npos);
  BOOST_TEST(full.find("make room") != std::string::npos);
  BOOST_TEST(fault_of<VaultFault>([&] { file.write(patches); }).find("start again") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
