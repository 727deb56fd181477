// Calls that begin when they are due, whether or not the ones before are answered, and are timed
// from when they were due: who waits because others wait is counted too.
#pragma once

#include <kj/async.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace obverse::promises {

struct Offered {
  double per_second = 0;
  double seconds = 0;
  std::uint64_t seed = 0;
};

struct Answers {
  std::vector<double> milliseconds;  // from due to answered
  std::uint64_t wrong = 0;
  double seconds = 0;
};

// A call that says whether its answer was what it had to be.
using Call = std::function<kj::Promise<bool>(std::uint64_t number)>;

// At random moments, as many a second as offered (a Poisson process, from the seed).
Answers open_loop(kj::WaitScope& wait_scope, const Offered& offered, const Call& call);

// `count` calls, `width` of them unanswered at any time.
Answers closed_loop(kj::WaitScope& wait_scope, std::uint64_t count, std::size_t width,
                    const Call& call);

}  // namespace obverse::promises
