// Generated histories of loads, sales and what follows them, held against oracles that know nothing
// of the rules: they only fold events. Invariants 1 to 6, 9, 10, 13 and 22 of the domain.
#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/model/limits.h"
#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

// kind, who, amount, pick, till
using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint16_t, std::uint8_t, std::uint8_t>;
using Steps = std::vector<Step>;

// What each law says about the events alone; "" where all of them hold.
class Oracle {
 public:
  std::string see(const Events& events, std::int64_t face_only_day_max) {
    for (const Event& event : events) {
      std::visit([this](const auto& fact) { on(fact); }, event);
      if (!broken_.empty()) return broken_;
    }
    for (const auto& [rider, spent] : face_only_)
      if (spent.minor > face_only_day_max) return "22: face-only spend above the limit";
    return broken_;
  }
  const std::map<Account, std::int64_t>& sums() const { return sums_; }
  const std::map<Account, std::int64_t>& held() const { return held_; }

 private:
  struct Sold {
    RiderId rider;
    std::int64_t authorised = 0, captured = 0, given_back = 0;
    bool counts = false;  // in the running face-only total
  };
  struct Spent {
    std::int64_t day = 0, minor = 0;
  };

  template <class Fact>
  void on(const Fact&) {}

  void on(const Posted& posted) {
    std::map<Currency, std::int64_t> sum;
    for (const Entry& entry : posted.entries) {
      if (entry.minor <= 0) broken_ = "1: an amount is not positive";
      const std::int64_t debit = entry.side == Side::debit ? entry.minor : -entry.minor;
      sum[entry.account.currency] += debit;
      sums_[entry.account] += debit;
      const bool is_wallet = entry.account.chart == Chart::wallet;
      if (is_wallet && sums_[entry.account] > 0) broken_ = "4: a wallet is below zero";
    }
    for (const auto& [currency, minor] : sum)
      if (minor != 0) broken_ = "1: a posting does not balance";
  }
  void on(const FundsReserved& reserved) {
    const Account wallet = wallet_of(reserved.rider, reserved.amount.currency);
    held_[wallet] += reserved.amount.minor;
    if (held_[wallet] > -sums_[wallet]) broken_ = "5: holds above the balance";
    if (!holds_.emplace(reserved.hold, std::pair{wallet, reserved.amount.minor}).second)
      broken_ = "6: a hold was placed twice";
  }
  void on(const HoldCaptured& end) { resolve(end.hold, end.amount.minor); }
  void on(const HoldReleased& end) { resolve(end.hold, end.amount.minor); }
  void on(const HoldExpired& end) { resolve(end.hold, end.amount.minor); }
  void resolve(HoldId id, std::int64_t minor) {
    const auto hold = holds_.find(id);
    if (hold == holds_.end() || minor <= 0 || minor > hold->second.second) {
      broken_ = "6: a hold was resolved twice, or by more than it is";
      return;
    }
    held_[hold->second.first] -= minor;
    hold->second.second -= minor;
  }
  void on(const PurchaseAuthorised& sold) {
    purchases_[sold.purchase] = {sold.rider, sold.amount.minor, 0, 0, sold.face_only};
    if (!sold.face_only) return;
    Spent& spent = face_only_[sold.rider];
    if (spent.day != sold.day) forget(sold.rider, sold.purchase);
    spent.day = sold.day;
    spent.minor += sold.amount.minor;
  }
  void on(const PurchaseCaptured& captured) {
    Sold& sold = purchases_[captured.purchase];
    sold.captured = captured.amount.minor;
    uncount(sold, sold.authorised - sold.captured);
    if (sold.captured > sold.authorised) broken_ = "6: more was captured than authorised";
  }
  void on(const PurchaseVoided& voided) {
    Sold& sold = purchases_[voided.purchase];
    uncount(sold, sold.authorised);
  }
  void on(const PurchaseReversed& reversed) {
    Sold& sold = purchases_[reversed.purchase];
    if (sold.counts) uncount(sold, sold.captured > 0 ? sold.captured : sold.authorised);
    sold.counts = false;
    give_back(sold, reversed.amount.minor);
  }
  void on(const RefundIssued& refund) {
    give_back(purchases_[refund.purchase], refund.amount.minor);
  }
  void give_back(Sold& sold, std::int64_t minor) {
    sold.given_back += minor;
    if (sold.given_back > sold.captured) broken_ = "10: more was given back than captured";
  }
  void on(const StepUpSatisfied& done) { forget(done.rider, {}); }
  // A new round: what was sold before no longer counts.
  void forget(RiderId rider, PurchaseId besides) {
    for (auto& [id, sold] : purchases_)
      if (sold.rider == rider && id != besides) sold.counts = false;
    face_only_[rider].minor = 0;
  }
  void uncount(Sold& sold, std::int64_t minor) {
    if (sold.counts) face_only_[sold.rider].minor -= minor;
    if (minor == sold.authorised) sold.counts = false;
  }

