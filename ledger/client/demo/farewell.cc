// The fourth act: somebody changes their mind while inside the gates; their face is gone, their
// money is not.
#include "ledger/client/commands/attempt.h"
#include "ledger/client/demo/demo.h"
#include "ledger/client/demo/play.h"

namespace obverse {
namespace {

Scene outcome_of(Session& session, auto request) {
  fill(request.initAttempt(), new_attempt(now_by_clock()));
  const auto response = request.send().wait(session.wait_scope());
  return {to_json(response.getOutcome()), 0, 1};
}

Scene withdraw(Play& play, const Member& member, rpc::EnrolmentDesk::Purpose purpose) {
  Session& desk = play.as("desk");
  auto request = desk.enrolment().withdrawRequest();
  request.setRider(member.rider);
  request.setPurpose(purpose);
  request.initParty().setEveryone();
  return outcome_of(desk, kj::mv(request));
}

}  // namespace

void say_farewell(Play& play) {
  const Member* member = nullptr;
  for (const Member& each : play.cast)
    if (each.part == "withdraws") member = &each;
  if (member == nullptr) throw CommandFailed(Ended::usage, "nobody plays the one who withdraws");
  tell(play, "a person enters at Umeda", "entered", enter(play, "G-M16", *member));
  tell(play, "inside, they withdraw consent to pay", "done",
       withdraw(play, *member, rpc::EnrolmentDesk::Purpose::PAYMENT));
  tell(play, "and to ride: the face is suspended at once", "done",
       withdraw(play, *member, rpc::EnrolmentDesk::Purpose::TRANSIT));
  tell(play, "the gate does not know the face any more", "refused: NOT_RECOGNISED",
       leave(play, "G-M20", *member));
  tell(play, "they leave by PIN, fare as usual; erasure completes", "left, fare 240 JPY",
       leave_by_pin(play, "G-M20", *member, "2580"));
  tell(play, "nobody knows the face at the till", "refused: NOT_RECOGNISED",
       pay(play, "T1", *member, {540, "", 0, ""}));
  Session& desk = play.as("desk");
  auto request = desk.enrolment().personRequest();
  request.setRider(member->rider);
  const auto response = request.send().wait(desk.wait_scope());
  const auto person = response.getPerson();
  Scene kept{{{"outcome", std::string("face ") + person.getFace().cStr()},
              {"balance", to_json(person.getBalance())}},
             0,
             1};
  tell(play, "what is kept: no face; the wallet stays theirs", "face erased, balance 49,760 JPY",
       kept);
}

}  // namespace obverse
