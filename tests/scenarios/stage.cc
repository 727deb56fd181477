// Lines that act: at gates, tills and desks, in the order of the clock.
#include "tests/scenarios/stage.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace obverse::scenarios {

std::string bytes_of(const Answer&);  // stage_questions.cc

namespace {

// What the door says by itself: no command was given, so nothing can have been written.
Answer unrecognised() {
  Answer answer;
  answer.reply = Refused{Refusal::nobody_recognised, {}};
  return answer;
}

}  // namespace

std::vector<std::string> Stage::play(const Script& script) {
  for (const Line& line : script.lines) play(line);
  return problems_;
}

void Stage::problem(const Line& line, const std::string& what) {
  std::string said;
  for (const std::string& word : line.words) said += " " + word;
  problems_.push_back(line.where + ":" + said + "  -- " + what);
}

void Stage::play(const Line& line) {
  if (!line.at.empty()) house_.advance_to(instant(day_, line.at));
  if (about_time(line) || question(line) || set_up(line) || about_people(line) || settles(line) ||
      person_acts(line) || desk_acts(line) || with_cards(line))
    return;
  throw std::runtime_error(line.where + ": cannot read");
}

bool Stage::about_time(const Line& line) {
  const auto& w = line.words;
  if (w[0] == "restart") {
    house_.restart();
  } else if (w[0] == "day" && w.size() == 2) {
    day_ = w[1];
  } else if (w[0] == "wait" && w.size() >= 3) {
    if (w.size() == 4) day_ = w[2];
    house_.advance_to(instant(day_, w.back()));
  } else {
    return false;
  }
  return true;
}

Attempt Stage::attempt_of(TerminalId terminal, const std::string& key) {
  const std::string label = key.empty() ? "#" + std::to_string(++attempts_) : key;
  const auto [known, is_new] = keys_.try_emplace(label);
  if (is_new) {
    // A UUIDv7: 48 bits of the terminal's clock, the version, then anything unlike.
    auto& bytes = known->second.bytes;
    for (std::size_t i = 0; i < 6; ++i)
      bytes[i] = static_cast<std::uint8_t>(house_.now().ms >> (40 - 8 * static_cast<int>(i)));
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[14] = static_cast<std::uint8_t>(keys_.size() >> 8);
    bytes[15] = static_cast<std::uint8_t>(keys_.size());
  }
  return {terminal, known->second};
}

Stage::How Stage::how_of(const Line& line) const {
  const auto& w = line.words;
  How how;
  const auto has = [&](std::string_view word) { return std::ranges::find(w, word) != w.end(); };
  if (has("pin")) how.pin = !has("wrong");
  if (has("pin") && has("by")) how.face = false;  // instead of the face; `with` is besides it
  if (has("printed")) how.capture = Capture::attack_suspected;
  if (has("masked")) how.capture = Capture::occluded;
  how.former_face = has("former");
  how.compared = has("compared");
  how.unlike = has("unlike");
  how.vouched = has("vouched");
  const auto code =
      std::ranges::find_if(w, [&](const auto& word) { return codes_.contains(word); });
  if (code != w.end() && code[-1] == "by") how.code = *code;
  if (!how.code.empty() || how.vouched) how.face = false;
  const auto seen = std::ranges::find(w, "seen");
  if (seen == w.end() || w.end() - seen < 3) return how;
  if (seen[1] == "at") how.seen_at = seen[2];
  if (seen[1] != "at") how.seconds_ago = read_amount(seen[1]);
  return how;
}

std::string Stage::face_of(const std::string& who) const {
  const auto found = likeness_.find(who);
  return found == likeness_.end() ? who : found->second;
}

