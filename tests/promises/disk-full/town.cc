#include "tests/promises/disk-full/town.h"

#include <chrono>

namespace obverse::promises {
namespace {

constexpr std::int64_t shopper_yen = 900'000;
constexpr std::int64_t rider_yen = 10'000;
constexpr std::uint64_t first_rider_seed = 100;
constexpr std::uint64_t entries = 4'000'000;  // attempts
constexpr std::uint64_t exits = 5'000'000;

std::string bytes(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

Told told(rpc::Refusal::Reader refusal) {
  const std::string name = refusal.getName();
  const bool full = name == "disk_must_have_room";
  return {full ? Told::Kind::disk_full : Told::Kind::refused, name, ""};
}

template <class Request>
void show(Request& request, std::uint64_t attempt, std::uint64_t seed) {
  house::fill(request.initAttempt(), house::key(attempt));
  house::fill(request.initPresence().initProbe(), house::photo(seed, 3));
  request.getPresence().getProbe().setCapturedAt(0);
}

// A connection has a thread of its own; what goes wrong with it is what was told.
template <class Body>
Told apart(Body body) {
  Told told;
  std::thread([&] {
    try {
      told = body(std::make_shared<ClientLoop>());
    } catch (const kj::Exception& fault) {
      told.words = fault.getDescription().cStr();
    } catch (const std::exception& fault) {
      told.words = fault.what();
    }
  }).join();
  return told;
}

}  // namespace

void Town::settle(std::uint16_t port) {
  const Told done = apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal first(loop, port, estate_.terminal("first-operator"));
    house::set_up(first, estate_);
    house::Terminal desk(loop, port, estate_.terminal("enrolment"));
    for (std::size_t i = 0; i < shoppers; ++i)
      shopper_ids_.push_back(house::enrol(desk, i + 1, shopper_yen));
    for (std::size_t i = 0; i < riders; ++i) house::enrol(desk, first_rider_seed + i, rider_yen);
    return Told{Told::Kind::yes, "", ""};
  });
  if (done.kind != Told::Kind::yes) throw std::runtime_error(done.words);
  if (const Told in = admit(port); in.kind != Told::Kind::yes)
    throw std::runtime_error("nobody could enter: " + in.words);
}

Told Town::enter_once(house::Terminal& gate, std::size_t journey) {
  auto request = gate.gate().enterRequest();
  show(request, entries + journey, first_rider_seed + journey % riders);
  const auto response = gate.ask(kj::mv(request));
  const auto outcome = response.getOutcome();
  if (outcome.isRefused()) return told(outcome.getRefused());
  if (!outcome.isEntered()) return {Told::Kind::failed, "neither in nor refused", ""};
  return {Told::Kind::yes, "", ""};
}

Told Town::admit(std::uint16_t port) {
  return apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal gate(loop, port, estate_.terminal("gate-a"));
    for (; entered_ < left_ + riders; ++entered_)
      if (Told in = enter_once(gate, entered_); in.kind != Told::Kind::yes) return in;
    return Told{Told::Kind::yes, "", ""};
  });
}

Told Town::pay_once(house::Terminal& till, std::size_t shopper, std::uint64_t attempt) {
  auto request = till.checkout().payRequest();
  show(request, attempt, shopper + 1);
  request.initAmount().setMinor(1);
  request.getAmount().setCurrency(392);
  const auto response = till.ask(kj::mv(request));
  const auto outcome = response.getOutcome();
  if (outcome.isDeclined()) return told(outcome.getDeclined());
  if (!outcome.isApproved()) return {Told::Kind::failed, "neither approved nor declined", ""};
  return {Told::Kind::yes, "", bytes(outcome.getReceipt().getChain())};
}

Told Town::leave_once(house::Terminal& gate, std::size_t journey) {
  auto request = gate.gate().leaveRequest();
  show(request, exits + journey, first_rider_seed + journey % riders);
  const auto response = gate.ask(kj::mv(request));
  const auto outcome = response.getOutcome();
  if (outcome.isRefused()) return told(outcome.getRefused());
  if (!outcome.isLeft()) return {Told::Kind::failed, "neither out nor refused", ""};
  return {Told::Kind::yes, "", bytes(outcome.getReceipt().getChain())};
}

