#include "ledger/server/audit_service.h"

#include <boost/test/unit_test.hpp>

#include "ledger/log/record.h"
#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;

namespace {

struct Heard {
  std::uint64_t next = 0;  // as done() said; 0 while it has not
  std::vector<std::pair<Bytes, Digest>> records;
  std::uint64_t first = 0;
  std::size_t chunks = 0;
  std::size_t at_work = 0;  // chunks that we have not answered
  std::size_t at_work_max = 0;
  Digest last;
};

Digest digest_of(capnp::Data::Reader bytes) {
  Digest digest;
  BOOST_REQUIRE(bytes.size() == digest.bytes.size());
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

class Sink final : public rpc::Auditor::Sink::Server {
 public:
  explicit Sink(Heard& heard) : heard_(heard) {}
  kj::Promise<void> chunk(ChunkContext context) override {
    const auto params = context.getParams();
    if (heard_.chunks++ == 0) heard_.first = params.getFirst();
    BOOST_TEST(params.getFirst() == heard_.first + heard_.records.size());
    for (const auto record : params.getRecords()) {
      const auto payload = record.getPayload();
      heard_.records.emplace_back(
          Bytes(reinterpret_cast<const char*>(payload.begin()), payload.size()),
          digest_of(record.getChain()));
    }
    heard_.at_work_max = std::max(heard_.at_work_max, ++heard_.at_work);
    return kj::evalLater([this] { --heard_.at_work; });
  }
  kj::Promise<void> done(DoneContext context) override {
    heard_.next = context.getParams().getNext();
    heard_.last = digest_of(context.getParams().getChain());
    return kj::READY_NOW;
  }

 private:
  Heard& heard_;
};

Heard listen(Inside& inside, rpc::Auditor::Client auditor, std::uint64_t from) {
  Heard heard;
  auto request = auditor.historyRequest();
  request.setFrom(from);
  request.setSink(kj::heap<Sink>(heard));
  inside.ask(kj::mv(request));
  return heard;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_audit_service)

BOOST_AUTO_TEST_CASE(the_whole_history_comes_in_chunks_one_at_a_time_and_its_chain_holds) {
  Inside inside;
  inside.set_up();
  for (int i = 0; i < 1'000; ++i) inside.tell(RegisterRider{Category::adult, {}});
  inside.run([&] {
    auto login = inside.log_in(house::auditor_paper);
    const Heard heard = listen(inside, login.getAuditor(), 0);
    const Receipt head = inside.household().ledger.head();
    BOOST_TEST(heard.next == head.position.value + 1);
    BOOST_TEST(heard.first == 1U);
    BOOST_TEST(heard.records.size() == head.position.value);
    BOOST_TEST(heard.chunks > 3U);
    BOOST_TEST(heard.at_work_max == 1U);
    BOOST_TEST((heard.last == head.chain));
    Digest chain;
    for (std::size_t i = 0; i < heard.records.size(); ++i) {
      chain = chain_after(chain, {i + 1}, heard.records[i].first);
      BOOST_REQUIRE((chain == heard.records[i].second));
    }
  });
}

BOOST_AUTO_TEST_CASE(from_a_position_and_beyond_the_end) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    auto login = inside.log_in(house::auditor_paper);
    const Receipt head = inside.household().ledger.head();
    const Heard tail = listen(inside, login.getAuditor(), head.position.value);
    BOOST_TEST(tail.records.size() == 1U);
    BOOST_TEST(tail.first == head.position.value);
    const Heard none = listen(inside, login.getAuditor(), head.position.value + 100);
    BOOST_TEST(none.records.empty());
    BOOST_TEST(none.next == head.position.value + 1);
    BOOST_TEST((none.last == head.chain));
  });
}

BOOST_AUTO_TEST_CASE(a_narrowed_auditor_sees_less_and_cannot_widen) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    auto login = inside.log_in(house::auditor_paper);
    auto request = login.getAuditor().narrowRequest();
    request.setTo(3);
    auto narrow = inside.ask(kj::mv(request)).getAuditor();
    BOOST_TEST(listen(inside, narrow, 1).records.size() == 3U);
    BOOST_TEST(inside.ask(narrow.headRequest()).getHead().getHeadPosition() == 3U);
    BOOST_TEST(inside.ask(narrow.balancesRequest()).getRefused().getName().cStr() ==
               "terminal_must_have_role");
    auto wider = narrow.narrowRequest();
    wider.setTo(1'000);
    BOOST_TEST(listen(inside, inside.ask(kj::mv(wider)).getAuditor(), 1).records.size() == 3U);
  });
}

BOOST_AUTO_TEST_CASE(balances_sum_to_nothing) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    inside.enrol(1, 700);
    auto login = inside.log_in(house::auditor_paper);
    const auto response = inside.ask(login.getAuditor().balancesRequest());
    BOOST_TEST(response.getAt().getPosition() == inside.household().ledger.head().position.value);
    std::int64_t sum = 0;
    bool has_wallet = false;
    for (const auto balance : response.getBalances()) {
      sum += balance.getDebits() - balance.getCredits();
      if (balance.getChart() == static_cast<std::uint16_t>(Chart::wallet)) {
        has_wallet = true;
        BOOST_TEST(balance.getCredits() == 700);
      }
    }
    BOOST_TEST(has_wallet);
    BOOST_TEST(sum == 0);
  });
}

BOOST_AUTO_TEST_CASE(an_auditor_who_refuses_a_chunk_gets_no_done) {
  Inside inside;
  inside.set_up();
  class Refusing final : public rpc::Auditor::Sink::Server {
   public:
    explicit Refusing(bool& told) : told_(told) {}
    kj::Promise<void> chunk(ChunkContext) override { KJ_FAIL_REQUIRE("enough"); }
    kj::Promise<void> done(DoneContext) override {
      told_ = true;
      return kj::READY_NOW;
    }

   private:
    bool& told_;
  };
  inside.run([&] {
    bool told = false;
    auto login = inside.log_in(house::auditor_paper);
    auto request = login.getAuditor().historyRequest();
    request.setSink(kj::heap<Refusing>(told));
    BOOST_CHECK_THROW(inside.ask(kj::mv(request)), kj::Exception);
    BOOST_TEST(!told);
  });
}

BOOST_AUTO_TEST_SUITE_END()
