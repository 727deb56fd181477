// Deciding and applying in memory, one thread, no log: entries, exits and payments by face among
// many riders. What the engine adds (bytes, sync, answers) is what
// `ops/prove throughput` measures.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "ledger/rules/machine.h"

namespace obverse {
namespace {

struct Settings {
  std::uint32_t riders = 10'000;
  int rounds = 20;
  bool json = false;
};

constexpr const char* model = "bench-512";

class Town {
 public:
  explicit Town(const Settings& settings) {
    Policy policy;
    policy.thresholds = {{model, Search::one_to_many, 1'000'000, score_one / 2}};
    must(PublishPolicy{policy});
    must(RegisterOperator{"OM"});
    must(PublishTariff{line_of_stations()});
    must(RegisterMerchant{"M1", Currency::jpy});
    must(RegisterTerminal{"G0", Role::gate, {1}, "A0", {}, certificate(1)});
    must(RegisterTerminal{"G9", Role::gate, {1}, "A9", {}, certificate(2)});
    must(RegisterTerminal{"T1", Role::till, {}, {}, {1}, certificate(3)});
    for (std::uint32_t rider = 1; rider <= settings.riders; ++rider) add_rider({rider});
  }

  void enter(RiderId rider) { must(EnterGate{gate_in, face_of(rider, gate_in)}); }
  void leave(RiderId rider) { must(LeaveGate{gate_out, face_of(rider, gate_out)}); }
  void pay(RiderId rider) {
    must(Pay{till, face_of(rider, till), {1, Currency::jpy}, {}}, Attempt{till, next_key()});
  }
  std::size_t events = 0;

 private:
  static constexpr TerminalId gate_in{1}, gate_out{2}, till{3};

  // Decided, applied, and not refused: what is refused is no measurement.
  void must(const Command& command, std::optional<Attempt> attempt = {}) {
    const Moment moment{{state_.position.value + 1}, now_, attempt};
    const Decision decision = decide(state_, command, moment);
    if (const auto* refused = std::get_if<Refused>(&decision.reply)) {
      std::fprintf(stderr, "refused: %s\n", explain(refused->refusal).name.data());
      std::exit(1);
    }
    for (const Event& event : decision.events) apply(state_, event);
    state_.position = moment.position;
    events += decision.events.size();
  }

  void add_rider(RiderId rider) {
    must(RegisterRider{Category::adult, {}});
    must(GrantConsent{rider, Purpose::transit, {}, 1, {}});
    must(GrantConsent{rider, Purpose::payment, {}, 1, {}});
    must(EnrolFace{rider, {1}, model, 3, {}});
    must(OpenWallet{rider, Currency::jpy});
    must(LoadFunds{rider, {1'000'000, Currency::jpy}, {}});
  }

  Presence face_of(RiderId rider, TerminalId terminal) const {
    Presence presence;
    presence.face = Recognition{.rider = rider,
                                .face = {1},
                                .model = model,
                                .search = Search::one_to_many,
                                .gallery = state_.position.value,
                                .scope = 10'000,
                                .score = score_one / 4 * 3,
                                .threshold = score_one / 2,
                                .runner_up = score_one / 4,
                                .terminal = terminal,
                                .at = now_};
    return presence;
  }

  AttemptKey next_key() {
    AttemptKey key;
    ++keys_;
    std::memcpy(key.bytes.data(), &keys_, sizeof keys_);
    return key;
  }

  static Digest certificate(std::uint8_t number) {
    Digest digest;
    digest.bytes[0] = number;
    return digest;
  }

  // As many stations as Osaka Metro has: 134.
  static Tariff line_of_stations() {
    Tariff tariff;
    tariff.code = "BENCH";
    tariff.transit = {1};
    for (std::uint16_t i = 0; i < 134; ++i) {
      tariff.stations.push_back("A" + std::to_string(i));
      if (i > 0) tariff.tracks.push_back({{static_cast<std::uint16_t>(i - 1)}, {i}, 1'000, 0});
    }
    tariff.sections = {
        {3'000, 190, 100}, {7'000, 240, 120}, {std::numeric_limits<std::int64_t>::max(), 290, 150}};
    tariff.maximum_adult_minor = 390;
    tariff.maximum_child_minor = 200;
    tariff.entry_minimum_adult_minor = 190;
    tariff.entry_minimum_child_minor = 100;
    return tariff;
  }

  State state_;
  Instant now_{1'750'000'000'000};
  std::uint64_t keys_ = 0;
};

struct Row {
  const char* name;
  void (Town::*act)(RiderId);
  std::vector<double> nanoseconds;  // of one, by round
  double events = 0;                // of one
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(Town& town, Row& row, const std::vector<RiderId>& riders) {
  using Clock = std::chrono::steady_clock;
  const std::size_t before = town.events;
  const auto start = Clock::now();
  for (const RiderId rider : riders) (town.*row.act)(rider);
  const std::chrono::duration<double, std::nano> took = Clock::now() - start;
  const auto count = static_cast<double>(riders.size());
  row.nanoseconds.push_back(took.count() / count);
  row.events = static_cast<double>(town.events - before) / count;
}

void print(const std::array<Row, 3>& rows, const Settings& settings) {
  if (settings.json) {
    std::printf("{\"riders\":%u,\"rounds\":%d,\"rows\":[", settings.riders, settings.rounds);
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::printf("%s{\"name\":\"%s\",\"per_second\":%.0f,\"ns_median\":%.0f,\"events\":%.1f}",
                  i == 0 ? "" : ",", rows[i].name, 1e9 / median(rows[i].nanoseconds),
                  median(rows[i].nanoseconds), rows[i].events);
    std::printf("]}\n");
    return;
  }
  std::printf("decide and apply, one thread, %u riders, median of %d rounds\n", settings.riders,
              settings.rounds);
  std::printf("%-8s %12s %10s %10s\n", "what", "per second", "ns each", "events");
  for (const Row& row : rows)
    std::printf("%-8s %12.0f %10.0f %10.1f\n", row.name, 1e9 / median(row.nanoseconds),
                median(row.nanoseconds), row.events);
}

int run(const Settings& settings) {
  Town town(settings);
  // Riders come in no order, but always in the same one.
  std::vector<RiderId> riders;
  std::uint64_t stride = 7'919;
  while (settings.riders % stride == 0) ++stride;
  for (std::uint64_t i = 0; i < settings.riders; ++i)
    riders.push_back({i * stride % settings.riders + 1});
  std::array<Row, 3> rows{Row{"enter", &Town::enter, {}, 0}, Row{"leave", &Town::leave, {}, 0},
                          Row{"pay", &Town::pay, {}, 0}};
  for (int round = 0; round < settings.rounds; ++round)
    for (Row& row : rows) measure(town, row, riders);
  print(rows, settings);
  return 0;
}

}  // namespace
}  // namespace obverse

int main(int count, char** words) {
  obverse::Settings settings;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--json") {
      settings.json = true;
    } else if (word == "--riders" && i + 1 < count) {
      settings.riders = static_cast<std::uint32_t>(std::max(1, std::atoi(words[++i])));
    } else if (word == "--rounds" && i + 1 < count) {
      settings.rounds = std::max(1, std::atoi(words[++i]));
    } else {
      std::printf("decide_bench [--riders N] [--rounds N] [--json]\n");
      return word == "--help" ? 0 : 2;
    }
  }
  return obverse::run(settings);
}
