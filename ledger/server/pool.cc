// One mutex: a search takes a hundred times longer than the hand-over.
#include "ledger/server/pool.h"

#include <algorithm>
#include <utility>

namespace obverse {

Pool::Pool(unsigned threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Pool::~Pool() { stop(); }

bool Pool::run(Lane lane, std::function<void()> work) {
  {
    const Lock lock(mutex_);
    auto& row = rows_[static_cast<std::size_t>(lane)];
    if (stopping_ || row.size() >= waiting_max_) return false;
    row.push_back(std::move(work));
  }
  come_.notify_one();
  return true;
}

void Pool::stop() {
  std::array<std::deque<std::function<void()>>, lanes_count> dropped;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    std::swap(dropped, rows_);
  }
  come_.notify_all();
  for (std::jthread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t Pool::waiting() const {
  const Lock lock(mutex_);
  std::size_t sum = 0;
  for (const auto& row : rows_) sum += row.size();
  return sum;
}

void Pool::serve() {
  const auto filled = [](const auto& row) { return !row.empty(); };
  const Lock lock(mutex_);
  for (;;) {
    while (!stopping_ && std::ranges::none_of(rows_, filled)) come_.wait(mutex_);
    if (stopping_) return;
    auto& row = *std::ranges::find_if(rows_, filled);
    std::function<void()> work = std::move(row.front());
    row.pop_front();
    const Unlock open(mutex_);
    work();
    work = nullptr;  // what it holds goes before the next waits
  }
}

}  // namespace obverse
