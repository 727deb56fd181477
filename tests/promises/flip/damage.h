// Everything that is done to a data directory, as a list that is the same for the same seed: one
// blow a case.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/promises/flip/premises.h"

namespace obverse::flip {

inline constexpr std::uint64_t page_bytes = 4096;
inline constexpr std::uint64_t table_footer_bytes = 53;  // two handles, padded to 40 bytes

// both: a bit of one entry flipped in the tail and in RocksDB's copy, which nothing can repair.
enum class Blow : std::uint8_t { flipped, cut, page_zeroed, page_doubled, swapped, older, both };
inline constexpr std::size_t blows = 7;
const char* name_of(Blow blow);

// What a file is.
enum class Part : std::uint8_t {
  write_ahead,
  table,
  manifest,
  current,
  own,  // of RocksDB: options, identity, its log, locks; and the log's lock and ballast
  tail,
  snapshot,
  keys,
  records,
  settings,
  set,  // several files at once
};
const char* name_of(Part part);
Part part_of(const std::string& path);

struct Case {
  Blow blow = Blow::flipped;
  std::string path;                   // the damaged file; of a whole set of files, the set's name
  std::uint64_t at = 0;               // byte; length for a cut
  std::uint64_t other = 0;            // the other byte of a swap, the bit of a flip
  std::uint64_t bytes = 0;            // how many, for a swap
  std::vector<std::string> set = {};  // older: what begins with one of these is put back
  std::string from = {};              // older: the time that it comes from
  std::string path_too = {};          // both: RocksDB's file,
  std::uint64_t at_too = 0;           // and the byte in it
  std::uint64_t position = 0;         // of the entry
};
std::string words_of(const Case& one);

struct Times {
  Image first, second, last;
};

// `step`: of written bytes and of lengths, one in so many; of zeros that were never written, one in
// 512 times so many; of RocksDB's options, log and locks, which hold nothing of ours, one in 16
// times so many.
std::vector<Case> cases_of(const Times& times, std::uint64_t seed, std::uint64_t step);

// The entries, as the tail has them, in their order from position 1.
struct Entry {
  std::string payload;
  std::string path;      // of its segment
  std::uint64_t at = 0;  // of its payload
};
std::vector<Entry> entries_of(const Image& image);

// Whether a blow met only what nobody reads: zeros of a file that is reserved ahead, or the padding
// in a table's footer.
bool met_nothing(const Case& one, const Image& image);

void strike(const Case& one, const Times& times, const std::filesystem::path& data);

}  // namespace obverse::flip