void Town::keep(std::uint64_t attempt, std::size_t shopper, const Told& told) {
  const std::scoped_lock lock(mutex_);
  book_[attempt] = {shopper, told.kind == Told::Kind::yes, told.chain};
}

Told Town::pay(std::uint16_t port, std::size_t shopper) {
  const std::uint64_t attempt = next_attempt_++;
  const Told said = apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal till(loop, port, estate_.terminal("till"));
    return pay_once(till, shopper, attempt);
  });
  keep(attempt, shopper, said);
  return said;
}

Told Town::leave(std::uint16_t port) {
  if (left_ == entered_) throw std::runtime_error("nobody is inside any more");
  const Told said = apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal gate(loop, port, estate_.terminal("gate-b"));
    return leave_once(gate, left_);
  });
  if (said.kind == Told::Kind::yes) exits_[left_++] = said.chain;
  return said;
}

Told Town::ask(std::uint16_t port) {
  return apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal desk(loop, port, estate_.terminal("enrolment"));
    auto request = desk.enrolment().personRequest();
    request.setRider(shopper_ids_.at(0));
    const auto person = desk.ask(kj::mv(request));
    const bool right = person.getPerson().getBalance().getMinor() <= shopper_yen &&
                       person.getPerson().getBalance().getMinor() > 0;
    return Told{right ? Told::Kind::yes : Told::Kind::failed, "", ""};
  });
}

void Town::shop(std::uint16_t port, std::size_t shopper) {
  const Told end = apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal till(loop, port, estate_.terminal("till"));
    while (loading_) {
      const std::uint64_t attempt = next_attempt_++;
      const Told said = pay_once(till, shopper, attempt);
      keep(attempt, shopper, said);
      if (said.kind == Told::Kind::yes) ++load_yes_;
      if (said.kind == Told::Kind::disk_full) {
        ++load_full_;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      if (said.kind == Told::Kind::refused || said.kind == Told::Kind::failed) return said;
    }
    return Told{Told::Kind::yes, "", ""};
  });
  if (end.kind == Told::Kind::yes) return;
  const std::scoped_lock lock(mutex_);
  trouble_ = end.words;
}

void Town::start_load(std::uint16_t port) {
  loading_ = true;
  for (std::size_t shopper = 0; shopper < shoppers; ++shopper)
    crowd_.emplace_back([this, port, shopper] { shop(port, shopper); });
}

void Town::stop_load() {
  loading_ = false;
  for (std::thread& each : crowd_) each.join();
  crowd_.clear();
}

std::string Town::load_trouble() {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

Town::Again Town::retry_all(std::uint16_t port) {
  Again again;
  const Told done = apart([&](const std::shared_ptr<ClientLoop>& loop) {
    house::Terminal till(loop, port, estate_.terminal("till"));
    std::int64_t charged = 0;
    for (const auto& [attempt, paid] : book_) {
      if (!paid.yes) continue;
      const Told said = pay_once(till, paid.shopper, attempt);
      ++again.asked;
      ++charged;
      if (said.kind != Told::Kind::yes) ++again.lost;
      if (said.kind == Told::Kind::yes && said.chain != paid.chain) ++again.changed;
    }
    house::Terminal gate(loop, port, estate_.terminal("gate-b"));
    for (const auto& [journey, chain] : exits_) {
      const Told said = leave_once(gate, journey);
      ++again.asked;
      if (said.kind != Told::Kind::yes) ++again.lost;
      if (said.kind == Told::Kind::yes && said.chain != chain) ++again.changed;
    }
    house::Terminal desk(loop, port, estate_.terminal("enrolment"));
    std::int64_t left = 0;
    for (const std::uint64_t shopper : shopper_ids_) {
      auto request = desk.enrolment().personRequest();
      request.setRider(shopper);
      left += desk.ask(kj::mv(request)).getPerson().getBalance().getMinor();
    }
    again.missing_yen = shopper_yen * static_cast<std::int64_t>(shoppers) - charged - left;
    return Told{Told::Kind::yes, "", ""};
  });
  if (done.kind != Told::Kind::yes) ++again.lost;
  return again;
}

}  // namespace obverse::promises
