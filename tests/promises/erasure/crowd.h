// Many people enrolled through a real server's door, a few of them remembered byte by byte.
#pragma once

#include <string>
#include <vector>

#include "tests/promises/erasure/search.h"
#include "tests/promises/kit/town.h"

namespace obverse::promises {

// The faces that a person ever showed here: two at the desk, one at the till.
std::vector<house::Numbers> shown_by(std::uint64_t person);

// Their bytes in each form that a face takes.
void add_faces(Search& search, std::uint64_t person);
// The int8 form as a gallery holds it.
void add_gallery_faces(Search& search, std::uint64_t person);

class Crowd {
 public:
  Crowd(const house::Estate& estate, std::uint64_t people) : estate_(estate), people_(people) {}

  void enrol(std::uint16_t port);  // everybody, two photos each, with money
  void pay(std::uint16_t port, const std::vector<std::uint64_t>& whom);
  void erase(std::uint16_t port, const std::vector<std::uint64_t>& whom);
  // Of those who show a face, who is served.
  std::vector<std::uint64_t> served(std::uint16_t port, const std::vector<std::uint64_t>& whom);

  std::uint64_t rider(std::uint64_t person) const { return riders_.at(person - 1); }

 private:
  const house::Estate& estate_;
  std::uint64_t people_;
  std::uint64_t attempt_ = 1'000;
  std::vector<std::uint64_t> riders_;
};

}  // namespace obverse::promises
