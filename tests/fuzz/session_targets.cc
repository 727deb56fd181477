// A whole day at a server without a network: calls of any kind in any order on the capabilities of
// every role. An attempt has one answer, the books balance, and the log is the truth.
#include <map>
#include <memory>

#include "ledger/client/commands/output.h"
#include "ledger/engine/dedup.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/snapshot.h"
#include "ledger/wire/known.h"
#include "replay/verify.h"
#include "tests/fuzz/target.h"
#include "tests/server/inside.h"

namespace obverse::fuzz {
namespace {

constexpr std::uint64_t people = 2;

// Refusals that the same attempt may turn into something better: who was not seen clearly.
bool may_try_again(const Json& told) {
  if (told["outcome"] != "refused" || !told.contains("rule")) return false;
  for (std::size_t number = 1; wire::is_named<Refusal>(number); ++number) {
    const auto refusal = static_cast<Refusal>(number);
    if (explain(refusal).name == told["rule"].get<std::string>())
      return !is_remembered(Refused{refusal, {}});
  }
  return false;
}

// Who makes the calls: one login of each role.
class Desks {
 public:
  explicit Desks(house::Inside& inside)
      : inside_(inside),
        gate_a_(inside.log_in(house::gate_a_paper)),
        gate_b_(inside.log_in(house::gate_b_paper)),
        till_(inside.log_in(house::till_paper)),
        enrolment_(inside.log_in(house::enrolment_paper)),
        desk_(inside.log_in(house::desk_paper)),
        auditor_(inside.log_in(house::auditor_paper)) {}

