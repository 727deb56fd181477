// What a terminal says, as bytes that were made once: for whoever must offer more calls than a
// Cap'n Proto client can make on the same machine, and for whoever says what no client would.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace obverse::promises {

using Words = std::vector<std::byte>;

// A call of which the question's number and the attempt's are filled in when it is sent.
class Phrase {
 public:
  enum class Verb : std::uint8_t { pay, enter, leave, status, ping, login, manage };

  // For the till or gate of the connection's login, which was question 1. `amount` is a payment's.
  static Phrase pay(std::span<const float> face, std::int64_t amount, std::int64_t occurred_at = 0);
  static Phrase enter(std::span<const float> face, std::int64_t occurred_at = 0);
  static Phrase leave(std::span<const float> face, std::int64_t occurred_at = 0);
  static Phrase status();  // of a payment
  static Phrase ping();

  // A call of that method with empty parameters, on what the login handed out there: whatever it
  // is, and whether it is anything.
  static Phrase other(std::uint16_t field, std::uint64_t interface, std::uint16_t method);
  // The same on an object that the server gave to some connection under that number.
  static Phrase on_export(std::uint32_t number, std::span<const float> face);

  // The same, said to the object itself instead of to the answer in which it came: that answer can
  // then be forgotten on both sides. The server numbers what it gives out from 0, the entrance.
  Phrase held() const;

  Verb verb() const { return verb_; }
  void say(Words& to, std::uint32_t question, std::uint64_t attempt) const;

 private:
  Phrase(Verb verb, Words bytes);
  Verb verb_;
  Words bytes_;
  std::size_t question_at_ = 0;
  std::optional<std::size_t> attempt_at_;
};

Words bootstrap_words(std::uint32_t question);
// On the answer of question 0, the bootstrap.
Words login_words(std::uint32_t question);
// What came in its answer is kept.
void say_finish(Words& to, std::uint32_t question);

// How a call ended.
enum class Verdict : std::uint8_t {
  none,     // not answered
  done,     // approved, entered, left, pinged
  refused,  // by name
  busy,     // refused, and told when to come again
  unknown,  // of status(): there is no such attempt
  failed,   // an exception of the RPC system: its kind is the name
  lost      // the connection ended
};

struct Told {
  std::uint32_t question = 0;
  Verdict verdict = Verdict::none;
  std::uint64_t id = 0;       // of the purchase or journey
  std::uint32_t wait_ms = 0;  // with busy
  std::string name;           // of what was refused; of an exception its kind
};

// The answers in what came; keeps the last one's beginning until its end comes.
class Hearing {
 public:
  // `verbs` finds what a question had asked.
  template <class Verbs, class Tell>
  void hear(std::span<const std::byte> bytes, Verbs verbs, Tell tell) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    std::size_t used = 0;
    while (const std::size_t size = whole(std::span(heard_).subspan(used))) {
      const auto message = std::span(heard_).subspan(used, size);
      if (const auto question = question_of(message)) tell(read(message, verbs(*question)));
      used += size;
    }
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(used));
  }

  static std::optional<std::uint32_t> question_of(std::span<const std::byte> message);
  static Told read(std::span<const std::byte> message, Phrase::Verb verb);

 private:
  static std::size_t whole(std::span<const std::byte>);  // its bytes; 0: not all is there
  std::vector<std::byte> heard_;
};

}  // namespace obverse::promises