// What the terminal and the door behind it make of the person. Nothing: nobody was recognised, and
// no command is given at all.
std::optional<Presence> Stage::presence(const std::string& who, TerminalId terminal,
                                        const How& how) {
  Presence presence;
  presence.capture = how.capture;
  if (how.pin) {
    const RiderId id = riders_.at(who);
    presence.pin = PinCheck{id, find(house_.state().enrolments, id)->pin.version, *how.pin};
  }
  if (!how.code.empty()) presence.token = TokenCheck{codes_.at(how.code), true};
  if (how.vouched) presence.vouched = overrides_.at(who);
  if (how.capture != Capture::good || !how.face) return presence;
  Faces::Seen seen;
  if (how.compared) {
    const std::string shown = how.unlike ? "somebody else" : face_of(who);
    seen.face =
        house_.faces().compare(shown, riders_.at(who), terminal, Faces::policy(), house_.now());
  } else {
    seen = house_.faces().recognise(face_of(who), terminal, Faces::policy(), house_.now());
  }
  if (seen.ambiguous) {
    presence.ambiguous = seen.ambiguous;
    return presence;
  }
  auto& face = seen.face;
  if (face) last_seen_[who] = *face;
  if (!face && how.seconds_ago > 0 && last_seen_.contains(who)) face = last_seen_[who];
  if (!face) return {};
  face->at = {house_.now().ms - 1000 * how.seconds_ago};
  face->terminal = how.seen_at.empty() ? terminal : terminals_.at(how.seen_at);
  if (how.former_face) face->face = {face->face.value - 1};
  presence.face = face;
  return presence;
}

bool Stage::person_acts(const Line& line) {
  const auto& w = line.words;
  if (w.size() < 2) return false;
  if (w[1] == "enters" || w[1] == "leaves") return at_gate(line);
  if (w[1] == "pays") return at_till(line);
  const auto desk = [&](Command command) {
    act(line, {{Actor::Kind::terminal, terminals_.at("desk")},
               terminals_.at("desk"),
               std::move(command),
               {}});
    return true;
  };
  if (w[1] == "loads" && w.size() == 3)
    return desk(LoadFunds{rider(line, w[0]), {read_amount(w[2]), Currency::jpy}, {}});
  if (w[1] == "withdraws" && w.size() == 3)
    return desk(WithdrawConsent{
        rider(line, w[0]), w[2] == "payment" ? Purpose::payment : Purpose::transit, {}});
  if (w[1] == "suspends") return desk(SuspendFace{rider(line, w[0])});
  if (w[1] == "is" && w.back() == "erased") return desk(EraseRider{rider(line, w[0])});
  if (w[1] == "enrols" && w.back() == "anew") {
    const RiderId id = rider(line, w[0]);
    const auto last = find(house_.state().enrolments, id)->last_face.value;
    return desk(EnrolFace{id, {last + 1}, Faces::model(), 3, {}});
  }
  return false;
}

bool Stage::at_gate(const Line& line) {
  const auto& w = line.words;
  const TerminalId gate = terminal(line, w.at(2));
  const auto shown = presence(w[0], gate, how_of(line));
  if (!shown) {
    check_reply(line, unrecognised(), house_.records().size());
    return true;
  }
  Command command = EnterGate{gate, *shown};
  if (w[1] == "leaves") command = LeaveGate{gate, *shown};
  act(line, {{Actor::Kind::terminal, gate}, gate, std::move(command), {}});
  return true;
}

bool Stage::at_till(const Line& line) {
  const auto& w = line.words;  // bob pays 540 at T1 ...
  if (w.size() < 5 || w[3] != "at") return false;
  const TerminalId till = terminal(line, w[4]);
  const How how = how_of(line);
  const auto shown = presence(w[0], till, how);
  if (!shown) {
    check_reply(line, unrecognised(), house_.records().size());
    return true;
  }
  std::optional<StepUpId> step_up;
  if (how.pin && step_ups_.contains(till)) step_up = step_ups_[till];
  const auto key = std::ranges::find(w, "as");
  const bool at_once = w.back() == "once";
  act(line, {{Actor::Kind::terminal, till},
             till,
             Pay{till, *shown, {read_amount(w[2]), Currency::jpy}, step_up},
             key == w.end() ? "" : key[1],
             at_once ? 2U : 1U});
  return true;
}