  std::map<Account, std::int64_t> sums_, held_;
  std::map<HoldId, std::pair<Account, std::int64_t>> holds_;
  std::map<PurchaseId, Sold> purchases_;
  std::map<RiderId, Spent> face_only_;
  std::string broken_;
};

// What the rules remember must be what the oracle folded.
std::string differs(const MoneyWorld& world, const Oracle& oracle) {
  for (const auto& [currency, sum] : trial_balance(world.book))
    if (sum.debits != sum.credits) return "2: the trial balance is not zero";
  for (const auto& [account, debit] : oracle.sums()) {
    const bool on_debit = normal_side(account.chart) == Side::debit;
    if (balance(world.book, account) != (on_debit ? debit : -debit)) return "3: a balance differs";
  }
  std::map<Account, std::int64_t> open;
  for (const auto& [id, hold] : world.holds.open)
    open[wallet_of(hold.rider, hold.amount.currency)] += hold.amount.minor;
  if (open != world.holds.held) return "5: the kept sum is not the sum of the open holds";
  for (const auto& [wallet, minor] : oracle.held()) {
    if ((open.contains(wallet) ? open[wallet] : 0) != minor) return "5: what is held differs";
    if (minor > balance(world.book, wallet)) return "5: more is held than there is";
  }
  return "";
}

struct Play {
  MoneyWorld world;
  Oracle oracle;
  std::vector<RiderId> riders;
  std::vector<PurchaseId> purchases;
  std::map<RiderId, StepUpId> asked;
  std::vector<Attempt> attempts;

  Play() {
    for (int count = 0; count < 3; ++count) riders.push_back(world.add_rider());
    oracle.see(world.history, world.policy().face_only_day_max);
  }

  template <class Items>
  auto pick(const Items& items, std::uint8_t which) const {
    using Item = typename Items::value_type;
    return items.empty() ? Item{} : items[which % items.size()];
  }

  void sell(MoneyWorld::Take how, const Accepted& buyer, const Sale& sale, std::uint8_t number) {
    const Attempt attempt{sale.terminal, key_of(number)};
    if (world.payments.attempts.contains(attempt)) return;  // the engine answers such a one
    attempts.push_back(attempt);
    const Decision decision = world.take(how, buyer, sale, attempt.key);
    if (purchase_of(decision).value > 0) purchases.push_back(purchase_of(decision));
    if (const auto id = step_up_of(decision)) asked[buyer.rider] = *id;
  }

  // Plausible amounts, and now and then one that cannot be.
  static std::int64_t amount_of(std::uint16_t number, std::uint8_t which) {
    if (which == 255) return amount_minor_max + number;
    if (which == 254) return std::numeric_limits<std::int64_t>::max() - number;
    if (which == 253) return -std::int64_t{number};
    return number % 16'000;
  }

