// One mutex: a search takes a hundred times longer than the hand-over.
#include "ledger/server/pool.h"

#include <algorithm>
#include <utility>

namespace obverse {

void Pool::Row::push(TerminalId caller, Work work) {
  auto& own = works_[caller];
  if (own.empty()) turns_.push_back(caller);
  own.push_back(std::move(work));
  ++size_;
}

Pool::Work Pool::Row::take() {
  const auto own = works_.find(turns_.front());
  turns_.pop_front();
  Work work = std::move(own->second.front());
  own->second.pop_front();
  if (own->second.empty())
    works_.erase(own);
  else
    turns_.push_back(own->first);
  --size_;
  return work;
}

Pool::Pool(unsigned threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Pool::~Pool() { stop(); }

bool Pool::run(Lane lane, TerminalId caller, Work work) {
  {
    const Lock lock(mutex_);
    auto& row = rows_[static_cast<std::size_t>(lane)];
    if (stopping_ || row.size() >= waiting_max_) return false;
    row.push(caller, std::move(work));
  }
  come_.notify_one();
  return true;
}

void Pool::stop() {
  std::array<Row, lanes_count> dropped;
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
  const auto filled = [](const Row& row) { return row.size() > 0; };
  const Lock lock(mutex_);
  for (;;) {
    while (!stopping_ && std::ranges::none_of(rows_, filled)) come_.wait(mutex_);
    if (stopping_) return;
    Work work = std::ranges::find_if(rows_, filled)->take();
    const Unlock open(mutex_);
    work();
    work = nullptr;  // what it holds goes before the next waits
  }
}

}  // namespace obverse
