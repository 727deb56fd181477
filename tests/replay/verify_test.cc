// A sound history verifies; one changed bit is found and located.
#include "replay/verify.h"

#include <boost/test/unit_test.hpp>

#include "ledger/wire/event_wire.h"
#include "tests/replay/history.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(verifying)

BOOST_AUTO_TEST_CASE(a_sound_history_has_no_faults_and_the_state_of_the_ledger) {
  const Lived lived;
  const Verified found = verify(lived.log());
  BOOST_TEST(found.faults.empty());
  BOOST_TEST((found.last == lived.last));
  BOOST_TEST((found.state == lived.state));
  BOOST_TEST((found.totals.at(Currency::jpy).debits == found.totals.at(Currency::jpy).credits));
}

BOOST_AUTO_TEST_CASE(one_changed_bit_is_found_at_its_position) {
  const Lived lived;
  const Verified found = verify(Altered(lived.log(), 20));
  BOOST_REQUIRE(found.faults.size() == 1u);
  BOOST_TEST(found.faults.front().find("position 20") != std::string::npos);
}

// Whole, in order, and a lie: the rules would end the process over it, an auditor must be told.
BOOST_AUTO_TEST_CASE(a_posting_that_cannot_be_is_a_fault_and_not_the_end) {
  const Account bank = bank_account({}, Currency::jpy), wallet = wallet_of({1}, Currency::jpy);
  for (const auto& [credit, words] :
       {std::pair{4, "does not balance"}, std::pair{5, "brings money in"}}) {
    MemoryLog log;
    Head head = log.acquire();
    Record record;
    record.position = {1};
    record.events = {Posted{PostingReason::purchase_reversed,
                            {{bank, Side::debit, 5}, {wallet, Side::credit, credit}}}};
    const NewEntry entry{encode_record(record), std::nullopt};
    log.append(head, {&entry, 1});
    const Verified found = verify(log);
    BOOST_REQUIRE(found.faults.size() == 1u);
    BOOST_TEST(found.faults.front().find("position 1") != std::string::npos);
    BOOST_TEST(found.faults.front().find(words) != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
