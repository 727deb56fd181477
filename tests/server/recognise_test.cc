#include "ledger/server/recognise.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "ledger/server/gallery_feed.h"
#include "ledger/vault/kek.h"
#include "tests/server/inside.h"

using namespace obverse;

namespace {

// Riders 1 and 2 are enrolled; rider 2 has the PIN 2468.
struct Bench {
  Bench() {
    Kek::make_file(folder / "kek");
    vault = Vault::open(folder / "vault", Kek::from_file(folder / "kek"));
    vault->keep_pin({2}, {1}, "2468");
    State state;
    state.enrolments.riders.resize(2);
    state.enrolments.riders[1].pin.version = {1};
    directory = std::make_unique<Directory>(state);
    recogniser = std::make_unique<Recogniser>(matcher, *vault, *directory, clock, metrics);
    for (const std::uint64_t rider : {1U, 2U}) {
      const std::vector<Template> one{quantise(matcher.model(), house::photo(rider, 1)).value()};
      matcher.enrol({rider, 1}, one, 10 + rider);
    }
  }
  void publish(Policy policy) {
    Record record;
    record.events = {PolicyPublished{{++policies}, std::move(policy)}};
    directory->committed({&record, 1}, {});
  }
  static Showing shown(const house::Numbers& numbers) {
    Showing showing;
    showing.terminal = {4};
    showing.face = ShownFace{"mobilefacenet-512", {numbers.begin(), numbers.end()}};
    return showing;
  }
  std::optional<Refusal> refusal(const Showing& showing) const {
    const auto seen = recogniser->look(showing);
    return seen ? std::nullopt : std::optional(seen.error());
  }

