// Frames: found again after a restart, after a power cut at any byte, after a flip of any byte; and
// reused in place.
#include "ledger/vault/sealed_records.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "ledger/vault/fault.h"
#include "ledger/vault/sha256.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

SecretName face(std::uint64_t rider, std::uint32_t version = 1) {
  return {RiderId{rider}, SecretKind::face, version};
}

std::filesystem::path first(const Scratch& scratch) { return scratch / "records.a"; }
std::filesystem::path second(const Scratch& scratch) { return scratch / "records.b"; }

void restore(const Scratch& scratch, const Bytes& one, const Bytes& two) {
  put(first(scratch), one);
  put(second(scratch), two);
}

Bytes read(const SealedRecords& records, const SecretName& name) {
  return records.read(name).value_or(Bytes{});
}

void remove(SealedRecords& records, const SecretName& name) { records.remove({&name, 1}); }

BOOST_AUTO_TEST_SUITE(sealed_records)

BOOST_AUTO_TEST_CASE(records_survive_a_restart) {
  const Scratch scratch;
  const std::vector<std::size_t> sizes{0, 1, 31, 32, 33, 512, 5000, sealed_record_bytes_max};
  {
    SealedRecords records(scratch.path());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const Digest digest = records.keep(face(i), noise(i, sizes[i]));
      BOOST_TEST(hex(digest) == hex(sha256(noise(i, sizes[i]))));
    }
  }
  const SealedRecords records(scratch.path());
  BOOST_TEST(records.names().size() == sizes.size());
  BOOST_TEST(records.findings().empty());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    BOOST_TEST((read(records, face(i)) == noise(i, sizes[i])));
  }
  BOOST_TEST(!records.read(face(99)).has_value());
  BOOST_TEST(!records.read(face(1, 2)).has_value());
  BOOST_TEST((whole(first(scratch)) == whole(second(scratch))));
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_overwritten_and_its_place_serves_again) {
  const Scratch scratch;
  SealedRecords records(scratch.path());
  records.keep(face(1), noise(1, 500));
  records.keep(face(2), noise(2, 500));
  BOOST_TEST(hits(scratch.path(), noise(1, 500)) > 0U);
  remove(records, face(1));
  remove(records, face(1));
  BOOST_TEST(!records.has(face(1)));
  BOOST_TEST(hits(scratch.path(), noise(1, 500)) == 0U);
  BOOST_TEST(hits(scratch.path(), noise(2, 500)) > 0U);
  const std::string place = records.where(face(2));
  records.keep(face(3), noise(3, 480));
  BOOST_TEST(records.where(face(3)).ends_with("at byte 0"));
  records.keep(face(4), noise(4, 500));
  BOOST_TEST(records.where(face(4)) != place);
  const SealedRecords again(scratch.path());
  BOOST_TEST((read(again, face(2)) == noise(2, 500)));
  BOOST_TEST((read(again, face(3)) == noise(3, 480)));
}

BOOST_AUTO_TEST_CASE(names_come_in_the_order_of_the_file) {
  const Scratch scratch;
  SealedRecords records(scratch.path());
  for (const std::uint64_t rider : {5U, 3U, 9U}) records.keep(face(rider), noise(rider, 100));
  const std::vector<SecretName> expected{face(5), face(3), face(9)};
  BOOST_TEST((records.names_in_file_order() == expected));
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_is_found_and_mended,
                     *boost::unit_test::label("exhaustive")) {
  const Scratch scratch;
  {
    SealedRecords records(scratch.path());
    for (std::uint64_t rider = 1; rider <= 3; ++rider) records.keep(face(rider), noise(rider, 70));
    remove(records, face(2));
  }
  const Bytes good = whole(first(scratch));
  constexpr std::size_t frame = 192;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < 4 * frame; ++at) places.push_back(at);
  for (std::size_t at = 4 * frame; at < good.size(); at += 31'337) places.push_back(at);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto name = i % 2 == 0 ? first(scratch) : second(scratch);
    restore(scratch, good, good);
    flip(name, places[i], static_cast<std::uint8_t>(1U << (i % 8)));
    {
      const SealedRecords records(scratch.path());
      BOOST_TEST((read(records, face(1)) == noise(1, 70)));
      BOOST_TEST((read(records, face(3)) == noise(3, 70)));
      BOOST_TEST(records.names().size() == 2U);
      const std::size_t offset = std::min(places[i] / frame, std::size_t{3}) * frame;
      BOOST_TEST(
          contains(records.findings(), name.string() + ": at byte " + std::to_string(offset)));
    }
    BOOST_TEST((whole(first(scratch)) == good));
    BOOST_TEST((whole(second(scratch)) == good));
  }
}

