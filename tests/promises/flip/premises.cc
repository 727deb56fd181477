#include "tests/promises/flip/premises.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "benchmarks/house.h"
#include "ledger/server/common_service.h"
#include "ledger/server/gallery_feed.h"
#include "ledger/vault/kek.h"

namespace obverse::flip {
namespace {

constexpr TerminalId gate_a{1}, gate_b{2}, till{3};
constexpr std::uint32_t dimensions = 32;

Recognition face_of(RiderId rider, FaceVersion version, TerminalId terminal, Instant at) {
  Recognition face;
  face.rider = rider;
  face.face = version;
  face.model = mobilefacenet_512().id;
  face.scope = 100;
  face.score = match_score(0.8);
  face.threshold = match_score(0.5);
  face.runner_up = match_score(0.1);
  face.terminal = terminal;
  face.at = at;
  return face;
}

Tariff tariff() {
  Tariff tariff;
  tariff.code = "T-1";
  tariff.transit = {1};
  tariff.stations = {"A", "B"};
  tariff.tracks = {{{0}, {1}, 5'000, 0}};
  tariff.sections = {{INT64_MAX, 240, 120}};
  tariff.maximum_adult_minor = 390;
  tariff.maximum_child_minor = 200;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  return tariff;
}

Policy policy() {
  Policy policy;
  policy.face_only_day_max = 1'000'000;
  policy.thresholds = {{mobilefacenet_512().id, Search::one_to_many, 100'000, match_score(0.5)}};
  policy.margin = match_score(0.05);
  return policy;
}

// The people of the directory, as they live in it.
class Town {
 public:
  explicit Town(Premises& premises) : premises_(premises) {}

  void found() const {
    premises_.tell(
        {RegisterOperator{"metro"}, RegisterMerchant{"bakery", Currency::jpy},
         PublishPolicy{policy()}, RegisterTerminal{"gate-a", Role::gate, {1}, "A", {}, {{1}}},
         RegisterTerminal{"gate-b", Role::gate, {1}, "B", {}, {{2}}},
         RegisterTerminal{"till", Role::till, {}, {}, {1}, {{3}}}, PublishTariff{tariff()}});
  }

  void enrol(RiderId rider, FaceVersion version) const {
    const house::Numbers numbers = house::face(100 * rider.value + version.value, dimensions);
    const auto face = quantise(premises_.house().matcher.model(), numbers);
    if (!face) throw std::runtime_error("a face cannot be quantised");
    const Digest sealed = premises_.vault().keep_face(rider, version, face_content({&*face, 1}));
    premises_.tell(EnrolFace{rider, version, mobilefacenet_512().id, 1, sealed});
  }

  void settle(RiderId rider) const {
    premises_.tell({RegisterRider{Category::adult, std::nullopt},
                    GrantConsent{rider, Purpose::transit, {}, 1, std::nullopt},
                    GrantConsent{rider, Purpose::payment, {}, 1, std::nullopt}});
    enrol(rider, {1});
    premises_.tell(
        {OpenWallet{rider, Currency::jpy}, LoadFunds{rider, {50'000, Currency::jpy}, {}}});
  }

  void ride_and_shop(RiderId rider, FaceVersion version) const {
    const auto seen = [&](TerminalId terminal) {
      Presence presence;
      presence.face = face_of(rider, version, terminal, premises_.clock().now());
      return presence;
    };
    premises_.tell(EnterGate{gate_a, seen(gate_a)});
    premises_.clock().advance(minutes(10));
    premises_.tell({LeaveGate{gate_b, seen(gate_b)},
                    Pay{till, seen(till), {120, Currency::jpy}, {}},
                    Pay{till, seen(till), {450, Currency::jpy}, {}}});
  }

  void set_pin(RiderId rider) const {
    premises_.vault().keep_pin(rider, {1}, pin);
    premises_.tell(SetPin{rider, {1}});
  }

 private:
  Premises& premises_;
};

}  // namespace

Image load(const std::filesystem::path& folder) {
  Image image;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    image[std::filesystem::relative(entry.path(), folder).string()] = std::move(bytes).str();
  }
  return image;
}

void store(const Image& image, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  for (const auto& [path, bytes] : image) {
    std::filesystem::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << bytes;
  }
}

Config config_of(const std::filesystem::path& data, const std::filesystem::path& kek) {
  Config config;
  config.data_directory = data;
  config.kek_file = kek;
  config.model.dimensions = dimensions;
  config.kernel = "scalar";
  config.searches = 1;
  config.enrolments = 1;
  config.snapshot_every = 0;
  config.free_bytes_min = 1;
  return config;
}

RocksLogOptions log_options() {
  RocksLogOptions options;
  options.free_bytes_min = 1;
  options.ballast_bytes = 4096;
  options.tail.segment_bytes = 1U << 16U;
  options.tail.prepare_ahead = false;  // at an instant of its own: a seed would not give it again
  options.rocks.write_buffer_bytes = 4U << 20U;
  options.rocks.in_background =
      false;  // or 16 threads a family open three tables; nothing else differs
  return options;
}

Premises::Premises(const std::filesystem::path& data, const std::filesystem::path& kek,
                   const RocksLogOptions& options, const Around& around,
                   std::shared_ptr<Vault> vault)
    : config_(config_of(data, kek)), vault_(std::move(vault)) {
  log_ = std::make_unique<RocksLog>(config_.log_directory().string(), options);
  if (around) around_ = around(*log_);
  if (!vault_) vault_ = Vault::open(config_.vault_directory(), Kek::from_file(kek));
  interior_ = std::make_unique<Interior>(
      config_, around_ ? *around_ : *log_, *vault_, clock_,
      [](const std::string& why) { throw std::runtime_error("the ledger broke: " + why); });
  clock_.set(house().ledger.state().at + seconds(1));
}

std::vector<Answer> Premises::tell(std::vector<Command> commands) {
  std::vector<Answer> answers;
  Ledger& ledger = house().ledger;
  const std::size_t count = commands.size();
  for (Command& command : commands) {
    AttemptKey key;
    const std::uint64_t number = ++attempts_ + 1'000'000 * ledger.head().position.value;
    for (std::size_t i = 0; i < 8; ++i)
      key.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    ledger.submit({.actor = {Actor::Kind::terminal, gate_a},
                   .attempt = Attempt{gate_a, key},
                   .occurred_at = clock_.now(),
                   .command = std::move(command),
                   .deadline = {}},
                  [&answers](const Answer& answer) { answers.push_back(answer); });
  }
  while (answers.size() < count && ledger.step()) continue;
  clock_.advance(seconds(1));
  if (answers.size() != count) throw std::runtime_error("the ledger did not answer");
  for (const Answer& answer : answers)
    if (std::holds_alternative<Refused>(answer.reply))
      throw std::runtime_error("refused: " +
                               std::string(explain(std::get<Refused>(answer.reply).refusal).cause));
  return answers;
}

void build(const std::filesystem::path& root) {
  Kek::make_file(root / "kek");
  const std::filesystem::path data = root / "data";
  const auto keep = [&](const char* name) { store(load(data), root / name); };
  {
    Premises premises(data, root / "kek", log_options());
    const Town town(premises);
    town.found();
    for (std::uint64_t rider = 1; rider <= 5; ++rider) town.settle({rider});
    town.set_pin({1});
    for (std::uint64_t rider = 1; rider <= 5; ++rider) town.ride_and_shop({rider}, {1});
    premises.house().ledger.keep_snapshot();
    for (std::uint64_t rider = 1; rider <= 2; ++rider) town.ride_and_shop({rider}, {1});
    keep("first");
  }
  Premises premises(data, root / "kek", log_options());
  const Town town(premises);
  for (std::uint64_t rider = 1; rider <= 5; ++rider) town.ride_and_shop({rider}, {1});
  premises.house().ledger.keep_snapshot();
  keep("second");
  town.enrol({2}, {2});
  premises.tell(EraseRider{{3}});
  for (std::uint64_t rider = 6; rider <= 8; ++rider) town.settle({rider});
  town.set_pin({4});
  for (const std::uint64_t rider : {1U, 4U, 5U, 6U, 7U, 8U}) town.ride_and_shop({rider}, {1});
  keep("last");
}

}  // namespace obverse::flip