  house::Folder folder;
  ManualClock clock{Instant{5'000}};
  Metrics metrics;
  Matcher matcher{mobilefacenet_512()};
  std::unique_ptr<Vault> vault;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Recogniser> recogniser;
  std::uint32_t policies = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_recognise)

BOOST_AUTO_TEST_CASE(a_known_face_becomes_evidence) {
  Bench bench;
  bench.publish(house::some_policy());
  const auto seen = bench.recogniser->look(Bench::shown(house::photo(2, 5)));
  BOOST_REQUIRE(seen.has_value());
  BOOST_REQUIRE(seen->face.has_value());
  const Recognition& face = *seen->face;
  BOOST_TEST(face.rider.value == 2U);
  BOOST_TEST(face.face.value == 1U);
  BOOST_TEST(face.model == "mobilefacenet-512");
  BOOST_TEST((face.search == Search::one_to_many));
  BOOST_TEST(face.gallery == 12U);
  BOOST_TEST(face.scope == 2U);
  BOOST_TEST(face.threshold == match_score(0.5));
  BOOST_TEST(face.score >= face.threshold);
  BOOST_TEST(face.runner_up.has_value());
  BOOST_TEST(face.terminal.value == 4U);
  BOOST_TEST(face.at.ms == 5'000);
  BOOST_TEST(!seen->pin);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_nobody_and_leaves_only_a_count) {
  Bench bench;
  bench.publish(house::some_policy());
  BOOST_TEST((bench.refusal(Bench::shown(house::face(77))) == Refusal::nobody_recognised));
  BOOST_TEST(bench.metrics.value(Count::probes_unknown) == 1U);
  BOOST_TEST(bench.metrics.value(Count::probes_recognised) == 0U);
}

BOOST_AUTO_TEST_CASE(two_people_too_near_are_ambiguous) {
  Bench bench;
  Policy policy = house::some_policy();
  policy.margin = match_score(1.5);
  bench.publish(policy);
  const auto seen = bench.recogniser->look(Bench::shown(house::photo(1, 5)));
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST((seen->ambiguous == Ambiguity{2} && !seen->face));
  BOOST_TEST(bench.metrics.value(Count::probes_ambiguous) == 1U);
  BOOST_TEST(bench.metrics.value(Count::probes_recognised) == 0U);
}

BOOST_AUTO_TEST_CASE(a_search_that_no_policy_vouches_for_recognises_nobody) {
  Bench bench;
  BOOST_TEST(
      (bench.refusal(Bench::shown(house::photo(1, 5))) == Refusal::policy_must_be_published));
  Policy policy = house::some_policy();
  policy.thresholds[0].scope_max = 1;  // two are enrolled
  bench.publish(policy);
  BOOST_TEST((bench.refusal(Bench::shown(house::photo(1, 5))) == Refusal::nobody_recognised));
}

BOOST_AUTO_TEST_CASE(one_to_one_compares_with_the_claimed_person_only) {
  Bench bench;
  bench.publish(house::some_policy());
  Showing showing = Bench::shown(house::photo(1, 5));
  showing.claimed = RiderId{1};
  const auto seen = bench.recogniser->look(showing);
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST((seen->face->search == Search::one_to_one));
  BOOST_TEST(seen->face->scope == 1U);
  BOOST_TEST(!seen->face->runner_up);
  showing.claimed = RiderId{3};  // nobody
  BOOST_TEST((bench.refusal(showing) == Refusal::recognition_must_reach_threshold));
  showing.claimed = RiderId{2};  // somebody else: the rules count it
  const auto unlike = bench.recogniser->look(showing);
  BOOST_REQUIRE(unlike.has_value());
  BOOST_TEST((unlike->face->rider == RiderId{2} && unlike->face->score < unlike->face->threshold));
  BOOST_TEST(bench.metrics.value(Count::probes_recognised) == 1U);
}

BOOST_AUTO_TEST_CASE(vectors_that_are_none_are_refused) {
  Bench bench;
  bench.publish(house::some_policy());
  auto vector = house::photo(1, 5);
  vector[3] = std::numeric_limits<float>::quiet_NaN();
  BOOST_TEST((bench.refusal(Bench::shown(vector)) == Refusal::probe_must_be_valid));
  vector.assign(512, 0.0F);
  BOOST_TEST((bench.refusal(Bench::shown(vector)) == Refusal::probe_must_be_valid));
  vector = house::face(1, 511);
  BOOST_TEST((bench.refusal(Bench::shown(vector)) == Refusal::probe_must_be_valid));
  Showing other = Bench::shown(house::photo(1, 5));
  other.face->model = "arcface";
  BOOST_TEST((bench.refusal(other) == Refusal::gallery_must_know_model));
  BOOST_TEST(bench.metrics.value(Count::probes_invalid) == 4U);
}

BOOST_AUTO_TEST_CASE(a_bad_capture_is_told_and_not_matched) {
  Bench bench;
  bench.publish(house::some_policy());
  Showing showing = Bench::shown(house::photo(1, 5));
  showing.capture = Capture::attack_suspected;
  const auto seen = bench.recogniser->look(showing);
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST((seen->capture == Capture::attack_suspected));
  BOOST_TEST(!seen->face);
  BOOST_TEST(bench.metrics.value(Count::probes_searched) == 0U);
}

BOOST_AUTO_TEST_CASE(a_pin_is_checked_under_its_current_version) {
  Bench bench;
  Showing showing;
  const std::string right = "2468";
  showing.pin = TypedPin{{2}, {right.begin(), right.end()}};
  auto seen = bench.recogniser->look(showing);
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST((seen->pin == PinCheck{{2}, {1}, true}));
  BOOST_TEST(!seen->face);
  showing.pin->digits[0] = '9';
  BOOST_TEST((bench.recogniser->look(showing)->pin == PinCheck{{2}, {1}, false}));
  showing.pin->rider = {1};  // has none
  BOOST_TEST((bench.recogniser->look(showing)->pin == PinCheck{{1}, {0}, false}));
}

BOOST_AUTO_TEST_CASE(a_recorded_face_is_not_taken_for_a_live_one_elsewhere) {
  Bench bench;
  bench.publish(house::some_policy());
  ProbeMemory memory(16);
  const Recogniser recogniser(bench.matcher, *bench.vault, *bench.directory, bench.clock,
                              bench.metrics, &memory);
  Showing showing = Bench::shown(house::photo(1, 3));
  BOOST_TEST(recogniser.look(showing).has_value());
  BOOST_TEST(recogniser.look(showing).has_value());
  showing.terminal = {5};
  const auto seen = recogniser.look(showing);
  BOOST_TEST((!seen && seen.error() == Refusal::capture_must_be_live));
  BOOST_TEST(bench.metrics.value(Count::probes_recorded) == 1U);
  BOOST_TEST(bench.metrics.value(Count::probes_searched) == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
