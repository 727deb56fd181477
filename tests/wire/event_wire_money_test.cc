// Every event about money comes back whole; accounts and currencies that nobody knows are refused.
#include "ledger/wire/event_wire_money.h"

#include "tests/wire/round_trip.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_money)

BOOST_AUTO_TEST_CASE(every_event_comes_back) {
  check_events<Posted, WalletOpened, FundsLoaded, DebtRecovered, FundsReserved, HoldCaptured,
               HoldReleased, HoldExpired, PurchaseAuthorised, PurchaseCaptured, PurchaseVoided,
               PurchaseDeclined, PurchaseReversed, ReversalRecorded, RefundIssued, StepUpRequested,
               StepUpSatisfied>();
}

Record posted(Chart chart, Side side) {
  return record_of(Posted{PostingReason::fare_charged, {{{chart, 7, Currency::jpy}, side, 210}}});
}

BOOST_AUTO_TEST_CASE(an_unknown_account_is_refused) {
  const Record bank = posted(Chart::bank, Side::debit);  // 1010 and 1020 differ in one byte
  const Record safeguard = posted(Chart::safeguard, Side::debit);
  BOOST_TEST(refusal_of_code(bank, safeguard, 1020 - 768) == "accepted");
  BOOST_TEST(refusal_of_code(bank, safeguard, 0) == "unknown account");
}

BOOST_AUTO_TEST_CASE(an_unknown_side_or_reason_is_refused) {
  BOOST_TEST(refusal_of_code(posted(Chart::bank, Side::debit), posted(Chart::bank, Side::credit),
                             3) == "unknown code");
  BOOST_TEST(refusal_of_code(record_of(Posted{PostingReason::funds_loaded, {}}),
                             record_of(Posted{PostingReason::fare_adjusted, {}}),
                             99) == "unknown code");
}

BOOST_AUTO_TEST_CASE(an_unknown_currency_is_refused) {
  const Record yuan = record_of(WalletOpened{{1}, Currency::cny});  // 156; inr is 356, 100 more
  const Record gone =
      record_of(WalletOpened{{1}, Currency::gbp});  // 826 = 3 * 256 + 58, usd 840 = 3 * 256 + 72
  const Record usd = record_of(WalletOpened{{1}, Currency::usd});
  BOOST_TEST((decode_record(encode_record(yuan)).value() == yuan));
  BOOST_TEST(refusal_of_code(gone, usd, 59) == "unknown currency");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
