// What a rule may answer: a value, or the refusal that names what had to hold. Every refusal
// belongs to one reason of the closed list that terminals are told (DOMAIN 4.2), and carries its
// cause and its way out in words.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace obverse {

// The closed list of reasons. Numbers are in the log and on the wire: only ever appended.
enum class Reason : std::uint8_t {
  not_recognised = 1,
  ambiguous,
  liveness_failed,
  occluded,
  low_quality,
  face_mismatch,
  purpose_not_consented,
  guardian_consent_missing,
  credential_suspended,
  credential_locked,
  credential_revoked,
  authorisation_stale,
  ticket_expired,
  ticket_not_yet_valid,
  ticket_blocked,
  pass_back,
  already_inside,
  impossible_travel,
  no_open_journey,
  insufficient_balance,
  insufficient_at_exit,
  method_not_linked,
  method_declined,
  limit_exceeded,
  step_up_required,
  pin_locked,
  deny_listed,
  idempotency_conflict,
  reversed_before_arrival,
  terminal_not_authorised,
  out_of_service,
  pin_wrong,
  invalid_request,
  unknown_reference,
  busy,
};

// What had to hold. Numbers are in the log: only ever appended.
enum class Refusal : std::uint16_t {
  amount_must_be_positive = 1,
  amount_must_fit,
  currency_must_match,
  code_must_be_valid,
  code_must_be_new,
  operator_must_be_registered,
  merchant_must_be_registered,
  terminal_must_be_registered,
  terminal_must_not_be_revoked,
  terminal_must_have_role,
  certificate_must_be_new,
  station_must_be_in_tariff,
  tariff_must_be_in_force,
  tariff_must_be_valid,
  tariff_must_follow_the_last,
  policy_must_be_valid,
  policy_must_be_published,
  rider_must_be_registered,
  guardian_must_be_linked,
  guardian_must_consent,
  consent_must_be_in_force,
  face_must_be_enrolled,
  face_must_not_be_suspended,
  face_must_be_suspended,
  face_must_not_be_erased,
  face_version_must_be_next,
  photos_must_be_enough,
  capture_must_be_live,
  capture_must_be_clear,
  capture_must_have_quality,
  recognition_must_be_present,
  recognition_must_be_fresh,
  recognition_must_be_of_this_terminal,
  recognition_must_be_of_current_face,
  recognition_must_reach_threshold,
  recognition_must_be_unambiguous,
  pin_must_be_set,
  pin_must_be_correct,
  pin_must_not_be_locked,
  pin_must_be_current,
  pin_must_be_of_same_person,
  wallet_must_be_open,
  wallet_must_not_be_open,
  funds_must_cover_amount,
  funds_must_cover_entry,
  funds_must_cover_fare,
  hold_must_be_open,
  capture_must_fit_hold,
  journey_must_be_open,
  journey_must_not_be_open,
  journey_must_be_known,
  journey_must_be_incomplete,
  correction_must_be_in_time,
  travel_must_be_possible,
  purchase_must_be_known,
  purchase_must_be_authorised,
  purchase_must_be_captured,
  purchase_must_be_of_this_merchant,
  purchase_must_not_be_reversed,
  refund_must_fit_purchase,
  attempt_must_not_be_reversed,
  attempt_must_have_same_content,
  attempt_must_be_given,
  step_up_must_be_done,
  step_up_must_be_bound,
  day_limit_must_hold,
  timer_must_be_due,
  queue_must_have_room,
  disk_must_have_room,
  gallery_must_know_model,
  nobody_recognised,
  probe_must_be_valid,
  log_must_hold_what_was_answered,
  request_must_be_readable,
  time_must_be_valid,
  pin_must_be_digits,
  answer_must_fit,
  card_number_must_not_be_given,
  card_terms_must_be_valid,
  card_terms_must_be_published,
  method_must_be_linked,
  method_must_be_new,
  method_must_be_approved,
  rail_must_answer,
  rail_request_must_be_known,
  rail_answer_must_not_change,
  sale_must_be_captured_at_once,
  charge_must_not_be_pending,
  rider_must_not_be_deny_listed,
  rider_must_be_deny_listed,
  auto_load_must_be_valid,
  auto_load_must_be_set,
  funding_must_be_new,
  funding_must_fit_receivable,
  dispute_must_be_known,
  dispute_must_not_be_open,
  dispute_must_allow_this,
  purchase_must_be_by_card,
  evidence_must_be_of_purchase,
  second_person_must_decide,
};

template <class T>
using Outcome = std::expected<T, Refusal>;

struct Explanation {
  Refusal refusal;
  std::string_view name;  // "funds_must_cover_fare"
  Reason reason;
  std::string_view cause;    // what is not so
  std::string_view way_out;  // what the caller can do
};

// Every refusal has its explanation: the table is complete by construction of its test.
const Explanation& explain(Refusal);
std::string_view text(Reason);  // "INSUFFICIENT_AT_EXIT"

inline Reason reason_of(Refusal refusal) { return explain(refusal).reason; }

}  // namespace obverse
