// The way back onto a reactor: a call waits there for a letter that another thread sends, once.
// Only plain values cross; a promise never leaves its reactor. Many letters are one posted turn.
#pragma once

#include <kj/async.h>
#include <kj/debug.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/server/transport/reactor.h"
#include "threads/lock.h"

namespace obverse {

class Crossing {
 public:
  explicit Crossing(Reactor&);  // before the reactor runs, or on it
  Crossing(const Crossing&) = delete;
  Crossing& operator=(const Crossing&) = delete;

  // To be sent or lost once, by any thread, also after the reactor is gone. Lost: the promise
  // fails. When the last copy of one that was never sent goes, it is rejected as disconnected.
  template <class Value>
  class Letter;
  template <class Value>
  struct Awaited {
    kj::Promise<Value> promise;
    Letter<Value> letter;
  };
  template <class Value>
  Awaited<Value> await();  // on the reactor

 private:
  class Slot;
  template <class Value>
  class SlotOf;
  class Box;
  std::shared_ptr<Box> box_;
};

class Crossing::Slot {
 public:
  virtual ~Slot() = default;
  virtual void lose(kj::Exception::Type type, const std::string& why) = 0;
};

template <class Value>
class Crossing::SlotOf final : public Slot {
 public:
  explicit SlotOf(kj::Own<kj::PromiseFulfiller<Value>> waits) : waits_(kj::mv(waits)) {}
  ~SlotOf() noexcept override = default;
  void fill(Value value) { waits_->fulfill(kj::mv(value)); }
  void lose(kj::Exception::Type type, const std::string& why) override {
    waits_->reject(kj::Exception(type, __FILE__, __LINE__, kj::str(why.c_str())));
  }

 private:
  kj::Own<kj::PromiseFulfiller<Value>> waits_;
};

class Crossing::Box : public std::enable_shared_from_this<Box> {
 public:
  using Opening = std::function<void(Slot&)>;

  explicit Box(Reactor& reactor) : reactor_(&reactor) {}
  std::uint64_t add(std::unique_ptr<Slot>);  // on the reactor
  void send(std::uint64_t ticket, Opening);  // any thread
  void close();                              // on the reactor, as it ends

 private:
  void open_all();

  Mutex mutex_;
  Reactor* reactor_ GUARDED_BY(mutex_);  // null once closed
  std::vector<std::pair<std::uint64_t, Opening>> sent_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, std::unique_ptr<Slot>> slots_;  // touched on the reactor only
  std::uint64_t tickets_ = 0;
};

template <class Value>
class Crossing::Letter {
 public:
  Letter(std::shared_ptr<Box> box, std::uint64_t ticket)
      : sheet_(std::make_shared<Sheet>(std::move(box), ticket)) {}

  void send(Value value) const {
    sheet_->sent = true;
    sheet_->box->send(sheet_->ticket, [value = std::move(value)](Slot& slot) mutable {
      static_cast<SlotOf<Value>&>(slot).fill(std::move(value));
    });
  }
  void lose(const std::string& why) const {
    sheet_->sent = true;
    sheet_->box->send(sheet_->ticket,
                      [why](Slot& slot) { slot.lose(kj::Exception::Type::FAILED, why); });
  }

 private:
  struct Sheet {
    Sheet(std::shared_ptr<Box> its_box, std::uint64_t its_ticket)
        : box(std::move(its_box)), ticket(its_ticket) {}
    Sheet(const Sheet&) = delete;
    Sheet& operator=(const Sheet&) = delete;
    ~Sheet() {
      if (sent) return;
      box->send(ticket, [](Slot& slot) {
        slot.lose(kj::Exception::Type::DISCONNECTED, "dropped unanswered");
      });
    }
    std::shared_ptr<Box> box;
    std::uint64_t ticket;
    bool sent = false;
  };
  std::shared_ptr<Sheet> sheet_;
};

template <class Value>
Crossing::Awaited<Value> Crossing::await() {
  auto pair = kj::newPromiseAndFulfiller<Value>();
  const std::uint64_t ticket = box_->add(std::make_unique<SlotOf<Value>>(kj::mv(pair.fulfiller)));
  return {kj::mv(pair.promise), Letter<Value>(box_, ticket)};
}

}  // namespace obverse
