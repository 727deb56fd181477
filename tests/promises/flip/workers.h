// Cases in processes of their own: a server that dies of damage takes nobody else along, and two
// work at once.
#pragma once

#include <cstdint>
#include <functional>

#include "tests/promises/flip/judge.h"

namespace obverse::flip {

// Makes ready what a process needs; what it gives is called for each case.
using Worker = std::function<Verdict(std::size_t)>;
using Prepare = std::function<Worker(unsigned number)>;

// `told` is called in this process, for each of `count` cases, in no order.
void each_in_processes(unsigned processes, std::size_t count, const Prepare& prepare,
                       const std::function<void(std::size_t, const Verdict&)>& told);

// In a process of its own, because RocksDB's threads do not survive a fork. Throws if it fails.
void in_a_process(const std::function<void()>& work);

}  // namespace obverse::flip