  void step(const Step& step) {
    const auto& [kind, who, number, which, at] = step;
    const RiderId rider = riders[who % riders.size()];
    const TerminalId till{at % 3 == 0 ? 2U : at % 3 == 1 ? 3U : 6U};
    const std::int64_t minor = amount_of(number, which);
    const PurchaseId purchase = pick(purchases, which);
    const auto key = static_cast<std::uint8_t>(number);
    switch (kind % 12) {
      case 0:
      case 1:
        world.ask(LoadFunds{rider, yen(minor), {}});
        break;
      case 2:
        sell(pay, {rider, true, false}, world.sale(minor, {}, till), key);
        break;
      case 3:
        sell(pay, {rider, false, true}, world.sale(minor, {}, till), key);
        break;
      case 4:
        sell(authorise, {rider, true, false}, world.sale(minor, {}, till), key);
        break;
      case 5: {
        // The step-up that was asked last, as it was asked.
        const auto open = world.payments.step_ups.find(rider);
        if (open == world.payments.step_ups.end()) break;
        Sale sale = world.sale(open->second.amount.minor, open->second.id, open->second.terminal);
        sell(which % 2 ? pay : authorise, {rider, true, true}, sale, key);
        break;
      }
      case 6:
        world.ask(CapturePurchase{till, purchase, yen(minor)});
        break;
      case 7:
        world.ask(VoidPurchase{till, purchase});
        break;
      case 8:
        world.ask(RefundPurchase{till, purchase, yen(minor)});
        break;
      case 9: {
        const Attempt original = pick(attempts, which);
        world.ask(ReversePurchase{original.terminal, original.key});
        break;
      }
      case 10:
        world.ask(ReversePurchase{till, key_of(which)});
        break;
      default: {
        world.people.now = world.people.now + minutes(number % 600);
        while (const auto due = next_due(world.holds)) {
          if (due->at > world.people.now) break;
          world.ask(ExpireHold{due->hold});
        }
      }
    }
  }

  // Plays one step and returns the law that it broke, if it broke one.
  std::string judge(const Step& next) {
    const std::size_t before = world.history.size();
    step(next);
    const Events news(world.history.begin() + static_cast<std::ptrdiff_t>(before),
                      world.history.end());
    const std::string broken = oracle.see(news, world.policy().face_only_day_max);
    return broken.empty() ? differs(world, oracle) : broken;
  }
};

