// History goes in chunks of about 32 KiB, each sent when the one before was taken: an auditor who
// reads slowly costs no memory. The log is read on the pool.
#include "ledger/server/audit_service.h"

#include <algorithm>
#include <vector>

namespace obverse {
namespace {

constexpr std::size_t chunk_bytes = 32UZ * 1024;
constexpr std::size_t chunk_entries_max = 256;
constexpr std::size_t balances_max = 50'000;  // of one message

kj::ArrayPtr<const kj::byte> bytes_of(const Bytes& bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}
kj::ArrayPtr<const kj::byte> bytes_of(const Digest& digest) {
  return {digest.bytes.data(), digest.bytes.size()};
}

// Committed entries from `from` to `to` at most, about a chunk of them, at least one if there is
// one.
std::vector<StoredEntry> read_chunk(const EventLog& log, std::uint64_t from, std::uint64_t to) {
  if (from > to) return {};
  auto entries = log.read(Position{from}, std::min<std::size_t>(chunk_entries_max, to - from + 1));
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < entries.size() && (count == 0 || bytes < chunk_bytes)) {
    bytes += entries[count++].payload.size() + sizeof(Digest);
  }
  entries.resize(count);
  return entries;
}

// What one reading of the log is at.
struct Reading {
  std::shared_ptr<const Caller> caller;
  rpc::Auditor::Sink::Client sink;
  std::uint64_t next;
  std::uint64_t to;
  Digest chain;  // before `next`
};

template <class Value>
kj::Promise<Value> on_pool(const Caller& caller, std::function<Value(const EventLog&)> reads) {
  auto awaited = caller.crossing().await<Value>();
  const bool has_room = caller.house().pool.run(
      Lane::question, caller.terminal().id,
      [&log = caller.house().log, reads = std::move(reads), letter = awaited.letter] {
        try {
          letter.send(reads(log));
        } catch (const std::exception& fault) {
          letter.lose(fault.what());
        }
      });
  if (!has_room) return KJ_EXCEPTION(OVERLOADED, "no room for a reading");
  return kj::mv(awaited.promise);
}

kj::Promise<void> send_all(const std::shared_ptr<Reading>& reading);

kj::Promise<void> send_chunk(const std::shared_ptr<Reading>& reading,
                             const std::vector<StoredEntry>& entries) {
  auto request = reading->sink.chunkRequest();
  request.setFirst(reading->next);
  auto records = request.initRecords(static_cast<unsigned>(entries.size()));
  for (unsigned i = 0; i < records.size(); ++i) {
    records[i].setPayload(bytes_of(entries[i].payload));
    records[i].setChain(bytes_of(entries[i].chain));
  }
  reading->next += entries.size();
  reading->chain = entries.back().chain;
  return request.send().ignoreResult().then([reading] { return send_all(reading); });
}

kj::Promise<void> send_done(const std::shared_ptr<Reading>& reading) {
  auto done = reading->sink.doneRequest();
  done.setNext(reading->next);
  done.setChain(bytes_of(reading->chain));
  return done.send().ignoreResult();
}

kj::Promise<void> send_all(const std::shared_ptr<Reading>& reading) {
  return on_pool<std::vector<StoredEntry>>(
             *reading->caller, [from = reading->next, to = reading->to](
                                   const EventLog& log) { return read_chunk(log, from, to); })
      .then([reading](const std::vector<StoredEntry>& entries) {
        return entries.empty() ? send_done(reading) : send_chunk(reading, entries);
      });
}

// The chain at a position; 32 zeros before the first.
kj::Promise<Digest> chain_at(const Caller& caller, std::uint64_t position) {
  return on_pool<Digest>(caller, [position](const EventLog& log) {
    if (position == 0) return Digest{};
    const auto entries = log.read(Position{position}, 1);
    return entries.empty() ? Digest{} : entries.front().chain;
  });
}

struct Sums {
  Receipt at;
  std::vector<std::pair<Account, Turnover>> accounts;
};

template <class Context>
void refuse(Context context, Refusal refusal) {
  obverse::write(context.getResults().initRefused(), Refused{refusal, {}});
}

void write(rpc::Auditor::BalancesResults::Builder results, const Sums& sums,
           const Household& house) {
  const MarkedReceipt at{sums.at, house.vault.receipt_seal().mark(sums.at.position, sums.at.chain)};
  obverse::write(results.initAt(), at, house.clock.now(), at);
  auto list = results.initBalances(static_cast<unsigned>(sums.accounts.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    const auto& [account, turnover] = sums.accounts[i];
    list[i].setChart(static_cast<std::uint16_t>(account.chart));
    list[i].setOwner(account.owner);
    list[i].setCurrency(static_cast<std::uint16_t>(account.currency));
    list[i].setDebits(turnover.debits);
    list[i].setCredits(turnover.credits);
  }
}

}  // namespace

kj::Promise<void> AuditService::head(HeadContext context) {
  return caller_->guarded([&] {
    const Receipt durable = caller_->house().ledger.head();
    const std::uint64_t position = std::min(durable.position.value, to_);
    return chain_at(*caller_, position)
        .then([caller = caller_, context, position](Digest chain) mutable {
          const Household& house = caller->house();
          const MarkedReceipt seen{{{position}, chain},
                                   house.vault.receipt_seal().mark({position}, chain)};
          write(context.getResults().initHead(), seen, house.clock.now(), seen);
        });
  });
}

kj::Promise<void> AuditService::history(HistoryContext context) {
  context.allowCancellation();
  return caller_->guarded([&] {
    const auto params = context.getParams();
    const std::uint64_t from = std::max<std::uint64_t>(params.getFrom(), 1);
    const std::uint64_t to = std::min(caller_->house().ledger.head().position.value, to_);
    auto reading = std::make_shared<Reading>(
        Reading{caller_, params.getSink(), std::min(from, to + 1), to, Digest{}});
    return chain_at(*caller_, reading->next - 1).then([reading](Digest chain) {
      reading->chain = chain;
      return send_all(reading);
    });
  });
}

kj::Promise<void> AuditService::balances(BalancesContext context) {
  return caller_->guarded([&]() -> kj::Promise<void> {
    if (to_ != everything) {
      refuse(context, Refusal::terminal_must_have_role);
      return kj::READY_NOW;
    }
    return caller_
        ->question<Sums>([](const State& state, const Receipt& at) {
          return Sums{at, {state.book.accounts.begin(), state.book.accounts.end()}};
        })
        .then([caller = caller_, context](const Sums& sums) mutable {
          if (sums.accounts.size() > balances_max) return refuse(context, Refusal::answer_must_fit);
          write(context.getResults(), sums, caller->house());
        });
  });
}

kj::Promise<void> AuditService::narrow(NarrowContext context) {
  const std::uint64_t to = std::min(context.getParams().getTo(), to_);
  context.getResults().setAuditor(kj::heap<AuditService>(caller_, to));
  return kj::READY_NOW;
}

}  // namespace obverse
