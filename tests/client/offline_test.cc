// A terminal without network against the rules themselves: what it allows, what it keeps, and how
// it brings what it sold.
#include "ledger/client/offline.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

namespace obverse {
namespace {

SigningKey key_of_server(std::uint8_t fill) {
  SecretBytes seed(seed_bytes);
  std::ranges::fill(seed.writable(), std::byte{fill});
  return SigningKey(seed);
}

struct Shop {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("obverse-till-" + std::to_string(::getpid()));
  SigningKey lists = key_of_server(1);
  SigningKey codes = key_of_server(2);
  PlaceWorld world = place_world();
  RiderId ivy = world.add_rider(2'000);
  std::uint8_t keys = 100;
  std::optional<OfflineSeller> till;

  Shop() {
    std::filesystem::remove_all(folder);
    world.ask(PublishTerminalLimits{});
    start();
    BOOST_REQUIRE(till->take_list(make_list(lists, list())));
  }
  ~Shop() { std::filesystem::remove_all(folder); }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  void start() {
    till.reset();
    till.emplace(world.till, OfflineKeys{lists.verify_key(), codes.verify_key()}, folder);
  }
  AllowList list() const {
    AllowList out;
    out.made = world.now;
    out.version = {1};
    out.allowed = {{ivy, {1}}};
    return out;
  }
  std::optional<Refusal> sell(RiderId rider, std::int64_t minor) {
    const auto sold =
        till->sell(*world.face_of(rider, world.till).face, yen(minor), world.now, key_of(++keys));
    return sold ? std::nullopt : std::optional(sold.error());
  }
  std::optional<Refusal> sell(const Token& token, std::int64_t minor) {
    const auto sold = till->sell(make_token(codes, token), yen(minor), world.now, key_of(++keys));
    return sold ? std::nullopt : std::optional(sold.error());
  }
  Token code(std::uint64_t serial) const {
    return {ivy, {5}, serial, TokenPurpose::ride, 0, world.now, world.now + minutes(1)};
  }
  bool upload_one() {
    const auto upload = till->next_upload(world.now);
    if (!upload) return false;
    till->answered(world.ask(upload->command, Attempt{world.till, upload->key}).reply);
    return true;
  }
  void lose_network() { BOOST_REQUIRE(till->network_lost(world.now, key_of(++keys))); }
};

BOOST_AUTO_TEST_SUITE(client_offline)

// S21: three times 800, and a fourth that would be 3,200 of one person.
BOOST_AUTO_TEST_CASE(the_fourth_sale_is_refused_on_the_terminal) {
  Shop shop;
  shop.lose_network();
  for (int i = 0; i < 3; ++i) BOOST_TEST(!shop.sell(shop.ivy, 800));
  BOOST_TEST((shop.sell(shop.ivy, 800) == Refusal::offline_sale_must_fit_limits));
  BOOST_TEST(!shop.till->next_upload(shop.world.now));  // not before the network is back
  shop.till->network_back();
  shop.world.now = shop.world.now + minutes(5);
  int asked = 0;
  while (shop.upload_one()) ++asked;
  BOOST_TEST(asked == 4);  // the announcement, and three sales
  BOOST_TEST(!shop.till->stuck_on());
  BOOST_TEST((shop.world.wallet(shop.ivy) == 0 && shop.world.debt(shop.ivy) == 400));
}

BOOST_AUTO_TEST_CASE(limits_are_those_of_the_list) {
  Shop shop;
  BOOST_TEST((shop.sell(shop.ivy, 10) == Refusal::limits_must_be_in_force));  // there is network
  shop.lose_network();
  using enum Refusal;
  BOOST_TEST((shop.sell(shop.ivy, 1'001) == offline_sale_must_fit_limits));
  BOOST_TEST((shop.sell(shop.ivy, 0) == amount_must_be_positive));
  const auto other = shop.till->sell(*shop.world.face_of(shop.ivy, shop.world.till).face,
                                     {5, Currency::usd}, shop.world.now, key_of(1));
  BOOST_TEST((other.error() == currency_must_match));
  shop.world.now = shop.world.now + minutes(60);
  BOOST_TEST(!shop.sell(shop.ivy, 10));
  shop.world.now = shop.world.now + milliseconds(1);
  BOOST_TEST((shop.sell(shop.ivy, 10) == offline_time_must_fit_limits));
}

BOOST_AUTO_TEST_CASE(the_whole_terminal_has_a_limit) {
  Shop shop;
  AllowList list = shop.list();
  list.limits.terminal_max = 1'000;
  BOOST_TEST(shop.till->take_list(make_list(shop.lists, list)));
  shop.lose_network();
  BOOST_TEST(!shop.sell(shop.ivy, 1'000));
  BOOST_TEST((shop.sell(shop.ivy, 1) == Refusal::offline_sale_must_fit_limits));
}

BOOST_AUTO_TEST_CASE(who_is_not_on_the_list_is_nobody) {
  Shop shop;
  const RiderId stranger = shop.world.add_rider(9'000);
  shop.lose_network();
  BOOST_TEST((shop.sell(stranger, 10) == Refusal::nobody_recognised));
  Recognition former = *shop.world.face_of(shop.ivy, shop.world.till).face;
  former.face = {7};
  BOOST_TEST((shop.till->sell(former, yen(10), shop.world.now, key_of(1)).error() ==
              Refusal::nobody_recognised));
}

BOOST_AUTO_TEST_CASE(only_the_servers_newest_list_counts) {
  Shop shop;
  AllowList later = shop.list();
  later.made = later.made + seconds(1);
  later.allowed.clear();
  BOOST_TEST(
      !shop.till->take_list(make_list(shop.codes, later)));  // another key of the same server
  BOOST_TEST(!shop.till->take_list("nonsense"));
  BOOST_TEST(shop.till->take_list(make_list(shop.lists, later)));
  BOOST_TEST(!shop.till->take_list(make_list(shop.lists, shop.list())));
  shop.start();
  BOOST_TEST((shop.till->list() == later));
}

BOOST_AUTO_TEST_CASE(without_a_list_nothing_is_sold) {
  Shop shop;
  shop.till.reset();
  std::filesystem::remove(shop.folder / "list");
  shop.start();
  BOOST_TEST((shop.till->network_lost(shop.world.now, key_of(1)).error() ==
              Refusal::limits_must_be_in_force));
}

BOOST_AUTO_TEST_CASE(a_code_is_verified_at_the_terminal) {
  Shop shop;
  AllowList list = shop.list();
  list.lost = {{shop.ivy, {6}}};
  BOOST_TEST(shop.till->take_list(make_list(shop.lists, list)));
  shop.lose_network();
  using enum Refusal;
  BOOST_TEST(!shop.sell(shop.code(1), 190));
  BOOST_TEST((shop.sell(shop.code(1), 190) == token_must_not_be_used));
  Token token = shop.code(2);
  token.device = {6};
  BOOST_TEST((shop.sell(token, 190) == token_must_not_be_revoked));
  token = shop.code(2);
  token.purpose = TokenPurpose::confirm;
  BOOST_TEST((shop.sell(token, 190) == token_must_fit_purpose));
  token = shop.code(2);
  token.expires = shop.world.now;
  BOOST_TEST((shop.sell(token, 190) == token_must_be_fresh));
  const auto forged =
      shop.till->sell(make_token(shop.lists, shop.code(2)), yen(190), shop.world.now, key_of(1));
  BOOST_TEST((forged.error() == token_must_be_genuine));
  // S30: it may have been revoked since; the list knows for five minutes.
  shop.world.now = shop.world.now + minutes(5);
  BOOST_TEST(!shop.sell(shop.code(3), 190));
  shop.world.now = shop.world.now + milliseconds(1);
  BOOST_TEST((shop.sell(shop.code(4), 190) == offline_list_must_be_recent));
}

// Switched off and on in the middle of it: the limits still count what was sold before.
BOOST_AUTO_TEST_CASE(a_start_in_between_forgets_nothing) {
  Shop shop;
  shop.lose_network();
  BOOST_TEST(!shop.sell(shop.ivy, 1'000));
  BOOST_TEST(!shop.sell(shop.ivy, 1'000));
  shop.start();
  BOOST_TEST(shop.till->is_offline());
  shop.lose_network();
  BOOST_TEST(!shop.sell(shop.ivy, 1'000));
  BOOST_TEST((shop.sell(shop.ivy, 1) == Refusal::offline_sale_must_fit_limits));
  shop.till->network_back();
  shop.upload_one();
  shop.upload_one();
  shop.start();  // and in the middle of bringing them
  while (shop.upload_one()) {
  }
  BOOST_TEST((shop.world.wallet(shop.ivy) == 0 && shop.world.debt(shop.ivy) == 1'000));
  BOOST_TEST(!shop.till->next_upload(shop.world.now));
}

BOOST_AUTO_TEST_CASE(two_times_without_network_are_two_batches) {
  Shop shop;
  for (int i = 0; i < 2; ++i) {
    shop.lose_network();
    BOOST_TEST(!shop.sell(shop.ivy, 1'000));
    shop.till->network_back();
    shop.world.now = shop.world.now + minutes(10);
  }
  std::vector<std::uint64_t> batches;
  while (const auto upload = shop.till->next_upload(shop.world.now)) {
    if (const auto* batch = std::get_if<OpenOfflineBatch>(&upload->command))
      batches.push_back(batch->first);
    shop.upload_one();
  }
  BOOST_TEST((batches == std::vector<std::uint64_t>{1, 2}));
  BOOST_TEST(shop.world.wallet(shop.ivy) == 0);
}

BOOST_AUTO_TEST_CASE(what_only_staff_can_mend_stops_it) {
  Shop shop;
  shop.lose_network();
  BOOST_TEST(!shop.sell(shop.ivy, 1'000));
  shop.till->network_back();
  shop.world.ask(RevokeTerminal{shop.world.till});
  const auto refused = shop.till->next_upload(shop.world.now);
  BOOST_TEST(shop.upload_one());
  BOOST_TEST((shop.till->stuck_on() == Refusal::terminal_must_not_be_revoked));
  BOOST_TEST(!shop.upload_one());
  shop.till->try_again();  // what a key was refused it stays refused
  BOOST_TEST((shop.till->next_upload(shop.world.now)->key != refused->key));
  BOOST_TEST(shop.upload_one());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
