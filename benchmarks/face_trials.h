// The searches that benchmarks/faces.cc and tests/matcher/faces_test.cc count: who is enrolled with
// which photos, who is probed, what came back. Uses the matcher by its door only.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "benchmarks/face_set.h"
#include "matcher/matcher.h"
#include "matcher/policy.h"

namespace obverse {

using RowsByPerson = std::map<std::uint64_t, std::vector<std::size_t>>;

struct Photos {
  explicit Photos(FaceSet set) : faces(std::move(set)) {
    for (std::size_t row = 0; row < faces.rows.size(); ++row) {
      all[faces.rows[row].person].push_back(row);
      if (faces.rows[row].usable) usable[faces.rows[row].person].push_back(row);
    }
  }
  Template face(std::size_t row) const {
    return quantise(mobilefacenet_512(), faces.embedding(faces.rows[row])).value();
  }
  FaceSet faces;
  RowsByPerson all;     // every photo of a person
  RowsByPerson usable;  // without suspects; people without any are absent
};

struct StatedRate {
  double cosine;
  double fnmr_percent;
};

// What the folder's README states for its half, so that another half is held to its own figures.
// Empty if it states none.
inline std::vector<StatedRate> stated_rates(const std::filesystem::path& readme) {
  std::ifstream file(readme);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  for (std::size_t at = text.find("FNMR "); at != text.npos; at = text.find("FNMR ", at + 1)) {
    std::array<double, 3> percent{};
    std::array<double, 3> cosine{};
    const int read =
        std::sscanf(text.c_str() + at, "FNMR %lf / %lf / %lf %% at cosine %lf / %lf / %lf",
                    &percent[0], &percent[1], &percent[2], &cosine[0], &cosine[1], &cosine[2]);
    if (read != 6) continue;
    return {{cosine[0], percent[0]}, {cosine[1], percent[1]}, {cosine[2], percent[2]}};
  }
  return {};
}

// Cosines of every pair of usable photos of one person: the pairs behind the README's figures.
inline std::vector<std::pair<std::size_t, std::size_t>> genuine_pairs(const Photos& photos) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& [person, rows] : photos.usable) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) pairs.emplace_back(rows[i], rows[j]);
    }
  }
  return pairs;
}

inline double cosine(std::span<const float> one, std::span<const float> other) {
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i) sum += double{one[i]} * double{other[i]};
  return sum;
}

inline MatchScore integer_score(const Template& one, const Template& other) {
  std::int32_t dot = 0;
  for (std::size_t i = 0; i < one.dimensions; ++i) dot += one.values[i] * other.values[i];
  return score_of(dot, one.inverse_norm, other.inverse_norm);
}

// Rows to enrol, by person.
// Everybody with several photos: all usable photos but the last; a person with none usable is
// enrolled all the same, with all suspects but the last. `probed` is the photo that a degraded
// probe was made from: it is left out as well. Whoever that leaves without a photo is enrolled with
// what they have besides the probed one. With `everybody`, people with one photo as well.
inline RowsByPerson enrolment(const Photos& photos,
                              const std::map<std::uint64_t, std::size_t>& probed, bool everybody) {
  RowsByPerson enrolled;
  for (const auto& [person, all] : photos.all) {
    const auto usable = photos.usable.find(person);
    if (all.size() == 1) {
      if (everybody && usable != photos.usable.end()) enrolled[person] = all;
      continue;
    }
    std::vector<std::size_t> rows = usable == photos.usable.end() ? all : usable->second;
    const auto own = probed.find(person);
    if (own != probed.end()) std::erase(rows, own->second);
    const std::size_t last = usable == photos.usable.end() ? all.back() : usable->second.back();
    if (rows.size() > 1) std::erase(rows, last);
    if (!rows.empty()) enrolled[person] = rows;
  }
  return enrolled;
}

struct Searched {
  std::uint64_t person;  // whose photo it was
  std::size_t row;       // in its set
  Identification found;
  bool right() const { return found.best && found.best->value == person; }
};

