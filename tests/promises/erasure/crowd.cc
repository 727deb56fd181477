#include "tests/promises/erasure/crowd.h"

#include <cstring>

#include "matcher/embedding.h"
#include "matcher/kernels/kernels.h"

namespace obverse::promises {
namespace {

constexpr std::uint64_t desk_photos = 2;
constexpr std::uint64_t till_photo = 3;

template <class T>
Raw raw(const std::vector<T>& values) {
  Raw bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// IEEE 754 half precision, rounded half to even; what is too small becomes zero.
std::uint16_t half(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = bits >> 16U & 0x8000U;
  const std::int32_t exponent = static_cast<std::int32_t>(bits >> 23U & 0xFFU) - 127 + 15;
  if (exponent <= 0) return static_cast<std::uint16_t>(sign);
  const std::uint32_t mantissa = bits & 0x7FFFFFU;
  std::uint32_t out = sign | static_cast<std::uint32_t>(exponent) << 10U | mantissa >> 13U;
  const std::uint32_t rest = mantissa & 0x1FFFU;
  if (rest > 0x1000U || (rest == 0x1000U && (out & 1U) != 0)) ++out;
  return static_cast<std::uint16_t>(out);
}

Raw small(const house::Numbers& face, std::uint8_t added) {
  const auto made = quantise(mobilefacenet_512(), face);
  Raw bytes;
  for (std::size_t i = 0; i < face.size(); ++i)
    bytes.push_back(static_cast<std::uint8_t>(made->values[i] + added));
  return bytes;
}

// At most `width` unanswered at once; gives what the answers say.
template <class Make>
std::vector<std::uint64_t> send_all(house::Terminal& terminal, std::uint64_t count,
                                    std::size_t width, Make make) {
  using Sent = decltype(make(std::uint64_t{}).send());
  std::deque<Sent> sent;
  std::vector<std::uint64_t> ids;
  const auto take_one = [&] {
    ids.push_back(house::done(sent.front().wait(terminal.wait_scope()).getOutcome()));
    sent.pop_front();
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    if (sent.size() >= width) take_one();
    auto request = make(i);
    sent.push_back(request.send());
  }
  while (!sent.empty()) take_one();
  return ids;
}

}  // namespace

std::vector<house::Numbers> shown_by(std::uint64_t person) {
  std::vector<house::Numbers> faces;
  for (std::uint64_t which = 1; which <= till_photo; ++which)
    faces.push_back(house::photo(person, which));
  return faces;
}

void add_faces(Search& search, std::uint64_t person) {
  for (const house::Numbers& face : shown_by(person)) {
    search.add({"f32", person, raw(face)});
    std::vector<std::uint16_t> halves;
    for (const float number : face) halves.push_back(half(number));
    search.add({"f16", person, raw(halves)});
    search.add({"int8", person, small(face, 0)});
    search.add({"uint8", person, small(face, kernel_zero)});
  }
}

void add_gallery_faces(Search& search, std::uint64_t person) {
  for (const house::Numbers& face : shown_by(person))
    search.add({"gallery", person, small(face, kernel_zero)});
}

void Crowd::enrol(std::uint16_t port) {
  on_thread([&] {
    house::Terminal first(std::make_shared<ClientLoop>(), port, estate_.terminal("first-operator"));
    house::set_up(first, estate_);
  });
  on_thread([&] {
    house::Terminal terminal(std::make_shared<ClientLoop>(), port, estate_.terminal("enrolment"));
    auto desk = terminal.enrolment();
    const auto keyed = [&](auto request) {
      house::fill(request.initAttempt(), house::key(attempt_++));
      return request;
    };
    constexpr std::size_t many = 256;
    riders_ = send_all(terminal, people_, many,
                       [&](std::uint64_t) { return keyed(desk.registerRequest()); });
    send_all(terminal, people_, many, [&](std::uint64_t i) {
      auto request = keyed(desk.consentRequest());
      request.setRider(riders_[i]);
      request.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
      request.initParty().setEveryone();
      request.setTextVersion(1);
      return request;
    });
    send_all(terminal, people_, many, [&](std::uint64_t i) {
      auto request = keyed(desk.openWalletRequest());
      request.setRider(riders_[i]);
      request.setCurrency(392);
      return request;
    });
    send_all(terminal, people_, many, [&](std::uint64_t i) {
      auto request = keyed(desk.loadRequest());
      request.setRider(riders_[i]);
      request.initAmount().setMinor(1'000);
      request.getAmount().setCurrency(392);
      return request;
    });
    send_all(terminal, people_, 32, [&](std::uint64_t i) {
      auto request = keyed(desk.enrolRequest());
      request.setRider(riders_[i]);
      auto photos = request.initPhotos(desk_photos);
      for (unsigned photo = 0; photo < desk_photos; ++photo)
        house::fill(photos[photo], house::photo(i + 1, photo + 1));
      return request;
    });
  });
}

std::vector<std::uint64_t> Crowd::served(std::uint16_t port,
                                         const std::vector<std::uint64_t>& whom) {
  std::vector<std::uint64_t> approved;
  on_thread([&] {
    house::Terminal till(std::make_shared<ClientLoop>(), port, estate_.terminal("till"));
    for (const std::uint64_t person : whom) {
      const auto paid =
          promises::pay(till, attempt_++, house::photo(person, till_photo)).wait(till.wait_scope());
      if (paid.getOutcome().isApproved()) approved.push_back(person);
    }
  });
  return approved;
}

void Crowd::pay(std::uint16_t port, const std::vector<std::uint64_t>& whom) {
  if (served(port, whom).size() != whom.size()) throw std::runtime_error("a payment was declined");
}

void Crowd::erase(std::uint16_t port, const std::vector<std::uint64_t>& whom) {
  on_thread([&] {
    house::Terminal terminal(std::make_shared<ClientLoop>(), port, estate_.terminal("enrolment"));
    for (const std::uint64_t person : whom) {
      auto request = terminal.enrolment().eraseRequest();
      house::fill(request.initAttempt(), house::key(attempt_++));
      request.setRider(rider(person));
      if (house::done(terminal.ask(kj::mv(request)).getOutcome()) != 0)
        throw std::runtime_error("an erasure was put off");
    }
  });
}

}  // namespace obverse::promises
