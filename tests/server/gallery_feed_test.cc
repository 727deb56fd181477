#include "ledger/server/gallery_feed.h"

#include <boost/test/unit_test.hpp>

#include "ledger/vault/kek.h"
#include "tests/server/house.h"

using namespace obverse;

namespace {

const ModelSpec model = mobilefacenet_512();

Template template_of(std::uint64_t seed, std::uint64_t which) {
  return quantise(model, house::photo(seed, which)).value();
}

// A vault on disk, a gallery, and the feed between them; reopen() is a restart.
struct Bench {
  Bench() {
    Kek::make_file(folder / "kek");
    start();
  }
  void start() {
    feed.reset();
    matcher.reset();
    vault.reset();
    vault = Vault::open(folder / "vault", Kek::from_file(folder / "kek"));
    matcher = std::make_unique<Matcher>(model);
    feed = std::make_unique<GalleryFeed>(*matcher, *vault, metrics,
                                         [this](const std::string& why) { faults.push_back(why); });
  }
  Digest keep(std::uint64_t rider, std::uint32_t version) {
    const std::vector<Template> templates{template_of(rider, 1), template_of(rider, 2)};
    return vault->keep_face({rider}, {version}, face_content(templates));
  }
  void happen(Events events) {
    Record record;
    record.position = {++position};
    record.events = std::move(events);
    feed->committed({&record, 1}, {record.position, {}});
  }
  // Keeps and enrols the face of rider 1 in that version.
  void enrol(std::uint32_t version = 1) {
    const Digest sealed = keep(1, version);
    happen({FaceEnrolled{{1}, {version}, model.id, 2, sealed}});
  }
  std::optional<PersonLabel> best(std::uint64_t seed) const {
    const auto seen = matcher->identify(template_of(seed, 3));
    return seen.score > match_score(0.5) ? seen.best : std::nullopt;
  }

