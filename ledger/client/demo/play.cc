#include "ledger/client/demo/play.h"

#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "ledger/client/commands/attempt.h"

namespace obverse {
namespace {

constexpr int looks_max = 7;

bool looks_again(const Json& outcome) {
  const std::string reason = outcome.value("reason", "");
  return reason == "NOT_RECOGNISED" || reason == "AMBIGUOUS";
}

Shown looking(const Play& play, const Member& member, int look) {
  Shown shown;
  shown.face_file = play.faces.string();
  shown.row = member.first_row + photos_enrolled + static_cast<std::size_t>(look - 1);
  return shown;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// Sends, waits, times; `request` is whole but for nothing.
template <class Request>
Scene ask(const Play& play, Session& session, Request request) {
  const auto start = std::chrono::steady_clock::now();
  const auto response = request.send().wait(session.wait_scope());
  Scene scene;
  scene.milliseconds = milliseconds_since(start);
  session.saw(response.getOutcome().getReceipt());
  scene.outcome = to_json(response.getOutcome());
  std::ofstream(play.state / "latencies", std::ios::app) << scene.milliseconds << '\n';
  return scene;
}

template <class Make>
Scene pass(Play& play, const Member& member, const Make& make, Session& session) {
  for (int look = 1;; ++look) {
    auto request = make();
    fill(request.initAttempt(), new_attempt(now_by_clock()));
    fill(request.initPresence(), looking(play, member, look), session);
    request.setOccurredAt(now_by_clock().ms);
    Scene scene = ask(play, session, kj::mv(request));
    scene.looks = look;
    if (!looks_again(scene.outcome) || look == looks_max) return scene;
  }
}

}  // namespace

Session& Play::as(const std::string& terminal) {
  auto& session = sessions[terminal];
  if (!session) {
    Settings mine = settings;
    mine.certificate = keys / (terminal + ".pem");
    mine.key = keys / (terminal + ".key");
    mine.memory = state / (terminal + ".seen");
    std::shared_ptr<ClientLoop> loop;
    for (const auto& [name, other] : sessions)
      if (other) loop = other->loop();
    session = std::make_unique<Session>(mine, loop);
  }
  return *session;
}

std::vector<Member> first_cast() {
  constexpr std::size_t people = 20;
  std::vector<Member> cast;
  cast.reserve(people);
  for (std::size_t i = 0; i < people; ++i) cast.push_back({i * photos_each, 0, "rider"});
  cast[14].part = "child";
  cast[15].part = "no consent to pay";
  cast[16].part = "too little money";
  cast[17].part = "withdraws";
  cast[18].part = "stranger";
  cast[19].part = "stranger";
  return cast;
}

void keep_cast(const Play& play) {
  Json out = Json::array();
  for (const Member& member : play.cast)
    out.push_back({{"row", member.first_row}, {"rider", member.rider}, {"part", member.part}});
  std::ofstream(play.state / "cast.json") << out.dump(1) << '\n';
}

void recall_cast(Play& play) {
  std::ifstream in(play.state / "cast.json");
  if (!in)
    throw CommandFailed(Ended::usage,
                        "no cast in " + play.state.string() + ": run `obverse demo open` first");
  play.cast.clear();
  for (const auto& each : Json::parse(in))
    play.cast.push_back({each["row"].get<std::size_t>(), each["rider"].get<std::uint64_t>(),
                         each["part"].get<std::string>()});
}

Scene enter(Play& play, const std::string& gate, const Member& member) {
  Session& session = play.as(gate);
  return pass(play, member, [&] { return session.gate().enterRequest(); }, session);
}

Scene leave(Play& play, const std::string& gate, const Member& member) {
  Session& session = play.as(gate);
  return pass(play, member, [&] { return session.gate().leaveRequest(); }, session);
}

Scene leave_by_pin(Play& play, const std::string& gate, const Member& member,
                   const std::string& pin) {
  Session& session = play.as(gate);
  auto request = session.gate().leaveRequest();
  fill(request.initAttempt(), new_attempt(now_by_clock()));
  Shown typed;
  typed.account = member.rider;
  typed.pin = pin;
  fill(request.initPresence(), typed, session);
  request.setOccurredAt(now_by_clock().ms);
  return ask(play, session, kj::mv(request));
}

Scene pay(Play& play, const std::string& till, const Member& member, const Sale& sale) {
  Session& session = play.as(till);
  for (int look = 1;; ++look) {
    auto request = session.checkout().payRequest();
    fill(request.initAttempt(), chosen_attempt(sale.attempt));
    Shown shown = looking(play, member, look);
    if (!sale.pin.empty()) {
      shown.account = member.rider;
      shown.pin = sale.pin;
    }
    fill(request.initPresence(), shown, session);
    fill(request.initAmount(), sale.yen, "JPY");
    request.setStepUp(sale.step_up);
    request.setOccurredAt(now_by_clock().ms);
    Scene scene = ask(play, session, kj::mv(request));
    scene.looks = look;
    if (!looks_again(scene.outcome) || look == looks_max) return scene;
  }
}

std::string in_short(const Json& outcome) {
  const std::string kind = outcome.value("outcome", "?");
  if (kind == "refused") return "refused: " + outcome.value("reason", "?");
  std::string out = kind;
  for (const char* name : {"fare", "amount", "returned", "balance", "available"})
    if (outcome.contains(name))
      out += std::string(", ") + name + " " + outcome[name].value("text", "?");
  return out;
}

void tell(Play& play, const std::string& what, const std::string& expected, const Scene& scene) {
  const std::string got = in_short(scene.outcome);
  const bool right = got.starts_with(expected);
  std::ostringstream line;
  line << (right ? "  ok  " : " WRONG") << ' ' << std::left << std::setw(52) << what << ' '
       << std::setw(48) << got << std::right << std::fixed << std::setprecision(1) << std::setw(7);
  if (scene.milliseconds > 0)  // else it was not a request, or not timed
    line << scene.milliseconds << " ms";
  else
    line << "   ";
  if (scene.looks > 1) line << "  look " << scene.looks;
  if (!right) {
    line << "  expected " << expected;
    play.failures.push_back(what);
  }
  std::cout << line.str() << '\n' << std::flush;
  std::ofstream(play.state / "told", std::ios::app) << line.str() << '\n';
}

std::vector<std::string> told(const Play& play) {
  std::ifstream in(play.state / "told");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<double> latencies(const Play& play) {
  std::ifstream in(play.state / "latencies");
  std::vector<double> all;
  for (double each = 0; in >> each;) all.push_back(each);
  return all;
}

}  // namespace obverse
