#include "tests/promises/simulation/oracle/books.h"

namespace obverse::oracle {

const Person* Books::person(RiderId rider) const {
  const auto found = people.find(rider);
  return found == people.end() ? nullptr : &found->second;
}

std::int64_t Books::balance(const Account& account) const {
  const auto found = balances.find(account);
  return found == balances.end() ? 0 : found->second;
}

std::int64_t Books::posted(RiderId rider, Currency currency) const {
  return balance(wallet_of(rider, currency));
}

std::int64_t Books::held(RiderId rider, Currency currency) const {
  std::int64_t sum = 0;
  for (const auto& [id, hold] : holds)
    if (hold.rider == rider && hold.amount.currency == currency) sum += hold.amount.minor;
  return sum;
}

std::int64_t Books::available(RiderId rider, Currency currency) const {
  const std::int64_t all = posted(rider, currency);
  return broken("holds_ignored") ? all : all - held(rider, currency);
}

std::optional<std::uint64_t> Books::open_journey(RiderId rider, OperatorId transit) const {
  for (const std::uint64_t id : open_rides)
    if (journeys.at(id).rider == rider && journeys.at(id).transit == transit) return id;
  return std::nullopt;
}

// What was given back or never taken is not spent.
std::int64_t Books::spent_by_face(RiderId rider, std::int64_t day) const {
  const auto sold = face_only.find({rider, day});
  const auto reset = stepped_up.find(rider);
  std::int64_t sum = 0;
  if (sold == face_only.end()) return sum;
  for (const std::uint64_t id : sold->second) {
    const Purchase& purchase = purchases.at(id);
    if (reset != stepped_up.end() && id < reset->second) continue;
    if (purchase.sale == Sale::authorised || broken("given_back_still_counts"))
      sum += purchase.authorised;
    else if (purchase.sale == Sale::captured)
      sum += purchase.captured;
  }
  return sum;
}

bool Books::anything_open(RiderId rider) const {
  for (const auto& [id, hold] : holds)
    if (hold.rider == rider) return true;
  for (const std::uint64_t id : open_rides)
    if (journeys.at(id).rider == rider) return true;
  return false;
}

const Tariff* Books::tariff_at(OperatorId transit, Instant now) const {
  const Tariff* best = nullptr;
  for (const auto& [version, tariff] : tariffs)
    if (tariff.transit == transit && tariff.effective_from <= now &&
        (best == nullptr || best->effective_from < tariff.effective_from))
      best = &tariff;
  return best;
}

void Books::did(const std::string& what, std::int64_t much) {
  if ((effects[what] += much) == 0) effects.erase(what);
}

void Books::move(const Account& debit, const Account& credit, std::int64_t minor) {
  if (minor == 0) return;
  balances[debit] += normal_side(debit.chart) == Side::debit ? minor : -minor;
  balances[credit] += normal_side(credit.chart) == Side::credit ? minor : -minor;
  did(text(debit), minor);
  did(text(credit), -minor);
}

void Books::hold(std::uint64_t id, const Hold& hold) {
  holds[id] = hold;
  did("hold " + std::to_string(id), hold.amount.minor);
}

void Books::unhold(std::uint64_t id) {
  const auto found = holds.find(id);
  if (found == holds.end()) return;
  did("hold " + std::to_string(id), -found->second.amount.minor);
  holds.erase(found);
}

void Books::show_face(RiderId rider, bool suspended) {
  people[rider].suspended = suspended;
  did("face of " + std::to_string(rider.value) + (suspended ? " suspended" : " reinstated"), 1);
}

void Books::erase(RiderId rider) {
  Person& who = people[rider];
  if (who.has_face) did("face of " + std::to_string(rider.value) + " erased", 1);
  did("erasure of " + std::to_string(rider.value) + " completed", 1);
  who.has_face = false;
  who.suspended = false;
  who.face_failures = 0;
  who.face_locked = false;
  who.erased = true;
  who.erasure_waits = false;
}

void Books::erase_if_nothing_is_open(RiderId rider) {
  const Person* who = person(rider);
  if (who != nullptr && who->erasure_waits && !anything_open(rider)) erase(rider);
}

}  // namespace obverse::oracle
