#include "ledger/vault/allow_list.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr std::string_view beginning{"OBVL\1\0\0\0", 8};
constexpr std::size_t signature_bytes = std::tuple_size_v<Signature>;

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t left = sizeof number; left-- > 0;)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * left)));
}

// Reads as long as there is something; what is missing is not there.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  template <class Number>
  Number take() {
    if (in_.size() < sizeof(Number)) {
      good_ = false;
      return {};
    }
    std::uint64_t number = 0;
    for (const char byte : in_.substr(0, sizeof(Number)))
      number = number << 8 | static_cast<unsigned char>(byte);
    in_.remove_prefix(sizeof(Number));
    return static_cast<Number>(number);
  }
  std::int64_t take_within(std::int64_t min, std::int64_t max) {
    const auto number = take<std::int64_t>();
    good_ = good_ && min <= number && number <= max;
    return number;
  }
  std::uint32_t count(std::size_t bytes_each) {
    const auto number = take<std::uint32_t>();
    good_ = good_ && number <= allowed_max && number <= in_.size() / bytes_each;
    return good_ ? number : 0;
  }
  void expect(bool holds) { good_ = good_ && holds; }
  bool is_good() const { return good_; }
  bool is_at_end() const { return in_.empty(); }

 private:
  std::string_view in_;
  bool good_ = true;
};

std::array<std::int64_t, 8> numbers_of(const TerminalLimits& limits) {
  return {limits.sale_max,          limits.rider_max,         limits.terminal_max,
          limits.offline_max.ms,    limits.floor_max,         limits.list_age_max.ms,
          limits.clock_skew_max.ms, limits.travel_time_min.ms};
}

TerminalLimits take_limits(Reader& in) {
  TerminalLimits limits;
  const auto currency = currency_of(in.take<std::uint16_t>());
  in.expect(currency.has_value());
  limits.currency = currency.value_or(Currency::jpy);
  const auto amount = [&] { return in.take_within(0, amount_minor_max); };
  const auto duration = [&] { return Duration{in.take_within(0, duration_max.ms)}; };
  limits.sale_max = amount();
  limits.rider_max = amount();
  limits.terminal_max = amount();
  limits.offline_max = duration();
  limits.floor_max = amount();
  limits.list_age_max = duration();
  limits.clock_skew_max = duration();
  limits.travel_time_min = duration();
  return limits;
}

std::string body_of(const AllowList& list) {
  assert(list.allowed.size() <= allowed_max && list.lost.size() <= allowed_max);
  std::string body(beginning);
  body.reserve(128 + 12 * list.allowed.size() + 16 * list.lost.size() + signature_bytes);
  put(body, list.made.ms);
  put(body, list.version.value);
  put(body, static_cast<std::uint16_t>(list.limits.currency));
  for (const std::int64_t number : numbers_of(list.limits)) put(body, number);
  put(body, static_cast<std::uint32_t>(list.allowed.size()));
  for (const auto& [rider, face] : list.allowed) {
    put(body, rider.value);
    put(body, face.value);
  }
  put(body, static_cast<std::uint32_t>(list.lost.size()));
  for (const auto& [rider, device] : list.lost) {
    put(body, rider.value);
    put(body, device.value);
  }
  return body;
}

std::optional<AllowList> read_body(std::string_view body) {
  if (!body.starts_with(beginning)) return std::nullopt;
  Reader in(body.substr(beginning.size()));
  AllowList list;
  list.made = Instant{in.take_within(instant_min.ms, instant_max.ms)};
  list.version.value = in.take<std::uint32_t>();
  list.limits = take_limits(in);
  for (auto left = in.count(12); left > 0; --left) {
    const RiderId rider{in.take<std::uint64_t>()};
    in.expect(list.allowed.empty() || list.allowed.rbegin()->first < rider);
    list.allowed[rider] = {in.take<std::uint32_t>()};
  }
  for (auto left = in.count(16); left > 0; --left) {
    const RiderId rider{in.take<std::uint64_t>()};
    const std::pair lost{rider, DeviceId{in.take<std::uint64_t>()}};
    in.expect(list.lost.empty() || *list.lost.rbegin() < lost);
    list.lost.insert(lost);
  }
  if (!in.is_good() || !in.is_at_end()) return std::nullopt;
  return list;
}

}  // namespace

std::string make_list(const SigningKey& key, const AllowList& list) {
  std::string bytes = body_of(list);
  const Signature signature = key.sign(std::as_bytes(std::span(bytes)));
  bytes.append(signature.begin(), signature.end());
  return bytes;
}

std::optional<AllowList> verify_list(const VerifyKey& key, std::string_view bytes) {
  if (bytes.size() < signature_bytes) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - signature_bytes);
  Signature signature;
  std::ranges::copy(bytes.substr(body.size()), signature.begin());
  if (!is_signed(key, std::as_bytes(std::span(body)), signature)) return std::nullopt;
  return read_body(body);
}

}  // namespace obverse
