#include "ledger/client/offline.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <iterator>

namespace obverse {
namespace {

std::filesystem::path list_file(const std::filesystem::path& folder) { return folder / "list"; }

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

RiderId rider_of(const OfflineSale& sale) {
  return sale.face ? sale.face->rider : sale.code->rider;
}

// The sales of a period that were not taken, or all up to the next one.
std::uint64_t count_of(const SalesKept& kept) {
  const std::uint64_t end = kept.periods.size() > 1 ? kept.periods[1].first : kept.next;
  return end - kept.periods.front().first;
}

}  // namespace

OfflineSeller::OfflineSeller(TerminalId terminal, const OfflineKeys& keys,
                             std::filesystem::path folder)
    : terminal_(terminal),
      keys_(keys),
      folder_(std::move(folder)),
      journal_((std::filesystem::create_directories(folder_), folder_ / "sales")),
      list_(verify_list(keys_.lists, content_of(list_file(folder_)))) {}

bool OfflineSeller::take_list(std::string_view bytes) {
  auto list = verify_list(keys_.lists, bytes);
  if (!list || (list_ && list->made < list_->made)) return false;
  // Whole or not at all: the old one stays until the new one is there.
  const std::filesystem::path beside = list_file(folder_).string() + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code cannot;
  if (out) std::filesystem::rename(beside, list_file(folder_), cannot);
  if (!out || cannot)
    throw JournalFault(beside.string() + ": cannot be written; check the free space");
  list_ = std::move(list);
  return true;
}

std::expected<void, Refusal> OfflineSeller::network_lost(Instant now, const AttemptKey& key) {
  if (is_offline()) return {};
  if (!list_) return std::unexpected(Refusal::limits_must_be_in_force);
  journal_.begin({journal_.kept().next, now, list_->made, list_->version, key});
  return {};
}

// As the server will look at it again; of the journal, not of memory, so that a start in between
// forgets nothing.
std::expected<void, Refusal> OfflineSeller::must_fit_limits(RiderId rider, Money amount,
                                                            Instant now) const {
  if (!is_offline() || !list_) return std::unexpected(Refusal::limits_must_be_in_force);
  const TerminalLimits& limits = list_->limits;
  const OfflinePeriod& period = journal_.kept().periods.back();
  if (amount.currency != limits.currency) return std::unexpected(Refusal::currency_must_match);
  if (amount.minor <= 0) return std::unexpected(Refusal::amount_must_be_positive);
  if (now < period.since || now - period.since > limits.offline_max)
    return std::unexpected(Refusal::offline_time_must_fit_limits);
  std::int64_t by_all = 0, by_rider = 0;
  for (const OfflineSale& sale : journal_.kept().of_last) {
    by_all += sale.amount.minor;
    if (rider_of(sale) == rider) by_rider += sale.amount.minor;
  }
  if (amount.minor > limits.sale_max || amount.minor > limits.rider_max - by_rider ||
      amount.minor > limits.terminal_max - by_all)
    return std::unexpected(Refusal::offline_sale_must_fit_limits);
  return {};
}

std::expected<OfflineSale, Refusal> OfflineSeller::sell(const Recognition& face, Money amount,
                                                        Instant now, const AttemptKey& key) {
  if (auto fits = must_fit_limits(face.rider, amount, now); !fits)
    return std::unexpected(fits.error());
  const auto allowed = list_->allowed.find(face.rider);
  if (allowed == list_->allowed.end() || allowed->second != face.face)
    return std::unexpected(Refusal::nobody_recognised);
  return keep({0, key, amount, now, face, {}});
}

std::expected<OfflineSale, Refusal> OfflineSeller::sell(std::string_view code, Money amount,
                                                        Instant now, const AttemptKey& key) {
  const auto token = verify_token(keys_.codes, code);
  if (!token) return std::unexpected(Refusal::token_must_be_genuine);
  if (auto fits = must_fit_limits(token->rider, amount, now); !fits)
    return std::unexpected(fits.error());
  if (now >= token->expires) return std::unexpected(Refusal::token_must_be_fresh);
  if (token->purpose != TokenPurpose::ride) return std::unexpected(Refusal::token_must_fit_purpose);
  if (list_->lost.contains({token->rider, token->device}))
    return std::unexpected(Refusal::token_must_not_be_revoked);
  // A code can be revoked at any time: an old list does not know.
  if (now - list_->made > list_->limits.list_age_max)
    return std::unexpected(Refusal::offline_list_must_be_recent);
  const bool was_used = std::ranges::any_of(journal_.kept().of_last, [&](const OfflineSale& sale) {
    return sale.code && sale.code->device == token->device && sale.code->serial == token->serial;
  });
  if (was_used) return std::unexpected(Refusal::token_must_not_be_used);
  return keep({0, key, amount, now, {}, *token});
}

OfflineSale OfflineSeller::keep(OfflineSale sale) {
  sale.sequence = journal_.kept().next;
  if (sale.face) sale.face->terminal = terminal_;
  journal_.keep(sale);
  return sale;
}

// A period is announced when it is over; until then nobody knows how many sales it has.
std::optional<OfflineSeller::Upload> OfflineSeller::next_upload(Instant now) const {
  const SalesKept& kept = journal_.kept();
  if (stuck_ || kept.waiting.empty()) return std::nullopt;
  const OfflinePeriod& period = kept.periods.front();
  if (kept.is_open && kept.periods.size() == 1) return std::nullopt;
  if (announced_ != period.first) {
    // A refusal is the outcome of its key for ever.
    AttemptKey key = period.key;
    key.bytes.back() ^= announcements_;
    return Upload{OpenOfflineBatch{terminal_, period.first, count_of(kept), period.since,
                                   period.list_made, period.limits, now},
                  key};
  }
  const OfflineSale& sale = kept.waiting.front();
  UploadOffline upload{terminal_, sale.sequence, {}, sale.amount, sale.captured_at};
  if (sale.face) {
    upload.presence.face = sale.face;
    upload.presence.face->terminal = terminal_;
  }
  if (sale.code) upload.presence.token = TokenCheck{*sale.code, true};
  return Upload{std::move(upload), sale.key};
}

void OfflineSeller::answered(const Reply& reply) {
  const SalesKept& kept = journal_.kept();
  if (kept.waiting.empty()) return;
  const bool was_announcement = announced_ != kept.periods.front().first;
  const auto* refused = std::get_if<Refused>(&reply);
  const auto was_refused_as = [&](Refusal why) {
    return refused != nullptr && refused->refusal == why;
  };
  if (was_announcement &&
      (refused == nullptr || was_refused_as(Refusal::offline_item_must_be_new) ||
       was_refused_as(Refusal::offline_batch_must_be_finished))) {
    // Now, or before a start of this terminal that forgot it.
    announced_ = kept.periods.front().first;
  } else if (std::holds_alternative<Uploaded>(reply)) {
    journal_.taken(kept.waiting.front().sequence);
  } else if (!was_announcement && was_refused_as(Refusal::offline_item_must_be_new)) {
    // The server has it, and somebody else's word for what became of it.
    journal_.taken(kept.waiting.front().sequence);
  } else if (refused != nullptr) {
    stuck_ = refused->refusal;
  }
}

}  // namespace obverse
