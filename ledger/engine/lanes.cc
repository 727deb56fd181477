#include "ledger/engine/lanes.h"

#include <algorithm>

#include "threads/awake.h"

namespace obverse {

Lane lane_of(const Command& command) {
  struct Sort {
    Lane operator()(const LeaveGate&) const { return Lane::leave; }
    Lane operator()(const VoidPurchase&) const { return Lane::leave; }
    Lane operator()(const ReversePurchase&) const { return Lane::leave; }
    Lane operator()(const RefundPurchase&) const { return Lane::leave; }
    Lane operator()(const EnterGate&) const { return Lane::enter; }
    Lane operator()(const Pay&) const { return Lane::pay; }
    Lane operator()(const AuthorisePurchase&) const { return Lane::pay; }
    Lane operator()(const CapturePurchase&) const { return Lane::pay; }
    Lane operator()(const TakeRailAnswer&) const { return Lane::pay; }  // a till waits for it
  };
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { Sort()(one); })
          return Sort()(one);
        else
          return Lane::manage;
      },
      command);
}

Lanes::Pushed Lanes::push(Waiting& waiting) {
  const auto row = static_cast<std::size_t>(lane_of(waiting.asked.command));
  {
    const Lock lock(mutex_);
    if (closed_) return Pushed::closed;
    if (rows_[row].size() >= lane_max_) return Pushed::full;
    rows_[row].push_back(std::move(waiting));
    ++waiting_;
    ++stirred_;
  }
  arrived_.notify_one();
  return Pushed::waiting;
}

Lanes::Pushed Lanes::push(Question& question) {
  {
    const Lock lock(mutex_);
    if (closed_) return Pushed::closed;
    if (questions_.size() >= lane_max_) return Pushed::full;
    questions_.push_back(std::move(question));
    ++stirred_;
  }
  arrived_.notify_one();
  return Pushed::waiting;
}

void Lanes::close() {
  {
    const Lock lock(mutex_);
    closed_ = true;
    ++stirred_;
  }
  arrived_.notify_all();
}

bool Lanes::is_closed() const {
  const Lock lock(mutex_);
  return closed_;
}

std::vector<Waiting> Lanes::take(std::size_t max) {
  std::vector<Waiting> out;
  const Lock lock(mutex_);
  for (auto& row : rows_) {
    const std::size_t count = std::min(max - out.size(), row.size());
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(count);
    out.insert(out.end(), std::make_move_iterator(row.begin()), std::make_move_iterator(end));
    row.erase(row.begin(), end);
  }
  waiting_ -= out.size();
  return out;
}

std::vector<Question> Lanes::take_questions(std::size_t max) {
  const Lock lock(mutex_);
  const std::size_t count = std::min(max, questions_.size());
  const auto end = questions_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Question> out(std::make_move_iterator(questions_.begin()),
                            std::make_move_iterator(end));
  questions_.erase(questions_.begin(), end);
  return out;
}

bool Lanes::has_questions() const {
  const Lock lock(mutex_);
  return !questions_.empty();
}

bool Lanes::is_idle() const {
  const Lock lock(mutex_);
  return is_empty();
}

void Lanes::wait(std::chrono::milliseconds longest, bool for_arrivals,
                 std::chrono::microseconds awake) {
  using Watch = std::chrono::steady_clock;
  const auto began = Watch::now();
  const Lock lock(mutex_);
  while (!is_over(for_arrivals) && Watch::now() < began + awake) {
    const unsigned seen = stirred_;
    const Unlock open(mutex_);
    awaited([&] { return stirred_ != seen; },
            std::chrono::ceil<std::chrono::microseconds>(began + awake - Watch::now()));
  }
  while (!is_over(for_arrivals) && arrived_.wait_until(mutex_, began + longest)) {
  }
  woken_ = false;
}

void Lanes::wake() {
  {
    const Lock lock(mutex_);
    woken_ = true;
    ++stirred_;
  }
  arrived_.notify_one();
}

}  // namespace obverse
