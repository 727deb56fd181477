// Lines about what people show besides a face and a PIN, and about terminals without network.
//   NAME 'has the face of' OTHER                      before NAME enrols
//   NAME 'links' PHONE | NAME 'loses' PHONE | NAME 'sets a new pin' | NAME 'is reinstated' [HOW]
//   NAME 'makes' CODE 'with' PHONE 'for' ('ride' | 'leave' | 'confirm at' TILL)
//   NAME 'is unlocked' | NAME 'and' OTHER 'are lookalikes'
//   DESK 'asks to vouch for' NAME 'at' GATE | DESK 'vouches for' NAME 'at' GATE
//   'policy', below: 'reinstating needs proof'
//   'offline sales are allowed'
//   TERMINAL 'was offline from' TIME ['with a list of' TIME], below: sales in the terminal's order,
//       TIME NAME AMOUNT ['by' CODE]
//   TERMINAL 'brings sale' N -> ('accepted' | 'rejected' | 'quarantined')
// Presence (how_of in stage.cc): 'by' CODE | 'by face compared' | 'by unlike face compared' |
// 'vouched for'.
#include <algorithm>
#include <stdexcept>

#include "tests/scenarios/stage.h"

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

constexpr Duration code_life = minutes(10);

bool says(const Words& words, std::initializer_list<std::string_view> rest) {
  return words.size() == 1 + rest.size() &&
         std::equal(rest.begin(), rest.end(), words.begin() + 1,
                    [](std::string_view must, const std::string& is) { return must == is; });
}

TokenPurpose purpose_of(const Line& line, const std::string& word) {
  if (word == "ride") return TokenPurpose::ride;
  if (word == "leave") return TokenPurpose::leave;
  if (word == "confirm") return TokenPurpose::confirm;
  throw std::runtime_error(line.where + ": a code for what?");
}

}  // namespace

bool Stage::about_people(const Line& line) {
  return about_likeness(line) || about_devices(line) || about_staff(line) || about_offline(line);
}

bool Stage::about_likeness(const Line& line) {
  const Words& w = line.words;
  if (w.size() == 6 && w[1] == "has" && w[4] == "of") {
    likeness_[w[0]] = w[5];
  } else if (w.size() == 5 && w[1] == "and" && w[4] == "lookalikes") {
    at_counter(line, FormLookalikeGroup{counter(line), {rider(line, w[0]), rider(line, w[2])}});
  } else if (w.size() == 3 && w[2] == "unlocked") {
    at_counter(line, UnlockFace{rider(line, w[0]), counter(line)});
  } else if (w.size() >= 3 && w[1] == "is" && w[2] == "reinstated") {
    const TerminalId at = counter(line);
    const auto shown = presence(w[0], at, how_of(line));
    if (!shown) throw std::runtime_error(line.where + ": nobody is seen");
    at_counter(line, ReinstateFace{rider(line, w[0]), at, *shown});
  } else {
    return false;
  }
  return true;
}

bool Stage::about_devices(const Line& line) {
  const Words& w = line.words;
  if (w.size() == 3 && w[1] == "links") {
    devices_[w[2]] = {must_register(line, LinkDevice{rider(line, w[0]), {}})};
  } else if (w.size() == 3 && w[1] == "loses") {
    at_counter(line, ReportDeviceLost{rider(line, w[0]), devices_.at(w[2])});
  } else if (says(w, {"sets", "a", "new", "pin"})) {
    const RiderId id = rider(line, w[0]);
    const auto last = find(house_.state().enrolments, id)->pin.version.value;
    at_counter(line, SetPin{id, {last + 1}});
  } else if (w.size() >= 7 && w[1] == "makes" && w[3] == "with" && w[5] == "for") {
    Token token{.rider = rider(line, w[0]),
                .device = devices_.at(w[4]),
                .serial = codes_.size() + 1,
                .purpose = purpose_of(line, w[6]),
                .bound = 0,
                .issued = house_.now(),
                .expires = house_.now() + code_life};
    if (token.purpose == TokenPurpose::confirm)
      token.bound = step_ups_.at(terminal(line, w.at(8))).value;
    codes_[w[2]] = token;
  } else {
    return false;
  }
  return true;
}

// Staff who vouch are two: what one asks for, the other approves.
bool Stage::about_staff(const Line& line) {
  const Words& w = line.words;
  if (w[0] == "policy" && w.size() == 1) {
    Policy policy = Faces::policy();
    for (const Words& row : line.below) {
      if (row != Words{"reinstating", "needs", "proof"})
        throw std::runtime_error(line.where + ": cannot read the policy");
      policy.credentials.reinstating_needs_proof = true;
    }
    must_do(line, PublishPolicy{policy});
    return true;
  }
  const auto vouching = [&](const std::string& name, const std::string& gate) {
    return GrantOverride{terminals_.at("desk"), rider(line, name), terminal(line, gate)};
  };
  if (w.size() == 8 && w[1] == "asks" && w[3] == "vouch") {
    asked_ = {must_register(line, RequestAction{terminal(line, w[0]), vouching(w[5], w[7])})};
  } else if (w.size() == 6 && w[1] == "vouches") {
    const TerminalId desk = terminal(line, w[0]);
    as_terminal(line, w[0], ApproveAction{desk, asked_, vouching(w[3], w[5])});
    const auto& granted = house_.state().enrolments.overrides;
    if (const auto found = granted.find(terminal(line, w[5])); found != granted.end())
      overrides_[w[3]] = found->second.id;
  } else {
    return false;
  }
  return true;
}

bool Stage::about_offline(const Line& line) {
  const Words& w = line.words;
  if (w == Words{"offline", "sales", "are", "allowed"}) {
    must_register(line, PublishTerminalLimits{});
  } else if (w.size() >= 5 && w[2] == "offline" && w[3] == "from") {
    was_offline(line);
  } else if (w.size() == 4 && w[1] == "brings") {
    const auto at = static_cast<std::uint64_t>(read_amount(w[3]));
    const auto& sales = sales_[w[0]];
    if (at == 0 || at > sales.size()) throw std::runtime_error(line.where + ": no such sale");
    as_terminal(line, w[0], sales[at - 1]);
  } else {
    return false;
  }
  return true;
}

// What the terminal's own matcher saw then, against the gallery of now: nobody moved in between.
void Stage::was_offline(const Line& line) {
  const Words& w = line.words;
  const TerminalId by = terminal(line, w[0]);
  const Instant since = instant(day_, w[4]);
  const auto of = std::ranges::find(w, "of");
  std::vector<UploadOffline>& sales = sales_[w[0]];
  const std::uint64_t first = sales.size() + 1;
  for (const Words& row : line.below) {
    const Instant then = instant(day_, row.at(0));
    Presence shown;
    if (row.size() == 5) {
      shown.token = TokenCheck{codes_.at(row[4]), true};
    } else {
      shown.face = house_.faces().recognise(face_of(row.at(1)), by, Faces::policy(), then).face;
    }
    sales.push_back({by, sales.size() + 1, shown, {read_amount(row.at(2)), Currency::jpy}, then});
  }
  as_terminal(line, w[0],
              OpenOfflineBatch{by, first, line.below.size(), since,
                               of == w.end() ? since : instant(day_, of[1]), LimitsVersion{1},
                               house_.now()});
}

void Stage::at_counter(const Line& line, Command command) {
  counter(line);
  as_terminal(line, "counter", std::move(command));
}

// Where people are enrolled, opened when somebody first goes there.
TerminalId Stage::counter(const Line& line) {
  return install(line, "counter", Role::enrolment_desk);
}

}  // namespace obverse::scenarios
