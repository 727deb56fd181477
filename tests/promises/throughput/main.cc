// ops/prove throughput: durable decisions a second, for independent callers and for batches, beside
// PostgreSQL, RocksDB and two bare files in the same run, in turns. Nothing counts that is not in
// the log, and no batch counts that was not synced in both copies.
#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>

#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"
#include "ledger/log/record.h"
#include "tests/promises/kit/scratch.h"
#include "tests/promises/kit/trial.h"
#include "tests/promises/throughput/callers.h"
#include "tests/promises/throughput/peers.h"
#include "tests/promises/throughput/postgres.h"
#include "tests/promises/throughput/syncs.h"

namespace obverse::promises {
namespace {

struct Wanted {
  Load load;
  double rate = 0;         // decisions a second; 0: none is promised
  double of_postgres = 0;  // times PostgreSQL's; 0: none is promised
  double of_files = 0;     // of the two bare files' rate
  double p99_ms = 0;
  double chain_part = 0;
};

const std::vector<Wanted>& wanted() {
  static const std::vector<Wanted> rows{{{1, 1}, 0, 0, 0.9, 0, 0},
                                        {{32, 1}, 35'000, 10, 0, 25, 0.05},
                                        {{256, 1}, 40'000, 0, 0, 0, 0},
                                        {{2'048, 1}, 0, 0, 0, 0, 0},
                                        {{2, 8'192}, 200'000, 0, 0, 0, 0}};
  return rows;
}

std::string name_of(const Load& load) {
  if (load.at_once == 1)
    return std::to_string(load.callers) + (load.callers == 1 ? " caller" : " callers");
  return std::to_string(load.callers) + " callers with batches of " + std::to_string(load.at_once);
}

std::vector<NewEntry> entries_of(const EventLog& log, Position after) {
  constexpr std::size_t entries_max = 16'384;
  std::vector<NewEntry> out;
  for (StoredEntry& entry : log.read({after.value + 1}, entries_max))
    out.push_back({std::move(entry.payload), std::nullopt});
  return out;
}

// What hashing the chain of these payloads costs, seconds each.
double chain_seconds(const std::vector<NewEntry>& entries) {
  Digest chain;
  Position position;
  const auto begin = std::chrono::steady_clock::now();
  for (const NewEntry& entry : entries)
    chain = chain_after(chain, {++position.value}, entry.payload);
  const double spent =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return chain == Digest{} ? 0 : spent / static_cast<double>(entries.size());
}

// The log holds what was answered, no more and no less, and its own chain; the state in memory is
// its fold.
void check_log(Trial& trial, const std::string& name, Callers& callers) {
  std::uint64_t purchases = 0;
  std::string damage;
  Digest folded;
  try {
    const Folded end = fold(callers.log(), {}, std::nullopt, [&](const Record& record, auto&) {
      purchases += std::holds_alternative<Paid>(record.reply) ? 1 : 0;
    });
    folded = digest_of(end.state);
    callers.log().verify();
  } catch (const std::exception& thrown) {
    damage = thrown.what();
  }
  trial.check(name + ": every answer is a record, and every record an answer",
              purchases == callers.answered(),
              std::to_string(callers.answered()) + " answered, " + std::to_string(purchases) +
                  " in the log");
  trial.check(name + ": the chain holds in both copies", damage.empty(), damage);
  trial.check(name + ": the fold of the log is the state in memory",
              folded == callers.ledger().state_digest());
}

void check_syncs(Trial& trial, const std::string& name, const Syncs& syncs,
                 const Measured& measured) {
  const std::string seen = std::to_string(measured.batches) + " batches, " +
                           std::to_string(syncs.first_copy) + " and " +
                           std::to_string(syncs.second_copy) + " syncs";
  trial.check(name + ": every batch was synced in the first copy",
              syncs.first_copy >= measured.batches, seen);
  trial.check(name + ": every batch was synced in the second copy",
              syncs.second_copy >= measured.batches, seen);
}

std::string per_second(double rate) { return fixed(rate, 0) + "/s"; }

void tell(Trial& trial, const Wanted& row, Measured& measured, double chain, const Peer& raw,
          const Peer& files, const Postgres::Measured& postgres) {
  const std::string name = name_of(row.load);
  const auto held = [](double wanted, bool holds) {
    return wanted > 0 ? std::optional(holds) : std::nullopt;
  };
  const auto target = [](double wanted, const std::string& words) {
    return wanted > 0 ? words : std::string();
  };
  const double rate = measured.rate();
  trial.figure(name + ": durable decisions", per_second(rate),
               target(row.rate, fixed(row.rate, 0) + "/s"), held(row.rate, rate >= row.rate));
  const double p99 = quantile(measured.milliseconds, 0.99);
  trial.figure(name + ": p50 and p99",
               fixed(quantile(measured.milliseconds, 0.5), 2) + " and " + fixed(p99, 2) + " ms",
               target(row.p99_ms, "p99 < " + fixed(row.p99_ms, 0) + " ms"),
               held(row.p99_ms, p99 < row.p99_ms));
  const auto decisions = static_cast<double>(std::max<std::uint64_t>(measured.decisions, 1));
  trial.figure(
      name + ": in a batch; processor time of a decision, callers included",
      fixed(decisions / static_cast<double>(std::max<std::uint64_t>(measured.batches, 1)), 1) +
          "; " + fixed(measured.processor_seconds / decisions * 1e6, 1) + " us",
      "", std::nullopt);
  trial.figure(name + ": of RocksDB's synced batch of the same payloads",
               fixed(rate / raw.rate(), 2) + " x " + per_second(raw.rate()), "", std::nullopt);
  trial.figure(name + ": of the same frames in two files, without engine",
               fixed(rate / files.rate(), 2) + " x " + per_second(files.rate()),
               target(row.of_files, "at least " + fixed(row.of_files, 2)),
               held(row.of_files, rate >= row.of_files * files.rate()));
  const double part = chain * rate;
  trial.figure(name + ": the hash chain, of the time",
               fixed(100 * part, 1) + " % (" + fixed(chain * 1e9, 0) + " ns a link)",
               target(row.chain_part, "< " + fixed(100 * row.chain_part, 0) + " %"),
               held(row.chain_part, part < row.chain_part));
  if (postgres.transactions == 0) return;
  trial.figure(name + ": of PostgreSQL's double-entry transfers",
               fixed(rate / postgres.rate(), 1) + " x " + per_second(postgres.rate()),
               target(row.of_postgres, "at least " + fixed(row.of_postgres, 0) + " x"),
               held(row.of_postgres, rate >= row.of_postgres * postgres.rate()));
}

void measure(Trial& trial, const Wanted& row, Postgres* postgres, Defect defect) {
  const Scratch scratch;
  const std::string name = name_of(row.load);
  const double seconds = static_cast<double>(trial.dial("milliseconds")) / 1e3;
  Callers callers(scratch / "engine", row.load, defect);
  Measured measured, warm;
  const Syncs before = syncs_so_far();
  callers.round(seconds / 4, warm);
  const std::vector<NewEntry> entries = entries_of(callers.log(), callers.founded());
  Postgres::Measured peer;
  if (defect == Defect::none) {
    RawRocks raw(scratch / "raw");
    TwoFiles files(scratch / "files");
    double chain = 0;
    const std::uint64_t rounds = trial.dial("rounds");
    for (std::uint64_t i = 0; i < rounds; ++i) {
      trial.progress(i, rounds, name);
      callers.round(seconds, measured);
      raw.round(entries, row.load.all(), seconds);
      files.round(entries, row.load.all(), seconds);
      if (postgres != nullptr && row.load.at_once == 1 &&
          row.load.callers <= (trial.brief() ? 32 : Postgres::clients_max))
        postgres->round(row.load.callers, seconds, peer);
      chain += chain_seconds(entries) / static_cast<double>(rounds);
    }
    tell(trial, row, measured, chain, raw, files, peer);
  } else {
    callers.round(seconds, measured);
  }
  const Syncs synced = syncs_so_far() - before;
  callers.stop();
  measured.batches += warm.batches;
  check_log(trial, name, callers);
  check_syncs(trial, name, synced, measured);
  if (peer.transactions > 0)
    trial.check(name + ": PostgreSQL synced no more than its clients at once",
                peer.transactions <= peer.syncs * row.load.callers,
                std::to_string(peer.transactions) + " transactions, " + std::to_string(peer.syncs) +
                    " syncs");
}

void prove(Trial& trial) {
  const Scratch scratch;
  std::unique_ptr<Postgres> postgres;  // goes before its folder does
  if (const auto missing = Postgres::missing())
    trial.skip("the comparison with PostgreSQL", *missing);
  else
    postgres = std::make_unique<Postgres>(scratch.path(), true);
  const std::uint64_t only = trial.dial("row");
  for (std::size_t i = 0; i < wanted().size(); ++i)
    if (only == 0 || only == i + 1) measure(trial, wanted()[i], postgres.get(), Defect::none);
}

void prove_mutant(Trial& trial, const std::string& mutant) {
  if (mutant == "postgres_unsynced") {
    if (const auto missing = Postgres::missing()) return trial.skip(mutant, *missing);
    trial.expect_caught(mutant, [&] {
      const Scratch scratch;
      Postgres postgres(scratch.path(), false);
      Postgres::Measured peer;
      postgres.round(1, 1.0, peer);
      trial.check("PostgreSQL synced no more than its clients at once",
                  peer.transactions <= peer.syncs);
    });
    return;
  }
  const Defect defect = mutant == "unsynced_first_copy"    ? Defect::unsynced_first_copy
                        : mutant == "unsynced_second_copy" ? Defect::unsynced_second_copy
                                                           : Defect::forgetful;
  trial.expect_caught(mutant, [&] { measure(trial, wanted()[1], nullptr, defect); });
}

int run(int count, char** arguments) {
  Trial trial({.name = "throughput",
               .promise = "10 x PostgreSQL and 35,000 durable decisions a second for 32 callers, "
                          "40,000 for 256, 200,000 in batches; one caller at 90 % of the disk",
               .dials = {{"milliseconds", "of a round", 2'000, 250},
                         {"rounds", "of every row, in turns with its peers", 5, 1},
                         {"row", "only this one, from 1; 0: all", 0, 0}},
               .mutants = {"unsynced_first_copy", "unsynced_second_copy", "forgetful_log",
                           "postgres_unsynced"}},
              count, arguments);
  if (trial.mutants().empty()) prove(trial);
  for (const std::string& mutant : trial.mutants()) prove_mutant(trial, mutant);
  return trial.close();
}

}  // namespace
}  // namespace obverse::promises

int main(int count, char** arguments) { return obverse::promises::run(count, arguments); }
