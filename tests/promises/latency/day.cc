#include "tests/promises/latency/day.h"

#include <deque>
#include <variant>

#include "ledger/engine/fold.h"
#include "tests/promises/kit/broken_logs.h"

namespace obverse::promises {
namespace {

constexpr std::size_t faces_drawn = 2'048;
constexpr std::size_t strangers_drawn = 64;
constexpr unsigned yen = 392;

// Sends all of them, at most `width` unanswered at once; gives what the answers say.
template <class Make>
std::vector<std::uint64_t> send_all(house::Terminal& terminal, std::uint64_t count,
                                    std::size_t width, Make make) {
  using Sent = decltype(make(std::uint64_t{}).send());
  std::deque<Sent> sent;
  std::vector<std::uint64_t> ids;
  const auto take_one = [&] {
    ids.push_back(house::done(sent.front().wait(terminal.wait_scope()).getOutcome()));
    sent.pop_front();
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    if (sent.size() >= width) take_one();
    auto request = make(i);
    sent.push_back(request.send());
  }
  while (!sent.empty()) take_one();
  return ids;
}

// Whoever is nearest is the one, however far that is.
void publish_lenient_policy(house::Terminal& first) {
  auto request = first.desk().publishPolicyRequest();
  auto policy = request.initPolicy();
  house::fill_policy(policy);
  policy.setMargin(0);
  for (auto row : policy.getThresholds()) row.setThreshold(match_score(0.01));
  house::fill(request.initAttempt(), house::key(9'999'999));
  house::done(first.ask(kj::mv(request)).getOutcome());
}

}  // namespace

Day::Day(std::uint64_t people, Defect defect) : people_(people) {
  Config config = estate_.config();
  config.enrolments = 16;
  config.searches_waiting_max = 4'096;
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = config.free_bytes_min;
  options.ballast_bytes = 0;
  log_ = std::make_unique<RocksLog>(config.log_directory().string(), options);
  if (defect == Defect::forgetful)
    log_ = std::make_unique<ForgetfulLog>(std::move(log_), Position{50 + 6 * people});
  vault_ = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
  server_ = std::make_unique<Server>(config, *log_, *vault_, clock_);
  server_->start();
  {
    house::Terminal first(loop_, server_->port(), estate_.terminal("first-operator"));
    house::set_up(first, estate_);
    if (defect == Defect::lenient) publish_lenient_policy(first);
  }
  enrol_everybody();
  till_ = std::make_unique<house::Terminal>(loop_, server_->port(), estate_.terminal("till"));
  for (std::uint64_t i = 0; i < faces_drawn; ++i)
    faces_.push_back(house::photo(i * 7 % people_ + 1, 100 + i));
  for (std::uint64_t i = 0; i < strangers_drawn; ++i)
    strangers_.push_back(house::face(1'000'000 + i));
}

// Everybody consents to pay, has a wallet with money and a face of one photo.
void Day::enrol_everybody() {
  house::Terminal enrolment(loop_, server_->port(), estate_.terminal("enrolment"));
  auto desk = enrolment.enrolment();
  std::uint64_t attempt = 1;
  const auto keyed = [&](auto request) {
    house::fill(request.initAttempt(), house::key(attempt++));
    return request;
  };
  constexpr std::size_t many = 256;
  const auto riders = send_all(enrolment, people_, many,
                               [&](std::uint64_t) { return keyed(desk.registerRequest()); });
  send_all(enrolment, people_, many, [&](std::uint64_t i) {
    auto request = keyed(desk.consentRequest());
    request.setRider(riders[i]);
    request.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    request.initParty().setEveryone();
    request.setTextVersion(1);
    return request;
  });
  send_all(enrolment, people_, many, [&](std::uint64_t i) {
    auto request = keyed(desk.openWalletRequest());
    request.setRider(riders[i]);
    request.setCurrency(yen);
    return request;
  });
  send_all(enrolment, people_, many, [&](std::uint64_t i) {
    auto request = keyed(desk.loadRequest());
    request.setRider(riders[i]);
    request.initAmount().setMinor(1'000'000);
    request.getAmount().setCurrency(yen);
    return request;
  });
  send_all(enrolment, people_, 64, [&](std::uint64_t i) {
    auto request = keyed(desk.enrolRequest());
    request.setRider(riders[i]);
    house::fill(request.initPhotos(1)[0], house::photo(i + 1, 1));
    return request;
  });
}

kj::Promise<void> Day::ping() {
  return till_->login().getSession().pingRequest().send().ignoreResult();
}

kj::Promise<bool> Day::pay(std::uint64_t number) {
  return pay(faces_[number % faces_.size()], ++attempt_);
}

kj::Promise<bool> Day::pay_by_stranger(std::uint64_t number) {
  return pay(strangers_[number % strangers_.size()], ++attempt_);
}

kj::Promise<bool> Day::pay(const house::Numbers& face, std::uint64_t attempt) {
  auto request = till_->checkout().payRequest();
  house::fill(request.initAttempt(), house::key(attempt));
  house::fill(request.initPresence().initProbe(), face);
  request.initAmount().setMinor(1);
  request.getAmount().setCurrency(yen);
  return request.send().then([](auto&& answer) { return answer.getOutcome().isApproved(); });
}

std::uint64_t Day::purchases() const {
  std::uint64_t count = 0;
  fold(*log_, {}, std::nullopt, [&](const Record& record, const Digest&) {
    count += std::holds_alternative<Paid>(record.reply) ? 1 : 0;
  });
  return count;
}

}  // namespace obverse::promises