struct Trial {
  std::string name;
  std::uint32_t people = 0;
  std::uint32_t templates = 0;
  std::size_t failures_to_acquire = 0;
  std::size_t suspects = 0;     // probes left out, because their photo's label is in doubt
  std::vector<Searched> mated;  // the person is enrolled
  std::vector<Searched>
      strangers;  // the same probes with the person taken out; and people with one photo
};

struct Decided {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::size_t ambiguous = 0;
  std::size_t below = 0;
};

inline Decided decided(const std::vector<Searched>& searches, const ModelPolicy& policy) {
  Decided count;
  for (const Searched& search : searches) {
    const MatchScore limit = threshold(policy.one_to_many, search.found.scope);
    switch (decide(search.found.score, search.found.runner_up, limit, policy.margin)) {
      case Verdict::recognised:
        ++(search.right() ? count.right : count.wrong);
        break;
      case Verdict::ambiguous:
        ++count.ambiguous;
        break;
      case Verdict::not_recognised:
        ++count.below;
        break;
    }
  }
  return count;
}

// One gallery and its probes. Undegraded: each person's last usable photo if it is not enrolled,
// and, unless everybody is enrolled, people with one photo as strangers. Degraded: the probes of
// that set whose original is no suspect.
class FaceTrials {
 public:
  FaceTrials(const Photos& photos, bool everybody, std::string kernel = "")
      : photos_(photos), everybody_(everybody), kernel_(std::move(kernel)) {}

  Trial clean() {
    Trial trial;
    trial.name = "clean";
    begin(trial, {});
    for (const auto& [person, rows] : photos_.usable) {
      const std::size_t last = rows.back();
      const bool single = photos_.all.at(person).size() == 1;
      const auto own = enrolled_.find(person);
      const bool held_back = own != enrolled_.end() && own->second.back() != last;
      if (single && !everybody_) {
        trial.strangers.push_back({person, last, matcher_->identify(photos_.face(last))});
      } else if (!single && held_back) {
        search(trial, person, last, photos_.face(last));
      }
    }
    return trial;
  }

  Trial degraded(const std::string& name, const FaceSet& probes) {
    Trial trial;
    trial.name = name;
    std::map<std::uint64_t, std::size_t> probed;
    for (const FaceRow& row : probes.rows) probed[row.person] = row.clean_row;
    begin(trial, probed);
    for (std::size_t row = 0; row < probes.rows.size(); ++row) {
      const FaceRow& probe = probes.rows[row];
      if (!probe.usable) {
        ++trial.failures_to_acquire;
      } else if (!photos_.faces.rows[probe.clean_row].usable) {
        ++trial.suspects;
      } else {
        search(trial, probe.person, row,
               quantise(mobilefacenet_512(), probes.embedding(probe)).value());
      }
    }
    return trial;
  }

 private:
  std::vector<Template> templates(std::uint64_t person) const {
    std::vector<Template> faces;
    for (const std::size_t row : enrolled_.at(person)) faces.push_back(photos_.face(row));
    return faces;
  }

  void begin(Trial& trial, const std::map<std::uint64_t, std::size_t>& probed) {
    enrolled_ = enrolment(photos_, probed, everybody_);
    matcher_ = std::make_unique<Matcher>(mobilefacenet_512(), kernel_);
    for (const auto& [person, rows] : enrolled_) matcher_->enrol({person, 1}, templates(person), 1);
    trial.people = matcher_->people();
    trial.templates = matcher_->templates();
  }

  void search(Trial& trial, std::uint64_t person, std::size_t row, const Template& probe) {
    trial.mated.push_back({person, row, matcher_->identify(probe)});
    matcher_->remove(person, 1);
    trial.strangers.push_back({person, row, matcher_->identify(probe)});
    matcher_->enrol({person, 1}, templates(person), 1);
  }

  const Photos& photos_;
  bool everybody_;
  std::string kernel_;
  RowsByPerson enrolled_;
  std::unique_ptr<Matcher> matcher_;
};

}  // namespace obverse
