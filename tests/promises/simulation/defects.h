// The defects that the simulation must find. None is in the product: each stands in a port, in the
// simulated server, or behind a symbol that the linker sends through seams_*.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/promises/simulation/port.h"

namespace obverse::simulation {

enum class Defect : std::uint8_t {
  none,
  // the log
  log_is_not_synced,
  log_has_no_tail,
  log_loses_keys,
  log_finds_nothing,
  log_finds_another,
  log_tears_batches,
  log_hides_failures,
  log_hides_a_full_disk,
  log_stays_full,
  // what follows it, and the server
  gallery_keeps_the_erased,
  gallery_keeps_the_suspended,
  follower_is_skipped,
  evidence_is_altered,
  template_is_logged,
  matcher_is_not_repeatable,
  kernels_differ,
  score_depends_on_others,
  // the engine
  attempts_are_not_remembered,
  attempt_is_dropped,
  dedup_is_blind,
  content_is_not_compared,
  content_is_never_the_same,
  refusals_are_forgotten,
  key_is_cut_short,
  reply_is_read_wrong,
  event_is_lost_on_reading,
  state_drifts,
  timers_never_run,
  snapshot_lacks_holds,
  snapshot_lacks_failures,
  receipt_has_another_chain,
  some_are_never_answered,
  followers_are_told_of_other_money,
  followers_are_told_of_too_much,
  // decisions
  money_is_not_posted,
  money_is_posted_twice,
  another_amount_is_told,
  hold_is_on_a_neighbour,
  hold_is_not_released,
  hold_is_not_captured,
  journey_is_not_closed,
  pin_failure_is_not_counted,
  pin_is_not_locked,
  refused_and_done,
  done_and_nothing_kept,
  reversal_gives_nothing_back,
  early_reversal_is_forgotten,
  erasure_leaves_the_face,
  consent_stays,
  category_is_wrong,
  evidence_is_not_kept,
  // rules
  holds_are_not_counted,
  consent_is_ignored,
  consent_for_another_purpose,
  margin_is_ignored,
  age_is_ignored,
  terminal_is_ignored,
  wrong_pin_is_right,
  face_counts_as_pin,
  erasure_never_ends,
  erasure_comes_too_soon,
  hold_without_funds,
  hold_keeps_its_rest,
  hold_is_half_released,
  fare_above_the_maximum,
  maximum_fare_is_free,
  tariff_of_tomorrow,
  revoked_terminal_may,
  wallet_of_a_neighbour,
  threshold_is_not_asked,
  amounts_have_no_bound,
  trial_balance_drifts,
  refunds_are_not_counted,
  open_journey_is_not_noted,
  count,
};

std::vector<std::string> defect_names();
// One of them, or none for an empty name, from now on in this process.
void choose_defect(const std::string& name);
// Every world begins to count again.
void begin_defect();

bool is(Defect defect);
// Whether it is this one, and its turn: the first time, and then every so often.
bool is_due(Defect defect, std::uint64_t every);

std::unique_ptr<Port> make_port(EventLog& log);

}  // namespace obverse::simulation
