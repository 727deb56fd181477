#include "ledger/client/sale_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>

#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

constexpr std::string_view frame_mark = "OBVJ";
constexpr std::size_t header_bytes = 7;
constexpr std::size_t sum_bytes = 8;
constexpr char end_mark = '!';

enum class Kind : std::uint8_t { period = 1, sale, taken, over };

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t left = sizeof number; left-- > 0;)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * left)));
}
void put(std::string& out, const AttemptKey& key) {
  out.append(key.bytes.begin(), key.bytes.end());
}

// Of a body whose sum is right: what does not fit was written by a later version.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  template <class Number>
  Number take() {
    std::uint64_t number = 0;
    for (const char byte : bytes(sizeof(Number)))
      number = number << 8 | static_cast<unsigned char>(byte);
    return static_cast<Number>(number);
  }
  AttemptKey key() {
    AttemptKey key;
    const std::string_view in = bytes(key.bytes.size());
    std::copy(in.begin(), in.end(), key.bytes.begin());
    return key;
  }
  Instant instant() { return {take<std::int64_t>()}; }
  std::string_view rest() { return bytes(in_.size()); }
  void expect(bool holds) { good_ = good_ && holds; }
  bool is_whole() const { return good_ && in_.empty(); }

 private:
  std::string_view bytes(std::size_t count) {
    if (in_.size() < count) {
      good_ = false;
      return {};
    }
    const std::string_view out = in_.substr(0, count);
    in_.remove_prefix(count);
    return out;
  }
  std::string_view in_;
  bool good_ = true;
};

std::string frame_of(Kind kind, const std::string& body) {
  std::string frame(frame_mark);
  put(frame, static_cast<std::uint8_t>(kind));
  put(frame, static_cast<std::uint16_t>(body.size()));
  frame += body;
  const Digest digest = sha256(frame);
  frame.append(digest.bytes.begin(), digest.bytes.begin() + sum_bytes);
  frame.push_back(end_mark);
  return frame;
}

void put_face(std::string& body, const Recognition& face) {
  put(body, std::uint8_t{1});
  put(body, face.rider.value);
  put(body, face.face.value);
  put(body, static_cast<std::uint8_t>(face.search));
  put(body, face.gallery);
  put(body, face.scope);
  put(body, face.score);
  put(body, face.threshold);
  put(body, static_cast<std::uint8_t>(face.runner_up ? 1 : 0));
  if (face.runner_up) put(body, *face.runner_up);
  put(body, face.at.ms);
  body += face.model;
}

Recognition take_face(Reader& in) {
  Recognition face;
  face.rider.value = in.take<std::uint64_t>();
  face.face.value = in.take<std::uint32_t>();
  face.search = static_cast<Search>(in.take<std::uint8_t>());
  face.gallery = in.take<std::uint64_t>();
  face.scope = in.take<std::uint32_t>();
  face.score = in.take<Score>();
  face.threshold = in.take<Score>();
  if (in.take<std::uint8_t>() == 1) face.runner_up = in.take<Score>();
  face.at = in.instant();
  face.model = in.rest();
  in.expect(face.search == Search::one_to_many || face.search == Search::one_to_one);
  return face;
}

void put_code(std::string& body, const Token& code) {
  put(body, std::uint8_t{2});
  put(body, code.rider.value);
  put(body, code.device.value);
  put(body, code.serial);
  put(body, static_cast<std::uint8_t>(code.purpose));
  put(body, code.bound);
  put(body, code.issued.ms);
  put(body, code.expires.ms);
}

Token take_code(Reader& in) {
  Token code;
  code.rider.value = in.take<std::uint64_t>();
  code.device.value = in.take<std::uint64_t>();
  code.serial = in.take<std::uint64_t>();
  code.purpose = static_cast<TokenPurpose>(in.take<std::uint8_t>());
  code.bound = in.take<std::uint64_t>();
  code.issued = in.instant();
  code.expires = in.instant();
  in.expect(code.purpose >= TokenPurpose::ride && code.purpose <= TokenPurpose::session);
  return code;
}

std::string body_of(const OfflinePeriod& period) {
  std::string body;
  put(body, period.first);
  put(body, period.since.ms);
  put(body, period.list_made.ms);
  put(body, period.limits.value);
  put(body, period.key);
  return body;
}

std::string body_of(const OfflineSale& sale) {
  std::string body;
  put(body, sale.sequence);
  put(body, sale.key);
  put(body, sale.amount.minor);
  put(body, static_cast<std::uint16_t>(sale.amount.currency));
  put(body, sale.captured_at.ms);
  assert(sale.face.has_value() != sale.code.has_value());
  if (sale.face) put_face(body, *sale.face);
  if (sale.code) put_code(body, *sale.code);
  return body;
}

