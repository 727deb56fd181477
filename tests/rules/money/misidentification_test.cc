// Somebody else was recognised: S36, with two people and what had decided.
#include "ledger/rules/money/misidentification.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Mistaken {
  CardWorld world = card_world();
  RiderId quin = world.add_rider(1'000);
  PurchaseId purchase;
  Recognition evidence;
  explicit Mistaken(Tender tender = Tender::wallet, std::int64_t minor = 540) {
    if (tender != Tender::wallet) world.pays_by(quin, tender);
    const Decision sold = world.pay(quin, minor);
    evidence = first<FaceRecognised>(sold.events)->evidence;
    if (tender == Tender::wallet) {
      purchase = std::get<Paid>(sold.reply).purchase;
    } else {
      purchase = std::get<Pending>(sold.reply).purchase;
      world.approve();
    }
  }
  Decision claim() { return world.ask(ClaimMisidentification{world.desk, purchase, evidence}); }
  ClaimId claimed() { return {std::get<Registered>(claim().reply).id}; }
  Decision approve(ClaimId id) {
    return world.ask(ApproveMisidentification{world.second_desk, id});
  }
};

const Account loss{Chart::misidentification_loss, 0, Currency::jpy};

}  // namespace

BOOST_AUTO_TEST_SUITE(misidentification)

BOOST_AUTO_TEST_CASE(s36_the_person_has_everything_back_and_the_merchant_keeps_its_money) {
  Mistaken m;
  const ClaimId id = m.claimed();
  const Decision reversed = m.approve(id);
  BOOST_TEST(
      posts(reversed, PostingReason::misidentification_reversed,
            {{loss, Side::debit, 540}, {wallet_of(m.quin, Currency::jpy), Side::credit, 540}}));
  const RecognisedBy by{{m.purchase.value},
                        m.evidence.model,
                        m.evidence.face,
                        m.evidence.threshold,
                        m.evidence.gallery};
  BOOST_TEST((*first<MisidentificationReversed>(reversed.events) ==
              MisidentificationReversed{id, m.purchase, m.quin, yen(540), by, m.world.desk,
                                        m.world.second_desk}));
  BOOST_TEST(m.world.wallet(m.quin) == 1'000);
  BOOST_TEST(m.world.merchant() == 540);
  // It was never theirs: nothing more can be given back for it, and it counts for nothing.
  BOOST_TEST(m.world.state.payments.face_only.at(m.quin).minor == 0);
  const Attempt attempt{m.world.till, key_of(200)};
  BOOST_TEST((refusal_of(m.world.ask(RefundPurchase{m.world.till, m.purchase, yen(1)}, attempt)) ==
              Refusal::purchase_must_not_be_reversed));
  BOOST_TEST(m.world.ask(ReversePurchase{m.world.till, key_of(m.world.keys)}).events.empty());
}

BOOST_AUTO_TEST_CASE(who_asked_for_it_cannot_decide_it) {
  Mistaken m;
  const ClaimId id = m.claimed();
  BOOST_TEST(refuses(m.world.ask(ApproveMisidentification{m.world.desk, id}),
                     Refusal::second_person_must_decide));
  BOOST_TEST(refuses(m.world.ask(RejectMisidentification{m.world.desk, id}),
                     Refusal::second_person_must_decide));
  BOOST_TEST(refuses(m.world.ask(ApproveMisidentification{m.world.till, id}),
                     Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(m.world.ask(ApproveMisidentification{m.world.second_desk, {999}}),
                     Refusal::dispute_must_be_known));
  BOOST_TEST(m.world.wallet(m.quin) == 460);
  m.approve(id);
  BOOST_TEST(refuses(m.approve(id), Refusal::dispute_must_be_known));
}

BOOST_AUTO_TEST_CASE(the_evidence_must_be_that_of_the_purchase) {
  Mistaken m;
  using Break = void (*)(Recognition&);
  for (const Break& breaks :
       std::vector<Break>{[](Recognition& e) { e.rider.value += 1; },
                          [](Recognition& e) { e.terminal.value += 1; },
                          [](Recognition& e) { e.model = ""; }, [](Recognition& e) { e.face = {}; },
                          [](Recognition& e) { e.threshold = e.score + 1; }}) {
    Recognition other = m.evidence;
    breaks(other);
    BOOST_TEST(refuses(m.world.ask(ClaimMisidentification{m.world.desk, m.purchase, other}),
                       Refusal::evidence_must_be_of_purchase));
  }
  BOOST_TEST(refuses(m.world.ask(ClaimMisidentification{m.world.till, m.purchase, m.evidence}),
                     Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(m.world.ask(ClaimMisidentification{m.world.desk, {999}, m.evidence}),
                     Refusal::purchase_must_be_known));
}

BOOST_AUTO_TEST_CASE(a_rejected_claim_moves_nothing_and_may_be_filed_again) {
  Mistaken m;
  const ClaimId id = m.claimed();
  BOOST_TEST(refuses(m.claim(), Refusal::dispute_must_not_be_open));
  BOOST_TEST(refuses(m.world.ask(OpenDispute{m.world.desk, m.purchase, yen(1)}),
                     Refusal::dispute_must_not_be_open));
  const Decision rejected = m.world.ask(RejectMisidentification{m.world.second_desk, id});
  BOOST_TEST(count<MisidentificationRejected>(rejected.events) == 1U);
  BOOST_TEST(posting(rejected) == nullptr);
  BOOST_TEST((m.claimed() != id));
}

BOOST_AUTO_TEST_CASE(a_card_has_its_part_back) {
  Mistaken m(Tender::wallet_and_card, 1'600);
  const Decision reversed = m.approve(m.claimed());
  BOOST_TEST(posts(reversed, PostingReason::misidentification_reversed,
                   {{loss, Side::debit, 1'600},
                    {wallet_of(m.quin, Currency::jpy), Side::credit, 1'000},
                    {payable_to(Scheme::visa, Currency::jpy), Side::credit, 600}}));
  BOOST_TEST((asks(reversed, RailKind::refund)->what.amount == yen(600)));
}

BOOST_AUTO_TEST_CASE(only_what_has_not_gone_back_is_given_back) {
  Mistaken m;
  m.world.ask(RefundPurchase{m.world.till, m.purchase, yen(200)},
              Attempt{m.world.till, key_of(200)});
  const ClaimId id = m.claimed();
  BOOST_TEST((first<MisidentificationReversed>(m.approve(id).events)->amount == yen(340)));
  BOOST_TEST(m.world.wallet(m.quin) == 1'000);
  Mistaken all;
  all.world.ask(RefundPurchase{all.world.till, all.purchase, yen(540)},
                Attempt{all.world.till, key_of(200)});
  BOOST_TEST(refuses(all.claim(), Refusal::refund_must_fit_purchase));
}

BOOST_AUTO_TEST_SUITE_END()
