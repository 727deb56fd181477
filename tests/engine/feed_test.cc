// Followers see every committed record once, in order, before anybody is answered.
#include "ledger/engine/feed.h"

#include "tests/engine/world.h"

namespace obverse {
namespace {

class Notes final : public Follower {
 public:
  void committed(std::span<const Record> records, const Receipt& head) override {
    for (const Record& record : records) positions.push_back(record.position.value);
    last = head;
    if (on_committed) on_committed();
  }
  std::vector<std::uint64_t> positions;
  Receipt last;
  std::function<void()> on_committed;
};

BOOST_AUTO_TEST_SUITE(feed)

BOOST_AUTO_TEST_CASE(committed_comes_after_the_sync_and_before_the_answers) {
  Town town;
  Notes notes;
  town.ledger().follow(notes);
  std::vector<std::string> order;
  town.log.before_append = [&] { order.push_back("append"); };
  notes.on_committed = [&] { order.push_back("committed"); };
  for (const char* code : {"one", "two"})
    town.ledger().submit(asked(RegisterOperator{code}),
                         [&](const Answer&) { order.push_back("answer"); });
  town.ledger().step();
  BOOST_TEST(order == (std::vector<std::string>{"append", "committed", "answer", "answer"}),
             boost::test_tools::per_element());
  BOOST_TEST((notes.last == town.ledger().head()));
}

BOOST_AUTO_TEST_CASE(nothing_that_was_not_written_is_told) {
  Town town;
  Notes notes;
  town.ledger().follow(notes);
  town.log.fail = Appended::disk_full;
  town.ask(RegisterOperator{"one"});
  BOOST_TEST(notes.positions.empty());
}

BOOST_AUTO_TEST_CASE(a_follower_may_begin_in_the_past) {
  Town town;
  town.found(200);  // more than one chunk
  const std::uint64_t count = town.ledger().head().position.value;
  town.open();
  Notes all;
  Notes later;
  Notes live;
  town.ledger().follow(all, {0});
  town.ledger().follow(later, {count - 1});
  town.ledger().follow(live);
  BOOST_TEST((all.last == town.ledger().head()));
  town.ask(RegisterOperator{"another"});
  BOOST_REQUIRE_EQUAL(all.positions.size(), count + 1);
  for (std::uint64_t i = 0; i <= count; ++i) BOOST_REQUIRE_EQUAL(all.positions[i], i + 1);
  BOOST_TEST(later.positions == (std::vector<std::uint64_t>{count, count + 1}),
             boost::test_tools::per_element());
  BOOST_TEST(live.positions == (std::vector<std::uint64_t>{count + 1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
