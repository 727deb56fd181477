#include "tests/log/conformance.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "ledger/log/record.h"

namespace obverse::conformance {
namespace {

void starts_empty(const Subject& subject) {
  const auto log = subject.open();
  BOOST_TEST(log->read({1}, 10).empty());
  BOOST_TEST(!log->find(key_of(1)).has_value());
  BOOST_TEST(log->snapshots().empty());
  const Head head = log->acquire();
  BOOST_TEST(head.epoch == 1U);
  BOOST_TEST(head.last.value == 0U);
  BOOST_TEST((head.chain == Digest{}));
}

void keeps_what_it_is_given(const Subject& subject) {
  const auto log = subject.open();
  Head head = log->acquire();
  std::uint64_t next = 1;
  for (const std::size_t count : {1U, 2U, 7U, 100U, 1U}) {
    const auto batch = entries_of(next, count);
    BOOST_TEST((log->append(head, batch) == Appended::committed));
    next += count;
    BOOST_TEST(head.last.value == next - 1);
    BOOST_TEST((log->read(head.last, 1).at(0).chain == head.chain));
  }
  BOOST_TEST(differs(*log, next - 1) == "");
  BOOST_TEST(log->read({50}, 3).size() == 3U);
  BOOST_TEST(log->read({next}, 3).empty());
  BOOST_TEST(log->read({next + 100}, 3).empty());
  BOOST_TEST(log->read({1}, 0).empty());
  log->verify();
}

void fences_the_older(const Subject& subject) {
  const auto log = subject.open();
  Head old = log->acquire();
  BOOST_TEST((log->append(old, entries_of(1, 3)) == Appended::committed));
  Head young = log->acquire();
  BOOST_TEST(young.epoch == old.epoch + 1);
  BOOST_TEST(young.last.value == 3U);
  const Head before = old;
  BOOST_TEST((log->append(old, entries_of(4, 2)) == Appended::fenced));
  BOOST_TEST((old == before));
  BOOST_TEST(differs(*log, 3) == "");
  BOOST_TEST((log->append(young, entries_of(4, 2)) == Appended::committed));
  Head stale = young;
  BOOST_TEST((log->append(young, entries_of(6, 1)) == Appended::committed));
  BOOST_TEST((log->append(stale, entries_of(6, 1)) ==
              Appended::fenced));  // the right epoch, an old position
  Head rolled = young;
  rolled.chain.bytes[0] ^= 1U;
  BOOST_TEST((log->append(rolled, entries_of(7, 1)) == Appended::fenced));  // another history
  BOOST_TEST(differs(*log, 6) == "");
}

void keeps_two_snapshots(const Subject& subject) {
  const auto log = subject.open();
  Head head = log->acquire();
  for (std::uint64_t n = 1; n <= 3; ++n) {
    BOOST_TEST((log->append(head, entries_of(n, 1)) == Appended::committed));
    log->keep_snapshot({head.last, head.chain, "format 1", Bytes(n * 1000, static_cast<char>(n))});
  }
  const auto kept = log->snapshots();
  BOOST_TEST(kept.size() == 2U);
  BOOST_TEST(kept.at(0).at.value == 3U);
  BOOST_TEST(kept.at(1).at.value == 2U);
  BOOST_TEST((kept.at(0) == Snapshot{head.last, head.chain, "format 1", Bytes(3000, '\3')}));
  log->keep_snapshot(
      {head.last, head.chain, "format 2", ""});  // another format at the same position
  BOOST_TEST(log->snapshots().size() == 2U);
  BOOST_TEST(log->snapshots().at(0).stamp == "format 2");
}

void survives_a_restart(const Subject& subject) {
  if (!subject.survives) return;
  std::uint64_t last = 0;
  for (std::uint64_t boot = 1; boot <= 4; ++boot) {
    const auto log = subject.open();
    BOOST_TEST(differs(*log, last) == "");
    Head head = log->acquire();
    BOOST_TEST(head.epoch == boot);
    BOOST_TEST(head.last.value == last);
    if (last != 0) {
      BOOST_TEST((log->read(head.last, 1).at(0).chain == head.chain));
      BOOST_TEST((log->snapshots().at(0).at == head.last));
    }
    BOOST_TEST((log->append(head, entries_of(last + 1, 10)) == Appended::committed));
    last += 10;
    log->keep_snapshot({head.last, head.chain, "format", "state"});
    BOOST_TEST(log->report().empty());
  }
}

void reads_while_appending(const Subject& subject) {
  const auto log = subject.open();
  Head head = log->acquire();
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> acknowledged{0};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> looked{0};
  std::thread reader([&] {
    while (!stop || looked == 0) {
      const std::uint64_t known = acknowledged;
      Digest chain;
      std::uint64_t seen = 0;
      for (const StoredEntry& entry : log->read({1}, 100'000)) {
        ++seen;
        chain = chain_after(chain, {seen}, entry.payload);
        if (entry.position.value != seen || entry.chain != chain ||
            entry.payload != entry_of(seen).payload)
          ++wrong;
      }
      if (seen < known) ++wrong;
      if (known % 7 != 0 && log->find(key_of(known)) != Position{known}) ++wrong;
      if (log->find(key_of(1'000'000'001))) ++wrong;
      ++looked;
    }
  });
  for (std::uint64_t n = 1; n <= 40; ++n) {
    BOOST_TEST((log->append(head, entries_of(n * 5 - 4, 5)) == Appended::committed));
    acknowledged = n * 5;
  }
  stop = true;
  reader.join();
  BOOST_TEST(wrong == 0U);
  BOOST_TEST(looked > 0U);
}

void refuses_in_time_when_space_runs_out(const Subject& subject) {
  if (!subject.leave) return;
  const auto log = subject.open();
  Head head = log->acquire();
  BOOST_TEST((log->append(head, entries_of(1, 3)) == Appended::committed));
  auto urgent = entries_of(4, 2);
  for (NewEntry& entry : urgent) entry.from_reserve = true;
  auto mixed = urgent;
  mixed.back().from_reserve = false;
  const Head before = head;
  subject.leave(Space::none);
  BOOST_TEST((log->append(head, urgent) == Appended::disk_full));
  subject.leave(Space::reserve_only);
  BOOST_TEST((log->append(head, entries_of(4, 2)) == Appended::disk_full));
  BOOST_TEST((log->append(head, mixed) == Appended::disk_full));
  BOOST_TEST((head == before));
  BOOST_TEST(differs(*log, 3) == "");
  BOOST_TEST((log->append(head, urgent) == Appended::committed));
  BOOST_TEST(differs(*log, 5) == "");
  subject.leave(Space::enough);
  BOOST_TEST((log->append(head, entries_of(6, 2)) == Appended::committed));
  BOOST_TEST(differs(*log, 7) == "");
}

}  // namespace

Digest key_of(std::uint64_t n) {
  Digest digest;
  for (std::size_t i = 0; i < 32; ++i)
    digest.bytes[i] = static_cast<std::uint8_t>((n * 0x9E3779B97F4A7C15U) >> (i % 8 * 8)) ^
                      static_cast<std::uint8_t>(i);
  return digest;
}

NewEntry entry_of(std::uint64_t n) {
  Bytes payload(20 + n * 37 % 300, '\0');
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(n * 31 + i * 7);
  payload.front() = static_cast<char>(n);
  if (n % 7 == 0) return {std::move(payload), std::nullopt};
  return {std::move(payload), key_of(n)};
}

std::vector<NewEntry> entries_of(std::uint64_t first, std::size_t count) {
  std::vector<NewEntry> batch;
  for (std::size_t i = 0; i < count; ++i) batch.push_back(entry_of(first + i));
  return batch;
}

std::string differs(const EventLog& log, std::uint64_t last) {
  const auto entries = log.read({1}, last + 1000);
  if (entries.size() != last)
    return std::to_string(entries.size()) + " entries, not " + std::to_string(last);
  Digest chain;
  for (std::uint64_t n = 1; n <= last; ++n) {
    const StoredEntry& stored = entries[n - 1];
    const NewEntry wanted = entry_of(n);
    chain = chain_after(chain, {n}, wanted.payload);
    if (stored.position.value != n || stored.payload != wanted.payload)
      return "entry " + std::to_string(n) + " differs";
    if (stored.chain != chain) return "the chain after " + std::to_string(n) + " differs";
    if (wanted.key && log.find(*wanted.key) != Position{n})
      return "key " + std::to_string(n) + " is not found";
  }
  if (log.find(key_of(last + 1))) return "a key is found that was never appended";
  return "";
}

void run(const std::function<Subject()>& fresh) {
  starts_empty(fresh());
  keeps_what_it_is_given(fresh());
  fences_the_older(fresh());
  keeps_two_snapshots(fresh());
  survives_a_restart(fresh());
  reads_while_appending(fresh());
  refuses_in_time_when_space_runs_out(fresh());
}

}  // namespace obverse::conformance