std::string body_of(std::uint64_t taken) {
  std::string body;
  put(body, taken);
  return body;
}

OfflinePeriod take_period(Reader& in) {
  OfflinePeriod period;
  period.first = in.take<std::uint64_t>();
  period.since = in.instant();
  period.list_made = in.instant();
  period.limits.value = in.take<std::uint32_t>();
  period.key = in.key();
  return period;
}

OfflineSale take_sale(Reader& in) {
  OfflineSale sale;
  sale.sequence = in.take<std::uint64_t>();
  sale.key = in.key();
  sale.amount.minor = in.take<std::int64_t>();
  const auto currency = currency_of(in.take<std::uint16_t>());
  in.expect(currency.has_value());
  sale.amount.currency = currency.value_or(Currency::jpy);
  sale.captured_at = in.instant();
  const auto evidence = in.take<std::uint8_t>();
  in.expect(evidence == 1 || evidence == 2);
  if (evidence == 1) sale.face = take_face(in);
  if (evidence == 2) sale.code = take_code(in);
  return sale;
}

// What the frames amount to.
void forget_what_is_done(SalesKept& kept) {
  const std::uint64_t first = kept.waiting.empty() ? kept.next : kept.waiting.front().sequence;
  while (kept.periods.size() > 1 && kept.periods[1].first <= first) kept.periods.pop_front();
}
void note(SalesKept& kept, const OfflinePeriod& period) {
  kept.next = period.first;
  kept.periods.push_back(period);
  kept.of_last.clear();
  kept.is_open = true;
  forget_what_is_done(kept);
}
void note(SalesKept& kept, const OfflineSale& sale) {
  kept.waiting.push_back(sale);
  kept.of_last.push_back(sale);
  kept.next = sale.sequence + 1;
}
void note_taken(SalesKept& kept, std::uint64_t sequence) {
  while (!kept.waiting.empty() && kept.waiting.front().sequence <= sequence)
    kept.waiting.pop_front();
  forget_what_is_done(kept);
}

struct Frame {
  Kind kind = Kind::period;
  std::string_view body;
  std::size_t bytes = 0;
};

// As the header says; of at least so many bytes.
std::size_t summed_bytes(std::string_view header) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(header[i]));
  };
  return header_bytes + (byte(5) << 8 | byte(6));
}
std::size_t frame_bytes(std::string_view header) { return summed_bytes(header) + sum_bytes + 1; }

std::optional<Frame> good_frame(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(frame_mark)) return std::nullopt;
  const std::size_t summed = summed_bytes(bytes);
  const std::size_t all = frame_bytes(bytes);
  if (bytes.size() < all || bytes[all - 1] != end_mark) return std::nullopt;
  const Digest digest = sha256(bytes.substr(0, summed));
  if (!std::equal(digest.bytes.begin(), digest.bytes.begin() + sum_bytes,
                  reinterpret_cast<const std::uint8_t*>(bytes.data()) + summed))
    return std::nullopt;
  return Frame{static_cast<Kind>(bytes[4]), bytes.substr(header_bytes, summed - header_bytes), all};
}

// A write that a power cut ended: the file ends in it, or what was not written yet is zeros. A
// frame that is there to its last byte, and wrong, was written otherwise.
bool is_unfinished(std::string_view bytes) {
  const std::size_t written = bytes.find_last_not_of('\0') + 1;  // npos: nothing of it
  if (!frame_mark.starts_with(bytes.substr(0, std::min(written, frame_mark.size())))) return false;
  return written < header_bytes || written < frame_bytes(bytes);
}

bool has_good_frame(std::string_view bytes) {
  for (std::size_t at = bytes.find(frame_mark); at != std::string_view::npos;
       at = bytes.find(frame_mark, at + 1))
    if (good_frame(bytes.substr(at))) return true;
  return false;
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what,
                       const std::string& way_out) {
  throw JournalFault(file.string() + ": " + what + "; " + way_out);
}
[[noreturn]] void fail_by_errno(const std::filesystem::path& file, const std::string& what) {
  fail(file, what + ": " + std::generic_category().message(errno),
       "sell nothing without network until this is mended");
}