// Everything that a reversal and its original may leave behind them, but for the memory that they
// happened.
auto left_behind(const MoneyWorld& world) {
  std::map<Account, std::int64_t> balances;
  for (const auto& [account, turnover] : world.book.accounts)
    if (const auto minor = balance(world.book, account); minor != 0) balances[account] = minor;
  std::map<RiderId, std::int64_t> spent;
  for (const auto& [rider, spend] : world.payments.face_only)
    if (const auto minor = world.face_only(rider); minor != 0) spent[rider] = minor;
  return std::tuple(balances, world.holds.held, spent);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(histories)

BOOST_AUTO_TEST_CASE(any_history_keeps_the_laws) {
  BOOST_TEST(rc::check("invariants 1 to 6, 10, 13 and 22", [] {
    const auto steps = *rc::gen::scale(3.0, rc::gen::arbitrary<Steps>());
    Play play;
    for (const Step& step : steps) {
      const std::string broken = play.judge(step);
      if (!broken.empty()) RC_FAIL(broken);
    }
    Book from_postings_alone;
    for (const Event& event : play.world.history) fold(from_postings_alone, event);
    RC_ASSERT(from_postings_alone == play.world.book);
    RC_CLASSIFY(play.purchases.size() > 3, "several purchases");
    RC_CLASSIFY(count<PurchaseReversed>(play.world.history) > 0, "reversals");
    RC_CLASSIFY(count<RefundIssued>(play.world.history) > 0, "refunds");
    RC_CLASSIFY(count<StepUpSatisfied>(play.world.history) > 0, "step-ups");
    RC_CLASSIFY(count<HoldExpired>(play.world.history) > 0, "expiries");
  }));
}

// The oracle is worth something only if it can say no.
BOOST_AUTO_TEST_CASE(the_oracle_sees_each_broken_law) {
  const RiderId rider{1};
  const Account wallet = wallet_of(rider, Currency::jpy);
  const Account bank = bank_account({0}, Currency::jpy);
  const Posted load{PostingReason::funds_loaded,
                    {{bank, Side::debit, 100}, {wallet, Side::credit, 100}}};
  const FundsReserved hold{{5}, rider, yen(60), {}};
  const PurchaseAuthorised sold{{5}, {{2}, key_of(1)}, {1}, rider, yen(60), true, 1};
  const auto law = [](const Events& events, std::int64_t day_max = 1'000) {
    Oracle oracle;
    return oracle.see(events, day_max).substr(0, 2);
  };
  BOOST_TEST(law({load, sold, hold, HoldCaptured{{5}, yen(60)}}) == "");
  BOOST_TEST(law({Posted{load.reason, {{bank, Side::debit, 2}, {wallet, Side::credit, 1}}}}) ==
             "1:");
  BOOST_TEST(law({Posted{load.reason, {{bank, Side::debit, 0}, {wallet, Side::credit, 0}}}}) ==
             "1:");
  BOOST_TEST(law({Posted{load.reason, {{bank, Side::credit, 1}, {wallet, Side::debit, 1}}}}) ==
             "4:");
  BOOST_TEST(law({hold}) == "5:");
  BOOST_TEST(law({load, hold, HoldReleased{{5}, yen(61)}}) == "6:");
  BOOST_TEST(law({load, hold, HoldReleased{{5}, yen(60)}, HoldExpired{{5}, yen(60)}}) == "6:");
  BOOST_TEST(law({load, sold, PurchaseCaptured{{5}, yen(61)}}) == "6:");
  BOOST_TEST(law({load, sold, PurchaseCaptured{{5}, yen(60)}, RefundIssued{{6}, {5}, yen(61)}}) ==
             "10");
  BOOST_TEST(law({load, sold}, 59) == "22");
  MoneyWorld world;
  world.settle({{load}, Done{}});
  Oracle oracle;
  oracle.see(world.history, 0);
  BOOST_TEST(differs(world, oracle) == "");
  world.book.accounts[wallet].credits -= 1;
  BOOST_TEST(differs(world, oracle).substr(0, 2) == "2:");
  world.book.accounts[bank].debits -= 1;
  BOOST_TEST(differs(world, oracle).substr(0, 2) == "3:");
  world.book.accounts[wallet].credits += 1;
  world.book.accounts[bank].debits += 1;
  world.holds.held[wallet] = 1;
  BOOST_TEST(differs(world, oracle).substr(0, 2) == "5:");
}

// Invariant 9: in whatever order a reversal and its original come, however often the reversal is
// repeated, and whatever happens to other people in between, the same is left behind.
BOOST_AUTO_TEST_CASE(invariant_9_a_reversal_and_its_original_commute) {
  BOOST_TEST(rc::check("invariant 9", [] {
    const auto between = *rc::gen::arbitrary<Steps>();
    const bool only_held = *rc::gen::arbitrary<bool>();
    const auto minor = *rc::gen::inRange(1, 10'001);
    const auto repeats = *rc::gen::inRange(1, 4);
    const auto play = [&](bool reversal_first) {
      Play one;
      const RiderId bob = one.world.add_rider(20'000);
      one.world.pay_by_face(bob, 500, key_of(254));
      const Sale sale = one.world.sale(minor);
      const auto original = [&] {
        one.world.take(only_held ? authorise : pay, {bob, true, false}, sale, key_of(255));
      };
      const auto reversal = [&] { one.world.ask(ReversePurchase{sale.terminal, key_of(255)}); };
      if (reversal_first) {
        reversal();
      } else {
        original();
      }
      for (const auto& [kind, who, number, which, at] : between) {
        // Others only, at other keys, within the day; what follows a sale picks their own sales.
        if (kind % 12 == 11 || kind % 12 == 10 || number % 256 >= 254) continue;
        one.step({kind, who, number, which, at});
      }
      if (reversal_first) {
        original();
      } else {
        reversal();
      }
      for (int again = 1; again < repeats; ++again) reversal();
      return left_behind(one.world);
    };
    RC_ASSERT(play(true) == play(false));
  }));
}

BOOST_AUTO_TEST_SUITE_END()