// Damage to both is a fault when the file is opened, or, within a record, damage that only its key
// can show.
BOOST_AUTO_TEST_CASE(damage_to_both_is_never_silent) {
  const Scratch scratch;
  {
    SealedRecords records(scratch.path());
    for (std::uint64_t rider = 1; rider <= 2; ++rider) records.keep(face(rider), noise(rider, 70));
  }
  const Bytes good = whole(first(scratch));
  for (std::size_t at = 0; at < 384; at += 5) {
    restore(scratch, good, good);
    flip(first(scratch), at, 1);
    flip(second(scratch), at, at % 2 == 0 ? 1 : 2);
    const std::string text = fault_of<VaultFault>([&] {
      SealedRecords records(scratch.path());
      records.mend(face(1));
      records.mend(face(2));
    });
    BOOST_TEST(text.find(first(scratch).string() + ": at byte ") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_flip_while_open_is_mended_on_demand) {
  const Scratch scratch;
  SealedRecords records(scratch.path());
  records.keep(face(1), noise(1, 70));
  flip(first(scratch), 100);
  BOOST_TEST((read(records, face(1)) != noise(1, 70)));
  records.mend(face(1));
  BOOST_TEST((read(records, face(1)) == noise(1, 70)));
}

// Each writing is cut at each byte of each copy: the state is the one before or the one after,
// whole.
BOOST_AUTO_TEST_CASE(a_power_cut_leaves_the_state_before_or_after,
                     *boost::unit_test::label("exhaustive")) {
  const Scratch scratch;
  std::vector<Bytes> states;
  {
    SealedRecords records(scratch.path());
    records.keep(face(1), noise(1, 70));
    states.push_back(whole(first(scratch)));
    records.keep(face(2), noise(2, 70));
    states.push_back(whole(first(scratch)));  // a new frame
    remove(records, face(2));
    states.push_back(whole(first(scratch)));  // a freed one
    records.keep(face(2), noise(3, 60));
    states.push_back(whole(first(scratch)));  // a reused one
  }
  const auto content = [&scratch] { return read(SealedRecords(scratch.path()), face(2)); };
  constexpr std::ptrdiff_t frame = 192;
  for (std::size_t step = 1; step < states.size(); ++step) {
    restore(scratch, states[step - 1], states[step - 1]);
    const Bytes old = content();
    restore(scratch, states[step], states[step]);
    const Bytes next = content();
    BOOST_TEST((old != next));
    for (std::ptrdiff_t bytes = 0; bytes <= frame; bytes += 8) {
      Bytes torn = states[step - 1];
      std::copy_n(states[step].begin() + frame, bytes, torn.begin() + frame);
      restore(scratch, torn, states[step - 1]);
      BOOST_TEST((content() == (torn == states[step] ? next : old)));
      BOOST_TEST((whole(first(scratch)) == whole(second(scratch))));
      restore(scratch, states[step], torn);
      BOOST_TEST((content() == next));
      BOOST_TEST((read(SealedRecords(scratch.path()), face(1)) == noise(1, 70)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_or_missing_copy_is_made_again) {
  const Scratch scratch;
  {
    SealedRecords records(scratch.path());
    records.keep(face(1), noise(1, 70));
    records.keep(face(2), noise(2, 70));
  }
  const Bytes good = whole(first(scratch));
  for (const auto& name : {first(scratch), second(scratch)}) {
    for (const std::size_t left : {0U, 1U, 95U, 96U, 192U, 200U, 384U, 5000U}) {
      restore(scratch, good, good);
      std::filesystem::resize_file(name, left);
      BOOST_TEST((read(SealedRecords(scratch.path()), face(2)) == noise(2, 70)));
    }
    std::filesystem::remove(name);
    BOOST_TEST((read(SealedRecords(scratch.path()), face(2)) == noise(2, 70)));
    BOOST_TEST((whole(name) == good));
  }
}

BOOST_AUTO_TEST_CASE(a_frame_is_no_other_frame) {
  const Scratch scratch;
  {
    SealedRecords records(scratch.path());
    records.keep(face(1), noise(1, 70));
    records.keep(face(2), noise(2, 70));
  }
  Bytes file = whole(first(scratch));
  std::copy_n(file.begin(), 192, file.begin() + 192);
  restore(scratch, file, file);
  BOOST_TEST(fault_of<VaultFault>([&] {
               SealedRecords records(scratch.path());
             }).find("at byte 192") != std::string::npos);
}

// With checks that fit: a header that asks for more than a frame has is no header.
BOOST_AUTO_TEST_CASE(a_header_of_impossible_sizes_is_damage) {
  constexpr std::size_t length_at = 28, capacity_at = 32, checked = 80;
  for (const std::size_t at : {length_at, capacity_at}) {
    const Scratch scratch;
    {
      SealedRecords(scratch.path()).keep(face(1), noise(1, 70));
    }
    Bytes file = whole(first(scratch));
    for (std::size_t i = 0; i < 4; ++i) file[at + i] = std::byte{0xF0};
    const std::uint64_t place = 0;
    Sha256 hasher;
    hasher.add(std::as_bytes(std::span(&place, 1))).add(std::span(file).first(checked));
    const Digest check = hasher.finish();
    std::memcpy(file.data() + checked, check.bytes.data(), 16);
    restore(scratch, file, file);
    BOOST_TEST(fault_of<VaultFault>([&] {
                 SealedRecords records(scratch.path());
               }).find("at byte 0") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(grows_and_reserves) {
  const Scratch scratch;
  SealedRecords records(scratch.path());
  const std::size_t size = whole(first(scratch)).size();
  records.reserve(size);
  BOOST_TEST(whole(first(scratch)).size() > size);
  for (std::uint64_t rider = 1; rider <= 30; ++rider)
    records.keep(face(rider), noise(rider, 100'000));
  const SealedRecords again(scratch.path());
  for (std::uint64_t rider = 1; rider <= 30; ++rider) {
    BOOST_TEST((read(again, face(rider)) == noise(rider, 100'000)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
