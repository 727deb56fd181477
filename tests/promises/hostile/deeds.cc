// Acts of those who are inside: what is another's, what was said before, what is not so.
#include <cmath>
#include <thread>

#include "ledger/engine/clock.h"
#include "schemas/audit.capnp.h"
#include "schemas/enrolment.capnp.h"
#include "schemas/operator.capnp.h"
#include "schemas/terminal.capnp.h"
#include "tests/promises/hostile/scene.h"

namespace obverse::promises {
namespace {

using capnp::typeId;

// Of login's results: what each role's object is.
constexpr std::uint16_t gate_field = 2, checkout_field = 3, enrolment_field = 4, operator_field = 5,
                        auditor_field = 6;

std::string said(const Told& told) {
  switch (told.verdict) {
    case Verdict::done:
      return "done";
    case Verdict::busy:
      return "busy";
    default:
      return told.name.empty() ? "unknown" : told.name;
  }
}

// A terminal that is in.
struct Inside {
  Inside(Scene& scene, const ClientTls& files, const char* from = "127.0.0.1")
      : peer(scene.server->port(), files, {.from = from}) {
    const std::string why = peer.log_in();
    if (!why.empty()) throw std::runtime_error("was not let in: " + why);
  }
  std::string says(Scene& scene, const Phrase& phrase, std::uint64_t attempt) {
    const Told told = peer.ask(phrase, attempt);
    scene.refused_after(peer.ms_since_begun());
    return said(told);
  }
  Peer peer;
};

void use_anothers_role(Scene& scene) {
  const auto calls = [&](const std::string& who, const ClientTls& files, const std::string& what,
                         const Phrase& phrase) {
    scene.expect(who + " calls " + what, "FAILED",
                 [&] { return Inside(scene, files).says(scene, phrase, scene.attempt()); });
  };
  const ClientTls till = scene.till(), gate = scene.estate.terminal("gate-a"),
                  desk = scene.estate.terminal("enrolment"),
                  auditor = scene.estate.terminal("auditor"),
                  chief = scene.estate.terminal("first-operator");
  const auto revoking = Phrase::other(operator_field, typeId<rpc::OperatorDesk>(), 3);
  calls("a till", till, "the operator", revoking);
  calls("a gate", gate, "the operator", revoking);
  calls("an enrolment desk", desk, "the operator", revoking);
  calls("an auditor", auditor, "the operator", revoking);
  calls("a gate", gate, "the till", scene.pay(1));
  calls("a till", till, "the gate", Phrase::enter(house::photo(2, 3)));
  calls("an operator", chief, "the till", scene.pay(1));
  calls("an operator", chief, "the enrolment desk",
        Phrase::other(enrolment_field, typeId<rpc::EnrolmentDesk>(), 10));
  calls("a till", till, "the auditor", Phrase::other(auditor_field, typeId<rpc::Auditor>(), 0));
  scene.expect("a till asks its own object to be an operator's", "UNIMPLEMENTED", [&] {
    return Inside(scene, till)
        .says(scene, Phrase::other(checkout_field, typeId<rpc::OperatorDesk>(), 3),
              scene.attempt());
  });
}

void use_anothers_object(Scene& scene) {
  scene.expect("a gate calls the till's object of another connection by its number", "closed", [&] {
    Inside till(scene, scene.till(0));
    till.says(scene, scene.pay(1), scene.attempt());
    Inside gate(scene, scene.estate.terminal("gate-a"));
    std::string last;
    for (std::uint32_t number = 0; number < 64 && last != "closed"; ++number) {
      const Told told =
          gate.peer.ask(Phrase::on_export(number, house::photo(2, 3)), scene.attempt());
      if (told.verdict == Verdict::done) return std::string("done");
      last = said(told);
    }
    return last;
  });
  scene.trial.check("and nobody paid for it", scene.taken() >= 0);
}

void say_it_again(Scene& scene) {
  scene.taken();
  const std::uint64_t first = scene.attempt();
  const Phrase phrase = scene.pay(3);
  std::uint64_t purchase = 0;
  {
    Inside till(scene, scene.till(0));
    const Told told = till.peer.ask(phrase, first);
    purchase = told.id;
    scene.trial.check("a payment is made", told.verdict == Verdict::done, told.name);
    const Words recorded = till.peer.last_said();
    const auto again = [&](const std::string& act, const Told& repeated) {
      scene.trial.check(act + ": the first answer",
                        repeated.verdict == Verdict::done && repeated.id == purchase,
                        said(repeated) + " " + std::to_string(repeated.id));
    };
    again("said again on the same connection", till.peer.ask(phrase, first));
    Inside second(scene, scene.till(0));
    second.peer.say(recorded);  // byte for byte, with its question's number
    again("the recorded bytes on another connection", second.peer.listen(2, Phrase::Verb::pay));
    scene.server->kill();
    scene.server->start();
    Inside later(scene, scene.till(0));
    later.peer.say(recorded);
    again("the recorded bytes after the server was killed",
          later.peer.listen(2, Phrase::Verb::pay));
  }
  scene.trial.check("all of that was paid once", scene.taken() == 1);
  scene.expect("the same attempt with another amount", "attempt_must_have_same_content",
               [&] { return Inside(scene, scene.till(0)).says(scene, scene.pay(3, 2), first); });
  scene.expect("the status of another terminal's attempt", "unknown",
               [&] { return Inside(scene, scene.till(1)).says(scene, Phrase::status(), first); });
  scene.trial.check("and nothing was paid for those", scene.taken() == 0);
}

void lie_about_time(Scene& scene) {
  const std::int64_t now = SystemClock().now().ms;
  Inside till(scene, scene.till(0));
  scene.taken();
  scene.expect("a payment before the year 2000", "time_must_be_valid",
               [&] { return till.says(scene, scene.pay(1, 1, -1), scene.attempt()); });
  scene.expect("a payment in ten thousand years", "time_must_be_valid", [&] {
    return till.says(scene, scene.pay(1, 1, std::int64_t{1} << 60), scene.attempt());
  });
  scene.expect("an entry at no time", "time_must_be_valid", [&] {
    return Inside(scene, scene.estate.terminal("gate-a"))
        .says(scene, Phrase::enter(house::photo(2, 3), -1), scene.attempt());
  });
  scene.trial.check("none of them was paid", scene.taken() == 0);
  for (const std::int64_t days : {-1, 1}) {
    const std::int64_t at = now + days * 86'400'000;
    const Told told = till.peer.ask(scene.pay(4, 1, at), scene.attempt());
    scene.trial.say("  a payment said to be of " + std::to_string(days) + " day: " + said(told) +
                    " (the ledger records its own time beside it)");
  }
}

}  // namespace

// What was said from the second address on, and by whom the terminal was not told to be revoked.
void tell_copies_apart(Scene& scene, const char* other_address) {
  const ClientTls copied = scene.till(8);
  Inside here(scene, copied);
  Inside there(scene, copied, other_address);
  scene.expect("a terminal that came to another address", "done",
               [&] { return there.says(scene, scene.pay(5), scene.attempt()); });
  std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
  scene.expect("its key, still used at the old address", "terminal_must_not_be_revoked",
               [&] { return here.says(scene, scene.pay(6), scene.attempt()); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  for (Inside* each : {&here, &there}) {
    const Told told = each->peer.ask(scene.pay(7), scene.attempt());
    scene.trial.check("both connections of a copied key are over", told.verdict == Verdict::lost,
                      said(told));
  }
}

void ask_for_too_much(Scene& scene) {
  use_anothers_role(scene);
  use_anothers_object(scene);
  say_it_again(scene);
  lie_about_time(scene);
}

void copy_a_key(Scene& scene, const char* other_address) {
  scene.taken();
  tell_copies_apart(scene, other_address);
  const auto comes_again = [&](const char* from) {
    Peer peer(scene.server->port(), scene.till(8), {.from = from});
    const std::string why = peer.log_in();
    return why.empty() ? std::string("let in") : why;
  };
  for (const char* from : {"127.0.0.1", other_address})
    scene.expect("a copied key comes again", "terminal_must_not_be_revoked",
                 [&] { return comes_again(from); });
  scene.server->kill();
  scene.server->start();
  scene.expect("a copied key, after the server was killed", "terminal_must_not_be_revoked",
               [&] { return comes_again("127.0.0.1"); });
  scene.trial.check("only the payment before the proof was made", scene.taken() == 1);

  Inside before(scene, scene.till(9));
  Inside moved(scene, scene.till(9), other_address);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
  scene.expect("a terminal that moved, and speaks from there only", "done",
               [&] { return moved.says(scene, scene.pay(5), scene.attempt()); });
}

void show_a_recording(Scene& scene) {
  scene.taken();
  Inside till(scene, scene.till(0)), other(scene, scene.till(1));
  const auto shows = [&](Inside& at, const house::Numbers& face) {
    return at.says(scene, Phrase::pay(face, 1), scene.attempt());
  };
  const auto recorded = house::photo(1, 3);
  scene.expect("a face", "done", [&] { return shows(till, recorded); });
  scene.expect("its recording at another terminal", "capture_must_be_live",
               [&] { return shows(other, recorded); });
  auto altered = recorded;
  altered[0] = std::nextafter(altered[0], 1.0F);
  scene.expect("its recording, altered by less than a template can tell", "capture_must_be_live",
               [&] { return shows(other, altered); });
  scene.expect("the same face, seen anew at another terminal", "done",
               [&] { return shows(other, house::photo(1, 4)); });
  scene.expect("the same capture at the terminal that took it", "done",
               [&] { return shows(till, recorded); });
  scene.trial.check("only live faces paid", scene.taken() == 3);
  altered[0] += 0.01F;
  house::normalise(altered);
  scene.trial.say("  a recording that was altered by more than that: " + shows(other, altered) +
                  " (who may alter it holds a registered terminal's key; not defended)");
}

void show_no_face(Scene& scene) {
  constexpr std::size_t dimensions = 512;
  Inside till(scene, scene.till(0));
  scene.taken();
  const auto shows = [&](const std::string& act, const std::string& ending,
                         const house::Numbers& face) {
    scene.expect(act, ending,
                 [&] { return till.says(scene, Phrase::pay(face, 1), scene.attempt()); });
  };
  const auto all = [](float number) { return house::Numbers(dimensions, number); };
  const auto spoilt = [](float number) {
    auto face = house::photo(1, 3);
    face[77] = number;
    return face;
  };
  using Limits = std::numeric_limits<float>;
  shows("a face with a NaN", "probe_must_be_valid", spoilt(Limits::quiet_NaN()));
  shows("a face of NaNs", "probe_must_be_valid", all(Limits::signaling_NaN()));
  shows("a face with an infinity", "probe_must_be_valid", spoilt(Limits::infinity()));
  shows("a face with a negative infinity", "probe_must_be_valid", spoilt(-Limits::infinity()));
  shows("a face of denormal numbers", "probe_must_be_valid", all(Limits::denorm_min()));
  shows("a face of zeros", "probe_must_be_valid", all(0));
  shows("a face with a huge number", "probe_must_be_valid", spoilt(Limits::max()));
  shows("a face of huge numbers", "probe_must_be_valid", all(Limits::max()));
  shows("no numbers at all", "probe_must_be_valid", {});
  auto face = house::photo(1, 3);
  face.pop_back();
  shows("a number too few", "probe_must_be_valid", face);
  shows("twice as many", "probe_must_be_valid", house::Numbers(2 * dimensions, 0.03F));
  for (const float factor : {0.998F, 1.002F, 1'000.0F, 0.001F}) {
    auto scaled = house::photo(1, 3);
    for (float& number : scaled) number *= factor;
    shows("a face of length " + fixed(double{factor}, 3), "probe_must_be_valid", scaled);
  }
  auto constant = all(1);
  house::normalise(constant);
  shows("the same number everywhere", "nobody_recognised", constant);
  house::Numbers mean(dimensions, 0);
  for (std::size_t person = 0; person < scene.town.people; ++person) {
    const auto one = house::photo(person + 1, 1);
    for (std::size_t i = 0; i < dimensions; ++i) mean[i] += one[i];
  }
  house::normalise(mean);
  shows("the mean of everybody enrolled", "nobody_recognised", mean);
  house::Numbers both(dimensions, 0);
  for (std::size_t i = 0; i < dimensions; ++i)
    both[i] = house::photo(1, 1)[i] + house::photo(2, 1)[i];
  house::normalise(both);
  shows("a face between two people", "recognition_must_be_unambiguous", both);
  scene.trial.check("none of these faces paid", scene.taken() == 0);
}

}  // namespace obverse::promises