bool Stage::desk_acts(const Line& line) {
  const auto& w = line.words;
  if (w.size() == 3 && w[1] == "reverses") {
    const TerminalId till = terminal(line, w[0]);
    act(line, {{Actor::Kind::terminal, till},
               till,
               ReversePurchase{till, attempt_of(till, w[2]).key},
               {}});
    return true;
  }
  if (w.size() == 5 && w[0] == "desk" && w[1] == "corrects") {
    const TerminalId desk = terminals_.at("desk");
    act(line,
        {{Actor::Kind::terminal, desk}, desk, CorrectJourney{journeys_.at(w[2]), w[4], desk}, {}});
    return true;
  }
  return false;
}

void Stage::act(const Line& line, Doing doing) {
  const std::size_t before = house_.records().size();
  const Attempt attempt = attempt_of(doing.terminal, doing.key);
  const auto answers =
      house_.submit_at_once(doing.actor, attempt, std::move(doing.command), doing.times);
  for (const Answer& answer : answers) {
    check_reply(line, answer, before);
    if (!std::holds_alternative<Refused>(answer.reply))
      answers_[attempt].push_back(bytes_of(answer));
  }
  check_denials(line, before);
  labelled(line, answers.front());
}

void Stage::check_reply(const Line& line, const Answer& answer, std::size_t before) {
  const auto& x = line.expected;
  const auto* refused = std::get_if<Refused>(&answer.reply);
  const std::string reason =
      refused == nullptr ? "" : std::string(text(reason_of(refused->refusal)));
  if (refused != nullptr && (x.size() < 2 || x[0] != "refused" || x[1] != reason))
    return problem(line,
                   "was refused " + reason + ", " + std::string(explain(refused->refusal).name));
  if (refused == nullptr && !x.empty() && x[0] == "refused")
    return problem(line, "was not refused");
  if (refused != nullptr) {
    const bool left_trace = house_.records().size() > before;
    if (left_trace == (x.back() == "trace"))
      problem(line, left_trace ? "left a trace" : "left no trace");
    if (refused->step_up) step_ups_[terminal(line, line.words[4])] = *refused->step_up;
    return;
  }
  if (x.empty()) return;
  if (const auto* uploaded = std::get_if<Uploaded>(&answer.reply)) {
    static constexpr std::array verdicts{"accepted", "rejected", "quarantined"};
    const std::string is = verdicts.at(static_cast<std::size_t>(uploaded->verdict) - 1);
    if (x != std::vector{is}) problem(line, "was " + is);
    return;
  }
  const auto* left = std::get_if<Left>(&answer.reply);
  if (left == nullptr || x.size() != 2 || x[0] != "fare") return problem(line, "cannot compare");
  if (left->fare.minor != read_amount(x[1]))
    problem(line, "the fare is " + std::to_string(left->fare.minor));
}

// Every denial on the log is one that the script expects, for the reason it expects.
void Stage::check_denials(const Line& line, std::size_t before) {
  const auto& x = line.expected;
  const auto deny = [&](Refusal refusal) {
    const std::string reason{text(reason_of(refusal))};
    if (x.size() < 2 || x[0] != "refused" || x[1] != reason)
      problem(line, "a denial on the log that was not expected: " + reason);
  };
  // What a rail declines later is no answer to the line that asked.
  const auto is_of_rail = [](const Record& record) {
    return std::ranges::any_of(record.events, [](const Event& event) {
      return std::holds_alternative<RailAnswered>(event);
    });
  };
  for (std::size_t at = before; at < house_.records().size(); ++at) {
    if (is_of_rail(house_.records()[at])) continue;
    for (const Event& event : house_.records()[at].events) {
      if (const auto* entry = std::get_if<EntryDenied>(&event)) deny(entry->refusal);
      if (const auto* exit = std::get_if<ExitDenied>(&event)) deny(exit->refusal);
      if (const auto* sale = std::get_if<PurchaseDeclined>(&event)) deny(sale->refusal);
    }
  }
}

// `as J1` at a gate names the journey that was opened.
void Stage::labelled(const Line& line, const Answer& answer) {
  const auto& w = line.words;
  const auto* entered = std::get_if<Entered>(&answer.reply);
  if (entered != nullptr && w.size() >= 2 && w[w.size() - 2] == "as")
    journeys_[w.back()] = entered->journey;
}

}  // namespace obverse::scenarios
