// The door of the room: who is this (1:N), is this the person they say (1:1). Knows faces and
// labels, nothing of what follows. Exact: every answer is the one that comparing with everybody
// gives, the same bits on every kernel.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "matcher/embedding.h"

namespace obverse {

// A person, and the version of their face that was compared.
struct PersonLabel {
  std::uint64_t value;
  std::uint32_t version;
  friend bool operator==(const PersonLabel&, const PersonLabel&) = default;
};

// A bound of this room. How many photographs an enrolment may have is the caller's to say, and
// less.
inline constexpr std::size_t templates_per_person_max = 256;

// 1:N. The best person by the greatest score over their templates; of equal persons the lowest
// label. With nobody to search, best is empty and score is -2^22.
struct Identification {
  std::optional<PersonLabel> best;
  MatchScore score = -match_score_one;
  std::optional<MatchScore> runner_up;  // the best score of any other person
  std::uint32_t scope = 0;              // people searched
  std::uint64_t gallery = 0;            // the position that the searched gallery had reached
  friend bool operator==(const Identification&, const Identification&) = default;
};

// 1:1. If not enrolled, version is 0 and score -2^22.
struct Verification {
  bool enrolled = false;
  std::uint32_t version = 0;
  MatchScore score = -match_score_one;
  std::uint64_t gallery = 0;
  friend bool operator==(const Verification&, const Verification&) = default;
};

class Matcher {
 public:
  // kernel: "" for the best this machine has, or "scalar", "avx2", "avx512" to force one; throws
  // std::invalid_argument that names the choices if it is not present. threads: how many search
  // together for one probe, from 1.
  explicit Matcher(const ModelSpec& model, std::string_view kernel = "", unsigned threads = 1);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // The next three are called by one thread at a time, the gallery's writer, with positions that
  // never fall. Searches go on meanwhile, and never wait for them: each sees all of a change or
  // nothing of it.

  // Puts these 1 to templates_per_person_max templates in the place of any that the person had.
  // Throws std::invalid_argument if one is of another model, or their number is wrong.
  void enrol(PersonLabel, std::span<const Template>, std::uint64_t gallery_position);
  // Forgets the person. Waits for the searches that began before: once this returns no search
  // returns the person, and the templates' memory has been wiped. Forgetting someone unknown only
  // advances the position.
  void remove(std::uint64_t person, std::uint64_t gallery_position);
  // The log moved on without touching a face.
  void reached(std::uint64_t gallery_position);

  // Any thread, any number at once. A probe of another model: std::invalid_argument.
  Identification identify(const Template& probe) const;
  Verification verify(const Template& probe, std::uint64_t person) const;

  std::uint32_t people() const;
  std::uint32_t templates() const;
  std::string_view kernel() const;
  const ModelSpec& model() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse
