// Waiting a moment awake before sleeping. Waking a sleeper costs tens of microseconds where its
// processor has gone to sleep as well (measured on a virtual machine: a quarter of a small commit);
// whoever expects the end within about that time stays up, and lets everybody else run meanwhile.
#pragma once

#include <sched.h>

#include <chrono>

namespace obverse {

// True as soon as `is_over` says so; false once it has not for so long.
template <class IsOver>
bool awaited(IsOver is_over, std::chrono::microseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  do {
    if (is_over()) return true;
    ::sched_yield();
  } while (std::chrono::steady_clock::now() < until);
  return is_over();
}

}  // namespace obverse
