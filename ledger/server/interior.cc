// Built in the order of its members, and taken down in the opposite one.
#include "ledger/server/interior.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "ledger/server/common_service.h"
#include "ledger/server/gallery_feed.h"
#include "ledger/server/rider_turns.h"
#include "ledger/vault/certificates.h"

namespace obverse {
namespace {

// Erasures in the newest records are done once more: a crash may have come between the event and
// the key. More than any batch holds.
constexpr std::uint64_t records_repeated = 8'192;

using Broken = std::function<void(const std::string&)>;

Broken or_end_process(Broken told) {
  return [told = std::move(told)](const std::string& why) {
    spdlog::critical("cannot go on: {}", why);
    spdlog::default_logger()->flush();
    if (!told) std::abort();
    told(why);
  };
}

Ledger::Settings settings_of(const Config& config, const Broken& broken) {
  Ledger::Settings settings;
  settings.lane_max = config.lane_max;
  settings.batch_max = config.batch_max;
  settings.snapshot_every = config.snapshot_every;
  settings.retry_after = config.retry_after;
  settings.on_broken = [broken](std::string_view why) { broken(std::string(why)); };
  return settings;
}

Throttle::Bounds bounds_of(const Config& config) {
  Throttle::Bounds bounds;
  bounds.most = config.searches_waiting_max;
  bounds.least = std::min(bounds.least, bounds.most);
  bounds.aim = std::chrono::milliseconds(config.answer_aim.ms);
  return bounds;
}

Position some_records_before(Position head) {
  return {head.value > records_repeated ? head.value - records_repeated : 0};
}

}  // namespace

struct Interior::Parts {
  Parts(const Config& config, EventLog& log, Vault& vault, Clock& clock, const Broken& on_broken)
      : broken(or_end_process(on_broken)),
        admission(bounds_of(config), config.terminal_calls_a_second_max),
        ledger(log, clock, settings_of(config, broken)),
        rollback(ledger, vault.receipt_seal(), metrics),
        matcher(config.model, config.kernel, config.scan_threads),
        directory(ledger.state()),
        feed(matcher, vault, metrics, broken),
        probes(config.probes_remembered),
        recogniser(matcher, vault, directory, clock, metrics, &probes),
        pool(config.searches, config.searches_waiting_max),
        desk_pool(config.enrolments, config.searches_waiting_max),
        house{.ledger = ledger,
              .log = log,
              .vault = vault,
              .matcher = matcher,
              .directory = directory,
              .recogniser = recogniser,
              .pool = pool,
              .desk_pool = desk_pool,
              .turns = turns,
              .clock = clock,
              .metrics = metrics,
              .incidents = incidents,
              .rollback = rollback,
              .admission = admission,
              .whereabouts = whereabouts,
              .request_life = config.request_life,
              .retry_after = config.retry_after,
              .connections = [] { return std::uint64_t{0}; },
              .endings = {},
              .report = {},
              .started = clock.now()} {
    ledger.follow(directory);
    ledger.follow(feed, some_records_before(ledger.head().position));
    feed.open(ledger.state(), ledger.head().position);
    house.report = [this, &log, &vault] {
      auto lines = log.report();
      lines.push_back(ledger.recovered());
      for (auto& line : vault.report()) lines.push_back(std::move(line));
      return lines;
    };
    if (!config.operator_certificate.empty()) {
      register_first_operator(certificate_digest(config.operator_certificate));
    }
  }

  // The only command that the ledger gives itself besides its timers.
  void register_first_operator(const Digest& certificate) {
    if (directory.has_operator_desk()) return;
    std::optional<Answer> told;
    ledger.submit({.actor = {},
                   .attempt = {},
                   .occurred_at = house.clock.now(),
                   .command = RegisterTerminal{.code = "first-operator",
                                               .role = Role::operator_desk,
                                               .transit = {},
                                               .station = {},
                                               .merchant = {},
                                               .certificate = certificate},
                   .deadline = {}},
                  [&told](const Answer& answer) { told = answer; });
    while (!told && ledger.step()) continue;
    if (told && !is_refusal(*told)) {
      spdlog::info("the log knew no operator's desk: the certificate of [bootstrap] is now one");
      return;
    }
    const auto* refused = told ? std::get_if<Refused>(&told->reply) : nullptr;
    throw std::runtime_error(
        "bootstrap.operator_certificate: cannot be registered: " +
        std::string(refused ? explain(refused->refusal).cause : "the ledger did not answer"));
  }

  void stop() {
    pool.stop();
    ledger.stop();
    desk_pool.stop();
    if (writer.joinable()) writer.join();
  }

  Broken broken;
  Metrics metrics;
  Incidents incidents;
  RiderTurns turns;
  Admission admission;  // before who may hold a visit
  Whereabouts whereabouts;
  Ledger ledger;
  RollbackGuard rollback;
  Matcher matcher;
  Directory directory;
  GalleryFeed feed;
  ProbeMemory probes;
  Recogniser recogniser;
  Pool pool;
  Pool desk_pool;
  Household house;
  std::thread writer;
};

Interior::Interior(const Config& config, EventLog& log, Vault& vault, Clock& clock,
                   const std::function<void(const std::string&)>& on_broken)
    : parts_(std::make_unique<Parts>(config, log, vault, clock, on_broken)) {}

Interior::~Interior() { stop(); }

void Interior::start(Outward outward) {
  parts_->directory.when_revoked(
      [&metrics = parts_->metrics, cut = std::move(outward.cut)](const Digest& certificate) {
        metrics.add(Count::sessions_revoked);
        if (cut) cut(certificate);
      });
  if (outward.connections) parts_->house.connections = std::move(outward.connections);
  parts_->house.endings = std::move(outward.endings);
  parts_->writer = std::thread([this] { parts_->ledger.run(); });
}

void Interior::stop() { parts_->stop(); }

Household& Interior::household() { return parts_->house; }

const Metrics& Interior::metrics() const { return parts_->metrics; }

}  // namespace obverse