  house::Folder folder;
  Metrics metrics;
  std::unique_ptr<Vault> vault;
  std::unique_ptr<Matcher> matcher;
  std::unique_ptr<GalleryFeed> feed;
  std::vector<std::string> faults;
  std::uint64_t position = 0;
};

State state_with_face(std::uint64_t riders, std::uint64_t rider, std::uint32_t version,
                      const Digest& sealed) {
  State state;
  state.enrolments.riders.resize(riders);
  Rider& one = state.enrolments.riders[rider - 1];
  one.face = Face{{version}, model.id, 2, sealed, {}};
  one.last_face = {version};
  return state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_gallery_feed)

BOOST_AUTO_TEST_CASE(what_the_vault_keeps_is_read_back) {
  const std::vector<Template> templates{template_of(1, 1), template_of(1, 2)};
  auto content = face_content(templates);
  BOOST_TEST((templates_of(model, content) == templates));
  BOOST_TEST(!templates_of(model, std::span(content).first(content.size() - 1)));
  BOOST_TEST(!templates_of(model, {}));
  BOOST_TEST(!templates_of({"another", 512, 635.0F}, content));
  std::vector<std::byte> too_many;
  for (std::size_t i = 0; i <= templates_per_person_max; ++i) {
    too_many.insert(too_many.end(), content.begin(), content.begin() + 529);
  }
  BOOST_TEST(!templates_of(model, too_many));
  too_many.resize(too_many.size() - 529);
  BOOST_TEST(templates_of(model, too_many).has_value());
}

BOOST_AUTO_TEST_CASE(it_enrols_suspends_reinstates) {
  Bench bench;
  bench.feed->open(State{}, {});
  BOOST_TEST(!bench.best(1));
  bench.enrol();
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
  bench.happen({FaceSuspended{{1}, Suspension::asked}});
  BOOST_TEST(!bench.best(1));
  bench.happen({FaceReinstated{{1}}});
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
  BOOST_TEST(bench.matcher->identify(template_of(1, 3)).gallery == bench.position);
}

BOOST_AUTO_TEST_CASE(a_new_version_replaces_the_old_one_in_both_places) {
  Bench bench;
  bench.feed->open(State{}, {});
  bench.enrol(1);
  bench.enrol(2);
  BOOST_TEST((bench.best(1) == PersonLabel{1, 2}));
  BOOST_TEST(!bench.vault->face({1}, {1}));
  BOOST_TEST(bench.vault->face({1}, {2}).has_value());
}

BOOST_AUTO_TEST_CASE(an_erased_face_is_gone_from_gallery_and_vault_when_the_call_returns) {
  Bench bench;
  bench.feed->open(State{}, {});
  bench.enrol();
  bench.vault->keep_pin({1}, {1}, "1234");
  bench.happen({FaceErased{{1}, {1}}});
  BOOST_TEST(!bench.best(1));
  BOOST_TEST(!bench.vault->face({1}, {1}));
  BOOST_TEST(bench.vault->check_pin({1}, {1}, "1234").value());
  bench.happen({ErasureCompleted{{1}}});
  BOOST_TEST(!bench.vault->check_pin({1}, {1}, "1234"));
}

BOOST_AUTO_TEST_CASE(a_pin_that_was_replaced_is_destroyed) {
  Bench bench;
  bench.feed->open(State{}, {});
  bench.vault->keep_pin({1}, {1}, "1234");
  bench.vault->keep_pin({1}, {2}, "5678");
  bench.happen({PinSet{{1}, {2}}});
  BOOST_TEST(!bench.vault->check_pin({1}, {1}, "1234"));
  BOOST_TEST(bench.vault->check_pin({1}, {2}, "5678").value());
}

BOOST_AUTO_TEST_CASE(a_start_fills_the_gallery_and_destroys_what_the_log_does_not_know) {
  Bench bench;
  const Digest sealed = bench.keep(1, 1);
  bench.keep(1, 2);  // an enrolment that was cut off before its event
  bench.keep(3, 1);  // another
  bench.vault->keep_pin({2}, {1}, "1234");
  bench.start();
  bench.feed->open(state_with_face(3, 1, 1, sealed), {7});
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
  BOOST_TEST(!bench.best(3));
  BOOST_TEST(!bench.vault->face({1}, {2}));
  BOOST_TEST(!bench.vault->face({3}, {1}));
  BOOST_TEST(!bench.vault->check_pin({2}, {1}, "1234"));
  BOOST_TEST(bench.metrics.value(Count::orphans_destroyed) == 3U);
  BOOST_TEST(bench.metrics.value(Count::faces_missing) == 0U);
}

BOOST_AUTO_TEST_CASE(a_log_older_than_the_vault_is_refused_and_nothing_is_destroyed) {
  for (int what = 0; what < 4; ++what) {
    Bench bench;
    const Digest sealed = bench.keep(1, 1);
    bench.keep(1, 2);                 // cut off before its event: alone it proves nothing
    if (what == 1) bench.keep(3, 1);  // of somebody who is not registered
    if (what == 2) bench.keep(1, 3);  // version 2 is not in the log
    if (what == 3) bench.vault->keep_pin({1}, {2}, "1234");  // nor is version 1 of the PIN
    bench.start();
    State state = state_with_face(2, 1, 1, sealed);
    state.position = {7};
    if (what == 0) {
      bench.feed->open(state, {7});
      continue;
    }
    const auto faces = bench.vault->faces();
    BOOST_CHECK_EXCEPTION(
        bench.feed->open(state, {7}), std::runtime_error, [](const std::runtime_error& fault) {
          return std::string(fault.what()).find("ends at position 7,") != std::string::npos;
        });
    BOOST_TEST((bench.vault->faces() == faces));
    BOOST_TEST(bench.metrics.value(Count::orphans_destroyed) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_suspended_face_is_kept_but_not_matched_at_the_start) {
  Bench bench;
  State state = state_with_face(1, 1, 1, bench.keep(1, 1));
  state.enrolments.riders[0].face->suspended = Suspension::asked;
  bench.feed->open(state, {1});
  BOOST_TEST(!bench.best(1));
  bench.happen({FaceReinstated{{1}}});
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
}

BOOST_AUTO_TEST_CASE(a_locked_face_is_not_matched_until_it_is_unlocked) {
  Bench bench;
  bench.feed->open(State{}, {});
  bench.enrol();
  bench.happen({FaceLocked{{1}}});
  BOOST_TEST(!bench.best(1));
  // Suspended besides, it needs both to end.
  bench.happen({FaceSuspended{{1}, Suspension::asked}});
  bench.happen({FaceUnlocked{{1}, {4}}});
  BOOST_TEST(!bench.best(1));
  bench.happen({FaceReinstated{{1}}});
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
}

BOOST_AUTO_TEST_CASE(a_locked_face_is_not_matched_at_the_start) {
  Bench bench;
  State state = state_with_face(1, 1, 1, bench.keep(1, 1));
  state.enrolments.credentials[{1}].face_locked = true;
  bench.feed->open(state, {1});
  BOOST_TEST(!bench.best(1));
  bench.happen({FaceUnlocked{{1}, {4}}});
  BOOST_TEST((bench.best(1) == PersonLabel{1, 1}));
}

// The operator has no key to it: it is neither searched for nor missed.
BOOST_AUTO_TEST_CASE(a_template_in_ones_own_custody_is_not_in_the_gallery) {
  Bench bench;
  bench.feed->open(State{}, {});
  bench.enrol();
  bench.happen({FaceErased{{1}, {1}}, CustodyChosen{{1}, Custody::device_held}});
  BOOST_TEST(!bench.vault->face({1}, {1}));
  bench.enrol(2);
  BOOST_TEST(!bench.best(1));
  State state = state_with_face(1, 1, 2, Digest{});
  state.enrolments.credentials[{1}].custody = Custody::device_held;
  bench.start();
  bench.feed->open(state, {bench.position});
  BOOST_TEST(!bench.best(1));
  BOOST_TEST(bench.metrics.value(Count::faces_missing) == 0U);
  bench.happen({FaceErased{{1}, {2}}, CustodyChosen{{1}, Custody::operator_key}});
  bench.enrol(3);
  BOOST_TEST((bench.best(1) == PersonLabel{1, 3}));
}

BOOST_AUTO_TEST_CASE(a_face_that_is_not_the_one_of_the_log_is_not_matched) {
  Bench bench;
  bench.keep(1, 1);
  bench.feed->open(state_with_face(1, 1, 1, Digest{}), {1});
  BOOST_TEST(!bench.best(1));
  BOOST_TEST(bench.metrics.value(Count::faces_missing) == 1U);
}

BOOST_AUTO_TEST_CASE(a_start_repeats_the_erasure_that_a_crash_cut_off) {
  Bench bench;
  bench.keep(1, 1);
  bench.vault->keep_pin({1}, {1}, "1234");
  bench.vault->keep_pin({2}, {1}, "1234");
  State state;
  state.enrolments.riders.resize(2);
  for (Rider& rider : state.enrolments.riders) rider.pin.version = {1};
  // Before open(), the newest records are shown once more; rider 2 has set a PIN after the erasure.
  bench.happen({FaceErased{{1}, {1}}, ErasureCompleted{{1}}, ErasureCompleted{{2}}});
  bench.happen({PinSet{{2}, {1}}});
  bench.feed->open(state, {2});
  BOOST_TEST(!bench.vault->face({1}, {1}));
  BOOST_TEST(!bench.vault->check_pin({1}, {1}, "1234"));
  BOOST_TEST(bench.vault->check_pin({2}, {1}, "1234").value());
}

BOOST_AUTO_TEST_SUITE_END()