std::string whole(int descriptor, const std::filesystem::path& file) {
  std::string bytes;
  std::array<char, 65'536> part;
  for (;;) {
    const ssize_t got =
        ::pread(descriptor, part.data(), part.size(), static_cast<off_t>(bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_by_errno(file, "cannot be read");
    if (got == 0) return bytes;
    bytes.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

SaleJournal::SaleJournal(std::filesystem::path file, std::uint64_t anew_above)
    : file_(std::move(file)), anew_above_(anew_above) {
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) fail_by_errno(file_, "cannot be opened");
  try {
    read(whole(descriptor_, file_));
    // What was cut off is not there any more: the next frame stands in its place.
    if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0 || ::fsync(descriptor_) != 0)
      fail_by_errno(file_, "cannot be written");
    const int folder = ::open(file_.parent_path().empty() ? "." : file_.parent_path().c_str(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) fail_by_errno(file_, "its folder cannot be opened");
    const bool synced = ::fsync(folder) == 0;
    ::close(folder);
    if (!synced) fail_by_errno(file_, "its folder cannot be synced");
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

SaleJournal::~SaleJournal() { ::close(descriptor_); }

void SaleJournal::read(std::string_view bytes) {
  while (end_ < bytes.size()) {
    const std::string_view rest = bytes.substr(end_);
    const auto frame = good_frame(rest);
    const auto damaged = [&](const char* what) {
      fail(file_, "at byte " + std::to_string(end_) + ": " + what,
           "keep this file, begin another one, and have the missing sales given up");
    };
    if (!frame) {
      if (!is_unfinished(rest) || has_good_frame(rest.substr(1)))
        damaged("a frame is not as it was written");
      return;
    }
    Reader in(frame->body);
    if (frame->kind == Kind::period) {
      const OfflinePeriod period = take_period(in);
      if (period.first < kept_.next) damaged("a number would be given twice");
      note(kept_, period);
    } else if (frame->kind == Kind::sale) {
      const OfflineSale sale = take_sale(in);
      if (sale.sequence != kept_.next || kept_.periods.empty()) damaged("a sale is missing");
      note(kept_, sale);
    } else if (frame->kind == Kind::taken) {
      note_taken(kept_, in.take<std::uint64_t>());
    } else if (frame->kind == Kind::over) {
      kept_.is_open = false;
    } else {
      damaged("a kind of frame that only a later version knows");
    }
    if (!in.is_whole()) damaged("a frame that only a later version can read");
    end_ += frame->bytes;
  }
}

void SaleJournal::append(const std::string& frame) {
  if (failed_)
    fail(file_, "an earlier write failed", "start the terminal again: it reads what is on disk");
  failed_ = true;
  std::string_view left = frame;
  auto at = static_cast<off_t>(end_);
  while (!left.empty()) {
    const ssize_t written = ::pwrite(descriptor_, left.data(), left.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail_by_errno(file_, "cannot be written");
    left.remove_prefix(static_cast<std::size_t>(written));
    at += written;
  }
  if (::fdatasync(descriptor_) != 0) fail_by_errno(file_, "cannot be synced");
  end_ += frame.size();
  failed_ = false;
}

void SaleJournal::begin(const OfflinePeriod& period) {
  assert(period.first == kept_.next);
  if (kept_.waiting.empty() && end_ > anew_above_) drop_what_was_taken();
  append(frame_of(Kind::period, body_of(period)));
  note(kept_, period);
}

void SaleJournal::end() {
  if (!kept_.is_open) return;
  append(frame_of(Kind::over, {}));
  kept_.is_open = false;
}

void SaleJournal::keep(const OfflineSale& sale) {
  assert(sale.sequence == kept_.next && kept_.is_open);
  append(frame_of(Kind::sale, body_of(sale)));
  note(kept_, sale);
}

void SaleJournal::taken(std::uint64_t sequence) {
  append(frame_of(Kind::taken, body_of(sequence)));
  note_taken(kept_, sequence);
}

// The period that comes next begins the file anew, and brings the number with it: nothing else of
// what is there is needed any more. Cut off in between, the numbers would begin again; so they are
// written beside it, and put in its place whole.
void SaleJournal::drop_what_was_taken() {
  const std::filesystem::path beside = file_.string() + ".new";
  const int fresh = ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fresh < 0) fail_by_errno(beside, "cannot be opened");
  OfflinePeriod mark = kept_.periods.empty() ? OfflinePeriod{} : kept_.periods.back();
  mark.first = kept_.next;
  const std::string frame = frame_of(Kind::period, body_of(mark)) + frame_of(Kind::over, {});
  const bool written =
      ::pwrite(fresh, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size()) &&
      ::fsync(fresh) == 0 && ::rename(beside.c_str(), file_.c_str()) == 0;
  if (!written) {
    ::close(fresh);
    fail_by_errno(beside, "cannot be written");
  }
  ::close(descriptor_);
  descriptor_ = fresh;
  end_ = frame.size();
  kept_.periods = {mark};
  kept_.of_last.clear();
  kept_.is_open = false;
}

}  // namespace obverse