  void act(Tap& tap) {
    const std::uint64_t what = tap.pick(17);
    const std::uint64_t number = tap.pick(15);
    // Under the defect no two calls have one key, though they mean one attempt.
    key_ = house::key(is_broken_as("session-new-attempts") ? 1'000 + ++made_ : number);
    if (what < 4) return at_a_gate(tap, what, number);
    if (what < 10) return at_the_till(tap, what, number);
    if (what < 15) return at_the_desk(tap, what, number);
    if (what == 15) inside_.clock().advance(minutes(static_cast<std::int64_t>(tap.pick(600))));
    if (what == 16) inside_.ask(auditor_.getAuditor().headRequest());
    if (what == 17) inside_.ask(desk_.getOperator().statusRequest());
  }

  // Nobody's money but what the log explains.
  void hold_balance() {
    const auto answer = inside_.ask(auditor_.getAuditor().balancesRequest());
    std::int64_t debits = 0, credits = 0;
    for (const auto line : answer.getBalances()) {
      debits += line.getDebits();
      credits += line.getCredits();
    }
    hold(debits == credits, "the books balance");
  }

 private:
  void show(rpc::Presence::Builder presence, Tap& tap) {
    const std::uint64_t how = tap.pick(7);
    const std::uint64_t who = 1 + tap.pick(people);
    if (how < 5) house::fill(presence.initProbe(), house::photo(who, how));
    if (how == 3) presence.getProbe().setCapture(rpc::Probe::Capture::OCCLUDED);
    if (how == 4) presence.setClaimed(who);
    if (how == 5) {
      auto probe = presence.initProbe();
      probe.setModel("mobilefacenet-512");
      const std::string bytes = tap.bytes(64);
      probe.setVector({reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()});
    }
    if (how < 6 && how != 2) return;
    presence.initPin().setRider(who);
    presence.getPin().setPin(tap.pick(3) == 0 ? "1111" : "482915");
  }

  // The first answer to an attempt that left a record, for ever: whoever asks the same again hears
  // the same; who asks something else under it is refused.
  template <class Outcome>
  void hear(const std::string& terminal, std::uint64_t number, Outcome outcome) {
    const Json told = to_json(outcome);
    const std::uint64_t position = outcome.getReceipt().getPosition();
    if (position == 0 || may_try_again(told)) return;
    const auto [known, is_new] = answers_.try_emplace(terminal + std::to_string(number), told);
    if (is_new) return;
    const bool same = known->second["receipt"]["position"] == told["receipt"]["position"];
    hold(same || told["outcome"] == "refused", "an attempt has one answer");
  }

  void at_a_gate(Tap& tap, std::uint64_t what, std::uint64_t number) {
    const bool first = tap.pick(1) == 0;
    auto gate = (first ? gate_a_ : gate_b_).getGate();
    const std::string name = first ? "a" : "b";
    if (what < 2) {
      auto request = gate.enterRequest();
      house::fill(request.initAttempt(), key_);
      show(request.initPresence(), tap);
      hear(name, number, inside_.ask(kj::mv(request)).getOutcome());
    } else if (what == 2) {
      auto request = gate.leaveRequest();
      house::fill(request.initAttempt(), key_);
      show(request.initPresence(), tap);
      request.setOccurredAt(static_cast<std::int64_t>(tap.pick(1)) * 1'750'000'000'000);
      hear(name, number, inside_.ask(kj::mv(request)).getOutcome());
    } else {
      auto request = gate.statusRequest();
      house::fill(request.initAttempt(), key_);
      hear(name, number, inside_.ask(kj::mv(request)).getOutcome());
    }
  }

  void fill_amount(rpc::Money::Builder money, Tap& tap) {
    money.setMinor(static_cast<std::int64_t>(tap.pick(3'000)) - 1);
    money.setCurrency(tap.pick(20) == 20 ? 826 : 392);
  }

  template <class Request>
  void pay(Request request, Tap& tap, std::uint64_t number) {
    house::fill(request.initAttempt(), key_);
    show(request.initPresence(), tap);
    fill_amount(request.initAmount(), tap);
    if (tap.pick(3) == 0) request.setStepUp(tap.pick(200));
    hear("t", number, inside_.ask(kj::mv(request)).getOutcome());
  }

  void at_the_till(Tap& tap, std::uint64_t what, std::uint64_t number) {
    auto checkout = till_.getCheckout();
    const auto ask = [&](auto request) {
      house::fill(request.initAttempt(), key_);
      hear("t", number, inside_.ask(kj::mv(request)).getOutcome());
    };
    if (what < 6) return pay(checkout.payRequest(), tap, number);
    if (what == 6) return pay(checkout.authoriseRequest(), tap, number);
    if (what == 7) {
      auto request = checkout.captureRequest();
      request.setPurchase(tap.pick(255));
      fill_amount(request.initAmount(), tap);
      return ask(kj::mv(request));
    }
    if (what == 8) {
      auto request = checkout.refundRequest();
      request.setPurchase(tap.pick(255));
      fill_amount(request.initAmount(), tap);
      return ask(kj::mv(request));
    }
    auto request = checkout.reverseRequest();
    house::fill(request.initOriginal(), house::key(tap.pick(15)));
    ask(kj::mv(request));
  }

  void at_the_desk(Tap& tap, std::uint64_t what, std::uint64_t number) {
    auto desk = enrolment_.getEnrolment();
    const auto ask = [&](auto request) {
      house::fill(request.initAttempt(), key_);
      request.setRider(1 + tap.pick(people));
      hear("e", number, inside_.ask(kj::mv(request)).getOutcome());
    };
    if (what == 10) {
      auto request = desk.loadRequest();
      fill_amount(request.initAmount(), tap);
      return ask(kj::mv(request));
    }
    if (what == 11) return ask(desk.suspendRequest());
    if (what == 12) return ask(desk.eraseRequest());
    if (what == 13) {
      auto request = desk.setPinRequest();
      const std::string pin = tap.pick(1) == 0 ? "482915" : tap.bytes(tap.pick(14));
      request.setPin(kj::StringPtr(pin.c_str()));
      return ask(kj::mv(request));
    }
    auto request = desk.consentRequest();
    request.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    request.initParty().setMerchant("bakery");
    request.setTextVersion(static_cast<std::uint32_t>(tap.pick(3)));
    ask(kj::mv(request));
  }

  house::Inside& inside_;
  house::Inside::Login gate_a_, gate_b_, till_, enrolment_, desk_, auditor_;
  house::Key key_{};
  std::uint64_t made_ = 0;
  std::map<std::string, Json> answers_;
};

void hold_log(house::Inside& inside) {
  std::promise<Digest> told;
  const bool has_room = inside.household().ledger.ask(
      [&told](const State& state, const Receipt&) { told.set_value(digest_of(state)); });
  hold(has_room, "there is room for a question");
  const Digest live = told.get_future().get();
  const Verified verified = verify(inside.log());
  hold(verified.faults.empty(), "an auditor finds nothing");
  hold(verified.state == live, "and sees what the server believes");
}

void session(Input input) {
  Tap tap(input);
  house::Inside inside([](Config& config) {
    config.searches = 1;
    config.enrolments = 1;
  });
  inside.set_up();
  inside.run([&] {
    for (std::uint64_t seed = 1; seed <= people; ++seed) inside.enrol(seed, 4'000);
    {
      Desks desks(inside);
      for (int calls = 0; !tap.empty() && calls < 40; ++calls) desks.act(tap);
      desks.hold_balance();
    }
    hold_log(inside);
  });
  hold(inside.broken.empty(), "the ledger goes on");
}

std::vector<std::string> session_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 6; ++seed) out.push_back(noise(seed + 500, 40 + 40 * seed));
  return out;
}

}  // namespace

std::vector<Target> session_targets() {
  return {{"session",
           "an attempt has one answer, the books balance",
           1'024,
           session,
           session_seeds,
           {"session-new-attempts"},
           12}};
}

}  // namespace obverse::fuzz
